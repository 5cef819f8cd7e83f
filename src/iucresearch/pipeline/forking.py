"""The client's side of warm kernels: the one parent of this process, and the kernels forked from it.

The standard library alone, so that the parent is under way before anything slow is imported here.
"""

from __future__ import annotations

import atexit
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

from iucresearch.pipeline.parent import LONGEST

#: Set to 0, every kernel starts the ordinary way.
VARIABLE = "IUC_WARM"

_PARENT = Path(__file__).with_name("parent.py")
_KERNELSPEC = Path(__file__).parent / "kernelspec" / "kernel.json"
#: Variables that Python and libraries take in when they start: a kernel with others of these is not forked.
_TAKEN_IN = re.compile(
    r"PYTHON|LC_|LANG|TZ$|LD_|HOME$|XDG_|MPL|MATPLOTLIB|NPY_|PROJ_|MKL_|BLIS_|OPENBLAS|.*_NUM_THREADS$"
)
_COMMAND = [sys.executable, "-m", "ipykernel_launcher"]


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
            raise subprocess.TimeoutExpired(_COMMAND, timeout or 0)
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
        self.taken_in = taken_in(environment)
        self.client = os.getpid()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, str(_PARENT), str(theirs.fileno()), str(self.client)]
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

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def runs(self) -> bool:
        """Whether it can be asked for kernels, by this process."""
        return self.client == os.getpid() and self._process.poll() is None

    def fork(self, arguments: list[str], environment: dict[str, str], folder: str, outputs: tuple[int, int]) -> Forked:
        """Return a new kernel.

        Raises
        ------
        OSError
            If the parent is gone, or the request is too long for it.
        """
        message = json.dumps({"argv": arguments, "env": environment, "cwd": folder}).encode()
        if len(message) > LONGEST:
            raise OSError("the environment is too large")
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
        if self.client == os.getpid():
            self._process.wait()


#: Kernels that this process has started, forked or not.
RUNNING: weakref.WeakSet[Any] = weakref.WeakSet()
_LOCK = threading.Lock()
_parent: Parent | None = None
#: Whether this process is leaving: a thread that still runs notebooks gets no kernel any more.
_ended = False


def possible() -> bool:
    """Whether kernels can be forked here."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get(VARIABLE) != "0"


def taken_in(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that are read but once, by Python and libraries when they start."""
    return {name: value for name, value in environment.items() if _TAKEN_IN.match(name)}


def warm_up() -> None:
    """Start the parent now, so that it imports while this process does something else."""
    if possible():
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
    for process in list(RUNNING):
        if process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)


def forked(cmd: list[str], kwargs: dict[str, Any]) -> Forked | None:
    """Return a forked kernel; None where it has to start the ordinary way.

    Raises
    ------
    InterruptedError
        If all were ended.
    """
    if _ended:
        raise InterruptedError("no kernel is started any more")
    environment, folder = dict(kwargs.get("env") or os.environ), str(kwargs.get("cwd") or os.getcwd())
    outputs = _outputs(kwargs)
    if not possible() or cmd[:3] != _COMMAND or outputs is None or not os.path.isdir(folder):
        return None
    with _LOCK:
        # Killed while it was asked, it is started anew, once.
        for _ in range(2):
            parent = _the_parent(environment)
            if parent.taken_in != taken_in(environment):
                return None
            with contextlib.suppress(OSError):
                return parent.fork(["ipykernel_launcher", *cmd[3:]], environment, folder, outputs)
    return None


def _the_parent(environment: dict[str, str]) -> Parent:
    """Return the one parent of this process, started if there is none."""
    global _parent
    if _ended:
        raise InterruptedError("no kernel is started any more")
    if _parent is None or not _parent.runs():
        _parent = Parent(environment)
    return _parent


def _outputs(kwargs: dict[str, Any]) -> tuple[int, int] | None:
    """Return the files of standard output and error; None where they are to be made by somebody else."""
    found = []
    for name, usual in (("stdout", 1), ("stderr", 2)):
        given = kwargs.get(name)
        file = usual if given is None else given if isinstance(given, int) else given.fileno()
        if file < 0:  # subprocess.PIPE and its like
            return None
        found.append(file)
    return found[0], found[1]


@atexit.register
def _at_exit() -> None:
    if _parent is not None and _parent.client == os.getpid():
        _parent.end()
