"""Install what `make bench` compares with into `.cache/bench-packages`: pyproject.toml's group `bench`.

The bench runs it when a row needs these packages. They stay out of `.venv`, and the packages that they share with it
have the lock's versions. Only top-level versions are fixed: a comparison is no result of the report.
"""

import os
import re
import shutil
import sys
import tomllib

import install
from programs import run

FOLDER = os.path.join(install.CACHE, "bench-packages")


def install_packages():
    """Install the packages, unless these are there."""
    packages = tomllib.loads(install.read(install.PROJECT))["dependency-groups"]["bench"]
    wanted = "\n".join([*packages, sys.version, install.digest(install.LOCK)])
    stamp = os.path.join(FOLDER, "installed")
    if os.path.exists(stamp) and install.read(stamp) == wanted:
        return
    constraints = re.sub(r"\[.*?\]|\\| *--hash=\S+", "", install.read(install.LOCK))
    install.write(FOLDER + ".txt", constraints)
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = [install.PYTHON, "-m", "pip", "install", "--target", FOLDER, "--constraint", FOLDER + ".txt"]
    run("Installing what the bench compares with", [*command, *packages])
    install.write(stamp, wanted)


if __name__ == "__main__":
    sys.exit(install.main(install_packages, "Installing what the bench compares with"))
