"""Run venv, pip and uv for the set-up, and explain in one line why one of them failed.

Standard library only, readable to Python 3.6: see `install.py`.
"""

import os
import re
import subprocess
import sys
import time

LOG = os.path.join(".cache", "install.log")

UNREACHABLE = "the package index cannot be reached"

#: What venv, pip, uv and the system print; what it means; what to do. The first that fits counts.
REASONS = (
    (
        r"No space left|(os e|E)rr(or|no) 28\b|quota exceeded",
        "the disk is full",
        "Free 1.5 GB and run make again",
    ),
    (
        r"Permission denied|Read-only file system|(os e|E)rr(or|no) (13|30)\b",
        "a file cannot be written",
        "Make its folder yours, or unpack the project into a folder that is",
    ),
    (
        r"Hash mismatch|DO NOT MATCH THE HASHES",
        "a file is not the one that the lock expects",
        "The index or a proxy alters files: name another index in pip's configuration",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|UnknownIssuer|invalid peer certificate",
        "the network's certificate is not trusted",
        "Name your organisation's certificates: export SSL_CERT_FILE=FILE PIP_CERT=FILE",
    ),
    (
        r"error sending request|[Ff]ailed to fetch|Connection(Error|Timeout)|ConnectTimeout|ReadTimeout|ProxyError|"
        r"NewConnection|Name or service not known|name resolution|No route to host|from versions: none",
        UNREACHABLE,
        "Connect to the network (only the set-up and make archive need it), or name your index or proxy in pip's "
        "configuration",
    ),
    (
        r"No matching distribution|no usable wheels|not found in the (provided package locations|package registry)|"
        r"there is no version of",
        "there is no file of a locked package for this Python on this system",
        "Name another Python (make PYTHON=...) or another index in pip's configuration; if an archive brought wheels/, "
        "move it away to use the network",
    ),
    (
        r"ensurepip is not available|No module named (venv|ensurepip)",
        "this Python has no venv",
        "Install it (Debian, Ubuntu: apt install python3-venv) and run make again",
    ),
    (
        r"Errno 2\b",
        "a file is missing",
        "Unpack or clone the project again",
    ),
)


#: Under SOURCE_DATE_EPOCH Python compiles bytecode that every import checks by reading the source.
MISLEADING = re.compile(
    r"(PYTHON\w*|PIP_(TARGET|PREFIX|ROOT|PYTHON|NO_BINARY|REQUIREMENT|CONSTRAINT)|VIRTUAL_ENV|CONDA_PREFIX"
    r"|UV_(PYTHON|TARGET|PREFIX|SYSTEM_PYTHON|PROJECT_ENVIRONMENT|CONSTRAINT|NO_BINARY)|__PYVENV_LAUNCHER__"
    r"|SOURCE_DATE_EPOCH)$"
)


class Stop(Exception):
    """The set-up cannot go on; the message is the one line that the user reads."""


class Unreachable(Stop):
    """Nothing could be downloaded, so nothing was changed."""


def show(line, file=None):
    """Print a line at once, whatever letters the terminal knows."""
    file = file or sys.stdout
    encoding = file.encoding or "ascii"
    print(line.encode(encoding, "backslashreplace").decode(encoding), file=file, flush=True)


def explain(action, output):
    """Return the error, of one line, that explains why an action failed, from what a program or the system printed."""
    lines = [line.strip() for line in output if line.strip()]
    for pattern, meaning, remedy in REASONS:
        matches = [line for line in lines if re.search(pattern, line)]
        if matches:
            detail = re.sub(r"(?i)^error: ", "", min(matches, key=lambda line: line.startswith("WARNING"))).rstrip(".")
            detail = detail if len(detail) < 200 else f"{detail[:120]} ... {detail[-70:]}"
            kind = Unreachable if meaning == UNREACHABLE else Stop
            return kind(f"{action}: {meaning} ({detail}). {remedy}.")
    errors = [line for line in lines if re.match(r"(?i)error:", line)] or lines[-1:] or ["it printed nothing"]
    return Stop(f"{action} failed: {'; '.join(errors)[:300].rstrip('.')}. Details: {LOG}.")


def environment():
    """Return this process's variables without those that would mislead pip, uv or Python."""
    kept = {name: value for name, value in os.environ.items() if not MISLEADING.match(name)}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        kept.setdefault("UV_NO_CACHE", "1")
    return dict(kept, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")


def run(action, command, variables=()):
    """Run a program, keep its output in the log, and show a sign of life every five seconds.

    Raises
    ------
    Stop
        If the program fails. An interruption ends the program too.
    """
    output, shown = [], time.time()
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(f"\n== {action}: {command!a}\n")
        process = subprocess.Popen(command, env=dict(environment(), **dict(variables)), **pipes)
        try:
            for line in iter(process.stdout.readline, b""):
                output.append(line.decode("utf-8", "replace"))
                log.write(output[-1])
                if time.time() - shown > 5:
                    shown = time.time()
                    show(f"  ... {output[-1].strip()[:100]}")
            process.wait()
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        raise explain(action, output)
