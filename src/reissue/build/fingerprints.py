"""Fingerprints of what a build uses: hashes of contents, never times."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reissue.core import paths

#: What the place of a file begins with that belongs to a package installed outside of the project.
_INSTALLED = "site-packages/"
#: Of a file that is not there: to look for it in vain is to depend on it, too.
MISSING = ""


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def file_fingerprint(place: str) -> str:
    """Return the fingerprint of a file by its place in the project.

    The outputs that a notebook stores are no inputs: to record them again makes no other report.
    """
    path = _path_of(place)
    try:
        content = path.read_bytes()
    except OSError:
        return MISSING
    return digest(_cells(content) if path.suffix == ".ipynb" else content)


def folder_fingerprint(place: str) -> str:
    """Return the fingerprint of a folder: the names in it."""
    try:
        names = sorted(path.name for path in (paths.ROOT / place).iterdir() if not _is_ignored(path))
    except OSError:
        return MISSING
    return digest("\0".join(names).encode())


def table_fingerprints(folder: Path, *, by_checksum: bool = False) -> dict[str, str]:
    """Return the fingerprint of each table of a folder: its dictionary and its rows.

    Parameters
    ----------
    by_checksum
        Whether rows count by the checksum that the dictionary has: who made the tables has written both.
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
    # Folders of templates and catalogues are no packages: the nearest package above them is looked for first.
    package = next(folder for folder in path.parents if (folder / "__init__.py").exists())
    folder = next(folder for folder in package.parents if not (folder / "__init__.py").exists())
    return _INSTALLED + path.relative_to(folder).as_posix()


def module_sources(modules: Iterable[str], packages: Iterable[str]) -> set[str]:
    """Return the places of the modules of some packages that these modules import, and those import, and so on."""
    packages = frozenset(packages)
    found: dict[str, Path] = {}
    left = list(modules)
    while left:
        name = left.pop()
        path = _source(name)
        if name in found or path is None:
            continue
        found[name] = path
        parents = [name.rpartition(".")[0]] if "." in name else []
        imported = (one for one in _imported(path) if one.partition(".")[0] in packages)
        left += [*parents, *imported]
    return {place_of(path) for path in found.values()}


def package_data(package: str) -> set[str]:
    """Return the places of a package's files that are no modules: templates, catalogues, schemas."""
    folder = Path(str(find_spec(package).origin)).parent  # type: ignore[union-attr]
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".py"]
    return {place_of(path) for path in files if not any(map(_is_ignored, (path, *path.relative_to(folder).parents)))}


def files_below(place: str) -> set[str]:
    """Return the places of all files of a folder and those below it, without what editors and desktops put there."""
    files = [path for path in sorted((paths.ROOT / place).rglob("*")) if path.is_file()]
    inside = {path: path.relative_to(paths.ROOT) for path in files}
    return {name.as_posix() for name in inside.values() if not any(_is_ignored(Path(part)) for part in name.parts)}


def content_hash(files: Mapping[str, str], parameters: Mapping[str, Any]) -> str:
    """Return the first letters of a SHA-256 over the fingerprints of all files used, and the parameters."""
    return digest(json.dumps([files, parameters], sort_keys=True).encode())[:16]


def _path_of(place: str) -> Path:
    if not place.startswith(_INSTALLED):
        return paths.ROOT / place
    inside = Path(place).relative_to(_INSTALLED)
    return Path(str(find_spec(inside.parts[0]).origin)).parents[1] / inside  # type: ignore[union-attr]


@cache
def _source(module: str) -> Path | None:
    """Return the source file of a module without importing it; None where there is none of that name."""
    try:
        spec = find_spec(module.partition(".")[0])
    except ValueError:  # __main__
        return None
    if spec is None or spec.origin is None:
        return None
    base = Path(spec.origin).parent.joinpath(*module.split(".")[1:])
    return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()), None)


def _imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports anywhere but for type checkers; a name imported may be a module too."""
    left: list[ast.AST] = [ast.parse(path.read_bytes())]
    while left:
        node = left.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            left += ast.iter_child_nodes(node)


def _cells(content: bytes) -> bytes:
    """Return what of a notebook is run or read: each cell's kind, tags and source; all of it, if it is no notebook."""
    cells = _json(content).get("cells")
    if not isinstance(cells, list):
        return content
    kept = [
        [cell.get("id"), cell.get("cell_type"), cell.get("metadata", {}).get("tags"), "".join(cell.get("source", ""))]
        for cell in cells
    ]
    return json.dumps(kept).encode()


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_ignored(path: Path) -> bool:
    return path.name.startswith(".") or path.name == "__pycache__"
