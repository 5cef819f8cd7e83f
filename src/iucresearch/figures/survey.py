"""Figures 6 to 8 and the survey results without a figure: a square a respondent.

Solid squares are respondents that the report fixes, hatched ones are possible, empty ones excluded.
Hatching is what the report does not tell; it is not sampling error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from iucresearch import style

_SHORT = {"all": "All", "EU": "EU", "LAC": "Latin America"}
_COLOURS = {"all": style.INK, "EU": style.EU, "LAC": style.LAC}
_TEXTS = {"all": style.INK, "EU": style.EU, "LAC": style.LAC_TEXT}
_SQUARE = 0.78
#: In heights of a square: from a label to its first row, from row to row, from a row to the next label.
_LABEL, _ROW, _GAP = 1.15, 1.05, 1.65


def counts_of(counts: pd.DataFrame, group: str, *, side: str = "all") -> pd.DataFrame:
    """Return one row per option group and side of an exhibit: what is plotted.

    Parameters
    ----------
    counts
        Processed table `survey_counts`.
    group
        Exhibit group of the questions, for example `motivation`.
    side
        `all` keeps the total and both sides below it; `EU` or `LAC` that side alone.

    Returns
    -------
    DataFrame
        Columns label, side, n, least, most (respondents).
    """
    rows = counts[counts["group"] == group]
    if side != "all":
        rows = rows[rows["side"] == side]
    return rows[["label", "side", "n", "least", "most"]].reset_index(drop=True)


def _by_question(counts: pd.DataFrame, group: str, options: str, side: str) -> pd.DataFrame:
    """Return one row per question and side: the same options of each, under the question's title."""
    rows = counts[(counts["group"] == group) & (counts["options"] == options)]
    return counts_of(rows.assign(label=rows["title"]), group, side=side)


def figure_06_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per main motivation and side (3.1, page 17)."""
    return counts_of(counts, "motivation", side=side)


def figure_07_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per level of familiarity and side (3.2, page 18)."""
    return counts_of(counts, "familiarity", side=side)


def figure_08_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per degree of salience and side (3.3, page 19)."""
    return counts_of(counts, "salience", side=side)


def result_respondents_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per side that answered (3.1, page 17)."""
    rows = counts_of(counts, "respondents")
    rows = rows[rows["side"] == "all"]
    if side != "all":
        rows = rows[rows["label"] == style.SIDE_NAMES[side]]
    return rows.reset_index(drop=True)


def result_strategy_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per answer about a strategy and side (3.2, page 18)."""
    return counts_of(counts, "strategy", side=side)


def result_phases_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per phase and side: respondents who rated it 4 or 5 (3.2, page 18)."""
    return _by_question(counts, "phases", "4;5", side)


def result_support_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per degree of support and side (3.3, page 19)."""
    return counts_of(counts, "support", side=side)


def result_support_steps_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per step and side: respondents with some or structured support (3.3, page 19)."""
    return _by_question(counts, "support-steps", "some;structured", side)


def result_satisfaction_data(counts: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per degree of satisfaction and side (3.4, page 20)."""
    return counts_of(counts, "satisfaction", side=side)


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
    left, right, bottom = -0.22 * widest, 1.29 * widest, rows[-1] + 2.4
    if ax is None:
        height = style.WIDTH * (bottom + 0.7) / (right - left)
        ax = plt.figure(figsize=(style.WIDTH, height), layout="none").add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set(xlim=(left, right), ylim=(bottom, -0.7), aspect="equal")
    ax.set_axis_off()
    for label, place in labels:
        ax.text(left + 0.3, place, label, va="center", fontweight="bold")
    columns = (data["side"], data["n"], data["least"], data["most"])
    for place, side, n, least, most in zip(rows, *columns, strict=True):
        _squares(ax, place, least, most, n, _COLOURS[side])
        ax.text(-0.6, place, _SHORT[side], ha="right", va="center", fontsize=9, color=_TEXTS[side])
        weight = "bold" if least == most else "normal"
        text = counted(least, most, n)
        ax.text(n + 0.4, place, text, va="center", fontsize=9, fontweight=weight, color=_TEXTS[side])
    _key(ax, rows[-1] + 1.6)
    return ax


figure_06: Callable[..., Axes] = draw_counts
figure_07: Callable[..., Axes] = draw_counts
figure_08: Callable[..., Axes] = draw_counts
result_respondents: Callable[..., Axes] = draw_counts
result_strategy: Callable[..., Axes] = draw_counts
result_phases: Callable[..., Axes] = draw_counts
result_support: Callable[..., Axes] = draw_counts
result_support_steps: Callable[..., Axes] = draw_counts
result_satisfaction: Callable[..., Axes] = draw_counts


def counted(least: int, most: int, n: int) -> str:
    """Say a count and how far it is open: `3 of 32`, `28 to 30 of 32`."""
    return f"{least} of {n}" if least == most else f"{least} to {most} of {n}"


def alt(data: pd.DataFrame) -> str:
    """Return the alt text of a row-of-squares picture, from its data alone."""
    parts = []
    for label, rows in data.groupby("label", sort=False):
        told = [
            (f"{style.SIDE_NAMES[side]} " if side != "all" else "") + counted(least, most, n)
            for side, n, least, most in zip(rows["side"], rows["n"], rows["least"], rows["most"], strict=True)
        ]
        parts.append(f"{label}: {', '.join(told)}")
    opened = int((data["least"] != data["most"]).sum())
    closing = (
        f"{opened} of {len(data)} counts are open and hatched." if opened else "All counts are fixed by the report."
    )
    return f"Rows of squares, one a respondent. {'. '.join(parts)}. {closing}"


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


def _squares(ax: Axes, place: float, least: int, most: int, n: int, colour: str) -> None:
    _span(ax, range(least), place, facecolor=colour, edgecolor=colour)
    _span(ax, range(least, most), place, facecolor="white", edgecolor=colour, hatch="//////")
    _span(ax, range(most, n), place, facecolor="white", edgecolor=style.RULE)


def _span(ax: Axes, places: Iterable[float], row: float, **look: str) -> None:
    """Draw equal squares as one path: a third of the bytes of as many patches."""
    squares = [Path.unit_rectangle().transformed(_moved(x, row)) for x in places]
    if squares:
        ax.add_patch(PathPatch(Path.make_compound_path(*squares), linewidth=0.6, **look))


def _moved(x: float, row: float) -> Affine2D:
    return Affine2D().scale(_SQUARE).translate(x, row - _SQUARE / 2)


def _key(ax: Axes, place: float) -> None:
    """Say below the rows what solid, hatched and empty mean."""
    texts = ("fixed by the report", "possible, the report does not tell", "excluded")
    x = 0.0
    looks = (
        {"facecolor": style.MUTED, "edgecolor": style.MUTED},
        {"facecolor": "white", "edgecolor": style.MUTED, "hatch": "//////"},
        {"facecolor": "white", "edgecolor": style.RULE},
    )
    for look, text in zip(looks, texts, strict=True):
        _span(ax, [x], place, **look)
        ax.text(x + 1.2, place, text, va="center", fontsize=8.5, color=style.MUTED)
        x += 3.2 + 0.52 * len(text)
