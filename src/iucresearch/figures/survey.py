"""Figures 6 to 8 and the survey results without a figure: a square a respondent.

Solid squares are respondents that the report fixes, hatched ones are possible, empty ones excluded. Where some
counts between the least and the most are excluded, a dot marks each square that a possible count ends at.
Hatching is what the report does not tell; it is not sampling error. Above 60 respondents a bar stands for them.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from iucresearch import style
from iucresearch.titles import BY_QUESTION
from reissue.core.language import N_, _, format_counts, ngettext
from reissue.drawing.boxes import Words, size_on_line
from reissue.drawing.described import described_by
from reissue.drawing.squares import bar, key, squares

_SHORT = {"all": N_("All"), "EU": N_("EU"), "LAC": N_("Latin America")}
_COLOURS = {"all": style.INK, "EU": style.EU, "LAC": style.LAC}
_TEXTS = {"all": style.INK, "EU": style.EU, "LAC": style.LAC_TEXT}
#: Width of a bar in squares.
_BAR = 32
#: More respondents than this are a bar, not squares.
MOST_SQUARES = 60
#: In heights of a square: from a label to its first row, from row to row, from a row to the next label.
_LABEL, _ROW, _GAP = 1.15, 1.05, 1.65


def select_counts(counts: pd.DataFrame, group: str, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per option group and side of an exhibit: what is plotted.

    Parameters
    ----------
    counts
        Processed table `survey_counts`.
    group
        Exhibit group of the questions, for example `motivation`.
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
    if side != "all":
        rows = rows[rows["side"] == side]
    return rows[["label", "side", "n", "least", "most", "feasible"]].reset_index(drop=True)


def _by_question(counts: pd.DataFrame, group: str, side: str, reading: str) -> pd.DataFrame:
    """Return one row per question and side: the same options of each, under the question's title."""
    rows = counts[(counts["group"] == group) & (counts["options"] == BY_QUESTION[group])]
    return select_counts(rows.assign(label=rows["title"]), group, side=side, reading=reading)


def figure_06_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per main motivation and side (3.1, page 17)."""
    return select_counts(counts, "motivation", side=side, reading=reading)


def figure_07_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per level of familiarity and side (3.2, page 18)."""
    return select_counts(counts, "familiarity", side=side, reading=reading)


def figure_08_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per degree of salience and side (3.3, page 19)."""
    return select_counts(counts, "salience", side=side, reading=reading)


def result_respondents_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per side that answered (3.1, page 17)."""
    rows = select_counts(counts, "respondents", reading=reading)
    rows = rows[rows["side"] == "all"]
    if side != "all":
        rows = rows[rows["label"] == style.SIDE_NAMES[side]]
    return rows.reset_index(drop=True)


def result_strategy_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per answer about a strategy and side (3.2, page 18)."""
    return select_counts(counts, "strategy", side=side, reading=reading)


def result_phases_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per phase and side: respondents who rated it 4 or 5 (3.2, page 18)."""
    return _by_question(counts, "phases", side, reading)


def result_support_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per degree of support and side (3.3, page 19)."""
    return select_counts(counts, "support", side=side, reading=reading)


def result_support_steps_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per step and side: respondents with some or structured support (3.3, page 19)."""
    return _by_question(counts, "support-steps", side, reading)


def result_organisations_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per kind of organisation and side (3.1, page 17)."""
    return select_counts(counts, "organisations", side=side, reading=reading)


def result_exchanges_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per form of exchange and side: respondents who mention it (3.1, page 17)."""
    return select_counts(counts, "exchanges", side=side, reading=reading)


def result_sustainability_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per side: respondents who name sustainability (2.1.3, page 12)."""
    return select_counts(counts, "sustainability", side=side, reading=reading)


def result_facilitator_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per respect in which the Programme helped, and side (3.4, page 19)."""
    return select_counts(counts, "facilitator", side=side, reading=reading)


def result_outcomes_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per outcome and side, the most mentioned first (3.4, page 19)."""
    return select_counts(counts, "outcomes", side=side, reading=reading)


def result_satisfaction_data(counts: pd.DataFrame, *, side: str = "all", reading: str = "literal") -> pd.DataFrame:
    """Return one row per degree of satisfaction and side (3.4, page 20)."""
    return select_counts(counts, "satisfaction", side=side, reading=reading)


def format_possible_counts(feasible: str, n: int) -> str:
    """Say a count and how far it is open: `3 of 32`, `28 to 30 of 32`, `7 or 21 to 23 of 32`."""
    return _("{count} of {n}").format(count=format_counts(_values(feasible)), n=n)


def counts_alt(data: pd.DataFrame) -> str:
    """Return the alt text of a row-of-squares picture, from its data alone."""
    parts = []
    for label, rows in data.groupby("label", sort=False):
        told = [
            (f"{_(style.SIDE_NAMES[side])} " if side != "all" else "") + format_possible_counts(feasible, n)
            for side, n, feasible in zip(rows["side"], rows["n"], rows["feasible"], strict=True)
        ]
        parts.append(f"{label}: {', '.join(told)}")
    opened = int((data["least"] != data["most"]).sum())
    hatched = ngettext(
        "{opened} of {shown} counts are open and hatched.", "{opened} of {shown} counts are open and hatched.", opened
    )
    closing = hatched.format(opened=opened, shown=len(data)) if opened else _("All counts are certain.")
    shape = _("Bars.") if int(data["n"].max()) > MOST_SQUARES else _("Rows of squares, one a respondent.")
    return f"{shape} {'. '.join(parts)}. {closing}"


@described_by(counts_alt)
def draw_counts(data: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one row of squares per row of the data: as many squares as the side has respondents.

    Parameters
    ----------
    data
        Columns label, side, n, least, most; rows of a label stand together, its total first.
    ax
        Axes to draw on; without it a figure of the right height is made.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if data.empty:
        raise ValueError("there are no counts to draw: expected one row per option and side")
    labels, rows = _places(data)
    widest = int(data["n"].max())
    unit = widest if widest <= MOST_SQUARES else _BAR
    left, right, bottom = -0.22 * unit, 1.29 * unit, rows[-1] + 2.4
    if unit != widest:  # large counts are long words
        longest = max(
            len(format_possible_counts(feasible, n)) for feasible, n in zip(data["feasible"], data["n"], strict=True)
        )
        right = max(right, unit + 0.6 * longest)
    if ax is None:
        height = style.WIDTH * (bottom + 0.7) / (right - left)
        ax = plt.figure(figsize=(style.WIDTH, height), layout="none").add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set(xlim=(left, right), ylim=(bottom, -0.7), aspect="equal")
    ax.set_axis_off()
    for label, place in labels:
        size = size_on_line(ax, Words(label, 10.0, "bold"), right - left - 0.6)
        ax.text(left + 0.3, place, label, va="center", fontweight="bold", fontsize=size)
    gaps = False
    for place, side, n, feasible in zip(rows, data["side"], data["n"], data["feasible"], strict=True):
        values = _values(feasible)
        gaps |= values != list(range(values[0], values[-1] + 1))
        if widest <= MOST_SQUARES:
            squares(ax, place, values, n, _COLOURS[side])
        else:
            bar(ax, place, values, n, _COLOURS[side], unit / widest)
        name = Words(_(_SHORT[side]), 9.0)
        size = size_on_line(ax, name, -0.6 - left)
        ax.text(-0.6, place, name.text, ha="right", va="center", fontsize=size, color=_TEXTS[side])
        end = n if widest <= MOST_SQUARES else n * unit / widest
        told = Words(format_possible_counts(feasible, n), 9.0, "bold" if len(values) == 1 else "normal")
        size = size_on_line(ax, told, right - end - 0.4)
        ax.text(end + 0.4, place, told.text, va="center", fontsize=size, fontweight=told.weight, color=_TEXTS[side])
    key(ax, rows[-1] + 1.6, gaps)
    return ax


def _values(feasible: str) -> list[int]:
    return [int(value) for value in str(feasible).split(";")]


def _places(data: pd.DataFrame) -> tuple[list[tuple[str, float]], list[float]]:
    """Return each label with its height, and each row's: a label heads the rows of its own."""
    labels: list[tuple[str, float]] = []
    rows: list[float] = []
    for label in data["label"]:
        if not labels or label != labels[-1][0]:
            labels.append((str(label), rows[-1] + _GAP if rows else 0.3))
            rows.append(labels[-1][1] + _LABEL)
        else:
            rows.append(rows[-1] + _ROW)
    return labels, rows
