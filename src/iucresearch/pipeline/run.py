"""Run one notebook: a fresh kernel, its files in a folder apart, published only when all went well."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbformat import NotebookNode

from iucresearch import package, paths
from iucresearch.errors import InputError
from iucresearch.files import write_bytes, write_text

KERNEL = "iucresearch"
TIMEOUT = 600


class NotebookFailed(Exception):
    """A cell raised: the message names notebook, cell and error."""


def run_notebook(stem: str, variant: str, parameters: Mapping[str, Any]) -> None:
    """Execute a notebook and publish what it made into the build.

    The figures, tables and processed data come first and the executed notebook last: while it is
    missing or old, the build is not finished and Make knows.

    Raises
    ------
    InputError
        If a cell met bad input; its line is passed on.
    NotebookFailed
        If a cell failed otherwise.
    """
    source = paths.NOTEBOOKS / f"{stem}.ipynb"
    paths.CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.CACHE, prefix=f"run-{stem}-") as name:
        made = Path(name)
        notebook = executed(source, parameters, made, paths.processed_of(variant))
        values = made / "processed" if (made / "processed").is_dir() else paths.processed_of(variant)
        fill_slots(notebook, named(values), stem)
        build = paths.build_folder(variant)
        for file in sorted(path for path in made.rglob("*") if path.is_file()):
            inside = file.relative_to(made)
            processed = inside.parts[0] == "processed"
            target = paths.processed_of(variant) / Path(*inside.parts[1:]) if processed else build / inside
            write_bytes(target, file.read_bytes())
        write_text(build / "executed" / f"{stem}.ipynb", nbformat.writes(notebook) + "\n")


def executed(source: Path, parameters: Mapping[str, Any], made: Path, processed: Path) -> NotebookNode:
    """Return the notebook run in a fresh kernel, without anything that two runs would differ in.

    Parameters
    ----------
    source
        The notebook.
    parameters
        Those that it declares are handed over, the others left out.
    made
        Folder into which its cells save.
    processed
        Folder of the tables that it reads; `made/processed` where it is the notebook that makes them.
    """
    # papermill and nbclient take 0.4 s to import: only a run pays for them.
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from iucresearch.pipeline.params import declared_by

    own = {name: value for name, value in parameters.items() if name in declared_by(source)}
    makes_data = source.stem == "01_clean"
    os.environ[paths.OUTPUT_VARIABLE] = str(made)
    os.environ[paths.PROCESSED_VARIABLE] = str(made / "processed" if makes_data else processed)
    try:
        notebook = papermill.execute_notebook(
            nbformat.read(source, as_version=4),
            None,
            parameters=own,
            kernel_name=KERNEL,
            cwd=str(paths.NOTEBOOKS),
            progress_bar=False,
            record_timing=False,
            execution_timeout=TIMEOUT,
        )
    except PapermillExecutionError as error:
        if error.ename == InputError.__name__:
            raise _PassedOn(error.evalue) from None
        raise NotebookFailed(_failure(source.stem, error)) from None
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise NotebookFailed(f"{source.stem}: cell {cell.id!r} was not run")
    return stable(notebook)


def stable(notebook: NotebookNode) -> NotebookNode:
    """Remove in place what differs between two runs: times, paths, random ids, Python's version."""
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(display_name=KERNEL, language="python", name=KERNEL),
        language_info=NotebookNode(name="python"),
    )
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode(tags=tags) if tags else NotebookNode()
        if "injected-parameters" in tags:
            cell.id = "injected-parameters"
    return notebook


def named(processed: Path) -> dict[str, str]:
    """Return the named values of a build."""
    descriptor = package.read_descriptor(processed, "run make report")
    values: pd.DataFrame = package.read_table(processed, package.resource(descriptor, "values"), "run make report")
    return dict(zip(values["name"], values["value"], strict=True))


def fill_slots(notebook: NotebookNode, values: Mapping[str, str], stem: str) -> None:
    """Fill every `{name}` of the markdown cells in place; values are text, never markup.

    Raises
    ------
    InputError
        If a slot names no value.
    """
    escaped = {name: escape(value) for name, value in values.items()}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            try:
                cell.source = cell.source.format_map(escaped)
            except (KeyError, ValueError, IndexError, AttributeError) as error:
                raise InputError(
                    f"slot {error} is not filled",
                    where=f"notebooks/{stem}.ipynb, cell {cell.id}",
                    expected="a name from the table of named values",
                    remedy="mend the name, or add the value to src/iucresearch/values.py",
                ) from None


class _PassedOn(InputError):
    """An InputError of the kernel, whose line is already written."""

    def __init__(self, line: str) -> None:
        Exception.__init__(self, line)


def _failure(stem: str, error: Any) -> str:
    number = f"cell {error.exec_count}" if error.exec_count else "a cell"
    first = str(error.evalue).splitlines()[0] if str(error.evalue) else ""
    return f"{stem}, {number}: {error.ename}: {first}".rstrip(": ")
