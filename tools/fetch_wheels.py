"""Bring `.cache/wheels` to every wheel that this Python on this system needs of the locks, for `make archive`.

pip downloads what is missing, from where the user told it to, and checks each file's hash; nothing is installed.
Where the project was unpacked from an archive, its wheels are checked and nothing is fetched.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

import install
import wheels
from indexes import environment
from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from pins import Pin, pins
from programs import Stop, explain, run, say

FOLDER = Path(install.CACHE, "wheels")
LOG = os.path.join(install.CACHE, "wheels.log")
DOING = "Downloading the wheels"


def needed() -> list[Pin]:
    """Return the entries of the locks that are for this Python on this system."""
    try:
        return [pin for lock in install.LOCKS for pin in pins(install.read(lock)) if pin.serves({})]
    except ValueError as error:
        raise Stop(f"{' and '.join(install.LOCKS)}: {error}. Restore them, or run make lock.") from None


def there() -> dict[str, Path]:
    """Return the wheels in the folder that this Python takes, by their SHA-256 as locks have it."""
    taken = set(sys_tags())
    found = {}
    for path in sorted(FOLDER.glob("*.whl")):
        try:
            tags = parse_wheel_filename(path.name)[3]
        except InvalidWheelFilename:
            continue
        if taken & tags:
            found["sha256:" + wheels.digest(path)] = path
    return found


def chosen(pin: Pin, found: dict[str, Path]) -> Path | None:
    """Return the wheel that there is for an entry, None where there is none."""
    return next((found[one] for one in pin.hashes if one in found), None)


def download(missing: list[Pin]) -> None:
    """Have pip download the wheels of some entries into the folder.

    Raises
    ------
    Stop
        Where one cannot be had, or is not the file that the lock names.
    """
    say(f"{DOING} that are not in {FOLDER} yet: {len(missing)}. All of them are about 280 MB.")
    _, python, parts = install.probe(getattr(sys, "_base_executable", sys.executable))
    part, asked = f"{FOLDER}.part", f"{FOLDER}.txt"
    shutil.rmtree(part, ignore_errors=True)
    install.write(LOG, "")
    install.write(asked, "".join(pin.written for pin in missing))
    command = [install.pip_of(python, parts), "-m", "pip", "download", "--dest", part, "--require-hashes", "--no-deps"]
    # What is kept is kept once, in the folder.
    command += ["--only-binary", ":all:", "--no-cache-dir", "--progress-bar", "off", "--requirement", asked]
    run(DOING, command, environment(), LOG)
    shutil.rmtree(install.BOOTSTRAP, ignore_errors=True)
    for path in sorted(Path(part).iterdir()):
        path.replace(FOLDER / path.name)
    os.rmdir(part)


def fill() -> None:
    """Bring the folder to what the locks name, and its list last."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / wheels.LIST).unlink(missing_ok=True)
    asked, found = needed(), there()
    missing = [pin for pin in asked if not chosen(pin, found)]
    if missing:
        download(missing)
        found = there()
    lacking = [str(pin) for pin in asked if not chosen(pin, found)]
    if lacking:
        raise Stop(f"{DOING}: pip brought none for {', '.join(lacking)}. Details: {LOG}.")
    kept = {chosen(pin, found).name for pin in asked}
    for path in FOLDER.iterdir():
        if path.name not in kept:
            path.unlink()
    sums = {path.name: digest.removeprefix("sha256:") for digest, path in found.items() if path.name in kept}
    listed = wheels.Wheels(sys.version_info[:2], wheels.this_system(), sums)
    install.write(str(FOLDER / wheels.LIST), listed.written)


def main() -> int:
    """Fetch or check; return 0, 2 with one line where that cannot be, 130 where it is interrupted."""
    install.end_once(signal.SIGTERM, signal.SIGINT)
    os.chdir(install.ROOT)
    try:
        if os.path.isdir(wheels.FOLDER):
            wheels.check(wheels.FOLDER, [install.read(lock) for lock in install.LOCKS])
        else:
            fill()
    except Stop as error:
        say(str(error), sys.stderr)
        return 2
    except OSError as error:
        say(str(explain(DOING, [str(error)])), sys.stderr)
        return 2
    except KeyboardInterrupt:
        # Who started it says so.
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
