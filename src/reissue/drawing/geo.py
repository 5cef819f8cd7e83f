"""The shapes of countries, maps that keep areas true, and great circles.

The boundaries come as TopoJSON: borders are stored once, as arcs of whole-number steps, and each
country names the arcs that make its rings. Longitudes and latitudes are decimal degrees, WGS 84.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from reissue.core.errors import InputError

Coordinates = NDArray[np.float64]
Topology = dict[str, Any]
#: West, south, east, north: degrees, or metres where the shapes are projected.
Window = tuple[float, float, float, float]

ANTARCTICA = "010"
_GEOD = Geod(ellps="WGS84")


def read_topology(path: Path) -> Topology:
    """Return a TopoJSON file as decoded from JSON: a topology of `arcs`, with an object `countries`.

    Raises
    ------
    InputError
        If the file is missing, or is not a topology of countries.
    """
    remedy = "put back the boundary file named in data/raw/geography/README.md"
    try:
        topology: Topology = json.loads(path.read_bytes())
        list(topology["arcs"]), list(topology["objects"]["countries"]["geometries"])
    except FileNotFoundError:
        raise InputError("the file is missing", where=path.name, remedy=remedy) from None
    except (ValueError, KeyError, TypeError):
        expected = "TopoJSON with arcs and an object `countries`"
        raise InputError("not a topology of countries", where=path.name, expected=expected, remedy=remedy) from None
    return topology


def land(topology: Topology) -> pd.DataFrame:
    """Return one row per country: its shape, in one piece on both sides of the date line.

    Returns
    -------
    DataFrame
        `numeric` (ISO 3166-1 numeric code, three digits; empty where the source has none), `name` (of the source),
        `geometry` (shapely shape in degrees). Ordered by `numeric`, then `name`.

    Notes
    -----
    A ring that crosses the date line runs on beyond 180 or -180 degrees instead of jumping to the other edge.
    Antarctica, whose ring goes round the pole, is left out.
    """
    arcs = decode_arcs(topology)
    shapes: dict[str, list[tuple[str, MultiPolygon]]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        numeric, name = str(country.get("id", "")), country["properties"]["name"]
        if numeric != ANTARCTICA:
            shapes.setdefault(numeric or name, []).append((name, MultiPolygon(_polygons(country, arcs))))
    rows = []
    for key, found in shapes.items():
        # A country and its reefs can come as several shapes under one code: the largest names it.
        name = max(found, key=lambda one: one[1].area)[0]
        whole = MultiPolygon([part for _, shape in found for part in shape.geoms])
        rows.append((key if key.isdigit() else "", name, shapely.make_valid(whole)))
    frame = pd.DataFrame(rows, columns=["numeric", "name", "geometry"])
    return frame.sort_values(["numeric", "name"], ignore_index=True)


def decode_arcs(topology: Topology) -> list[Coordinates]:
    """Return one array of longitudes and latitudes per arc.

    With a `transform`, an arc is stored as its first point and then steps, all in whole numbers.
    """
    lengths = np.array([len(arc) for arc in topology["arcs"]], dtype=np.intp)
    numbers = chain.from_iterable(chain.from_iterable(topology["arcs"]))
    points = np.fromiter(numbers, dtype=float).reshape(lengths.sum(), -1)[:, :2]
    if transform := topology.get("transform"):
        first = np.cumsum(lengths) - lengths
        steps = np.cumsum(points, axis=0)
        points = steps - np.repeat(steps[first] - points[first], lengths, axis=0)
        points = points * transform["scale"] + transform["translate"]
    return np.split(points, np.cumsum(lengths)[:-1])


def join_arcs(numbers: Sequence[int], arcs: Sequence[Coordinates]) -> Coordinates:
    """Return the ring of some arcs; a negative number (~i) is arc i backwards, and joints are written once."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def list_polygons(country: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a country, each as its rings, and these as the numbers of their arcs."""
    arcs = country.get("arcs", [])
    return [arcs] if country["type"] == "Polygon" else arcs


def clip(shapes: Iterable[BaseGeometry], window: Window) -> list[BaseGeometry]:
    """Return the part of each shape that is inside the window, in the same order."""
    frame = shapely.box(*window)
    return [_areas(_inside(shape, frame)) for shape in shapes]


def generalise(shapes: Sequence[BaseGeometry], detail: float) -> list[BaseGeometry]:
    """Return each shape with fewer points, in the same order; a border that two shapes share stays shared.

    Bends and islands whose area is below the square of `detail` are left out.
    """
    smooth = shapely.coverage_simplify(list(shapes), detail)
    parts = [[part for part in shapely.get_parts(shape) if part.area > detail**2] for shape in smooth]
    return [shapely.MultiPolygon(some) for some in parts]


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area map about a centre (degrees); results are in metres."""

    longitude: float
    latitude: float

    @cached_property
    def _transformer(self) -> Transformer:
        centre = f"+lon_0={self.longitude} +lat_0={self.latitude}"
        flat = CRS.from_proj4(f"+proj=laea {centre} +datum=WGS84 +units=m +no_defs")
        return Transformer.from_crs(flat.geodetic_crs, flat, always_xy=True)

    def points(self, longitude: Sequence[float] | Coordinates, latitude: Sequence[float] | Coordinates) -> Coordinates:
        """Return one row per point: x and y."""
        x, y = self._transformer.transform(np.asarray(longitude, float), np.asarray(latitude, float))
        return np.column_stack([x, y])

    def shapes(self, shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
        """Return each shape projected, in the same order."""
        return [shapely.make_valid(shapely.transform(shape, lambda xy: self.points(*xy.T))) for shape in shapes]


def distance_km(longitude: float, latitude: float, to_longitude: float, to_latitude: float) -> float:
    """Return the length of the shortest way between two points on the WGS 84 ellipsoid, in kilometres."""
    return float(_GEOD.inv(longitude, latitude, to_longitude, to_latitude)[2]) / 1000


def great_circle(
    longitude: float, latitude: float, to_longitude: float, to_latitude: float, *, points: int = 60
) -> Coordinates:
    """Return one row per point of the shortest way, with both ends: longitude, latitude (degrees)."""
    between = _GEOD.npts(longitude, latitude, to_longitude, to_latitude, points - 2)
    return np.array([(longitude, latitude), *between, (to_longitude, to_latitude)], dtype=float)


def _polygons(country: dict[str, Any], arcs: list[Coordinates]) -> list[Polygon]:
    rings = ([_unwrap(join_arcs(ring, arcs)) for ring in polygon] for polygon in list_polygons(country))
    return [Polygon(shell, [hole for hole in holes if len(hole) >= 4]) for shell, *holes in rings if len(shell) >= 4]


def _unwrap(ring: Coordinates) -> Coordinates:
    """Let the longitude run on where it jumps from one edge of the map to the other."""
    return np.column_stack([np.unwrap(ring[:, 0], period=360.0), ring[:, 1]])


def _inside(shape: BaseGeometry, frame: Polygon) -> list[BaseGeometry]:
    """Return the parts of a shape in the frame; only parts that cross its edge are cut, which is slow."""
    west, south, east, north = frame.bounds
    parts = shapely.get_parts(shape)
    x0, y0, x1, y1 = shapely.bounds(parts).T
    found = list(parts[(x0 >= west) & (x1 <= east) & (y0 >= south) & (y1 <= north)])
    cut = (x0 < east) & (x1 > west) & (y0 < north) & (y1 > south)
    cut &= (x0 < west) | (x1 > east) | (y0 < south) | (y1 > north)
    return found + list(shapely.intersection(parts[cut], frame))


def _areas(pieces: Iterable[BaseGeometry]) -> MultiPolygon:
    """Return the polygons among the pieces, without the stray lines and points that cutting leaves."""
    parts = shapely.get_parts(shapely.get_parts(list(pieces)))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > 0])
