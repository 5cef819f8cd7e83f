"""System: what may be added to it, what it refuses, and copies with fewer statements."""

import doctest

import numpy as np
import pytest

from reissue.survey import System, count_tables, feasible, feasible_values, system


def answers() -> System:
    return System().cell("yes", 5).cell("no", 5).cell("unsure", 5)


def test_the_example_in_the_docstring_is_true():
    assert doctest.testmod(system) == doctest.TestResults(failed=0, attempted=3)


@pytest.mark.parametrize("name", ["yes", "either"])
def test_a_name_is_unique_and_a_maximum_at_least_zero(name):
    known = answers().total("either", {"yes": 1, "no": 1})
    for add in (lambda: known.cell(name, 1), lambda: known.total(name, {"no": 1})):
        with pytest.raises(ValueError, match=f"there is a cell '{name}' already"):
            add()
    with pytest.raises(ValueError, match=f"cell 'no {name}': its maximum is at least 0, not -1"):
        known.cell(f"no {name}", -1)
    assert feasible(System().cell("yes", 0)) == {"yes": [0]}


@pytest.mark.parametrize(
    "use",
    [
        lambda s: s.require({"yes": 1, "perhaps": 1}, {1}),
        lambda s: s.any_of(({"yes": 1}, {1}), ({"perhaps": 1}, {1})),
        lambda s: s.any_of([({"yes": 1}, {1}), ({"perhaps": 1}, {1})]),
        lambda s: s.total("all", {"perhaps": 1}),
        lambda s: s.expanded({"perhaps": 1}),
        lambda s: feasible_values(s, {"perhaps": 1}),
        # A total must be added before the statements that use it.
        lambda s: s.require({"perhaps": 1}, {3}).total("perhaps", {"yes": 1}),
    ],
)
def test_an_unknown_cell_is_refused(use):
    known = answers()
    with pytest.raises(ValueError, match="there is no cell 'perhaps'"):
        use(known)
    assert not known.statements
    assert not known.totals


def test_only_whole_numbers_are_accepted():
    for use in (
        lambda: answers().require({"yes": 1}, {2.5}),
        lambda: answers().require({"yes": 0.5}, {2}),
        lambda: answers().cell("all", 2.5),
    ):
        with pytest.raises(TypeError):
            use()
    assert feasible(answers().require({"yes": np.int64(1)}, np.array([1, 4])))["yes"] == [1, 4]


def test_a_total_is_the_sum_of_its_cells():
    known = answers().total("either", {"yes": 1, "no": 1}).total("all", {"either": 1, "unsure": 1})
    assert dict(known.expanded({"all": 2, "either": -1})) == {"yes": 1, "no": 1, "unsure": 2}
    assert known.expanded({"either": 1, "yes": -1, "no": -1}) == ()
    assert feasible_values(known.require({"all": 1}, {5}).require({"unsure": 1}, {2}), {"either": 1}) == [3]
    # An empty sum is zero.
    assert feasible(answers().total("nothing", {}))["nothing"] == [0]
    assert count_tables(answers().require({}, {0})) == 6**3
    assert count_tables(answers().require({"yes": 0}, {1})) == 0


def test_statements_are_selected_by_label_in_independent_copies():
    known = answers().require({"yes": 1, "no": 1, "unsure": 1}, {5}).require({"yes": 1}, {2}, "page 1")
    known.require({"no": 1}, {1}, "page 2").require({"no": 1}, {1, 2}, "page 1")
    assert known.labels() == ["page 1", "page 2"]
    assert feasible(known)["unsure"] == [2]
    assert feasible(known.without("page 1"))["unsure"] == [0, 1, 2, 3, 4]
    assert feasible(known.only(["page 1"]))["unsure"] == [1, 2]
    assert feasible(known.only([])) == feasible(known.without("page 1", "page 2"))
    assert count_tables(known.only([])) == 21
    assert feasible(known.without("", "no such page"))["unsure"] == [2]
    copy = known.without("page 2").cell("late", 1).require({"late": 1}, {1}, "page 3").total("two", {"yes": 2})
    assert known.labels() == ["page 1", "page 2"]
    assert not {"late", "two"} & {*known.cells, *known.totals}
    assert copy.labels() == ["page 1", "page 3"]


def test_an_alternative_is_one_pair_or_several_that_hold_together():
    assert count_tables(answers().any_of(({"yes": 1}, {5}), ({"no": 1}, {5}))) == 6 * (6 + 6 - 1)
    assert count_tables(answers().any_of([({"yes": 1}, {5}), ({"unsure": 1}, {5})], ({"no": 1}, {5}))) == 6 + 36 - 1
    pairs = ((form, {5}) for form in ({"yes": 1}, {"unsure": 1}))
    assert count_tables(answers().any_of(pairs)) == 6
    assert count_tables(answers().any_of([], ({"yes": 1}, {9}))) == 6**3, "an empty alternative always holds"
    assert count_tables(answers().any_of()) == 0, "no alternative never holds"
