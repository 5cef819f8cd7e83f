import numpy as np
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path

from iucresearch.figures.brief_map import ENLARGED, FRAME, OCEAN
from iucresearch.figures.pairings_map import _FRAMES, EUROPE, LATIN_AMERICA
from reissue.core import paths
from reissue.drawing import geo
from reissue.drawing.map_land import build_outlines, draw_frame, draw_outlines
from reissue.drawing.points import to_points
from tests.boundaries import whole_shapes

WINDOWS = {
    "ocean": (OCEAN, FRAME, 5.2),
    "europe": (EUROPE, ENLARGED, 2.4),
    "south": (LATIN_AMERICA, _FRAMES["LAC"], 3.6),
}
COLOURS = {"": "#cccccc", "LAC": "#ff0000", "EU": "#0000ff"}


@pytest.fixture(scope="module")
def topology():
    return geo.read_topology(paths.RAW / "geography" / "countries-50m.json")


@pytest.fixture(scope="module")
def outlines(topology):
    return build_outlines(topology)


def axes(window, inches):
    ax = Figure(figsize=(inches, inches), layout="none").add_axes((0, 0, 1, 1))
    draw_frame(ax, window, "#000000")
    return ax


def rings(ax, colour):
    """Yield the rings that are filled with a colour, in points of the page."""
    for collection in ax.collections:
        if to_hex(collection.get_facecolor()[0]) == colour:
            (path,) = collection.get_paths()
            for piece in np.split(np.arange(len(path.vertices)), np.flatnonzero(path.codes == Path.MOVETO)[1:]):
                yield path.vertices[piece]


def covered(ax, colour, points):
    inside = np.zeros(len(points), bool)
    for ring in rings(ax, colour):
        inside ^= Path(ring).contains_points(points)
    return inside


@pytest.mark.parametrize("view", WINDOWS)
def test_land_is_where_the_whole_shapes_have_it(topology, outlines, view):
    """Compared at places that are not on the very coast."""
    projection, window, inches = WINDOWS[view]
    ax = axes(window, inches)
    draw_outlines(ax, outlines, {}, COLOURS, projection)
    chance = np.random.default_rng(3)
    places = chance.uniform(window[:2], window[2:], (1500, 2))
    globe = shapely.box(-170.0, -75.0, 80.0, 84.0)  # well away from the point opposite the centre
    seen = shapely.intersection(list(whole_shapes(topology).values()), globe)
    flat = shapely.transform(seen, lambda degrees: projection.points(*degrees.T))
    shape = shapely.union_all(shapely.make_valid(flat))
    scale = (window[2] - window[0]) / (inches * 72)
    spots = shapely.points(places)
    clear = shapely.distance(spots, shape.boundary) > 3 * scale
    assert clear.sum() > 600
    expected = shapely.contains(shape, spots)[clear]
    assert 0.1 < expected.mean() < 0.9
    assert (covered(ax, COLOURS[""], to_points(ax, places[clear])) == expected).mean() > 0.995


def test_kinds_are_by_code_and_hold_their_capitals(outlines):
    ax = axes(FRAME, 5.2)
    draw_outlines(ax, outlines, {"076": "LAC", "724": "EU"}, COLOURS, OCEAN)
    places = to_points(ax, OCEAN.points([-47.93, -3.70, -58.38, 2.35], [-15.78, 40.42, -34.60, 48.86]))
    assert covered(ax, COLOURS["LAC"], places).tolist() == [True, False, False, False]
    assert covered(ax, COLOURS["EU"], places).tolist() == [False, True, False, False]
    assert covered(ax, COLOURS[""], places).tolist() == [False, False, True, True]
    antarctica = to_points(ax, OCEAN.points([-64.0, -70.0], [-68.0, -72.0]))
    assert not covered(ax, COLOURS[""], antarctica).any()


def test_points_are_round_and_within_the_frame(outlines):
    ax = axes(ENLARGED, 2.4)
    draw_outlines(ax, outlines, {}, COLOURS, EUROPE)
    points = np.concatenate(list(rings(ax, COLOURS[""])))
    assert len(points) < 1000
    assert points.min() >= -5
    assert points.max() <= 2.4 * 72 + 5
    own = points[(points > 0).all(axis=1) & (points < 2.4 * 72).all(axis=1)]
    assert np.allclose(own * 2, np.round(own * 2))


def test_what_is_hidden_is_left_out(outlines):
    whole, part = axes(FRAME, 5.2), axes(FRAME, 5.2)
    hidden = (680e3, -8_590e3, 7_940e3, -2_150e3)
    draw_outlines(whole, outlines, {}, COLOURS, OCEAN)
    draw_outlines(part, outlines, {}, COLOURS, OCEAN, hidden=hidden)
    left = {ring.tobytes() for ring in rings(whole, COLOURS[""])} - {r.tobytes() for r in rings(part, COLOURS[""])}
    assert left
    corners = to_points(whole, np.reshape(hidden, (2, 2)))
    for ring in left:
        points = np.frombuffer(ring).reshape(-1, 2)[:-1]
        assert (points >= corners[0]).all()
        assert (points <= corners[1]).all()


def test_arcs_without_a_transform_and_countries_without_a_shape():
    square = [[-10, 40], [-10, 50], [0, 50], [0, 40], [-10, 40]]
    country = {"type": "Polygon", "arcs": [[0]], "id": "001", "properties": {"name": "A"}}
    none = {"type": None, "id": "002", "properties": {}}
    topology = {"type": "Topology", "arcs": [square], "objects": {"countries": {"geometries": [country, none]}}}
    ax = axes(ENLARGED, 3)
    draw_outlines(ax, build_outlines(topology), {"001": "EU"}, COLOURS, EUROPE)
    assert covered(ax, COLOURS["EU"], to_points(ax, EUROPE.points([-5, 5], [45, 45]))).tolist() == [True, False]
    assert len(ax.collections) == 1
