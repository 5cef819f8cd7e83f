"""The land under a map, and the window through which it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from reissue.drawing import style
from reissue.drawing.geo import Projection, Window, clip, generalise
from reissue.drawing.map_labels import to_points

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: All that could be seen, well away from the point opposite the centre (degrees).
_GLOBE: Window = (-170.0, -75.0, 80.0, 84.0)
#: Points of the page: bends and islands of less than the square of this are left out.
_DETAIL = 0.8


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


def draw_land(
    ax: Axes, shapes: Iterable[BaseGeometry], kinds: Iterable[str], colours: Mapping[str, str], projection: Projection
) -> None:
    """Fill the shapes that the axes show.

    Parameters
    ----------
    ax
        Axes whose limits (metres) and place in the figure are final.
    shapes
        In degrees, as `reissue.drawing.geo.land` gives them.
    kinds, colours
        The kind of each shape, and the colour of each kind.
    projection
        How degrees become metres.
    """
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    left, right = to_points(ax, np.array([(west, south), (east, north)]))[:, 0]
    seen = clip(projection.shapes(clip(shapes, _GLOBE, turn=360)), (west, south, east, north))
    rings: dict[str, list[Path]] = {kind: [] for kind in colours}
    for shape, kind in zip(generalise(seen, _DETAIL * (east - west) / (right - left)), kinds, strict=True):
        for part in shape.geoms:
            rings[kind] += [Path(np.asarray(ring.coords), closed=True) for ring in (part.exterior, *part.interiors)]
    for kind, paths in rings.items():
        whole = Path.make_compound_path(*paths)
        ax.add_collection(
            PathCollection([whole], facecolors=colours[kind], edgecolors=style.PAPER, linewidths=0.5, zorder=1),
            autolim=False,
        )
