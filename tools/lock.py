"""Write the locks and `environment.yml` from `pyproject.toml`, and tell where the files disagree.

`make lock` runs it, inside `.venv`. pyproject.toml is what people edit; `requirements.lock` fixes every package for
every supported Python and system, with hashes; `requirements-uv.lock` fixes the installer; `environment.yml` is the
way by conda to the same versions. `drifts` is what the tests ask.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pins import beyond, pins, readable, versions

from reissue.core.files import write_text

ROOT = Path(__file__).resolve().parents[1]
UV = ROOT / ".cache" / "uv" / "bin" / "uv"

LOCK_HEADER = """\
# Written by `make lock` from pyproject.toml, for Python {python}; not to be edited by hand.
# Every package for every supported Python and system. pip reads it too:
#   python -m pip install --no-deps --require-hashes -r requirements.lock
"""
UV_HEADER = "# Written by `make lock`: the installer that `make` fetches with pip; not to be edited by hand.\n"
BENCH_HEADER = """\
# Written by `make lock` from pyproject.toml, for Python {python}; not to be edited by hand.
# What `make bench` compares with, but for what requirements.lock has; installed when a row asks for it.
"""
ENVIRONMENT_HEADER = """\
# Written by `make lock` from pyproject.toml and requirements.lock; not to be edited by hand.
# The way by conda to the same versions, and what Binder builds from (it needs no other file):
#   conda env create --file environment.yml
#   conda activate iucresearch
#   jupyter lab
# `make` needs none of this: it makes its own .venv from requirements.lock, where each file has its hash too.
"""


#: Asked for by what the bench compares with, imported by none of it, and to be had only as source.
LEFT_OUT = ("connection-pool",)


@dataclass(frozen=True)
class Files:
    """The texts of the files that must agree."""

    project: str
    lock: str
    uv_lock: str
    bench_lock: str
    environment: str

    @classmethod
    def read(cls, root: Path = ROOT) -> Files:
        """Return the texts as they are on disk."""
        locks = ("requirements.lock", "requirements-uv.lock", "requirements-bench.lock")
        names = ("pyproject.toml", *locks, "environment.yml")
        return cls(*((root / name).read_text(encoding="utf-8") for name in names))


def requirements(project: str) -> list[Requirement]:
    """Return what pyproject.toml asks for, to build, to run and to develop."""
    data = tomllib.loads(project)
    asked = data["project"]["dependencies"] + data["dependency-groups"]["dev"] + data["build-system"]["requires"]
    return [Requirement(text) for text in asked]


def compared(project: str) -> list[Requirement]:
    """Return what pyproject.toml asks for to compare with, and for nothing else."""
    return [Requirement(text) for text in tomllib.loads(project)["dependency-groups"]["bench"]]


def environment(project: str, lock: str) -> str:
    """Return environment.yml as it follows from the other two."""
    python = tomllib.loads(project)["project"]["requires-python"]
    lines = ["name: iucresearch", "channels: [conda-forge, nodefaults]", "dependencies:", f'  - "python{python}"']
    lines += ["  - pip", "  - pip:"]
    lines += [f'      - "{pin}"' for pin in pins(lock)]
    return ENVIRONMENT_HEADER + "\n".join([*lines, "      - -e .", ""])


def drifts(files: Files) -> list[str]:
    """Return one line for each place where the files disagree; none where all is well."""
    return [
        *_drifts_of("requirements.lock", files.lock, files.project, requirements(files.project)),
        *_drifts_of_uv(files.uv_lock),
        *_drifts_of("requirements-bench.lock", files.bench_lock, files.project, compared(files.project)),
        *_drifts_of_bench(files),
        *_drifts_of_environment(files),
    ]


def _drifts_of(name: str, lock: str, project: str, wanted: list[Requirement]) -> Iterator[str]:
    """Yield where a lock is not what pyproject.toml asks for."""
    python = tomllib.loads(project)["project"]["requires-python"]
    if f"for Python {python};" not in lock:
        yield f"{name}: not made for Python {python}, which pyproject.toml asks for"
    yield from _flaws(name, lock)
    locked = versions(lock)
    for asked in wanted:
        found = locked.get(canonicalize_name(asked.name), [])
        if not found:
            yield f"{name}: {asked.name} is missing, which pyproject.toml asks for"
        for version in found:
            if not asked.specifier.contains(version, prereleases=True):
                yield f"{name}: {asked.name} {version}, but pyproject.toml asks for {asked.specifier}"


def _drifts_of_bench(files: Files) -> Iterator[str]:
    """Yield what stands in the way of a package of `.venv`, or is there already."""
    name, locked, there = "requirements-bench.lock", versions(files.lock), readable(files.lock)
    for pin in readable(files.bench_lock):
        if pin.version not in locked.get(pin.package, [pin.version]):
            yield f"{name}: {pin}, but requirements.lock has {' and '.join(locked[pin.package])}"
        elif any(one.package == pin.package and one.marker in ("", pin.marker) for one in there):
            yield f"{name}: {pin} is in requirements.lock already"


def _drifts_of_uv(lock: str) -> Iterator[str]:
    yield from _flaws("requirements-uv.lock", lock)
    if [pin.name for pin in readable(lock)] != ["uv"]:
        yield "requirements-uv.lock: should hold uv and nothing else"


def _drifts_of_environment(files: Files) -> Iterator[str]:
    name = "environment.yml"
    if "://" in files.environment:
        yield f"{name}: names an address"
    found = yaml.safe_load(files.environment)["dependencies"]
    python = "python" + tomllib.loads(files.project)["project"]["requires-python"]
    conda = [entry for entry in found if isinstance(entry, str)]
    if conda != [python, "pip"]:
        yield f"{name}: conda installs {', '.join(conda)}, but pyproject.toml asks for {python} (and pip)"
    listed = [line for entry in found if isinstance(entry, dict) for line in entry["pip"]]
    wanted = [*map(str, readable(files.lock)), "-e ."]
    yield from (f"{name}: {line} is not in requirements.lock" for line in listed if line not in wanted)
    yield from (f"{name}: {line} of requirements.lock is missing" for line in wanted if line not in listed)


def _flaws(name: str, lock: str) -> Iterator[str]:
    """Yield what must not be in any lock: an address, a line of another kind, an entry without a hash."""
    for number, line in enumerate(lock.splitlines(), 1):
        if "://" in line or re.search(r"\s@\s|^-|git\+", line):
            yield f"{name}: line {number} names an address or an option: {line.strip()[:80]}"
    try:
        yield from (f"{name}: {pin} has no hash" for pin in pins(lock) if not pin.hashes)
    except ValueError as error:
        yield f"{name}: {error}"


def compiled(source: Path | str, old: str, *options: str) -> str:
    """Return uv's lock for a pyproject.toml or for one requirement, the old lock's versions kept where they fit."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lock"
        out.write_text(old, encoding="utf-8")
        command = [str(UV), "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-strip-extras"]
        command += ["--no-annotate", "--no-header", "--output-file", str(out), *options]
        text = source if isinstance(source, str) else None
        done = subprocess.run([*command, "-" if text else str(source)], input=text, text=True, check=False, cwd=ROOT)
        if done.returncode:
            sys.exit(2)
        return out.read_text(encoding="utf-8")


def compiled_beside(lock: str, project: str, old: str, *options: str) -> str:
    """Return uv's lock for what the bench compares with, every package of a lock at the lock's version."""
    left_out = [option for name in LEFT_OUT for option in ("--no-emit-package", name)]
    with tempfile.TemporaryDirectory() as folder:
        constraint = Path(folder) / "constraint"
        constraint.write_text(lock, encoding="utf-8")
        source = "".join(f"{asked}\n" for asked in compared(project))
        return compiled(source, old, "--constraint", str(constraint), *left_out, *options)


def differences(old: str, new: str) -> list[str]:
    """Return what a new lock adds, drops and changes."""
    before, after = ({str(pin) for pin in readable(lock)} for lock in (old, new))
    return [f"  - {line}" for line in sorted(before - after)] + [f"  + {line}" for line in sorted(after - before)]


def main(arguments: list[str] | None = None) -> int:
    """Write the files; return 0, or 2 where uv is missing or finds no versions that fit."""
    parser = argparse.ArgumentParser(description="Write the locks and environment.yml from pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    upgrade = ["--upgrade"] if parser.parse_args(arguments).upgrade else []
    if not UV.exists():
        print("uv is missing. Run: make install", file=sys.stderr)
        return 2
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    python = tomllib.loads(project)["project"]["requires-python"]
    lock, uv_lock, bench_lock = (ROOT / f"requirements{part}.lock" for part in ("", "-uv", "-bench"))
    old, old_uv, old_bench = (
        path.read_text(encoding="utf-8") if path.exists() else "" for path in (lock, uv_lock, bench_lock)
    )
    lowest = ["--python-version", re.search(r">=([\d.]+)", python)[1]]
    new = LOCK_HEADER.format(python=python)
    new += compiled(ROOT / "pyproject.toml", old, "--group", "dev", *lowest, *upgrade)
    new_uv = UV_HEADER + compiled("uv", old_uv, *lowest, *upgrade)
    wider = compiled_beside(new, project, old_bench, *lowest, *upgrade)
    new_bench = BENCH_HEADER.format(python=python) + "".join(pin.written for pin in beyond(new, wider, python))
    texts = {lock: new, uv_lock: new_uv, bench_lock: new_bench, ROOT / "environment.yml": environment(project, new)}
    for path, text in texts.items():
        write_text(path, text)
    changed = differences(old + old_uv + old_bench, new + new_uv + new_bench)
    print("\n".join(changed) if changed else "Nothing changes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
