"""Make briefs: one notebook, run once per subject, on this machine or on a cluster.

A brief is a function of inputs and a name. Inputs travel as bytes and pages come back as text, so that workers share
no disk with whoever asks. The executor is one of `concurrent.futures`: threads here, Dask's on a cluster.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from reissue.build.completion import ProcessedRows, read_named_values
from reissue.build.configuration import Build
from reissue.build.export import build_chapter_page, render_body
from reissue.build.provenance_panel import Panel, build_panel, hash_source
from reissue.build.run import NotebookFailed, execute_notebook
from reissue.build.slots import fill_slots
from reissue.core import datapackage, language, paths
from reissue.core.errors import InputError
from reissue.exhibits.edition import Edition

NOTEBOOK = "brief"
#: Folders of the inputs.
_PROCESSED, _RAW = "processed", "raw"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Inputs:
    """All that a brief is made from, apart from its name and the code of both packages.

    Attributes
    ----------
    edition
        Of which report.
    files
        Processed tables, boundaries and the notebook: content by path.
    panel
        What every page says of its making.
    code
        Hash of the packages that whoever makes a brief must have.
    locale
        The language of the pages.
    notice
        What stands at the top of every page.
    """

    edition: Edition
    files: Mapping[str, bytes]
    panel: Panel
    code: str
    locale: str = "en"
    notice: str = ""

    @classmethod
    def read(cls, build: Build, content_hash: str, processed: Path | None = None) -> Inputs:
        """Return the inputs of a build.

        Parameters
        ----------
        content_hash
            Of all that its briefs are made from.
        processed
            The folder of its processed tables, where it is another than the build's own.

        Raises
        ------
        InputError
            If the tables, the boundaries or the notebook are missing.
        """
        edition = build.edition
        processed = processed or paths.processed_of(build.name)
        tables = datapackage.read_resources(processed, "run make briefs")
        raw = datapackage.find_resource(datapackage.read_descriptor(paths.RAW, datapackage.RESTORE), "boundaries")[
            "path"
        ]
        places = {
            f"{NOTEBOOK}.ipynb": paths.NOTEBOOKS / f"{NOTEBOOK}.ipynb",
            **{
                f"{_PROCESSED}/{name}": processed / name
                for name in (
                    *(place.name for place in datapackage.find_descriptors(processed)),
                    *(table["path"] for table in tables),
                )
            },
            **{f"{_RAW}/{name}": paths.RAW / name for name in (datapackage.DESCRIPTOR, raw)},
        }
        contents = {name: _read(path) for name, path in places.items()}
        about = build_panel(edition, build.name, content_hash)
        return cls(edition, contents, about, hash_source(edition.package), language.current_language(), build.notice)

    @cached_property
    def key(self) -> str:
        """A hash of all of it."""
        total = hashlib.sha256(repr((self.panel, self.code, self.locale, self.notice)).encode())
        for name, content in sorted(self.files.items()):
            total.update(f"\0{name}\0{len(content)}\0".encode() + content)
        return total.hexdigest()


def make_brief(inputs: Inputs, name: str) -> str:
    """Return the page of one brief: the same inputs and name, the same bytes, wherever it is made.

    Raises
    ------
    InputError
        If there is no subject of that name, a cell failed, or this is another version of the package.
    """
    with language.use_language(inputs.locale):
        return _make_brief(inputs, name)


def _make_brief(inputs: Inputs, name: str) -> str:
    folder = _unpack_inputs(inputs)
    source = folder / f"{NOTEBOOK}.ipynb"
    with tempfile.TemporaryDirectory(dir=folder, prefix="brief-") as made:
        try:
            notebook = execute_notebook(
                source,
                {"name": name},
                Path(made),
                folder / _PROCESSED,
                raw=folder / _RAW,
                folder=folder,
                synthetic=inputs.notice.startswith(paths.SYNTHETIC),
            )
        except NotebookFailed as error:
            raise InputError(str(error), where=name) from None
    return build_brief_page(notebook, inputs, folder / _PROCESSED)


def build_brief_page(notebook: NotebookNode, inputs: Inputs, processed: Path) -> str:
    """Return the page of an executed notebook, whose slots are filled in place."""
    values = {**read_named_values(ProcessedRows(processed)), **_collect_values(notebook.cells)}
    fill_slots(notebook, values, NOTEBOOK, inputs.edition.exhibits)
    return build_chapter_page(inputs.edition, notebook, render_body(notebook, code=False), inputs.panel, inputs.notice)


def render_briefs(inputs: Any, names: Iterable[str], executor: Executor) -> Iterator[tuple[str, str | Exception]]:
    """Yield each brief's name and page as they are done, or the error of one that failed: it fails alone.

    Parameters
    ----------
    inputs
        Inputs, or what the executor replaces by them.
    names
        Slugs of the briefs.
    executor
        Of `concurrent.futures`, or with its `submit`.
    """
    futures: dict[Future[str], str] = {executor.submit(make_brief, inputs, name): name for name in names}
    for future in as_completed(futures):
        # What was given back need not be kept until all are.
        name = futures.pop(future)
        error = future.exception()
        yield name, error if isinstance(error, Exception) else future.result()


def check_slugs(slugs: Iterable[str]) -> list[str]:
    """Return slugs that can be names of files.

    Raises
    ------
    InputError
        For the first that cannot, or that is there twice.
    """
    found: list[str] = []
    for slug in slugs:
        if not _SLUG.fullmatch(slug) or slug == "index" or slug in found:
            raise InputError(
                f"{slug!r} cannot be the name of a brief",
                where="the list of briefs, column slug",
                expected="small letters and digits joined by hyphens, each once",
                remedy="correct it where the tables are cleaned",
            )
        found.append(slug)
    return found


_LOCK = threading.Lock()
_FOLDERS: dict[str, tempfile.TemporaryDirectory[str]] = {}
_leaving = threading.Event()


def _unpack_inputs(inputs: Inputs) -> Path:
    """Return a folder of this process with the inputs, written once."""
    with _LOCK:
        if _leaving.is_set():
            raise InterruptedError("no brief is made any more")
        if inputs.key not in _FOLDERS:
            if inputs.code != (own := hash_source(inputs.edition.package)):
                raise InputError(
                    f"this worker's {inputs.edition.package} is {own}",
                    expected=inputs.code,
                    remedy="install the same version on every worker",
                )
            folder = tempfile.TemporaryDirectory(dir=_scratch(), prefix="briefs-", ignore_cleanup_errors=True)
            _FOLDERS[inputs.key] = folder
            # A worker of a cluster has no project whose cache it could use.
            if "JUPYTER_RUNTIME_DIR" not in os.environ:
                paths.keep_to_own_cache(Path(folder.name, "cache"))
            for name, content in inputs.files.items():
                path = Path(folder.name, name)
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
        return Path(_FOLDERS[inputs.key].name)


def discard() -> None:
    """Remove this process's folders for good: it leaves, and makes no brief any more."""
    with _LOCK:
        _leaving.set()
        for folder in _FOLDERS.values():
            # Renamed first: a thread that still writes there must not keep it from being empty.
            gone = f"{folder.name}-gone"
            with suppress(OSError):
                os.rename(folder.name, gone)
            shutil.rmtree(gone, ignore_errors=True)


def _scratch() -> Path | None:
    """Return where folders of a moment lie: in the project's cache; in the system's place where a worker has none."""
    return paths.CACHE if paths.CACHE.is_dir() else None


def _collect_values(cells: list[Any]) -> dict[str, str]:
    """Return the named values that the cells themselves have handed over."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    found: dict[str, str] = {}
    for output in outputs:
        found |= output.get("metadata", {}).get("reissue", {}).get("values", {})
    return found


def _read(path: Path) -> bytes:
    datapackage.read_text(path, datapackage.RESTORE)
    return path.read_bytes()
