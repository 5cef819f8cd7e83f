"""The shapes of countries as a whole, to compare drawings and places with."""

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from reissue.drawing.geo import Topology, decode_arcs, join_arcs, list_polygons


def whole_shapes(topology: Topology) -> dict[str, BaseGeometry]:
    """Return the shape of each country (degrees) by its ISO 3166-1 numeric code, or by its name if it has none.

    A ring that crosses the date line runs on beyond 180 degrees. Antarctica, which goes round the pole, is left out.
    """
    arcs = decode_arcs(topology)
    parts: dict[str, list[Polygon]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        for polygon in list_polygons(country):
            shell, *holes = (join_arcs(ring, arcs) for ring in polygon)
            rings = [np.column_stack([np.unwrap(ring[:, 0], period=360.0), ring[:, 1]]) for ring in (shell, *holes)]
            code = str(country.get("id") or country["properties"]["name"])
            parts.setdefault(code, []).append(Polygon(rings[0], rings[1:]))
    return {code: shapely.make_valid(MultiPolygon(own)) for code, own in parts.items() if code != "010"}
