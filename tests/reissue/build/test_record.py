from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from reissue.build.record import NO_PICTURE, find_changed_cells, remove_pictures
from tests.reissue.build.mini import Mini

HOLDS = "def test_known():\n    pass\n"
FAILS = "def test_known():\n    assert 2 + 2 == 5, 'known answer'\n"


def output(html: str, text: str = "") -> NotebookNode:
    return nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": text})


def book(*outputs: NotebookNode) -> NotebookNode:
    cells = [nbformat.v4.new_code_cell("x", id=f"c-{n}", outputs=[one]) for n, one in enumerate(outputs)]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), *cells])


@pytest.fixture
def project(tmp_path: Path) -> Mini:
    """A small project whose known answers hold and whose notebooks were never run."""
    project = Mini(tmp_path / "mini")
    (project.root / "tests").mkdir()
    (project.root / "tests" / "test_known.py").write_text(HOLDS)
    return project


def notebooks(project: Mini) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project.root / "notebooks").glob("*.ipynb")}


def test_pictures_are_left_out_and_the_rest_is_kept() -> None:
    html = '<img src="data:image/svg+xml;base64,PD94bWw+/A==" alt="A"><a href="data:text/csv;base64,YQ==">a</a>'
    notebook = remove_pictures(book(output(html, "text")))
    (kept,) = notebook.cells[1].outputs
    assert kept["data"] == {"text/html": html.replace("image/svg+xml;base64,PD94bWw+/A==", ","), "text/plain": "text"}
    assert NO_PICTURE in kept["data"]["text/html"]


class TestChangedCells:
    def test_same_outputs_are_no_change(self) -> None:
        assert find_changed_cells(book(output("a")), book(output("a")), "04_survey") == []

    def test_a_change_names_the_cell_and_the_first_difference(self) -> None:
        changes = find_changed_cells(
            book(output("a"), output("b\nc\nd")), book(output("a"), output("b\nC\nD")), "04_survey"
        )
        assert changes == ["04_survey, cell c-1: 'c' -> 'C'"]

    @pytest.mark.parametrize(
        ("before", "after", "said"), [("", "a", "had no output"), ("a", "a\nb", "is longer or shorter")]
    )
    def test_a_change_of_length_is_told(self, before: str, after: str, said: str) -> None:
        old = book(output(before)) if before else nbformat.v4.new_notebook()
        assert find_changed_cells(old, book(output(after)), "x") == [f"x, cell c-0: {said}"]


@pytest.mark.build
def test_outputs_are_recorded_without_pictures_then_nothing_is_new(project: Mini) -> None:
    before = notebooks(project)
    done = project.make("record")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "04_survey, cell 04-03: had no output",
        "04_survey, cell 04-04: had no output",
        "05_outlook, cell 05-02: had no output",
    ]
    recorded = notebooks(project)
    assert {name: source(recorded[name]) for name in recorded} == {name: source(before[name]) for name in before}
    for text in recorded.values():
        assert b"image/svg+xml;base64" not in text
        assert not re.search(rb"\d{4}-\d\d-\d\dT", text)
        assert str(project.root).encode() not in text
    shown = json.loads(recorded["04_survey.ipynb"])["cells"][3]
    assert shown["outputs"][0]["metadata"] == {
        "reissue": {"exhibit": "figure-6", "function": "", "counts": {"shown": 1, "fixed": 1, "bounded": 1}}
    }
    assert 'src="data:,"' in "".join(shown["outputs"][0]["data"]["text/html"])
    # Reference outputs keep the slots: the text with its slot is what is translated.
    assert b"Survey of {pairings}" in recorded["04_survey.ipynb"]

    times = {path: path.stat().st_mtime_ns for path in (project.root / "notebooks").iterdir()}
    again = project.make("record")
    assert (again.returncode, again.stdout, again.stderr) == (0, "No output changes.\n", "")
    assert notebooks(project) == recorded
    assert {path: path.stat().st_mtime_ns for path in (project.root / "notebooks").iterdir()} == times
    # Nothing of a build came of it.
    assert not (project.root / "reports").exists()
    assert not (project.root / "data" / "processed").exists()


@pytest.mark.build
def test_it_refuses_while_known_answers_fail_and_says_what_it_would_change(project: Mini) -> None:
    (project.root / "tests" / "test_known.py").write_text(FAILS)
    before = notebooks(project)
    done = project.run(str(project.root / ".venv" / "bin" / "python"), "-m", "iucresearch", "record")
    assert done.returncode == 1
    assert "04_survey, cell 04-03: had no output" in done.stdout
    assert "known answer" in done.stderr
    assert done.stderr.endswith(
        "iucresearch: known answers fail; nothing was recorded. Correct the data or the code first.\n"
    )
    assert notebooks(project) == before


def test_a_notebook_that_fails_records_none(project: Mini) -> None:
    project.write("01_clean", "# Cleaning", "1 / 0")
    before = notebooks(project)
    done = project.run(str(project.root / ".venv" / "bin" / "python"), "-m", "iucresearch", "record")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "iucresearch: 01_clean, cell 1: ZeroDivisionError: division by zero. Nothing was recorded.\n"
    )
    assert notebooks(project) == before


def source(notebook: bytes) -> list[tuple[str, str]]:
    return [(cell["id"], "".join(cell["source"])) for cell in json.loads(notebook)["cells"]]
