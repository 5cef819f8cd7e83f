"""Fingerprints of what a build uses: hashes of contents, never times."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reissue.core import paths

#: Where a cell of prose declares its evidence, in its metadata: `{"rests_on": [ids], "certainty": "certain"}`.
EVIDENCE = "evidence"
#: What a run keeps of a cell's metadata, and what makes a notebook another one.
KEPT_METADATA = ("tags", EVIDENCE)
#: The beginning of a file's place if its package is installed outside of the project.
_INSTALLED = "site-packages/"
#: The parts of a statement that hold statements.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
#: The fingerprint of a missing file: a step that looked for a file in vain depends on it, too.
MISSING = ""


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def file_fingerprint(place: str) -> str:
    """Return the fingerprint of a file by its place in the project; a notebook's stored outputs do not count."""
    path = paths.ROOT / place
    if place.startswith(_INSTALLED):
        inside = Path(place).relative_to(_INSTALLED)
        path = _find_package(inside.parts[0]).parent / inside
    try:
        content = path.read_bytes()
    except OSError:
        return MISSING
    return digest(_cells(content) if path.suffix == ".ipynb" else content)


def folder_fingerprint(place: str) -> str:
    """Return the fingerprint of a folder: the names in it."""
    try:
        names = sorted(path.name for path in (paths.ROOT / place).iterdir() if not is_ignored(path.name))
    except OSError:
        return MISSING
    return digest("\0".join(names).encode())


def table_fingerprints(folder: Path, *, by_checksum: bool = False) -> dict[str, str]:
    """Return the fingerprint of each table of a folder: its dictionary and its rows.

    With `by_checksum`, the rows are not read: their checksum in the dictionary represents them.
    """
    found = {}
    for path in sorted(folder.glob("datapackage*.json")):
        for table in _json(path.read_bytes()).get("resources", []):
            about = {name: value for name, value in table.items() if by_checksum or name != "hash"}
            rows = "" if by_checksum else file_fingerprint(place_of(folder / str(table.get("path"))))
            found[str(table.get("name"))] = digest(json.dumps([about, rows], sort_keys=True).encode())
    return found


def place_of(path: Path) -> str:
    """Return the place of a file in the project, or in a package that is installed elsewhere."""
    if path.is_relative_to(paths.ROOT):
        return path.relative_to(paths.ROOT).as_posix()
    # Folders of templates and catalogues are no packages: find the nearest package above them first.
    package = next(folder for folder in path.parents if (folder / "__init__.py").exists())
    folder = next(folder for folder in package.parents if not (folder / "__init__.py").exists())
    return _INSTALLED + path.relative_to(folder).as_posix()


def module_sources(modules: Iterable[str], packages: Iterable[str]) -> set[str]:
    """Return the places of modules and of all modules of some packages that they import, directly or not."""
    packages = frozenset(packages)
    found: dict[str, Path] = {}
    left = list(modules)
    while left:
        name = left.pop()
        path = _find_source(name)
        if name in found or path is None:
            continue
        found[name] = path
        parents = [name.rpartition(".")[0]] if "." in name else []
        left += [*parents, *(one for one in _list_imports(path.read_bytes()) if one.partition(".")[0] in packages)]
    return {place_of(path) for path in found.values()}


def package_data(package: str) -> set[str]:
    """Return the places of a package's files that are no modules: templates, catalogues, schemas."""
    return {place_of(path) for path in list_files(_find_package(package)) if path.suffix != ".py"}


def files_below(place: str) -> set[str]:
    """Return the places of all files of a folder and those below it, without ignored ones."""
    return {place_of(path) for path in list_files(paths.ROOT / place)}


def list_files(folder: Path) -> list[Path]:
    """Return the files of a folder and those below it, without what Python, editors and desktops put there."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if not any(map(is_ignored, path.relative_to(folder).parts))]


def is_ignored(name: str) -> bool:
    """Return whether a file or folder of this name is no input of a build."""
    return name.startswith(".") or name == "__pycache__"


def _find_package(name: str) -> Path:
    return Path(str(find_spec(name).origin)).parent  # type: ignore[union-attr]


@cache
def _find_source(module: str) -> Path | None:
    """Return the source file of a module without importing it; None if there is none."""
    spec = find_spec(module.partition(".")[0])
    if spec is None or spec.origin is None:
        return None
    base = Path(spec.origin).parent.joinpath(*module.split(".")[1:])
    return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()), None)


@cache
def _list_imports(source: bytes) -> tuple[str, ...]:
    """Return the modules that a source imports, except for type checkers; an imported name may be a module, too."""
    found: list[str] = []
    left: list[ast.AST] = [ast.parse(source)]
    while left:
        node = left.pop()
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            # Expressions, which are most of a source, hold no imports.
            left += (one for part in _BLOCKS for one in getattr(node, part, ()))
    return tuple(found)


def _cells(content: bytes) -> bytes:
    """Return each cell's id, kind, kept metadata and source; all of the content, if it is no notebook."""
    cells = _json(content).get("cells")
    if not isinstance(cells, list):
        return content
    kept = [
        [
            *(cell.get("id"), cell.get("cell_type"), "".join(cell.get("source", ""))),
            *(cell.get("metadata", {}).get(name) for name in KEPT_METADATA),
        ]
        for cell in cells
    ]
    return json.dumps(kept).encode()


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
