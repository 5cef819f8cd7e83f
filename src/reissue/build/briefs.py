"""`make briefs`: one page per subject of the edition's briefs, on this machine or on a Dask cluster.

The other pages are written where one fails; it is listed at the end, and the index waits until all are there.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from reissue.build.batch import Inputs, checked, render
from reissue.build.build import workers
from reissue.build.export import page
from reissue.build.interruption import is_interrupted
from reissue.build.kernels import forking
from reissue.build.lock import alone
from reissue.core import language, paths
from reissue.core.errors import InputError, print_error
from reissue.core.files import write_text
from reissue.exhibits.edition import Edition
from reissue.exhibits.rendering import rendered

FAILED = 1
#: Seconds that a scheduler has to answer.
_PATIENCE = 15
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^\s/]+:\d+")


def write_briefs(edition: Edition, build: str, locale: str, only: list[str], scheduler: str = "") -> int:
    """Write briefs as `write` does; return 0, or 1 where one failed, with a line for each."""
    os.environ[language.VARIABLE] = language.checked(locale)
    paths.keep_to_own_cache()
    if not scheduler:
        forking.warm_up()
    with alone(build):
        failed = write(edition, build, only, scheduler)
    for name, reason in failed.items():
        print_error(f"{name}: {reason}")
    return FAILED if failed else 0


def write(edition: Edition, build: str, only: list[str], scheduler: str = "") -> dict[str, Exception]:
    """Write the briefs of a build, and the index where all are there; return by name what failed.

    Parameters
    ----------
    build
        Name of the build; empty for the published one.
    only
        Slugs; all where none is given.
    scheduler
        Address of a Dask scheduler; empty for this machine.

    Raises
    ------
    InputError
        If the data have not been made, a slug is unknown, or the scheduler does not answer.
    """
    began = time.time_ns()
    os.environ[paths.PROCESSED_VARIABLE] = str(paths.processed_of(build))
    inputs = Inputs.read(edition, build)
    about = edition.briefs_module
    listed = about.subjects()
    known = checked(listed["slug"])
    for name in only:
        about.check_slug(name)
    names = list(dict.fromkeys(only)) or known
    folder = paths.build_folder(build) / "briefs"
    if not only:
        _remove_others(folder, known)
    failed: dict[str, Exception] = {}
    with _executor(inputs, scheduler) as (executor, sent), _bar(len(names)) as bar:
        for name, made in render(sent, names, executor):
            if is_interrupted():
                raise InterruptedError
            bar.update()
            if isinstance(made, Exception):
                failed[name] = made
                # An older page would look as if it were of these data.
                (folder / f"{name}.html").unlink(missing_ok=True)
            else:
                write_text(folder / f"{name}.html", made, time_ns=began)
    written = len(names) - len(failed)
    if failed or only:
        print(f"Written: {written} of {len(names)} briefs, in {paths.shown(folder)}")
    else:
        write_text(folder / "index.html", index(listed, inputs), time_ns=began)
        _note(build, known, began)
        print(f"{written} briefs are ready: {paths.shown(folder / 'index.html')}")
    return dict(sorted(failed.items()))


def index(listed: pd.DataFrame, inputs: Inputs) -> str:
    """Return the page that lists all briefs, kind by kind."""
    about = inputs.edition.briefs_module
    titles = [about.heading(kind, title) for kind, title in zip(listed["kind"], listed["title"], strict=True)]
    title = language._(about.INDEX_TITLE)
    body = rendered(
        "briefs.html",
        title=title,
        introduction=language._(about.INDEX_INTRODUCTION),
        kinds=about.KINDS,
        briefs=listed.assign(title=titles).to_dict("records"),
    )
    return page(inputs.edition, title, str(body), inputs.panel, inputs.notice)


@contextmanager
def _executor(inputs: Inputs, scheduler: str) -> Iterator[tuple[Executor, Any]]:
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
def _bar(total: int) -> Iterator[Any]:
    """Give a progress bar; none where nobody watches."""
    from tqdm import tqdm

    with tqdm(total=total, unit="brief", disable=None, leave=False, file=sys.stderr) as bar:
        yield bar


def _remove_others(folder: Path, known: list[str]) -> None:
    """Remove pages of subjects that are no more."""
    for path in folder.glob("*.html"):
        if path.stem not in (*known, "index"):
            path.unlink()


def _note(build: str, names: list[str], began: int) -> None:
    """Tell Make which files there are: an older or missing one is made again."""
    folder = paths.build_folder(build)
    files = [folder / "briefs" / f"{name}.html" for name in ("index", *names)]
    listed = " ".join(path.relative_to(paths.ROOT).as_posix() for path in files)
    write_text(folder / ".made" / "briefs.mk", f"FILES_briefs := {listed}\n", time_ns=began)
