"""The check that a picture is complete: no part of the drawing is cut off at its edge."""

from collections.abc import Iterator

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import BboxBase

from reissue.core.errors import InputError

#: How far a part may reach over the edge, in points: half of a thin line.
_TOLERANCE = 0.6


def check_canvas(figure: Figure, name: str) -> None:
    """Raise InputError if a part of a figure is outside of its canvas; the error names the figure and the part."""
    figure.draw_without_rendering()
    for part in _list_parts(figure):
        extent = part.get_tightbbox()
        if extent is not None and not _is_inside(figure, extent):
            what = f"the text {part.get_text()!r}" if isinstance(part, Text) else f"a {type(part).__name__}"
            raise InputError(
                f"{what} is cut off at the edge of the picture", where=name, remedy="move it, or enlarge the picture"
            )


def _list_parts(figure: Figure) -> Iterator[Artist]:
    """Yield what a figure draws: the artists of its axes that are not hidden, and its own."""
    yield from (part for part in figure.get_default_bbox_extra_artists() if part not in figure.axes)
    for axes in figure.axes:
        yield from axes.get_default_bbox_extra_artists()
        yield from (axis for axis in (axes.xaxis, axes.yaxis) if axes.axison and axis.get_visible())


def _is_inside(figure: Figure, extent: BboxBase) -> bool:
    if not (extent.width or extent.height):
        return True
    (width, height), margin = figure.bbox.size, _TOLERANCE * figure.dpi / 72
    return bool(
        extent.x0 >= -margin and extent.y0 >= -margin and extent.x1 <= width + margin and extent.y1 <= height + margin
    )
