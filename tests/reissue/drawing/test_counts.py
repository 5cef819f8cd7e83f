"""Charts of counts: bars, marks and lines show exactly the possible counts, and lists their items."""

from itertools import pairwise

import matplotlib.pyplot as plt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reissue.core.language import split_runs
from reissue.drawing import style
from reissue.drawing.boxes import Words, break_lines, text_width
from reissue.drawing.count_layout import Row
from reissue.drawing.counts import draw_rows
from reissue.drawing.text_list import draw_list
from tests.drawn_counts import assert_readable, read_items, read_key, read_notes, read_rows

COLOURS = ("#5b6470", "#0b4f8a", "#d98200")
WIDTHS = {style.WIDTH: 8.0, style.NARROW: 6.5}
each_width = pytest.mark.parametrize("width", WIDTHS)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def drawn(rows, n, **choices):
    with style.use_style():
        ax = draw_rows(rows, n, unit="Respondents", **choices)
        ax.figure.canvas.draw()
    return ax


@st.composite
def charts(draw):
    n = draw(st.integers(1, 60))
    sets = draw(st.lists(st.sets(st.integers(0, n), min_size=1), min_size=1, max_size=5))
    rows = []
    for number, values in enumerate(sorted(one) for one in sets):
        thin = number > 0 and draw(st.booleans())
        label = "" if thin else f"Answer {number}"
        rows.append(Row(tuple(values), f"{number}", label, draw(st.sampled_from(COLOURS)), thin=thin))
    return rows, n


@settings(max_examples=30, deadline=None)
@given(charts(), st.sampled_from(sorted(WIDTHS)))
def test_marks_cover_the_possible_counts_and_no_other(chart, width):
    rows, n = chart
    ax = drawn(rows, n, width=width)
    shown = read_rows(ax)
    assert [row.possible for row in shown] == [row.values for row in rows]
    assert [row.certain for row in shown] == [row.values[0] for row in rows]
    assert [row.is_bold for row in shown] == [len(row.values) == 1 for row in rows]
    assert [(row.label, row.words, row.colour) for row in shown] == [(row.label, row.text, row.colour) for row in rows]
    assert bool(read_key(ax)) == any(len(row.values) > 1 for row in rows)
    plt.close(ax.figure)


@each_width
def test_thin_rows_parts_and_headings_differ(width):
    rows = [
        Row((9,), "9", "Both"),
        Row((4,), "4 of 5", colour=COLOURS[1], thin=True),
        Row((0, 1, 2), "0 to 2", "One of them", indent=True),
        Row((3,), "3", "Another", heading="Together"),
    ]
    ax = drawn(rows, 10, width=width, notes=["A note that is long enough to need more than one line. " * 3])
    assert_readable(ax, WIDTHS[width])
    both, thin, part, other = read_rows(ax)
    assert both.thickness == other.thickness > part.thickness > thin.thickness
    lefts = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert lefts["One of them"] > lefts["Both"] == lefts["Another"]
    heading, note = read_notes(ax)
    assert (heading, note.count("A note")) == ("Together", 3)
    at = [text.get_position()[1] for text in ax.texts if text.get_text() == "Together"]
    centres = [patch.get_y() for patch in ax.patches]
    assert sum(y < at[0] for y in centres) == 3
    # A line across sets the heading off, another one joins the parts.
    assert sorted(len(set(line.get_ydata())) for line in ax.lines) == [1, 2]


@each_width
def test_long_words_stay_on_the_canvas(width):
    label = "Especializacióninteligente/" * 3 + " y una palabra " + "palabra" * 10
    ax = drawn([Row((30, 31), "30 or 31, in words that are rather long", label)], 32, width=width)
    assert_readable(ax, WIDTHS[width])
    with style.use_style():
        ax = draw_list([label, "b"], marks=["1", "2"], above=label, below=label, width=width)
    assert_readable(ax, WIDTHS[width])


def test_given_axes_hold_the_drawing():
    with style.use_style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
        figure.draw_without_rendering()
        box = right.get_position()
        assert draw_rows([Row((1, 2, 5), "words", "Label")], 5, unit="Respondents", ax=right) is right
    figure.canvas.draw()
    assert read_rows(right)[0].possible == (1, 2, 5)
    extent = right.get_tightbbox().transformed(figure.transFigure.inverted())
    assert box.x0 - 0.01 <= extent.x0
    assert extent.x1 <= box.x1 + 0.01
    assert left.get_position().x1 <= extent.x0


@each_width
def test_a_list_has_its_marks_in_order(width):
    items = ["Second", "First " * 40, "Third"]
    with style.use_style():
        ax = draw_list(items, marks=["1", "2", "10"], above="Above:", below="Below.", width=width)
    assert_readable(ax, WIDTHS[width])
    assert read_items(ax) == list(zip(["1", "2", "10"], (" ".join(item.split()) for item in items), strict=True))
    assert read_notes(ax) == ["Above:", "Below."]


def test_the_same_rows_give_the_same_bytes():
    rows = [Row((7, 21, 22, 23), "7 or 21 to 23", "A"), Row((2,), "2", "B")]
    one, other = (style.svg(drawn(rows, 32).figure) for _ in range(2))
    assert one == other


@given(st.sets(st.integers(0, 50)))
def test_runs_are_as_long_as_they_can_be(values):
    runs = split_runs(sorted(values))
    assert [count for run in runs for count in run] == sorted(values)
    assert all(run == list(range(run[0], run[-1] + 1)) for run in runs)
    assert all(before[-1] + 1 < after[0] for before, after in pairwise(runs))


@given(st.text("abc /", max_size=80), st.floats(20, 300))
def test_lines_are_no_wider_than_they_may_be_and_keep_every_letter(text, width):
    lines = break_lines(Words(text, 10.0), width)
    assert all(text_width(Words(line, 10.0)) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
