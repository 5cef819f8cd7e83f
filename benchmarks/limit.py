"""The limit: one Python process runs all notebooks' cells and writes the pages, without kernels, Make or isolation.

`python -m benchmarks.limit OUT` writes what cells save to `OUT/made`, and the pages to `OUT`. With `--only STEM`, it
runs that notebook alone, on the processed tables that are there, and takes the others as the last build executed them.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from pprint import pformat
from typing import Any

from nbformat import NotebookNode, v4

from iucresearch.edition import EDITION
from reissue.build import export
from reissue.build.completion import ProcessedRows, complete_notebook
from reissue.build.configuration import Build
from reissue.build.file_list import list_files
from reissue.build.ipynb import read_notebook
from reissue.build.links import list_languages
from reissue.build.order import read_order
from reissue.build.pages import STEP, content_hash
from reissue.build.provenance_panel import build_panel
from reissue.build.records import FOLDER, read_record
from reissue.build.run import remove_volatile
from reissue.core import paths
from reissue.core.files import write_text

#: Beyond this width, IPython puts each item of a list on a line of its own.
_WIDTH = 79


def run_notebook(stem: str) -> NotebookNode:
    """Return a notebook with the outputs of its cells, run in this process."""
    notebook = read_notebook(paths.NOTEBOOKS / f"{stem}.ipynb")
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = _run_cell(cell.source, names), 1
    return remove_volatile(notebook)


def _run_cell(source: str, names: dict[str, Any]) -> list[NotebookNode]:
    """Run a cell; return what it prints and what its last expression shows."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "<cell>", "exec", dont_inherit=True), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval", dont_inherit=True), names)
    outputs = [v4.new_output("stream", name="stdout", text=printed.getvalue())] if printed.getvalue() else []
    if value is not None:
        data, metadata = _format_value(value)
        outputs.append(v4.new_output("execute_result", data=data, metadata=metadata))
    return outputs


def _format_value(value: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """Return how a notebook shows a value: the work of IPython's formatters."""
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
        return bundle if isinstance(bundle, tuple) else (bundle, {})
    text = pformat(value, width=_WIDTH) if isinstance(value, list | tuple | dict | set) else repr(value)
    html = {"text/html": value._repr_html_()} if hasattr(value, "_repr_html_") else {}
    return {"text/plain": text, **html}, {}


def main(arguments: list[str] | None = None) -> int:
    """Run the cells and write the pages; return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limit", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--only", default="", metavar="STEM")
    options = parser.parse_args(arguments)
    out, order = options.out.resolve(), read_order()
    made = out / "made"
    made.mkdir(parents=True, exist_ok=True)
    processed = paths.processed_of() if options.only else made / "processed"
    os.environ |= {paths.OUTPUT_VARIABLE: str(made), paths.PROCESSED_VARIABLE: str(processed), "MPLBACKEND": "agg"}
    os.chdir(paths.NOTEBOOKS)
    run = [options.only] if options.only else list(order.needs)
    notebooks = {stem: run_notebook(stem) for stem in run}
    for stem in order.needs:
        if stem not in notebooks:
            notebooks[stem] = read_notebook(paths.build_folder() / FOLDER / f"{stem}.ipynb")
    tables = ProcessedRows(processed)
    whole = {stem: complete_notebook(EDITION, stem, notebook, tables) for stem, notebook in notebooks.items()}
    build = Build(EDITION)
    # The hash of what was used is the last build's.
    panel = build_panel(EDITION, "", content_hash(read_record("", STEP)))
    for name, text in export.build_pages(
        EDITION,
        whole,
        panel,
        order,
        messages=tables.read_messages(),
        languages=list_languages(build),
        files=list_files(build),
    ).items():
        write_text(out / name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
