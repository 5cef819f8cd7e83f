"""Rows about single parts: the ledger, what the survey's numbers allow, synthetic answers and true ones."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.timing import Group, Row, time_rounds
from iucresearch.analysis import analyse
from iucresearch.clean import clean
from iucresearch.notebook import load_raw
from iucresearch.questionnaire import build_questionnaire
from reissue.answers.counts import count_cells
from reissue.answers.decoding import decode_answers
from reissue.answers.draws import ALIAS, draw_datasets
from reissue.answers.export import read_export
from reissue.answers.mapping import read_mapping
from reissue.answers.workbook import write_workbook
from reissue.core import paths
from reissue.ledger.judge import judge
from reissue.survey import parts, results
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import tabulate_counts
from reissue.survey.verdicts import SurveyModel

CONTRIBUTIONS = 100_000


def list_groups() -> list[Group]:
    """Return the rows; each reads the data when it is run."""
    rows = {"ledger": _ledger, "survey-feasible": _feasible, "draws-1000": _draws, "intake": _intake}
    return [Group.of_one(name, run) for name, run in rows.items()]


def _forget() -> None:
    parts.LAYERS_CACHE.clear()
    results._ask_once.cache_clear()


def _ledger() -> Row:
    raw = load_raw()
    cleaned, survey = clean(raw), SurveyModel(build_questionnaire(raw))
    tables = cleaned | analyse(raw, cleaned)
    rounds = time_rounds(lambda: judge(raw["claims"], tables, raw["readings"], survey))
    return Row("ledger", f"{len(raw['claims'])} claims judged, statements about the survey once before", rounds)


def _feasible() -> Row:
    survey = build_questionnaire(load_raw())
    rounds = time_rounds(lambda: tabulate_counts(survey, Interpretation()), _forget)
    return Row("survey-feasible", "all feasible sets of the survey, nothing remembered", rounds)


def _draws() -> Row:
    survey = build_questionnaire(load_raw())
    return Row("draws-1000", "1,000 datasets in memory", time_rounds(lambda: draw_datasets(survey, 1_000, 1), _forget))


def _intake() -> Row:
    raw = load_raw()
    survey, mapping = build_questionnaire(raw), read_mapping(paths.MAPPING, raw["questions"], raw["options"])

    def job() -> None:
        answers = decode_answers(read_export(path), mapping, raw["questions"], raw["options"], survey.groups)
        build_answer_table(survey, count_cells(survey, answers))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_export(path, CONTRIBUTIONS // 32)
        rounds = time_rounds(job)
    return Row("intake", f"{CONTRIBUTIONS:,} contributions by 60 columns (XLSX) read and counted", rounds)


def write_export(path: Path, copies: int) -> None:
    """Write an export with many contributions and 60 columns: a draw, over and over."""
    raw = load_raw()
    mapping = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    one = draw_datasets(build_questionnaire(raw), 1, 1).build_answers(0)
    own = pd.concat([one.assign(respondent=one["respondent"] + 32 * copy) for copy in range(copies)], ignore_index=True)
    extra = 60 - mapping["question"].nunique() - 6
    more = pd.DataFrame(
        [(f"Free text {number}", f"free-{number}", "as before", "yes") for number in range(extra)],
        columns=mapping.columns,
    )
    people = np.arange(1, 32 * copies + 1)
    group = own.drop_duplicates("respondent")["group"].to_numpy()
    free = [
        pd.DataFrame({"respondent": people, "group": group, "question": q, "option": "yes", "chosen": True})
        for q in more["question"]
    ]
    write_workbook(path, pd.concat([own, *free]), pd.concat([mapping, more]), alias=ALIAS)
