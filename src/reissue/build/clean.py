"""Remove what builds have made."""

from __future__ import annotations

import shutil

from reissue.build.lock import lock_build
from reissue.core import paths

#: What lies in `reports` and is no part of a build.
_KEPT = ("published", "archive", "bench.json")


def remove_builds() -> int:
    """Remove every build, once none is under way; return 0. What git tracks, archives and measurements stay."""
    with lock_build(""):
        for path in sorted(paths.build_folder().glob("*")):
            if path.name not in _KEPT:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        if paths.processed_of().exists():
            shutil.rmtree(paths.processed_of())
    print("Removed what builds make. The next make report makes it again.")
    return 0
