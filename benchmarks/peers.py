"""The stock ways to make the whole report: papermill, Snakemake and ploomber-engine, with nbconvert.

Snakemake and ploomber-engine are no part of the project's environment. pip installs them, the group `bench` of
pyproject.toml, when a row asks for them, and only the processes of that row see them. What they share with `.venv` has
the lock's versions; the rest is not locked, because a comparison is no result of the report.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from benchmarks.scratch import Scratch
from benchmarks.timing import Job, NotRun
from reissue.build.order import Order, read_order
from reissue.build.run import KERNEL
from reissue.core import paths
from reissue.core.files import write_text

PACKAGES = paths.CACHE / "bench-packages"
CORES = "2"
#: ploomber-engine sends no statistics, and does not look for newer versions.
_QUIET = {"PLOOMBER_STATS_ENABLED": "false", "PLOOMBER_VERSION_CHECK_DISABLED": "true"}
#: All notebooks in one process, as the documentation of ploomber-engine shows it; arguments: OUT STEM...
_PLOOMBER = """
import sys
from pathlib import Path
from nbconvert import HTMLExporter
from ploomber_engine import execute_notebook
out, exporter = Path(sys.argv[1]), HTMLExporter()
for stem in sys.argv[2:]:
    target = out / "executed" / f"{stem}.ipynb"
    notebook = execute_notebook(Path("notebooks", f"{stem}.ipynb"), target, progress_bar=False, cwd="notebooks")
    (out / "html" / f"{stem}.html").write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
"""


def install_packages() -> Path:
    """Return the folder of the peers' packages, installed if needed; raise `NotRun` if pip fails."""
    names = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["bench"]
    stamp = PACKAGES / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8").split() == names:
        return PACKAGES
    shutil.rmtree(PACKAGES, ignore_errors=True)
    constraints = PACKAGES.with_suffix(".txt")
    lock = (paths.ROOT / "requirements.lock").read_text(encoding="utf-8")
    write_text(constraints, re.sub(r"\[.*?\]|\\\n *--hash=\S+", "", lock).replace("\\", ""))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PACKAGES), *names]
    done = subprocess.run([*command, "--constraint", str(constraints)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotRun((done.stderr.strip().splitlines() or ["the peers cannot be installed"])[-1])
    write_text(stamp, "\n".join(names))
    return PACKAGES


def with_papermill(project: Scratch, out: Path) -> Job:
    """Return what makes the report with papermill and nbconvert, one notebook after the other."""

    def job() -> None:
        for stem in read_order().needs:
            executed = f"{out.name}/executed/{stem}.ipynb"
            project.stock(out / "made", *papermill(f"notebooks/{stem}.ipynb", executed))
            project.stock(out / "made", *nbconvert(executed, f"{out.name}/html"))

    return job


def papermill(source: str, target: str) -> list[str]:
    """Return the arguments by which Python runs a notebook, in its folder, with papermill."""
    folder = str(Path(source).parent)
    return ["-m", "papermill", "--no-progress-bar", "-k", KERNEL, "--cwd", folder, source, target]


def nbconvert(executed: str, folder: str) -> list[str]:
    """Return the arguments by which Python writes a notebook's page with nbconvert."""
    return ["-m", "nbconvert", "--log-level", "ERROR", "--to", "html", "--output-dir", folder, executed]


def with_snakemake(project: Scratch, out: Path) -> Job:
    """Return what makes the report with Snakemake, a rule a notebook."""
    variables = _find_peers(project)
    (project.root / "Snakefile").write_text(write_snakefile(read_order(), "../notebooks"), encoding="utf-8")
    options = ["--snakefile", "Snakefile", "--directory", out.name, "--cores", CORES, "--quiet", "all"]
    return lambda: project.stock(out / "made", "-m", "snakemake", *options, **variables)


def write_snakefile(order: Order, notebooks: str) -> str:
    """Return a Snakefile that runs the notebooks of a folder and writes their pages, one rule a notebook."""
    pages = [f"html/{stem}.html" for stem in order.needs]
    rules = [f"rule all:\n    input: {pages}"]
    for (stem, needs), page in zip(order.needs.items(), pages, strict=True):
        inputs = [f"{notebooks}/{stem}.ipynb", *(f"executed/{need}.ipynb" for need in needs)]
        outputs = [f"executed/{stem}.ipynb", page]
        commands = [papermill(inputs[0], outputs[0]), nbconvert(outputs[0], "html")]
        # A variable of the shell names Python, whose path may have signs that the shell reads.
        shell = " && ".join(f'"$PYTHON" {" ".join(command)}' for command in commands)
        rules.append(f"rule notebook_{stem}:\n    input: {inputs}\n    output: {outputs}\n    shell: {shell!r}")
    return "\n\n".join(rules) + "\n"


def with_ploomber(project: Scratch, out: Path) -> Job:
    """Return what makes the report with ploomber-engine and nbconvert, in one process."""
    variables = _find_peers(project)
    return lambda: project.stock(out / "made", "-c", _PLOOMBER, str(out), *read_order().needs, **variables)


def _find_peers(project: Scratch) -> dict[str, str]:
    """Return the variables by which a process finds the peers, after the project's own source."""
    found = os.pathsep.join([str(project.root / "src"), str(install_packages())])
    return {**_QUIET, "PYTHONPATH": found, "PYTHON": sys.executable}
