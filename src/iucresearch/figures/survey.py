"""Figures 6 to 8 and the survey results without a figure: one square per respondent.

Solid squares are respondents that the report fixes, hatched ones are possible, empty ones excluded. Where some counts
between the lowest and the highest are excluded, a dot marks each square at which a possible count ends. Hatching shows
what the text leaves open; it is not sampling error.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from iucresearch.labels import BY_QUESTION, SIDE_NAMES
from iucresearch.style import EU, LAC, LAC_TEXT
from reissue.core.language import N_, _, format_counts, ngettext
from reissue.drawing import style
from reissue.drawing.boxes import Words, size_on_line
from reissue.drawing.described import described_by
from reissue.drawing.squares import key, squares

_SHORT = {"all": N_("All"), "EU": N_("EU"), "LAC": N_("Latin America")}
_COLOURS = {"all": style.INK, "EU": EU, "LAC": LAC}
_TEXTS = {"all": style.INK, "EU": EU, "LAC": LAC_TEXT}
#: In heights of a square: from a label to its first row, from row to row, from a row to the next label.
_LABEL, _ROW, _GAP = 1.15, 1.05, 1.65


def counts_data(counts: pd.DataFrame, group: str, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per count of an exhibit and side: what is plotted (3.1 to 3.4, pages 17 to 20).

    Parameters
    ----------
    counts
        Processed table `survey_counts`.
    group
        The exhibit's group of questions, for example `motivation`. If its exhibit has a row per question, a row is
        labelled with the question; other rows are labelled with the answer.
    side
        `all` keeps the total and both sides below it; `EU` or `LAC` that side alone.
    reading
        How bounds such as "more than" are read: `literal` or `tight`; counts from true answers are as they are.

    Returns
    -------
    DataFrame
        Columns label, side, n, least, most, feasible (respondents; the last joined by `;`).
    """
    rows = counts[(counts["group"] == group) & counts["reading"].isin([reading, "answers"])]
    if group in BY_QUESTION:
        rows = rows[rows["options"] == BY_QUESTION[group]].assign(label=lambda some: some["title"])
    if side != "all":
        # That a respondent is of a side is an answer of all respondents.
        rows = rows[rows["label"] == SIDE_NAMES[side] if group == "respondents" else rows["side"] == side]
    return rows[["label", "side", "n", "least", "most", "feasible"]].reset_index(drop=True)


def format_possible_counts(feasible: str, n: int) -> str:
    """Return a count and how far it is open: `3 of 32`, `28 to 30 of 32`, `7 or 21 to 23 of 32`."""
    return _("{count} of {n}").format(count=format_counts(_values(feasible)), n=n)


def counts_alt(data: pd.DataFrame) -> str:
    """Return the alt text of a figure of counts, from the plotted rows alone."""
    parts = []
    for label, rows in data.groupby("label", sort=False):
        counts = [
            (f"{_(SIDE_NAMES[side])} " if side != "all" else "") + format_possible_counts(feasible, n)
            for side, n, feasible in zip(rows["side"], rows["n"], rows["feasible"], strict=True)
        ]
        parts.append(f"{label}: {', '.join(counts)}")
    opened = int((data["least"] != data["most"]).sum())
    hatched = ngettext(
        "{opened} of {shown} counts are open and hatched.", "{opened} of {shown} counts are open and hatched.", opened
    )
    closing = hatched.format(opened=opened, shown=len(data)) if opened else _("All counts are certain.")
    return f"{_('Rows of squares, one a respondent.')} {'. '.join(parts)}. {closing}"


@described_by(counts_alt)
def draw_counts(data: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one row of squares per row of the data: as many squares as the side has respondents.

    Parameters
    ----------
    data
        Columns label, side, n, feasible; the rows of a label follow one another, the total first.
    ax
        Axes to draw on; without them, those of a new figure of the right height.
    """
    labels, rows = _places(data)
    counts = [format_possible_counts(feasible, n) for feasible, n in zip(data["feasible"], data["n"], strict=True)]
    widest = int(data["n"].max())
    left, right, bottom = -0.22 * widest, 1.29 * widest, rows[-1] + 2.4
    if ax is None:
        height = style.WIDTH * (bottom + 0.7) / (right - left)
        ax = plt.figure(figsize=(style.WIDTH, height), layout="none").add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set(xlim=(left, right), ylim=(bottom, -0.7), aspect="equal")
    ax.set_axis_off()
    for label, place in labels:
        size = size_on_line(ax, Words(label, 10.0, "bold"), right - left - 0.6)
        ax.text(left + 0.3, place, label, va="center", fontweight="bold", fontsize=size)
    gaps = False
    for place, side, n, feasible, count in zip(rows, data["side"], data["n"], data["feasible"], counts, strict=True):
        values = _values(feasible)
        gaps |= values != list(range(values[0], values[-1] + 1))
        squares(ax, place, values, n, _COLOURS[side])
        name = Words(_(_SHORT[side]), 9.0)
        size = size_on_line(ax, name, -0.6 - left)
        ax.text(-0.6, place, name.text, ha="right", va="center", fontsize=size, color=_TEXTS[side])
        words = Words(count, 9.0, "bold" if len(values) == 1 else "normal")
        size = size_on_line(ax, words, right - n - 0.4)
        ax.text(n + 0.4, place, count, va="center", fontsize=size, fontweight=words.weight, color=_TEXTS[side])
    key(ax, rows[-1] + 1.6, gaps)
    return ax


def _values(feasible: str) -> list[int]:
    return [int(value) for value in feasible.split(";")]


def _places(data: pd.DataFrame) -> tuple[list[tuple[str, float]], list[float]]:
    """Return each label with its height, and the height of each row below the labels."""
    labels: list[tuple[str, float]] = []
    rows: list[float] = []
    for label in data["label"]:
        if not labels or label != labels[-1][0]:
            labels.append((str(label), rows[-1] + _GAP if rows else 0.3))
            rows.append(labels[-1][1] + _LABEL)
        else:
            rows.append(rows[-1] + _ROW)
    return labels, rows
