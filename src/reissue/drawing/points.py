"""Points of the page (1/72 inch) and data coordinates of axes whose limits and place in the figure are final."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from reissue.drawing import style

Floats = NDArray[np.float64]


def to_points(ax: Axes, xy: Floats) -> Floats:
    """Return data coordinates as points of the page."""
    return np.asarray(ax.transData.transform(xy) * _unit(ax))


def to_data(ax: Axes, xy: Floats) -> Floats:
    """Return points of the page as data coordinates."""
    return np.asarray(ax.transData.inverted().transform(xy / _unit(ax)))


def axes_corners(ax: Axes) -> Floats:
    """Return the lower left and the upper right corner of the axes, in data coordinates."""
    return np.array([ax.get_xlim(), ax.get_ylim()]).T


def _unit(ax: Axes) -> float:
    return float(72 / style.figure_of(ax).dpi)
