"""What makes two runs give the same bytes, whoever starts them and however."""

from __future__ import annotations

import os
import subprocess
import sys

#: Python's hashes, times, the order of letters and sums in threads are the same everywhere.
VARIABLES = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "SOURCE_DATE_EPOCH": "0",
}


def set_variables(package: str) -> None:
    """Set these variables; Python reads some when it starts, so that `python -m package` is started again with them."""
    if all(os.environ.get(name) == value for name, value in VARIABLES.items()):
        return
    os.environ.update(VARIABLES)
    command = [sys.executable, "-m", package, *sys.argv[1:]]
    if os.name == "posix":
        os.execv(sys.executable, command)
    # Elsewhere the shell would not wait for a process that takes the place of this one.
    sys.exit(subprocess.run(command, check=False).returncode)
