"""Install what `make bench` compares with into `.cache/bench-packages`, from `requirements-bench.lock`.

The bench runs it when a row asks for it. Nothing of it reaches `.venv`: the folder holds only what is not there
already, and only the processes of such a row look into it.
"""

import os
import shutil
import sys

import install
from indexes import pip_settings, uv_environment
from programs import Stop, explain, run, say

LOCK = "requirements-bench.lock"
FOLDER = os.path.join(install.CACHE, "bench-packages")
LOG = os.path.join(install.CACHE, "bench-packages.log")


def fetch():
    """Install the packages, unless they are there: the lock's copy comes last, and says so."""
    # What the folder leaves out is in `.venv`, and some of it is compiled for one Python.
    wanted = "".join([install.read(LOCK), install.read(install.LOCK), sys.version])
    stamp = os.path.join(FOLDER, "installed")
    if os.path.exists(stamp) and install.read(stamp) == wanted:
        return
    part = FOLDER + ".part"
    shutil.rmtree(part, ignore_errors=True)
    settings = pip_settings(getattr(sys, "_base_executable", sys.executable))
    command = [os.path.join(install.UV, "bin", "uv"), "pip", "install", "--python", install.PYTHON, "--target", part]
    command += ["--no-deps", "--require-hashes", "--no-build", "--compile-bytecode"]
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        command.append("--no-index")
    install.write(LOG, "")
    run("Installing what the bench compares with", [*command, "-r", LOCK], uv_environment(settings), LOG)
    install.write(os.path.join(part, "installed"), wanted)
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.rename(part, FOLDER)


def main():
    """Install; return 0, or 2 with one line where that cannot be."""
    os.chdir(install.ROOT)
    try:
        if not os.path.exists(install.UV) and install.main():
            return 2
        fetch()
    except Stop as error:
        say(str(error), sys.stderr)
        return 2
    except OSError as error:
        say(str(explain("Installing what the bench compares with", [str(error)])), sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
