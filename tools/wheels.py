"""The folder of wheels that an archive brings: for which Python on which system it is, and whether it is whole.

Its list, `SHA256SUMS`, says both; the first line is a comment to `sha256sum --check`.

Standard library alone, readable to Python 3.6: see `install.py`.
"""

import hashlib
import os
import platform
import re
import sys

from programs import Stop

#: In the project's folder.
FOLDER = "wheels"
LIST = "SHA256SUMS"
AGAIN = "Unpack the archive again"
AWAY = f"move {FOLDER}/ away to install from the network"


class Wheels:
    """What a folder's list says: a Python as a pair of numbers, a system, and the SHA-256 of each file by name."""

    def __init__(self, python, system, sums):
        self.python, self.system, self.sums = python, system, sums

    def __str__(self):
        """Return for what the wheels are, as lists and messages have it."""
        return "Python {}.{} on {}".format(*self.python, self.system)

    @property
    def written(self):
        """The text of the list."""
        return f"# {self}\n" + "".join(f"{self.sums[name]}  {name}\n" for name in sorted(self.sums))


def this_system():
    """Return the system that this runs on: `linux_x86_64`."""
    return f"{sys.platform}_{platform.machine()}"


def read(folder):
    """Return what a folder's list says.

    Raises
    ------
    Stop
        Where there is no list, or one that nobody can read.
    """
    name = os.path.join(folder, LIST)
    try:
        with open(name, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        raise Stop(f"{name} is missing: it says for which Python the wheels are. {AGAIN}, or {AWAY}.") from None
    head = re.match(r"# Python (\d+)\.(\d+) on (\w+)$", lines[0] if lines else "")
    rows = [re.match(r"([0-9a-f]{64})  ([\w.+!-]+\.whl)$", line) for line in lines[1:]]
    if not head or not all(rows):
        raise Stop(f"{name}: not the list that an archive brings. {AGAIN}, or {AWAY}.")
    return Wheels((int(head.group(1)), int(head.group(2))), head.group(3), {row.group(2): row.group(1) for row in rows})


def check(folder, locks):
    """Return what a folder's list says, once every wheel in it is there, whole, and of the locks.

    Parameters
    ----------
    folder : str
        The wheels' folder.
    locks : list of str
        The texts of the locks.

    Raises
    ------
    Stop
        Where the wheels are for another system, or one of them is missing or is another file.
    """
    wheels, locked = read(folder), set(re.findall("sha256:([0-9a-f]{64})", "".join(locks)))
    if wheels.system != this_system():
        raise Stop(f"{folder}/ is for {wheels}, and this is {this_system()}. Take an archive made there, or {AWAY}.")
    for name in sorted(wheels.sums):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            raise Stop(f"{path} is missing. {AGAIN}, or {AWAY}.")
        if digest(path) != wheels.sums[name]:
            raise Stop(f"{path} is not the file that {LIST} beside it names: its SHA-256 is another. {AGAIN}.")
        if wheels.sums[name] not in locked:
            raise Stop(f"{path} is in no lock: {folder}/ was made for other locks. {AGAIN}, or {AWAY}.")
    return wheels


def digest(path):
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            found.update(part)
    return found.hexdigest()
