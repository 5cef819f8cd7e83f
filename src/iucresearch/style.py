"""Colours of this report.

They are from Okabe and Ito's set for colour-blind readers, chosen so that the two sides also differ in lightness (grey
print).
"""

from __future__ import annotations

EU = "#0b4f8a"
# Too light for text on white (2.9:1): text of this side is LAC_TEXT.
LAC = "#d98200"
LAC_TEXT = "#8a5200"
# Fills that carry text in ink: it stays readable where the dark scheme inverts lightness.
EU_TINT = "#cfdfee"
LAC_TINT = "#f6dcb0"
ACCENT = "#00795c"
SIDES = {"EU": EU, "LAC": LAC}
