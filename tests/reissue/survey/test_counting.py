"""Counting, compared with going through every table, and with published numbers of tables."""

import time
import warnings
from collections import Counter
from math import comb
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reissue.survey import (
    InexactWarning,
    System,
    TooLargeError,
    conflicts,
    count_tables,
    count_tables_by_value,
    draw,
    feasible,
    feasible_values,
    layers,
    parts,
)
from reissue.survey.counting import is_fixed, outer_bounds
from tests.reissue.survey.small import count_values, forms, small_systems

#: Ways of the engine: from how many forms on a cell becomes a case per value, and when it tries another order.
WAYS = st.tuples(st.sampled_from([0, 1, 3]), st.sampled_from([(), (1, 2, 4, 8), layers._TRIES]))


def examples(number):
    return settings(max_examples=number, suppress_health_check=[HealthCheck.too_slow])


def use(way):
    hub, tries = way
    parts.LAYERS_CACHE.clear()
    return patch.multiple("reissue.survey.parts", HUB=hub), patch.multiple("reissue.survey.layers", _TRIES=tries)


def build_margins(rows, columns):
    """Tables of whole numbers with these sums of rows and columns."""
    system = System()
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            system.cell(f"{i}.{j}", min(row, column))
    for i, row in enumerate(rows):
        system.require({f"{i}.{j}": 1 for j in range(len(columns))}, {row})
    for j, column in enumerate(columns):
        system.require({f"{i}.{j}": 1 for i in range(len(rows))}, {column})
    return system


def build_compositions(people, answers):
    """A single-choice question: every way to distribute the people over the answers."""
    system = System()
    for number in range(answers):
        system.cell(f"c{number}", people)
    return system.require({f"c{number}": 1 for number in range(answers)}, {people})


@examples(200)
@given(small=small_systems(), way=WAYS, data=st.data())
def test_results_are_those_of_going_through_every_table(small, way, data):
    system, tables, names = small.system(), small.tables(), [*small.cells, *small.totals]
    form = data.draw(forms(names))
    hub, tries = use(way)
    with hub, tries:
        found, number, by_value = feasible(system), count_tables(system), count_tables_by_value(system)
        values = feasible_values(system, form)
        assert not tables or is_fixed(system, form) == (len(values) == 1)
    assert list(found) == names
    assert found == {name: sorted({table[name] for table in tables}) for name in names}
    assert number == len(tables)
    for name, counts in by_value.items():
        # Only the part of the system that is connected with the cell is counted: the rest multiplies it.
        own = sum(counts.values())
        assert number == 0 if not own else number % own == 0
        assert count_values(tables, {name: 1}) == {v: count * (number // own) for v, count in counts.items()}
    assert values == sorted(count_values(tables, form))
    bounds = outer_bounds(system)
    assert list(bounds) == names
    assert all(set(found[name]) <= set(bounds[name]) for name in names)


@examples(100)
@given(small=small_systems(), way=WAYS, k=st.integers(0, 12), seed=st.integers(0, 2**64))
def test_draws_are_tables_of_the_system(small, way, k, seed):
    tables = small.tables()
    hub, tries = use(way)
    with hub, tries:
        if not tables:
            with pytest.raises(ValueError, match="no table satisfies the statements"):
                draw(small.system(), k, seed)
            return
        drawn = draw(small.system(), k, seed)
    assert list(drawn) == [*small.cells, *small.totals]
    assert all(len(values) == k for values in drawn.values())
    for place in range(k):
        assert {name: int(values[place]) for name, values in drawn.items()} in tables


@examples(200)
@given(small=small_systems(), way=WAYS)
def test_conflicts_are_minimal_and_disjoint(small, way):
    hub, tries = use(way)
    with hub, tries:
        found = conflicts(small.system())
    labels = small.labels()
    assert bool(found) == (not small.tables())
    named = [label for conflict in found for label in conflict]
    assert len(named) == len(set(named))
    for conflict in found:
        assert not small.tables(without=labels - set(conflict))
        for label in conflict:
            assert small.tables(without=(labels - set(conflict)) | {label})
    assert found == [[]] if [] in found else not found or small.tables(without=named)


@examples(100)
@given(small=small_systems())
def test_beyond_the_limit_no_value_is_lost_and_a_warning_is_given(small):
    exact = feasible(small.system())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = feasible(small.system(), limit=1)
    if not caught:
        assert found == exact
        return
    assert [one.category for one in caught] == [InexactWarning]
    for name, values in exact.items():
        assert set(values) <= set(found[name])
        assert found[name] == list(range(found[name][0], found[name][-1] + 1))
    with pytest.raises(TooLargeError):
        count_tables_by_value(small.system(), limit=1)


def test_an_empty_system_has_one_table():
    empty = System()
    found = feasible(empty), count_tables_by_value(empty), count_tables(empty), conflicts(empty), draw(empty, 3, 1)
    assert found == ({}, {}, 1, [], {})
    assert feasible_values(empty, {}) == [0]


@pytest.mark.parametrize(
    "allowed",
    [
        pytest.param([{5}, {6}], id="visible from the bounds"),
        pytest.param([{1, 3}, {2, 4}], id="visible only by counting"),
        pytest.param([set()], id="no number is allowed"),
    ],
)
def test_a_contradiction_leaves_no_value_of_any_cell(allowed):
    system = System().cell("a", 9).cell("b", 9).cell("apart", 9).total("sum", {"a": 1, "b": 1})
    for one in allowed:
        system.require({"sum": 1}, one)
    assert feasible(system) == {"a": [], "b": [], "apart": [], "sum": []}
    assert count_tables_by_value(system) == {"a": {}, "b": {}, "apart": {}, "sum": {}}
    assert feasible_values(system, {"apart": 1}) == []
    assert conflicts(system) == [[]]
    with pytest.raises(ValueError, match="no table satisfies the statements"):
        draw(system, 1, 1)
    with pytest.raises(ValueError, match="at least 0, not -1"):
        draw(system, -1, 1)


def build_large(kind):
    if kind == "many sums open at once":
        # Snee's table of hair by eye colour, of which there are 1,225,914,276,768,514: Diaconis and Gangolli (1995).
        return build_margins([220, 215, 93, 64], [108, 286, 71, 127])
    if kind == "few cells of many thousands":
        return System().cell("a", 100_000).cell("b", 100_000).require({"a": 1, "b": 1}, range(100_000))
    if kind == "many layers":
        return build_compositions(80, 30)
    system = build_compositions(40, 30)
    for number in range(30):
        system.require({f"c{number}": 1, f"c{(number + 7) % 30}": 2, f"c{(number * 11 + 3) % 30}": -1}, range(30))
    return system


@pytest.mark.parametrize(
    "kind", ["many sums open at once", "few cells of many thousands", "many layers", "everything tied together"]
)
def test_a_system_beyond_the_limit_is_given_up_soon(kind):
    system = build_large(kind)
    began = time.perf_counter()
    with pytest.warns(InexactWarning, match=r"too large for the exact method \(over 10,000 steps\)"):
        found = feasible(system, limit=10_000)
    assert all(found.values())
    first = {next(iter(system.cells)): 1}
    for ask in (
        count_tables,
        count_tables_by_value,
        lambda system, limit: draw(system, 1, 1, limit=limit),
        lambda system, limit: feasible_values(system, first, limit=limit),
    ):
        with pytest.raises(TooLargeError, match="over 10,000 steps"):
            ask(system, limit=10_000)
    if kind == "few cells of many thousands":
        with pytest.raises(TooLargeError, match="over 10,000,000 steps"):
            count_tables(system)
    assert time.perf_counter() - began < 10


def test_conflicts_are_found_among_statements_too_few_of_which_can_be_counted():
    system = build_large("everything tied together")
    with pytest.raises(TooLargeError):
        count_tables(system, limit=100_000)
    true = {name: 1 + (place < 10) for place, name in enumerate(system.cells)}
    for label in ("first copy", "second copy"):
        system.any_of([({name: 1}, {count}) for name, count in true.items()], label=label)
    system.require({"c0": 1, "c29": 1}, {5}, "wrong")
    assert conflicts(system, limit=100_000) == [["first copy", "wrong"]]
    assert conflicts(system.without("wrong"), limit=100_000) == []


def test_published_numbers_of_tables_with_these_margins():
    # MacMahon, Combinatory Analysis (1915).
    for r in (0, 1, 2, 3, 5, 8, 13, 21):
        assert count_tables(build_margins([r] * 3, [r] * 3)) == (r + 1) * (r + 2) * (r * r + 3 * r + 4) // 8
    # https://oeis.org/A001496; Stanley, Linear homogeneous Diophantine equations and magic labelings of graphs (1973).
    published = [1, 24, 282, 2008, 10147, 40176, 132724]
    assert [count_tables(build_margins([r] * 4, [r] * 4)) for r in range(7)] == published
    # Diaconis and Gangolli, Rectangular arrays with fixed margins (1995): 239,382,173 tables.
    assert count_tables(build_margins([10, 62, 13, 11, 39], [65, 25, 45])) == 239_382_173


def test_compositions_beyond_64_bits_are_counted_exactly():
    people, answers = 200, 15
    system = build_compositions(people, answers)
    assert count_tables(system) == comb(people + answers - 1, answers - 1) > 2**63
    shares = {k: comb(people - k + answers - 2, answers - 2) for k in range(people + 1)}
    assert count_tables_by_value(system)["c3"] == shares


def test_independent_parts_multiply_exactly():
    blocks, each = 12, 55  # MacMahon's number for margins of 3, as above.
    margins, system, sums = build_margins([3] * 3, [3] * 3), System(), []
    for block in range(blocks):
        for name, most in margins.cells.items():
            system.cell(f"{block}:{name}", most)
        for statement in margins.statements:
            sums.append([f"{block}:{cell}" for cell, _ in statement.alternatives[0][0].form])
            system.require(dict.fromkeys(sums[-1], 1), {3})
    assert count_tables(system) == each**blocks > 2**63
    drawn = draw(system, 300, 4)
    assert all((sum(drawn[cell] for cell in cells) == 3).all() for cells in sums)


def test_draws_among_more_than_128_bits_of_tables_are_uniform():
    people, answers, k = 200, 40, 4000
    half = [f"c{number}" for number in range(answers // 2)]
    system = build_compositions(people, answers).total("half", dict.fromkeys(half, 1))
    # Every table is in one of two cases.
    system.any_of(({"half": 1}, range(96)), ({"half": 1}, range(90, people + 1)))
    assert count_tables(system) == comb(people + answers - 1, answers - 1) > 2**128
    drawn = draw(system, k, 7)
    assert (sum(drawn[f"c{number}"] for number in range(answers)) == people).all()
    # Ten classes of about equal weight: nine degrees of freedom.
    counts = {h: comb(h + 19, 19) * comb(people - h + 19, 19) for h in range(people + 1)}
    whole, gathered, weights, class_of = sum(counts.values()), 0, Counter(), {}
    for number, count in counts.items():
        class_of[number] = gathered * 10 // whole
        weights[class_of[number]] += count
        gathered += count
    seen = Counter(class_of[number] for number in drawn["half"].tolist())
    expected = {one: k * weight / whole for one, weight in weights.items()}
    assert len(weights) == 10
    assert sum((seen[one] - expected[one]) ** 2 / expected[one] for one in weights) < CRITICAL[9]


#: Chi-square at one in a thousand, by degrees of freedom.
CRITICAL = {9: 27.877, 20: 45.315, 35: 66.619, 54: 91.872}


def build_overlapping():
    """Thirty-six tables, by alternatives that overlap."""
    return build_compositions(10, 3).any_of(
        [({"c0": 1}, {1, 2, 3}), ({"c1": 1, "c2": -1}, range(-4, 5))], ({"c1": 1}, {0, 3}), ({"c0": 1}, {3, 5})
    )


def build_independent():
    """Parts of four, three and three tables: 36 in all."""
    return build_compositions(3, 2).cell("x", 2).cell("y", 9).require({"y": 1}, {0, 4, 9})


@pytest.mark.parametrize("hub", [0, 3])
@pytest.mark.parametrize("seed", [1, 20, 300])
@pytest.mark.parametrize(
    ("build", "number"),
    [
        (lambda: build_margins([2] * 3, [2] * 3), 21),
        (lambda: build_margins([3] * 3, [3] * 3), 55),
        (build_overlapping, 36),
        (build_independent, 36),
    ],
    ids=["margins of two", "margins of three", "overlapping alternatives", "independent parts"],
)
def test_draws_are_uniform(build, number, seed, hub, monkeypatch):
    monkeypatch.setattr(parts, "HUB", hub)
    assert count_tables(build()) == number
    drawn = draw(build(), 200 * number, seed)
    seen = Counter(zip(*(values.tolist() for values in drawn.values()), strict=True))
    assert len(seen) == number
    assert sum((count - 200) ** 2 / 200 for count in seen.values()) < CRITICAL[number - 1]


def test_a_seed_always_gives_these_tables_and_another_seed_others():
    """A change here changes the datasets that readers draw: it needs a reason."""
    first, other = (draw(build_overlapping(), 50, seed) for seed in (3, 4))
    assert any((first[name] != other[name]).any() for name in first)
    drawn = draw(build_margins([3] * 3, [3] * 3), 3, 2024)
    assert np.column_stack(list(drawn.values())).tolist() == [
        [0, 2, 1, 2, 1, 0, 1, 0, 2],
        [1, 1, 1, 1, 1, 1, 1, 1, 1],
        [1, 0, 2, 0, 3, 0, 2, 0, 1],
    ]
