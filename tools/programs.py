"""Run pip, uv and venv for `install.py`, and say in one line why one of them failed.

Standard library alone, readable to Python 3.6: see `install.py`.
"""

import re
import subprocess
import sys
import time

UNREACHABLE = "the package index cannot be reached"

#: How pip, uv and the system say it; what it means; what to do. The first that fits counts.
REASONS = (
    (
        r"No space left|os error 28\b|Errno 28\b|quota exceeded",
        "the disk is full",
        "Free some space (850 MB here, as much for uv's cache where that is another disk) and run make again",
    ),
    (
        r"Permission denied|Read-only file system|os error (13|30)\b|Errno (13|30)\b",
        "a file may not be written",
        "Make its folder yours, or unpack the project into a folder that is",
    ),
    (
        r"Hash mismatch|DO NOT MATCH THE HASHES",
        "a file is not the one that the lock expects",
        "The index or a proxy alters files: name another index in pip's configuration",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|UnknownIssuer|invalid peer certificate|SSLError",
        "the network's certificate is not trusted",
        "Name your organisation's certificates: export SSL_CERT_FILE=FILE PIP_CERT=FILE",
    ),
    (
        r"not found in the provided package locations",
        "a locked package is not in wheels/",
        "Unpack the archive again, or move wheels/ away to install from the network",
    ),
    (
        r"error sending request|[Ff]ailed to fetch|ConnectionError|ConnectTimeout|ReadTimeout|timed out|network was "
        r"disabled|Name or service not known|name resolution|ProxyError|Retrying|from versions: none|No route to host",
        UNREACHABLE,
        "Connect to the network (only the set-up and make archive need it), or name your index or proxy in pip's "
        "configuration",
    ),
    (
        r"no usable wheels|No matching distribution|not found in the package registry|there is no version of",
        "the index has no file of a locked package for this system",
        "Take another of the supported Pythons (make PYTHON=...), or another index",
    ),
    (
        r"Errno 2\b",
        "a file is missing",
        "Unpack or clone the project again",
    ),
)


class Stop(Exception):
    """The set-up cannot go on; the message is the one line that the user reads."""


class Unreachable(Stop):
    """Nothing could be downloaded, so nothing was changed."""


def explain(what, output, details=""):
    """Return the error, of one line, that tells why something failed.

    Parameters
    ----------
    what : str
        What was being done, to begin the line with.
    output : list of str
        What the program said, or the system's error.
    details : str
        Where the user can read more.

    Returns
    -------
    Stop
        To be raised; `Unreachable` where the network is to blame.
    """
    lines = [line.strip() for line in output if line.strip()]
    for pattern, meaning, remedy in REASONS:
        said = [line for line in lines if re.search(pattern, line)]
        if said:
            kind = Unreachable if meaning == UNREACHABLE else Stop
            detail = min(said, key=lambda line: line.startswith("WARNING"))
            detail = re.sub(r"(?i)^(error|cause): ", "", detail).rstrip(".")
            detail = detail if len(detail) < 200 else f"{detail[:120]} ... {detail[-70:]}"
            return kind(f"{what}: {meaning} ({detail}). {remedy}.{details}")
    said = [line for line in lines if re.match(r"(?i)(error|cause):", line)] or lines[-1:] or ["it said nothing"]
    return Stop(f"{what} failed: {'; '.join(said)[:300].rstrip('.')}.{details}")


def run(what, command, variables, log):
    """Run a program, keep what it says in a log, show what it has done and a sign of life every five seconds.

    Parameters
    ----------
    what : str
        What it does, for the log and the error.
    command : list of str
        The program and its arguments.
    variables : dict
        Its environment.
    log : str
        The file to add to.

    Raises
    ------
    Stop
        Where it fails. It does not outlive an interrupted set-up.
    """
    output, shown = [], time.time()
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with open(log, "a", encoding="utf-8") as file:
        file.write(f"\n== {what}: {command!a}\n")
        process = subprocess.Popen(command, env=variables, **pipes)
        try:
            for line in iter(process.stdout.readline, b""):
                output.append(line.decode("utf-8", "replace"))
                file.write(output[-1])
                done = re.match(r"(Prepared|Installed|Bytecode compiled) \d+ \w+s\b", output[-1])
                if done or time.time() - shown > 5:
                    shown = time.time()
                    say(f"  {'' if done else '... '}{output[-1].strip()[:100]}")
            process.wait()
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        raise explain(what, output, f" Details: {log}.")


def say(line, file=None):
    """Print a line at once, whatever letters the terminal knows."""
    file = file or sys.stdout
    encoding = file.encoding or "ascii"
    print(line.encode(encoding, "backslashreplace").decode(encoding), file=file, flush=True)
