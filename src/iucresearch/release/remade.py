"""What can be made again from the report and what is released is made again, and compared with the finished files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from iucresearch import package, paths
from iucresearch.clean import clean, questionnaire
from iucresearch.pipeline.export import pages
from iucresearch.pipeline.ipynb import read_notebook
from iucresearch.pipeline.opening import opening
from iucresearch.pipeline.order import read_order
from iucresearch.pipeline.panel import panel
from iucresearch.pipeline.run import fill_slots
from iucresearch.release.allowed import Allowed
from iucresearch.release.counts import Released
from iucresearch.survey.results import sensitivity
from iucresearch.survey.statements import Reading


@dataclass(frozen=True)
class Remade:
    """What the report and the counts released make, under one rounding of percentages.

    Attributes
    ----------
    tables
        The text of every table, by its place in a build.
    allowed
        What may be stated of counts.
    values
        The named values that prose may tell.
    """

    tables: Mapping[str, str]
    allowed: Allowed
    values: Mapping[str, str]

    @classmethod
    def of(cls, raw: Mapping[str, pd.DataFrame], released: Released, rounding: str) -> Remade:
        """Make them."""
        made = clean(raw, rounding=rounding, released=released)
        texts = {f"processed/{name}.csv": package.csv_text(table) for name, table in made.items()}
        texts["claims.csv"] = texts["processed/claims.csv"]
        texts["survey/sensitivity.csv"] = package.csv_text(sensitivity(questionnaire(raw), Reading(rounding)))
        values = dict(zip(made["values"]["name"], made["values"]["value"], strict=True))
        return cls(texts, Allowed(made["survey_counts"]), values)


def differing(build: str, remade: Remade, notice: str) -> Iterator[str]:
    """Tell of files of a build that are not what the report and the counts released make: tables, prose, pages.

    Parameters
    ----------
    build
        Its name.
    remade
        What they make.
    notice
        What stands at the top of every page.
    """
    folder, order = paths.build_folder(build), read_order()
    for name, text in remade.tables.items():
        if _bytes(folder / name) != text.encode():
            yield f"{name}: not the table that the report and the counts released make"
    executed: dict[str, Any] = {stem: read_notebook(folder / "executed" / f"{stem}.ipynb") for stem in order.needs}
    for stem, notebook in executed.items():
        source = read_notebook(paths.NOTEBOOKS / f"{stem}.ipynb")
        fill_slots(source, remade.values, stem)
        prose = [[c.source for c in one.cells if c.cell_type == "markdown"] for one in (source, notebook)]
        if prose[0] != prose[1]:
            yield f"executed/{stem}.ipynb: not the prose that the report and the counts released make"
    again = pages(executed, list(order.needs), panel(build), order.page, notice, opening(build))
    for name, text in again.items():
        if _bytes(folder / name) != text.encode():
            yield f"{name}: not the page that the executed notebooks make"


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
