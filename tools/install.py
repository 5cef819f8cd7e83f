"""Set up `.venv` from the locks: the one program that runs before anything is installed.

Make runs it with whatever Python it finds, so it uses the standard library alone and stays readable to
Python 3.6: an old Python then gets one line that names the remedy, not a SyntaxError.

Steps: a Python within pyproject's bounds; uv, pinned, fetched by that Python's pip; `.venv` by uv from
`requirements.lock`, bytecode compiled; the project itself, editable. Every file is checked against its hash,
none is built from source, nothing unlocked is fetched. Where the folder `wheels/` of an archive stands, packages come
from it alone. The stamp `.venv/installed` is written last and atomically, so what failed or was interrupted is made
anew.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import wheels
from indexes import closed, environment, pip_settings, uv_environment
from programs import Stop, Unreachable, explain, run, say

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: Relative to the project's folder, in which all of this runs.
VENV = ".venv"
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed")
ASIDE = os.path.join(VENV, "outdated")
PLACE = os.path.join(VENV, "place.mk")
CACHE = ".cache"
LOG = os.path.join(CACHE, "install.log")
UV = os.path.join(CACHE, "uv")
BOOTSTRAP = os.path.join(CACHE, "bootstrap")
LOCK, UV_LOCK, PROJECT = "requirements.lock", "requirements-uv.lock", "pyproject.toml"
LOCKS = (LOCK, UV_LOCK)
KERNEL = os.path.join("src", "reissue", "build", "kernels", "kernelspec", "kernel.json")


def bounds(text):
    """Return the first Python that a pyproject allows and the first beyond, as pairs of numbers."""
    found = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"', text, re.MULTILINE)
    if not found:
        raise Stop(
            f'{PROJECT}: requires-python cannot be read. Expected ">=3.N,<3.M". Put it right and run make again.'
        )
    return (3, int(found.group(1))), (3, int(found.group(2)))


def probe(python):
    """Return a Python's version, its path and which of pip and ensurepip it has; None if it does not run."""
    question = (
        "import sys, importlib.util as u; print(*sys.version_info[:3]); print(sys.executable);"
        "print(*[m for m in ('pip', 'ensurepip') if u.find_spec(m)])"
    )
    try:
        answer = subprocess.check_output(
            [python, "-c", question], env=environment(), stderr=subprocess.DEVNULL, timeout=60
        )
        version, path, parts = os.fsdecode(answer).split("\n")[:3]
        return tuple(map(int, version.split())), path, parts.split()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def candidates(first, end):
    """Yield the Pythons to try: the one that runs this, then those on PATH, newest first; never `.venv`'s own."""
    inside = os.path.join(ROOT, VENV) + os.sep
    own = sys.executable or "python3"
    yield getattr(sys, "_base_executable", own) if own.startswith(inside) else own
    for minor in reversed(range(first[1], end[1])):
        found = shutil.which(f"python3.{minor}")
        if found and not found.startswith(inside):
            yield found


def choose(pythons, first, end, because="", otherwise=""):
    """Return what `probe` says of the first Python that is within the bounds and can fetch uv.

    Why the bounds are narrower than pyproject's, and what else can be done then, become part of the message.
    """
    *older, newest = [f"3.{minor}" for minor in range(first[1], end[1])]
    wanted = " or ".join(filter(None, [", ".join(older), newest]))
    others, bare = [], []
    for answer in filter(None, map(probe, pythons)):
        version, path, parts = answer
        if not first <= version[:2] < end:
            others.append("{} is {}.{}.{}".format(path, *version))
        elif not parts:
            bare.append(path)
        else:
            return answer
    if bare:
        raise Stop(
            f"{bare[0]} has neither pip nor venv, and one of them must fetch the packages. Install one "
            "(Debian, Ubuntu: apt install python3-venv; Fedora: dnf install python3-pip) and run make again."
        )
    raise Stop(
        f"{because}Python {wanted} is needed; {'; '.join(others) or 'none runs'}. Install one that fits (Debian, "
        f"Ubuntu: apt install python{newest} python{newest}-venv; macOS: brew install python@{newest}) or name one: "
        f"make PYTHON=/path/to/python{newest}{otherwise}."
    )


def pip_of(python, parts):
    """Return a Python that has pip: this one, or one in an environment made with it, which the caller removes."""
    if "pip" in parts:
        return python
    run("Making an environment with pip", [python, "-m", "venv", "--clear", BOOTSTRAP], environment(), LOG)
    return os.path.join(BOOTSTRAP, "bin", "python")


def fetch_uv(python, offline):
    """Have pip put the pinned uv into the cache folder, unless it is there."""
    kept = os.path.join(UV, UV_LOCK)
    if os.path.exists(kept) and read(kept) == read(UV_LOCK):
        return
    part = UV + ".part"
    shutil.rmtree(part, ignore_errors=True)
    command = [python, "-m", "pip", "install", "--target", part, "--no-compile", "--progress-bar", "off"]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", UV_LOCK]
    if offline:
        run("Taking uv from wheels/", [*command, "--no-index", "--find-links", wheels.FOLDER], closed(), LOG)
    else:
        run("Fetching uv with pip", command, dict({"PIP_RETRIES": "2"}, **environment()), LOG)
    shutil.copyfile(UV_LOCK, os.path.join(part, UV_LOCK))
    shutil.rmtree(UV, ignore_errors=True)
    os.rename(part, UV)


def installed(first, end):
    """Return the stamp's lines, or none where `.venv` is absent, half-made, moved or of another Python."""
    if not (os.path.exists(STAMP) and os.path.exists(PLACE) and read(PLACE) == place()):
        return []
    answer, stamp = probe(PYTHON), read(STAMP).splitlines()
    fits = answer and first <= answer[0][:2] < end and stamp[0] == "python {}.{}".format(*answer[0])
    return stamp if fits else []


def place():
    """Return the line by which Make knows where `.venv` was made: it does not bear being moved."""
    return "INSTALLED_AT := {}\n".format(os.getcwd().replace("$", "$$").replace("#", "\\#"))


def digests():
    """Return the stamp's lines for what is installed: the packages, and the project itself."""
    groups = {"packages": LOCKS, "project": (PROJECT, KERNEL)}
    return [
        f"{k} {hashlib.sha256(''.join(map(read, v)).encode('utf-8', 'surrogateescape')).hexdigest()}"
        for k, v in groups.items()
    ]


def announce(stamp, wanted, python, offline):
    """Say what will be done, from where, and how long it takes."""
    source = "from wheels/ alone, without a network" if offline else "about 260 MB to download"
    if not stamp:
        names = {line.split("==")[0] for line in read(LOCK).splitlines() if re.match(r"[a-z0-9]", line)}
        say(
            f"Setting up .venv, once: up to {len(names)} packages, JupyterLab among them; {source}, "
            f"1 GB on disk; usually 20 to 90 seconds. After that everything works offline."
        )
        say(f"  with {python}")
    elif stamp[1] != wanted[0]:
        say(f"Updating .venv to requirements.lock{', ' + source if offline else ''}: usually under a minute.")
    else:
        say("Updating the project in .venv: a few seconds, no download.")


def install_packages(python, parts, fresh, offline):
    """Bring `.venv` to what the lock says."""
    finder = pip_of(python, parts)
    fetch_uv(finder, offline)
    settings = {} if offline else pip_settings(finder)
    shutil.rmtree(BOOTSTRAP, ignore_errors=True)
    uv, variables = os.path.join(UV, "bin", "uv"), closed() if offline else uv_environment(settings)
    if fresh:
        options = ["--clear", "--force", "--no-project", "--no-python-downloads", "--python", python]
        run("Making .venv", [uv, "venv", *options, VENV], variables, LOG)
    options = ["--python", PYTHON, "--compile-bytecode", "--require-hashes", "--no-build"]
    if offline:
        options += ["--offline", "--no-index", "--find-links", wheels.FOLDER]
    elif settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        options.append("--no-index")
    run("Installing the packages", [uv, "pip", "sync", *options, LOCK], variables, LOG)


def install_project():
    """Install the project itself, editable, with what `.venv` has."""
    command = [os.path.join(UV, "bin", "uv"), "pip", "install", "--python", PYTHON, "--offline", "--no-deps"]
    command += ["--no-build-isolation", "--reinstall-package", "iucresearch", "--editable", ROOT]
    run("Installing the project", command, environment(), LOG)


def set_up():
    """Install what is missing and write the stamp."""
    begin, (first, end), wanted = time.time(), bounds(read(PROJECT)), digests()
    stamp = installed(first, end)
    if stamp[1:] == wanted and os.path.exists(UV):
        os.utime(STAMP)
        return
    to_install = stamp[1:2] != wanted[:1] or not os.path.exists(UV)
    offline, reason = to_install and os.path.isdir(wheels.FOLDER), ()
    if offline:
        found = wheels.check(wheels.FOLDER, [read(lock) for lock in LOCKS])
        first, end = found.python, (3, found.python[1] + 1)
        # Another Python's `.venv` is made anew.
        stamp = installed(first, end)
        reason = (f"{wheels.FOLDER}/ is for {found}: ", f", or {wheels.AWAY}")
    version, python, parts = choose(candidates(first, end), first, end, *reason)
    write(LOG, "")
    announce(stamp, wanted, "Python {}.{}.{} at {}".format(*version, python), offline)
    if stamp:
        os.replace(STAMP, ASIDE)
    if to_install:
        try:
            install_packages(python, parts, fresh=not stamp, offline=offline)
        except Unreachable:
            # Nothing was changed: what was there stays good.
            if stamp:
                os.replace(ASIDE, STAMP)
            raise
    install_project()
    write(PLACE, place())
    version, _, _ = probe(PYTHON)
    write(STAMP, "\n".join(["python {}.{}".format(*version), *wanted]) + "\n")
    if stamp:
        os.remove(ASIDE)
    say(f".venv is ready, after {time.time() - begin:.0f} s.")


def read(name):
    """Return the text of a file."""
    with open(name, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def write(name, text):
    """Write a file at once or not at all."""
    with open(name + ".part", "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.replace(name + ".part", name)


def alone(name):
    """Return an open, locked file: a second set-up of the same folder waits for the first."""
    import fcntl

    file = open(name, "w")  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another set-up of this folder is running: waiting for it.")
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:
        pass  # A file system without locks.
    return file


def end_once(*numbers):
    """Let the first of these signals raise KeyboardInterrupt, and none that comes while that is dealt with."""

    def end(*_):
        for number in numbers:
            # Of a signal that came together with this one Python would say that it is ignored, were it.
            signal.signal(number, lambda *_: None)
        raise KeyboardInterrupt

    for number in numbers:
        # Who starts a program in the background of a shell's script has it ignore them.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


def main():
    """Set up `.venv`; return 0, 2 with one line where it cannot be, 130 where it is interrupted."""
    if os.name == "nt":
        say("On Windows use conda with environment.yml, or the Windows Subsystem for Linux.", sys.stderr)
        return 2
    end_once(signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    try:
        os.chdir(ROOT)
        os.makedirs(CACHE, exist_ok=True)
        with alone(os.path.join(CACHE, "install.lock")):
            set_up()
    except Stop as error:
        say(str(error), sys.stderr)
        return 2
    except OSError as error:
        say(str(explain("Setting up .venv", [str(error)])), sys.stderr)
        return 2
    except KeyboardInterrupt:
        say("Interrupted: .venv is not finished. Run make again.", sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
