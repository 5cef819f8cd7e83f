"""Colours of this report, beside the style of every figure and the names of its two sides.

Colours are from Okabe and Ito's set for colour-blind readers, chosen so that the two sides also differ in lightness
(grey print).
"""

from __future__ import annotations

from iucresearch.labels import SIDE_NAMES
from reissue.drawing.style import DPI, INK, MUTED, PAPER, RULE, WIDTH, png, svg, use_style

__all__ = [
    "ACCENT",
    "DPI",
    "EU",
    "INK",
    "LAC",
    "LAC_TEXT",
    "MUTED",
    "PAPER",
    "RULE",
    "SIDES",
    "SIDE_NAMES",
    "WIDTH",
    "png",
    "svg",
    "use_style",
]

EU = "#0b4f8a"
# Too light for text on white (2.9:1): text of this side is LAC_TEXT.
LAC = "#d98200"
LAC_TEXT = "#8a5200"
ACCENT = "#00795c"
SIDES = {"EU": EU, "LAC": LAC}
