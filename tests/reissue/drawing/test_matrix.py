from itertools import pairwise

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from reissue.drawing import style
from reissue.drawing.boxes import add_panel
from reissue.drawing.matrix import _SHADES, draw_matrix, measure_margins

COUNTS = pd.DataFrame({"Ash": [0, 2], "Beech": [1, 0], "Chestnut": [5, 0]}, index=["North", "South"])


def draw(width):
    left, above = measure_margins(COUNTS, "All", 8.0, width)
    with style.use_style():
        figure = Figure(figsize=(width, above + 0.9))
        ax = add_panel(figure, left, above, width - left, 0.9)
        draw_matrix(ax, COUNTS, "All", 8.0)
    figure.draw_without_rendering()
    return ax


def test_numbers_totals_and_shades():
    ax = draw(4.0)
    assert [text.get_text() for text in ax.texts] == ["·", "1", "5", "6", "2", "·", "·", "2", "2", "1", "5", "8"]
    (cells,) = ax.collections
    shades = [_SHADES[number] for number in (0, 1, 3, 0, 2, 0, 0, 0, 0, 0, 0, 0)]
    assert [to_hex(colour) for colour in cells.get_facecolor()] == shades
    assert [text.get_fontweight() for text in ax.texts[:3]] == ["normal", "bold", "bold"]


@pytest.mark.parametrize(("width", "rotation"), [(4.0, 0), (1.6, 90)])
def test_labels_are_upright_where_room_is_short_and_never_leave_the_figure(width, rotation):
    ax = draw(width)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Ash", "Beech", "Chestnut", "All"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["North", "South", "All"]
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {rotation}
    box = ax.figure.get_tightbbox()
    assert box.x0 >= -0.005
    assert box.y1 <= ax.figure.get_figheight() + 0.005
    labels = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert all(one.x1 <= two.x0 for one, two in pairwise(labels))
