"""`make archive`: one file with all that a checkout has and the wheels that it needs, to build without a network.

The wheels are those of one Python on one system. Entries are sorted, stored as they are, of one time, and a file may be
run where it begins with `#!`: the same checkout and wheels give the same bytes, whoever packs them and where.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from reissue.build import interruption, provenance
from reissue.build.lock import lock_build
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.files import replace_file

#: In the archive: the wheels and their list, as `tools/wheels.py` has them.
WHEELS, LIST = "wheels", "SHA256SUMS"
ABOUT, SUMS = "ARCHIVE.md", "SHA256SUMS"
#: The first moment that a ZIP knows.
_TIME = (1980, 1, 1, 0, 0, 0)

_TEXT = """\
# {name} {version}, to build without a network

Here is a checkout of the project, and in `wheels/` all {count} packages that it needs with {serves}:
files of `requirements.lock` and `requirements-uv.lock`, each of which has the SHA-256 that the lock names.

## Build it

    sha256sum --check --quiet SHA256SUMS
    make report

The first says nothing where every file is whole. The second installs from `wheels/` alone, about 1 GB, and builds the
report in a minute or two: open `reports/index.html`. It needs Python {minor} with pip or venv, and make. A Python that
is not on the PATH is named: `make report PYTHON=/path/to/python{minor}`. `make review` then holds the result
against what was published; `README.md` says what else can be typed.

## With another Python or on another system

The wheels are for {serves} and no other; the set-up says so and stops. With a network, move
`wheels/` away: the packages then come from the package index, if it still has them, for every Python that `README.md`
names.

## What is not in it

- Python and make.
- Chromium, Java and Pango, from the system: tests that need one of the first two are left out without them, and
  `make pdf` says what it lacks.
- What `make bench` compares with (`requirements-bench.lock`), and what `make lock` asks the package index.
- The history of the repository; the published report itself, which is its publisher's.
"""


@dataclass(frozen=True)
class Wheels:
    """A folder of wheels: for which Python on which system, and the SHA-256 of each file by its name."""

    folder: Path
    python: str
    system: str
    sums: dict[str, str]

    def __str__(self) -> str:
        """Return for what the wheels are."""
        return f"Python {self.python} on {self.system}"

    @classmethod
    def read(cls, folder: Path) -> Wheels:
        """Return what a folder's list says.

        Raises
        ------
        InputError
            If it is no such list.
        """
        head, *rows = (folder / LIST).read_text(encoding="utf-8").splitlines() or [""]
        found = re.fullmatch(r"# Python (3\.\d+) on (\w+)", head)
        if not found:
            raise InputError(
                "does not say for which Python the wheels are",
                where=paths.display_path(folder / LIST),
                expected="# Python 3.N on SYSTEM",
                remedy="unpack the archive again",
            )
        return cls(folder, found[1], found[2], {row[66:]: row[:64] for row in rows})


def files_of(root: Path) -> list[str]:
    """Return what a checkout has, sorted: what git tracks, or without git all that `.gitignore` does not name.

    Raises
    ------
    InputError
        If one of them is missing or no plain file.
    """
    names = provenance.list_tracked_files(root, "ls-files") if is_checkout(root) else list(_not_ignored(root))
    for name in names:
        path = root / name
        if path.is_symlink() or not path.is_file():
            raise InputError(
                "is a link" if path.is_symlink() else "git tracks it, and it is not there",
                where=name,
                expected="a plain file",
                remedy="put the file there, or take it out of git",
            )
    return sorted(names)


def is_checkout(root: Path) -> bool:
    """Return whether git knows a folder as a checkout with a commit."""
    return provenance.read_commit(root)["commit"] is not None


def _not_ignored(root: Path) -> Iterator[str]:
    """Yield the files of a folder that no `.gitignore` of it names: the nearest to a file that names it counts."""
    if not (root / ".gitignore").is_file():
        raise InputError(
            "is missing, and without git it says what belongs to the project",
            where=".gitignore",
            remedy="unpack or clone the project again",
        )
    rules: dict[Path, GitIgnoreSpec] = {}

    def ignored(path: Path, ending: str = "") -> bool:
        verdicts = (
            rules[folder].check_file(path.relative_to(folder).as_posix() + ending).include
            for folder in path.parents
            if folder in rules
        )
        return path.name == ".git" or bool(next((one for one in verdicts if one is not None), False))

    for name, folders, names in os.walk(root):
        folder = Path(name)
        if ".gitignore" in names:
            lines = (folder / ".gitignore").read_text(encoding="utf-8").splitlines()
            rules[folder] = GitIgnoreSpec.from_lines(lines)
        links = [one for one in folders if (folder / one).is_symlink()]
        folders[:] = [one for one in folders if one not in links and not ignored(folder / one, "/")]
        for one in [*names, *links]:
            if not ignored(folder / one):
                yield (folder / one).relative_to(root).as_posix()


def pack(root: Path, wheels: Wheels, folder: Path) -> Path:
    """Write a checkout and its wheels into one file of a folder, and return it.

    Raises
    ------
    InputError
        If a file is not what it should be: then nothing is written.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    about = _TEXT.format(name=name, version=version, count=len(wheels.sums), serves=wheels, minor=wheels.python)
    sources = {file: root / file for file in files_of(root)}
    sources |= {f"{WHEELS}/{file}": wheels.folder / file for file in (LIST, *wheels.sums)}
    target = folder / f"{name}-{version}-py{wheels.python.replace('.', '')}-{wheels.system}.zip"
    named, sums = {f"{WHEELS}/{file}": digest for file, digest in wheels.sums.items()}, {}
    with replace_file(target) as file, zipfile.ZipFile(file, "w") as archive:
        for place in sorted([*sources, ABOUT]):
            content = about.encode() if place == ABOUT else sources[place].read_bytes()
            sums[place] = hashlib.sha256(content).hexdigest()
            if sums[place] != named.get(place, sums[place]):
                raise InputError(
                    "is not the file that its list names", where=place, remedy="remove it and type make archive again"
                )
            archive.writestr(_entry(f"{name}-{version}/{place}", content), content)
        listed = "".join(f"{digest}  {place}\n" for place, digest in sums.items()).encode()
        archive.writestr(_entry(f"{name}-{version}/{SUMS}", listed), listed)
    return target


def _entry(name: str, content: bytes) -> zipfile.ZipInfo:
    """Return what a ZIP says of a file beside its bytes: nothing of the machine that it comes from."""
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system = 3
    entry.external_attr = (0o100755 if content.startswith(b"#!") else 0o100644) << 16
    return entry


def _fetched() -> Path:
    """Return the folder of the wheels, once all are there and checked: the archive's own, or one filled by pip.

    Raises
    ------
    SystemExit
        With the set-up's own status, once it has said its line.
    """
    command = [sys.executable, str(paths.ROOT / "tools" / "fetch_wheels.py")]
    # Who interrupts a terminal interrupts this program alone, which ends the other.
    process = subprocess.Popen(command, start_new_session=True)
    try:
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if status == interruption.EXIT_CODE:
        raise KeyboardInterrupt
    if status:
        raise SystemExit(status)
    own = paths.ROOT / WHEELS
    return own if own.is_dir() else paths.CACHE / WHEELS


def write_archive() -> int:
    """Fetch the wheels and write the archive; return 0.

    Raises
    ------
    InputError
        If a part is missing.
    SystemExit
        With the exit code of the set-up that fetches wheels, after its own line.
    """
    with lock_build(""):
        wheels = Wheels.read(_fetched())
        made = pack(paths.ROOT, wheels, paths.build_folder() / "archive")
    with zipfile.ZipFile(made) as archive:
        count = len(archive.namelist())
    size = f"{made.stat().st_size / 1e6:.0f} MB, {count} files, {len(wheels.sums)} of them wheels for {wheels}"
    print(f"The archive is ready: {paths.display_path(made)} ({size}).")
    for line in _to_know(paths.ROOT):
        print(line)
    return 0


def _to_know(root: Path) -> Iterator[str]:
    """Yield what the archive has, or has not, that the user may not expect: a line each."""
    if not is_checkout(root):
        yield "There is no git here: the whole folder is in it, but for what .gitignore names."
        return
    changed = provenance.list_tracked_files(root, "diff", "--name-only", "HEAD")
    new = provenance.list_tracked_files(root, "ls-files", "--others", "--exclude-standard")
    for names, meaning in ((changed, "In it as on disk, not as in the last commit"), (new, "Not in it, new to git")):
        if names:
            yield f"{meaning}: {', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}."
