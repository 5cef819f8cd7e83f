"""`make briefs`: one page per subject of the edition's briefs, on this machine or on a Dask cluster.

The other pages are written where one fails; it is listed at the end, and the index waits until all are there.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from reissue.build.batch import NOTEBOOK, Inputs, check_slugs, render_briefs
from reissue.build.build import run_needed, workers
from reissue.build.configuration import Build
from reissue.build.export import build_page
from reissue.build.fingerprints import digest, place_of
from reissue.build.interruption import is_interrupted
from reissue.build.ipynb import list_imports, read_notebook
from reissue.build.lock import lock_build
from reissue.build.order import read_order
from reissue.build.pages import content_hash, find_page_reasons, page_record, source_places
from reissue.build.records import write_products
from reissue.build.run import warm_up
from reissue.core import language, paths
from reissue.core.errors import InputError, print_error
from reissue.core.files import write_text
from reissue.exhibits.edition import Edition
from reissue.exhibits.rendering import render_template

FAILED = 1
STEP = "briefs"
#: Seconds that a scheduler has to answer.
_PATIENCE = 15
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^\s/]+:\d+")


def write_briefs(build: Build, only: list[str], scheduler: str = "") -> int:
    """Write the briefs of a build, and their index where all are there; return 0, or 1 where a brief failed.

    Parameters
    ----------
    only
        Slugs; all briefs where none is given, unless they are up to date.
    scheduler
        Address of a Dask scheduler; empty for this machine.

    Raises
    ------
    InputError
        If the report has no briefs, the data cannot be made, a slug is unknown, or the scheduler does not answer.
    """
    if not build.edition.briefs:
        raise InputError("this report has no briefs", remedy="name their module in its edition")
    needed = read_order().beside[NOTEBOOK]
    run_needed(build, list(needed))
    folder = paths.build_folder(build.name) / STEP
    if not (only or scheduler or find_page_reasons(build, STEP, needed)):
        print(f"Nothing to do: {paths.display_path(folder / 'index.html')} is up to date.")
        return 0
    if not scheduler:
        warm_up()
    with lock_build(build.name):
        failed = _write(build, only, scheduler, needed)
    for name, reason in failed.items():
        print_error(f"{name}: {reason}")
    return FAILED if failed else 0


def _write(build: Build, only: list[str], scheduler: str, needed: tuple[str, ...]) -> dict[str, Exception]:
    """Write briefs; return by name what failed."""
    os.environ[paths.PROCESSED_VARIABLE] = str(paths.processed_of(build.name))
    used = page_record(build, source_places(build, _sources(build.edition)) | {_source()}, needed)
    inputs = Inputs.read(build, content_hash(used))
    about = build.edition.briefs_module
    listed = about.subjects()
    known = check_slugs(listed["slug"])
    for name in only:
        about.check_slug(name)
    names = list(dict.fromkeys(only)) or known
    folder = paths.build_folder(build.name) / STEP
    if not only:
        _remove_others(folder, known)
    written: dict[Path, bytes] = {}
    failed: dict[str, Exception] = {}
    with _open_executor(inputs, scheduler) as (executor, sent), _show_progress(len(names)) as bar:
        for name, made in render_briefs(sent, names, executor):
            if is_interrupted():
                raise InterruptedError
            bar.update()
            path = folder / f"{name}.html"
            if isinstance(made, Exception):
                failed[name] = made
                # An older page would look as if it were of these data.
                path.unlink(missing_ok=True)
            else:
                written[path] = made.encode()
                write_text(path, made)
    if failed or only:
        print(f"Written: {len(written)} of {len(names)} briefs, in {paths.display_path(folder)}")
    else:
        written[folder / "index.html"] = index(listed, inputs).encode()
        write_products(build.name, STEP, written)
        used.with_products({place_of(path): digest(text) for path, text in written.items()}).write(build.name, STEP)
        print(f"{len(names)} briefs are ready: {paths.display_path(folder / 'index.html')}")
    return dict(sorted(failed.items()))


def _source() -> str:
    return place_of(paths.NOTEBOOKS / f"{NOTEBOOK}.ipynb")


def _sources(edition: Edition) -> tuple[str, ...]:
    """Return the modules that briefs are made with."""
    return (__name__, edition.briefs, *list_imports(read_notebook(paths.ROOT / _source())))


def index(listed: pd.DataFrame, inputs: Inputs) -> str:
    """Return the page that lists all briefs, kind by kind."""
    about = inputs.edition.briefs_module
    title = language._(about.INDEX_TITLE)
    body = render_template(
        "briefs.html",
        title=title,
        introduction=language._(about.INDEX_INTRODUCTION),
        kinds=about.KINDS,
        briefs=listed.to_dict("records"),
    )
    return build_page(inputs.edition, title, str(body), inputs.panel, inputs.notice)


@contextmanager
def _open_executor(inputs: Inputs, scheduler: str) -> Iterator[tuple[Executor, Any]]:
    """Give an executor, and the inputs as it wants them."""
    if not scheduler:
        with ThreadPoolExecutor(workers()) as pool:
            try:
                yield pool, inputs
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "the package distributed is not installed", where="SCHEDULER", remedy="pip install 'distributed'"
        ) from None
    silent = InputError(
        f"no scheduler answers at {scheduler!r}",
        where="SCHEDULER",
        expected="an address such as tcp://host:8786",
        remedy="start one with dask scheduler",
    )
    if not _ADDRESS.fullmatch(scheduler):
        raise silent
    try:
        client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError):
        raise silent from None
    with client:
        # Sent once to every worker, so that a lost one takes nothing with it.
        yield client.get_executor(pure=False), client.scatter(inputs, broadcast=True)


@contextmanager
def _show_progress(total: int) -> Iterator[Any]:
    """Give a progress bar; none where nobody watches."""
    from tqdm import tqdm

    with tqdm(total=total, unit="brief", disable=None, leave=False, file=sys.stderr) as bar:
        yield bar


def _remove_others(folder: Path, known: list[str]) -> None:
    """Remove pages of subjects that are no more."""
    for path in folder.glob("*.html"):
        if path.stem not in (*known, "index"):
            path.unlink()
