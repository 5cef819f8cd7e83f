"""The shapes of countries, maps that keep areas true, and great circles.

The boundaries come as TopoJSON: borders are stored once, as arcs of whole-number steps, and each
country names the arcs that make its rings. Longitudes and latitudes are decimal degrees, WGS 84.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reissue.core.errors import InputError

if TYPE_CHECKING:
    from pyproj import Geod, Transformer
    from shapely import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

Coordinates = NDArray[np.float64]
Topology = dict[str, Any]
#: West, south, east, north: degrees, or metres where the shapes are projected.
Window = tuple[float, float, float, float]

ANTARCTICA = "010"
_REMEDY = "put back the boundary file named in data/raw/geography/README.md"


def read_topology(source: Path | bytes) -> Topology:
    """Read a TopoJSON file.

    Parameters
    ----------
    source
        The path of the file, or its bytes.

    Returns
    -------
    dict
        The topology as decoded from JSON; it has `arcs` and an object `countries`.

    Raises
    ------
    InputError
        The file is missing, or is no topology of countries.
    """
    where = source.name if isinstance(source, Path) else "boundary file"
    try:
        content = source.read_bytes() if isinstance(source, Path) else source
        topology = _decoded(content.decode("utf-8-sig"))
    except FileNotFoundError:
        raise InputError("the file is missing", where=where, remedy=_REMEDY) from None
    except ValueError:
        raise InputError("not JSON", where=where, expected="TopoJSON", remedy=_REMEDY) from None
    if not _is_topology(topology):
        raise InputError(
            "not a topology of countries", where=where, expected="arcs and an object `countries`", remedy=_REMEDY
        )
    found: Topology = topology
    return found


def land(topology: Topology) -> pd.DataFrame:
    """One row per country: its shape, in one piece on both sides of the date line.

    Parameters
    ----------
    topology
        What `read_topology` returns. It is not changed.

    Returns
    -------
    DataFrame
        One row per country: `numeric` (ISO 3166-1 numeric code, three digits; empty where the source has none),
        `name` (of the source), `geometry` (shapely shape in degrees). Ordered by `numeric`, then `name`.

    Notes
    -----
    A ring that crosses the date line runs on beyond 180 or -180 degrees instead of jumping to the other
    edge. Antarctica, whose ring goes round the pole, is left out.
    """
    from shapely import MultiPolygon, make_valid

    arcs = _arcs(topology)
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
        rows.append((key if key.isdigit() else "", name, make_valid(whole)))
    frame = pd.DataFrame(rows, columns=["numeric", "name", "geometry"])
    return frame.sort_values(["numeric", "name"], ignore_index=True)


def clip(shapes: Iterable[BaseGeometry], window: Window, *, turn: float = 0.0) -> list[BaseGeometry]:
    """Return the part of each shape that lies inside the window, in the same order.

    Parameters
    ----------
    shapes
        Polygons, in degrees or projected.
    window
        West, south, east, north.
    turn
        One turn round the globe in the unit of the shapes: with 360 a shape that lies a whole turn east or
        west of the window is found too.
    """
    import shapely

    frame = shapely.box(*window)
    shifts = (0.0, -turn, turn) if turn else (0.0,)
    return [_areas(piece for shift in shifts for piece in _inside(_shifted(shape, shift), frame)) for shape in shapes]


def generalise(shapes: Sequence[BaseGeometry], detail: float) -> list[BaseGeometry]:
    """Return each shape with fewer points, in the same order.

    Parameters
    ----------
    shapes
        Polygons that do not overlap. A border that two of them share stays shared.
    detail
        Bends whose area is below the square of this are smoothed away, and so are islands.
    """
    import shapely

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
        from pyproj import CRS, Transformer

        flat = CRS.from_proj4(
            f"+proj=laea +lon_0={self.longitude} +lat_0={self.latitude} +datum=WGS84 +units=m +no_defs"
        )
        return Transformer.from_crs(flat.geodetic_crs, flat, always_xy=True)

    def points(self, longitude: Sequence[float] | Coordinates, latitude: Sequence[float] | Coordinates) -> Coordinates:
        """Return one row per point: x and y."""
        x, y = self._transformer.transform(np.asarray(longitude, float), np.asarray(latitude, float))
        return np.column_stack([x, y])

    def shapes(self, shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
        """Return each shape projected, in the same order."""
        import shapely

        return [
            shapely.make_valid(shapely.transform(shape, lambda xy: self.points(xy[:, 0], xy[:, 1]))) for shape in shapes
        ]


def distance_km(longitude: float, latitude: float, to_longitude: float, to_latitude: float) -> float:
    """Return the length of the shortest way between two points on the WGS 84 ellipsoid, in kilometres."""
    return float(_geod().inv(longitude, latitude, to_longitude, to_latitude)[2]) / 1000


def great_circle(
    longitude: float, latitude: float, to_longitude: float, to_latitude: float, *, points: int = 60
) -> Coordinates:
    """Return one row per point of the shortest way, both ends included: longitude, latitude (degrees)."""
    between = _geod().npts(longitude, latitude, to_longitude, to_latitude, points - 2)
    return np.array([(longitude, latitude), *between, (to_longitude, to_latitude)], dtype=float)


def joined(numbers: Sequence[int], arcs: Sequence[Coordinates] | Mapping[int, Coordinates]) -> Coordinates:
    """Join arcs into a ring; a negative number (~i) is arc i backwards, and joints are written once."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


@cache
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _decoded(text: str) -> Any:
    """Decode JSON without looking for garbage among its hundred thousand lists meanwhile: half of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return json.loads(text)
    finally:
        if collects:
            gc.enable()


def _is_topology(value: object) -> bool:
    if not isinstance(value, dict) or value.get("type") != "Topology" or not isinstance(value.get("arcs"), list):
        return False
    countries = value.get("objects", {}).get("countries", {})
    return isinstance(countries, dict) and isinstance(countries.get("geometries"), list)


def _arcs(topology: Topology) -> list[Coordinates]:
    """Return one array of longitudes and latitudes per arc.

    With a `transform`, an arc is stored as its first point and then steps, all in whole numbers.
    """
    transform = topology.get("transform")
    arcs = []
    for stored in topology["arcs"]:
        arc = np.array([point[:2] for point in stored], dtype=float)
        if transform:
            arc = np.cumsum(arc, axis=0) * transform["scale"] + transform["translate"]
        arcs.append(arc)
    return arcs


def _polygons(country: dict[str, Any], arcs: list[Coordinates]) -> list[Polygon]:
    from shapely import Polygon

    parts = {"Polygon": [country.get("arcs", [])], "MultiPolygon": country.get("arcs", [])}
    found = []
    for part in parts.get(country["type"], []):
        shell, *holes = [_unwrapped(joined(ring, arcs)) for ring in part]
        if len(shell) < 4:
            continue
        shell = _turned(shell, 0.0)
        middle = _middle(shell)
        found.append(Polygon(shell, [_turned(hole, middle) for hole in holes if len(hole) >= 4]))
    return found


def _unwrapped(ring: Coordinates) -> Coordinates:
    """Let the longitude run on where it jumps from one edge of the map to the other."""
    return np.column_stack([np.unwrap(ring[:, 0], period=360.0), ring[:, 1]])


def _middle(ring: Coordinates) -> float:
    return float(ring[:, 0].min() + ring[:, 0].max()) / 2


def _turned(ring: Coordinates, longitude: float) -> Coordinates:
    """Turn a ring by whole turns so that its middle lies within half a turn of `longitude`."""
    turns = round((_middle(ring) - longitude) / 360.0)
    return np.column_stack([ring[:, 0] - 360.0 * turns, ring[:, 1]])


def _shifted(shape: BaseGeometry, degrees: float) -> BaseGeometry:
    import shapely

    return shapely.transform(shape, lambda xy: xy + np.array([degrees, 0.0])) if degrees else shape


def _inside(shape: BaseGeometry, frame: Polygon) -> list[BaseGeometry]:
    """Return the parts of a shape in the frame; the many that lie wholly in or out cost nothing."""
    import shapely

    west, south, east, north = frame.bounds
    parts = shapely.get_parts(shape)
    x0, y0, x1, y1 = shapely.bounds(parts).T
    found = list(parts[(x0 >= west) & (x1 <= east) & (y0 >= south) & (y1 <= north)])
    cut = (x0 < east) & (x1 > west) & (y0 < north) & (y1 > south)
    cut &= (x0 < west) | (x1 > east) | (y0 < south) | (y1 > north)
    return found + list(shapely.intersection(parts[cut], frame))


def _areas(pieces: Iterable[BaseGeometry]) -> MultiPolygon:
    """Return the polygons among the pieces, without the stray lines and points that cutting leaves."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts(list(pieces)))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > 0])
