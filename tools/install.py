"""Set up `.venv` with venv, pip and uv from requirements.lock: the program that runs before anything is installed.

Make runs it with whatever Python it finds. It therefore uses the standard library alone and stays readable to
Python 3.6, so that an old Python gets one line that names the remedy, not a SyntaxError.

pip fetches uv, and uv installs the rest, faster. Both check each file against its hash in the lock and build none from
source. If an archive brought the folder `wheels/`, packages come from that folder alone. The stamp `.venv/installed` is
written last, so a set-up that failed or was interrupted starts again.
"""

import ast
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from programs import LOG, Stop, Unreachable, environment, explain, run, show

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: Relative to the project's folder, in which all of this runs.
VENV = ".venv"
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed")
ASIDE = os.path.join(VENV, "outdated")
PLACE = os.path.join(VENV, "place.mk")
CACHE = ".cache"
WHEELS = "wheels"
LOCK, PROJECT = "requirements.lock", "pyproject.toml"
KERNEL = os.path.join("src", "reissue", "build", "kernels", "kernelspec", "kernel.json")
#: pip's name of a setting, uv's, and what separates several values.
UV_VARIABLES = (
    ("index-url", "UV_DEFAULT_INDEX", " "),
    ("extra-index-url", "UV_INDEX", " "),
    ("find-links", "UV_FIND_LINKS", ","),
    ("trusted-host", "UV_INSECURE_HOST", " "),
    ("cert", "SSL_CERT_FILE", " "),
    ("client-cert", "SSL_CLIENT_CERT", " "),
    ("proxy", "ALL_PROXY", " "),
)


def read(name):
    """Return the text of a file."""
    with open(name, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def write(name, text):
    """Write a file completely or not at all."""
    with open(name + ".part", "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.replace(name + ".part", name)


def read_bounds():
    """Return the minor versions of Python 3 that the project supports, by pyproject.toml and by wheels/."""
    found = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"', read(PROJECT), re.MULTILINE)
    if not found:
        raise Stop(f'{PROJECT}: cannot read requires-python. Expected ">=3.N,<3.M". Correct it and run make again.')
    minors = range(int(found.group(1)), int(found.group(2)))
    if os.path.isdir(WHEELS):
        served = {int(minor) for minor in re.findall(r"-cp3(\d+)-cp3", " ".join(os.listdir(WHEELS)))}
        minors = [minor for minor in minors if minor in served]
        if not minors:
            raise Stop(
                f"{WHEELS}/ has no packages. Unpack the archive again, or move {WHEELS}/ away to use the network."
            )
    return list(minors)


def probe(python):
    """Return a Python's version and its path; None if it does not run."""
    question = "import sys; print(*sys.version_info[:3]); print(sys.executable)"
    try:
        answer = subprocess.check_output([python, "-c", question], stderr=subprocess.DEVNULL, timeout=60)
        version, path = os.fsdecode(answer).split("\n")[:2]
        return tuple(map(int, version.split())), path
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def find_candidates(minors):
    """Yield the Pythons to try: the one that runs this, then those on PATH, newest first; never `.venv`'s own."""
    inside = os.path.join(ROOT, VENV) + os.sep
    own = sys.executable or "python3"
    yield getattr(sys, "_base_executable", own) if own.startswith(inside) else own
    for minor in reversed(minors):
        found = shutil.which(f"python3.{minor}")
        if found and not found.startswith(inside):
            yield found


def choose_python(candidates, minors):
    """Return version and path of the first Python that the project supports."""
    others = []
    for version, path in filter(None, map(probe, candidates)):
        if version[0] == 3 and version[1] in minors:
            return version, path
        others.append("{} is {}.{}.{}".format(path, *version))
    *older, newest = [f"3.{minor}" for minor in minors]
    wanted = " or ".join(filter(None, [", ".join(older), newest]))
    raise Stop(
        f"Python {wanted} is needed; {'; '.join(others) or 'none runs'}. Install one that fits (Debian, Ubuntu: "
        f"apt install python{newest} python{newest}-venv; macOS: brew install python@{newest}) or name one: "
        f"make PYTHON=/path/to/python{newest}."
    )


def place():
    """Return the line by which Make knows where `.venv` was made: an environment does not survive a move."""
    return "INSTALLED_AT := {}\n".format(os.getcwd().replace("$", "$$").replace("#", "\\#"))


def read_stamp(minors):
    """Return the stamp's lines; none if `.venv` is absent, incomplete, moved or of an unsupported Python."""
    if not (os.path.exists(STAMP) and os.path.exists(PLACE) and read(PLACE) == place()):
        return []
    answer, stamp = probe(PYTHON), read(STAMP).splitlines()
    fits = answer and answer[0][1] in minors and stamp[0] == "python {}.{}".format(*answer[0])
    return stamp if fits else []


def digest(*names):
    """Return the SHA-256 of some files' texts."""
    return hashlib.sha256("".join(map(read, names)).encode("utf-8", "surrogateescape")).hexdigest()


def read_pip_settings():
    """Return where pip is configured to look for packages, as uv's variables: uv does not read pip's configuration."""
    listing = subprocess.check_output([PYTHON, "-m", "pip", "config", "list"], env=environment())
    lines = [line.partition("=") for line in os.fsdecode(listing).splitlines()]
    # What the environment sets comes last and wins.
    settings = {name.rpartition(".")[2]: str(ast.literal_eval(value)).split() for name, _, value in lines}
    return {uv: separator.join(settings[pip]) for pip, uv, separator in UV_VARIABLES if pip in settings}


def install_packages():
    """Install what the lock names into `.venv`, and remove what it does not name."""
    offline = ["--no-index", "--find-links", WHEELS] if os.path.isdir(WHEELS) else []
    uv_alone = os.path.join(CACHE, "uv.lock")
    write(uv_alone, re.search(r"^uv==(.*\\\n)*.*\n", read(LOCK), re.MULTILINE).group(0))
    pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--progress-bar", "off"]
    run("Installing uv with pip", [*pip, *offline, "--requirement", uv_alone])
    # As pip does, uv looks at every index: the hashes leave no choice between files. Copies, because a linked file that
    # is edited in one environment changes in all.
    variables = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_LINK_MODE": "copy"}
    variables.update({} if offline else read_pip_settings())
    uv = [os.path.join(VENV, "bin", "uv"), "pip", "sync", "--python", PYTHON, "--compile-bytecode", "--require-hashes"]
    run("Installing the packages", [*uv, "--no-build", *offline, LOCK], variables)


def set_up():
    """Install what is missing and write the stamp."""
    begin, minors = time.time(), read_bounds()
    wanted = ["packages " + digest(LOCK), "project " + digest(PROJECT, KERNEL)]
    stamp = read_stamp(minors)
    if stamp[1:] == wanted:
        os.utime(STAMP)
        return
    write(LOG, "")
    if not stamp:
        version, python = choose_python(find_candidates(minors), minors)
        source = "from wheels/, without a network" if os.path.isdir(WHEELS) else "about 260 MB to download"
        show(
            f"Setting up .venv, once: JupyterLab and what the report needs; {source}, 1 GB on disk; usually 20 to 90 "
            f"seconds. After that everything works offline."
        )
        show("  with Python {}.{}.{} at {}".format(*version, python))
        run("Making .venv", [python, "-m", "venv", "--clear", VENV])
    else:
        show("Updating .venv to requirements.lock." if stamp[1] != wanted[0] else "Updating the project in .venv.")
        os.replace(STAMP, ASIDE)
    if stamp[1:2] != wanted[:1]:
        try:
            install_packages()
        except Unreachable:
            # pip had changed nothing yet: what was there stays good.
            if stamp:
                os.replace(ASIDE, STAMP)
            raise
    editable = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", "."]
    run("Installing the project", [PYTHON, "-m", "pip", "install", *editable])
    write(PLACE, place())
    write(STAMP, "\n".join(["python {}.{}".format(*probe(PYTHON)[0]), *wanted]) + "\n")
    show(f".venv is ready, after {time.time() - begin:.0f} s.")


def lock_folder():
    """Return an open, locked file: a second set-up of the same folder waits for the first."""
    import fcntl

    file = open(os.path.join(CACHE, "install.lock"), "w")  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        show("Another set-up of this folder is running: waiting for it.")
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:
        pass  # A file system without locks.
    return file


def interrupt(number, _):
    """Raise KeyboardInterrupt for the first signal, and ignore those that come while it is handled."""
    signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


def main(work=set_up, action="Setting up .venv"):
    """Do the work in the project's folder; return 0, 2 after one line if it fails, 130 if it is interrupted."""
    if os.name == "nt":
        show("On Windows use conda with environment.yml, or the Windows Subsystem for Linux.", sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        # A shell script that starts a program in the background has it ignore interruptions.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        os.chdir(ROOT)
        os.makedirs(CACHE, exist_ok=True)
        with lock_folder():
            work()
    except Stop as error:
        show(str(error), sys.stderr)
        return 2
    except OSError as error:
        show(str(explain(action, [str(error)])), sys.stderr)
        return 2
    except KeyboardInterrupt:
        show(f"{action} was interrupted. Run make again.", sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
