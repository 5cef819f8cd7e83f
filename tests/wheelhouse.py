"""Tiny wheels, and locks that name them: what the tests of archives install from."""

from __future__ import annotations

import base64
import hashlib
import sys
import zipfile
from pathlib import Path

from tests.test_environment import wheels


def wheel(folder: Path, name: str, version: str, *, tag: str = "py3-none-any", script: str = "") -> Path:
    """Write a wheel with one module, and a program of the package's name where one is given; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    about = f"{name}-{version}.dist-info"
    texts = {
        f"{name}.py": f'VERSION = "{version}"\n',
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    if script:
        texts[f"{name}-{version}.data/scripts/{name}"] = script
    rows = [f"{file},sha256={_record(text)},{len(text.encode())}" for file, text in texts.items()]
    texts[f"{about}/RECORD"] = "\n".join([*rows, f"{about}/RECORD,,", ""])
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as file:
        for place, text in texts.items():
            about_it = zipfile.ZipInfo(place)
            about_it.external_attr = (0o100755 if "/scripts/" in place else 0o100644) << 16
            file.writestr(about_it, text)
    return path


def _record(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def entry(path: Path, marker: str = "") -> str:
    """Return the entry of a lock for a wheel."""
    name, version, *_ = path.name.split("-")
    return f"{name}=={version}{marker} \\\n    --hash=sha256:{sha(path)}\n"


def sha(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def list_wheels(folder: Path, *, python: tuple[int, int] = sys.version_info[:2], system: str = "") -> None:
    """Write the list of a folder's wheels, as an archive brings it."""
    sums = {path.name: sha(path) for path in folder.glob("*.whl")}
    text = wheels.Wheels(python, system or wheels.this_system(), sums).written
    (folder / wheels.LIST).write_text(text, encoding="utf-8")
