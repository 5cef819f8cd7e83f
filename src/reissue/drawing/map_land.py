"""The land under a map, and the window through which it is seen.

Land is drawn straight from the arcs of the boundary file, which takes a tenth of the time of whole shapes. Lengths are
points of the page (1/72 inch).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox
from numpy.typing import NDArray

from reissue.drawing import geo, style
from reissue.drawing.geo import Projection, Topology, Window
from reissue.drawing.points import Floats, axes_corners, to_points

#: Of outlines, bends of less than this (first degrees, then points), and islands of less than twice the second.
COARSE, BEND = 0.2, 1.6
#: Outlines are rounded to such steps: short numbers make a small file.
_STEP = 0.5
#: Outlines are cut this far outside of the axes, so that the cut is not visible.
_MARGIN = 4.0


def draw_frame(ax: Axes, window: Window, colour: str) -> None:
    """Show the window (metres), and more on two sides where the axes have another shape."""
    box = ax.get_window_extent()
    scale = max((window[2] - window[0]) / box.width, (window[3] - window[1]) / box.height)
    x, y = (window[0] + window[2]) / 2, (window[1] + window[3]) / 2
    ax.set_xlim(x - scale * box.width / 2, x + scale * box.width / 2)
    ax.set_ylim(y - scale * box.height / 2, y + scale * box.height / 2)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=colour, linewidth=0.8)


@dataclass(frozen=True)
class Outlines:
    """The countries of a boundary file with fewer points: `points` (degrees), the `arc` of each, and `rings`.

    A ring is the code of its country (ISO 3166-1 numeric) and the numbers of its arcs. Antarctica, whose ring goes
    round the pole, is left out.
    """

    points: Floats
    arc: NDArray[np.intp]
    rings: list[tuple[str, list[int]]]


def build_outlines(topology: Topology, coarse: float = COARSE) -> Outlines:
    """Return the outlines of what `reissue.drawing.geo.read_topology` returns, without bends of less than `coarse`."""
    arcs = geo.decode_arcs(topology)
    points, arc = _simplify(np.concatenate(arcs), np.repeat(np.arange(len(arcs)), [len(arc) for arc in arcs]), coarse)
    rings = [
        (str(country.get("id", "")), ring)
        for country in topology["objects"]["countries"]["geometries"]
        for polygon in geo.list_polygons(country)
        for ring in polygon
    ]
    return Outlines(points, arc, [(code, ring) for code, ring in rings if code != geo.ANTARCTICA])


def draw_outlines(
    ax: Axes,
    outlines: Outlines,
    kinds: Mapping[str, str],
    colours: Mapping[str, str],
    projection: Projection,
    *,
    hidden: Window | None = None,
    bend: float = BEND,
) -> None:
    """Fill the countries that the axes show, one colour per kind.

    Parameters
    ----------
    ax
        Axes whose limits (metres) and place in the figure are final.
    kinds
        The kind of a country by its ISO 3166-1 numeric code; all others are of the kind `""`.
    colours
        The colour of each kind.
    projection
        How degrees become metres.
    hidden
        What something else covers (metres): land that is wholly there is left out.
    bend
        Bends of less than this (points), and islands of less than twice this, are left out.
    """
    points, arc = _simplify(to_points(ax, projection.points(*outlines.points.T)), outlines.arc, bend)
    arcs = np.split(np.round(points / _STEP) * _STEP, np.flatnonzero(np.diff(arc)) + 1)
    frame = to_points(ax, axes_corners(ax)) + np.array([[-_MARGIN], [_MARGIN]])
    cover = to_points(ax, np.reshape(hidden, (2, 2))) if hidden else np.zeros((2, 2))
    paths: dict[str, list[Path]] = {kind: [] for kind in colours}
    for code, numbers in outlines.rings:
        ring = geo.join_arcs(numbers, arcs)
        low, high = ring.min(axis=0), ring.max(axis=0)
        seen = (low < frame[1]).all() and (high > frame[0]).all() and (high - low).max() > 2 * bend
        if not seen or _is_within(low, high, cover):
            continue
        path = Path(ring, closed=True)
        if not _is_within(low, high, frame):
            path = path.clip_to_bbox(Bbox(frame))
        if len(np.asarray(path.vertices)) > 3:
            paths[kinds.get(code, "")].append(path)
    for kind, found in paths.items():
        if found:
            draw_on_page(ax, found, facecolors=colours[kind], edgecolors=style.PAPER, linewidths=0.4, zorder=1)


def draw_on_page(ax: Axes, paths: list[Path], **looks: Any) -> None:
    """Draw paths as one, their coordinates being points of the page from its lower left corner.

    Round numbers of points stay round in an SVG, which makes it small.
    """
    whole = paths[0] if len(paths) == 1 else Path.make_compound_path(*paths)
    points = Affine2D().scale(1 / 72) + style.figure_of(ax).dpi_scale_trans
    ax.add_collection(PathCollection([whole], transform=points, **looks), autolim=False)


def _is_within(low: Floats, high: Floats, frame: Floats) -> bool:
    return bool((low >= frame[0]).all() and (high <= frame[1]).all())


def _simplify(points: Floats, arc: NDArray[np.intp], detail: float) -> tuple[Floats, NDArray[np.intp]]:
    """Return fewer points of the same arcs, and the arc of each; the ends of arcs stay."""
    import shapely

    lines = shapely.simplify(shapely.linestrings(points, indices=arc), detail, preserve_topology=False)
    return shapely.get_coordinates(lines, return_index=True)
