import json
import re

import nbformat
import pytest

from reissue.build.record import NO_PICTURE, record_outputs, remove_pictures
from reissue.core.errors import InputError
from tests.reissue.build.mini import Mini
from tests.reissue.build.trials import inside

HOLDS = "def test_known():\n    pass\n"
FAILS = "def test_known():\n    assert 2 + 2 == 5, 'known answer'\n"


@pytest.fixture
def project(fresh: Mini) -> Mini:
    """A small project whose known answers hold and whose notebooks never ran."""
    (fresh.root / "tests").mkdir()
    (fresh.root / "tests" / "test_known.py").write_text(HOLDS)
    return fresh


def notebooks(project: Mini) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project.root / "notebooks").glob("*.ipynb")}


def test_pictures_are_left_out_and_the_rest_is_kept() -> None:
    html = '<img src="data:image/svg+xml;base64,PD94bWw+/A==" alt="A"><a href="data:text/csv;base64,YQ==">a</a>'
    shown = nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "text"})
    notebook = remove_pictures(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[shown])]))
    (kept,) = notebook.cells[0].outputs
    assert kept["data"] == {"text/html": html.replace("image/svg+xml;base64,PD94bWw+/A==", ","), "text/plain": "text"}
    assert NO_PICTURE in kept["data"]["text/html"]


@pytest.mark.build
def test_outputs_are_recorded_without_pictures_unless_known_answers_fail(project: Mini) -> None:
    before = notebooks(project)
    done = project.make("record")
    assert (done.returncode, done.stderr) == (0, "")
    cells = [line.partition(": ")[0] for line in done.stdout.splitlines()]
    assert cells == ["04_survey, cell 04-03", "04_survey, cell 04-04", "05_outlook, cell 05-02"]
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

    project.add("05_outlook", "1 + 1")
    changed = notebooks(project)
    known = project.root / "tests" / "test_known.py"
    known.write_text(FAILS)
    refused = project.command("record")
    assert (refused.returncode, refused.stdout) == (1, "05_outlook, cell added: 'nothing' -> '2'\n")
    assert "known answer" in refused.stderr
    line = "iucresearch: known answers fail; nothing was recorded. Correct the data or the code first.\n"
    assert refused.stderr.endswith(line)
    assert notebooks(project) == changed
    known.write_text(HOLDS)
    again = project.make("record")
    assert (again.returncode, again.stdout) == (0, refused.stdout)
    assert {name for name, text in notebooks(project).items() if text != changed[name]} == {"05_outlook.ipynb"}
    # It makes no build.
    assert not (project.root / "reports").exists()
    assert not (project.root / "data" / "processed").exists()


def test_a_notebook_that_fails_records_none(project: Mini) -> None:
    project.write("01_clean", "# Cleaning", "1 / 0")
    before = notebooks(project)
    line = "01_clean, cell 1: ZeroDivisionError: division by zero. Nothing was recorded."
    with inside(project), pytest.raises(InputError, match=f"^{line}$"):
        record_outputs()
    assert notebooks(project) == before


def source(notebook: bytes) -> list[tuple[str, str]]:
    return [(cell["id"], "".join(cell["source"])) for cell in json.loads(notebook)["cells"]]
