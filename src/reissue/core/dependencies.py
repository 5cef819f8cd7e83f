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
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Folders of a project whose files are no inputs: environments, caches, and what git keeps.
_IGNORED = frozenset({".venv", ".cache", ".git", "__pycache__"})
#: Who lists folders to find modules and packages; which modules were found is known otherwise.
_FINDERS = frozenset({"_frozen_importlib_external", "importlib._bootstrap_external", "importlib.metadata", "pkgutil"})

#: Files that were opened, or looked for in vain, and folders that were listed: by their place in the project, or whole
#: where they belong to a package that is installed elsewhere.
_files: set[str] = set()
_folders: set[str] = set()
#: Tables that were loaded, by name: processed ones, and raw ones as `raw/NAME`.
tables: set[str] = set()
#: Texts that were looked up in a catalogue: one, or one for one and one for many.
texts: set[tuple[str, ...]] = set()
_paused = threading.local()
#: Folders of packages outside of the project whose files count as its own.
_elsewhere: set[str] = set()


def observe(root: str, *packages: str) -> None:
    """Note from now on which files this process opens and which folders it lists; it cannot be undone.

    Parameters
    ----------
    root
        The folder of the project whose files count.
    *packages
        Packages whose files count wherever they are installed.
    """
    for package in packages:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None and not _is_below(spec.origin, root):
            _elsewhere.add(os.path.dirname(spec.origin))

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
    """Return where a file or folder is, in the project or in a package elsewhere; empty if it is none of the inputs."""
    if getattr(_paused, "now", False) or not isinstance(path, (str, bytes)):
        return ""
    whole = os.path.abspath(os.fsdecode(path))
    if any(_is_below(whole, folder) for folder in _elsewhere):
        return "" if "__pycache__" in Path(whole).parts else whole
    inside = Path(os.path.relpath(whole, root))
    return "" if inside.parts[:1] == ("..",) or _IGNORED.intersection(inside.parts) else inside.as_posix()


def _is_below(path: str, folder: str) -> bool:
    """Return whether a path is in a folder that is the project's own, not in an environment there."""
    inside = Path(path).parts[len(Path(folder).parts) :]
    return Path(path).is_relative_to(folder) and ".venv" not in inside
