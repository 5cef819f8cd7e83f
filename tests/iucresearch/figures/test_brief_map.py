import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.path import Path as Outline

from iucresearch.figures import brief_map as brief
from iucresearch.figures import pairings_map as whole
from iucresearch.figures.brief_map import brief_map, brief_map_alt, brief_map_data
from iucresearch.style import SIDES
from reissue.drawing import style
from reissue.drawing.points import to_points
from tests.iucresearch.figures.drawn import assert_apart_and_inside

TINTS = {"484": "LAC", "724": "EU"}


@pytest.fixture(scope="module")
def pairings(processed):
    return processed["pairings"]


def drawn(pairings, own, topology):
    return brief_map(brief_map_data(pairings[own]), pairings[~own], topology, TINTS)


def moves(ax, colour, *, fill=False):
    """Return where the strokes of a colour begin, or the vertices of what is filled with it: points of the page."""
    found = []
    for collection in ax.collections:
        colours = collection.get_facecolor() if fill else collection.get_edgecolor()
        if len(colours) and to_hex(colours[0]) == colour and len(collection.get_facecolor()) == int(fill):
            (path,) = collection.get_paths()
            found.append(path.vertices if fill else path.vertices[path.codes == Outline.MOVETO])
    return np.concatenate(found) if found else np.empty((0, 2))


def same(some, others, within=0.06):
    """Whether two sets of points are the same, in any order."""
    gaps = np.abs(some[:, None] - others[None]).max(axis=2)
    return bool((gaps.min(axis=0) < within).all() and (gaps.min(axis=1) < within).all())


class TestMap:
    def test_own_seats_are_linked_and_others_grey(self, pairings, topology):
        own = pairings["lac_country"] == "Mexico"
        ax, inset = drawn(pairings, own, topology).axes
        for one, side, projection in ((ax, "lac", brief.OCEAN), (ax, "eu", brief.OCEAN), (inset, "eu", whole.EUROPE)):
            seats = to_points(one, whole.seats(pairings, side, projection))
            coloured = moves(one, SIDES[side.upper()])
            grey = moves(one, brief._OTHERS)
            assert same(coloured, seats[own.to_numpy()])
            gaps = np.abs(seats[~own.to_numpy()][:, None] - grey[None]).max(axis=2).min(axis=1)
            assert (gaps <= brief._CELL).all(), "each has a dot, or a neighbour's"
        (links,) = [c for c in ax.collections if to_hex(c.get_edgecolor()[0]) == style.INK]
        ends = links.get_paths()[0].vertices.reshape(-1, 24, 2)[:, [0, -1]]
        for column, side in enumerate(("lac", "eu")):  # both ends of every link are seats
            assert np.allclose(ends[:, column], to_points(ax, whole.seats(pairings[own], side, brief.OCEAN)), atol=0.06)

    @pytest.mark.parametrize("country", ["Spain", "Mexico", "Slovenia", "Poland"])
    def test_names_are_at_their_seats_and_apart(self, pairings, topology, country):
        own = (pairings["lac_country"] == country) | (pairings["eu_country"] == country)
        figure = drawn(pairings, own, topology)
        for ax, side in zip(figure.axes, ("lac", "eu"), strict=True):
            words = " ".join(text.get_text() for text in ax.texts)
            for number, name in zip(pairings.loc[own, "order"], pairings.loc[own, f"{side}_region"], strict=True):
                assert f"{number} {name.split(' ')[0]}" in words
        assert_apart_and_inside(figure.axes, 72, style.DPI)

    def test_many_are_not_named_and_many_others_have_no_lines(self, pairings, topology):
        figure = drawn(pairings, pairings["order"] > brief.NAMED, topology)
        assert not any(ax.texts for ax in figure.axes)
        crowd = pd.concat([pairings] * 4, ignore_index=True)
        figure = brief_map(brief_map_data(pairings.iloc[:1]), crowd, topology, TINTS)
        assert brief._OTHER_LINES not in [to_hex(c.get_edgecolor()[0]) for c in figure.axes[0].collections]
        assert len(moves(figure.axes[0], brief._OTHERS))

    def test_an_overseas_territory_is_named_on_the_ocean(self, pairings, topology):
        there = pairings.assign(eu_longitude=-61.7, eu_latitude=16.0)
        ax, inset = drawn(there, there["id"] == "P01", topology).axes
        assert not inset.texts
        assert "Castilla y León" in [text.get_text() for text in ax.texts]

    def test_countries_are_tinted_by_their_code(self, pairings, topology):
        own = pairings["id"] == "P17"
        ax, inset = drawn(pairings, own, topology).axes
        for one, side, colour in ((ax, "lac", whole.LAND["LAC"]), (inset, "eu", whole.LAND["EU"])):
            projection = brief.OCEAN if side == "lac" else whole.EUROPE
            (seat,) = to_points(one, whole.seats(pairings[own], side, projection))
            land = Outline(moves(one, colour, fill=True))
            assert land.get_extents().contains(*seat)

    def test_names_are_text_whatever_signs_they_have(self, pairings, topology):
        names = ["$\\frac{1}{", "中文 🜚", "", "   ", "<b>&amp;", "a$b$c"]
        for name in names:
            own = brief_map_data(pairings.iloc[[4]].assign(lac_region=name, eu_region=name))
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Glyph")
                figure = brief_map(own, pairings.iloc[:2], topology, TINTS)
                assert style.svg(figure).startswith(b"<?xml")
            texts = [text for ax in figure.axes for text in ax.texts]
            assert not any(text.get_parse_math() for text in texts)
            words = [text.get_text() for text in texts]
            assert " ".join(name.split()) in words


def test_data_and_alt_text_have_every_pairing_and_how_many_are_grey(pairings):
    own = pairings["eu_country"] == "Italy"
    data = brief_map_data(pairings[own].iloc[::-1])
    assert data["number"].tolist() == pairings.loc[own, "order"].tolist()
    assert data["distance_km"].between(8_000, 16_000).all()
    alt = brief_map_alt(data, pairings[~own])
    for row in data.to_dict("records"):
        assert f"{row['lac_region']} ({row['lac_country']}) and {row['eu_region']} (Italy)" in alt
        assert f"{row['distance_km']:,} kilometres apart" in alt
    assert "The others, 17 in number, are in grey." in alt
    assert "grey" not in brief_map_alt(data, pairings.iloc[:0])
