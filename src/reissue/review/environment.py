"""Compare this environment with the lock: Python, the version of every package, and the content of every file."""

from __future__ import annotations

import base64
import hashlib
import platform
import re
import sysconfig
import tomllib
from collections.abc import Mapping
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
    faults = [] if SpecifierSet(wanted).contains(python) else [f"Python is {python}; the project needs {wanted}"]
    for name, version in locked.items():
        package = installed.get(name)
        if package is None or package.version != version:
            faults.append(f"{name} is {package.version if package else 'missing'}; the lock has {version}")
        elif edited := _find_edited_files(package):
            faults.append(f"{name} {version} was edited after its installation: {', '.join(edited)}")
    faults += [f"{name} belongs to no package" for name in _find_unlisted_files(Path(site_packages), installed)]
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


def _find_edited_files(package: Distribution) -> list[str]:
    """Return the files of a package whose content is not what its RECORD says."""
    edited = []
    for file in package.files or ():
        if file.hash is not None:
            path = Path(str(file.locate()))
            found = hashlib.new(file.hash.mode, path.read_bytes()).digest() if path.is_file() else b""
            if base64.urlsafe_b64encode(found).decode().rstrip("=") != file.hash.value:
                edited.append(str(file))
    return edited


def _find_unlisted_files(folder: Path, packages: Mapping[str, Distribution]) -> list[str]:
    """Return the files in a folder of packages that none of them lists. Python runs its `.pth` files at every start."""
    listed = {Path(str(file.locate())) for package in packages.values() for file in package.files or ()}
    found = (path for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found if path not in listed)
