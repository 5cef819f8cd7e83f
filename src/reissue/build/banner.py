"""What stands at the top of every page of a build that is not made from the report alone."""

from __future__ import annotations

from reissue.core import files, paths


def write(build: str, notice: str) -> None:
    """Keep a build's notice for those who write pages into it later; none is kept where there is none."""
    path = paths.build_folder(build) / ".made" / "notice"
    if notice:
        files.write_text(path, notice)
    else:
        path.unlink(missing_ok=True)


def read(build: str) -> str:
    """Return a build's notice, empty where it has none."""
    path = paths.build_folder(build) / ".made" / "notice"
    return path.read_text(encoding="utf-8") if path.exists() else ""
