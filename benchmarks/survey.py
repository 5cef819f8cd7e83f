"""Rows about single parts: the ledger, what the survey's numbers allow, synthetic answers and true ones."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.timing import Row, Rows, timed
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
from reissue.ledger import judge
from reissue.survey import System, feasible, parts, results
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.counting import InexactWarning
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import tabulate_counts
from reissue.survey.verdicts import SurveyModel

#: Size of the generated ledgers: the second shows whether time grows with the number of claims.
SIZES = (10_000, 100_000)
#: Respondents and options of the generated surveys.
RESPONDENTS = (32, 320, 3_200)
OPTIONS = (3, 4, 5, 6)
CONTRIBUTIONS = 100_000


def generated(claims: pd.DataFrame, size: int) -> pd.DataFrame:
    """Return a ledger of `size` claims: copies of the real one, each leaning on its own copies."""
    copies = -(-size // len(claims))
    columns = ("id", "of", "claims")
    names = {column: claims[column].astype("object").fillna("") for column in columns}
    parts_ = []
    for copy in range(copies):
        renamed = {
            column: names[column].map(lambda text, c=copy: ";".join(f"{name}-{c}" for name in text.split(";") if name))
            for column in columns
        }
        parts_.append(claims.assign(**renamed))
    return pd.concat(parts_, ignore_index=True)


def generated_survey(n: int, options: int) -> System:
    """Return a question of two sides with `n` respondents: a share of some answers, a percentage of another."""
    system, sides = System(), {"EU": n * 17 // 32, "LAC": n - n * 17 // 32}
    for side, size in sides.items():
        for option in range(options):
            system.cell(f"{option}.{side}", size)
        system.require({f"{option}.{side}": 1 for option in range(options)}, {size})
    for option in range(options):
        system.total(f"{option}.all", {f"{option}.{side}": 1 for side in sides})
    first = {f"{option}.{side}": 1 for option in (0, 1) for side in sides}
    return system.require(first, range(n * 2 // 3, n + 1)).require({"2.all": 1}, {n // 5})


def generated_export(copies: int, folder: Path) -> Path:
    """Return the file of an export with many contributions and 60 columns: a draw, over and over."""
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
    path = folder / "export.xlsx"
    write_workbook(path, pd.concat([own, *free]), pd.concat([mapping, more]), alias=ALIAS)
    return path


def rows() -> Rows:
    """Return the rows; each reads the data when it is run."""
    found: Rows = {"ledger": lambda: _ledger("ledger", None)}
    for size in SIZES:
        found[f"ledger-{size}"] = lambda size=size: _ledger(f"ledger-{size}", size)  # type: ignore[misc]
    found |= {"survey-feasible": _feasible, "draws-1000": _draws, "draws-written": _written, "intake": _intake}
    for n in RESPONDENTS:
        for options in OPTIONS:
            found[f"survey-{n}-{options}"] = lambda n=n, options=options: _size(n, options)  # type: ignore[misc]
    return found


_raw = cache(load_raw)


def _forget() -> None:
    parts.LAYERS_CACHE.clear()
    results._ask_once.cache_clear()


def _ledger(name: str, size: int | None) -> Row:
    raw = _raw()
    cleaned, survey = clean(raw), SurveyModel(build_questionnaire(raw))
    tables = cleaned | analyse(raw, cleaned)
    claims = generated(raw["claims"], size) if size else raw["claims"]
    seconds = timed(lambda: judge(claims, tables, raw["readings"], survey))
    return Row(name, f"{len(claims)} claims judged, statements about the survey once before", seconds)


def _feasible() -> Row:
    survey = build_questionnaire(_raw())
    seconds = timed(lambda: tabulate_counts(survey, Interpretation()), _forget)
    return Row("survey-feasible", "all feasible sets of the survey, nothing remembered", seconds)


def _draws() -> Row:
    survey = build_questionnaire(_raw())
    return Row("draws-1000", "1,000 datasets in memory", timed(lambda: draw_datasets(survey, 1_000, 1), _forget))


def _written() -> Row:
    raw = _raw()
    mapping, found = (
        read_mapping(paths.MAPPING, raw["questions"], raw["options"]),
        draw_datasets(build_questionnaire(raw), 20, 1),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "one.xlsx")

        def job() -> None:
            for number in range(20):
                write_workbook(path, found.build_answers(number), mapping, alias=ALIAS)

        seconds = timed(job)
    return Row("draws-written", "20 datasets written as workbooks", seconds)


def _intake() -> Row:
    raw = _raw()
    survey, mapping = build_questionnaire(raw), read_mapping(paths.MAPPING, raw["questions"], raw["options"])

    def job() -> None:
        found = decode_answers(read_export(path), mapping, raw["questions"], raw["options"], survey.groups)
        build_answer_table(survey, count_cells(survey, found))

    with tempfile.TemporaryDirectory() as folder:
        path = generated_export(CONTRIBUTIONS // 32, Path(folder))
        seconds = timed(job)
    return Row("intake", f"{CONTRIBUTIONS:,} contributions by 60 columns (XLSX) read and counted{_peak()}", seconds)


def _peak() -> str:
    try:
        import resource
    except ImportError:  # Windows
        return ""
    return f"; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, making the file included"


def _size(n: int, options: int) -> Row:
    system = generated_survey(n, options)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", InexactWarning)
        seconds = timed(lambda: feasible(system), _forget)
    what = f"{n} respondents, {options} options: {'outer bounds only, too large' if told else 'exact'}"
    return Row(f"survey-{n}-{options}", what, seconds)
