"""What exhibits show, and how figures are drawn: a row of squares for each count, one square per respondent."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from librarysurvey.labels import GROUP_NAMES
from reissue.core.language import _, format_counts
from reissue.drawing import style
from reissue.drawing.described import described_by
from reissue.drawing.squares import key, squares

_COLOURS = {"all": style.INK, "Students": "#0b4f8a", "Staff": "#8a5200", "Guests": "#00795c"}


def table_01_data(shelves: pd.DataFrame) -> pd.DataFrame:
    """Return one row per shelf: shelf, books (page 2)."""
    return shelves[["shelf", "books"]]


def figure_01_data(counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per answer and group: how often visitors borrow a book (page 3)."""
    return _select_counts(counts, "frequency")


def result_places_data(counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per answer and group: where visitors read (page 3)."""
    return _select_counts(counts, "places")


def _select_counts(counts: pd.DataFrame, group: str) -> pd.DataFrame:
    rows = counts[(counts["group"] == group) & (counts["reading"] == "literal")]
    return rows[["label", "side", "n", "least", "most", "feasible"]].reset_index(drop=True)


def describe_counts(data: pd.DataFrame) -> str:
    """Return the alt text of a figure of counts."""
    rows = zip(data["label"], data["side"], data["feasible"], data["n"], strict=True)
    return _("Rows of squares, one per visitor.") + " " + ". ".join(_describe_count(*row) for row in rows) + "."


def _describe_count(label: str, group: str, feasible: str, n: int) -> str:
    values = format_counts(_list_values(feasible))
    return _("{answer}, {group}: {count} of {n}").format(answer=label, group=_(GROUP_NAMES[group]), count=values, n=n)


@described_by(describe_counts)
def draw_counts(data: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one row of squares per row of the data: label, side, n, feasible."""
    left, right, bottom = -16.0, data["n"].max() + 6.0, len(data) + 1.0
    if ax is None:
        height = style.WIDTH * (bottom + 1.0) / (right - left)
        ax = plt.figure(figsize=(style.WIDTH, height)).add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set(xlim=(left, right), ylim=(bottom, -1.0), aspect="equal")
    ax.set_axis_off()
    rows = zip(data["label"], data["side"], data["feasible"], data["n"], strict=True)
    for place, (label, group, feasible, n) in enumerate(rows):
        values, colour = _list_values(feasible), _COLOURS[group]
        squares(ax, place, values, n, colour)
        ax.text(-0.5, place, f"{label}, {_(GROUP_NAMES[group])}", ha="right", va="center", fontsize=9, color=colour)
        ax.text(n + 0.3, place, format_counts(values), va="center", fontsize=9, color=colour)
    key(ax, len(data) + 0.3, gaps=False)
    return ax


def _list_values(feasible: str) -> list[int]:
    return [int(value) for value in feasible.split(";")]
