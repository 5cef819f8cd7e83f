"""Figures 1, 2 and 5: words in boxes, from the report's own rows, in every language."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch

from iucresearch.figures.key_figures import figure_05, figure_05_alt, figure_05_data
from iucresearch.figures.network import figure_01, figure_01_alt, figure_01_data
from iucresearch.figures.selection import figure_02, figure_02_alt, figure_02_data
from iucresearch.labels import SIDE_NAMES
from iucresearch.style import EU, LAC, SIDES
from reissue.core.errors import InputError
from reissue.core.language import languages, translate_words, use_language
from reissue.drawing import style
from tests.iucresearch.figures.drawn import assert_on_canvas, assert_readable, longer, texts

#: By table: how its figure is drawn, described and prepared, and the columns of words that it shows.
FIGURES = {
    "actions": (figure_01, figure_01_alt, figure_01_data, ["action", "objective", "timing"]),
    "criteria": (figure_02, figure_02_alt, figure_02_data, ["text"]),
    "key_figures": (figure_05, figure_05_alt, figure_05_data, ["text"]),
}
#: The smallest text by width: points that a phone, which shows 3.6 inches on 390 pixels, makes 9.8 pixels.
SMALLEST = {style.WIDTH: 8.0, style.NARROW: 6.5}
each_figure = pytest.mark.parametrize("table", FIGURES)
each_width = pytest.mark.parametrize("width", SMALLEST)


@pytest.fixture
def data(processed):
    return lambda table: FIGURES[table][2](processed[table])


@each_figure
def test_data_is_in_printed_order_and_its_input_is_not_changed(processed, table):
    before = processed[table].copy()
    turned = processed[table].iloc[::-1]
    pd.testing.assert_frame_equal(FIGURES[table][2](turned), FIGURES[table][2](processed[table]))
    pd.testing.assert_frame_equal(processed[table], before)


@each_figure
@each_width
def test_every_value_is_written_in_the_drawing(data, table, width):
    draw, describe, _, columns = FIGURES[table]
    rows = data(table)
    changed = rows.copy()
    changed.loc[1, columns[0]] = "$x$ and $\\frac$"  # words, not a formula
    for shown in (rows, changed):
        ax = draw(shown, width=width)
        for column in columns:
            assert set(shown[column]) <= set(texts(ax))
        assert style.svg(ax.figure)
    assert "$x$ and $\\frac$" in describe(changed) or table == "criteria"


@each_figure
@each_width
@pytest.mark.parametrize("locale", languages())
def test_is_as_wide_as_asked_readable_and_on_its_canvas(data, table, locale, width):
    with use_language(locale):
        ax = FIGURES[table][0](translate_words(data(table)), width=width)
    assert ax.figure.get_figwidth() == width
    assert_readable(ax, SMALLEST[width])
    assert_on_canvas(ax.figure)


@each_figure
@pytest.mark.parametrize("locale", languages())
def test_descriptions_are_short(data, table, locale):
    with use_language(locale):
        assert 100 < len(FIGURES[table][1](translate_words(data(table)))) < 400


@each_figure
@each_width
def test_longer_texts_fit_and_much_longer_ones_are_refused(data, table, width):
    draw, _, _, columns = FIGURES[table]
    rows = data(table)
    longer_rows = rows.assign(**{column: rows[column].map(longer) for column in columns})
    assert_readable(draw(longer_rows, width=width), SMALLEST[width])
    with pytest.raises(InputError, match=rf"{table}\.csv.*does not fit.*Shorten it"):
        draw(rows.assign(**{column: rows[column] * 8 for column in columns}), width=width)


@each_figure
def test_draws_on_given_axes_and_leaves_settings_alone(data, table):
    settings = dict(mpl.rcParams)
    _, (left, right) = plt.subplots(1, 2, figsize=(17, 6), layout="constrained")
    assert FIGURES[table][0](data(table), ax=right) is right
    assert not left.texts
    assert_readable(right)
    assert dict(mpl.rcParams) == settings
    with pytest.raises(InputError, match="larger axes"):
        FIGURES[table][0](data(table), ax=plt.subplots(figsize=(2, 1))[1])


def test_lines_break_alike_at_every_resolution(data):
    drawn = []
    for dpi in (72, 200):
        with mpl.rc_context({"figure.dpi": dpi}):
            drawn.append(style.svg(figure_01(data("actions")).figure))
    assert drawn[0] == drawn[1]


def heads(ax):
    """Return the colour and the tip of every arrow that has one, and its other end."""
    found = []
    for patch in ax.patches:
        if isinstance(patch, FancyArrowPatch) and (style := type(patch.get_arrowstyle()).__name__) != "Curve":
            first, second = patch._posA_posB
            ends = (first, second) if style == "CurveFilledA" else (second, first)
            found.append((to_hex(patch.get_edgecolor()), *ends))
    return found


class TestNetwork:
    @each_width
    def test_arrows_point_at_the_partner_that_the_data_name_last(self, data, width):
        rows = data("actions")
        assert list(rows["direction"]) == ["between", "one way", "both ways", "all together"]
        links = {row.direction: row.links.split("; ") for row in rows.itertuples()}
        ax = figure_01(rows, width=width)
        assert len(ax.texts) == 3 * len(rows) + len(links["all together"])
        at = {artist.get_text().replace("\n", " "): artist.get_position()[0] for artist in ax.texts}
        tips = {colour: (at, tail) for colour, at, tail in heads(ax)}
        assert len(tips) == len(heads(ax)) == 3
        first, last = links["both ways"]
        ways = {style.INK: links["one way"], LAC: [first, last], EU: [last, first]}
        for colour, (start, end) in ways.items():
            (tip, _), (tail, _) = tips[colour]
            assert abs(tip - at[end]) < abs(tip - at[start])
            assert np.sign(tip - tail) == np.sign(at[end] - at[start])

    @each_width
    def test_words_are_at_the_line_of_their_action(self, data, width):
        rows = data("actions").set_index("direction")
        ax = figure_01(rows.reset_index(), width=width)
        levels = {colour: tip[1] for colour, tip, _ in heads(ax)}
        dotted = [p for p in ax.patches if isinstance(p, PathPatch) and to_hex(p.get_edgecolor()) == style.MUTED]
        lines = {
            "one way": levels[style.INK],
            "between": ax.lines[0].get_ydata()[0],
            "both ways": (levels[LAC] + levels[EU]) / 2,
            "all together": max(patch.get_path().vertices[:, 1].max() for patch in dotted),
        }
        at = {artist.get_text().replace("\n", " "): artist.get_position()[1] for artist in ax.texts}
        names = {
            direction: min(lines, key=lambda d: abs(lines[d] - at[rows.at[direction, "action"]])) for direction in lines
        }
        assert names == {direction: direction for direction in lines}
        for direction, row in rows.iterrows():
            assert at[row["action"]] < lines[direction] < at[row["objective"]]
            assert at[row["objective"]] - lines[direction] < 0.8
        dates = [a for a in ax.texts if a.get_text() in set(rows["timing"])]
        placed = sorted((a.get_position()[1], a.get_text()) for a in dates)
        assert [text for _, text in placed] == [rows.at[d, "timing"] for d in sorted(lines, key=lines.get)]

    def test_the_description_counts_actions_and_names_who_is_linked(self, data):
        rows = data("actions")
        alt = figure_01_alt(rows)
        assert "4 actions" in alt
        assert "3 actions" in figure_01_alt(rows.iloc[1:])
        assert "from IUC-LAC Programme to National authorities" in alt
        assert "both ways between Latin American region and EU region" in alt

    @pytest.mark.parametrize("change", [{"study-visits": "webinars"}, None])
    def test_other_actions_are_refused(self, processed, change):
        actions = processed["actions"].replace(change) if change else processed["actions"].iloc[1:]
        with pytest.raises(InputError, match=r"actions\.csv: figure 1 cannot draw the actions .*Restore the rows"):
            figure_01_data(actions)


class TestSelection:
    @each_width
    def test_steps_follow_each_other_down_and_from_side_to_side(self, data, width):
        rows = data("criteria")
        steps = rows[rows["kind"] == "step"]
        ax = figure_02(rows, width=width)
        at = {artist.get_text().replace("\n", " "): artist.get_position() for artist in ax.texts}
        levels = [at[text][1] for text in steps["text"]]
        assert levels == sorted(levels)
        ((colour, tip, tail),) = heads(ax)
        discs = [patch for patch in ax.patches if isinstance(patch, Circle) and patch.radius < 0.1]
        assert [to_hex(disc.get_edgecolor()) for disc in discs] == [SIDES[side] for side in steps["side"][:-1]]
        assert colour == style.INK
        assert abs(discs[2].center[0] - tip[0]) < 0.2, "it points at the step of the other side"
        assert tip[1] == discs[2].center[1]
        assert discs[1].center[0] <= tail[0] < tip[0]
        assert tail[1] >= discs[1].center[1]

    @each_width
    def test_each_number_is_before_its_criterion(self, data, width):
        ax, rows = figure_02(data("criteria"), width=width), data("criteria")
        ax.figure.draw_without_rendering()
        where = {artist.get_text().replace("\n", " "): artist.get_window_extent() for artist in ax.texts}
        numbers = [artist for artist in ax.texts if artist.get_text().isdigit()]
        assert sorted(artist.get_text() for artist in numbers) == sorted(str(n) for n in rows["number"] if n)
        for artist in numbers:
            box = artist.get_window_extent()
            level = (box.y0 + box.y1) / 2
            right = [t for t, at in where.items() if at.x0 > box.x1 and at.y0 < level < at.y1 and not t.isdigit()]
            nearest = min(right, key=lambda text: where[text].x0)
            assert str(rows.loc[rows["text"] == nearest, "number"].item()) == artist.get_text()

    @each_width
    def test_criteria_are_under_their_step_in_their_side_s_lane_and_colour(self, data, processed, width):
        ax, rows = figure_02(data("criteria"), width=width), data("criteria")
        assert list(rows.loc[rows["kind"] == "step", "side"]) == ["LAC", "LAC", "EU", "both"]
        at = {artist.get_text().replace("\n", " "): artist.get_position() for artist in ax.texts}
        criteria = processed["criteria"].sort_values("order")
        for side, stage in (("LAC", 2), ("EU", 3)):
            step, *own = rows.loc[rows["stage"] == stage, "text"]
            assert own == list(criteria.loc[criteria["side"] == side, "criterion"])
            assert {at[text][0] for text in own} == {at[step][0]}
            levels = [at[text][1] for text in (step, *own)]
            assert levels == sorted(levels)
        discs = [patch for patch in ax.patches if isinstance(patch, Circle)]
        assert {LAC, EU} <= {to_hex(c) for disc in discs for c in (disc.get_facecolor(), disc.get_edgecolor())}
        assert {SIDE_NAMES["LAC"], SIDE_NAMES["EU"]} <= set(at)

    def test_criteria_are_counted(self, processed, data):
        criteria = processed["criteria"]
        one = figure_02_data(criteria[(criteria["side"] == "LAC") | (criteria["order"] == 1)])
        for rows, count in ((data("criteria"), "3 criteria"), (one, "1 criterion")):
            assert f"{count}." in figure_02_alt(rows)
            assert count in texts(figure_02(rows))


class TestKeyFigures:
    @each_width
    def test_every_number_is_above_its_label(self, data, width):
        rows = data("key_figures").assign(value=[21, 22, 23, 24, 25, 26])
        ax = figure_05(rows, width=width)
        assert len({line.get_xdata()[0] for line in ax.lines}) == {style.WIDTH: 3, style.NARROW: 2}[width]
        ax.figure.draw_without_rendering()
        boxes = {artist.get_text().replace("\n", " "): artist.get_window_extent() for artist in ax.texts}
        right = [line.get_window_extent().x1 for line in ax.lines]
        for row, edge in zip(rows.itertuples(), right, strict=True):
            number, label = boxes[str(row.value)], boxes[row.text]
            gap = (number.y0 - label.y1) / ax.figure.dpi
            assert 0 <= gap < 0.15
            assert label.x0 - 2 <= number.x0
            assert number.x1 < edge

    @each_width
    def test_every_number_is_written_large_after_what_limits_it(self, data, width):
        rows = data("key_figures")
        ax = figure_05(rows, width=width)
        ax.figure.draw_without_rendering()
        assert sorted(texts(ax)) == sorted([*rows["text"], *map(str, rows["value"]), "over"])
        sizes = sorted(artist.get_fontsize() for artist in ax.texts)
        assert sizes[-len(rows)] >= 3 * sizes[0]
        at = {artist.get_text(): artist for artist in ax.texts}
        assert at["over"].get_position()[1] == pytest.approx(at["300"].get_position()[1])
        assert at["over"].get_window_extent().x1 < at["300"].get_window_extent().x0
        lines = "\n".join(at).split("\n")
        assert any("/" in line for line in lines)
        assert not [line for line in lines if line.startswith("/")]

    def test_every_number_of_the_alt_text_comes_from_the_data(self, data):
        rows = data("key_figures").replace({"value": {300: 417}}).iloc[1:]
        numbers = [int(number) for number in re.findall(r"\d+", figure_05_alt(rows))]
        assert numbers == [len(rows), *rows["value"]]
        assert "over 417 new business contacts" in figure_05_alt(rows)
