"""Notebooks that do not need one another run at once, the others in order; after a failure no other begins."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reissue.build import build
from reissue.build.build import count_workers, run_in_order
from reissue.build.order import Order


@st.composite
def orders(draw: st.DrawFn) -> Order:
    needs: dict[str, tuple[str, ...]] = {}
    for number in range(draw(st.integers(0, 7))):
        before = list(needs)
        needs[f"n{number}"] = tuple(draw(st.lists(st.sampled_from(before), unique=True, max_size=3))) if before else ()
    return Order(needs, tuple(needs))


@given(orders(), st.data())
def test_each_job_runs_once_after_those_that_it_needs(order: Order, data: st.DataObject) -> None:
    stems = data.draw(st.lists(st.sampled_from(sorted(order.needs)), unique=True)) if order.needs else []
    begun: list[str] = []
    done: list[str] = []

    def job(stem: str) -> str:
        begun.append(stem)
        assert {need for need in order.needs[stem] if need in stems} <= set(done)
        return stem.upper()

    for stem, result in run_in_order(stems, order, job):
        assert result == stem.upper()
        done.append(stem)
    assert sorted(begun) == sorted(stems) == sorted(done)


def test_independent_jobs_run_at_once() -> None:
    both = threading.Barrier(2, timeout=30)
    order = Order({"a": (), "b": (), "c": ("a", "b")}, ("a", "b", "c"))
    found = list(run_in_order(["a", "b", "c"], order, lambda stem: both.wait() if stem != "c" else 9))
    assert [stem for stem, _ in found][-1] == "c"


def test_after_a_failure_no_job_that_needs_it_begins() -> None:
    def job(stem: str) -> str:
        if stem == "b":
            raise ValueError("b failed")
        return stem

    running = run_in_order(["a", "b", "c"], Order({"a": (), "b": ("a",), "c": ("b",)}, ("a", "b", "c")), job)
    assert next(running) == ("a", "a")
    with pytest.raises(ValueError, match="b failed"):
        next(running)
    assert list(running) == []


def test_there_is_one_kernel_more_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert count_workers() == 4
