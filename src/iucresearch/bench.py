"""`make bench`: time what readers wait for; medians of three rounds after a warm-up, ONLY=row for one."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from iucresearch import paths
from iucresearch.claims import judge
from iucresearch.clean import clean, questionnaire
from iucresearch.data import load_raw
from iucresearch.draws import ALIAS, drawn
from iucresearch.files import write_text
from iucresearch.intake.answers import answers
from iucresearch.intake.counts import cell_counts, counted_answers
from iucresearch.intake.export import read_export
from iucresearch.intake.mapping import default_mapping
from iucresearch.intake.workbook import write_workbook
from iucresearch.survey import System, feasible, parts, results
from iucresearch.survey.counting import InexactWarning
from iucresearch.survey.results import counted
from iucresearch.survey.statements import Reading
from iucresearch.survey.verdicts import Bench

ROUNDS = 3
#: Size of the generated ledgers: the second shows whether time grows with the number of claims.
SIZES = (10_000, 100_000)
#: Respondents and options of the generated surveys.
RESPONDENTS = (32, 320, 3_200)
OPTIONS = (3, 4, 5, 6)
CONTRIBUTIONS = 100_000

Timed = tuple[float, str]


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
    mapping = default_mapping(raw["questions"], raw["options"])
    one = drawn(questionnaire(raw), 1, 1).answers(0)
    own = pd.concat([one.assign(respondent=one["respondent"] + 32 * copy) for copy in range(copies)], ignore_index=True)
    extra = 60 - mapping["question"].nunique() - 6
    more = pd.DataFrame(
        [(f"Free text {number}", f"free-{number}", "as before", "yes") for number in range(extra)],
        columns=mapping.columns,
    )
    people = np.arange(1, 32 * copies + 1)
    side = own.drop_duplicates("respondent")["side"].to_numpy()
    free = [
        pd.DataFrame({"respondent": people, "side": side, "question": q, "option": "yes", "chosen": True})
        for q in more["question"]
    ]
    path = folder / "export.xlsx"
    write_workbook(path, pd.concat([own, *free]), pd.concat([mapping, more]), alias=ALIAS)
    return path


def timed(job: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    """Return the median time of a job in seconds, after one round that does not count; `before` is not timed."""
    job()
    times = []
    for _ in range(ROUNDS):
        before()
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def rows() -> dict[str, Callable[[], Timed]]:
    """Return what can be timed, by name: each gives seconds and what was done."""
    raw = load_raw()
    found: dict[str, Callable[[], Timed]] = {"ledger": lambda: _ledger(raw, None)}
    for size in SIZES:
        found[f"ledger-{size}"] = lambda size=size: _ledger(raw, size)  # type: ignore[misc]
    survey = questionnaire(raw)
    found["survey-feasible"] = lambda: (
        timed(lambda: counted(survey, Reading()), _forget),
        "all feasible sets of the survey, nothing remembered",
    )
    found["draws-1000"] = lambda: (timed(lambda: drawn(survey, 1_000, 1), _forget), "1,000 datasets in memory")
    found["draws-written"] = lambda: _written(raw)
    found["intake"] = _intake
    for n in RESPONDENTS:
        for options in OPTIONS:
            found[f"survey-{n}-{options}"] = lambda n=n, options=options: _size(n, options)  # type: ignore[misc]
    return found


def _forget() -> None:
    parts.KEPT.forget()
    results._tables.cache_clear()


def _ledger(raw: dict[str, pd.DataFrame], size: int | None) -> Timed:
    tables, survey = clean(raw), Bench(questionnaire(raw))
    claims = generated(raw["claims"], size) if size else raw["claims"]
    seconds = timed(lambda: judge(claims, tables, raw["readings"], survey))
    return seconds, f"{len(claims)} claims judged, statements about the survey once before"


def _written(raw: dict[str, pd.DataFrame]) -> Timed:
    mapping, found = default_mapping(raw["questions"], raw["options"]), drawn(questionnaire(raw), 20, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "one.xlsx")

        def job() -> None:
            for number in range(20):
                write_workbook(path, found.answers(number), mapping, alias=ALIAS)

        seconds = timed(job)
    return seconds, "20 datasets written as workbooks"


def _intake() -> Timed:
    raw = load_raw()
    survey, mapping = questionnaire(raw), default_mapping(raw["questions"], raw["options"])

    def job() -> None:
        found = answers(read_export(path), mapping, raw["questions"], raw["options"])
        counted_answers(survey, cell_counts(survey, found))

    with tempfile.TemporaryDirectory() as folder:
        path = generated_export(CONTRIBUTIONS // 32, Path(folder))
        seconds = timed(job)
    return seconds, f"{CONTRIBUTIONS:,} contributions by 60 columns (XLSX) read and counted{_peak()}"


def _peak() -> str:
    try:
        import resource
    except ImportError:  # Windows
        return ""
    return f"; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, making the file included"


def _size(n: int, options: int) -> Timed:
    system = generated_survey(n, options)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", InexactWarning)
        seconds = timed(lambda: feasible(system), _forget)
    return seconds, f"{n} respondents, {options} options: {'outer bounds only, too large' if told else 'exact'}"


def main(arguments: list[str] | None = None) -> int:
    """Time and print every row, or one; write `reports/bench.json`; return 2 for an unknown row."""
    parser = argparse.ArgumentParser(prog="python -m iucresearch.bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="ROW")
    only = parser.parse_args(arguments).only
    found = rows()
    if only and only not in found:
        print(f"iucresearch: there is no row {only!r}. expected one of {', '.join(found)}.", file=sys.stderr)
        return 2
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; medians of {ROUNDS} rounds after a warm-up")
    results_ = []
    for name in [only] if only else list(found):
        seconds, what = found[name]()
        results_.append({"row": name, "seconds": round(seconds, 4), "what": what})
        print(f"  {name:<16} {seconds:8.3f} s  {what}", flush=True)
    write_text(
        paths.ROOT / "reports" / "bench.json", json.dumps({"machine": machine, "rows": results_}, indent=2) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
