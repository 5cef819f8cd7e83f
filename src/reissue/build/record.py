"""`make record`: run every notebook and store its outputs as the reference that nbval compares with.

Pictures are left out of the reference, which has their data and their alt text.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from reissue.build.ipynb import read_notebook
from reissue.build.order import read_order
from reissue.build.run import NotebookFailed, execute_notebook
from reissue.core import paths
from reissue.core.errors import InputError, print_error
from reissue.core.files import write_text

PICTURE = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]*")
NO_PICTURE = "data:,"
#: A report's test that compares its tables with known answers.
KNOWN = "tests/test_known.py"
#: Notebooks without reference outputs: their controls differ in every run.
UNRECORDED = ("explore",)


def list_recorded_notebooks() -> list[str]:
    """Return the notebooks with reference outputs: the chapters in their order, then those beside them."""
    order = read_order()
    return [*order.needs, *(stem for stem in order.beside if (paths.NOTEBOOKS / f"{stem}.ipynb").exists())]


def remove_pictures(notebook: NotebookNode) -> NotebookNode:
    """Replace in place the pictures inside HTML outputs by an empty address."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html")
            if html:
                output["data"]["text/html"] = PICTURE.sub(NO_PICTURE, html)
    return notebook


def find_changed_cells(before: NotebookNode, after: NotebookNode, stem: str) -> list[str]:
    """Return a line for each cell whose stored outputs would change, with the first line that differs."""
    old = {cell.id: _list_lines(cell) for cell in before.cells}
    changes = []
    for cell in after.cells:
        pairs = zip_longest(old.get(cell.id, []), _list_lines(cell), fillvalue="nothing")
        changes += [f"{stem}, cell {cell.id}: {was[:100]!r} -> {now[:100]!r}" for was, now in pairs if was != now][:1]
    return changes


def _list_lines(cell: NotebookNode) -> list[str]:
    """Return the lines of a cell's outputs."""
    data = [{"text": output.get("text", ""), **output.get("data", {})} for output in cell.get("outputs", [])]
    texts = [one.get(kind, "") for one in data for kind in ("text/plain", "text/html", "text")]
    return [line for text in texts for line in "".join(text).splitlines()]


def check_known_answers() -> str:
    """Return pytest's output if a known answer fails; nothing if all hold or the report has none."""
    if not (paths.ROOT / KNOWN).is_file():
        return ""
    known = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", KNOWN]
    answers = subprocess.run(known, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    return answers.stdout + answers.stderr if answers.returncode else ""


def record_outputs() -> int:
    """Record the outputs of all notebooks; return 0, or 1 if known answers fail and nothing is recorded."""
    paths.keep_to_own_cache()
    texts: dict[Path, str] = {}
    changes: list[str] = []
    try:
        with tempfile.TemporaryDirectory() as made:
            for stem in list_recorded_notebooks():
                source = paths.NOTEBOOKS / f"{stem}.ipynb"
                fresh = remove_pictures(execute_notebook(source, {}, Path(made), Path(made, "processed")))
                changes += find_changed_cells(read_notebook(source), fresh, stem)
                texts[source] = nbformat.writes(fresh) + "\n"
    except (InputError, NotebookFailed) as error:
        raise InputError(str(error), remedy="Nothing was recorded") from None
    print("\n".join(changes) or "No output changes.")
    wrong = check_known_answers()
    if wrong:
        print(wrong, file=sys.stderr)
        print_error("known answers fail; nothing was recorded. Correct the data or the code first.")
        return 1
    for source, text in texts.items():
        # An unchanged notebook keeps its time.
        if source.read_text(encoding="utf-8") != text:
            write_text(source, text)
    return 0
