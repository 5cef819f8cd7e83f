"""Explore this report in JupyterLab: what `notebooks/explore.ipynb` imports.

Tables are pandas DataFrames, figures are matplotlib Axes. Nothing is written, and nothing is fetched.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from iucresearch import tabulation
from iucresearch.exhibits import EXHIBITS
from iucresearch.figures import key_figures, network, pairings_map, selection, survey
from iucresearch.labels import SHORT_CHOICES
from iucresearch.questionnaire import build_questionnaire
from reissue.core.tables import boundaries
from reissue.drawing.geo import read_topology
from reissue.exhibits.html_table import data_table
from reissue.lab import controls, explore
from reissue.lab.explore import Explorer, Maker


def _map_context() -> dict[str, Any]:
    return {"topology": read_topology(boundaries())}


def _counts(group: str) -> Maker:
    def data(
        counts: pd.DataFrame, statements: pd.DataFrame, *, side: str = "all", reading: str = "literal"
    ) -> pd.DataFrame:
        return survey.counts_data(counts, group, statements, side=side, reading=reading)

    return Maker(survey.draw_counts, data, ("survey_counts", "survey"))


def _box(number: int) -> Maker:
    return Maker(data_table, partial(tabulation.box_data, number=number), ("boxes", "pairings"))


#: How each exhibit is made, as in the notebook that shows it.
MAKERS = {
    "table-1": Maker(tabulation.table_01, tabulation.table_01_data, ("pilots", "uptake")),
    "figure-1": Maker(network.figure_01, network.figure_01_data, ("actions",)),
    "figure-2": Maker(selection.figure_02, selection.figure_02_data, ("criteria",)),
    "figure-3": Maker(pairings_map.figure_03, pairings_map.figure_03_data, ("pairings",), _map_context),
    "figure-4": Maker(data_table, tabulation.roster_data, ("pairings",)),
    "figure-5": Maker(key_figures.figure_05, key_figures.figure_05_data, ("key_figures",)),
    **{item.id: _counts(item.about) for item in EXHIBITS if "survey_counts" in item.tables},
    **{f"box-{number}": _box(number) for number in range(1, 5)},
    "table-2": Maker(tabulation.table_02, tabulation.table_02_data, ("swot",)),
    "annex": Maker(data_table, tabulation.annex_data, ("pairings",)),
}
EXPLORER = Explorer(EXHIBITS, MAKERS, "figure-6", build_questionnaire, SHORT_CHOICES)
start, table, describe = explore.start, explore.table, explore.describe
exhibits, draw, data_of, ask = EXPLORER.exhibits, EXPLORER.draw, EXPLORER.data_of, EXPLORER.ask
reread, words = EXPLORER.reread, EXPLORER.words
exhibit_controls = partial(controls.exhibit_controls, EXPLORER)
reading_controls = partial(controls.reading_controls, EXPLORER)
ledger_controls = partial(controls.ledger_controls, EXPLORER)
