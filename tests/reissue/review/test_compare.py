"""The comparer: bytes, cells, words; what counts as a difference and what does not."""

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
    compare_cells,
    compare_files,
    compare_words,
    find_first_difference,
    find_worst,
)

FIGURE = "label,side,n,most\nnew business,EU,17,3\nnew business,LAC,15,9\nvisits,EU,17,4\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "difference"),
    [
        ({"a": b"1\n2"}, {"a": b"1\n2"}, ""),
        ({}, {}, "neither side made anything"),
        ({"a": b"", "b": b""}, {"a": b"x", "c": b""}, "only ours has b"),
        ({"a": b""}, {"a": b"", "c": b""}, "only theirs has c"),
        ({"a": b"1\n2\n"}, {"a": b"1\n3\n"}, r"a, line 2: b'2\n' here, b'3\n' there"),
        ({"a": b"1\n", "b": b"2"}, {"a": b"1\n2", "b": b""}, "a, line 2: None here, b'2' there"),
    ],
)
def test_the_first_difference_is_named(ours, theirs, difference):
    assert find_first_difference(ours, theirs) == difference


ROWS = [f"scenario {n},side,{n}," for n in range(30)] + ["scenario 30,,,a;b", "scenario 30,,,a;c"]
SCENARIOS = "\n".join(["scenario,side,changed,conflict", *ROWS, ""])


@pytest.mark.parametrize(
    ("published", "rebuilt", "lines"),
    [
        (FIGURE, FIGURE.replace("EU,17,3", "EU,17,4"), ["new business, EU, most: 3 → 4"]),
        (FIGURE, "\ufeff" + FIGURE.replace("\n", "\r\n"), []),
        (
            FIGURE,
            FIGURE.replace("visits,EU,17,4", "talks,EU,17,4"),
            ["visits, EU: 17, 4 → nothing", "talks, EU: nothing → 17, 4"],
        ),
        ("id,x\na,1\n", "id,y\na,1\n", ["x: a column → nothing", "y: nothing → a column"]),
        ("id,x\na,1\nb,2\n", "id,x\nb,2\na,1\n", ["row 1, order: a → b"]),
        ("id\na\na\n", "id\na\n", ["a, no. 2: a row → nothing"]),
        ("id,x\na,1\na,2\nb,3\n", "id,x\na,2\nb,3\n", ["a, 1: a row → nothing"]),
        # Only all columns together identify a row.
        (SCENARIOS, SCENARIOS.replace("7,side,7,", "7,side,8,", 1), ["scenario 7, changed: 7 → 8"]),
        ("id,x\na,1\n", "id,x\na,1,2\n", ["column 2: nothing → a column"]),
        ("id,x,x\na,1,2\n", "id,x,x\na,3,2\n", ["a, x: 1 → 3"]),
        ("id,x,x\na,1,2\n", "id,x,x\na,1,3\n", ["a, x, no. 2: 2 → 3"]),
        *[
            (f"id,x\na,{one}\n", f"id,x\na,{other}\n", [f"a, x: {one or 'empty'} → {other or 'empty'}"])
            for one, other in [("2.1", "2.10"), ("1E5", "100000"), ("3", "3.0"), ("007", "7"), ("", "0"), ("NA", "")]
        ],
    ],
)
def test_every_other_cell_row_or_column_is_named(published: str, rebuilt: str, lines: list[str]) -> None:
    assert [str(one) for one in compare_cells(published, rebuilt)] == lines


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.text(max_size=4), st.integers()), min_size=1, max_size=6),
    place=st.integers(0, 5),
    column=st.sampled_from(["side", "what", "number"]),
    value=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=4),
)
def test_any_changed_cell_is_found_and_nothing_in_an_unchanged_table(rows, place, column, value) -> None:
    before = pd.DataFrame(rows, columns=["side", "what", "number"]).astype("str")
    before["what"] = before["what"].str.replace(r"[\x00\r]", "", regex=True)
    after = before.copy()
    place %= len(after)
    after.loc[place, column] = value
    assume(after.loc[place, column] != before.loc[place, column])
    assert not compare_cells(to_csv(before), to_csv(before))
    assert compare_cells(to_csv(before), to_csv(after))


TABLE = '<style>td{color:red}</style><table><tr><td class="x">Salta &amp; Alentejo</td><td>since 2016</td></tr></table>'


@pytest.mark.parametrize(
    ("published", "rebuilt", "line"),
    [
        (TABLE, TABLE.replace("2016", "2017"), "Alentejo since 2016 → Alentejo since 2017"),
        (TABLE, TABLE.replace('class="x"', "class='y' style=\"color:red\"").replace("red}", "blue}"), None),
        ("three of <b>32</b>", "four of <b>32</b>", "three of 32 → four of 32"),
        ("three", "three of 32", "three → three of 32"),
        ("three of 32", "", "three of 32 → empty"),
        ("a <b>32</b>", "a <del>32</del>", "a <b> 32 </b> → a <del> 32 </del>"),
        ('<a href="#x">32</a>', '<a href="#y">32</a>', '<a href="#x"> 32 </a> → <a href="#y"> 32 </a>'),
        ('<img alt="three">', '<img alt="four">', '<img alt="three"> → <img alt="four">'),
        ('<td title="EU">1</td>', '<td title="LAC">1</td>', '<td title="EU"> 1 </td> → <td title="LAC"> 1 </td>'),
        ("&lt;del&gt; 5", "<del> 5", "<del> 5 → 5"),
    ],
)
def test_other_words_or_tags_are_shown_and_style_is_ignored(published: str, rebuilt: str, line: str | None) -> None:
    assert [str(one) for one in compare_words(published, rebuilt)] == ([f"words: {line}"] if line else [])


PUBLISHED = {"figures/figure-6.csv": FIGURE.encode(), "figures/figure-6.svg": b"<svg/>"}
HASHES = {name: digest(content) for name, content in PUBLISHED.items()}
OTHER = FIGURE.replace("3\n", "4\n").encode()


@pytest.mark.parametrize(
    ("changed", "verdict", "note"),
    [
        ({}, IDENTICAL, ""),
        ({"svg": b"<svg />"}, SAME_VALUES, "other bytes: figures/figure-6.svg"),
        ({"html": b"<p>"}, SAME_VALUES, "other bytes: figures/figure-6.html"),
        ({"csv": FIGURE.replace("\n", "\r\n").encode()}, SAME_VALUES, "other bytes: figures/figure-6.csv"),
        ({"csv": OTHER}, DIFFERS, ""),
        ({"csv": None}, MISSING, "not made: figures/figure-6.csv"),
        ({"svg": None}, MISSING, "not made: figures/figure-6.svg"),
        ({"svg": None, "csv": OTHER}, MISSING, "not made: figures/figure-6.svg"),
    ],
)
def test_the_verdict_on_an_exhibit_is_the_worst_of_its_files(changed, verdict, note) -> None:
    files = PUBLISHED | {f"figures/figure-6.{kind}": content for kind, content in changed.items()}
    rebuilt = {name: content for name, content in files.items() if content is not None}
    found = compare_files(HASHES, {"figures/figure-6.csv": FIGURE.encode()}, rebuilt)
    assert (found.verdict, found.note) == (verdict, note)
    expected = (Difference("new business, EU", "most", "3", "4"),) if changed.get("csv") == OTHER else ()
    assert found.differences == expected


def test_an_exhibit_that_one_side_lacks_is_missing_or_differs_and_the_worst_verdict_counts() -> None:
    assert compare_files(HASHES, {}, {}).verdict == MISSING
    assert compare_files({}, {}, PUBLISHED).verdict == DIFFERS
    assert find_worst([IDENTICAL, MISSING, DIFFERS]) == MISSING
    assert find_worst([]) == IDENTICAL
