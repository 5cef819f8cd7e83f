"""Notebooks that do not need one another run at once, the others in order; one failure begins nothing new."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reissue.build import build
from reissue.build.build import side_by_side, workers
from reissue.build.order import Order


@st.composite
def orders(draw: st.DrawFn) -> Order:
    needs: dict[str, tuple[str, ...]] = {}
    for number in range(draw(st.integers(0, 7))):
        before = list(needs)
        needs[f"n{number}"] = tuple(draw(st.lists(st.sampled_from(before), unique=True, max_size=3))) if before else ()
    return Order(needs, tuple(needs))


@given(orders(), st.data())
def test_each_is_done_once_after_those_that_it_needs(order: Order, data: st.DataObject) -> None:
    stems = data.draw(st.lists(st.sampled_from(sorted(order.needs)), unique=True)) if order.needs else []
    begun: list[str] = []
    lock = threading.Lock()
    done: list[str] = []

    def job(stem: str) -> str:
        with lock:
            begun.append(stem)
            assert {need for need in order.needs[stem] if need in stems} <= set(done)
        return stem.upper()

    for stem, result in side_by_side(stems, order, job):
        assert result == stem.upper()
        done.append(stem)
    assert sorted(begun) == sorted(stems) == sorted(done)


def test_what_does_not_need_one_another_runs_at_once() -> None:
    both = threading.Barrier(2, timeout=30)
    order = Order({"a": (), "b": (), "c": ("a", "b")}, ("a", "b", "c"))
    found = list(side_by_side(["a", "b", "c"], order, lambda stem: both.wait() if stem != "c" else 9))
    assert [stem for stem, _ in found][-1] == "c"


def failing(stem: str) -> Callable[[str], str]:
    def job(name: str) -> str:
        if name == stem:
            raise ValueError(f"{name} failed")
        return name

    return job


def test_a_failure_begins_nothing_that_needs_it() -> None:
    order = Order({"a": (), "b": ("a",), "c": ("b",)}, ("a", "b", "c"))
    under_way = side_by_side(["a", "b", "c"], order, failing("b"))
    assert next(under_way) == ("a", "a")
    with pytest.raises(ValueError, match="b failed"):
        next(under_way)
    assert list(under_way) == []


def test_of_two_failures_the_first_in_the_order_is_told() -> None:
    later = threading.Event()

    def job(stem: str) -> None:
        if stem == "a":
            later.wait(30)
        else:
            threading.Timer(0.2, later.set).start()
        raise ValueError(f"{stem} failed")

    with pytest.raises(ValueError, match="a failed"):
        list(side_by_side(["a", "b"], Order({"a": (), "b": ()}, ("a", "b")), job))


def test_meanwhile_is_done_once_while_the_first_is_under_way() -> None:
    gate, calls = threading.Event(), []

    def meanwhile() -> None:
        calls.append(1)
        gate.set()

    order = Order({"a": (), "b": ("a",)}, ("a", "b"))
    list(side_by_side(["a", "b"], order, lambda stem: gate.wait(30), meanwhile=meanwhile))
    assert calls == [1]


def test_there_is_one_kernel_more_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert workers() == 4
