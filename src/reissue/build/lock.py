"""One build at a time writes, and what one that was killed has left is removed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from reissue.core import files, paths
from reissue.core.errors import InputError

_NAME = re.compile(r"[a-z0-9-]*")
#: What the folders of notebooks under way begin with, and the one of their kernels' connection files.
APART = "run-"
#: The build that this process writes, while it does.
_own: str | None = None


@contextmanager
def lock_build(variant: str) -> Iterator[None]:
    """Let one build at a time write; a second one says that it waits. What killed ones left is removed.

    Raises
    ------
    InputError
        If `check_place` refuses the build.
    """
    global _own
    check_place(variant)
    paths.keep_to_own_cache()
    # JupyterLab's kernels have theirs elsewhere: what lies here is of no kernel that runs once a build is alone.
    connections = paths.CACHE / f"{APART}kernels"
    os.environ["JUPYTER_RUNTIME_DIR"] = str(connections)
    with hold_lock("build.lock", "Another build is running"):
        _sweep(variant)
        connections.mkdir(exist_ok=True)
        _own = variant
        try:
            yield
        finally:
            _own = None
            _sweep(variant)


@contextmanager
def hold_lock(name: str, busy: str) -> Iterator[None]:
    """Let one process at a time do what a lock is for; `busy` is what a second one says before it waits."""
    paths.CACHE.mkdir(exist_ok=True)
    lock = FileLock(paths.CACHE / name)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        print(f"{busy}; waiting for it to end.", flush=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def check_place(build: str) -> None:
    """Check that a build lies in the project: what lies elsewhere is neither ours to write nor to remove.

    Raises
    ------
    InputError
        If the name is not that of a build, or one of its folders is a link.
    """
    if not _NAME.fullmatch(build):
        raise InputError(
            f"{build!r} is no name of a build", expected="small letters, digits and hyphens", remedy="correct it"
        )
    for folder in (paths.build_folder(build), paths.processed_of(build)):
        above = [one for one in folder.parents if one != paths.ROOT and one.is_relative_to(paths.ROOT)]
        below = sorted(one for one in (*folder.glob("*"), *folder.glob("*/*")) if one.is_dir())
        for one in (*above, folder, *below):
            if one.is_symlink() and not (one in below and one.is_relative_to(folder / "builds")):
                raise InputError(
                    "this is a link",
                    where=paths.display_path(one.parent) + f"/{one.name}",
                    expected="a folder of the project: a build writes nowhere else",
                    remedy="remove the link",
                )


def sweep_if_alone(build: str) -> None:
    """Remove what a killed run has left, unless a build is under way; where nothing is to be done, nobody else does."""
    if any(paths.CACHE.glob(f"{APART}*")):
        with suppress(Timeout), FileLock(paths.CACHE / "build.lock").acquire(blocking=False):
            _sweep(build)


def sweep_own() -> None:
    """Remove what is half done of the build that this process writes, if it writes one."""
    if _own is not None:
        _sweep(_own)


def _sweep(variant: str) -> None:
    for folder in sorted(paths.CACHE.glob(f"{APART}*")):
        # Renamed first: a thread that still writes a file there, by its name, must not keep it from being empty.
        gone = folder.with_name(f"{APART}gone-{secrets.token_hex(4)}")
        with suppress(OSError):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    # matplotlib waits five seconds for a lock that nobody holds, each time, and then warns.
    for lock in (paths.CACHE / "matplotlib").glob("*.matplotlib-lock"):
        lock.unlink(missing_ok=True)
    for folder in (paths.build_folder(variant), paths.processed_of(variant)):
        files.sweep(folder)
