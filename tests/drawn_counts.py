"""What a chart of counts shows, read from its artists: rows with bar, marks, lines, words and label; list items."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

from reissue.drawing import style


@dataclass(frozen=True)
class Drawn:
    """One row: its label, the words at its end, its bar from 0, and the counts that a mark or a line covers."""

    label: str
    words: str
    is_bold: bool
    certain: int
    possible: tuple[int, ...]
    colour: str
    thickness: float


def read_rows(ax: Axes) -> list[Drawn]:
    """Return the rows of a chart from top to bottom."""
    height = max(ax.get_ylim())
    words = sorted((text for text in ax.texts if isinstance(text, Annotation)), key=lambda text: text.xy[1])
    labels = sorted(_labels(ax, height), key=_top)
    rows = []
    for row, below in zip(words, [*words[1:], None], strict=True):
        y = row.xy[1]
        (bar,) = [patch for patch in ax.patches if _is_at(_centre(patch), y)]
        assert bar.get_x() == 0
        covered, colours = _covered(ax, y)
        assert colours <= {to_hex(bar.get_facecolor())}
        own = [label for label in labels if _top(label) <= y]
        labels = labels[len(own) :]
        assert len(own) <= 1, "a label without a row"
        assert below is None or _top_of_bar(ax, below.xy[1]) > y
        possible = tuple(sorted(covered)) or (round(bar.get_width()),)
        # The words follow the highest possible count.
        assert row.xy[0] == possible[-1]
        rows.append(
            Drawn(
                own[0].get_text().replace("\n", " ") if own else "",
                row.get_text(),
                row.get_fontweight() == "bold",
                round(bar.get_width(), 6),
                possible,
                to_hex(bar.get_facecolor()),
                round(bar.get_height(), 6),
            )
        )
    assert labels == []
    assert len(ax.patches) == len(rows)
    return rows


def read_items(ax: Axes) -> list[tuple[str, str]]:
    """Return the mark and the text of each item of a list, from top to bottom."""
    marks = sorted((text for text in ax.texts if text.get_ha() == "right"), key=_top)
    items = sorted((text for text in ax.texts if text.get_ha() == "left" and _is_ink(text)), key=_top)
    assert [_top(mark) for mark in marks] == [_top(item) for item in items]
    return [(mark.get_text(), item.get_text().replace("\n", " ")) for mark, item in zip(marks, items, strict=True)]


def read_notes(ax: Axes) -> list[str]:
    """Return the sentences beside the rows or items: headings and notes, from top to bottom."""
    texts = sorted((text for text in ax.texts if not isinstance(text, Annotation) and not _is_ink(text)), key=_top)
    return [text.get_text().replace("\n", " ") for text in texts]


def read_key(ax: Axes) -> list[str]:
    """Return the words of the key; none if there is no key."""
    legend = ax.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


def all_texts(ax: Axes) -> list[Text]:
    """Return every text of a chart, those of its axis and key included."""
    legend = ax.get_legend()
    ticks = [*ax.get_xticklabels(), ax.xaxis.label] if ax.axison else []
    return [text for text in (*ax.texts, *ticks, *(legend.get_texts() if legend else ())) if text.get_text()]


def assert_readable(ax: Axes, smallest: float) -> None:
    """No text is small or on another text or mark, and nothing leaves the canvas."""
    figure = ax.figure
    figure.canvas.draw()
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox()
    assert min(box.x0, box.y0, width - box.x1, height - box.y1) >= -1e-6, f"{box} leaves {width} x {height}"
    extents = [(text, text.get_window_extent().padded(-0.5)) for text in all_texts(ax)]
    for number, (text, extent) in enumerate(extents):
        assert text.get_fontsize() >= smallest
        for other, another in extents[number + 1 :]:
            assert not extent.overlaps(another), f"{text} overlaps {other}"
        for patch in ax.patches:
            assert patch.get_width() == 0 or not extent.overlaps(patch.get_window_extent()), f"{text} is on a bar"
        for points in _marks(ax):
            assert not any(extent.contains(*ax.transData.transform(point)) for point in points), f"{text} is on a mark"


def _marks(ax: Axes) -> list[np.ndarray]:
    return [np.asarray(marks.get_offsets()) for marks in ax.collections if isinstance(marks, PathCollection)]


def _covered(ax: Axes, y: float) -> tuple[set[int], set[str]]:
    """Return the whole counts under marks and lines at a height, and their colours."""
    covered: set[int] = set()
    colours: set[str] = set()
    for artist in ax.collections:
        if isinstance(artist, PathCollection):
            assert to_hex(artist.get_facecolor()[0]) == style.PAPER, "a mark is hollow"
            found = [round(float(x), 6) for x, place in artist.get_offsets() if _is_at(place, y)]
            assert all(x == round(x) for x in found)
            covered |= {round(x) for x in found}
        else:
            assert isinstance(artist, LineCollection)
            spans = [segment[:, 0] for segment in artist.get_segments() if _is_at(segment[0, 1], y)]
            found = [count for start, end in spans for count in range(round(start), round(end) + 1)]
            covered |= set(found)
        if found:
            colours.add(to_hex(artist.get_edgecolor()[0]))
    return covered, colours


def _labels(ax: Axes, height: float) -> list[Text]:
    texts = [text for text in ax.texts if not isinstance(text, Annotation) and _is_ink(text)]
    return [text for text in texts if _top(text) < height]


def _is_ink(text: Text) -> bool:
    return bool(text.get_color() == style.INK)


def _top(text: Text) -> float:
    return float(text.get_position()[1])


def _centre(bar: Rectangle) -> float:
    return float(bar.get_y() + bar.get_height() / 2)


def _top_of_bar(ax: Axes, y: float) -> float:
    return min(patch.get_y() for patch in ax.patches if _is_at(_centre(patch), y))


def _is_at(place: float, y: float) -> bool:
    return abs(place - y) < 1e-6
