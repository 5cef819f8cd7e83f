"""One style for every figure, set explicitly and never at import, and figures as bytes: the same in every run.

Text is matplotlib's own DejaVu Sans. PNG files have its outlines. SVG files have text, which can be searched and
selected; without DejaVu Sans, a viewer uses Verdana, which is as wide, or its own font, which is rarely wider.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#1b1f24"
MUTED = "#5b6470"
RULE = "#c9ced6"
PAPER = "#ffffff"
#: Width in inches of a figure that fills the page's column, and of one that fills a narrow screen.
WIDTH, NARROW = 7.2, 3.6
#: Points: the smallest text in figures of these widths. A narrow screen shows the narrow one larger.
_SMALLEST = {WIDTH: 8.0, NARROW: 6.5}
#: Dots per inch of PNG copies.
DPI = 200
#: The fonts of SVG files.
_FONTS = b"'DejaVu Sans',Verdana,sans-serif"

_RC: dict[Any, Any] = {
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlesize": 11.0,
    "axes.labelsize": 10.0,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 10.0,
    "ytick.labelsize": 10.0,
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    # Text between two dollar signs is not a formula.
    "text.parse_math": False,
    "path.simplify": True,
}

_PATH = re.compile(rb'(\bd=")([^"]*)"')
_BETWEEN = re.compile(rb">(\s|<!--.*?-->)+<", re.DOTALL)
_DECIMALS = re.compile(rb"-?\d+\.\d{3,}")
_RECTANGLE = re.compile(rb"M([\d.]+) ([\d.]+)L([\d.]+) \2L\3 ([\d.]+)L\1 \4z")
#: A stroke without length: its cap is a dot.
_DOT = re.compile(rb"M(-?[\d.]+ -?[\d.]+)L\1z")
_COMMAND = re.compile(rb" ?([A-Za-z]) ?")
_FONT_FAMILY = re.compile(rb"; font-family: [^;\"]*")
_NO_ROTATION = re.compile(rb' transform="rotate\(-0 [^"]*"')
_ID = re.compile(rb' id="([^"]*)"')
_REFERENCE = re.compile(rb'(?:url\(|href=")#([^")]*)')


def is_narrow(width: float) -> bool:
    """Return whether a figure of this width (inches) has one column where a wider one has two."""
    return width < (WIDTH + NARROW) / 2


def smallest_size(width: float) -> float:
    """Return the size (points) of the smallest text in a figure of this width (inches)."""
    return _SMALLEST[NARROW if is_narrow(width) else WIDTH]


def figure_of(ax: Axes) -> Figure:
    """Return the figure that contains the axes."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


@contextmanager
def use_style() -> Iterator[None]:
    """Apply the style inside this context alone."""
    import seaborn as sns

    _load_backend()
    with mpl.rc_context(), sns.axes_style("white"), mpl.rc_context(_RC):
        yield


@cache
def _load_backend() -> None:
    """Load matplotlib's backend before a context, which would undo the settings that a notebook's backend makes."""
    import matplotlib.pyplot as plt

    plt.switch_backend(mpl.get_backend())


def svg(figure: Figure, name: str = "") -> bytes:
    """Return the figure as SVG without a date or a random id: the same figure and name, the same bytes.

    Ids are made from the name, so that figures with different names can be on one page. Paths keep two decimals, a
    ten-thousandth of an inch; what no viewer needs is left out. This saves two thirds of the bytes.
    """
    with mpl.rc_context({"svg.hashsalt": name}):
        drawn = _save(figure, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    used = set(_REFERENCE.findall(drawn))
    drawn = _ID.sub(lambda found: found[0] if found[1] in used else b"", drawn)
    drawn = _NO_ROTATION.sub(b"", _FONT_FAMILY.sub(b"", drawn))
    drawn = drawn.replace(b"<svg ", b'<svg style="font-family:' + _FONTS + b'" ', 1)
    return _BETWEEN.sub(b"><", _PATH.sub(_shorten, drawn)) + b"\n"


def _shorten(path: re.Match[bytes]) -> bytes:
    rounded = _DECIMALS.sub(lambda number: (b"%.2f" % float(number[0])).rstrip(b"0").rstrip(b"."), path[2])
    packed = _COMMAND.sub(rb"\1", b" ".join(rounded.split()))
    return path[1] + _DOT.sub(rb"M\1z", _RECTANGLE.sub(rb"M\1 \2H\3V\4H\1z", packed)) + b'"'


def png(figure: Figure) -> bytes:
    """Return the figure as PNG at print resolution, without the version of the tool in it.

    The compression is light: better compression saves a tenth and takes as long as the drawing.
    """
    return _save(figure, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 2})


def _save(figure: Figure, **options: object) -> bytes:
    buffer = BytesIO()
    with use_style():
        figure.savefig(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()
