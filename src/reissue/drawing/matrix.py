"""Numbers of pairs, counted by the kinds of both partners."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from reissue.drawing import style
from reissue.drawing.boxes import Words, text_width

_SHADES = (style.PAPER, "#bfe0d5", "#6db8a0", "#3d9c80")
_PAD = 3.0  # points, between the cells and their labels


def measure_margins(counts: pd.DataFrame, total: str, size: float, width: float) -> tuple[float, float]:
    """Return the inches that `draw_matrix` needs left of the cells and above them, in a drawing of this width."""
    left = max(text_width(Words(label, size)) for label in [*counts.index, total]) + 2 * _PAD / 72
    upright = _is_upright(counts, total, size, width - left)
    longest = max(text_width(Words(label, size)) for label in [*counts.columns, total])
    return left, (longest if upright else 1.2 * size / 72) + 2 * _PAD / 72


def draw_matrix(ax: Axes, counts: pd.DataFrame, total: str, size: float) -> None:
    """Draw a heat map of the counts with the total of each row and column; zeros and totals are not shaded.

    Parameters
    ----------
    ax
        Holds the cells. Their labels need `measure_margins`; those of the columns are upright where they are too wide.
    counts
        One row and one column per label.
    total
        What the totals are called.
    size
        Of the text, in points.
    """
    import seaborn as sns

    shades = counts.clip(upper=len(_SHADES) - 1)
    shades = shades.assign(**{total: 0})
    shades.loc[total] = 0
    numbers = counts.assign(**{total: counts.sum(axis="columns")})
    numbers.loc[total] = numbers.sum()
    sns.heatmap(
        shades,
        ax=ax,
        annot=numbers.map(lambda number: str(number) if number else "·"),
        fmt="",
        annot_kws={"size": size, "color": style.INK},
        cmap=ListedColormap(_SHADES),
        vmin=-0.5,
        vmax=len(_SHADES) - 0.5,
        cbar=False,
        linewidths=1.5,
        linecolor=style.PAPER,
    )
    for text in ax.texts:
        text.set(**{"color": style.MUTED} if text.get_text() == "·" else {"fontweight": "bold"})
    inches = ax.get_window_extent().width / style.figure_of(ax).dpi
    upright = 90 if _is_upright(counts, total, size, inches) else 0
    ax.set(xlabel="", ylabel="")
    ax.xaxis.tick_top()
    ax.tick_params(length=0, pad=_PAD, labelsize=size)
    ax.tick_params(axis="x", labelrotation=upright)
    ax.tick_params(axis="y", labelrotation=0)


def _is_upright(counts: pd.DataFrame, total: str, size: float, width: float) -> bool:
    cell = width / (len(counts.columns) + 1)
    return max(text_width(Words(label, size)) for label in [*counts.columns, total]) > cell - 0.04
