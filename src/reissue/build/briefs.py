"""`make briefs`: one page per subject, made by one notebook, on this machine or on a Dask cluster.

A brief is a function of inputs and a name. Inputs travel as bytes and pages as text, so that a cluster's workers need
no disk in common with this machine. A brief that fails stops no other; the index is written once all exist.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from nbformat import NotebookNode
from tqdm import tqdm

from reissue.build.build import count_workers, run_needed
from reissue.build.completion import ProcessedRows, fill_slots
from reissue.build.configuration import Build
from reissue.build.export import build_chapter_page, build_page
from reissue.build.interruption import is_interrupted
from reissue.build.ipynb import list_imports, read_notebook
from reissue.build.lock import TEMPORARY_PREFIX, lock_build
from reissue.build.notebook_html import render_body
from reissue.build.order import Order, read_order
from reissue.build.pages import content_hash, find_page_reasons, list_sources, start_page_record
from reissue.build.provenance_panel import Panel, build_panel, hash_source
from reissue.build.records import write_products
from reissue.build.run import NotebookFailed, execute_notebook, warm_up
from reissue.core import language, paths
from reissue.core.errors import InputError, print_error
from reissue.core.files import write_text
from reissue.exhibits.edition import Edition
from reissue.exhibits.rendering import render_template

STEP = "briefs"
NOTEBOOK = "brief"
SOURCE = f"notebooks/{NOTEBOOK}.ipynb"
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^\s/]+:\d+")


@dataclass(frozen=True)
class Inputs:
    """All that a brief is made from, apart from its name and the code of both packages."""

    edition: Edition
    #: Processed tables, raw files and the notebook: content by path.
    files: Mapping[str, bytes]
    panel: Panel
    #: Hash of the packages that every worker must have.
    code: str
    #: The pages of the build, to which the briefs link.
    order: Order
    locale: str = "en"
    #: The text at the top of every page.
    notice: str = ""

    @classmethod
    def read(cls, build: Build, content_hash: str) -> Inputs:
        """Return the inputs of a build; the hash covers everything that its briefs are made from."""
        edition = build.edition
        places = {"processed": paths.processed_folder(), "raw": paths.RAW}
        files = {
            f"{folder}/{path.relative_to(place).as_posix()}": path.read_bytes()
            for folder, place in places.items()
            for path in sorted(place.rglob("*"))
            if path.is_file()
        }
        files[f"{NOTEBOOK}.ipynb"] = (paths.ROOT / SOURCE).read_bytes()
        panel = build_panel(edition, build.name, content_hash)
        code, locale = hash_source(edition.package), language.current_language()
        return cls(edition, files, panel, code, read_order(), locale, build.notice)


def make_brief(inputs: Inputs, name: str) -> str:
    """Return the page of one brief: the same inputs and name give the same bytes; raise InputError if it fails."""
    if is_interrupted():
        raise InterruptedError
    if inputs.code != (own := hash_source(inputs.edition.package)):
        raise InputError(
            f"this worker has another version of {inputs.edition.package}: {own}",
            expected=inputs.code,
            remedy="install the same version on every worker",
        )
    temporary = tempfile.TemporaryDirectory(dir=_find_scratch_folder(), prefix=f"{TEMPORARY_PREFIX}brief-")
    with language.use_language(inputs.locale), temporary as unpacked:
        folder = Path(unpacked)
        for place, content in inputs.files.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_bytes(content)
        variables = {paths.RAW_VARIABLE: str(folder / "raw")}
        if inputs.notice.startswith(paths.SYNTHETIC):
            variables[paths.SYNTHETIC_VARIABLE] = paths.SYNTHETIC
        source, made, processed = folder / f"{NOTEBOOK}.ipynb", folder / "made", folder / "processed"
        made.mkdir()
        try:
            notebook = execute_notebook(source, {"name": name}, made, processed, folder=folder, variables=variables)
        except NotebookFailed as error:
            raise InputError(str(error), where=name) from None
        return build_brief_page(notebook, inputs, processed, name)


def build_brief_page(notebook: NotebookNode, inputs: Inputs, processed: Path, name: str) -> str:
    """Return the page of an executed notebook; its slots are filled in place."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    values = ProcessedRows(processed).read_named_values()
    for output in outputs:
        values |= output.get("metadata", {}).get("reissue", {}).get("values", {})
    fill_slots(notebook, values, NOTEBOOK, inputs.edition.exhibits)
    body, place = render_body(notebook, code=False), f"{STEP}/{name}.html"
    return build_chapter_page(inputs.edition, notebook, body, inputs.panel, inputs.order, place, inputs.notice)


def render_briefs(inputs: Any, names: Iterable[str], executor: Executor) -> Iterator[tuple[str, str | Exception]]:
    """Yield each brief's slug and its page, or the error of one that failed, as soon as it is done.

    `executor` is one of `concurrent.futures` or similar, and `inputs` are `Inputs` in the form that it takes.
    """
    futures: dict[Future[str], str] = {executor.submit(make_brief, inputs, name): name for name in names}
    for future in as_completed(futures):
        # Popped, so that a page is not kept until all are done.
        name = futures.pop(future)
        error = future.exception()
        yield name, error if isinstance(error, Exception) else future.result()


def write_briefs(build: Build, only: list[str], scheduler: str = "") -> int:
    """Write the briefs of a build, and their index once all exist; return 0, or 1 if a brief failed.

    `only` are slugs; without any, all briefs are written, unless they are up to date. `scheduler` is the address of a
    Dask scheduler; empty for this machine.
    """
    if not build.edition.briefs:
        raise InputError("this report has no briefs", remedy="name their module in its edition")
    needed = read_order().beside[NOTEBOOK]
    run_needed(build, list(needed))
    folder = paths.build_folder(build.name) / STEP
    if not (only or scheduler or find_page_reasons(build, STEP, needed)):
        print(f"Nothing to do: {paths.display_path(folder / 'index.html')} is up to date.")
        return 0
    with lock_build(build.name):
        failed = _write(build, folder, only, scheduler, needed)
    for name, reason in sorted(failed.items()):
        print_error(f"{name}: {reason}")
    return 1 if failed else 0


def _write(
    build: Build, folder: Path, only: list[str], scheduler: str, needed: tuple[str, ...]
) -> dict[str, Exception]:
    """Write briefs; return the errors by name."""
    os.environ[paths.PROCESSED_VARIABLE] = str(paths.processed_of(build.name))
    modules = (__name__, build.edition.briefs, *list_imports(read_notebook(paths.ROOT / SOURCE)))
    used = start_page_record(build, list_sources(build, modules) | {SOURCE}, needed)
    inputs = Inputs.read(build, content_hash(used))
    about = build.edition.briefs_module
    for name in only:
        about.check_slug(name)
    subjects = about.subjects()
    names = list(dict.fromkeys(only)) or list(subjects["slug"])
    for path in [] if only else folder.glob("*.html"):
        if path.stem not in (*names, "index"):
            path.unlink()
    written: dict[Path, bytes] = {}
    failed: dict[str, Exception] = {}
    with open_executor(inputs, scheduler) as (executor, sent):
        briefs = render_briefs(sent, names, executor)
        # `disable=None`: no bar unless a person watches a terminal.
        for name, page in tqdm(briefs, total=len(names), unit="brief", disable=None, leave=False, file=sys.stderr):
            if is_interrupted():
                raise InterruptedError
            path = folder / f"{name}.html"
            if isinstance(page, Exception):
                failed[name] = page
                # The page of an earlier run would look as if it showed these data.
                path.unlink(missing_ok=True)
            else:
                written[path] = page.encode()
                write_text(path, page)
    if failed or only:
        print(f"Written: {len(written)} of {len(names)} briefs, in {paths.display_path(folder)}")
    else:
        written[folder / "index.html"] = build_index(subjects, inputs).encode()
        write_products(build.name, STEP, written)
        used.with_products(written).write(build.name, STEP)
        print(f"{len(names)} briefs are ready: {paths.display_path(folder / 'index.html')}")
    return failed


@contextmanager
def open_executor(inputs: Inputs, scheduler: str) -> Iterator[tuple[Executor, Any]]:
    """Yield an executor, and the inputs in the form that it takes; a scheduler's address is empty for this machine."""
    if not scheduler:
        warm_up()
        with ThreadPoolExecutor(count_workers()) as pool:
            try:
                yield pool, inputs
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return
    try:
        from distributed import Client

        if not _ADDRESS.fullmatch(scheduler):
            raise ValueError
        client = Client(scheduler, timeout=15, set_as_default=False)
    except ImportError:
        what, remedy = "the package distributed is not installed", "pip install 'distributed'"
        raise InputError(what, where="SCHEDULER", remedy=remedy) from None
    except (OSError, ValueError):
        what, remedy = f"no scheduler answers at {scheduler!r}", "start one with dask scheduler"
        expected = "an address such as tcp://host:8786"
        raise InputError(what, where="SCHEDULER", expected=expected, remedy=remedy) from None
    with client:
        # Every worker gets the inputs, so that a lost worker loses none.
        yield client.get_executor(pure=False), client.scatter(inputs, broadcast=True)


def build_index(subjects: pd.DataFrame, inputs: Inputs) -> str:
    """Return the page that lists all briefs, kind by kind."""
    about = inputs.edition.briefs_module
    title = language._(about.INDEX_TITLE)
    body = render_template(
        "briefs.html",
        title=title,
        introduction=language._(about.INDEX_INTRODUCTION),
        kinds=about.KINDS,
        briefs=subjects.to_dict("records"),
    )
    return build_page(inputs.edition, title, body, inputs.panel, inputs.order, f"{STEP}/index.html", inputs.notice)


@cache
def _find_scratch_folder() -> Path:
    """Return where inputs are unpacked: the project's cache, or a worker's own folder, removed when it exits."""
    folder = paths.CACHE
    if not folder.is_dir():
        folder = Path(tempfile.mkdtemp(prefix="briefs-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if "JUPYTER_RUNTIME_DIR" not in os.environ:
        paths.keep_to_own_cache(folder)
    return folder
