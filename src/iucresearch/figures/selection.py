"""Figure 2: how the regions were selected, as a process with its criteria."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch
from matplotlib.path import Path

from iucresearch.labels import SIDE_NAMES
from iucresearch.style import SIDES
from reissue.core.language import N_, _, ngettext
from reissue.drawing import style
from reissue.drawing.boxes import Box, Placed, Words, blank_axes, fill
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

# The drawing, in inches from its upper left corner.
_SPINES = {"LAC": 0.2, "EU": 4.45}
_WIDTHS = {"LAC": 3.36, "EU": 2.28}  # of the words
_LEFT = 0.4  # of the words, from their spine
_FIRST, _SECOND, _FOOT = 0.4, 1.08, 4.6
_CENTRE = sum(_SPINES.values()) / 2
_DISC, _PAIR = 0.085, 0.17
_BEND = 0.3


def figure_02_data(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return one row per step of the selection or criterion that applies at it, in the order of the process.

    Returns
    -------
    DataFrame
        `stage` (from 1), `kind` (step, criterion), `side` (LAC, EU, both), `number` (of the criterion within its side;
        0 for a step), `text`.

    Notes
    -----
    The labels of the report's own drawing are not in the text; the steps follow from its text.

    References
    ----------
    Sections 2.2.1 (page 14) and 2.2.3 (page 16).
    """
    rows: list[tuple[int, str, str, int, str]] = []
    for stage, (side, text, has_criteria) in enumerate(_STEPS, start=1):
        rows.append((stage, "step", side, 0, text))
        own = criteria[criteria["side"] == side].sort_values("order") if has_criteria else criteria.iloc[:0]
        for number, criterion in zip(own["order"], own["criterion"], strict=True):
            rows.append((stage, "criterion", side, int(number), str(criterion)))
    return pd.DataFrame(rows, columns=["stage", "kind", "side", "number", "text"])


def figure_02_alt(data: pd.DataFrame) -> str:
    """Return the alt text of figure 2, from the plotted rows alone."""
    steps = _steps(data)
    sentences = [_("Process of {number} steps.").format(number=len(steps))]
    for step in steps:
        criteria = _criteria(data, step)
        words = _("{stage}. {step}, on {count}: {criteria}.") if len(criteria) else "{stage}. {step}."
        about = {"count": _count(criteria), "criteria": "; ".join(criteria)}
        sentences.append(words.format(stage=step["stage"], step=step["text"], **about))
    return " ".join(sentences)


@described_by(figure_02_alt)
def figure_02(data: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the process downward, one lane per side, with the side's criteria under the step where they apply.

    Parameters
    ----------
    data
        One row per step or criterion, as `figure_02_data` returns it.
    ax
        Axes to draw on; without them, those of a new figure `style.WIDTH` inches wide.

    Raises
    ------
    InputError
        If a text does not fit.
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


def _steps(data: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return data[data["kind"] == "step"].sort_values("stage").to_dict("records")


def _criteria(data: pd.DataFrame, step: dict[Hashable, Any]) -> list[str]:
    """Return the criteria of a step, in order."""
    rows = data[(data["kind"] == "criterion") & (data["stage"] == step["stage"])]
    return list(rows.sort_values("number")["text"])


def _count(criteria: list[str]) -> str:
    number = len(criteria)
    return ngettext("{number} criterion", "{number} criteria", number).format(number=number)


def _title(step: dict[Hashable, Any]) -> Words:
    return Words(str(step["text"]), 10.5, "bold")


def _head(side: str) -> Words:
    return Words(_(SIDE_NAMES[side]), 9.5, color=style.MUTED)


def _column(data: pd.DataFrame, step: dict[Hashable, Any]) -> list[Words]:
    """Return a step's words: what happens, the number of criteria, and each criterion."""
    criteria = _criteria(data, step)
    count = Words(_count(criteria), 9.5, color=style.MUTED, before=0.03)
    return [_title(step), count, *(Words(text, 9.5, before=0.1) for text in criteria)]


def _lane(side: str, top: float, bottom: float, words: list[Words]) -> Box:
    return Box(_SPINES[side] + _LEFT, top, _WIDTHS[side], bottom - top, tuple(words))


def _number(ax: Axes, side: str, data: pd.DataFrame, column: list[Placed]) -> None:
    """Write each criterion's number to its left, on its first line."""
    rows = data[(data["kind"] == "criterion") & (data["side"] == side)].sort_values("number")
    for number, line in zip(rows["number"], column, strict=True):
        x = _SPINES[side] + _LEFT - 0.08
        size = line.artist.get_fontsize()
        ax.text(x, line.baseline, str(number), size=size, weight="bold", color=style.MUTED, ha="right")


def _draw_flow(ax: Axes, levels: list[float]) -> None:
    """Draw each side's lane down to the pairing, a disc per step, and the arrow from side to side."""
    first, second, third = levels
    for side, start, inward in (("LAC", first, 1), ("EU", third, -1)):
        x, color = _SPINES[side], SIDES[side]
        end = _CENTRE - inward * (_PAIR + 0.015)
        points = [(x, start), (x, _FOOT - _BEND), (x, _FOOT), (x + inward * _BEND, _FOOT), (end, _FOOT)]
        codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
        ax.add_patch(PathPatch(Path(points, codes), fill=False, edgecolor=color, linewidth=2.5, zorder=1))
        ax.add_patch(Circle((end, _FOOT), _PAIR, facecolor=color, edgecolor="none"))
    for side, y in (("LAC", first), ("LAC", second), ("EU", third)):
        disc = Circle((_SPINES[side], y), _DISC, facecolor=style.PAPER, edgecolor=SIDES[side], linewidth=2.5)
        ax.add_patch(disc)
    shore = (_SPINES["LAC"] + _LEFT + _WIDTHS["LAC"], second)
    landing = (_SPINES["EU"] - _DISC - 0.04, third)
    ax.add_patch(
        FancyArrowPatch(
            shore, landing, arrowstyle="-|>", mutation_scale=13, color=style.INK, linewidth=2, shrinkA=0, shrinkB=0
        )
    )
