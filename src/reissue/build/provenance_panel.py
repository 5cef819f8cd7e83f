"""What every page says of its own making: hashes, versions, parameters, checks; nothing of this machine or moment."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from reissue.build.params import describe_variant, read_defaults, read_variant
from reissue.build.records import LOCK
from reissue.core import datapackage, language, paths
from reissue.core.language import _
from reissue.exhibits.edition import Edition

#: Names and values, as they stand on the page.
Panel = list[tuple[str, str]]

#: Packages whose versions may show in numbers, pictures or pages.
_PACKAGES = ("pandas", "numpy", "matplotlib", "seaborn", "papermill", "nbconvert")
_SEED = "PYTHONHASHSEED"
_SHORT = 16


def build_panel(edition: Edition, build: str, content_hash: str) -> Panel:
    """Return what the pages of a build say of their making.

    Parameters
    ----------
    content_hash
        Of all that the build is made from; it is left out where it is empty.
    """
    raw = datapackage.read_descriptor(paths.RAW, datapackage.RESTORE)["resources"]
    stale = datapackage.find_stale_checksums(paths.RAW)
    variant = paths.variant_of(build)
    chosen = {**read_defaults(), **read_variant(edition, variant)}
    return [
        (_("Configuration"), build or _("published")),
        *([(_("Variant"), f"{variant}: {describe_variant(edition, variant)}")] if variant else []),
        *([(_("Parameters"), ", ".join(f"{name}: {chosen[name]}" for name in sorted(chosen)))] if chosen else []),
        (_("Language"), language.languages()[language.current_language()]),
        *(
            [
                (_("Content hash"), content_hash),
                (_("What the hash covers"), _("raw data, notebooks, the source used, parameters and lock")),
            ]
            if content_hash
            else []
        ),
        (
            _("Raw data"),
            _("{files} files, {matching} as their checksums say; SHA-256 of all {hash}").format(
                files=len(raw), matching=len(raw) - len(stale), hash=_digest(_files(paths.RAW))
            ),
        ),
        *([(_("Lock"), f"{LOCK}, SHA-256 {_digest([_lock()])}")] if _lock().is_file() else []),
        (_("Python"), platform.python_version()),
        (_("Packages"), ", ".join(f"{name} {version(name)}" for name in _PACKAGES)),
        (_("Seed"), _("{seed} for hashing; nothing in this report is drawn at random").format(seed=_seed())),
    ]


def list_checks(edition: Edition, notebooks: list[NotebookNode], shown: list[str]) -> list[str]:
    """Return the checks that the whole report has passed; one that fails stops the build before this.

    Parameters
    ----------
    edition
        Whose exhibits are counted.
    notebooks
        The executed ones, of all chapters.
    shown
        Ids of the exhibits on the page.
    """
    cells = [c for n in notebooks for c in n.cells if c.cell_type == "code" and c.source.strip()]
    run = sum(cell.execution_count is not None for cell in cells)
    raw = datapackage.list_tables(datapackage.read_descriptor(paths.RAW, datapackage.RESTORE))
    own = {item.id for item in edition.exhibits if not item.is_added}
    return [
        _("{number} raw tables hold what their schema allows").format(number=len(raw)),
        _("{run} of {number} cells ran to their end, each notebook in a fresh process").format(
            run=run, number=len(cells)
        ),
        _("{shown} of {number} exhibits are here once, each with data, origin and, if drawn, a description").format(
            shown=len(own.intersection(shown)), number=len(own)
        ),
        *([_("the statements about the survey can hold together")] if edition.questionnaire else []),
    ]


@cache
def hash_source(package: str) -> str:
    """Return the first letters of a SHA-256 over the source of an edition and of this package, wherever they are."""
    total = hashlib.sha256()
    for name in sorted((package, "reissue")):
        folder = Path(str(resources.files(name)))
        for path in _files(folder):
            place = path.relative_to(folder.parent).as_posix()
            total.update(place.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:_SHORT]


def _digest(found: list[Path]) -> str:
    total = hashlib.sha256()
    for path in found:
        total.update(path.relative_to(paths.ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:_SHORT]


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder and those below it, without what Python, editors and desktops put there."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [p for p in found if not any(n[0] == "." or n == "__pycache__" for n in p.relative_to(folder).parts)]


def _lock() -> Path:
    return paths.ROOT / LOCK


def _seed() -> str:
    """Return the seed that every kernel gets."""
    spec: dict[str, Any] = json.loads(
        (Path(__file__).parent / "kernels" / "kernelspec" / "kernel.json").read_text("utf-8")
    )
    seed: str = spec["env"][_SEED]
    return seed
