"""Counting: held against going through every table, and against numbers of tables that others have published."""

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
from tests.reissue.survey.small import counted, forms, small_systems, value

#: How the engine may go about it: from how many forms on a cell is a hub, and when it tries another order.
WAYS = st.tuples(st.sampled_from([0, 1, 3]), st.sampled_from([(), (1, 2, 4, 8), layers._TRIES]))
many = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
some = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def by(way):
    hub, tries = way
    parts.LAYERS_CACHE.clear()
    return patch.multiple("reissue.survey.parts", HUB=hub), patch.multiple("reissue.survey.layers", _TRIES=tries)


def margins(rows, columns):
    """Tables of whole numbers with these sums of rows and columns."""
    made = System()
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            made.cell(f"{i}.{j}", min(row, column))
    for i, row in enumerate(rows):
        made.require({f"{i}.{j}": 1 for j in range(len(columns))}, {row})
    for j, column in enumerate(columns):
        made.require({f"{i}.{j}": 1 for i in range(len(rows))}, {column})
    return made


def compositions(people, answers):
    """A question with one answer each: every way to share out the people."""
    made = System()
    for number in range(answers):
        made.cell(f"c{number}", people)
    return made.require({f"c{number}": 1 for number in range(answers)}, {people})


# Every table of small systems.


@many
@given(small=small_systems(), way=WAYS)
def test_what_is_feasible_is_what_some_table_has(small, way):
    hub, tries = by(way)
    with hub, tries:
        found = feasible(small.system())
    all_tables = small.tables()
    names = [*small.cells, *small.totals]
    assert list(found) == names
    assert found == {name: sorted({table[name] for table in all_tables}) for name in names}


@many
@given(small=small_systems(), way=WAYS)
def test_every_table_is_counted_once(small, way):
    hub, tries = by(way)
    with hub, tries:
        whole, by_value = count_tables(small.system()), count_tables_by_value(small.system())
    all_tables = small.tables()
    assert whole == len(all_tables)
    for name, counts in by_value.items():
        # Tables of the part that hangs together with the cell: the rest multiplies them all alike.
        own = sum(counts.values())
        assert whole == 0 if not own else whole % own == 0
        assert counted(all_tables, {name: 1}) == {v: count * (whole // own) for v, count in counts.items()}


@many
@given(small=small_systems(), way=WAYS, data=st.data())
def test_a_form_has_the_values_that_it_has_in_some_table(small, way, data):
    form = data.draw(forms([*small.cells, *small.totals]))
    all_tables = small.tables()
    hub, tries = by(way)
    with hub, tries:
        found = feasible_values(small.system(), form)
        assert found == sorted(counted(all_tables, form))
        if all_tables:
            assert is_fixed(small.system(), form) == (len(found) == 1)


@some
@given(small=small_systems(), way=WAYS, k=st.integers(0, 12), seed=st.integers(0, 2**64))
def test_draws_are_tables_of_the_system(small, way, k, seed):
    all_tables = small.tables()
    hub, tries = by(way)
    with hub, tries:
        if not all_tables:
            with pytest.raises(ValueError, match="no table satisfies the statements"):
                draw(small.system(), k, seed)
            return
        drawn = draw(small.system(), k, seed)
    assert list(drawn) == [*small.cells, *small.totals]
    assert all(len(values) == k for values in drawn.values())
    for place in range(k):
        assert {name: int(values[place]) for name, values in drawn.items()} in all_tables


@many
@given(small=small_systems(), way=WAYS)
def test_conflicts_are_minimal_and_apart(small, way):
    hub, tries = by(way)
    with hub, tries:
        found = conflicts(small.system())
    everything = small.labels()
    assert bool(found) == (not small.tables())
    named = [label for labels in found for label in labels]
    assert len(named) == len(set(named))
    for labels in found:
        assert not small.tables(without=everything - set(labels))
        for label in labels:
            assert small.tables(without=(everything - set(labels)) | {label})
    if found and [] not in found:
        assert small.tables(without=named)
    if [] in found:
        assert found == [[]]


@some
@given(small=small_systems())
def test_outer_bounds_hold_every_value(small):
    exact = feasible(small.system())
    bounds = outer_bounds(small.system())
    assert list(bounds) == list(exact)
    for name, values in exact.items():
        assert set(values) <= set(bounds[name])


# By hand.


def test_a_gap_stays_a_gap():
    made = System().cell("a", 32).cell("b", 32).total("both", {"a": 1, "b": 1})
    made.require({"both": 1}, {28}).any_of(({"a": 1}, {7}), ({"b": 1}, {7}))
    assert feasible(made) == {"a": [7, 21], "b": [7, 21], "both": [28]}
    assert feasible_values(made, {"a": 1, "b": -1}) == [-14, 14]
    assert feasible_values(System().cell("a", 3), {"a": 2}) == [0, 2, 4, 6]


def test_an_empty_system_has_one_table():
    nothing = System()
    assert (feasible(nothing), count_tables_by_value(nothing), count_tables(nothing), conflicts(nothing)) == (
        {},
        {},
        1,
        [],
    )
    assert draw(nothing, 3, 1) == {}
    assert feasible_values(nothing, {}) == [0]


@pytest.mark.parametrize(
    "allowed",
    [
        pytest.param([{5}, {6}], id="seen from the bounds"),
        pytest.param([{1, 3}, {2, 4}], id="seen by counting only"),
        pytest.param([set()], id="nothing is allowed"),
    ],
)
def test_a_contradiction_leaves_nothing_anywhere(allowed):
    made = System().cell("a", 9).cell("b", 9).cell("apart", 9).total("sum", {"a": 1, "b": 1})
    for one in allowed:
        made.require({"sum": 1}, one)
    assert feasible(made) == {"a": [], "b": [], "apart": [], "sum": []}
    assert count_tables_by_value(made) == {"a": {}, "b": {}, "apart": {}, "sum": {}}
    assert count_tables(made) == 0
    assert feasible_values(made, {"apart": 1}) == []
    assert conflicts(made) == [[]]
    with pytest.raises(ValueError, match="no table satisfies the statements"):
        draw(made, 1, 1)


def test_two_conflicts_are_told_apart_and_what_holds_is_not_named():
    made = compositions(10, 3)
    made.require({"c0": 1}, {4}, "four").require({"c0": 1}, range(5, 11), "most")
    made.require({"c1": 1}, {3}, "three").require({"c1": 1}, {2, 4}, "even").require({"c2": 1}, range(11), "idle")
    assert conflicts(made) == [["four", "most"], ["three", "even"]]
    assert conflicts(made.without("even", "most")) == []


def test_no_table_is_drawn_where_none_is_asked_for():
    for made in (compositions(3, 2), compositions(3, 2).any_of(({"c0": 1}, {1}), ({"c1": 1}, {1, 3}))):
        drawn = draw(made.total("c", {"c0": 1}), 0, 1)
        assert {name: values.shape for name, values in drawn.items()} == {"c0": (0,), "c1": (0,), "c": (0,)}


def test_the_number_of_draws_is_not_negative():
    with pytest.raises(ValueError, match="at least 0, not -1"):
        draw(System().cell("a", 1), -1, 1)


# Too large.


@some
@given(small=small_systems())
def test_beyond_the_limit_every_value_is_kept_and_a_warning_given(small):
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


def too_large(kind):
    if kind == "many sums open at once":
        # Snee's table of hair by eye colour, of which there are 1,225,914,276,768,514: Diaconis and Gangolli (1995).
        return margins([220, 215, 93, 64], [108, 286, 71, 127])
    if kind == "few cells of many thousands":
        return System().cell("a", 100_000).cell("b", 100_000).require({"a": 1, "b": 1}, range(100_000))
    if kind == "many layers":
        return compositions(80, 30)
    made = compositions(40, 30)
    for number in range(30):
        made.require({f"c{number}": 1, f"c{(number + 7) % 30}": 2, f"c{(number * 11 + 3) % 30}": -1}, range(30))
    return made


@pytest.mark.parametrize(
    "kind", ["many sums open at once", "few cells of many thousands", "many layers", "everything tied together"]
)
def test_what_is_too_large_is_given_up_soon(kind):
    made = too_large(kind)
    began = time.perf_counter()
    with pytest.warns(InexactWarning, match=r"too large for the exact method \(over 10,000 steps\)"):
        found = feasible(made, limit=10_000)
    assert all(found.values())
    for ask in (count_tables, count_tables_by_value, lambda s, limit: draw(s, 1, 1, limit=limit)):
        with pytest.raises(TooLargeError, match="over 10,000 steps"):
            ask(made, limit=10_000)
    first = next(iter(made.cells))
    with pytest.raises(TooLargeError):
        feasible_values(made, {first: 1}, limit=10_000)
    assert time.perf_counter() - began < 10


def test_cells_of_many_thousands_are_given_up_soon_under_the_usual_limit_too():
    began = time.perf_counter()
    with pytest.raises(TooLargeError, match="over 10,000,000 steps"):
        count_tables(too_large("few cells of many thousands"))
    assert time.perf_counter() - began < 5


def test_conflicts_are_found_among_statements_of_which_some_say_too_little_to_be_counted():
    made = too_large("everything tied together")
    with pytest.raises(TooLargeError):
        count_tables(made, limit=100_000)
    true = {name: 1 + (place < 10) for place, name in enumerate(made.cells)}
    for label in ("first copy", "second copy"):
        made.any_of([({name: 1}, {count}) for name, count in true.items()], label=label)
    made.require({"c0": 1, "c29": 1}, {5}, "wrong")
    assert conflicts(made, limit=100_000) == [["first copy", "wrong"]]
    assert conflicts(made.without("wrong"), limit=100_000) == []


def test_outer_bounds_of_a_large_system_hold_its_draws():
    made = margins([9, 14, 8], [12, 11, 8]).require({"0.0": 1, "1.1": -1}, {-3, 0, 2})
    drawn = draw(made, 200, 5)
    with pytest.warns(InexactWarning):
        found = feasible(made, limit=10)
    assert all(set(values.tolist()) <= set(found[name]) for name, values in drawn.items())


# Numbers of tables that others have worked out.


@pytest.mark.parametrize("r", [0, 1, 2, 3, 5, 8, 13, 21])
def test_three_by_three_tables_with_equal_margins(r):
    # MacMahon, Combinatory Analysis (1915).
    assert count_tables(margins([r] * 3, [r] * 3)) == (r + 1) * (r + 2) * (r * r + 3 * r + 4) // 8


def test_four_by_four_tables_with_equal_margins():
    # https://oeis.org/A001496; Stanley, Linear homogeneous Diophantine equations and magic labelings of graphs (1973).
    published = [1, 24, 282, 2008, 10147, 40176, 132724]
    assert [count_tables(margins([r] * 4, [r] * 4)) for r in range(7)] == published


def test_a_five_by_three_table_with_unlike_margins():
    # Diaconis and Gangolli, Rectangular arrays with fixed margins (1995): 239,382,173 tables.
    assert count_tables(margins([10, 62, 13, 11, 39], [65, 25, 45])) == 239_382_173


# Numbers beyond 64 bits.


def test_compositions_beyond_64_bits_are_counted_exactly():
    people, answers = 200, 15
    made = compositions(people, answers)
    assert count_tables(made) == comb(people + answers - 1, answers - 1) > 2**63
    shares = {k: comb(people - k + answers - 2, answers - 2) for k in range(people + 1)}
    assert count_tables_by_value(made)["c3"] == shares


def test_many_tables_apart_multiply_exactly():
    blocks, each = 12, 55  # MacMahon's number for margins of 3, as above.
    made = System()
    for block in range(blocks):
        made.cells |= {f"{block}:{name}": most for name, most in margins([3] * 3, [3] * 3).cells.items()}
        for i in range(3):
            made.require({f"{block}:{i}.{j}": 1 for j in range(3)}, {3})
            made.require({f"{block}:{j}.{i}": 1 for j in range(3)}, {3})
    assert count_tables(made) == each**blocks > 2**63
    drawn = draw(made, 300, 4)
    for block in range(blocks):
        for i in range(3):
            assert (sum(drawn[f"{block}:{i}.{j}"] for j in range(3)) == 3).all()
            assert (sum(drawn[f"{block}:{j}.{i}"] for j in range(3)) == 3).all()


def test_draws_among_more_tables_than_128_bits_count_fit_and_spread_as_they_should():
    people, answers, k = 200, 40, 4000
    half = [f"c{number}" for number in range(answers // 2)]
    made = compositions(people, answers).total("half", dict.fromkeys(half, 1))
    # One of them holds in any case: every table is in one of two cases.
    made.any_of(({"half": 1}, range(96)), ({"half": 1}, range(90, people + 1)))
    assert count_tables(made) == comb(people + answers - 1, answers - 1) > 2**128
    drawn = draw(made, k, 7)
    assert (sum(drawn[f"c{number}"] for number in range(answers)) == people).all()
    # Ten classes of about equal weight: nine degrees of freedom.
    counts = {h: comb(h + 19, 19) * comb(people - h + 19, 19) for h in range(people + 1)}
    whole, gathered, weights, of_number = sum(counts.values()), 0, Counter(), {}
    for number, count in counts.items():
        of_number[number] = gathered * 10 // whole
        weights[of_number[number]] += count
        gathered += count
    seen = Counter(of_number[number] for number in drawn["half"].tolist())
    expected = {one: k * weight / whole for one, weight in weights.items()}
    assert len(weights) == 10
    assert sum((seen[one] - expected[one]) ** 2 / expected[one] for one in weights) < CRITICAL[9]


# Every table as likely as any other.

#: Chi-square at one in a thousand, by degrees of freedom.
CRITICAL = {9: 27.877, 20: 45.315, 35: 66.619, 54: 91.872}


def overlapping():
    """Thirty-six tables, by alternatives that overlap."""
    return compositions(10, 3).any_of(
        [({"c0": 1}, {1, 2, 3}), ({"c1": 1, "c2": -1}, range(-4, 5))], ({"c1": 1}, {0, 3}), ({"c0": 1}, {3, 5})
    )


def apart():
    """Parts of four, three and three tables: 36 in all."""
    return compositions(3, 2).cell("x", 2).cell("y", 9).require({"y": 1}, {0, 4, 9})


SYSTEMS = {
    "margins of two": (lambda: margins([2] * 3, [2] * 3), 21),
    "margins of three": (lambda: margins([3] * 3, [3] * 3), 55),
    "overlapping alternatives": (overlapping, 36),
    "parts": (apart, 36),
}


@pytest.mark.parametrize("hub", [0, 3])
@pytest.mark.parametrize("seed", [1, 20, 300])
@pytest.mark.parametrize("name", SYSTEMS)
def test_draws_are_uniform(name, seed, hub, monkeypatch):
    monkeypatch.setattr(parts, "HUB", hub)
    make, number = SYSTEMS[name]
    assert count_tables(make()) == number
    k = 200 * number
    drawn = draw(make(), k, seed)
    seen = Counter(zip(*(values.tolist() for values in drawn.values()), strict=True))
    assert len(seen) == number
    assert sum((count - 200) ** 2 / 200 for count in seen.values()) < CRITICAL[number - 1]


def test_the_same_seed_gives_the_same_tables_and_another_others():
    made = overlapping()
    first, again, other = (draw(made, 50, seed) for seed in (3, 3, 4))
    assert all((first[name] == again[name]).all() for name in made.cells)
    assert any((first[name] != other[name]).any() for name in made.cells)


def test_a_seed_gives_these_tables_for_good():
    """A change here changes what readers have drawn: it wants a reason."""
    drawn = draw(margins([3] * 3, [3] * 3), 3, 2024)
    assert np.column_stack(list(drawn.values())).tolist() == [
        [0, 2, 1, 2, 1, 0, 1, 0, 2],
        [1, 1, 1, 1, 1, 1, 1, 1, 1],
        [1, 0, 2, 0, 3, 0, 2, 0, 1],
    ]


@some
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_draws_of_a_larger_system_satisfy_every_statement(data, seed):
    people, answers = data.draw(st.integers(10, 60)), data.draw(st.integers(4, 8))
    names = [f"c{number}" for number in range(answers)]
    cuts = data.draw(st.lists(st.integers(0, people), min_size=answers - 1, max_size=answers - 1))
    cuts = [0, *sorted(cuts), people]
    true = {name: after - before for name, before, after in zip(names, cuts[:-1], cuts[1:], strict=True)}
    made, said = compositions(people, answers), []
    for _ in range(data.draw(st.integers(1, 4))):
        form = data.draw(forms(names))
        allowed = data.draw(st.frozensets(st.integers(-people, people), max_size=8)) | {value(form, true)}
        other = data.draw(forms(names))
        also = data.draw(st.frozensets(st.integers(0, people), max_size=3))
        made.any_of((form, allowed), (other, also))
        said.append(((form, allowed), (other, also)))
    drawn = draw(made, 20, seed)
    for place in range(20):
        table = {name: int(values[place]) for name, values in drawn.items()}
        assert sum(table.values()) == people
        assert all(any(value(form, table) in ok for form, ok in one) for one in said)
