"""One build at a time writes, and what a killed one has left is removed."""

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
#: The beginning of the names of a build's temporary folders in the cache.
TEMPORARY_PREFIX = "run-"
#: What `reports` holds that is not part of a build.
_KEPT = ("published", "archive", "bench.json")
#: The build that this process writes, while it does.
_own: str | None = None


@contextmanager
def lock_build(build: str) -> Iterator[None]:
    """Let one build at a time write, and remove what killed builds left; a second one prints that it waits."""
    global _own
    check_place(build)
    paths.keep_to_own_cache()
    # JupyterLab's kernels use another folder: once a build holds the lock, files here belong to no running kernel.
    connections = paths.CACHE / f"{TEMPORARY_PREFIX}kernels"
    os.environ["JUPYTER_RUNTIME_DIR"] = str(connections)
    with hold_lock("build.lock", "Another build is running"):
        _sweep(build)
        connections.mkdir(exist_ok=True)
        _own = build
        try:
            yield
        finally:
            _own = None
            _sweep(build)


@contextmanager
def hold_lock(name: str, busy: str) -> Iterator[None]:
    """Let one process at a time pass; a second one prints `busy` and waits."""
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


def remove_builds() -> int:
    """Remove every build once none is running; return 0. What git tracks, archives and measurements stay."""
    with lock_build(""):
        for path in sorted(paths.build_folder().glob("*")):
            if path.name not in _KEPT:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        shutil.rmtree(paths.processed_of(), ignore_errors=True)
    print("Removed what builds make. The next make report makes it again.")
    return 0


def check_place(build: str) -> None:
    """Raise InputError if a build's name is invalid or one of its folders is a link out of the project."""
    if not _NAME.fullmatch(build):
        raise InputError(
            f"invalid build name {build!r}",
            expected="small letters, digits and hyphens",
            remedy="correct it",
        )
    for folder in (paths.build_folder(build), paths.processed_of(build)):
        above = [one for one in folder.parents if one != paths.ROOT and one.is_relative_to(paths.ROOT)]
        below = [one for one in sorted((*folder.glob("*"), *folder.glob("*/*"))) if one.is_dir()]
        own = [one for one in below if not one.is_relative_to(folder / "builds")]
        for one in (*above, folder, *own):
            if one.is_symlink():
                raise InputError(
                    "this is a link",
                    where=paths.display_path(one.parent) + f"/{one.name}",
                    expected="a folder of the project: a build writes nowhere else",
                    remedy="remove the link",
                )


def sweep_if_alone(build: str) -> None:
    """Remove what a killed run has left, unless another build holds the lock."""
    if any(paths.CACHE.glob(f"{TEMPORARY_PREFIX}*")):
        with suppress(Timeout), FileLock(paths.CACHE / "build.lock").acquire(blocking=False):
            _sweep(build)


def sweep_own() -> None:
    """Remove unfinished files of the build that this process writes, if it writes one."""
    if _own is not None:
        _sweep(_own)


def _sweep(build: str) -> None:
    for folder in sorted(paths.CACHE.glob(f"{TEMPORARY_PREFIX}*")):
        # Renamed first, so that a thread which still writes there by name cannot refill it.
        gone = folder.with_name(f"{TEMPORARY_PREFIX}gone-{secrets.token_hex(4)}")
        with suppress(OSError):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    # matplotlib would wait five seconds for a killed process's lock, each time, and then warn.
    for lock in (paths.CACHE / "matplotlib").glob("*.matplotlib-lock"):
        lock.unlink(missing_ok=True)
    for own in (paths.build_folder(build), paths.processed_of(build)):
        files.sweep(own)
