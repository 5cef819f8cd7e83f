"""Environment variables that make two runs give the same bytes, however they are started."""

from __future__ import annotations

import os
import subprocess
import sys

#: They fix Python's hashes, times, sort order and the order of sums in threads.
VARIABLES = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "SOURCE_DATE_EPOCH": "0",
}


def set_variables(package: str) -> None:
    """Restart `python -m package` with these variables unless they are set: Python reads some when it starts."""
    if all(os.environ.get(name) == value for name, value in VARIABLES.items()):
        return
    os.environ.update(VARIABLES)
    command = [sys.executable, "-m", package, *sys.argv[1:]]
    if os.name == "posix":
        os.execv(sys.executable, command)
    # On Windows the shell would not wait for a process that replaces this one.
    sys.exit(subprocess.run(command, check=False).returncode)
