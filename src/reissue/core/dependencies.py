"""What this process reads of a project: observed while it reads, not declared.

A kernel of a build observes itself from its first cell on and sends the list to the runner. Other processes, such as
kernels of JupyterLab, are not observed.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Folders of a project whose files are no inputs: environments, caches, Git's own.
_IGNORED = frozenset({".venv", ".cache", ".git", "__pycache__"})
#: Modules that list folders to find modules and packages; `report` lists the modules that were found.
_FINDERS = frozenset({"_frozen_importlib_external", "importlib._bootstrap_external", "importlib.metadata", "pkgutil"})

#: Files that this process opened or tried to open, and folders that it listed: relative to the project, or absolute
#: where they belong to a package that is installed elsewhere.
_files: set[str] = set()
_folders: set[str] = set()
#: Names of the tables that were loaded; raw ones are `raw/NAME`.
tables: set[str] = set()
#: Texts that were looked up in a catalogue: one, or a singular and a plural.
texts: set[tuple[str, ...]] = set()
_paused = threading.local()
#: Folders of observed packages that are installed outside of the project.
_elsewhere: set[str] = set()


def observe(root: str, *packages: str) -> None:
    """Record from now on which files this process opens and which folders it lists, below the project's folder.

    The files of the packages count wherever these are installed. Recording cannot be undone.
    """
    for package in packages:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None and not _is_below(spec.origin, root):
            _elsewhere.add(os.path.dirname(spec.origin))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if not (flags or 0) & (os.O_WRONLY | os.O_RDWR) and (place := _find_place(path, root)):
                _files.add(place)
        elif (
            event in ("os.listdir", "os.scandir")
            and sys._getframe(1).f_globals.get("__name__") not in _FINDERS
            and (place := _find_place(arguments[0] or ".", root))
        ):
            _folders.add(place)

    sys.addaudithook(hook)


@contextmanager
def pause() -> Iterator[None]:
    """Record no file that this thread opens inside the block, which records something finer, such as a table."""
    before = getattr(_paused, "now", False)
    _paused.now = True
    try:
        yield
    finally:
        _paused.now = before


def report(root: str, *packages: str) -> str:
    """Return as JSON what this process has read of a project, and the files of the modules that it imported."""
    modules = [
        (name, str(file)) for name, module in list(sys.modules.items()) if (file := getattr(module, "__file__", None))
    ]
    found: dict[str, set[Any]] = {
        "files": _files,
        "folders": _folders,
        "modules": {file for name, file in modules if name.partition(".")[0] in packages or _find_place(file, root)},
        "tables": tables,
        "texts": texts,
    }
    return json.dumps({name: sorted(values) for name, values in found.items()})


def _find_place(path: object, root: str) -> str:
    """Return an input's path relative to the project or to a package whose changes count; empty if it is no input."""
    if getattr(_paused, "now", False) or not isinstance(path, (str, bytes)):
        return ""
    whole = os.path.abspath(os.fsdecode(path))
    if any(_is_below(whole, folder) for folder in _elsewhere):
        return "" if "__pycache__" in Path(whole).parts else whole
    inside = Path(os.path.relpath(whole, root))
    return "" if inside.parts[:1] == ("..",) or _IGNORED.intersection(inside.parts) else inside.as_posix()


def _is_below(path: str, folder: str) -> bool:
    """Return whether a path is in a folder, but not in an environment inside that folder."""
    inside = Path(path).parts[len(Path(folder).parts) :]
    return Path(path).is_relative_to(folder) and ".venv" not in inside
