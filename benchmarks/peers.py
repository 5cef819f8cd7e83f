"""Rows against the stock ways: papermill, Snakemake and ploomber-engine with nbconvert, and nbval notebook by notebook.

Snakemake and ploomber-engine are no part of the project's environment: `tools/bench_packages.py` installs them from
`requirements-bench.lock` when a row asks for them, and only the processes of that row see them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import WholeWay
from benchmarks.scratch import Scratch
from benchmarks.timing import Job, NotRun, Row, Rows, Way, compared
from reissue.build.order import Order, read_order
from reissue.build.run import KERNEL
from reissue.core import paths

PACKAGES = paths.CACHE / "bench-packages"
#: ploomber-engine tells nobody that it is used, and asks nobody for newer versions.
_QUIET = {"PLOOMBER_STATS_ENABLED": "false", "PLOOMBER_VERSION_CHECK_DISABLED": "true"}
_CORES = "2"


def ways() -> dict[str, WholeWay]:
    """Return the stock ways to make the whole report."""
    snakemake = f"Snakemake with {_CORES} cores, a rule a notebook: papermill, nbconvert"
    return {
        "report-papermill": WholeWay("papermill and nbconvert, one notebook after the other", 0.25, _papermill),
        "report-snakemake": WholeWay(snakemake, 0.35, _snakemake),
        "report-ploomber": WholeWay("ploomber-engine and nbconvert in one process", 1, _ploomber),
    }


def rows(built: Callable[[], Scratch]) -> Rows:
    """Return the other rows, of a copy of the project."""
    return {"nbval": lambda: _nbval(built())}


def packages() -> Path:
    """Return the folder of the peers' packages, installed if they are not.

    Raises
    ------
    NotRun
        Where they cannot be, with the set-up's own line.
    """
    command = [sys.executable, str(paths.ROOT / "tools" / "bench_packages.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotRun((done.stderr.strip().splitlines() or ["the peers cannot be installed"])[-1])
    return PACKAGES


def _papermill(project: Scratch, out: Path) -> Job:
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


def _snakemake(project: Scratch, out: Path) -> Job:
    variables = _seen(project, packages())
    (project.root / "Snakefile").write_text(snakefile(read_order(), "../notebooks"), encoding="utf-8")
    options = ["--snakefile", "Snakefile", "--directory", out.name, "--cores", _CORES, "--quiet", "all"]
    return lambda: project.stock(out / "made", "-m", "snakemake", *options, **variables)


def snakefile(order: Order, notebooks: str) -> str:
    """Return a Snakefile that runs the notebooks of a folder and writes their pages, one rule a notebook."""
    pages = [f"html/{stem}.html" for stem in order.needs]
    rules = [f"rule all:\n    input: {pages}"]
    for (stem, needs), page in zip(order.needs.items(), pages, strict=True):
        inputs = [f"{notebooks}/{stem}.ipynb", *(f"executed/{need}.ipynb" for need in needs)]
        outputs = [f"executed/{stem}.ipynb", page]
        commands = [papermill(inputs[0], outputs[0]), nbconvert(outputs[0], "html")]
        # Python is named by a variable of the shell, whatever signs its path has.
        shell = " && ".join(f'"$PYTHON" {" ".join(command)}' for command in commands)
        rules.append(f"rule notebook_{stem}:\n    input: {inputs}\n    output: {outputs}\n    shell: {shell!r}")
    return "\n\n".join(rules) + "\n"


def _ploomber(project: Scratch, out: Path) -> Job:
    arguments = ["-m", "benchmarks.ploomber", str(out), *read_order().needs]
    variables = _seen(project, packages())
    return lambda: project.stock(out / "made", *arguments, **variables)


def _seen(project: Scratch, peers: Path) -> dict[str, str]:
    """Return the variables by which a process finds the peers, after the project's own source."""
    found = os.pathsep.join([str(project.root / "src"), str(peers)])
    return {**_QUIET, "PYTHONPATH": found, "PYTHON": sys.executable}


def _nbval(project: Scratch) -> Row:
    copies, passed = project.root / "copies", {"here": 0, "there": 0}
    notebooks = sorted((project.root / "notebooks").glob("*.ipynb"))

    def before() -> None:
        project.emptied(copies.name)
        project.emptied("nbval")
        for notebook in notebooks:
            shutil.copy(notebook, copies)
        shutil.copy(paths.ROOT / "tests" / "nbval.cfg", copies)
        (copies / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")  # not the project's own options

    def ours() -> None:
        said = project.python(*nbval(), "-n", _CORES, "--dist", "loadfile", copies.name, **variables)
        passed["here"] = _passed(said)

    def theirs() -> None:
        command = [*nbval(), "-p", "no:xdist"]
        each = [f"{copies.name}/{notebook.name}" for notebook in notebooks]
        passed["there"] = sum(_passed(project.python(*command, one, **variables)) for one in each)

    def compare() -> str:
        here, there = passed["here"], passed["there"]
        return "" if here == there else f"{here} cells passed here, {there} there"

    project.make("report")
    variables = {
        paths.OUTPUT_VARIABLE: str(project.root / "nbval"),
        paths.PROCESSED_VARIABLE: str(project.processed),
    }
    what = f"nbval on {_CORES} cores, against a process for each notebook, one after the other"
    return compared(Row("nbval", what, goal=0.4), ours, Way(theirs, compare), before)


def nbval() -> list[str]:
    """Return the arguments by which Python compares notebooks in `copies` with fresh runs of them."""
    command = ["-m", "pytest", "-c", "copies/pytest.ini", "-p", "no:cacheprovider", "--nbval"]
    command += ["--nbval-kernel-name", KERNEL, "--nbval-sanitize-with", "copies/nbval.cfg"]
    return [*command, "--nbval-cell-timeout", "600"]


def _passed(said: str) -> int:
    """Return how many cells passed, as pytest says in its last line."""
    return int(re.findall(r"(\d+) passed in ", said)[-1])
