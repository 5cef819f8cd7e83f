"""The network is closed and that is tried out, or it is said why not."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from reissue.review.sandbox import WAYS, Network, close_network

LEAVE = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=1)"
STAY = """
import socket
with socket.create_server(("127.0.0.1", 0)) as here:
    socket.create_connection(here.getsockname(), timeout=5)
"""


@pytest.mark.parametrize("way", WAYS)
def test_nothing_leaves_and_loopback_answers(way: str) -> None:
    found = close_network({way: WAYS[way]})
    if not found.closed:
        pytest.skip(f"the network cannot be closed here: {found.told}")
    left = subprocess.run([*found.within, sys.executable, "-c", LEAVE], capture_output=True, text=True, check=False)
    assert left.returncode == 1
    assert "unreachable" in left.stderr
    assert subprocess.run([*found.within, sys.executable, "-c", STAY], check=False).returncode == 0


def test_a_way_that_closes_loopback_too_is_not_taken() -> None:
    found = close_network({"unshare": ("unshare", "--map-root-user", "--net", "--")})
    assert not found.closed
    assert found.told.startswith("not closed: unshare is not ")


def test_what_runs_in_bwrap_ends_with_who_started_it() -> None:
    found = close_network({"bwrap": WAYS["bwrap"]})
    if not found.closed:
        pytest.skip(f"the network cannot be closed here: {found.told}")
    waiting = f"import subprocess; subprocess.run({[*found.within, 'sh', '-c', 'echo begun; exec cat']!r})"
    with subprocess.Popen(
        [sys.executable, "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.kill()
        # The pipe ends once nobody is left who could write to it; what waits for input gets none.
        reader = threading.Thread(target=process.stdout.read, daemon=True)
        reader.start()
        reader.join(10)
        survives = reader.is_alive()
        assert process.stdin is not None
        process.stdin.close()
    assert not survives


def test_a_way_that_does_not_close_is_not_taken() -> None:
    assert close_network({"env": ("env",)}) == Network((), "not closed: env is not allowed here (a packet could leave)")


def test_a_way_that_is_not_there_or_fails_is_told() -> None:
    found = close_network({"none": ("no-such-program",), "false": ("false",)})
    assert found.told == "not closed: none is not there and false is not allowed here (it ended with 1)"


def test_the_first_way_that_works_is_taken() -> None:
    # What a closed network looks like to the probe: any program that ends with 0 in its place.
    assert close_network({"no": ("false",), "yes": ("true",), "later": ("true",)}).within == ("true",)
