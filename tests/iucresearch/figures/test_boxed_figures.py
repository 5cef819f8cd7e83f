"""Figures 1, 2 and 5: words in boxes, from the report's own rows, in every language."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, FancyArrowPatch

from iucresearch.figures.key_figures import figure_05, figure_05_alt, figure_05_data
from iucresearch.figures.network import figure_01, figure_01_alt, figure_01_data
from iucresearch.figures.selection import figure_02, figure_02_alt, figure_02_data
from iucresearch.labels import SIDE_NAMES
from iucresearch.style import EU, LAC
from reissue.core.errors import InputError
from reissue.core.language import languages, translate_words, use_language
from reissue.drawing import style
from tests.iucresearch.figures.drawn import assert_readable, longer, texts

#: By table: how its figure is drawn, described and prepared, and the columns of words that it shows.
FIGURES = {
    "actions": (figure_01, figure_01_alt, figure_01_data, ["action", "objective", "timing"]),
    "criteria": (figure_02, figure_02_alt, figure_02_data, ["text"]),
    "key_figures": (figure_05, figure_05_alt, figure_05_data, ["text"]),
}
each_figure = pytest.mark.parametrize("table", FIGURES)


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
def test_every_value_is_written_in_the_drawing_and_its_description(data, table):
    draw, describe, _, columns = FIGURES[table]
    rows = data(table)
    changed = rows.copy()
    changed.loc[1, columns[0]] = "$x$ and $\\frac$"  # words, not a formula
    for shown in (rows, changed):
        ax, alt = draw(shown), describe(shown)
        for column in columns:
            assert set(shown[column]) <= set(texts(ax))
            assert all(value in alt for value in shown[column])
        assert style.svg(ax.figure)


@each_figure
@pytest.mark.parametrize("locale", languages())
def test_is_as_wide_as_the_page_and_readable(data, table, locale):
    with use_language(locale):
        ax = FIGURES[table][0](translate_words(data(table)))
    assert ax.figure.get_figwidth() == style.WIDTH
    assert_readable(ax)


@each_figure
def test_longer_texts_fit_and_much_longer_ones_are_refused(data, table):
    draw, _, _, columns = FIGURES[table]
    rows = data(table)
    assert_readable(draw(rows.assign(**{column: rows[column].map(longer) for column in columns})))
    with pytest.raises(InputError, match=rf"{table}\.csv.*does not fit.*Shorten it"):
        draw(rows.assign(**{column: rows[column] * 8 for column in columns}))


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


class TestNetwork:
    def test_partners_and_directions(self, data):
        rows = data("actions")
        assert list(rows["direction"]) == ["between", "one way", "both ways", "all together"]
        partners = {partner for links in rows["links"] for partner in links.split("; ")}
        ax = figure_01(rows)
        assert partners <= set(texts(ax))
        assert len(ax.texts) == 3 * len(rows) + len(partners)
        heads = [type(p.get_arrowstyle()).__name__ for p in ax.patches if isinstance(p, FancyArrowPatch)]
        # One arrow for the visits to authorities, one from each region to the other.
        assert (heads.count("CurveFilledA"), heads.count("CurveFilledB")) == (2, 1)
        assert "4 actions" in figure_01_alt(rows)
        assert "3 actions" in figure_01_alt(rows.iloc[1:])

    @pytest.mark.parametrize("change", [{"study-visits": "webinars"}, None])
    def test_other_actions_are_refused(self, processed, change):
        actions = processed["actions"].replace(change) if change else processed["actions"].iloc[1:]
        with pytest.raises(InputError, match=r"actions\.csv: figure 1 cannot draw the actions .*Restore the rows"):
            figure_01_data(actions)


class TestSelection:
    def test_each_number_is_before_its_criterion(self, data):
        ax, rows = figure_02(data("criteria")), data("criteria")
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

    def test_criteria_are_under_their_step_in_their_side_s_lane_and_colour(self, data, processed):
        ax, rows = figure_02(data("criteria")), data("criteria")
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
            assert f"{count}:" in figure_02_alt(rows)
            assert count in texts(figure_02(rows))


class TestKeyFigures:
    def test_every_number_is_written_large_after_what_limits_it(self, data):
        rows = data("key_figures")
        ax = figure_05(rows)
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
