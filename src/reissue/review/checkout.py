"""Build a copy of the project in another folder, with this checkout's environment."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from reissue.build import environment
from reissue.core import paths, report

#: The parts of a checkout that a build reads.
PARTS = ("data/raw", "notebooks", "params", "src", "tools")
FILES = ("Makefile", "pyproject.toml", "requirements.lock")
#: Variables of an outer Make and its caller, which concern another build.
_OUTER = re.compile(r"MAKE|MFLAGS$|REISSUE_|(VARIANT|SURVEY|LOCALE|ONLY|SCHEDULER|EXHIBIT|SOURCE)$")
#: Seconds between asking a program to end and killing it.
_GRACE = 1.0
#: The programs that run in copies; each leads a session of its own.
_running: set[subprocess.Popen[str]] = set()
_ended = threading.Event()
#: Held while a program starts, so that none starts after `end_all`.
_starting = threading.Lock()


class CommandError(Exception):
    """A program failed in a copy. The message names it; `last_line` is the last line that it printed."""

    def __init__(self, message: str, last_line: str) -> None:
        super().__init__(message)
        self.last_line = last_line


class Copy:
    """A copy of the project `source` in a new folder.

    `within` is a command that runs the copy's programs, such as a sandbox; a umask of -1 keeps this process's own.
    """

    def __init__(self, root: Path, source: Path = paths.ROOT, within: Sequence[str] = (), umask: int = -1) -> None:
        self.root = root.resolve()
        self.reports, self.processed = self.root / "reports", self.root / "data" / "processed"
        self._within = tuple(within)
        self._umask = umask
        for part in PARTS:
            shutil.copytree(source / part, self.root / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(source / name, self.root / name)
        link_environment(self.root)
        outer = {name: value for name, value in os.environ.items() if not _OUTER.match(name)}
        own = {"PYTHONPATH": str(self.root / "src"), **paths.cache_variables(self.root / ".cache")}
        self.variables = outer | environment.VARIABLES | own

    def run(self, *command: str, **variables: str) -> str:
        """Run a program in the copy's folder and return its output; raise CommandError if it fails."""
        with _starting:
            if _ended.is_set():
                raise SystemExit
            process = subprocess.Popen(
                [*self._within, *command],
                cwd=self.root,
                env=self.variables | variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                umask=self._umask,
                start_new_session=True,
            )
            _running.add(process)
        try:
            output, errors = process.communicate()
        except BaseException:
            _end([process])
            raise
        finally:
            _running.discard(process)
        if _ended.is_set():
            raise SystemExit
        if process.returncode:
            name, last_line = " ".join(Path(word).name for word in command[:4]), _find_last_line(output + errors)
            raise CommandError(f"{name} ended with {process.returncode}: {last_line}", last_line)
        return output

    def python(self, *arguments: str, **variables: str) -> str:
        """Run this Python as `run` does."""
        return self.run(sys.executable, *arguments, **variables)

    def make(self, *arguments: str, **variables: str) -> str:
        """Run Make as `run` does, without installing anything."""
        return self.run("make", "-o", ".venv/installed", *arguments, **variables)


def link_environment(root: Path) -> None:
    """Make the `.venv` of a copy: its Python is this one, but imports the copy's source.

    The folder's name may contain characters that the shell or Make would expand, so they are quoted.
    """
    programs = root / ".venv" / "bin"
    programs.mkdir(parents=True)
    wrapper = programs / "python"
    source, python = shlex.quote(f"{root}/src"), shlex.quote(sys.executable)
    wrapper.write_text(f'#!/bin/sh\nPYTHONPATH={source} exec {python} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    place = str(root).replace("$", "$$").replace("#", "\\#")
    (root / ".venv" / "place.mk").write_text(f"INSTALLED_AT := {place}\n", encoding="utf-8")
    (root / ".venv" / "installed").touch()


def end_all() -> None:
    """End all programs that run in copies, with their children, and start no more: this process is about to exit."""
    with _starting:
        _ended.set()
        running = list(_running)
    _end(running)


def _end(processes: Sequence[subprocess.Popen[str]]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)


def _find_last_line(output: str) -> str:
    """Return the last line of an output; an error of ours or any other line goes before one of Make's."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    own = [line for line in lines if line.startswith(f"{report.command()}: ")]
    own = own or [line for line in lines if not line.startswith("make:")]
    return (own or lines or ["it printed nothing"])[-1][:400]
