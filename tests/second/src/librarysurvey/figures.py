"""What exhibits show, and how figures are drawn: a bar for each count, with marks at the possible counts."""

import pandas as pd
from matplotlib.axes import Axes

from librarysurvey.labels import GROUP_NAMES
from reissue.core.language import _, format_counts
from reissue.drawing import style
from reissue.drawing.count_layout import Row
from reissue.drawing.counts import draw_rows
from reissue.drawing.described import described_by

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
    return _("Bars of visitors.") + " " + ". ".join(_describe_count(*row) for row in rows) + "."


def _describe_count(label: str, group: str, feasible: str, n: int) -> str:
    values = format_counts(_list_values(feasible))
    return _("{answer}, {group}: {count} of {n}").format(answer=label, group=_(GROUP_NAMES[group]), count=values, n=n)


@described_by(describe_counts)
def draw_counts(data: pd.DataFrame, *, width: float = style.WIDTH, ax: Axes | None = None) -> Axes:
    """Draw one bar per row of the data: label, side, n, feasible."""
    rows = []
    for label, group, feasible in zip(data["label"], data["side"], data["feasible"], strict=True):
        values, colour = _list_values(feasible), _COLOURS[group]
        text = _("{group}: {count}").format(group=_(GROUP_NAMES[group]), count=format_counts(values))
        is_first = group == "all"
        rows.append(Row(values, text, label if is_first else "", colour, colour, thin=not is_first))
    return draw_rows(rows, int(data["n"].max()), unit=_("Visitors"), width=width, ax=ax)


def _list_values(feasible: str) -> tuple[int, ...]:
    return tuple(int(value) for value in feasible.split(";"))
