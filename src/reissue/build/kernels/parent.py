"""The parent of warm kernels: imports what notebooks use, once, and forks a kernel whenever it is asked to.

A program of its own, started by `forking`, with the standard library and other people's packages alone: what it
imported of this package would be old in every kernel once the source is edited. It keeps to one thread, ends with
the process that started it, however that ends, and lets no kernel outlive it.
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

#: What kernels and notebooks import, the slow ones; a missing one is left to the notebook that misses it. The inline
#: backend is none of them: when it is imported, it asks IPython, which only runs in a kernel, to show figures.
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
#: A request's greatest length in bytes, and its files: where to tell the end, standard output, standard error.
LONGEST, FILES = 1 << 17, 3
_DIE_WITH_PARENT = 1


class Kernel:
    """A kernel that was forked, as its parent knows it."""

    def __init__(self, pid: int, life: socket.socket) -> None:
        self.pid, self.life = pid, life

    def end(self) -> None:
        """Kill it, and with it what its cells have started."""
        for kill in (os.killpg, os.kill):
            with suppress(OSError):
                kill(self.pid, signal.SIGKILL)

    def reap(self) -> None:
        """Tell the client how it ended; what it leaves behind in its group ends, too."""
        self.end()
        _, status = os.waitpid(self.pid, 0)
        # Where that fails, the client has no more interest in it.
        with suppress(OSError):
            self.life.send(str(os.waitstatus_to_exitcode(status)).encode())
        self.life.close()


def serve(control: socket.socket, client: int) -> list[str]:
    """Fork kernels until the client is gone; return only in a new kernel, with its command line.

    Imports are made while nobody asks: an early kernel has what there is, and imports the rest itself.

    Parameters
    ----------
    control
        Where requests come from: the command line, environment and folder as JSON, and three files.
    client
        A file that can be read from once the client has ended.
    """
    own, left = os.getpid(), list(PRELOADED)
    kernels: dict[int, Kernel] = {}
    waiting = select.poll()
    for file in (control.fileno(), client):
        waiting.register(file, select.POLLIN)
    while True:
        ready = waiting.poll(0 if left else None)
        if left and not ready:
            _import(left.pop(0))
            if not left:
                # What is imported stays: kernels share its memory, as long as no collection touches it.
                gc.collect()
                gc.freeze()
        for file, _ in ready:
            if file in kernels:
                waiting.unregister(file)
                os.close(file)
                kernels.pop(file).reap()
                continue
            message, files = _request(control) if file == control.fileno() else (b"", [])
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
            # Both sides do so: whoever comes first, the group is there before the client knows of it.
            _lead_group(pid)
            for one in files[1:]:
                os.close(one)
            watch = os.pidfd_open(pid)
            waiting.register(watch, select.POLLIN)
            kernels[watch] = Kernel(pid, life)
            with suppress(OSError):
                life.send(str(pid).encode())


def _request(control: socket.socket) -> tuple[bytes, list[int]]:
    try:
        message, files, _, _ = socket.recv_fds(control, LONGEST, FILES)
    except OSError:
        return b"", []
    return message, files


def _lead_group(pid: int) -> None:
    # Where that fails, it has done so itself, or has ended already.
    with suppress(OSError):
        os.setpgid(pid, pid)


def _become(request: dict[str, object], parent: int, outputs: list[int]) -> list[str]:
    """Turn the forked process into what a new Python would be; return its command line."""
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
    # ipykernel watches the process that this names, and ends with it.
    os.environ["JPY_PARENT_PID"] = str(parent)
    if request["cwd"]:
        os.chdir(str(request["cwd"]))
    # As fresh as in a new process: no two kernels draw the same numbers unless they are told to.
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    return list(request["argv"])  # type: ignore[call-overload]


def _import(name: str) -> None:
    with suppress(ImportError):
        importlib.import_module(name)


def _leave() -> None:
    """End the kernel as a Python does, but for taking apart all that was imported: that touches every page of it."""
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
    # What is registered for the exit; there is no public name for running it.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(0)


if __name__ == "__main__":
    # Python has put this file's own folder first, which a kernel does not have.
    del sys.path[0]
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    client_ = os.pidfd_open(int(sys.argv[2]))
    if os.getppid() != int(sys.argv[2]):
        os._exit(0)
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    # matplotlib reads it when it is imported; ipykernel would set it in a kernel before.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    sys.argv = serve(socket.socket(fileno=int(sys.argv[1])), client_)
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
    _leave()
