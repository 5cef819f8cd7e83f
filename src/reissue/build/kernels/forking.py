"""The client's side of warm kernels: the one parent of this process, and the kernels forked from it.

The standard library alone, so that the parent is under way before anything slow is imported here.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

from reissue.build.kernels.parent import LONGEST

#: Set to 0, every kernel of a build starts the ordinary way.
VARIABLE = "REISSUE_WARM"

_PARENT = Path(__file__).with_name("parent.py")
_KERNELSPEC = Path(__file__).parent / "kernelspec" / "kernel.json"
#: Variables that Python and libraries take in when they start: a kernel with others of these is not forked.
_TAKEN_IN = re.compile(
    r"PYTHON|LC_|LANG|TZ$|LD_|HOME$|XDG_|MPL|MATPLOTLIB|NPY_|PROJ_|MKL_|BLIS_|OPENBLAS|.*_NUM_THREADS$"
)
#: The most bytes that an environment may take of a request to the parent.
_LARGEST = LONGEST - 8192


class Forked:
    """A forked kernel, with what jupyter_client asks of a `subprocess.Popen`.

    It is the parent's child, not this process's: the parent tells how it ended.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, life: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._life = life

    def poll(self) -> int | None:
        """Return how the kernel ended, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return its exit status, negative for a signal.

        Raises
        ------
        subprocess.TimeoutExpired
            If it still runs after `timeout` seconds.
        """
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self._life.settimeout(timeout)
            try:
                told = self._life.recv(16)
            except (BlockingIOError, TimeoutError):
                return None
            except ConnectionError:
                told = b""
            self._life.close()
            # Nothing told: the parent was killed, and its kernels with it; what these have started is left.
            if not told:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.returncode = int(told or -signal.SIGKILL)
        return self.returncode


class Parent:
    """The process that kernels are forked from, as its client knows it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.taken_in = select_inherited(environment)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, str(_PARENT), str(theirs.fileno()), str(os.getpid())]
        nowhere = subprocess.DEVNULL
        with theirs:
            self._process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
            )

    def runs(self) -> bool:
        """Return whether it can be asked for kernels."""
        return self._process.poll() is None

    def fork(self, command: list[str], environment: dict[str, str], folder: str, outputs: tuple[int, int]) -> Forked:
        """Return a new kernel.

        Raises
        ------
        OSError
            If the parent is gone.
        """
        # The command is `python -m ipykernel_launcher ...`; the parent runs that module itself.
        message = json.dumps({"argv": command[2:], "env": environment, "cwd": folder}).encode()
        life, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self._control, [message], [theirs.fileno(), *outputs])
        pid = life.recv(16)
        if not pid:
            life.close()
            raise ConnectionError("the parent is gone")
        return Forked(int(pid), life)

    def end(self) -> None:
        """End it and all of its kernels."""
        self._control.close()
        self._process.wait()


#: Kernels that this process has started the ordinary way.
ORDINARY: weakref.WeakSet[Any] = weakref.WeakSet()
_LOCK = threading.Lock()
_parent: Parent | None = None
#: Whether this process is leaving: a thread that still runs notebooks gets no kernel any more.
_ended = False


def is_supported() -> bool:
    """Whether kernels can be forked here."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get(VARIABLE) != "0"


def select_inherited(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that are read but once, by Python and libraries when they start."""
    return {name: value for name, value in environment.items() if _TAKEN_IN.match(name)}


def warm_up() -> None:
    """Start the parent now, so that it imports while this process does something else."""
    if is_supported():
        own: dict[str, str] = json.loads(_KERNELSPEC.read_text(encoding="utf-8"))["env"]
        with _LOCK:
            _the_parent({**os.environ, **own})


def end_all(*, for_good: bool = False) -> None:
    """Kill every kernel that this process has started, at once, and the parent; for good: none is started any more."""
    global _parent, _ended
    with _LOCK:
        _ended = _ended or for_good
        parent, _parent = _parent, None
    if parent is not None:
        parent.end()
    for process in list(ORDINARY):
        if process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)


def can_fork(environment: dict[str, str]) -> bool:
    """Return whether a kernel with this environment can be forked.

    Raises
    ------
    InterruptedError
        If all kernels were ended for good.
    """
    if _ended:
        raise InterruptedError("no kernel is started any more")
    if not is_supported() or len(json.dumps(environment)) > _LARGEST:
        return False
    with _LOCK:
        return _the_parent(environment).taken_in == select_inherited(environment)


def fork_kernel(command: list[str], environment: dict[str, str], folder: str, outputs: tuple[int, int]) -> Forked:
    """Return a kernel that was forked from the parent.

    Parameters
    ----------
    command
        The one that would start it the ordinary way.
    environment, folder
        The kernel's.
    outputs
        The files of its standard output and error.

    Raises
    ------
    InterruptedError
        If all kernels were ended for good.
    RuntimeError
        If the parent was killed, and the one that replaced it, too.
    """
    with _LOCK:
        for _ in range(2):
            parent = _the_parent(environment)
            with contextlib.suppress(OSError):
                return parent.fork(command, environment, folder, outputs)
    raise RuntimeError(f"no kernel can be forked; {VARIABLE}=0 starts ordinary ones")


def _the_parent(environment: dict[str, str]) -> Parent:
    """Return the one parent of this process, started if there is none."""
    global _parent
    if _ended:
        raise InterruptedError("no kernel is started any more")
    if _parent is None or not _parent.runs():
        _parent = Parent(environment)
    return _parent
