"""What the tests of drawn figures ask of a drawing, whichever it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch
from matplotlib.transforms import Bbox

_SCRIPT = """
import importlib, json, sys
import pandas as pd
from iucresearch import style
module, function, rows = json.load(sys.stdin)
axes = getattr(importlib.import_module(module), function)(pd.DataFrame(rows))
sys.stdout.buffer.write(style.svg(axes.figure))
"""


def texts(ax: Axes) -> list[str]:
    """Return every text of the drawing on one line each."""
    return [artist.get_text().replace("\n", " ") for artist in ax.texts]


def sizes(ax: Axes) -> list[float]:
    return [artist.get_fontsize() for artist in ax.texts]


def svg_of_a_fresh_process(module: str, function: str, data: pd.DataFrame, *, seed: str) -> bytes:
    request = json.dumps([module, function, json.loads(data.to_json(orient="records"))])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], input=request.encode(), env=environment, capture_output=True, check=True
    )
    assert done.stdout.startswith(b"<?xml")
    return done.stdout


def longer(text: str) -> str:
    """Return the text a quarter longer, as a translation may be."""
    more = round(len(text) / 4)
    filler = "y desarrollo territorial con las regiones participantes de ambos continentes "
    return f"{text} {filler * 3}"[: len(text) + more].rstrip() if more > 2 else text + "s" * more


def assert_readable(ax: Axes) -> None:
    """No text is small, outside the axes, on another text, on an edge of a disc or on a line."""
    figure = ax.figure
    for dpi in (72, 100, 200):
        figure.set_dpi(dpi)
        figure.draw_without_rendering()
        frame = ax.get_window_extent()
        extents = {artist: artist.get_window_extent() for artist in ax.texts}
        for artist, box in extents.items():
            assert artist.get_fontsize() >= 8, artist
            inside = box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1
            assert inside, f"{artist} leaves the axes at {dpi} dpi"
            for patch in ax.patches:
                assert not _touches(patch, box), f"{artist} touches {patch} at {dpi} dpi"
            for line in ax.lines:
                path = line.get_transform().transform_path(line.get_path())
                assert not path.intersects_bbox(box, filled=False), f"{artist} touches {line} at {dpi} dpi"
        for (one, box), (other, another) in combinations(extents.items(), 2):
            assert not _shrunk(box).overlaps(_shrunk(another)), f"{one} overlaps {other} at {dpi} dpi"


def _shrunk(box: Bbox) -> Bbox:
    """Paragraphs of a column may touch: take half a pixel off."""
    return box.padded(-0.5)


def _touches(patch: object, box: Bbox) -> bool:
    if isinstance(patch, Circle):
        path = patch.get_transform().transform_path(patch.get_path())
        return bool(path.intersects_bbox(box, filled=False))
    if isinstance(patch, FancyArrowPatch):
        return bool(patch.get_window_extent().overlaps(box))
    if isinstance(patch, PathPatch):
        path = patch.get_transform().transform_path(patch.get_path())
        return bool(path.intersects_bbox(box, filled=False))
    raise AssertionError(f"the tests do not know {patch}")
