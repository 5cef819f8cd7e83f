"""The atomic writer: a reader sees the old file or the new one, never a part of either."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reissue.core import paths
from reissue.core.errors import one_line

_SUFFIX = ".part"
_REMEDY = "Make room or change the permissions"
#: Something else is in a file's place, or a file is in a folder's place.
_REMEDIES = dict.fromkeys((errno.EISDIR, errno.ENOTDIR, errno.EEXIST), "Move away what is in its place")


@contextmanager
def replace_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file beside `path` for writing; move it into place when the block ends, remove it if the block fails.

    Missing folders are made. If `path` cannot be written, the OSError names it, and the old file is kept.
    """
    in_block = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        name = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_SUFFIX}")
        # Readable for everybody that the umask allows, unlike what mkstemp makes.
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                in_block = True
                yield file
                in_block = False
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            name.unlink(missing_ok=True)
            raise
    except OSError as error:
        # A file that the block reads has a name of its own.
        if not (in_block and error.filename):
            error.filename, error.filename2 = str(path), None
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file's whole content, as `replace_file` does."""
    with replace_file(path) as file:
        file.write(content)


def write_text(path: Path, content: str) -> None:
    """Write text as UTF-8 with LF line ends on every platform."""
    write_bytes(path, content.encode("utf-8"))


def sweep(folder: Path) -> None:
    """Remove what writers that were killed have left in a folder and in those below it."""
    for part in folder.rglob(f".*{_SUFFIX}"):
        part.unlink(missing_ok=True)


def describe_refusal(error: OSError) -> str:
    """Describe in one line what the disk refused, and what to do."""
    where = f"{paths.display_path(Path(error.filename))}: " if error.filename else ""
    return one_line(f"{where}{error.strerror or error}. {_REMEDIES.get(error.errno or 0, _REMEDY)}.")
