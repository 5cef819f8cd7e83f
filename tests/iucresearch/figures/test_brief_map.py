from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline

from iucresearch import style
from iucresearch.figures import brief_map as brief
from iucresearch.figures import pairings_map as whole
from iucresearch.figures.brief_map import brief_map, brief_map_alt, brief_map_data
from reissue.core import paths
from reissue.drawing import geo
from reissue.drawing.map_labels import to_points

Tables = dict[str, pd.DataFrame]
BOUNDARIES = paths.RAW / "geography" / "countries-50m.json"
TINTS = {"484": "LAC", "724": "EU"}


@pytest.fixture(scope="module")
def topology() -> geo.Topology:
    return geo.read_topology(BOUNDARIES)


@pytest.fixture(scope="module")
def pairings(processed: Tables) -> pd.DataFrame:
    return processed["pairings"]


def drawn(pairings: pd.DataFrame, own: pd.Series[bool], topology: geo.Topology) -> Figure:
    return brief_map(brief_map_data(pairings[own]), pairings[~own], topology, TINTS)


def moves(ax: Axes, colour: str, *, fill: bool = False) -> np.ndarray:
    """Return where the strokes of a colour begin, or the vertices of what is filled with it: points of the page."""
    found = []
    for collection in ax.collections:
        colours = collection.get_facecolor() if fill else collection.get_edgecolor()
        if len(colours) and to_hex(colours[0]) == colour and len(collection.get_facecolor()) == int(fill):
            (path,) = collection.get_paths()
            found.append(path.vertices if fill else path.vertices[path.codes == Outline.MOVETO])
    return np.concatenate(found) if found else np.empty((0, 2))


def same(some: np.ndarray, others: np.ndarray, within: float = 0.06) -> bool:
    """Whether two sets of points are the same, in any order."""
    gaps = np.abs(some[:, None] - others[None]).max(axis=2)
    return bool((gaps.min(axis=0) < within).all() and (gaps.min(axis=1) < within).all())


class TestData:
    def test_one_row_per_pairing_with_its_number(self, pairings: pd.DataFrame) -> None:
        data = brief_map_data(pairings.iloc[[7, 2]])
        assert data["number"].tolist() == [3, 8]
        assert data["eu_region"].tolist() == ["Ostrobothnia", "Basque Country"]
        assert data["distance_km"].between(8_000, 16_000).all()

    def test_numbers_are_the_order_whatever_the_key(self, pairings: pd.DataFrame) -> None:
        data = brief_map_data(pairings.assign(id=[f"key {n}" for n in range(20, 0, -1)]))
        assert data["number"].tolist() == list(range(1, 21))
        assert data["lac_region"].tolist() == pairings["lac_region"].tolist()


class TestMap:
    def test_own_seats_are_coloured_and_all_others_grey(self, pairings: pd.DataFrame, topology: geo.Topology) -> None:
        own = pairings["lac_country"] == "Mexico"
        ax, inset = drawn(pairings, own, topology).axes
        for one, side, projection in ((ax, "lac", whole.OCEAN), (ax, "eu", whole.OCEAN), (inset, "eu", whole.EUROPE)):
            seats = to_points(one, whole.seats(pairings, side, projection))
            coloured = moves(one, style.SIDES[side.upper()])
            grey = moves(one, brief._OTHERS)
            assert same(coloured, seats[own.to_numpy()])
            gaps = np.abs(seats[~own.to_numpy()][:, None] - grey[None]).max(axis=2).min(axis=1)
            assert (gaps <= brief._CELL).all(), "each has a dot, or a neighbour's"

    def test_links_follow_the_great_circle(self, pairings: pd.DataFrame, topology: geo.Topology) -> None:
        ax = drawn(pairings, pairings["order"] > 0, topology).axes[0]
        for link, curve in zip(pairings[brief._ENDS].itertuples(index=False), brief._curves(pairings), strict=True):
            way = to_points(ax, whole.OCEAN.points(*geo.great_circle(*link, points=200).T))
            gaps = np.hypot(*(to_points(ax, brief._along(curve))[:, None] - way[None]).T)
            assert gaps.min(axis=0).max() < 1.0

    def test_both_ends_of_every_link_are_seats(self, pairings: pd.DataFrame, topology: geo.Topology) -> None:
        own = pairings["id"].isin(["P03", "P19"])
        ax = drawn(pairings, own, topology).axes[0]
        (links,) = [c for c in ax.collections if to_hex(c.get_edgecolor()[0]) == style.INK]
        ends = links.get_paths()[0].vertices.reshape(-1, 4, 2)[:, [0, 3]]
        for column, side in enumerate(("lac", "eu")):
            assert np.allclose(ends[:, column], to_points(ax, whole.seats(pairings[own], side, whole.OCEAN)), atol=0.06)

    @pytest.mark.parametrize("country", ["Spain", "Mexico", "Slovenia", "Poland"])
    def test_names_stand_at_their_seats_and_apart(
        self, pairings: pd.DataFrame, topology: geo.Topology, country: str
    ) -> None:
        own = (pairings["lac_country"] == country) | (pairings["eu_country"] == country)
        figure = drawn(pairings, own, topology)
        for dpi in (72, style.DPI):
            figure.set_dpi(dpi)
            for ax, side in zip(figure.axes, ("lac", "eu"), strict=True):
                words = " ".join(text.get_text() for text in ax.texts)
                for number, name in zip(pairings.loc[own, "order"], pairings.loc[own, f"{side}_region"], strict=True):
                    assert f"{number} {name.split(' ')[0]}" in words
                frame = ax.get_window_extent()
                extents = [text.get_window_extent() for text in ax.texts]
                for box in extents:
                    assert box.x0 >= frame.x0
                    assert box.x1 <= frame.x1
                    assert box.y0 >= frame.y0
                    assert box.y1 <= frame.y1
                for one, other in combinations(extents, 2):
                    assert not one.padded(-0.5).overlaps(other.padded(-0.5))
        assert min(text.get_fontsize() for ax in figure.axes for text in ax.texts) >= 8

    def test_many_are_not_named_and_many_others_have_no_lines(
        self, pairings: pd.DataFrame, topology: geo.Topology
    ) -> None:
        figure = drawn(pairings, pairings["order"] > brief.NAMED, topology)
        assert not any(ax.texts for ax in figure.axes)
        crowd = pd.concat([pairings] * 4, ignore_index=True)
        figure = brief_map(brief_map_data(pairings.iloc[:1]), crowd, topology, TINTS)
        assert brief._OTHER_LINES not in [to_hex(c.get_edgecolor()[0]) for c in figure.axes[0].collections]
        assert len(moves(figure.axes[0], brief._OTHERS))

    def test_an_overseas_territory_is_named_on_the_ocean(self, pairings: pd.DataFrame, topology: geo.Topology) -> None:
        there = pairings.assign(eu_longitude=-61.7, eu_latitude=16.0)
        ax, inset = drawn(there, there["id"] == "P01", topology).axes
        assert not inset.texts
        assert [text.get_text() for text in ax.texts if text.get_text() == "Castilla y León"]

    def test_countries_are_tinted_by_their_code(self, pairings: pd.DataFrame, topology: geo.Topology) -> None:
        own = pairings["id"] == "P17"
        ax, inset = drawn(pairings, own, topology).axes
        for one, side, colour in ((ax, "lac", whole.LAND["LAC"]), (inset, "eu", whole.LAND["EU"])):
            projection = whole.OCEAN if side == "lac" else whole.EUROPE
            (seat,) = to_points(one, whole.seats(pairings[own], side, projection))
            land = Outline(moves(one, colour, fill=True))
            assert land.get_extents().contains(*seat)

    def test_names_are_text_whatever_signs_they_have(self, pairings: pd.DataFrame, topology: geo.Topology) -> None:
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

    @pytest.mark.parametrize("place", [(140.0, -12.0), (179.0, 80.0), (-40.0, -89.9)])
    def test_a_seat_anywhere_on_earth_is_drawn_or_told(
        self, pairings: pd.DataFrame, topology: geo.Topology, place: tuple[float, float]
    ) -> None:
        own = pairings.iloc[[0]].assign(lac_longitude=place[0], lac_latitude=place[1])
        data = brief_map_data(own)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert style.svg(brief_map(data, pairings.iloc[1:], topology, TINTS)).startswith(b"<?xml")
        assert "Outside of the map: Córdoba." in brief_map_alt(data, pairings.iloc[1:])


class TestAlt:
    def test_it_tells_every_pairing_and_how_many_are_grey(self, pairings: pd.DataFrame) -> None:
        own = pairings["eu_country"] == "Italy"
        data = brief_map_data(pairings[own])
        alt = brief_map_alt(data, pairings[~own])
        for row in data.to_dict("records"):
            assert f"{row['lac_region']} ({row['lac_country']}) and {row['eu_region']} (Italy)" in alt
            assert f"{row['distance_km']:,} kilometres apart" in alt
        assert "The others, 17 in number, are in grey." in alt
        assert "Outside" not in alt

    def test_of_many_it_tells_the_first_and_counts_the_rest(self, pairings: pd.DataFrame) -> None:
        alt = brief_map_alt(brief_map_data(pairings), pairings.iloc[:0])
        assert f"and {20 - brief.NAMED} more, listed in its data." in alt
        assert "grey" not in alt


def test_every_map_is_small(processed: Tables, topology: geo.Topology) -> None:
    pairings = processed["pairings"]
    countries = processed["countries"].set_index("country")
    for side in ("lac", "eu"):
        for country, own in pairings.groupby(f"{side}_country"):
            tints = {str(countries.loc[country, "numeric"]): side.upper()}
            others = pairings[~pairings["id"].isin(own["id"])]
            assert len(style.svg(brief_map(brief_map_data(own), others, topology, tints))) < 60_000, country


SCRIPT = """
import hashlib, io, sys
import pandas as pd
from reissue.drawing import geo
from reissue.core import paths
from iucresearch import style
from iucresearch.figures.brief_map import brief_map, brief_map_data
pairings = pd.read_csv(io.StringIO(sys.stdin.read()))
topology = geo.read_topology(paths.RAW / "geography" / "countries-50m.json")
own = pairings["eu_country"] == "Spain"
figure = brief_map(brief_map_data(pairings[own]), pairings[~own], topology, {"724": "EU", "484": "LAC"})
print(hashlib.sha256(style.svg(figure)).hexdigest())
"""


def test_the_same_bytes_in_another_process(pairings: pd.DataFrame, topology: geo.Topology) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=pairings.to_csv(index=False), env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    svg = style.svg(drawn(pairings, pairings["eu_country"] == "Spain", topology))
    assert done.stdout.strip() == hashlib.sha256(svg).hexdigest()
