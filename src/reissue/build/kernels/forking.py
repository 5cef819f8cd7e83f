"""The client's side of warm kernels: the one parent of this process, and the kernels forked from it.

It imports only the standard library, so that the parent starts before this process imports anything slow.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

#: With the value 0, every kernel of a build starts the ordinary way.
VARIABLE = "REISSUE_WARM"

_PARENT = Path(__file__).with_name("parent.py")
_KERNELSPEC = Path(__file__).parent / "kernelspec" / "kernel.json"
#: Variables that Python and libraries read when they start: a kernel with other values of these is not forked.
_INHERITED = re.compile(
    r"PYTHON|LC_|LANG|TZ$|LD_|HOME$|XDG_|MPL|MATPLOTLIB|NPY_|PROJ_|MKL_|BLIS_|OPENBLAS|.*_NUM_THREADS$"
)


class Forked:
    """A forked kernel, with the part of `subprocess.Popen` that jupyter_client uses.

    It is the parent's child, not this process's: the parent sends its exit status.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, life: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._life = life

    def poll(self) -> int | None:
        """Return the kernel's exit status, None while it runs."""
        return self._read_status(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel's end; return its exit status, negative for a signal."""
        code = self._read_status(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def _read_status(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self._life.settimeout(timeout)
            try:
                status = self._life.recv(16)
            except (BlockingIOError, TimeoutError):
                return None
            except ConnectionError:
                status = b""
            self._life.close()
            # Without a status, the parent was killed and its kernels with it; processes that they started still run.
            if not status:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.returncode = int(status or -signal.SIGKILL)
        return self.returncode


class Parent:
    """The process from which kernels are forked, as its client knows it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.inherited = _select_inherited(environment)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(_PARENT), str(theirs.fileno()), str(os.getpid())],
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def runs(self) -> bool:
        """Return whether it can be asked for kernels."""
        return self._process.poll() is None

    def fork(self, command: list[str], environment: dict[str, str], folder: str, outputs: tuple[int, int]) -> Forked:
        """Return a new kernel; raise OSError if the parent is gone."""
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
        """End the parent and all of its kernels."""
        self._control.close()
        self._process.wait()


#: Kernels that this process has started the ordinary way.
ORDINARY: weakref.WeakSet[Any] = weakref.WeakSet()
_LOCK = threading.Lock()
_parent: Parent | None = None
#: Whether this process is about to exit: a thread that still runs notebooks gets no more kernels.
_ended = False


def is_supported() -> bool:
    """Return whether kernels can be forked here."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get(VARIABLE) != "0"


def _select_inherited(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if _INHERITED.match(name)}


def warm_up() -> None:
    """Start the parent now, so that it imports while this process does something else."""
    if is_supported():
        own: dict[str, str] = json.loads(_KERNELSPEC.read_text(encoding="utf-8"))["env"]
        with _LOCK:
            _start_parent({**os.environ, **own})


def end_all(*, for_good: bool = False) -> None:
    """Kill every kernel that this process has started, and the parent; `for_good`: never start one again."""
    global _parent, _ended
    with _LOCK:
        _ended = _ended or for_good
        parent, _parent = _parent, None
    if parent is not None:
        parent.end()
    for process in list(ORDINARY):
        if process.poll() is None:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)


def can_fork(environment: dict[str, str]) -> bool:
    """Return whether a kernel with this environment can be forked; raise InterruptedError after the end of all."""
    if _ended:
        raise InterruptedError("no kernel is started any more")
    if not is_supported():
        return False
    with _LOCK:
        return _start_parent(environment).inherited == _select_inherited(environment)


def fork_kernel(command: list[str], environment: dict[str, str], folder: str, outputs: tuple[int, int]) -> Forked:
    """Return a kernel that was forked from the parent, given the command that would start it the ordinary way.

    `outputs` are the files of its standard output and error. RuntimeError is raised if the parent was killed just now,
    or the environment is too large for a message.
    """
    with _LOCK:
        parent = _start_parent(environment)
        try:
            return parent.fork(command, environment, folder, outputs)
        except OSError as error:
            raise RuntimeError(f"no kernel can be forked ({error}); {VARIABLE}=0 starts ordinary ones") from None


def _start_parent(environment: dict[str, str]) -> Parent:
    """Return the one parent of this process, started if there is none."""
    global _parent
    if _ended:
        raise InterruptedError("no kernel is started any more")
    if _parent is None or not _parent.runs():
        _parent = Parent(environment)
    return _parent
