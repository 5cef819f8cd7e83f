"""A picture that is cut off at its edge stops the build."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from reissue.core.errors import InputError
from reissue.drawing.canvas import check_canvas


@pytest.fixture
def figure() -> Iterator[Figure]:
    made = plt.figure(figsize=(4, 2))
    axes = made.add_axes((0.2, 0.2, 0.6, 0.6))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    yield made
    plt.close(made)


def test_a_complete_picture_passes_and_so_does_what_is_clipped_hidden_or_empty(figure: Figure) -> None:
    (axes,) = figure.axes
    axes.plot([-5, 5], [0, 1])
    axes.text(9, 9, "")
    axes.text(9, 9, "Hidden", visible=False)
    check_canvas(figure, "Figure 1")


@pytest.mark.parametrize(("x", "y"), [(0.95, 0.5), (-0.1, 0.5), (0.5, -0.2), (0.5, 1.1)])
def test_a_text_over_any_edge_is_named(figure: Figure, x: float, y: float) -> None:
    figure.text(x, y, "A label")
    with pytest.raises(InputError, match=r"^Figure 1: the text 'A label' is cut off at the edge of the picture\. "):
        check_canvas(figure, "Figure 1")


def test_labels_of_an_axis_count_unless_it_is_not_drawn(figure: Figure) -> None:
    (axes,) = figure.axes
    axes.set_yticks([0.5], ["A very long label of an axis"])
    with pytest.raises(InputError, match=r"^Figure 1: "):
        check_canvas(figure, "Figure 1")
    axes.set_axis_off()
    check_canvas(figure, "Figure 1")


def test_a_patch_that_is_not_clipped_counts(figure: Figure) -> None:
    figure.axes[0].add_patch(plt.Rectangle((0.5, 0.5), 3, 0.1, clip_on=False))
    with pytest.raises(InputError, match="a Rectangle is cut off"):
        check_canvas(figure, "Figure 1")
