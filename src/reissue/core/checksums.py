"""`make checksums`: update the SHA-256 of every raw file in its descriptor, once the content is valid."""

from __future__ import annotations

import json
from pathlib import Path

from reissue.core import datapackage, paths
from reissue.core.datapackage import RESTORE, find_stale_checksums
from reissue.core.files import write_text
from reissue.core.validation import Check, read_raw


def update_checksums(check: Check, folder: Path = paths.RAW) -> list[str]:
    """Write the checksums of a folder's files into its descriptor; return the files whose checksum has changed.

    If the content is not valid, InputError is raised and the descriptor stays as it is.
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
    """Update the checksums of data/raw and print the files whose checksum changed; return the exit code."""
    stale = update_checksums(check)
    print("\n".join(f"Renewed: data/raw/{name}" for name in stale) or "All checksums are up to date.")
    return 0
