"""Tiny wheels, and locks that name them: what the tests of the set-up and of the archive install from."""

import base64
import hashlib
import zipfile
from pathlib import Path


def write_wheel(folder: Path, name: str, version: str = "1.0", *, tag: str = "py3-none-any", script: str = "") -> Path:
    """Write a wheel with one module, and with a program of the package's name if a script is given; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    texts = {
        f"{name}.py": f'VERSION = "{version}"\n',
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    if script:
        texts[f"{name}-{version}.data/scripts/{name}"] = script
    hashes = {place: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for place, text in texts.items()}
    rows = [
        f"{place},sha256={hashes[place].decode().rstrip('=')},{len(text.encode())}" for place, text in texts.items()
    ]
    texts[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""])
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as file:
        for place, text in texts.items():
            entry = zipfile.ZipInfo(place)
            entry.external_attr = (0o100755 if "/scripts/" in place else 0o100644) << 16
            file.writestr(entry, text)
    return path


def lock_entry(wheel: Path) -> str:
    """Return the entry of a lock for a wheel."""
    name, version, *_ = wheel.name.split("-")
    return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
