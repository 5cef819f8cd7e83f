import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pycountry
import pytest
import shapely
from pyproj import Geod
from shapely import Polygon

from reissue.core import paths
from reissue.core.errors import InputError
from reissue.drawing import geo
from tests.boundaries import whole_shapes

GEOGRAPHY = paths.RAW / "geography"

#: Units of Commission Delegated Regulation (EU) 2019/1755, transcribed by hand.
NUTS_2021 = (
    "AT22 CZ031 ES12 ES13 ES21 ES41 ES43 ES52 FI195 ITF2 ITH5 ITI4 PL22 PL225 PL84 PT18 RO21 SE224 SI03 SI032 SI041"
)

#: Thousands of square kilometres, inland water included: CIA, The World Factbook, field "Area".
AREAS = {
    "Russian Federation": 17_098,
    "Brazil": 8_516,
    "Peru": 1_285,
    "Chile": 756,
    "Spain": 505,
    "Austria": 84,
    "Slovenia": 20,
}


@pytest.fixture(scope="module")
def topology():
    return geo.read_topology(GEOGRAPHY / "countries-50m.json")


@pytest.fixture(scope="module")
def shapes(topology):
    """The shape of each country whose area is tested, by its name."""
    whole = whole_shapes(topology)
    return {name: whole[pycountry.countries.lookup(name).numeric] for name in {*AREAS, "Finland", "Romania"}}


def square_topology():
    """Two unit squares side by side, the left one with a hole; steps of half a degree from (10, 20)."""
    border = [[2, 0], [0, 2]]
    left = [[2, 2], [-2, 0], [0, -2], [2, 0]]
    right = [[2, 2], [2, 0], [0, -2], [-2, 0]]
    hole = [[1, 1], [0, 0.5], [0.5, 0], [-0.5, -0.5]]
    shapes = [
        {"type": "Polygon", "id": "001", "properties": {"name": "Left"}, "arcs": [[0, 1], [3]]},
        {"type": "MultiPolygon", "id": "002", "properties": {"name": "Right"}, "arcs": [[[~2, ~0]]]},
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [border, left, right, hole],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
    }


def ring_topology(*rings):
    shape = {"type": "Polygon", "id": "001", "properties": {"name": "One"}, "arcs": [[i] for i in range(len(rings))]}
    return {
        "type": "Topology",
        "arcs": list(rings),
        "objects": {"countries": {"type": "GeometryCollection", "geometries": [shape]}},
    }


class TestArcs:
    def test_decodes_steps_shared_arcs_and_holes(self):
        shapes = whole_shapes(square_topology())
        hole = Polygon([(10.5, 20.5), (10.5, 20.75), (10.75, 20.75)])
        assert shapes["001"].equals(shapely.box(10, 20, 11, 21).difference(hole))
        assert shapes["002"].equals(shapely.box(11, 20, 12, 21))

    def test_reads_coordinates_without_a_transform(self):
        shape = whole_shapes(ring_topology([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]]))["001"]
        assert shape.equals(shapely.box(0, 0, 2, 2))

    @pytest.mark.parametrize("name", AREAS)
    def test_areas_are_the_published_ones(self, name, shapes):
        area = abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(shapes[name]))[0]) / 1e9
        assert area == pytest.approx(AREAS[name], rel=0.03)


class TestReading:
    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[]", b"{}", b'{"type": "Topology", "arcs": []}'])
    def test_a_file_of_another_kind_is_refused_in_one_line(self, tmp_path, content):
        (tmp_path / "land.json").write_bytes(content)
        with pytest.raises(InputError, match=r"land\.json: not a topology of countries.*README") as raised:
            geo.read_topology(tmp_path / "land.json")
        assert "\n" not in str(raised.value)

    def test_a_missing_file_is_named_and_a_byte_order_mark_is_read(self, tmp_path):
        with pytest.raises(InputError, match=r"land\.json: the file is missing"):
            geo.read_topology(tmp_path / "land.json")
        (tmp_path / "land.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(square_topology()).encode())
        assert geo.read_topology(tmp_path / "land.json") == square_topology()


def test_the_projection_has_its_centre_north_and_true_areas(shapes):
    projection = geo.Projection(-40, 12)
    origin, north, east = projection.points([-40, -40, -39], [12, 13, 12])
    assert np.allclose(origin, 0, atol=1e-6)
    assert abs(north[0]) < 1e-6
    assert 110e3 < north[1] < 112e3
    assert 108e3 < east[0] < 110e3
    for shape in (shapes[name] for name in ("Brazil", "Chile", "Finland", "Romania")):
        flat = shapely.make_valid(shapely.transform(shape, lambda degrees: projection.points(*degrees.T)))
        area = Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(shape))[0]
        assert flat.area == pytest.approx(abs(area), rel=2e-3)


class TestGreatCircle:
    def test_distances_as_published(self):
        # Wellington to Salamanca, 19 959 679.267 m on WGS 84: C. Karney, documentation of GeographicLib
        # (the example of its JavaScript package geographiclib-geodesic).
        assert geo.distance_km(174.81, -41.32, -5.50, 40.96) == pytest.approx(19_959.679_267, abs=1e-6)
        # The equatorial radius of WGS 84 is 6 378.137 km by definition.
        assert geo.distance_km(-60, 0, 30, 0) == pytest.approx(6_378.137 * np.pi / 2, abs=1e-6)

    def test_the_way_has_both_ends_and_equal_steps(self):
        way = geo.great_circle(-68.3, -54.8, 21.6, 63.1, points=30)
        assert way.shape == (30, 2)
        assert way[0].tolist() == [-68.3, -54.8]
        assert way[-1].tolist() == [21.6, 63.1]
        steps = [geo.distance_km(*a, *b) for a, b in pairwise(way)]
        assert np.allclose(steps, steps[0], rtol=1e-6)
        assert sum(steps) == pytest.approx(geo.distance_km(-68.3, -54.8, 21.6, 63.1), rel=1e-9)
        assert np.allclose(geo.great_circle(-60, 0, 30, 0)[:, 1], 0), "the equator is a great circle"


def test_places_are_forty_territories_with_codes_of_their_system():
    places = pd.read_csv(GEOGRAPHY / "places.csv", dtype={"level": str})
    assert places["id"].tolist() == [f"P{n:02}-{side}" for n in range(1, 21) for side in ("LAC", "EU")]
    assert (places["id"] == places["pairing"] + "-" + places["side"]).all()
    assert places["name"].is_unique
    assert (places["code_system"] == places["side"].map({"LAC": "ISO 3166-2", "EU": "NUTS 2021"})).all()
    assert set(" ".join(places.loc[places["side"] == "EU", "code"]).split()) == set(NUTS_2021.split())
    assert set(places["relation"]) == {"is", "part of", "spans"}
    assert (places["code"].str.contains(" ") == (places["relation"] == "spans")).all()
    seats = places.drop_duplicates(["seat", "latitude", "longitude", "geonameid", "source"])
    assert seats["geonameid"].is_unique, "one city, one place"


def test_every_country_has_a_shape_of_its_name(topology):
    countries = pd.read_csv(GEOGRAPHY / "iso_countries.csv", dtype=str)
    shapes = topology["objects"]["countries"]["geometries"]
    codes = {shape["properties"]["name"]: shape.get("id") for shape in shapes}
    assert countries["name"].map(codes).tolist() == countries["numeric"].tolist()
    for row in countries.itertuples():
        assert pycountry.countries.get(alpha_2=row.id).name == row.name
