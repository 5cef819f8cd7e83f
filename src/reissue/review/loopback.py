"""Bring loopback up in a network of its own, then become the program that is named: kernels talk through loopback.

Run as a file, by whatever has closed the network, so that it takes nothing from the project that is reviewed.
"""

from __future__ import annotations

import os
import socket
import struct
import sys

#: From Linux's headers: get and set an interface's flags, and the flag that it is up.
_GET, _SET, _UP = 0x8913, 0x8914, 1
_REQUEST = "16sH14x"


def bring_up(name: bytes = b"lo") -> None:
    """Bring an interface up.

    Raises
    ------
    OSError
        If that is not allowed.
    """
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        answer = fcntl.ioctl(handle, _GET, struct.pack(_REQUEST, name, 0))
        flags = struct.unpack(_REQUEST, answer)[1]
        fcntl.ioctl(handle, _SET, struct.pack(_REQUEST, name, flags | _UP))


if __name__ == "__main__":
    bring_up()
    os.execvp(sys.argv[1], sys.argv[1:])
