"""Figure 2: how the regions were selected, as a process with its criteria."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch
from matplotlib.path import Path

from iucresearch import style
from reissue.core.errors import InputError
from reissue.core.language import N_, _, ngettext
from reissue.drawing.boxes import Box, Placed, Words, blank_axes, fill, need_rows
from reissue.drawing.described import described_by

SOURCE = "data/raw/criteria.csv"
HEIGHT = 5.12

#: The steps in their order: side, what happens, and whether the side's criteria apply there.
_STEPS = (
    ("LAC", N_("Annual visits pre-select Latin American regions"), False),
    ("LAC", N_("National authorities commit, regions are validated"), True),
    ("EU", N_("A customised call selects EU peers"), True),
    ("both", N_("Regions are paired"), False),
)
_COLUMNS = ["stage", "kind", "side", "number", "text"]
_KINDS = ("step", "criterion")

# The drawing, in inches from its upper left corner.
_SPINES = {"LAC": 0.2, "EU": 4.45}
_WIDTHS = {"LAC": 3.36, "EU": 2.28}  # of the words
_LEFT = 0.4  # of the words, from their spine
_FIRST, _SECOND, _FOOT = 0.4, 1.08, 4.6
_CENTRE = sum(_SPINES.values()) / 2
_DISC, _PAIR = 0.085, 0.17
_BEND = 0.3


def figure_02_data(criteria: pd.DataFrame) -> pd.DataFrame:
    """One row per step of the selection or criterion that applies at it, in the order of the process.

    Parameters
    ----------
    criteria
        One row per criterion: `side` (LAC or EU), `order` within the side (from 1), `criterion`.
        Not changed.

    Returns
    -------
    pandas.DataFrame
        One row per step or criterion: `stage` (from 1), `kind` (step, criterion), `side` (LAC, EU,
        both), `number` (of the criterion within its side; 0 for a step), `text`.

    Raises
    ------
    InputError
        If a column, a value or every row is missing, a side is unknown or has no criterion.

    Notes
    -----
    The labels of the report's own drawing are lost; the steps follow from its text.

    References
    ----------
    Sections 2.2.1 (page 14) and 2.2.3 (page 16).
    """
    need_rows(criteria, ["side", "order", "criterion"], source=SOURCE)
    found = set(criteria["side"])
    if found != set(style.SIDES):
        raise InputError(
            f"the sides with a criterion are {', '.join(sorted(found))}",
            where=SOURCE,
            expected=" and ".join(sorted(style.SIDES)),
            remedy="restore the missing rows, then run make report",
        )
    rows: list[tuple[int, str, str, int, str]] = []
    ordered = criteria.sort_values("order")
    for stage, (side, text, has_criteria) in enumerate(_STEPS, start=1):
        rows.append((stage, "step", side, 0, text))
        if has_criteria:
            own = ordered[ordered["side"] == side]
            rows += [
                (stage, "criterion", side, int(n), str(t)) for n, t in zip(own["order"], own["criterion"], strict=True)
            ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def figure_02_alt(data: pd.DataFrame) -> str:
    """Say what figure 2 shows, from the plotted rows alone.

    Parameters
    ----------
    data
        One row per step or criterion, as `figure_02_data` returns it. Not changed.
    """
    steps = _steps(data)
    sentences = [_("Process of {number} steps.").format(number=len(steps))]
    for step in steps:
        criteria = _criteria(data, step)["text"]
        told = _("{stage}. {step}, on {count}: {criteria}.") if len(criteria) else "{stage}. {step}."
        words = {"count": _count(criteria), "criteria": "; ".join(criteria)}
        sentences.append(told.format(stage=step["stage"], step=step["text"], **words))
    return " ".join(sentences)


@described_by(figure_02_alt)
def figure_02(data: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the process downward, one lane a side, each side's criteria under the step they apply at.

    Parameters
    ----------
    data
        One row per step or criterion, as `figure_02_data` returns it. Not changed.
    ax
        Axes to draw on; without them, those of a new figure `style.WIDTH` inches wide.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    InputError
        If a step is missing, or a text does not fit.
    """
    steps = _steps(data)
    with style.use_style():
        ax = blank_axes(ax, style.WIDTH, HEIGHT)
        boxes = [
            _lane("LAC", _FIRST, _SECOND - 0.1, [_title(steps[0])]),
            _lane("LAC", _SECOND, _FOOT - 0.2, _column(data, steps[1])),
            _lane("EU", _SECOND, _FOOT - 0.2, _column(data, steps[2])),
            Box(_CENTRE - 1.4, _FOOT + _PAIR + 0.03, 2.8, 0.26, (_title(steps[3]),), "center"),
            _lane("LAC", _FIRST - 0.3, _FIRST, [_head("LAC")]),
            _lane("EU", _SECOND - 0.3, _SECOND, [_head("EU")]),
        ]
        placed = fill(ax, boxes, source=SOURCE)
        for side, column in (("LAC", placed[1]), ("EU", placed[2])):
            _number(ax, side, data, column[2:])
        _draw_flow(ax, [lines[0].baseline - _DISC / 2 for lines in placed[:3]])
    return ax


def _steps(data: pd.DataFrame) -> list[dict[str, object]]:
    """Return the steps in their order; refuse any other sequence of sides than the drawing's."""
    need_rows(data, _COLUMNS, source=SOURCE)
    steps = data[data["kind"] == "step"].sort_values("stage")
    found, expected = list(steps["side"]), [side for side, *_others in _STEPS]
    if found != expected:
        raise InputError(
            f"figure 2 got steps of the sides {', '.join(found)}",
            where=SOURCE,
            expected=", ".join(expected),
            remedy="give it what figure_02_data returns",
        )
    return [{str(key): value for key, value in row.items()} for row in steps.to_dict("records")]


def _criteria(data: pd.DataFrame, step: dict[str, object]) -> pd.DataFrame:
    """One row per criterion of a step, in order."""
    return data[(data["kind"] == "criterion") & (data["stage"] == step["stage"])].sort_values("number")


def _count(criteria: pd.Series) -> str:
    number = len(criteria)
    return ngettext("{number} criterion", "{number} criteria", number).format(number=number)


def _title(step: dict[str, object]) -> Words:
    return Words(str(step["text"]), 10.5, "bold")


def _head(side: str) -> Words:
    return Words(_(style.SIDE_NAMES[side]), 9.5, color=style.MUTED)


def _column(data: pd.DataFrame, step: dict[str, object]) -> list[Words]:
    """Return a step's words: what happens, how many criteria there are, and each of them."""
    criteria = _criteria(data, step)["text"]
    count = Words(_count(criteria), 9.5, color=style.MUTED, before=0.03)
    return [_title(step), count, *(Words(text, 9.5, before=0.1) for text in criteria)]


def _lane(side: str, top: float, bottom: float, words: list[Words]) -> Box:
    return Box(_SPINES[side] + _LEFT, top, _WIDTHS[side], bottom - top, tuple(words))


def _number(ax: Axes, side: str, data: pd.DataFrame, column: list[Placed]) -> None:
    """Hang each criterion's number left of it, on its first line."""
    rows = data[(data["kind"] == "criterion") & (data["side"] == side)].sort_values("number")
    for number, line in zip(rows["number"], column, strict=True):
        x = _SPINES[side] + _LEFT - 0.08
        size = line.artist.get_fontsize()
        ax.text(x, line.baseline, str(number), size=size, weight="bold", color=style.MUTED, ha="right")


def _draw_flow(ax: Axes, levels: list[float]) -> None:
    """Draw each side's lane down to the pairing, a disc per step, and the arrow from side to side."""
    first, second, third = levels
    for side, start, inward in (("LAC", first, 1), ("EU", third, -1)):
        x, color = _SPINES[side], style.SIDES[side]
        end = _CENTRE - inward * (_PAIR + 0.015)
        points = [(x, start), (x, _FOOT - _BEND), (x, _FOOT), (x + inward * _BEND, _FOOT), (end, _FOOT)]
        codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
        ax.add_patch(PathPatch(Path(points, codes), fill=False, edgecolor=color, linewidth=2.5, zorder=1))
        ax.add_patch(Circle((end, _FOOT), _PAIR, facecolor=color, edgecolor="none"))
    for side, y in (("LAC", first), ("LAC", second), ("EU", third)):
        disc = Circle((_SPINES[side], y), _DISC, facecolor=style.PAPER, edgecolor=style.SIDES[side], linewidth=2.5)
        ax.add_patch(disc)
    shore = (_SPINES["LAC"] + _LEFT + _WIDTHS["LAC"], second)
    landing = (_SPINES["EU"] - _DISC - 0.04, third)
    ax.add_patch(
        FancyArrowPatch(
            shore, landing, arrowstyle="-|>", mutation_scale=13, color=style.INK, linewidth=2, shrinkA=0, shrinkB=0
        )
    )
