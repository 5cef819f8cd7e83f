"""`make audit`: which versions of `requirements.lock` are known to be vulnerable.

pip-audit asks a public database about every package of the lock; nothing is installed, and no other is looked at. What
it could not ask about is said: an answer that is missing is none.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from iucresearch import paths
from iucresearch.errors import InputError
from iucresearch.package import read_text

LOCK = paths.ROOT / "requirements.lock"
NONE, VULNERABLE, NOT_KNOWN = 0, 1, 2
#: Seconds that one answer may take.
_PATIENCE = 15
#: What stands before the reason in the last line of a program that failed.
_BEFORE = re.compile(r"^(?:[A-Z]+:)?(?:[\w.]+:)*\s*")


@dataclass
class Found:
    """What the database knows of a lock.

    Attributes
    ----------
    checked
        How many packages it was asked about.
    vulnerable
        One line a vulnerability: package, version, id, and what mends it.
    unchecked
        Packages that it does not know, each with the reason.
    """

    checked: int = 0
    vulnerable: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


def audited(lock: Path = LOCK) -> Found:
    """Ask pip-audit about a lock.

    Raises
    ------
    InputError
        If the lock is missing, or the database could not be reached.
    """
    read_text(lock, "run make lock")
    if not find_spec("pip_audit"):
        raise InputError("pip-audit is not installed", remedy="run make install")
    options = ["--requirement", str(lock), "--require-hashes", "--disable-pip", "--format", "json"]
    options += ["--progress-spinner", "off", "--timeout", str(_PATIENCE)]
    # Its own cache would lie in the user's home.
    options += ["--cache-dir", str(paths.CACHE / "pip-audit")]
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *options], capture_output=True, text=True, check=False, cwd=paths.ROOT
    )
    return read_report(done.stdout, done.stderr)


def read_report(report: str, said: str = "") -> Found:
    """Return what a report of pip-audit tells.

    Parameters
    ----------
    report
        Its standard output, JSON where it could ask.
    said
        What else it said; the last line is why it could not.

    Raises
    ------
    InputError
        If the report is none.
    """
    reason = ""
    found = Found()
    try:
        packages = json.loads(report)["dependencies"]
        for one in packages:
            if "skip_reason" in one:
                found.unchecked.append(f"{one['name']}: {one['skip_reason']}")
                continue
            found.checked += 1
            for vulnerability in one["vulns"]:
                fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
                found.vulnerable.append(f"{one['name']} {one['version']}: {vulnerability['id']}, fixed in {fixed}")
    except (ValueError, LookupError, TypeError):
        lines = [line for line in said.splitlines() if line.strip()]
        reason = _BEFORE.sub("", lines[-1]) if lines else "pip-audit said nothing"
    if found.unchecked and not found.checked:
        # Where it knows none of them, somebody else has answered.
        reason = f"no package is known to whoever answered; the first: {found.unchecked[0]}"
    if reason:
        raise InputError(
            f"make audit could not reach its data ({reason})",
            expected="a network with the database that pip-audit asks",
            remedy="Nothing is known about the lock: run it again with a network",
        )
    return found


def audit_lock() -> int:
    """Print which versions are vulnerable; return 0 if none is known to be, 1 if some are, 2 if that is not known."""
    paths.CACHE.mkdir(exist_ok=True)
    found = audited()
    for line in found.vulnerable:
        print(line)
    if found.unchecked:
        print(f"iucresearch: nothing is known of {'; '.join(found.unchecked)}", file=sys.stderr)
    print(
        f"{len(found.vulnerable)} known vulnerabilities in {found.checked} packages of {paths.shown(LOCK)}"
        + (f"; {len(found.unchecked)} could not be checked" if found.unchecked else "")
    )
    if found.vulnerable:
        return VULNERABLE
    return NOT_KNOWN if found.unchecked else NONE
