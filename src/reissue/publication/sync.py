"""Files outside this package that repeat its metadata: CITATION.cff, and a part of data/raw/datapackage.json."""

from __future__ import annotations

import json
from pathlib import Path

from reissue.core import datapackage, paths
from reissue.core.datapackage import RESTORE, Descriptor
from reissue.core.files import write_text
from reissue.publication.cff import citation_cff
from reissue.publication.metadata import Metadata, original_name, original_year

#: What a resource may repeat of its package.
_SHARED = ("licenses", "sources")


def build_repeated_files(about: Metadata, root: Path) -> dict[Path, str]:
    """Return each file that repeats the metadata, as it should read.

    Parameters
    ----------
    about
        Metadata of the edition.
    root
        The project's folder.

    Raises
    ------
    InputError
        If the descriptor of the raw tables is missing or is not JSON.
    """
    raw = root / paths.RAW.relative_to(paths.ROOT)
    found = datapackage.read_descriptor(raw, RESTORE)
    return {
        root / "CITATION.cff": citation_cff(about),
        raw / datapackage.DESCRIPTOR: json.dumps(sync_descriptor(about, found), ensure_ascii=False, indent=2) + "\n",
    }


def sync_descriptor(about: Metadata, found: Descriptor) -> Descriptor:
    """Return the descriptor of the raw tables with what the metadata says of them.

    That is name, title, description, licence and source of the package; licence and source of a resource
    follow where they were the package's. All else, and the order, stays.
    """
    original, licence = about["original"], about["licences"]["data"]
    source = {"title": f"{original_name(about)} ({original_year(about)})"}
    said = {
        **about["data"],
        "licenses": [{"name": licence["id"], "title": licence["name"]}],
        "sources": [source | ({"doi": original["DOI"]} if "DOI" in original else {})],
    }
    resources = [
        {**item, **{name: said[name] for name in _SHARED if name in item and item[name] == found.get(name)}}
        for item in found["resources"]
    ]
    return {**found, **said, "resources": resources}


def renew(about: Metadata, root: Path) -> list[Path]:
    """Write the files that are not in step with the metadata; return them.

    Parameters
    ----------
    about
        Metadata of the edition.
    root
        The project's folder.

    Raises
    ------
    InputError
        If the descriptor of the raw tables is missing or is not JSON.
    """
    stale = {path: text for path, text in build_repeated_files(about, root).items() if not _reads(path, text)}
    for path, text in stale.items():
        write_text(path, text)
    return list(stale)


def _reads(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()


def renew_metadata(about: Metadata) -> int:
    """Renew the files of this project that repeat the metadata, and print which; return 0.

    Raises
    ------
    InputError
        As `renew` does.
    """
    renewed = [paths.display_path(path) for path in renew(about, paths.ROOT)]
    print("\n".join(f"Renewed: {path}" for path in renewed) or "CITATION.cff and the data package are up to date.")
    return 0
