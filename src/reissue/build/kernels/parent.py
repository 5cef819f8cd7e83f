"""The parent of warm kernels: imports what notebooks use, once, and forks a kernel for each request.

`forking` starts this program. It imports nothing of this package, because every kernel would have the old code after
an edit. It has one thread, ends with the process that started it, and lets no kernel outlive it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import threading
from contextlib import suppress

#: The slow imports of kernels and notebooks; the notebook reports a missing one. The inline backend is not among them,
#: because its import registers with IPython, which only runs in a kernel.
PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "psutil",
    "pandas",
    "pandas.io.formats.csvs",
    "pandas.core.methods.to_dict",
    "jinja2",
    "python_calamine",
    "slugify",
    "jsonschema",
    "frictionless",
    "frictionless.formats",
    "frictionless.portals",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "PIL.JpegImagePlugin",
    "shapely",
    "pyproj",
)
#: The largest request in bytes, more than a socket sends, and its files: exit status, standard output and error.
LONGEST, FILES = 1 << 18, 3
_DIE_WITH_PARENT = 1


class Kernel:
    """A forked kernel, as its parent knows it."""

    def __init__(self, pid: int, life: socket.socket) -> None:
        self.pid, self.life = pid, life

    def end(self) -> None:
        """Kill the kernel and the processes that its cells have started."""
        for kill in (os.killpg, os.kill):
            with suppress(OSError):
                kill(self.pid, signal.SIGKILL)

    def reap(self) -> None:
        """Send the exit status to the client, and kill what the kernel leaves behind."""
        self.end()
        _, status = os.waitpid(self.pid, 0)
        # That fails if the client no longer reads it.
        with suppress(OSError):
            self.life.send(str(os.waitstatus_to_exitcode(status)).encode())
        self.life.close()


def serve(control: socket.socket, client: int) -> list[str]:
    """Fork kernels until the client is gone; return only in a new kernel, with its command line.

    It imports while there are no requests: an early kernel imports the rest itself. A request on the socket `control`
    has command line, environment and folder as JSON, and three files. The file `client` becomes readable when the
    client has ended.
    """
    own, left = os.getpid(), list(PRELOADED)
    kernels: dict[int, Kernel] = {}
    waiting = select.poll()
    for file in (control.fileno(), client):
        waiting.register(file, select.POLLIN)
    while True:
        ready = waiting.poll(0 if left else None)
        if left and not ready:
            with suppress(ImportError):
                importlib.import_module(left.pop(0))
            if not left:
                # Kernels share the memory of these modules as long as no garbage collection touches it.
                gc.collect()
                gc.freeze()
        for file, _ in ready:
            if file in kernels:
                waiting.unregister(file)
                os.close(file)
                kernels.pop(file).reap()
                continue
            message, files = _receive_request(control) if file == control.fileno() else (b"", [])
            if len(files) != FILES:
                for kernel in kernels.values():
                    kernel.end()
                os._exit(0)
            life = socket.socket(fileno=files[0])
            pid = os.fork()
            if not pid:
                control.close()
                for other, kernel in kernels.items():
                    os.close(other)
                    kernel.life.close()
                life.close()
                os.close(client)
                return _become(json.loads(message), own, files[1:])
            # Parent and kernel both do so, so that the group exists before the client knows of the kernel.
            _lead_group(pid)
            for one in files[1:]:
                os.close(one)
            watch = os.pidfd_open(pid)
            waiting.register(watch, select.POLLIN)
            kernels[watch] = Kernel(pid, life)
            with suppress(OSError):
                life.send(str(pid).encode())


def _receive_request(control: socket.socket) -> tuple[bytes, list[int]]:
    try:
        message, files, _, _ = socket.recv_fds(control, LONGEST, FILES)
    except OSError:
        return b"", []
    return message, files


def _lead_group(pid: int) -> None:
    # That fails if it has ended already.
    with suppress(OSError):
        os.setpgid(pid, pid)


def _become(request: dict[str, object], parent: int, outputs: list[int]) -> list[str]:
    """Give the forked process the state of a new Python; return its command line."""
    _lead_group(0)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for place, file in enumerate((nothing, *outputs)):
        os.dup2(file, place)
        os.close(file)
    os.environ.clear()
    os.environ.update(request["env"])  # type: ignore[call-overload]
    # ipykernel ends with the process that this names.
    os.environ["JPY_PARENT_PID"] = str(parent)
    if request["cwd"]:
        os.chdir(str(request["cwd"]))
    # Without a new seed, all kernels would draw the same numbers.
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    return list(request["argv"])  # type: ignore[call-overload]


def _leave() -> None:
    """End the kernel as Python does, but without the clean-up of modules, which touches every page of memory."""
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
    # There is no public function that runs what is registered for the exit.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(0)


if __name__ == "__main__":
    # Python has put this file's folder first, which a kernel does not have.
    del sys.path[0]
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    client_ = os.pidfd_open(int(sys.argv[2]))
    if os.getppid() != int(sys.argv[2]):
        os._exit(0)
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    # matplotlib reads it when it is imported; in an ordinary kernel, ipykernel sets it before that.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    sys.argv = serve(socket.socket(fileno=int(sys.argv[1])), client_)
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
    _leave()
