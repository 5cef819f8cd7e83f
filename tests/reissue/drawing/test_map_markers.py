import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from reissue.drawing.map_markers import Marker, draw_numbered_places

ORANGE = "#d98200"


def test_where_places_are_close_a_line_leads_to_each_that_is_left():
    ax = Figure(figsize=(1, 1), layout="none").add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 72), ylim=(0, 72))  # points
    places = np.array([(10.0, 60.0), (40.0, 30.0), (40.0, 30.0)])
    draw_numbered_places(ax, places, [7, 8, 19], Marker(is_round=True, colour=ORANGE, size=8.0))
    dots, markers = (found for found in ax.collections if isinstance(found, PathCollection))
    assert to_hex(markers.get_edgecolor()[0]) == to_hex(dots.get_facecolor()[0]) == ORANGE
    assert [text.get_text() for text in ax.texts] == ["7", "8", "19"]
    assert np.allclose([text.xy for text in ax.texts], markers.get_offsets())
    centres = np.asarray(markers.get_offsets())
    assert np.allclose(centres[0], places[0])
    moved = [number for number in (1, 2) if not np.allclose(centres[number], places[number])]
    assert moved
    assert np.allclose(dots.get_offsets(), places[moved])
    ends = [line.get_xydata() for line in ax.lines]
    assert np.allclose(ends, [[places[number], centres[number]] for number in moved])
    ax.figure.draw_without_rendering()
    for text, centre in zip(ax.texts, centres, strict=True):
        box = text.get_tightbbox()
        assert abs((box.x0 + box.x1) / 2 - ax.transData.transform(centre)[0]) < 0.6
