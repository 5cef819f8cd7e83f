"""`make archive`: one file with what git tracks and the wheels that pip downloads, to build without a network.

The wheels are those of the Python and the system that make it. Entries are sorted, uncompressed and of one time, so the
same commit and lock give the same bytes. The set-up takes packages from `wheels/` alone if that folder exists, and pip
checks each file against its hash in the lock.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from reissue.build.lock import lock_build
from reissue.build.provenance import list_tracked_files
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.files import replace_file

LOCK = "requirements.lock"
#: The first moment that a ZIP knows.
_TIME = (1980, 1, 1, 0, 0, 0)


def write_archive() -> int:
    """Download the wheels and write the archive; return 0."""
    root = paths.ROOT
    names = list_tracked_files(root, "ls-files")
    if not names:
        raise InputError("git tracks no file here", remedy="make the archive in a clone of the repository")
    missing = [name for name in names if not (root / name).is_file()]
    if missing:
        raise InputError("git tracks it, and it is missing", where=missing[0], remedy="restore it with git checkout")
    with lock_build(""), tempfile.TemporaryDirectory(dir=paths.CACHE) as folder:
        wheels = download_wheels(root / LOCK, Path(folder))
        files = {name: root / name for name in names} | {f"wheels/{wheel.name}": wheel for wheel in wheels}
        target = pack(files, name_archive(root), paths.build_folder() / "archive")
    size = f"{target.stat().st_size / 1e6:.0f} MB, {len(files)} files, {len(wheels)} of them wheels"
    print(f"The archive is ready: {paths.display_path(target)} ({size}).")
    changed = list_tracked_files(root, "diff", "--name-only", "HEAD")
    if changed:
        print(f"It has these files as they are here, not as in the last commit: {', '.join(changed)}.")
    return 0


def name_archive(root: Path) -> str:
    """Return the archive's name: project, version, Python and system."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = f"py3{sys.version_info.minor}"
    return f"{project['name']}-{project['version']}-{python}-{sys.platform}_{platform.machine()}"


def download_wheels(lock: Path, folder: Path) -> list[Path]:
    """Return the wheels of a lock that this Python takes, downloaded by pip into a folder."""
    command = [sys.executable, "-m", "pip", "download", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--progress-bar=off", f"--dest={folder}", f"--requirement={lock}"]
    print("Downloading the wheels of requirements.lock: about 280 MB.", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line.removeprefix("ERROR: ") for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
        raise InputError(
            f"pip cannot download the wheels: {errors[-1] if errors else done.stderr}",
            where=lock.name,
            remedy="connect to the network, or name your index in pip's configuration, and run make archive again",
        )
    return sorted(folder.iterdir())


def pack(files: dict[str, Path], name: str, folder: Path) -> Path:
    """Write files, by their names in the archive, into one ZIP of a folder, and return the ZIP."""
    target = folder / f"{name}.zip"
    with replace_file(target) as file, zipfile.ZipFile(file, "w") as archive:
        for place in sorted(files):
            content = files[place].read_bytes()
            entry = zipfile.ZipInfo(f"{name}/{place}", _TIME)
            entry.create_system = 3
            entry.external_attr = (0o100755 if content.startswith(b"#!") else 0o100644) << 16
            archive.writestr(entry, content)
    return target
