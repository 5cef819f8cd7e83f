"""Confine the builds of a review: no network, nothing written outside their own folder, no published values to read."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reissue.core import paths

#: Exits with 0 if no packet can leave, loopback answers (kernels use it), the folder can be written to and the rest
#: cannot, and the project is hidden. Connecting a datagram socket sends nothing.
_PROBE = """
import os, socket, sys
from pathlib import Path
folder, project = map(Path, sys.argv[1:])
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 9))
    sys.exit("a packet could leave")
except OSError:
    pass
with socket.create_server(("127.0.0.1", 0)) as here:
    socket.create_connection(here.getsockname(), timeout=5).close()
(folder / "probe").touch()
if (project / "notebooks").exists():
    sys.exit("the project could be read")
if not os.statvfs("/").f_flag & os.ST_RDONLY:
    sys.exit("files outside could be written")
"""


@dataclass(frozen=True)
class Sandbox:
    """How builds are confined; `description` says it in words or, if they are not, why."""

    is_closed: bool
    description: str

    def confine(self, folder: Path) -> tuple[str, ...]:
        """Return the command that runs a program confined to a folder; empty if nothing confines it."""
        return _bwrap(folder) if self.is_closed else ()


def find_sandbox() -> Sandbox:
    """Try the sandbox and return it, or an open one with the reason."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        probe = [sys.executable, "-I", "-S", "-c", _PROBE, name, str(paths.ROOT)]
        try:
            done = subprocess.run(
                [*_bwrap(folder), *probe], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            return Sandbox(False, "open, because bwrap is missing; install bubblewrap to close it")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return Sandbox(False, f"open, because bwrap does not work here ({reason[:120]})")
    return Sandbox(True, "closed by bwrap: no network but loopback, and nothing to write to but the run's own folder")


def _bwrap(folder: Path) -> tuple[str, ...]:
    """Return the command that lets a program write to one folder and hides the rest of the project."""
    hidden = ["--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", tempfile.gettempdir(), "--tmpfs", str(paths.ROOT)]
    shown = ["--ro-bind", sys.prefix, sys.prefix, "--bind", str(folder), str(folder)]
    return ("bwrap", "--die-with-parent", *hidden, *shown, "--unshare-net", "--")
