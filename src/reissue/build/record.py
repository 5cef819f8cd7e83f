"""`make record`: run every notebook afresh and keep its outputs as the reference that nbval compares with.

Pictures are left out of the reference: their data and their alt text are in it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
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
#: The test of a report that compares its tables with known answers.
KNOWN = "tests/test_known.py"
#: Notebooks without reference outputs: what their controls show has no two runs alike.
UNRECORDED = ("explore",)


def list_recorded_notebooks() -> list[str]:
    """Return the notebooks with reference outputs: the chapters in their order, then those beside them."""
    order = read_order()
    return [*order.needs, *(stem for stem in order.beside if (paths.NOTEBOOKS / f"{stem}.ipynb").exists())]


def run_recorded_notebooks() -> tuple[dict[Path, str], list[str]]:
    """Run all notebooks with their default parameters; return their new text, and what of it is new.

    Raises
    ------
    InputError, NotebookFailed
        If a notebook does not run.
    """
    texts: dict[Path, str] = {}
    changes: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        for stem in list_recorded_notebooks():
            source = paths.NOTEBOOKS / f"{stem}.ipynb"
            fresh = remove_pictures(execute_notebook(source, {}, made, made / "processed"))
            changes += find_changed_cells(read_notebook(source), fresh, stem)
            texts[source] = nbformat.writes(fresh) + "\n"
    return texts, changes


def remove_pictures(notebook: NotebookNode) -> NotebookNode:
    """Replace in place the pictures inside HTML outputs by an empty address."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html")
            if html:
                output["data"]["text/html"] = PICTURE.sub(NO_PICTURE, html)
    return notebook


def find_changed_cells(before: NotebookNode, after: NotebookNode, stem: str) -> list[str]:
    """Name every cell whose stored outputs would be others, with the first line that differs."""
    old = {cell.id: _text(cell) for cell in before.cells if cell.cell_type == "code"}
    lines = []
    for cell in after.cells:
        if cell.cell_type == "code" and old.get(cell.id) != _text(cell):
            lines.append(f"{stem}, cell {cell.id}: {_find_first_difference(old.get(cell.id) or '', _text(cell))}")
    return lines


def _text(cell: NotebookNode) -> str:
    parts = []
    for output in cell.outputs:
        data = output.get("data", {})
        parts += [data.get("text/plain", ""), data.get("text/html", ""), output.get("text", "")]
    return "\n".join("".join(part) for part in parts)


def _find_first_difference(before: str, after: str) -> str:
    if not before:
        return "had no output"
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            return f"{old[:100]!r} -> {new[:100]!r}"
    return "is longer or shorter"


def check_known_answers() -> str:
    """Return what pytest says of the known answers where one fails, nothing where all hold or the report has none."""
    if not (paths.ROOT / KNOWN).is_file():
        return ""
    known = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", KNOWN]
    answers = subprocess.run(known, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    return answers.stdout + answers.stderr if answers.returncode else ""


def record_outputs() -> int:
    """Print what changes, and record it; return 0, or 1 where known answers fail and nothing is recorded.

    Raises
    ------
    InputError
        If a notebook does not run.
    """
    paths.keep_to_own_cache()
    try:
        texts, changes = run_recorded_notebooks()
    except (InputError, NotebookFailed) as error:
        raise InputError(str(error), remedy="Nothing was recorded") from None
    print("\n".join(changes) or "No output changes.")
    wrong = check_known_answers()
    if wrong:
        print(wrong, file=sys.stderr)
        print_error("known answers fail; nothing was recorded. Correct the data or the code first.")
        return 1
    for source, text in texts.items():
        # A notebook that stays as it is keeps its time: Make would run it again.
        if source.read_text(encoding="utf-8") != text:
            write_text(source, text)
    return 0
