"""Close the network to what a review runs; loopback stays, since kernels talk through it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reissue.core.language import join_words

_LOOPBACK = str(Path(__file__).with_name("loopback.py"))
#: Ways to close the network, by the program that does it; the one that leaves nothing behind when killed comes first.
WAYS: Mapping[str, tuple[str, ...]] = {
    "bwrap": ("bwrap", "--die-with-parent", "--dev-bind", "/", "/", "--unshare-net", "--"),
    "unshare": ("unshare", "--map-root-user", "--net", "--", sys.executable, "-I", "-S", _LOOPBACK),
}
#: Ends with 0 where no packet can leave and loopback answers. Connecting a datagram socket sends nothing.
_PROBE = """
import socket, sys
far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    far.connect(("192.0.2.1", 9))
    sys.exit("a packet could leave")
except OSError:
    pass
with socket.create_server(("127.0.0.1", 0)) as here:
    socket.create_connection(here.getsockname(), timeout=5).close()
"""


@dataclass(frozen=True)
class Network:
    """How the network is closed.

    Attributes
    ----------
    within
        The command that programs are run by; empty where it stays open.
    told
        The same in words; where it stays open, why.
    """

    within: tuple[str, ...]
    told: str

    @property
    def closed(self) -> bool:
        """Whether it is."""
        return bool(self.within)


def close_network(ways: Mapping[str, tuple[str, ...]] = WAYS) -> Network:
    """Return a way to close the network that was tried out here, or none and why not."""
    failed = []
    for name, command in ways.items():
        if not shutil.which(command[0]):
            failed.append(f"{name} is not there")
            continue
        tried = [*command, sys.executable, "-I", "-S", "-c", _PROBE]
        done = subprocess.run(tried, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return Network(command, f"closed by {name}; loopback alone was open, and that was tried out")
        said = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        failed.append(f"{name} is not allowed here ({said[:120]})")
    return Network((), f"not closed: {join_words(failed, english=True)}")
