"""The provenance that every page shows: hashes, versions, parameters, checks; nothing of this machine or moment."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from nbformat import NotebookNode

from reissue.build.fingerprints import list_files
from reissue.build.params import describe_variant, read_defaults, read_variant
from reissue.build.records import LOCK
from reissue.core import datapackage, language, paths
from reissue.core.language import _
from reissue.exhibits.edition import Edition

#: Names and values, in the order of the page.
Panel = list[tuple[str, str]]

#: Packages whose versions may affect numbers, pictures or pages.
_PACKAGES = ("pandas", "numpy", "matplotlib", "seaborn", "papermill", "nbconvert")
_KERNELSPEC = Path(__file__).parent / "kernels" / "kernelspec" / "kernel.json"


def build_panel(edition: Edition, build: str, content_hash: str) -> Panel:
    """Return the provenance of a build's pages; an empty content hash is left out."""
    raw = datapackage.read_descriptor(paths.RAW, datapackage.RESTORE)["resources"]
    matching = len(raw) - len(datapackage.find_stale_checksums(paths.RAW))
    variant = paths.variant_of(build)
    chosen = {**read_defaults(), **read_variant(edition, variant)}
    lock = paths.ROOT / LOCK
    panel = [(_("Configuration"), build or _("published"))]
    if variant:
        panel.append((_("Variant"), f"{variant}: {describe_variant(edition, variant)}"))
    if chosen:
        panel.append((_("Parameters"), ", ".join(f"{name}: {chosen[name]}" for name in sorted(chosen))))
    panel.append((_("Language"), language.languages()[language.current_language()]))
    if content_hash:
        panel.append((_("Content hash"), content_hash))
        panel.append((_("What the hash covers"), _("raw data, notebooks, the source used, parameters and lock")))
    name, text = _("Raw data"), _("{files} files, {matching} as their checksums say; SHA-256 of all {hash}")
    hash_ = _hash_files(list_files(paths.RAW), paths.ROOT)
    panel.append((name, text.format(files=len(raw), matching=matching, hash=hash_)))
    if lock.is_file():
        panel.append((_("Lock"), f"{LOCK}, SHA-256 {_hash_files([lock], paths.ROOT)}"))
    seed = json.loads(_KERNELSPEC.read_text(encoding="utf-8"))["env"]["PYTHONHASHSEED"]
    return [
        *panel,
        (_("Python"), platform.python_version()),
        (_("Packages"), ", ".join(f"{name} {version(name)}" for name in _PACKAGES)),
        (_("Seed"), _("{seed} for hashing; nothing in this report is drawn at random").format(seed=seed)),
    ]


def list_checks(edition: Edition, notebooks: list[NotebookNode], shown: list[str]) -> list[str]:
    """Return the checks that the whole report has passed: a failure would have stopped the build before.

    `notebooks` are the executed ones of all chapters, `shown` the ids of the exhibits on the page.
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
    """Return a hash of the source of an edition and of this package, the same wherever they are installed."""
    folders = [Path(str(resources.files(name))) for name in sorted((package, "reissue"))]
    return "".join(_hash_files(list_files(folder), folder.parent) for folder in folders)


def _hash_files(files: list[Path], root: Path) -> str:
    """Return the first letters of a SHA-256 over the paths and contents of files."""
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]
