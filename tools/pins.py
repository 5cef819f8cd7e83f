"""Entries of a lock: a package at one version, and the Pythons and systems that it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from packaging.markers import Marker
from packaging.utils import canonicalize_name

#: The systems that a lock serves, as markers name them.
_SYSTEMS = (
    {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
)
_MACHINES = ("x86_64", "arm64")
_CPYTHON = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}


@dataclass(frozen=True)
class Pin:
    """One entry of a lock: a package at one version, for the Pythons and systems that its marker names."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def __str__(self) -> str:
        """Return the entry as pip reads it."""
        return f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")

    @property
    def package(self) -> str:
        """The package's name, spelt in one way, without extras."""
        return canonicalize_name(self.name.partition("[")[0])

    @property
    def written(self) -> str:
        """The entry with its hashes, as a lock has it."""
        return " \\\n    ".join([str(self), *(f"--hash={one}" for one in self.hashes)]) + "\n"

    def serves(self, environment: dict[str, str]) -> bool:
        """Whether the entry is for a Python on a system."""
        return not self.marker or Marker(self.marker).evaluate(environment)


def pins(lock: str) -> list[Pin]:
    """Return a lock's entries in their order.

    Raises
    ------
    ValueError
        Where a line is neither a comment nor `name==version`, with a marker and hashes or without.
    """
    entries = []
    for number, line in _joined(lock):
        found = re.fullmatch(r"([\w.\-\[\],]+)==([^\s;]+)(?: ; (.*?))?((?: --hash=sha256:[0-9a-f]{64})*)", line)
        if not found:
            raise ValueError(f"line {number}: {line[:80]!r} is no name==version with its hashes")
        name, version, marker, hashes = found.groups()
        entries.append(Pin(name, version, marker or "", tuple(hashes.replace("--hash=", "").split())))
    return entries


def readable(lock: str) -> list[Pin]:
    """Return the entries of a lock whose unreadable lines are told elsewhere."""
    try:
        return pins(lock)
    except ValueError:
        return []


def versions(lock: str) -> dict[str, list[str]]:
    """Return the versions that a lock has of each package: several where systems differ."""
    found: dict[str, list[str]] = {}
    for pin in readable(lock):
        found.setdefault(pin.package, []).append(pin.version)
    return found


def beyond(lock: str, wider: str, python: str) -> list[Pin]:
    """Return the entries of a wider lock that some Python on some system does not have by the lock already.

    Parameters
    ----------
    lock, wider
        Two locks; what both have is of one version.
    python
        The Pythons that they serve: `>=3.N,<3.M`.
    """
    first, end = map(int, re.fullmatch(r">=3\.(\d+),<3\.(\d+)", python).groups())
    environments = [
        {
            **_CPYTHON,
            **system,
            "platform_machine": machine,
            "python_version": f"3.{n}",
            "python_full_version": f"3.{n}.9",
        }
        for n, system, machine in product(range(first, end), _SYSTEMS, _MACHINES)
    ]
    there: dict[str, list[Pin]] = {}
    for pin in pins(lock):
        there.setdefault(pin.package, []).append(pin)

    def is_new(pin: Pin, environment: dict[str, str]) -> bool:
        return pin.serves(environment) and not any(one.serves(environment) for one in there.get(pin.package, []))

    return [pin for pin in pins(wider) if any(is_new(pin, one) for one in environments)]


def _joined(lock: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, continued ones joined, without comments."""
    start, parts = 0, []
    for number, line in enumerate(lock.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        start = start if parts else number
        parts.append(line.rstrip("\\").strip())
        if not line.endswith("\\"):
            yield start, " ".join(parts)
            parts = []
