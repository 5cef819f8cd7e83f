"""Whether this environment is the one that the lock describes: Python and the version of every package."""

from __future__ import annotations

import platform
import re
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from reissue.core import datapackage, paths, report
from reissue.core.errors import InputError

_HASH = re.compile(r"\s--hash=\S+")


@dataclass(frozen=True)
class Package:
    """A package that is not as the lock says: its name, the version locked, the version here (empty: none)."""

    name: str
    locked: str
    installed: str


@dataclass(frozen=True)
class Environment:
    """The Python that runs, and its packages, against the lock.

    Attributes
    ----------
    python
        Its version.
    wanted
        The versions that the project is for.
    checked
        How many packages the lock has for this Python and system.
    unlike
        Those of them that are not as it says.
    beyond
        Packages that are here and not in it.
    """

    python: str
    wanted: str
    checked: int
    unlike: tuple[Package, ...]
    beyond: tuple[str, ...]

    @property
    def is_locked(self) -> bool:
        """Whether Python is one of the wanted and every package is as the lock says."""
        from packaging.specifiers import SpecifierSet

        return not self.unlike and SpecifierSet(self.wanted).contains(self.python)

    def as_json(self) -> dict[str, Any]:
        """Return it as `review.json` has it."""
        return asdict(self) | {"is_locked": self.is_locked}


def check_environment(lock: Path = paths.ROOT / "requirements.lock") -> Environment:
    """Return this Python and its packages against a lock.

    Raises
    ------
    InputError
        If the lock cannot be read.
    """
    wanted = read_lock(lock)
    unlike = []
    for name, pinned in wanted.items():
        try:
            here = version(name)
        except PackageNotFoundError:
            here = ""
        if here != pinned:
            unlike.append(Package(name, pinned, here))
    there = {canonicalize_name(found.metadata["Name"]) for found in distributions()}
    beyond = sorted(there - set(wanted) - {report.package})
    return Environment(platform.python_version(), _wanted_python(), len(wanted), tuple(unlike), tuple(beyond))


def read_lock(lock: Path) -> dict[str, str]:
    """Return the version of every package that a lock has for this Python and system.

    Raises
    ------
    InputError
        If a line is no `name==version` with hashes.
    """
    found = {}
    text = datapackage.read_text(lock, datapackage.RESTORE).replace("\\\n", " ")
    for number, line in enumerate(text.splitlines(), start=1):
        entry = _HASH.sub("", line).strip()
        if not entry or entry.startswith("#"):
            continue
        try:
            wanted = Requirement(entry)
            (pin,) = wanted.specifier
            if pin.operator != "==":
                raise ValueError(pin.operator)
        except (InvalidRequirement, ValueError):
            raise InputError(
                f"{entry[:80]!r} is no package at one version",
                where=f"{paths.display_path(lock)}, entry {number}",
                expected="name==version with hashes",
                remedy=datapackage.RESTORE,
            ) from None
        if wanted.marker is None or wanted.marker.evaluate():
            found[canonicalize_name(wanted.name)] = pin.version
    return dict(sorted(found.items()))


def _wanted_python() -> str:
    import tomllib

    text = datapackage.read_text(paths.ROOT / "pyproject.toml", datapackage.RESTORE)
    wanted: str = tomllib.loads(text)["project"]["requires-python"]
    return wanted
