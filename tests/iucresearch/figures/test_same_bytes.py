"""The same data give the same bytes of every picture, in another process and with another hash seed."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pandas as pd

from iucresearch.exhibits import EXHIBITS
from iucresearch.explore import MAKERS
from iucresearch.figures.brief_map import brief_map, brief_map_data
from reissue.core import paths
from reissue.core.datapackage import digest
from reissue.drawing import style
from reissue.drawing.geo import read_topology
from reissue.exhibits.registry import find_exhibit
from reissue.exhibits.show import draw_exhibit

Tables = dict[str, pd.DataFrame]
SCRIPT = """
import json, pickle, sys
from tests.iucresearch.figures.test_same_bytes import digests
print(json.dumps(digests(pickle.load(open(sys.argv[1], "rb")))))
"""


def digests(tables: Tables) -> dict[str, str]:
    """Return hashes of figures as SVG, among them one brief's map, and of one as PNG."""
    figures = {}
    for name in ("figure-1", "figure-2", "figure-3", "figure-5", "figure-8"):
        maker = MAKERS[name]
        data = maker.data(*(tables[table] for table in maker.tables))
        figures[name] = draw_exhibit(find_exhibit(EXHIBITS, name), maker.make, data, maker.context())
    pairings = tables["pairings"]
    own = pairings["eu_country"] == "Spain"
    topology = read_topology(paths.RAW / "geography" / "countries-50m.json")
    figures["brief"] = brief_map(brief_map_data(pairings[own]), pairings[~own], topology, {"724": "EU", "484": "LAC"})
    pictures = {name: style.svg(figure) for name, figure in figures.items()}
    assert all(len(svg) < (60_000 if name == "brief" else 500_000) for name, svg in pictures.items())
    pictures["png"] = style.png(figures["figure-8"])
    return {name: digest(picture) for name, picture in pictures.items()}


def test_the_same_bytes_in_another_process(processed: Tables, tmp_path: Path) -> None:
    (tmp_path / "tables.pkl").write_bytes(pickle.dumps(processed))
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "tables.pkl")]
    done = subprocess.run(command, cwd=paths.ROOT, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == digests(processed)
