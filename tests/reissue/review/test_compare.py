"""The comparer: bytes, cells, words; what it must see and what it must not mind."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reissue.core.datapackage import digest, to_csv
from reissue.review.compare import (
    DIFFERS,
    IDENTICAL,
    MISSING,
    SAME_VALUES,
    Difference,
    compared,
    differing_cells,
    differing_words,
    find_first_difference,
    worst,
)

FIGURE = "label,side,n,most\nnew business,EU,17,3\nnew business,LAC,15,9\nvisits,EU,17,4\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "difference"),
    [
        ({"a": b"1\n2"}, {"a": b"1\n2"}, ""),
        ({}, {}, "neither side made anything"),
        ({"a": b"", "b": b""}, {"a": b"x", "c": b""}, "only ours has b"),
        ({"a": b""}, {"a": b"", "c": b""}, "only theirs has c"),
        ({"a": b"1\n2\n"}, {"a": b"1\n3\n"}, "a, line 2: '2' here, '3' there"),
        ({"a": b"1", "b": b"2"}, {"a": b"1\n2", "b": b""}, "a, line 2: nothing here, '2' there"),
        ({"a": b"x" * 90 + b"y"}, {"a": b"x" * 90 + b"z"}, f"a, line 1: '{'x' * 20}y' here, '{'x' * 20}z' there"),
    ],
)
def test_the_first_difference_is_named(ours, theirs, difference):
    assert find_first_difference(ours, theirs) == difference


class TestCells:
    def test_a_value_is_told_with_its_row_and_column(self) -> None:
        (found,) = differing_cells(FIGURE, FIGURE.replace("EU,17,3", "EU,17,4"))
        assert found == Difference("new business, EU", "most", "3", "4")
        assert str(found) == "new business, EU, most: 3 → 4"

    @pytest.mark.parametrize(("one", "other"), [("3", "3.0"), ("0.5", "5e-1"), ("-2", "-2.00")])
    def test_numbers_are_the_same_however_they_are_written(self, one: str, other: str) -> None:
        assert not differing_cells(f"id,x\na,{one}\n", f"id,x\na,{other}\n")

    @pytest.mark.parametrize(("one", "other"), [("007", "7"), ("0.1", "0.10000000000000001"), ("", "0"), ("NA", "")])
    def test_what_is_no_equal_number_is_another_value(self, one: str, other: str) -> None:
        assert len(differing_cells(f"id,x\na,{one}\n", f"id,x\na,{other}\n")) == 1

    def test_line_ends_and_a_byte_order_mark_are_no_values(self) -> None:
        assert not differing_cells(FIGURE, "\ufeff" + FIGURE.replace("\n", "\r\n"))

    def test_a_row_that_is_gone_and_one_that_is_new_are_told(self) -> None:
        found = differing_cells(FIGURE, FIGURE.replace("visits,EU,17,4", "talks,EU,17,4"))
        assert [str(one) for one in found] == ["visits, EU: 17, 4 → nothing", "talks, EU: nothing → 17, 4"]

    def test_a_column_that_is_gone_and_one_that_is_new_are_told(self) -> None:
        found = differing_cells("id,x\na,1\n", "id,y\na,1\n")
        assert found == [Difference("", "x", "a column", None), Difference("", "y", None, "a column")]

    def test_another_order_of_rows_is_a_difference(self) -> None:
        (found,) = differing_cells("id,x\na,1\nb,2\n", "id,x\nb,2\na,1\n")
        assert (found.row, found.column, found.published, found.rebuilt) == ("row 1", "order", "a", "b")

    def test_rows_that_are_called_alike_are_told_apart(self) -> None:
        found = differing_cells("id\na\na\n", "id\na\n")
        assert [one.row for one in found] == ["a, no. 2"]

    def test_of_rows_that_only_all_columns_name_the_one_that_is_gone_is_told(self) -> None:
        (found,) = differing_cells("id,x\na,1\na,2\nb,3\n", "id,x\na,2\nb,3\n")
        assert str(found) == "a, 1: a row → nothing"

    def test_where_all_columns_name_a_row_values_still_differ(self) -> None:
        rows = [f"scenario {n},side,{n}," for n in range(30)] + ["scenario 30,,,a;b", "scenario 30,,,a;c"]
        text = "\n".join(["scenario,side,changed,conflict", *rows, ""])
        (found,) = differing_cells(text, text.replace("7,side,7,", "7,side,8,", 1))
        assert str(found) == "scenario 7, changed: 7 → 8"

    @given(
        rows=st.lists(st.tuples(st.integers(0, 3), st.text(max_size=4), st.integers()), min_size=1, max_size=6),
        place=st.integers(0, 5),
        column=st.sampled_from(["side", "what", "number"]),
        value=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=4),
    )
    def test_any_one_changed_cell_is_seen_and_an_unchanged_table_is_not(self, rows, place, column, value) -> None:
        before = pd.DataFrame(rows, columns=["side", "what", "number"]).astype("str")
        before["what"] = before["what"].str.replace(r"[\x00\r]", "", regex=True)
        after = before.copy()
        place %= len(after)
        after.loc[place, column] = value
        assume(after.loc[place, column] != before.loc[place, column])
        assume(not (value.isascii() and value.lstrip("-").isdigit()))
        assert not differing_cells(to_csv(before), to_csv(before))
        assert differing_cells(to_csv(before), to_csv(after))


def test_other_words_are_told_with_those_around_them_and_markup_is_none() -> None:
    table = "<style>td{color:red}</style><table><tr><td>Salta &amp; Alentejo</td><td>since 2016</td></tr></table>"
    assert not differing_words(table, table.replace("<td>", '<td class="x">').replace("red", "blue"))
    (found,) = differing_words(table, table.replace("2016", "2017"))
    assert (found.published, found.rebuilt) == ("Alentejo since 2016", "Alentejo since 2017")


@pytest.mark.parametrize(
    ("published", "rebuilt", "told"),
    [
        ("three of <b>32</b>", "four of <b>32</b>", "words: three of 32 → four of 32"),
        ("three", "three of 32", "words: three → three of 32"),
        ("three of 32", "", "words: three of 32 → empty"),
        ("&lt; 5", "&#60; 5", None),
    ],
)
def test_words_differ_at_the_beginning_and_at_the_end_too(published: str, rebuilt: str, told: str | None) -> None:
    assert [str(one) for one in differing_words(published, rebuilt)] == ([told] if told else [])


class TestVerdicts:
    files = {"figures/figure-6.csv": FIGURE.encode(), "figures/figure-6.svg": b"<svg/>"}  # noqa: RUF012
    hashes = {name: digest(content) for name, content in files.items()}  # noqa: RUF012
    values = {"figures/figure-6.csv": FIGURE.encode()}  # noqa: RUF012

    def verdict(self, **changed: bytes | None) -> tuple[str, str]:
        rebuilt = dict(self.files)
        for kind, content in changed.items():
            rebuilt.pop(f"figures/figure-6.{kind}")
            if content is not None:
                rebuilt[f"figures/figure-6.{kind}"] = content
        found = compared(self.hashes, self.values, rebuilt)
        return found.verdict, found.note

    def test_the_same_bytes_are_identical(self) -> None:
        assert self.verdict() == (IDENTICAL, "")

    def test_drawn_otherwise_it_has_the_same_values(self) -> None:
        assert self.verdict(svg=b"<svg />") == (SAME_VALUES, "other bytes: figures/figure-6.svg")

    def test_another_value_differs(self) -> None:
        assert self.verdict(csv=FIGURE.replace("3\n", "4\n").encode())[0] == DIFFERS

    def test_without_its_values_it_is_missing(self) -> None:
        assert self.verdict(csv=None) == (MISSING, "not made: figures/figure-6.csv")
        assert compared(self.hashes, self.values, {}).verdict == MISSING

    def test_without_its_picture_it_is_missing(self) -> None:
        assert self.verdict(svg=None) == (MISSING, "not made: figures/figure-6.svg")

    def test_without_its_picture_other_values_are_named_too(self) -> None:
        rebuilt = {"figures/figure-6.csv": FIGURE.replace("3\n", "4\n").encode()}
        found = compared(self.hashes, self.values, rebuilt)
        assert found.verdict == MISSING
        assert [(one.published, one.rebuilt) for one in found.differences] == [("3", "4")]

    def test_a_file_more_than_published_is_told(self) -> None:
        found = compared(self.hashes, self.values, {**self.files, "figures/figure-6.html": b"<p>"})
        assert (found.verdict, found.note) == (SAME_VALUES, "other bytes: figures/figure-6.html")

    def test_one_that_was_not_published_differs(self) -> None:
        assert compared({}, {}, self.files).verdict == DIFFERS

    def test_the_worst_counts(self) -> None:
        assert worst([IDENTICAL, MISSING, DIFFERS]) == MISSING
        assert worst([]) == IDENTICAL
