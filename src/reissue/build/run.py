"""Run one notebook: a fresh kernel, its files in a folder apart, published only when all went well."""

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

from reissue.build.fingerprints import digest, files_below, module_sources, place_of
from reissue.build.ipynb import read_notebook
from reissue.build.lock import APART
from reissue.build.records import FOLDER, LOCK, Record, Snapshot, translations, write_products
from reissue.build.translation_gaps import keep_missing_texts
from reissue.core import files, language, paths
from reissue.core.errors import InputError

KERNEL = "reissue"
#: Seconds that a cell may take, and the variable by which a user allows another number.
TIMEOUT, TIMEOUT_VARIABLE = 600, "REISSUE_TIMEOUT"
#: How Python tells of the disk, in a cell too.
_OF_DISK = re.compile(r"\[Errno (\d+)\] ([^:]+)(?::.*'(.*)')?$")
#: The most of an error that one line tells.
_LONGEST = 300


class NotebookFailed(Exception):
    """A cell raised: the message names notebook, cell and error."""


def warm_up() -> None:
    """Start the parent of the kernels, and import meanwhile what runs notebooks.

    Threads that import one package at the same time can each get it half imported. This imports it before they begin.
    """
    import_module("reissue.build.kernels.forking").warm_up()
    import_module("reissue.build.kernels.engine")


def run_notebook(stem: str, variant: str, parameters: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Execute a notebook, publish what it made into the build, and record what it used.

    The notebook as it was run goes to `.made/STEM.ipynb`: pages add values and verdicts to it.

    Raises
    ------
    InputError
        If a cell met bad input; its line is passed on.
    NotebookFailed
        If a cell failed otherwise.
    """
    source, processed = paths.NOTEBOOKS / f"{stem}.ipynb", paths.processed_of(variant)
    before = Snapshot(processed)
    before.files(runner_sources() | files_below("src") | files_below("data/raw") | files_below("params"))
    before.files([place_of(source)])
    used: dict[str, list[Any]] = {}
    with tempfile.TemporaryDirectory(dir=paths.CACHE, prefix=f"{APART}{stem}-") as name:
        made = Path(name)
        notebook = execute_notebook(source, parameters, made, processed, on_end=used.update)
        keep_missing_texts(notebook)
        contents = {path.relative_to(made): path.read_bytes() for path in sorted(made.rglob("*")) if path.is_file()}
    contents[Path(FOLDER, f"{stem}.ipynb")] = (nbformat.writes(notebook) + "\n").encode()
    products = {_place(inside, variant): content for inside, content in contents.items()}
    write_products(variant, stem, products)
    _record(source, used, before, processed, products, settings).write(variant, stem)


def _record(
    source: Path,
    used: Mapping[str, list[Any]],
    before: Snapshot,
    processed: Path,
    products: Mapping[Path, bytes],
    settings: Mapping[str, Any],
) -> Record:
    """Return the record of a run: what the kernel used, and what the runner added."""
    made = {place_of(path): digest(content) for path, content in products.items()}
    own_tables = {path.stem for path in products if path.parent == processed}
    # What is not named by its place in the project belongs to a package that is installed elsewhere.
    read = {place_of(Path(paths.ROOT, file)) for name in ("files", "modules") for file in used[name]}
    places = {*read, *runner_sources(), place_of(source), LOCK} - set(made)
    # A notebook that saves tables changes the list of them.
    after = Snapshot(processed)
    folders = {place: (after if paths.ROOT / place == processed else before).folder(place) for place in used["folders"]}
    return Record(
        files=before.files(places),
        folders=folders,
        tables={name: before.tables.get(name, "") for name in used["tables"] if name not in own_tables},
        settings=settings,
        texts=translations(used["texts"]),
        catalogues=before.catalogues if used["texts"] else "",
        products=made,
    )


@cache
def runner_sources() -> frozenset[str]:
    """Return the places of the modules by which notebooks are run."""
    return frozenset(module_sources([__name__, "reissue.build.kernels.parent"], ["reissue"]))


def _place(inside: Path, variant: str) -> Path:
    """Return where in a build a file goes that a notebook has made."""
    if inside.parts[0] == "processed":
        return paths.processed_of(variant) / Path(*inside.parts[1:])
    return paths.build_folder(variant) / inside


def execute_notebook(
    source: Path,
    parameters: Mapping[str, Any],
    made: Path,
    processed: Path,
    *,
    raw: Path = paths.RAW,
    folder: Path = paths.NOTEBOOKS,
    synthetic: bool = False,
    on_end: Callable[[Mapping[str, Any]], object] = lambda used: None,
) -> NotebookNode:
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
        Folder of the tables that it reads, beside those that it has saved itself.
    raw
        Folder of the raw files.
    folder
        The kernel's.
    synthetic
        Whether nobody gave the answers that it shows, where this process's own environment does not say so.
    on_end
        Receives what the kernel has read, as `reissue.core.dependencies.report` lists it.
    """
    # papermill and nbclient take 0.4 s to import: only a run pays for them.
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    from reissue.build.kernels import engine
    from reissue.build.params import read_declared

    own = {name: value for name, value in parameters.items() if name in read_declared(source)}
    own_variables = {
        language.VARIABLE: language.current_language(),
        paths.OUTPUT_VARIABLE: str(made),
        paths.PROCESSED_VARIABLE: str(processed),
    }
    if raw != paths.RAW:
        own_variables[paths.RAW_VARIABLE] = str(raw)
    if synthetic:
        own_variables[paths.SYNTHETIC_VARIABLE] = paths.SYNTHETIC
    # What papermill logs is raised, too, and reported in one line.
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
            environment={**os.environ, **own_variables},
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
        # The number that JupyterLab shows: there is no cell there into which papermill puts parameters.
        number = len(begun) - bool(own)
        raise _describe_failure(error, f"{source.stem}, cell {number}" if number > 0 else source.stem) from None
    check_run(notebook, source.stem)
    return remove_volatile(notebook)


def _describe_failure(error: Exception, where: str) -> InputError | NotebookFailed:
    """Return what a run that failed is for the user: bad input, a full disk, or a cell's own error."""
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    from reissue.build.kernels import engine

    name, message = type(error).__name__, str(error)
    if isinstance(error, PapermillExecutionError):
        name, message = error.ename, error.evalue
    if name == InputError.__name__:
        return _PassedOn(message)
    if name in (OSError.__name__, engine.KernelDied.__name__) and (full := _find_disk_error(message)):
        return _PassedOn(files.describe_refusal(full))
    if isinstance(error, CellTimeoutError):
        limit = read_timeout()
        name, message = f"took longer than {limit} s", f"{TIMEOUT_VARIABLE}={2 * limit} would allow more"
    return NotebookFailed(f"{where}: {_format_error(name, message)}")


def read_timeout() -> int:
    """Return the seconds that a cell may take.

    Raises
    ------
    InputError
        If the caller's variable holds no number of them.
    """
    given = os.environ.get(TIMEOUT_VARIABLE) or str(TIMEOUT)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", given):
        raise InputError(
            f"{given!r} is no time that a cell may take",
            where=TIMEOUT_VARIABLE,
            expected="seconds, a whole number of at most six digits",
            remedy=f"without it a cell may take {TIMEOUT}",
        )
    return int(given)


def check_run(notebook: NotebookNode, stem: str) -> None:
    """Check that every cell with code was run to its end: papermill calls a notebook done that a cell left.

    Raises
    ------
    NotebookFailed
        For the first that was not.
    """
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
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode(tags=tags) if tags else NotebookNode()
        if "injected-parameters" in tags:
            cell.id = "injected-parameters"
        if cell.cell_type == "code":
            cell.outputs = [_hide_root(output) for output in cell.outputs]
    return notebook


def _hide_root(output: NotebookNode) -> NotebookNode:
    """Return an output in which files of the project are named from its folder, as in Python's warnings."""
    root = json.dumps(str(paths.ROOT))[1:-1]
    return nbformat.from_dict(json.loads(json.dumps(output).replace(root, ".")))


class _PassedOn(InputError):
    """An InputError of the kernel, whose line is already written."""

    def __init__(self, line: str) -> None:
        Exception.__init__(self, line)


def _find_disk_error(message: str) -> OSError | None:
    """Return the error of a disk without room that a cell met, None for other errors."""
    found = _OF_DISK.search(message)
    if found and int(found[1]) in (errno.ENOSPC, errno.EDQUOT):
        return OSError(int(found[1]), found[2], found[3])
    return None


def _format_error(name: str, message: str) -> str:
    """Return an error as one line; what follows its first is detail."""
    line = f"{name}: {next(iter(message.splitlines()), '')}".rstrip(": ")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"
