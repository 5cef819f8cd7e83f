"""A copy of the project to build and spoil, with this checkout's environment, and what its builds have made."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

from iucresearch import paths
from iucresearch.bench.timing import NotRun, Refused

#: What a checkout holds that a build reads.
PARTS = ("data/raw", "mk", "notebooks", "params", "src", "tools")
FILES = ("Makefile", "pyproject.toml", "requirements.lock", "requirements-uv.lock")
#: Name of the kernel of the stock ways: the project's own, started the ordinary way.
STOCK = "stock"
#: What `reports` holds apart from what the notebooks' cells saved.
_NOT_SAVED = {
    *(".made", "bench.json", "build.json", "builds", "executed", "html", "index.html"),
    *("order.mk", "ro-crate-metadata.json"),
}
#: What an outer Make and its caller have said, for another build than these.
_CALLERS = re.compile(r"MAKE|MFLAGS$|IUCRESEARCH_|(VARIANT|SURVEY|LOCALE|ONLY|SCHEDULER)$")
_VARIABLES = """include mk/environment.mk
show:
\t@$(BIN)/python -c 'import json, os; print(json.dumps(dict(os.environ)))'
"""


class Scratch:
    """A copy of the project in a folder of its own.

    Parameters
    ----------
    root
        The folder, which is made.
    source
        The project.
    """

    def __init__(self, root: Path, source: Path = paths.ROOT) -> None:
        self.root = root.resolve()
        for part in PARTS:
            shutil.copytree(source / part, self.root / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(source / name, self.root / name)
        self._lend_environment()
        self.variables = self._of_recipes()
        self._add_stock_kernel()

    def _lend_environment(self) -> None:
        """Put a `.venv` in place whose Python is this one, but which imports the copy's source."""
        programs = self.root / ".venv" / "bin"
        programs.mkdir(parents=True)
        wrapper = programs / "python"
        wrapper.write_text(f'#!/bin/sh\nPYTHONPATH="{self.root}/src" exec "{sys.executable}" "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)
        (self.root / ".venv" / "place.mk").write_text(f"INSTALLED_AT := {self.root}\n", encoding="utf-8")
        (self.root / ".venv" / "installed").touch()

    def _of_recipes(self) -> dict[str, str]:
        """Return the variables that `mk/environment.mk` and `.venv` give to recipes: both sides have them."""
        outer = {name: value for name, value in os.environ.items() if not _CALLERS.match(name)}
        command = ["make", "--no-print-directory", "-f", "-", "show"]
        try:
            told = subprocess.run(
                command, cwd=self.root, env=outer, input=_VARIABLES, capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise NotRun(f"make does not run ({error})") from None
        found: dict[str, str] = json.loads(told.stdout)
        return {name: value for name, value in found.items() if not _CALLERS.match(name)}

    def _add_stock_kernel(self) -> None:
        path = self.root / "src" / "iucresearch" / "pipeline" / "kernelspec" / "kernel.json"
        kernel = json.loads(path.read_text(encoding="utf-8"))
        kernel.pop("metadata", None)
        folder = Path(self.variables["JUPYTER_DATA_DIR"]) / "kernels" / STOCK
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(kernel | {"display_name": STOCK}), encoding="utf-8")

    @property
    def processed(self) -> Path:
        """The processed tables of the copy's build."""
        return self.root / "data" / "processed"

    def run(self, *command: str, **variables: str) -> str:
        """Run a program in the copy's folder; return what it prints.

        Raises
        ------
        Refused
            If it fails.
        """
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.variables | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            name = " ".join(Path(word).name for word in command[:4])
            raise Refused(f"{name} ended with {done.returncode}: {said[-1][:200] if said else 'it said nothing'}")
        return done.stdout

    def python(self, *arguments: str, **variables: str) -> str:
        """Run this Python as `run` does."""
        return self.run(sys.executable, *arguments, **variables)

    def stock(self, made: Path, *arguments: str, **variables: str) -> str:
        """Run this Python the stock way: kernels start anew, and cells save into `made`."""
        own = {paths.OUTPUT_VARIABLE: str(made), paths.PROCESSED_VARIABLE: str(made / "processed"), "IUC_WARM": "0"}
        return self.python(*arguments, **(own | variables))

    def make(self, *arguments: str) -> str:
        """Run Make, which never installs here."""
        return self.run("make", "-o", ".venv/installed", *arguments)

    def unbuild(self) -> None:
        """Remove everything that a build makes."""
        shutil.rmtree(self.root / "reports", ignore_errors=True)
        shutil.rmtree(self.processed, ignore_errors=True)

    def emptied(self, name: str, *inside: str) -> Path:
        """Return a folder of the copy with nothing in it, but for empty folders of these names."""
        folder = self.root / name
        shutil.rmtree(folder, ignore_errors=True)
        for one in (".", *inside):
            (folder / one).mkdir(parents=True, exist_ok=True)
        return folder

    def saved(self) -> dict[str, bytes]:
        """Return what the cells of the copy's build have saved, by the name that the cells gave it."""
        reports = self.root / "reports"
        found = {name: text for name, text in contents(reports).items() if name.split("/")[0] not in _NOT_SAVED}
        return found | {f"processed/{name}": text for name, text in contents(self.processed).items()}

    def pages(self) -> dict[str, bytes]:
        """Return the pages of the copy's build."""
        reports = self.root / "reports"
        return {name: text for name, text in contents(reports).items() if name.startswith(("html/", "index.html"))}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files in a folder and those below it, by their path in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def first_difference(ours: dict[str, bytes], theirs: dict[str, bytes]) -> str:
    """Return in one line what two sides made differently, and nothing where all is the same.

    A file that one side lacks comes before one whose contents differ.
    """
    if not ours:
        return "neither side made anything" if not theirs else f"only theirs has {min(theirs)}"
    for name in sorted(ours.keys() ^ theirs.keys()):
        return f"only {'ours' if name in ours else 'theirs'} has {name}"
    for name, content in ours.items():
        for number, (one, other) in enumerate(_lines(content, theirs[name]), start=1):
            if one != other:
                return f"{name}, line {number}: {_around(one, other)} here, {_around(other, one)} there"
    return ""


def _lines(one: bytes, other: bytes) -> zip_longest[tuple[bytes | None, bytes | None]]:
    return zip_longest(one.split(b"\n"), other.split(b"\n"))


def _around(line: bytes | None, other: bytes | None) -> str:
    """Return what stands where a line begins to differ from another."""
    if line is None:
        return "nothing"
    place = next((n for n, pair in enumerate(zip(line, other or b"", strict=False)) if pair[0] != pair[1]), len(line))
    return repr(line[max(0, place - 20) : place + 40].decode("utf-8", "replace"))
