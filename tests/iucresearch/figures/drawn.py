"""What the tests of drawn figures ask of a drawing, whichever it is."""

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch
from matplotlib.transforms import Bbox


def texts(ax: Axes) -> list[str]:
    """Return every text of the drawing on one line each."""
    return [artist.get_text().replace("\n", " ") for artist in ax.texts]


def longer(text: str) -> str:
    """Return the text a quarter longer, as a translation may be."""
    more = round(len(text) / 4)
    filler = "y desarrollo territorial con las regiones participantes de ambos continentes "
    return f"{text} {filler * 3}"[: len(text) + more].rstrip() if more > 2 else text + "s" * more


def is_within(box: Bbox, frame: Bbox) -> bool:
    return bool(box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1)


def assert_on_canvas(figure: Figure) -> None:
    """No artist leaves the figure."""
    figure.draw_without_rendering()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert is_within(box, Bbox([(-0.005, -0.005), (width + 0.005, height + 0.005)])), box


def assert_apart_and_inside(axes: list[Axes], *dpis: float, smallest: float = 8.0) -> None:
    """No text is small, outside its axes or on another text."""
    figure = axes[0].figure
    before = figure.dpi
    for dpi in dpis:
        figure.set_dpi(dpi)
        figure.draw_without_rendering()
        extents = {artist: artist.get_window_extent() for ax in axes for artist in ax.texts}
        for ax in axes:
            for artist in ax.texts:
                assert artist.get_fontsize() >= smallest, artist
                assert is_within(extents[artist], ax.get_window_extent()), f"{artist} leaves the axes at {dpi} dpi"
        # Paragraphs of a column may touch: take half a pixel off.
        for (one, box), (other, another) in combinations(extents.items(), 2):
            assert not box.padded(-0.5).overlaps(another.padded(-0.5)), f"{one} overlaps {other} at {dpi} dpi"
    figure.set_dpi(before)


def assert_readable(ax: Axes, smallest: float = 8.0) -> None:
    """No text is small, outside the axes, on another text, on an edge of a disc or on a line."""
    for dpi in (72, 200):
        assert_apart_and_inside([ax], dpi, smallest=smallest)
        ax.figure.set_dpi(dpi)
        for artist in ax.texts:
            box = artist.get_window_extent()
            for patch in ax.patches:
                assert not _touches(patch, box), f"{artist} touches {patch} at {dpi} dpi"
            for line in ax.lines:
                path = line.get_transform().transform_path(line.get_path())
                assert not path.intersects_bbox(box, filled=False), f"{artist} touches {line} at {dpi} dpi"


def _touches(patch: object, box: Bbox) -> bool:
    if isinstance(patch, FancyArrowPatch):
        return bool(patch.get_window_extent().overlaps(box.padded(-0.5)))
    assert isinstance(patch, Circle | PathPatch), f"the tests do not know {patch}"
    path = patch.get_transform().transform_path(patch.get_path())
    return bool(path.intersects_bbox(box, filled=False))
