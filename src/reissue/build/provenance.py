"""The circumstances of a build: `build.json`, which no page repeats, so that pages stay the same."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reissue.build.order import read_order
from reissue.build.records import read_record
from reissue.core import paths
from reissue.core.files import write_text


def write_build_record(build: str, seconds: Mapping[str, float]) -> None:
    """Write the `build.json` of a build: commit, dirty or not, date, times, machine, and what each notebook used.

    `seconds` has the time of each notebook that ran; those of the others stay as they are.
    """
    path = paths.build_folder(build) / "build.json"
    try:
        times = dict(json.loads(path.read_text(encoding="utf-8"))["times"])
    except (OSError, ValueError, KeyError, TypeError):
        times = {}
    records = {stem: record for stem in read_order().needs if (record := read_record(build, stem))}
    about = {
        **read_commit(paths.ROOT),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "times": {**times, **{stem: round(value, 1) for stem, value in seconds.items()}},
        "machine": describe_machine(),
        "notebooks": {stem: {"ran": stem in seconds, **asdict(record)} for stem, record in records.items()},
    }
    write_text(path, json.dumps(about, indent=2) + "\n")


def read_commit(root: Path) -> dict[str, Any]:
    """Return the commit of a checkout and whether files differ from it; both None without git or a checkout."""
    top, head = _run_git(root, "rev-parse", "--show-toplevel"), _run_git(root, "rev-parse", "HEAD")
    # An archive that was unpacked inside another checkout has no commit.
    if head is None or top is None or Path(top).resolve() != root.resolve():
        return {"commit": None, "dirty": None}
    changed = _run_git(root, "status", "--porcelain")
    return {"commit": head, "dirty": None if changed is None else bool(changed)}


def list_tracked_files(root: Path, *arguments: str) -> list[str]:
    """Return the names that a git command such as `ls-files` lists for a checkout; none without git."""
    return [name for name in (_run_git(root, *arguments, "-z") or "").split("\0") if name]


def describe_machine() -> dict[str, Any]:
    """Return what a build's times and drawings may depend on."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def describe_processor() -> str:
    """Return the processor's name; empty if the system does not give it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux
        return platform.processor()
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.processor()


def _run_git(root: Path, *arguments: str) -> str | None:
    # In a git hook, GIT_DIR would point to another checkout.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        answer = subprocess.run(
            ["git", "--no-optional-locks", *arguments],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
