"""Run one notebook in a fresh kernel; its files are published only when the whole run succeeded."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from reissue.build.fingerprints import KEPT_METADATA, files_below, module_sources, place_of
from reissue.build.ipynb import read_notebook
from reissue.build.lock import TEMPORARY_PREFIX
from reissue.build.records import FOLDER, LOCK, Record, Snapshot, translate_all, write_products
from reissue.build.translation_gaps import keep_missing_texts
from reissue.core import files, language, paths
from reissue.core.errors import InputError

KERNEL = "reissue"
#: Seconds that a cell may take, and the variable by which a user allows another number.
TIMEOUT, TIMEOUT_VARIABLE = 600, "REISSUE_TIMEOUT"
#: How Python reports an error of the disk, also within a cell.
_DISK_ERROR = re.compile(r"\[Errno (\d+)\] ([^:]+)(?::.*'(.*)')?$")
#: The longest part of an error that a message shows.
_LONGEST = 300


class NotebookFailed(Exception):
    """A cell raised: the message names notebook, cell and error."""


def warm_up() -> None:
    """Start the parent of the kernels, and import what runs notebooks meanwhile.

    Threads that import one package at the same time can each get it half imported. This imports it before they begin.
    """
    import_module("reissue.build.kernels.forking").warm_up()
    import_module("reissue.build.kernels.engine")


def run_notebook(stem: str, build: str, parameters: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Execute a notebook, publish what it made into the build, and record what it used.

    The executed notebook goes to `.made/STEM.ipynb`: pages add values and verdicts to it.
    """
    source, folder, processed = paths.NOTEBOOKS / f"{stem}.ipynb", paths.build_folder(build), paths.processed_of(build)
    before = Snapshot(processed)
    inputs = files_below("src") | files_below("data/raw") | files_below("params")
    before.files({place_of(source)} | _list_runner_sources() | inputs)
    used: dict[str, list[Any]] = {}
    products: dict[Path, bytes] = {}
    with tempfile.TemporaryDirectory(dir=paths.CACHE, prefix=f"{TEMPORARY_PREFIX}{stem}-") as name:
        made = Path(name)
        notebook = execute_notebook(source, parameters, made, processed, on_end=used.update)
        keep_missing_texts(notebook)
        for path in sorted(made.rglob("*")):
            if path.is_file():
                tables = path.is_relative_to(made / "processed")
                inside = path.relative_to(made / "processed" if tables else made)
                products[(processed if tables else folder) / inside] = path.read_bytes()
    products[folder / FOLDER / f"{stem}.ipynb"] = (nbformat.writes(notebook) + "\n").encode()
    write_products(build, stem, products)
    # Files outside of the project belong to packages installed elsewhere.
    read = {place_of(Path(paths.ROOT, file)) for name in ("files", "modules") for file in used[name]}
    places = {*read, *_list_runner_sources(), place_of(source), LOCK} - {place_of(path) for path in products}
    own_tables = {path.stem for path in products if path.parent == processed}
    # A notebook that saves tables changes the list of them.
    after = Snapshot(processed)
    Record(
        files=before.files(places),
        folders={name: (after if paths.ROOT / name == processed else before).folder(name) for name in used["folders"]},
        tables={name: before.tables.get(name, "") for name in used["tables"] if name not in own_tables},
        settings=settings,
        texts=translate_all(used["texts"]),
    ).with_products(products).write(build, stem)


@cache
def _list_runner_sources() -> frozenset[str]:
    """Return the paths of the modules that run notebooks, relative to the project."""
    return frozenset(module_sources([__name__, "reissue.build.kernels.parent"], ["reissue"]))


def execute_notebook(
    source: Path,
    parameters: Mapping[str, Any],
    made: Path,
    processed: Path,
    *,
    folder: Path = paths.NOTEBOOKS,
    variables: Mapping[str, str] = {},
    on_end: Callable[[Mapping[str, Any]], object] = lambda used: None,
) -> NotebookNode:
    """Return the notebook run in a fresh kernel, without anything that would differ between two runs.

    Parameters that it declares are passed on, the others left out. Its cells save into `made`, and read the tables in
    `processed` and those that they have saved. The kernel works in `folder`, with further environment `variables`.
    `on_end` receives what it has read, as `reissue.core.dependencies.report` lists it.
    """
    # papermill and nbclient take 0.4 s to import, which only a run needs.
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    from reissue.build.kernels import engine
    from reissue.build.params import read_declared

    own = {name: value for name, value in parameters.items() if name in read_declared(source)}
    environment = {
        **os.environ,
        language.VARIABLE: language.current_language(),
        paths.OUTPUT_VARIABLE: str(made),
        paths.PROCESSED_VARIABLE: str(processed),
        **variables,
    }
    # papermill also raises what it logs, which is then reported in one line.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    begun: list[int] = []
    try:
        notebook = papermill.execute_notebook(
            read_notebook(source),
            None,
            parameters=own,
            engine_name=engine.NAME,
            kernel_name=KERNEL,
            language="python",
            environment=environment,
            folder=str(folder),
            progress_bar=False,
            record_timing=False,
            execution_timeout=read_timeout(),
            on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
            on_end=on_end,
        )
    except NoSuchKernel:
        raise InputError(f"there is no kernel {KERNEL!r} in .venv", remedy="run make install") from None
    except (PapermillExecutionError, CellTimeoutError, RuntimeError) as error:  # the last: the kernel died
        # The number that JupyterLab shows: papermill has added a cell of parameters.
        number = len(begun) - bool(own)
        raise _describe_failure(error, f"{source.stem}, cell {number}" if number > 0 else source.stem) from None
    check_run(notebook, source.stem)
    return remove_volatile(notebook)


def _describe_failure(error: Exception, where: str) -> InputError | NotebookFailed:
    """Return the error of a failed run as the user meets it: bad input, a full disk, or a cell's own error."""
    name, message = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    if name == InputError.__name__:
        return _PassedOn(message)
    disk = _DISK_ERROR.search(message) if name in ("OSError", "KernelDied") else None
    if disk and int(disk[1]) in (errno.ENOSPC, errno.EDQUOT):
        return _PassedOn(files.describe_refusal(OSError(int(disk[1]), disk[2], disk[3])))
    if name == "CellTimeoutError":
        limit = read_timeout()
        name, message = f"took longer than {limit} s", f"{TIMEOUT_VARIABLE}={2 * limit} would allow more"
    return NotebookFailed(f"{where}: {_format_error(name, message)}")


def read_timeout() -> int:
    """Return the seconds that a cell may take; raise InputError if the user's variable is wrong."""
    given = os.environ.get(TIMEOUT_VARIABLE) or str(TIMEOUT)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", given):
        raise InputError(
            f"{given!r} is not a number of seconds",
            where=TIMEOUT_VARIABLE,
            expected="a whole number of at most six digits",
            remedy=f"without it a cell may take {TIMEOUT}",
        )
    return int(given)


def check_run(notebook: NotebookNode, stem: str) -> None:
    """Raise NotebookFailed for a cell that did not run to its end: papermill accepts a notebook in which one exited."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    own = [cell for cell in code if "injected-parameters" not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(own, start=1):
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if errors:
            raise NotebookFailed(f"{stem}, cell {number}: {_format_error(errors[0].ename, errors[0].evalue)}")
        if cell.execution_count is None:
            raise NotebookFailed(f"{stem}, cell {number}: was not run")


def remove_volatile(notebook: NotebookNode) -> NotebookNode:
    """Remove in place what differs between two runs: times, paths, random ids, Python's version."""
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(display_name=KERNEL, language="python", name=KERNEL),
        language_info=NotebookNode(name="python"),
    )
    root = json.dumps(str(paths.ROOT))[1:-1]
    for cell in notebook.cells:
        cell.metadata = NotebookNode({key: cell.metadata[key] for key in KEPT_METADATA if cell.metadata.get(key)})
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
        if cell.cell_type == "code":
            # Python's warnings name files of the project by their whole path.
            cell.outputs = nbformat.from_dict(json.loads(json.dumps(cell.outputs).replace(root, ".")))
    return notebook


class _PassedOn(InputError):
    """An InputError of the kernel, whose line is already written."""

    def __init__(self, line: str) -> None:
        Exception.__init__(self, line)


def _format_error(name: str, message: str) -> str:
    """Return an error as one line: its first, as the others are detail."""
    line = f"{name}: {next(iter(message.splitlines()), '')}".rstrip(": ")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"
