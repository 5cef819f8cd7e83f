"""Rounds, medians, and the machine on which they were taken."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from reissue.build import provenance
from reissue.core import paths

#: Rounds that count; one before them, the warm-up, does not.
ROUNDS = 3
#: Programs whose versions a time depends on.
PROGRAMS = ("papermill", "nbclient", "nbconvert", "nbval", "ipykernel", "ploomber-engine", "snakemake")

Rounds = tuple[float, ...]
Job = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One row of the bench: the rounds of ours and of the other way, or why there are none.

    Parameters
    ----------
    name
        What ONLY= calls it.
    what
        What was done.
    ours, theirs
        The rounds, in `unit`; `theirs` is empty where nothing is compared.
    goal
        The most that the ratio of the medians may be, or, where nothing is compared, the median of ours.
    unit
        Of the rounds, and of the goal where nothing is compared.
    not_run
        Why there are no rounds.
    """

    name: str
    what: str = ""
    ours: Rounds = ()
    theirs: Rounds = ()
    goal: float | None = None
    unit: str = "s"
    not_run: str = ""

    @property
    def ratio(self) -> float | None:
        """The median of ours by the median of theirs; None where nothing is compared."""
        return statistics.median(self.ours) / statistics.median(self.theirs) if self.theirs else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none, or no rounds."""
        if self.goal is None or not self.ours:
            return None
        return (statistics.median(self.ours) if self.ratio is None else self.ratio) <= self.goal


#: Rows by name, in the order in which they are run and shown.
Rows = dict[str, Callable[[], Row]]


class NotRun(Exception):
    """A row cannot be run here; the message says why in one line."""


class Refused(NotRun):
    """A row is not to be timed: a side failed, or the two sides did not make the same."""


def timed(job: Job, before: Job = lambda: None) -> Rounds:
    """Return the seconds of each round of a job, after one that does not count; `before` is not timed."""
    job()
    rounds = []
    for _ in range(ROUNDS):
        before()
        rounds.append(seconds(job))
    return tuple(rounds)


@dataclass(frozen=True)
class Way:
    """Another way to do the same.

    Parameters
    ----------
    run
        Does it.
    compare
        The first difference between what ours made and what it made; nothing where there is none.
    """

    run: Job
    compare: Callable[[], str]


def side_by_side(ours: Job, others: Mapping[str, Way], before: Job) -> tuple[Rounds, dict[str, Rounds | NotRun]]:
    """Return the seconds of each round of ours and of other ways, all taken in turn in each round.

    What they made is compared after the warm-up. A way that fails then, or makes something else, is not timed.

    Parameters
    ----------
    ours
        One way.
    others
        The others, by name.
    before
        Makes all start from the same; not timed.

    Returns
    -------
    tuple
        The rounds of ours; and by name those of the others, or why there are none.

    Raises
    ------
    NotRun
        Where ours fails.
    """
    before()
    ours()
    found: dict[str, Rounds | NotRun] = {}
    for name, way in others.items():
        try:
            _check(way)
        except NotRun as reason:
            found[name] = reason
    good = {name: way for name, way in others.items() if name not in found}
    rounds = []
    for _ in range(ROUNDS if good else 0):
        before()
        rounds.append((seconds(ours), [seconds(way.run) for way in good.values()]))
    found |= {name: tuple(times[place] for _, times in rounds) for place, name in enumerate(good)}
    return tuple(own for own, _ in rounds), found


def _check(way: Way) -> None:
    way.run()
    difference = way.compare()
    if difference:
        raise Refused(f"the two sides differ: {difference}")


def compared(row: Row, ours: Job, way: Way, before: Job) -> Row:
    """Return a row with the rounds of ours and of one other way.

    Raises
    ------
    NotRun
        Where there are none.
    """
    own, found = side_by_side(ours, {row.name: way}, before)
    theirs = found[row.name]
    if isinstance(theirs, NotRun):
        raise theirs
    return replace(row, ours=own, theirs=theirs)


def seconds(job: Job) -> float:
    """Return how long a job takes, once."""
    started = time.perf_counter()
    job()
    return round(time.perf_counter() - started, 6)


def machine() -> dict[str, Any]:
    """Return what times depend on: processor, cores, system, Python, and the versions of what is compared."""
    about = provenance.describe_machine()
    return {**about, "processor": provenance.describe_processor() or about["processor"], "versions": _versions()}


def _versions() -> dict[str, str]:
    """Return the versions of `PROGRAMS`: the installed ones, or those of the bench's own lock."""
    lock = paths.ROOT / "requirements-bench.lock"
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", lock.read_text(encoding="utf-8") if lock.exists() else "", re.M))
    found = {}
    for name in PROGRAMS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found |= {name: locked[name]} if name in locked else {}
    return found
