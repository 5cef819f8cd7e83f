"""Coastlines for a small map, straight from the arcs of the boundary file.

`reissue.drawing.geo.land` makes whole shapes of all countries, which takes most of a second and can be measured; a
small map that is made a thousand times needs no more than what its page shows. Here all arcs are projected,
simplified and rounded at one go; rings are joined of what is left, and only those in sight. Lengths are points of
the page (1/72 inch).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, Transform
from numpy.typing import NDArray

from reissue.drawing import style
from reissue.drawing.geo import ANTARCTICA, Projection, Topology, Window, joined
from reissue.drawing.map_labels import Floats, to_points

#: Bends of less than this are left out, and islands of less than twice this.
_DETAIL = 1.6
#: Bends of less than this (degrees) no small map shows: left out before anything is projected.
_COARSE = 0.2
#: Land is rounded to such steps: short numbers make a small file.
_STEP = 0.5
#: So far outside of the axes land is cut: its cut edge is not seen.
_MARGIN = 4.0


class Outlines:
    """The countries of a boundary file as a small map draws them.

    Parameters
    ----------
    topology
        What `reissue.drawing.geo.read_topology` returns. Not changed.

    Notes
    -----
    A border that two countries share stays shared. Antarctica, whose ring goes round the pole, is left out.
    """

    def __init__(self, topology: Topology) -> None:
        self._degrees, starts = _simplified(*_degrees(topology), _COARSE)
        self._arc = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(self._degrees)))
        #: The arcs of each ring, a negative number (~i) being arc i backwards, and the code of its country.
        self._rings: list[list[int]] = []
        self._codes: list[str] = []
        for country in topology["objects"]["countries"]["geometries"]:
            code, parts = str(country.get("id", "")), country.get("arcs", [])
            if code != ANTARCTICA:
                self._rings += parts if country["type"] == "Polygon" else chain.from_iterable(parts)
                self._codes += [code] * (len(self._rings) - len(self._codes))

    def draw(
        self,
        ax: Axes,
        kinds: Mapping[str, str],
        colours: Mapping[str, str],
        projection: Projection,
        *,
        hidden: Window | None = None,
    ) -> None:
        """Fill the countries that the axes show, one colour a kind.

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
            What something else covers (metres): land that lies wholly there is left out.
        """
        paths: dict[str, list[Path]] = {kind: [] for kind in colours}
        for code, path in self._in_sight(ax, projection, hidden):
            paths[kinds.get(code, "")].append(path)
        for kind, found in paths.items():
            if found:
                draw_on_page(ax, found, facecolors=colours[kind], edgecolors=style.PAPER, linewidths=0.4, zorder=1)

    def _in_sight(self, ax: Axes, projection: Projection, hidden: Window | None) -> Iterator[tuple[str, Path]]:
        """Yield the code and path of every ring that the axes show, cut a little outside of them."""
        if not self._rings:
            return
        page = to_points(ax, projection.points(self._degrees[:, 0], self._degrees[:, 1]))
        points, starts = _simplified(page, self._arc, _DETAIL)
        points = np.round(points / _STEP) * _STEP
        low, high = self._extents(points, starts)
        (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
        frame = to_points(ax, np.array([(x0, y0), (x1, y1)])) + np.array([[-_MARGIN], [_MARGIN]])
        seen = (low < frame[1]).all(axis=1) & (high > frame[0]).all(axis=1)
        seen &= (high - low).max(axis=1) > 2 * _DETAIL
        if hidden is not None:
            seen &= ~_within(low, high, to_points(ax, np.reshape(hidden, (2, 2))))
        whole = _within(low, high, frame)
        ends = np.append(starts[1:], len(points))
        box = Bbox(frame)
        for place in np.flatnonzero(seen):
            numbers = [i if i >= 0 else ~i for i in self._rings[place]]
            pieces = {i: points[starts[i] : ends[i]] for i in numbers}
            path = Path(joined(self._rings[place], pieces), closed=True)
            cut = path if whole[place] else path.clip_to_bbox(box)
            if len(np.asarray(cut.vertices)) > 3:
                yield self._codes[place], cut

    def _extents(self, points: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return the lower left and the upper right corner of each ring, from those of its arcs."""
        members = np.fromiter(chain.from_iterable(self._rings), dtype=np.intp)
        members = np.where(members < 0, ~members, members)
        first = np.cumsum([0, *map(len, self._rings[:-1])])
        low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
        return np.minimum.reduceat(low[members], first), np.maximum.reduceat(high[members], first)


def draw_on_page(ax: Axes, paths: list[Path], **looks: Any) -> None:
    """Draw paths as one, their coordinates being points of the page from its lower left corner.

    Round numbers of points stay round in an SVG, which makes it small.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    points: Transform = Affine2D().scale(1 / 72) + figure.dpi_scale_trans
    whole = paths[0] if len(paths) == 1 else Path.make_compound_path(*paths)
    drawn = PathCollection([whole], transform=points, **looks)
    ax.add_collection(drawn, autolim=False)


def _within(low: Floats, high: Floats, frame: Floats) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (low >= frame[0]).all(axis=1) & (high <= frame[1]).all(axis=1)
    return inside


def _degrees(topology: Topology) -> tuple[Floats, NDArray[np.intp]]:
    """Return the points of all arcs, and the number of the arc of each.

    With a `transform`, an arc is stored as its first point and then steps, all in whole numbers.
    """
    stored = topology["arcs"]
    lengths = np.array([len(arc) for arc in stored], dtype=np.intp)
    every = chain.from_iterable(chain.from_iterable(stored))
    numbers = np.fromiter(every, dtype=float).reshape(lengths.sum(), -1)[:, :2]
    transform = topology.get("transform")
    if transform:
        first = np.cumsum(lengths) - lengths
        steps = np.cumsum(numbers, axis=0)
        numbers = steps - np.repeat(steps[first] - numbers[first], lengths, axis=0)
        numbers = numbers * transform["scale"] + transform["translate"]
    return numbers, np.repeat(np.arange(len(stored)), lengths)


def _simplified(points: Floats, arc: NDArray[np.intp], detail: float) -> tuple[Floats, NDArray[np.intp]]:
    """Return fewer points of the same arcs, and where each arc begins; the ends of arcs stay."""
    import shapely

    lines = shapely.simplify(shapely.linestrings(points, indices=arc), detail, preserve_topology=False)
    kept, arc = shapely.get_coordinates(lines, return_index=True)
    return kept, np.flatnonzero(np.diff(arc, prepend=-1))
