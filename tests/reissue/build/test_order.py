from __future__ import annotations

import re
from pathlib import Path

import pytest

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
    file.write_text('page = ["02_b", "01_a"]\n[needs]\n01_a = []\n02_b = ["01_a"]\n[beside]\nbrief = ["02_b"]\n')
    assert read_order() == Order({"01_a": (), "02_b": ("01_a",)}, ("02_b", "01_a"), {"brief": ("02_b",)})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('page = ["01_a"]\n[needs]\n01_a = ["09_z"]\n', "'09_z' is not listed before '01_a', which needs it"),
        ('page = []\n[needs]\n01_a = ["02_b"]\n02_b = []\n', "'02_b' is not listed before '01_a'"),
        ('page = ["01_a"]\n[needs]\n01_a = ["01_a"]\n', "'01_a' is not listed before '01_a'"),
        ('page = ["01_a"]\n[needs]\n01_a = []\n[beside]\nbrief = ["02_b"]\n', "'02_b' is not listed before 'brief'"),
        ('page = ["01_a", "02_b"]\n[needs]\n01_a = []\n', "page: the page does not list every notebook once"),
        ("page = []\n[needs]\n01_a = []\n", "page: the page does not list every notebook once"),
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


def test_missing_it_is_one_line(file: Path) -> None:
    with pytest.raises(InputError, match=r"^notebooks/order\.toml: there is no such file\. Restore it"):
        read_order()


def test_chapters_come_with_what_they_need_and_after_it() -> None:
    order = Order({"01_a": (), "03_c": ("01_a",), "02_b": ("03_c",), "04_d": ()}, ())
    assert order.with_needs(["02_b", "01_a"]) == ["01_a", "03_c", "02_b"]


def test_a_notebook_that_is_not_there_is_one_line() -> None:
    with pytest.raises(InputError, match=r"there is no notebook '04_x'\. Expected one of 01_a"):
        Order({"01_a": ()}, ()).with_needs(["04_x"])


class TestOwn:
    def test_every_notebook_of_the_order_is_there(self) -> None:
        order = read_order()
        assert [stem for stem in order.needs if not (paths.NOTEBOOKS / f"{stem}.ipynb").is_file()] == []
        assert next(iter(order.needs)) == "01_clean"

    def test_notebooks_that_read_tables_need_those_that_make_them_and_no_other(self) -> None:
        analysed = {"survey", "survey_counts", "values", "claims", "changes"}
        for stem, needs in read_order().needs.items():
            code = "\n".join(c.source for c in read_notebook(paths.NOTEBOOKS / f"{stem}.ipynb").cells)
            if "save_tables(" in code:
                continue
            loaded = set(re.findall(r'load\("(\w+)"\)', code))
            made = {"01_clean": loaded - analysed, "01b_analysis": loaded & analysed}
            assert set(needs) == {maker for maker, tables in made.items() if tables}, stem
