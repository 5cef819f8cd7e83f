"""`make checksums`: renew the SHA-256 of every raw file in its descriptor, once the content is in order."""

from __future__ import annotations

import json
from pathlib import Path

from reissue.core import datapackage, paths
from reissue.core.datapackage import RESTORE, find_stale_checksums
from reissue.core.files import write_text
from reissue.core.validation import Check, read_raw


def renew(check: Check, folder: Path = paths.RAW) -> list[str]:
    """Write the checksums of a folder's files into its descriptor; return the files that had another.

    Raises
    ------
    InputError
        If the content is not in order: then nothing is written.
    """
    read_raw(folder, check)
    stale = find_stale_checksums(folder)
    descriptor = datapackage.read_descriptor(folder, RESTORE)
    for item in descriptor["resources"]:
        item["hash"] = datapackage.hash_file(folder / item["path"])
    if stale:
        write_text(folder / datapackage.DESCRIPTOR, json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n")
    return stale


def renew_checksums(check: Check) -> int:
    """Renew the checksums of data/raw and print which; return 0.

    Raises
    ------
    InputError
        If the content is not in order.
    """
    stale = renew(check)
    print("\n".join(f"Renewed: data/raw/{name}" for name in stale) or "All checksums are up to date.")
    return 0
