from __future__ import annotations

import re
from pathlib import Path

import pytest

from iucresearch.exhibits import EXHIBITS
from reissue.build.ipynb import read_notebook
from reissue.build.order import Order, read_order
from reissue.core import paths
from reissue.core.errors import InputError
from tests.conftest import Project


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    return tmp_path


def test_the_file_is_read(folder: Path) -> None:
    (folder / "order.mk").write_text(
        "# NEEDS_no := 01_a\nNEEDS_01_a :=\nNEEDS_02_b := 01_a\n\nNEEDS_03_c:= 01_a  02_b \nPAGE\t:= 03_c 01_a\n"
    )
    assert read_order() == Order({"01_a": (), "02_b": ("01_a",), "03_c": ("01_a", "02_b")}, ("03_c", "01_a"))


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("NEEDS_01_a := 09_z\nPAGE := 01_a\n", "'09_z'", "NEEDS_01_a"),
        ("NEEDS_01_a := 02_b\nNEEDS_02_b :=\nPAGE := 01_a\n", "'02_b'", "NEEDS_01_a"),
        ("NEEDS_01_a := 01_a\nPAGE := 01_a\n", "'01_a'", "NEEDS_01_a"),
        ("NEEDS_01_a :=\nPAGE := 01_a 02_b\n", "'02_b'", "PAGE"),
    ],
    ids=["unknown", "later", "itself", "page"],
)
def test_a_name_that_does_not_stand_above_is_one_line(folder: Path, text: str, name: str, line: str) -> None:
    (folder / "order.mk").write_text(text)
    with pytest.raises(InputError) as error:
        read_order()
    assert f"order.mk, {line}: {name} is named before its own line" in str(error.value)
    assert "mend the order" in str(error.value)


def test_stems_are_sorted_so_that_each_comes_after_what_it_needs() -> None:
    order = Order({"01_a": (), "03_c": ("01_a",), "02_b": ("03_c",)}, ())
    assert order.sorted(["02_b", "01_a", "03_c", "01_a"]) == ["01_a", "03_c", "02_b"]


def test_a_notebook_that_is_not_there_is_one_line() -> None:
    with pytest.raises(InputError, match=r"there is no notebook '04_x'\. expected one of 01_a"):
        Order({"01_a": ()}, ()).sorted(["04_x"])


def test_the_command_line_names_a_notebook_that_is_not_there(project: Project) -> None:
    done = project.pipeline("--run", "04_surveys")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("iucresearch: there is no notebook '04_surveys'")
    assert len(done.stderr.splitlines()) == 1
    assert not (project.root / "reports").exists()
    assert not (project.root / "data" / "processed").exists()


class TestOwn:
    def test_every_notebook_of_the_order_is_there(self) -> None:
        order = read_order()
        assert [stem for stem in order.needs if not (paths.NOTEBOOKS / f"{stem}.ipynb").is_file()] == []
        assert next(iter(order.needs)) == "01_clean"

    def test_every_notebook_is_on_the_page_once(self) -> None:
        order = read_order()
        assert sorted(order.page) == sorted(order.needs)

    def test_notebooks_that_read_tables_need_those_that_make_them_and_no_other(self) -> None:
        analysed = {"survey", "survey_counts", "values", "claims", "changes"}
        for stem, needs in read_order().needs.items():
            code = "\n".join(c.source for c in read_notebook(paths.NOTEBOOKS / f"{stem}.ipynb").cells)
            if "save_tables(" in code:
                continue
            loaded = set(re.findall(r'load\("(\w+)"\)', code))
            made = {"01_clean": loaded - analysed, "01b_analysis": loaded & analysed}
            assert set(needs) == {maker for maker, tables in made.items() if tables}, stem

    def test_make_reads_the_same_needs(self, project: Project) -> None:
        # What Make has understood, with all variables and rules expanded.
        database = project.make("-pnq", "help").stdout
        wanted = re.findall(r"^reports/\.made/(\w+)\.mk: (.*)$", database, re.MULTILINE)
        known = {stem: tuple(re.findall(r"reports/\.made/(\w+)\.mk", rest)) for stem, rest in wanted}
        # Briefs are no chapter: they need the data alone.
        assert known.pop("briefs") == ("01b_analysis",)
        assert known == read_order().needs

    def test_a_notebook_more_is_known_to_both(self, project: Project) -> None:
        order = project.root / "notebooks" / "order.mk"
        order.write_text(order.read_text() + "NEEDS_09_more := 01_clean 04_survey\n")
        assert " 09_more" in project.make("-n", "report").stdout
        done = project.pipeline("--run", "no")
        assert "09_more" in done.stderr

    def test_each_exhibit_is_shown_by_the_notebook_that_the_registry_names(self) -> None:
        for stem in read_order().needs:
            code = "\n".join(c.source for c in read_notebook(paths.NOTEBOOKS / f"{stem}.ipynb").cells)
            shown = re.findall(r'^show\("([\w-]+)"', code, re.MULTILINE)
            assert sorted(shown) == sorted(item.id for item in EXHIBITS if item.notebook == stem)
