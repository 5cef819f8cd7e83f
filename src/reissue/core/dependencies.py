"""What this process reads of a project: observed while it reads, not declared.

A kernel of a build observes itself from its first cell on, and hands the runner the list. Elsewhere, as in JupyterLab,
nothing watches which files are opened.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Folders of a project whose files are no inputs: environments, caches, and what git keeps.
_IGNORED = frozenset({".venv", ".cache", ".git", "__pycache__"})
#: Who lists folders to find modules and packages; which modules were found is known otherwise.
_FINDERS = frozenset({"_frozen_importlib_external", "importlib._bootstrap_external", "importlib.metadata", "pkgutil"})

#: Files of the project that were opened, or looked for in vain; folders that were listed.
_files: set[str] = set()
_folders: set[str] = set()
#: Tables that were loaded, by name: processed ones, and raw ones as `raw/NAME`.
tables: set[str] = set()
#: Texts that were looked up in a catalogue: one, or one for one and one for many.
texts: set[tuple[str, ...]] = set()
_paused = threading.local()


def observe(root: str) -> None:
    """Note from now on which files of a project this process opens and which folders it lists; it cannot be undone."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if not (flags or 0) & (os.O_WRONLY | os.O_RDWR) and (place := _place(path, root)):
                _files.add(place)
        elif (
            event in ("os.listdir", "os.scandir")
            and sys._getframe(1).f_globals.get("__name__") not in _FINDERS
            and (place := _place(arguments[0] or ".", root))
        ):
            _folders.add(place)

    sys.addaudithook(hook)


@contextmanager
def paused() -> Iterator[None]:
    """Note no file that this thread opens inside: what it reads there is noted as something finer, such as a table."""
    before = getattr(_paused, "now", False)
    _paused.now = True
    try:
        yield
    finally:
        _paused.now = before


def report(root: str, *packages: str) -> str:
    """Return as JSON what this process has read of a project, and the source files of the modules that it imported.

    Parameters
    ----------
    root
        The project's folder.
    *packages
        Packages whose modules count wherever they are installed.
    """
    modules = [
        (name, str(file)) for name, module in list(sys.modules.items()) if (file := getattr(module, "__file__", None))
    ]
    found: dict[str, set[Any]] = {
        "files": _files,
        "folders": _folders,
        "modules": {file for name, file in modules if name.partition(".")[0] in packages or _place(file, root)},
        "tables": tables,
        "texts": texts,
    }
    return json.dumps({name: sorted(values) for name, values in found.items()})


def _place(path: object, root: str) -> str:
    """Return where in a project a file or folder is; empty if it is none of its inputs."""
    if getattr(_paused, "now", False) or not isinstance(path, (str, bytes)):
        return ""
    inside = Path(os.path.relpath(os.path.abspath(os.fsdecode(path)), root))
    return "" if inside.parts[:1] == ("..",) or _IGNORED.intersection(inside.parts) else inside.as_posix()
