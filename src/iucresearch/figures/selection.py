"""Figure 2: how the regions were selected, as a process with its criteria."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
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

#: The steps in their order: side, what happens, and whether the side's criteria apply there.
_STEPS = (
    ("LAC", N_("Annual visits pre-select Latin American regions"), False),
    ("LAC", N_("National authorities commit, regions are validated"), True),
    ("EU", N_("A customised call selects EU peers"), True),
    ("both", N_("Regions are paired"), False),
)

_DISC, _PAIR = 0.085, 0.17
_BEND = 0.3


@dataclass(frozen=True)
class _Layout:
    """The drawing, in inches from its upper left corner; sizes of text in points."""

    height: float
    #: By side: the line of a side's lane, the left end and the width of its words, and the height of its heading.
    spines: dict[str, float]
    lefts: dict[str, float]
    widths: dict[str, float]
    heads: dict[str, float]
    #: The tops of the words of the first three steps, and the height of the pairing.
    tops: tuple[float, float, float]
    foot: float
    #: Where the words of the second and the third step end.
    bottoms: tuple[float, float]
    #: The arrow to the third step: where it starts, and its height if that is not the step's own.
    shore: float
    crossing: float | None
    sizes: tuple[float, float]


_WIDE = _Layout(
    height=5.12,
    spines={"LAC": 0.2, "EU": 4.45},
    lefts={"LAC": 0.6, "EU": 4.85},
    widths={"LAC": 3.36, "EU": 2.28},
    heads={"LAC": 0.1, "EU": 0.78},
    tops=(0.4, 1.08, 1.08),
    foot=4.6,
    bottoms=(4.4, 4.4),
    shore=3.96,
    crossing=None,
    sizes=(10.5, 9.5),
)
#: The lane of the European Union is under the other one, its line at the right.
_NARROW = _Layout(
    height=5.92,
    spines={"LAC": 0.12, "EU": 3.48},
    lefts={"LAC": 0.44, "EU": 0.44},
    widths={"LAC": 3.02, "EU": 2.8},
    heads={"LAC": 0.04, "EU": 3.5},
    tops=(0.24, 0.74, 3.7),
    foot=5.45,
    bottoms=(3.2, 5.1),
    shore=0.12,
    crossing=3.4,
    sizes=(9.0, 7.5),
)


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
        words = _("{stage}. {step}, on {count}.") if criteria else "{stage}. {step}."
        sentences.append(words.format(stage=step["stage"], step=step["text"], count=_count(criteria)))
    return " ".join(sentences)


@described_by(figure_02_alt)
def figure_02(data: pd.DataFrame, *, ax: Axes | None = None, width: float = style.WIDTH) -> Axes:
    """Draw the process downward, one lane per side, with the side's criteria under the step where they apply.

    Parameters
    ----------
    data
        One row per step or criterion, as `figure_02_data` returns it.
    ax
        Axes to draw on; without them, those of a new figure.
    width
        Of the drawing, in inches; a narrow one has the lanes under each other.

    Raises
    ------
    InputError
        If a text does not fit.
    """
    steps = _steps(data)
    layout = _NARROW if style.is_narrow(width) else _WIDE
    large, small = layout.sizes
    first, second, third = layout.tops
    with style.use_style():
        ax = blank_axes(ax, width, layout.height)
        boxes = [
            _lane(layout, "LAC", first, second - 0.06, [_title(steps[0], large)]),
            _lane(layout, "LAC", second, layout.bottoms[0], _column(data, steps[1], layout)),
            _lane(layout, "EU", third, layout.bottoms[1], _column(data, steps[2], layout)),
            Box(_centre(layout) - 1.4, layout.foot + _PAIR + 0.03, 2.8, 0.26, (_title(steps[3], large),), "center"),
            *(_lane(layout, side, top, top + 0.3, [_head(side, small)]) for side, top in layout.heads.items()),
        ]
        placed = fill(ax, boxes, source=SOURCE, smallest=style.smallest_size(width))
        for side, column in (("LAC", placed[1]), ("EU", placed[2])):
            _number(ax, layout.lefts[side] - 0.08, side, data, column[2:])
        levels = [lines[0].baseline - _DISC / 2 for lines in placed[:3]]
        _draw_flow(ax, layout, levels[0], levels[1], layout.crossing or levels[2])
    return ax


def _centre(layout: _Layout) -> float:
    return sum(layout.spines.values()) / 2


def _steps(data: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return data[data["kind"] == "step"].sort_values("stage").to_dict("records")


def _criteria(data: pd.DataFrame, step: dict[Hashable, Any]) -> list[str]:
    """Return the criteria of a step, in order."""
    rows = data[(data["kind"] == "criterion") & (data["stage"] == step["stage"])]
    return list(rows.sort_values("number")["text"])


def _count(criteria: list[str]) -> str:
    number = len(criteria)
    return ngettext("{number} criterion", "{number} criteria", number).format(number=number)


def _title(step: dict[Hashable, Any], size: float) -> Words:
    return Words(str(step["text"]), size, "bold")


def _head(side: str, size: float) -> Words:
    return Words(_(SIDE_NAMES[side]), size, color=style.MUTED)


def _column(data: pd.DataFrame, step: dict[Hashable, Any], layout: _Layout) -> list[Words]:
    """Return a step's words: what happens, the number of criteria, and each criterion."""
    large, small = layout.sizes
    criteria = _criteria(data, step)
    count = Words(_count(criteria), small, color=style.MUTED, before=0.03)
    return [_title(step, large), count, *(Words(text, small, before=small * 0.0105) for text in criteria)]


def _lane(layout: _Layout, side: str, top: float, bottom: float, words: list[Words]) -> Box:
    return Box(layout.lefts[side], top, layout.widths[side], bottom - top, tuple(words))


def _number(ax: Axes, right: float, side: str, data: pd.DataFrame, column: list[Placed]) -> None:
    """Write each criterion's number to its left, on its first line."""
    rows = data[(data["kind"] == "criterion") & (data["side"] == side)].sort_values("number")
    for number, line in zip(rows["number"], column, strict=True):
        size = line.artist.get_fontsize()
        ax.text(right, line.baseline, str(number), size=size, weight="bold", color=style.MUTED, ha="right")


def _draw_flow(ax: Axes, layout: _Layout, first: float, second: float, third: float) -> None:
    """Draw each side's lane down to the pairing, a disc per step, and the arrow from side to side."""
    foot = layout.foot
    for side, start, inward in (("LAC", first, 1), ("EU", third, -1)):
        x, color = layout.spines[side], SIDES[side]
        end = _centre(layout) - inward * (_PAIR + 0.015)
        points = [(x, start), (x, foot - _BEND), (x, foot), (x + inward * _BEND, foot), (end, foot)]
        codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
        ax.add_patch(PathPatch(Path(points, codes), fill=False, edgecolor=color, linewidth=2.5, zorder=1))
        ax.add_patch(Circle((end, foot), _PAIR, facecolor=color, edgecolor="none"))
    for side, y in (("LAC", first), ("LAC", second), ("EU", third)):
        disc = Circle((layout.spines[side], y), _DISC, facecolor=style.PAPER, edgecolor=SIDES[side], linewidth=2.5)
        ax.add_patch(disc)
    shore, landing = (layout.shore, third), (layout.spines["EU"] - _DISC - 0.04, third)
    ax.add_patch(
        FancyArrowPatch(
            shore, landing, arrowstyle="-|>", mutation_scale=13, color=style.INK, linewidth=2, shrinkA=0, shrinkB=0
        )
    )
