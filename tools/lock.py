"""Write requirements.lock and environment.yml from pyproject.toml, and report where the three disagree.

`make lock` runs it. People edit pyproject.toml. requirements.lock fixes every package for every supported Python and
system, with hashes and without an address. environment.yml leads to the same versions with conda.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from reissue.core.files import write_text

ROOT = Path(__file__).resolve().parents[1]
LOCK_HEADER = """\
# Written by `make lock` from pyproject.toml, for Python {python}; not to be edited by hand.
# Every package for every supported Python and system. pip reads it too:
#   python -m pip install --no-deps --require-hashes -r requirements.lock
"""
ENVIRONMENT_HEADER = """\
# Written by `make lock` from pyproject.toml and requirements.lock; not to be edited by hand.
# It installs the same versions with conda, and Binder builds from it:
#   conda env create --file environment.yml
#   conda activate iucresearch
#   jupyter lab
# `make` does not need it: it makes .venv from requirements.lock, which has a hash for each file too.
"""


def read_requirements(project: str) -> list[Requirement]:
    """Return the packages that pyproject.toml names to build, to run and to develop."""
    data = tomllib.loads(project)
    names = data["project"]["dependencies"] + data["dependency-groups"]["dev"] + data["build-system"]["requires"]
    return [Requirement(name) for name in names]


def read_python(project: str) -> str:
    """Return the Pythons that pyproject.toml supports."""
    return tomllib.loads(project)["project"]["requires-python"]


def read_entries(lock: str) -> list[str]:
    """Return the entries of a lock in their order, without their hashes."""
    return [line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[\w.-]", line)]


def build_environment(project: str, lock: str) -> str:
    """Return the text of environment.yml."""
    lines = ["name: iucresearch", "channels: [conda-forge, nodefaults]", "dependencies:"]
    lines += [f'  - "python{read_python(project)}"', "  - pip", "  - pip:"]
    lines += [f'      - "{entry}"' for entry in read_entries(lock)]
    return ENVIRONMENT_HEADER + "\n".join([*lines, "      - -e .", ""])


def find_drift(project: str, lock: str, environment: str) -> Iterator[str]:
    """Yield one line for each place where the texts of the three files disagree."""
    if f"for Python {read_python(project)};" not in lock:
        yield f"requirements.lock: not made for Python {read_python(project)}"
    for number, line in enumerate(lock.splitlines(), 1):
        if not re.fullmatch(r"#.*|[\w.\-\[\],]+==[^\s:/]+( ; [^:/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line):
            yield f"requirements.lock, line {number}: neither name==version nor a hash: {line.strip()[:80]}"
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)[^=\n]*==([^\s;]+)", lock, re.MULTILINE):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    for required in read_requirements(project):
        found = versions.get(canonicalize_name(required.name), {"none"})
        for version in sorted(found):
            if version == "none" or not required.specifier.contains(version, prereleases=True):
                yield f"requirements.lock: {required.name} {version}, but pyproject.toml names {required}"
    if environment != build_environment(project, lock):
        yield "environment.yml: not what make lock writes from the other two"


def compile_lock(project: Path, lock: Path, *options: str) -> str:
    """Return uv's lock for a pyproject.toml, with the old lock's versions where they fit."""
    lowest = re.search(r">=([\d.]+)", read_python(project.read_text(encoding="utf-8")))
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--no-strip-extras", "--no-annotate", "--no-header", "--group", "dev", "--python-version", lowest[1]]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lock"
        out.write_bytes(lock.read_bytes() if lock.exists() else b"")
        done = subprocess.run([*command, *options, "--output-file", str(out), str(project)], check=False)
        if done.returncode:
            sys.exit(2)
        return out.read_text(encoding="utf-8")


def main() -> None:
    """Write the files; exit with 2 if no versions fit."""
    project, lock = ROOT / "pyproject.toml", ROOT / "requirements.lock"
    header = LOCK_HEADER.format(python=read_python(project.read_text(encoding="utf-8")))
    new = header + compile_lock(project, lock, *sys.argv[1:])
    write_text(lock, new)
    write_text(ROOT / "environment.yml", build_environment(project.read_text(encoding="utf-8"), new))


if __name__ == "__main__":
    main()
