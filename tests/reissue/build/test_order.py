"""The order of notebooks: the file of it, and how jobs run by it: independent ones at once, none after a failure."""

import re
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reissue.build import build
from reissue.build.build import count_workers, run_in_order
from reissue.build.ipynb import read_notebook
from reissue.build.order import Order, read_order
from reissue.core import paths
from reissue.core.errors import InputError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / "notebooks").mkdir()
    return tmp_path / paths.MARKER


def test_the_file_is_read(file: Path) -> None:
    file.write_text(
        'page = ["02_b"]\n'
        '[own_pages]\n01_a = ["row-"]\n[needs]\n01_a = []\n02_b = ["01_a"]\n[beside]\nbrief = ["02_b"]\n'
    )
    needs = {"01_a": (), "02_b": ("01_a",)}
    assert read_order() == Order(needs, ("02_b",), {"01_a": ("row-",)}, {"brief": ("02_b",)})


def test_an_element_is_on_the_page_whose_beginnings_its_id_has() -> None:
    order = Order({"01_a": (), "02_b": (), "03_c": ()}, ("02_b",), {"01_a": ("row-", "rows-"), "03_c": ()})
    assert order.find_page("row-table-1") == order.find_page("rows-table") == "html/01_a.html"
    assert order.find_page("figure-1") == order.find_page("arrow-1") == "index.html"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('page = ["01_a"]\n[needs]\n01_a = ["09_z"]\n', "'09_z' is not listed before '01_a', which needs it"),
        ('page = []\n[needs]\n01_a = ["02_b"]\n02_b = []\n', "'02_b' is not listed before '01_a'"),
        ('page = ["01_a"]\n[needs]\n01_a = ["01_a"]\n', "'01_a' is not listed before '01_a'"),
        ('page = ["01_a"]\n[needs]\n01_a = []\n[beside]\nbrief = ["02_b"]\n', "'02_b' is not listed before 'brief'"),
        (
            'page = ["01_a", "02_b"]\n[needs]\n01_a = []\n',
            "page and [own_pages]: the pages do not list every notebook once",
        ),
        ("page = []\n[needs]\n01_a = []\n", "page and [own_pages]: the pages do not list every notebook once"),
        ('page = ["01_a"]\n[own_pages]\n01_a = []\n[needs]\n01_a = []\n', "the pages do not list every notebook once"),
        ("page = []\n[needs]\n01_a = 3\n", "[needs] is not a table of lists"),
        ("page = []\n", "[needs] is not a table of lists"),
        ("page", "not TOML"),
    ],
)
def test_what_is_wrong_in_it_is_one_line(file: Path, text: str, line: str) -> None:
    file.write_text(text)
    with pytest.raises(InputError) as error:
        read_order()
    assert str(error.value).startswith("notebooks/order.toml")
    assert line in str(error.value)


def test_a_missing_order_or_notebook_is_one_line(file: Path) -> None:
    with pytest.raises(InputError, match=r"^notebooks/order\.toml: there is no such file\. Restore it"):
        read_order()
    with pytest.raises(InputError, match=r"there is no notebook '04_x'\. Expected one of 01_a"):
        Order({"01_a": ()}, ()).with_needs(["04_x"])


def test_chapters_come_with_what_they_need_and_after_it() -> None:
    order = Order({"01_a": (), "03_c": ("01_a",), "02_b": ("03_c",), "04_d": ()}, ())
    assert order.with_needs(["02_b", "01_a"]) == ["01_a", "03_c", "02_b"]


def test_notebooks_that_read_tables_need_those_that_make_them_and_no_other() -> None:
    analysed = {"survey", "survey_counts", "values", "claims", "changes"}
    for stem, needs in read_order().needs.items():
        code = "\n".join(c.source for c in read_notebook(paths.NOTEBOOKS / f"{stem}.ipynb").cells)
        if "save_tables(" in code:
            continue
        loaded = set(re.findall(r'load\("(\w+)"\)', code))
        made = {"01_clean": loaded - analysed, "01b_analysis": loaded & analysed}
        assert set(needs) == {maker for maker, tables in made.items() if tables}, stem


@st.composite
def orders(draw: st.DrawFn) -> Order:
    needs: dict[str, tuple[str, ...]] = {}
    for number in range(draw(st.integers(0, 7))):
        before = list(needs)
        needs[f"n{number}"] = tuple(draw(st.lists(st.sampled_from(before), unique=True, max_size=3))) if before else ()
    return Order(needs, tuple(needs))


@given(orders(), st.data())
def test_each_job_runs_once_after_those_that_it_needs(order: Order, data: st.DataObject) -> None:
    stems = data.draw(st.lists(st.sampled_from(sorted(order.needs)), unique=True)) if order.needs else []
    begun: list[str] = []
    done: list[str] = []

    def job(stem: str) -> str:
        begun.append(stem)
        assert {need for need in order.needs[stem] if need in stems} <= set(done)
        return stem.upper()

    for stem, result in run_in_order(stems, order, job):
        assert result == stem.upper()
        done.append(stem)
    assert sorted(begun) == sorted(stems) == sorted(done)


def test_independent_jobs_run_at_once() -> None:
    both = threading.Barrier(2, timeout=30)
    order = Order({"a": (), "b": (), "c": ("a", "b")}, ("a", "b", "c"))
    found = list(run_in_order(["a", "b", "c"], order, lambda stem: both.wait() if stem != "c" else 9))
    assert [stem for stem, _ in found][-1] == "c"


def test_after_a_failure_no_job_that_needs_it_begins() -> None:
    def job(stem: str) -> str:
        if stem == "b":
            raise ValueError("b failed")
        return stem

    running = run_in_order(["a", "b", "c"], Order({"a": (), "b": ("a",), "c": ("b",)}, ("a", "b", "c")), job)
    assert next(running) == ("a", "a")
    with pytest.raises(ValueError, match="b failed"):
        next(running)
    assert list(running) == []


def test_there_is_one_kernel_more_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert count_workers() == 4
