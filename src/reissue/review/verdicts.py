"""The verdict on every exhibit and table: the baseline compared with each run, and the runs with each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reissue.exhibits.registry import Exhibit
from reissue.review.baseline import Snapshot, is_kept
from reissue.review.compare import (
    DIFFERS,
    IDENTICAL,
    MISSING,
    SAME_VALUES,
    WORDS,
    Comparison,
    Difference,
    compare_files,
    find_worst,
)

#: The column of a difference in how far an exhibit is reproduced.
REPRODUCED = "how far it is reproduced"
#: Verdicts on a successful rerun.
ACCEPTED = (IDENTICAL, SAME_VALUES)


def judge_exhibits(
    registry: Iterable[Exhibit], baseline: Snapshot, runs: Sequence[Snapshot], only: str = ""
) -> list[Comparison]:
    """Return the verdict on every exhibit of the registry and of the baseline, or on one exhibit alone."""
    known = {exhibit.id: exhibit for exhibit in registry}
    ids = [only] if only else [*dict.fromkeys([*known, *baseline.states])]
    return [_judge_exhibit(id_, known.get(id_), baseline, runs) for id_ in ids]


def judge_tables(baseline: Snapshot, runs: Sequence[Snapshot]) -> list[Comparison]:
    """Return the verdict on every table that belongs to no exhibit: verdicts, feasible sets, processed tables."""
    places = dict.fromkeys(place for one in (baseline, *runs) for place in one.tables)
    return [replace(_compare_runs([place], baseline, runs), id=place, name=place) for place in places]


def find_run_differences(*runs: Snapshot) -> list[str]:
    """Return the places of files that the runs made differently, or that one of them did not make."""
    places = sorted({place for run in runs for place in run.hashes})
    return [place for place in places if len({run.hashes.get(place) for run in runs}) > 1]


def _judge_exhibit(id_: str, exhibit: Exhibit | None, baseline: Snapshot, runs: Sequence[Snapshot]) -> Comparison:
    places = [*dict.fromkeys(place for one in (baseline, *runs) for place in one.find_files(id_))]
    found = _compare_runs(places, baseline, runs)
    missing = dict.fromkeys(place for run in runs for place in run.find_missing_files(exhibit)) if exhibit else {}
    if missing and found.verdict != MISSING:
        found = replace(found, verdict=MISSING, note=f"not made: {', '.join(missing)}")
    unlike = [place for place in find_run_differences(*runs) if place in places]
    if unlike:
        note = "; ".join(filter(None, [found.note, f"the two runs differ: {', '.join(unlike)}"]))
        found = replace(found, verdict=find_worst([found.verdict, SAME_VALUES]), note=note)
    before = baseline.states.get(id_)
    states = [Difference("", REPRODUCED, before, run.states.get(id_)) for run in runs if run.states.get(id_) != before]
    if states and found.verdict != MISSING:
        found = replace(found, verdict=DIFFERS, differences=tuple(dict.fromkeys([*found.differences, *states])))
    name = exhibit.name if exhibit else id_
    return replace(found, id=id_, name=f"{name} (added by this edition)" if exhibit and exhibit.is_added else name)


def _compare_runs(places: list[str], baseline: Snapshot, runs: Sequence[Snapshot]) -> Comparison:
    """Compare some files of each run with the baseline, and return the worst verdict with all differences."""
    hashes = {place: baseline.hashes[place] for place in places if place in baseline.hashes}
    values = {place: baseline.files[place] for place in hashes if is_kept(place)}
    found = [
        compare_files(hashes, values, {place: run.files[place] for place in places if place in run.files})
        for run in runs
    ]
    differences = tuple(dict.fromkeys(one for each in found for one in each.differences))
    if any(one.column != WORDS for one in differences):
        # The words of a table repeat what its cells say.
        differences = tuple(one for one in differences if one.column != WORDS)
    notes = dict.fromkeys(each.note for each in found if each.note)
    return Comparison(find_worst(each.verdict for each in found), differences, "; ".join(notes))
