"""Rows and their rounds, and the machine on which they were taken."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions

from reissue.build import provenance
from reissue.core import paths

#: Rounds that count; one before them, the warm-up, does not.
ROUNDS = 3
#: Programs whose versions a time depends on, and the locks that have them.
PROGRAMS = ("papermill", "nbclient", "nbconvert", "ipykernel", "ploomber-engine", "snakemake")

Rounds = tuple[float, ...]
Job = Callable[[], object]


class NotRun(Exception):
    """A row cannot be run here; the message says why in one line."""


class Refused(NotRun):
    """A row is not to be timed: a side failed, or the two sides did not make the same."""


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
        The seconds of each round; `theirs` is empty where nothing is compared.
    goal
        The most that the ratio of the medians may be, or, where nothing is compared, the median of ours.
    not_run, is_refused
        Why there are no rounds, and whether that is an error.
    """

    name: str
    what: str = ""
    ours: Rounds = ()
    theirs: Rounds = ()
    goal: float | None = None
    not_run: str = ""
    is_refused: bool = False

    @classmethod
    def without_rounds(cls, name: str, reason: NotRun) -> Row:
        """Return the row of what could not be timed."""
        return cls(name, not_run=" ".join(str(reason).split()), is_refused=isinstance(reason, Refused))

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


@dataclass(frozen=True)
class Group:
    """Rows that are timed together; `run` takes the names that are wanted, and returns these rows at least."""

    names: tuple[str, ...]
    run: Callable[[Sequence[str]], list[Row]]

    @classmethod
    def of_one(cls, name: str, run: Callable[[], Row]) -> Group:
        """Return the group of one row."""
        return cls((name,), lambda _wanted: [run()])


@dataclass(frozen=True)
class Way:
    """Another way to do the same; `compare` returns the first difference between what ours made and what it made."""

    run: Job
    compare: Callable[[], str]


def time_once(job: Job) -> float:
    """Return how many seconds a job takes, once."""
    started = time.perf_counter()
    job()
    return round(time.perf_counter() - started, 6)


def time_rounds(job: Job, before: Job = lambda: None) -> Rounds:
    """Return the seconds of each round of a job, after one that does not count; `before` is not timed."""
    job()
    rounds = []
    for _ in range(ROUNDS):
        before()
        rounds.append(time_once(job))
    return tuple(rounds)


def time_side_by_side(ours: Job, others: Mapping[str, Way], before: Job) -> tuple[Rounds, dict[str, Rounds | NotRun]]:
    """Return the seconds of each round of ours and of other ways, all taken in turn in each round.

    What they made is compared after the warm-up. A way that fails then, or makes something else, is not timed.

    `before` makes all start from the same, and is not timed.
    """
    before()
    ours()
    found: dict[str, Rounds | NotRun] = {}
    for name, way in others.items():
        try:
            check_way(way)
        except NotRun as reason:
            found[name] = reason
    good = {name: way for name, way in others.items() if name not in found}
    rounds = []
    for _ in range(ROUNDS if good else 0):
        before()
        rounds.append((time_once(ours), [time_once(way.run) for way in good.values()]))
    found |= {name: tuple(times[place] for _, times in rounds) for place, name in enumerate(good)}
    return tuple(own for own, _ in rounds), found


def check_way(way: Way) -> None:
    """Run another way once; raise `Refused` if it did not make what ours made."""
    way.run()
    if difference := way.compare():
        raise Refused(f"the two sides differ: {difference}")


def describe_machine() -> str:
    """Return what times depend on: processor, cores, system, Python, and the versions of what is compared."""
    about = provenance.describe_machine()
    places = [*sys.path, str(paths.CACHE / "bench-packages")]
    installed = {one.name: one.version for one in distributions(path=places)}
    versions = ", ".join(f"{name} {installed[name]}" for name in PROGRAMS if name in installed)
    processor = provenance.describe_processor() or about["processor"]
    return f"{processor}, {about['cores']} cores, {about['system']}, Python {about['python']}; {versions}"
