"""Compare this environment with the lock: Python, the version of every package, and the content of every file."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import platform
import re
import sysconfig
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from reissue.core import datapackage, paths, report

LOCK = paths.ROOT / "requirements.lock"
SITE_PACKAGES = sysconfig.get_path("purelib")
_HASH = re.compile(r"\s--hash=\S+")


@dataclass(frozen=True)
class Environment:
    """Python and its packages, compared with the lock: each difference is a fault, in words.

    `checked` counts the packages that the lock has for this Python and system; `beyond` has those that it lacks.
    """

    python: str
    wanted: str
    checked: int
    faults: tuple[str, ...]
    beyond: tuple[str, ...]


def check_environment(lock: Path = LOCK, site_packages: str = SITE_PACKAGES) -> Environment:
    """Compare this Python and its packages with a lock.

    Every file is compared with the hash in its package's RECORD, which takes some seconds.
    """
    python = platform.python_version()
    wanted = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    locked = read_lock(lock)
    installed = {str(canonicalize_name(one.name)): one for one in distributions(path=[site_packages])}
    records = {name: _read_record(package) for name, package in installed.items()}
    with ThreadPoolExecutor() as pool:
        edited = dict(zip(records, pool.map(_find_edited_files, records.values()), strict=True))
    faults = [] if SpecifierSet(wanted).contains(python) else [f"Python is {python}; the project needs {wanted}"]
    for name, version in locked.items():
        if name not in installed or installed[name].version != version:
            faults.append(
                f"{name} is {installed[name].version if name in installed else 'missing'}; the lock has {version}"
            )
    for name, places in edited.items():
        faults += [f"{os.path.relpath(path, site_packages)} is not as {name} installed it" for path in places]
    # Files that no record lists: Python runs its `.pth` files at every start.
    found = {os.path.join(place, name) for place, _, names in os.walk(site_packages) for name in names}
    for path in sorted(found.difference(*records.values())):
        if not path.endswith(".pyc"):
            faults.append(f"{os.path.relpath(path, site_packages)} belongs to no package")
    beyond = sorted(installed.keys() - locked.keys() - {report.package})
    return Environment(python, wanted, len(locked), tuple(faults), tuple(beyond))


def read_lock(lock: Path) -> dict[str, str]:
    """Return the version of every package that a lock has for this Python and system."""
    found = {}
    text = datapackage.read_text(lock, datapackage.RESTORE).replace("\\\n", " ")
    for line in text.splitlines():
        entry = _HASH.sub("", line).strip()
        if entry and not entry.startswith("#"):
            pinned = Requirement(entry)
            if pinned.marker is None or pinned.marker.evaluate():
                found[canonicalize_name(pinned.name)] = str(pinned.specifier).removeprefix("==")
    return dict(sorted(found.items()))


def _read_record(package: Distribution) -> dict[str, str]:
    """Return the hash of each file of a package by its path; empty for files without one."""
    rows = csv.reader((package.read_text("RECORD") or "").splitlines())
    return {os.path.normpath(str(package.locate_file(row[0]))): row[1] for row in rows}


def _find_edited_files(record: Mapping[str, str]) -> list[str]:
    """Return the files of a package that are missing or do not have the hash of its record."""
    return [path for path, hash_ in record.items() if hash_ and not _has_hash(path, *hash_.split("=", 1))]


def _has_hash(path: str, algorithm: str, expected: str) -> bool:
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, algorithm).digest()
    return base64.urlsafe_b64encode(found).decode().rstrip("=") == expected
