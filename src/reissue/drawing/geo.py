"""The shapes of countries, maps that keep areas true, and great circles.

The boundaries come as TopoJSON: borders are stored once, as arcs of whole-number steps, and each
country names the arcs that make its rings. Longitudes and latitudes are decimal degrees, WGS 84.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer

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


def distance_km(longitude: float, latitude: float, to_longitude: float, to_latitude: float) -> float:
    """Return the length of the shortest way between two points on the WGS 84 ellipsoid, in kilometres."""
    return float(_GEOD.inv(longitude, latitude, to_longitude, to_latitude)[2]) / 1000


def great_circle(
    longitude: float, latitude: float, to_longitude: float, to_latitude: float, *, points: int = 60
) -> Coordinates:
    """Return one row per point of the shortest way, with both ends: longitude, latitude (degrees)."""
    between = _GEOD.npts(longitude, latitude, to_longitude, to_latitude, points - 2)
    return np.array([(longitude, latitude), *between, (to_longitude, to_latitude)], dtype=float)
