"""Rounds by a clock of our own: what is timed, in which order, and what is refused."""

import platform

import pytest

from benchmarks import timing
from benchmarks.timing import NotRun, Refused, Row, Way


class Clock:
    """A clock that moves only when a job says so, and a list of what was done."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: list[str] = []

    def perf_counter(self) -> float:
        return self.now

    def job(self, name: str, *seconds: float):
        """Return a job that takes these seconds, one after the other."""
        left = list(seconds)

        def job() -> None:
            self.done.append(name)
            self.now += left.pop(0)

        return job


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timing, "time", clock)
    return clock


def test_the_warm_up_and_what_comes_before_a_round_do_not_count(clock):
    rounds = timing.time_rounds(clock.job("job", 100, 3, 1, 2), clock.job("before", 50, 50, 50))
    assert rounds == (3, 1, 2)
    assert clock.done == ["job", *["before", "job"] * 3]


@pytest.mark.parametrize(
    ("theirs", "ratio", "goal", "met"),
    [((40, 1, 4), 0.5, 0.5, True), ((40, 1, 4), 0.5, 0.49, False), ((), None, None, None), ((), None, 1.9, False)],
)
def test_a_goal_is_compared_with_the_ratio_of_medians_or_with_the_median_alone(theirs, ratio, goal, met):
    row = Row("one", ours=(3, 1, 2), theirs=theirs, goal=goal)
    assert row.ratio == ratio
    assert row.met is met


def test_sides_take_turns_and_start_from_the_same(clock):
    ours, first = clock.job("ours", 9, 1, 2, 3), clock.job("first", 9, 4, 5, 6)
    others = {name: Way(job, str) for name, job in (("a", first), ("b", clock.job("second", 9, 7, 7, 7)))}
    rounds, found = timing.time_side_by_side(ours, others, clock.job("before", 50, 50, 50, 50))
    assert rounds == (1, 2, 3)
    assert found == {"a": (4, 5, 6), "b": (7, 7, 7)}
    assert clock.done == ["before", "ours", "first", "second"] * 4


def test_what_fails_or_differs_is_not_timed_and_the_others_are(clock):
    def fail() -> None:
        raise Refused("python ended with 1")

    other = Way(clock.job("other", 9), lambda: "figures/figure-1.csv, line 3")
    good = Way(clock.job("good", 9, 1, 1, 1), str)
    others = {"bad": Way(fail, str), "other": other, "good": good}
    ours, found = timing.time_side_by_side(clock.job("ours", 9, 2, 2, 2), others, lambda: None)
    assert ours == (2, 2, 2)
    assert found["good"] == (1, 1, 1)
    assert isinstance(found["bad"], NotRun)
    assert str(found["other"]) == "the two sides differ: figures/figure-1.csv, line 3"
    assert clock.done.count("other") == 1


def test_the_machine_is_described_with_what_is_compared():
    machine = timing.describe_machine()
    assert f"Python {platform.python_version()}; papermill " in machine
    installed = [name for name in timing.PROGRAMS if name not in ("ploomber-engine", "snakemake")]
    assert all(f"{name} " in machine for name in installed)
