"""A copy of the project to build apart, with this checkout's environment."""

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

#: What a checkout holds that a build reads.
PARTS = ("data/raw", "notebooks", "params", "src", "tools")
FILES = ("Makefile", "pyproject.toml", "requirements.lock", "requirements-uv.lock")
#: What an outer Make and its caller have said, for another build than these.
_CALLERS = re.compile(r"MAKE|MFLAGS$|REISSUE_|(VARIANT|SURVEY|LOCALE|ONLY|SCHEDULER|EXHIBIT|SOURCE)$")
#: Seconds that a program has to end well.
_PATIENCE = 1.0
#: What runs in copies of this process: each the head of a session of its own.
_running: set[subprocess.Popen[str]] = set()
_ended = threading.Event()
#: Held while one is started: none is, once all were ended.
_starting = threading.Lock()


class Failed(Exception):
    """A program that was run in a copy failed; the message says which, and its last words.

    Attributes
    ----------
    said
        The last words alone.
    """

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said or message


class Copy:
    """A copy of the project in a folder of its own.

    Parameters
    ----------
    root
        The folder, which is made.
    source
        The project.
    within
        The command that programs are run by, such as one that closes the network to them.
    umask
        Of these programs; this process's own, unless it is given.
    """

    def __init__(self, root: Path, source: Path = paths.ROOT, within: Sequence[str] = (), umask: int = -1) -> None:
        self.root = root.resolve()
        self._within = tuple(within)
        self._umask = umask
        for part in PARTS:
            shutil.copytree(source / part, self.root / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(source / name, self.root / name)
        link_environment(self.root)
        outer = {name: value for name, value in os.environ.items() if not _CALLERS.match(name)}
        own = {"PYTHONPATH": str(self.root / "src"), **paths.cache_variables(self.root / ".cache")}
        self.variables = outer | environment.VARIABLES | own

    @property
    def reports(self) -> Path:
        """The copy's published build."""
        return self.root / "reports"

    @property
    def processed(self) -> Path:
        """The processed tables of that build."""
        return self.root / "data" / "processed"

    def run(self, *command: str, **variables: str) -> str:
        """Run a program in the copy's folder; return what it prints.

        Raises
        ------
        Failed
            If it fails: the message has the last line that it printed.
        """
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
            printed, errors = process.communicate()
        except BaseException:
            _end([process])
            raise
        finally:
            _running.discard(process)
        if _ended.is_set():
            # Nothing follows what was ended: whoever asked for it is leaving.
            raise SystemExit
        if process.returncode:
            name, said = " ".join(Path(word).name for word in command[:4]), _last_words(printed, errors)
            raise Failed(f"{name} ended with {process.returncode}: {said}", said)
        return printed

    def python(self, *arguments: str, **variables: str) -> str:
        """Run this Python as `run` does."""
        return self.run(sys.executable, *arguments, **variables)

    def make(self, *arguments: str, **variables: str) -> str:
        """Run Make, which never installs here."""
        return self.run("make", "-o", ".venv/installed", *arguments, **variables)


def link_environment(root: Path) -> None:
    """Make the `.venv` of a copy: its Python is this one, but imports the copy's source.

    A folder's name may hold anything: neither the shell nor Make may expand it.
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
    """End what runs in copies, with what it has started: the program that asked for it is leaving."""
    with _starting:
        _ended.set()
        ending = list(_running)
    _end(ending)


def _end(ending: Sequence[subprocess.Popen[str]]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in ending:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        for process in ending:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)


def _last_words(printed: str, errors: str) -> str:
    """Return the last line that a program printed, or an error of ours, which may have lines of detail after it.

    Make's own line about it says nothing.
    """
    said = [line.strip() for line in (printed + errors).splitlines() if line.strip()]
    own = [line for line in said if line.startswith(f"{report.command()}: ")]
    own = own or [line for line in said if not line.startswith("make:")]
    return (own or said or ["it said nothing"])[-1][:400]
