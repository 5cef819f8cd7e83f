"""System: what may be added to it, what it refuses, and copies with fewer statements."""

import doctest

import numpy as np
import pytest

from reissue.survey import System, count_tables, feasible, feasible_values, system


def answers() -> System:
    return System().cell("yes", 5).cell("no", 5).cell("unsure", 5)


def test_the_example_in_the_docstring_is_true():
    assert doctest.testmod(system) == doctest.TestResults(failed=0, attempted=3)


@pytest.mark.parametrize("add", [lambda s: s.cell("yes", 1), lambda s: s.total("yes", {"no": 1})])
def test_a_name_is_given_once(add):
    with pytest.raises(ValueError, match="there is a cell 'yes' already"):
        add(answers())


@pytest.mark.parametrize("add", [lambda s: s.cell("told", 1), lambda s: s.total("told", {"no": 1})])
def test_a_total_takes_a_name_too(add):
    with pytest.raises(ValueError, match="there is a cell 'told' already"):
        add(answers().total("told", {"yes": 1, "no": 1}))


def test_a_maximum_is_not_negative():
    with pytest.raises(ValueError, match="cell 'yes': its maximum is at least 0, not -1"):
        System().cell("yes", -1)
    assert feasible(System().cell("yes", 0)) == {"yes": [0]}


@pytest.mark.parametrize(
    "speak",
    [
        lambda s: s.require({"yes": 1, "perhaps": 1}, {1}),
        lambda s: s.any_of(({"yes": 1}, {1}), ({"perhaps": 1}, {1})),
        lambda s: s.any_of([({"yes": 1}, {1}), ({"perhaps": 1}, {1})]),
        lambda s: s.total("all", {"perhaps": 1}),
        lambda s: s.expanded({"perhaps": 1}),
        lambda s: feasible_values(s, {"perhaps": 1}),
    ],
)
def test_nobody_speaks_of_an_unknown_cell(speak):
    known = answers()
    with pytest.raises(ValueError, match="there is no cell 'perhaps'"):
        speak(known)
    assert not known.statements
    assert not known.totals


@pytest.mark.parametrize(
    "speak",
    [
        lambda s: s.require({"yes": 1}, {2.5}),
        lambda s: s.require({"yes": 0.5}, {2}),
        lambda s: s.cell("all", 2.5),
    ],
)
def test_only_whole_numbers_are_taken(speak):
    with pytest.raises(TypeError):
        speak(answers())


def test_whole_numbers_of_other_libraries_are_taken():
    counts = np.array([1, 4])
    assert feasible(answers().require({"yes": np.int64(1)}, counts))["yes"] == [1, 4]


def test_a_total_stands_for_its_cells():
    made = answers().total("told", {"yes": 1, "no": 1}).total("all", {"told": 1, "unsure": 1})
    assert dict(made.expanded({"all": 2, "told": -1})) == {"yes": 1, "no": 1, "unsure": 2}
    assert dict(made.expanded({"told": 1, "yes": -1})) == {"no": 1}
    assert made.expanded({"told": 1, "yes": -1, "no": -1}) == ()
    assert feasible_values(made.require({"all": 1}, {5}).require({"unsure": 1}, {2}), {"told": 1}) == [3]


def test_a_sum_of_nothing_is_zero():
    assert feasible(answers().total("nothing", {}))["nothing"] == [0]
    assert count_tables(answers().require({}, {0})) == 6**3
    assert count_tables(answers().require({"yes": 0}, {1})) == 0


def test_statements_may_speak_of_totals_that_are_added_before_them_only():
    with pytest.raises(ValueError, match="there is no cell 'told'"):
        answers().require({"told": 1}, {3}).total("told", {"yes": 1, "no": 1})


def labelled() -> System:
    made = answers().require({"yes": 1, "no": 1, "unsure": 1}, {5})
    return (
        made.require({"yes": 1}, {2}, "page 1").require({"no": 1}, {1}, "page 2").require({"no": 1}, {1, 2}, "page 1")
    )


def test_labels_stand_in_their_order_once():
    assert labelled().labels() == ["page 1", "page 2"]


def test_without_and_only_take_whole_labels_and_keep_what_is_granted():
    made = labelled()
    assert feasible(made)["unsure"] == [2]
    assert feasible(made.without("page 1"))["unsure"] == [0, 1, 2, 3, 4]
    assert feasible(made.only(["page 1"]))["unsure"] == [1, 2]
    assert feasible(made.only([])) == feasible(made.without("page 1", "page 2"))
    assert count_tables(made.only([])) == 21
    assert feasible(made.without("", "no such page"))["unsure"] == [2]


def test_copies_are_apart():
    made = labelled()
    copy = made.without("page 2").cell("late", 1).require({"late": 1}, {1}, "page 3").total("two", {"yes": 2})
    assert made.labels() == ["page 1", "page 2"]
    assert "late" not in made.cells
    assert "two" not in made.totals
    assert copy.labels() == ["page 1", "page 3"]


def test_an_alternative_is_one_pair_or_several_that_hold_together():
    one = answers().any_of(({"yes": 1}, {5}), ({"no": 1}, {5}))
    assert count_tables(one) == 6 * (6 + 6 - 1)
    both = answers().any_of([({"yes": 1}, {5}), ({"unsure": 1}, {5})], ({"no": 1}, {5}))
    assert count_tables(both) == 6 + 36 - 1
    assert both.statements[0].cells() == {"yes", "no", "unsure"}
    pairs = ((form, {5}) for form in ({"yes": 1}, {"unsure": 1}))
    assert count_tables(answers().any_of(pairs)) == 6


def test_an_alternative_that_says_nothing_always_holds_and_none_at_all_never():
    assert count_tables(answers().any_of([], ({"yes": 1}, {9}))) == 6**3
    assert count_tables(answers().any_of()) == 0


def test_every_method_returns_the_system_for_chaining():
    made = System()
    assert made.cell("a", 1) is made
    assert made.total("t", {"a": 1}) is made
    assert made.require({"t": 1}, {1}) is made
    assert made.any_of(({"t": 1}, {1})) is made


def test_a_statement_knows_its_cells():
    made = answers().total("told", {"yes": 1, "no": 1}).require({"told": 1}, {3})
    assert made.statements[0].cells() == {"yes", "no"}
