"""The verdict on every exhibit and table: published against each run, and the runs against one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reissue.exhibits.registry import Exhibit
from reissue.review.baseline import CLAIMS, Made, is_kept
from reissue.review.compare import (
    DIFFERS,
    IDENTICAL,
    MISSING,
    SAME_VALUES,
    WORDS,
    Compared,
    Difference,
    compared,
    worst,
)

#: The column of a difference in how far an exhibit is reproduced.
REPRODUCED = "how far it is reproduced"
#: What a rerun may find.
WELL = (IDENTICAL, SAME_VALUES)


@dataclass(frozen=True)
class Verdict:
    """How one exhibit, or one table, came out: identical, same values, differs or missing."""

    id: str
    name: str
    verdict: str
    differences: tuple[Difference, ...] = ()
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as `review.json` has it."""
        told = [vars(one) for one in self.differences]
        return {"id": self.id, "name": self.name, "verdict": self.verdict, "differences": told, "note": self.note}

    def told(self) -> list[str]:
        """Return each difference with the name: `Figure 1, every week, Staff, most: 3 → 4`."""
        return [f"{self.name}, {one}" for one in self.differences]


def judge_exhibits(registry: Iterable[Exhibit], published: Made, runs: Sequence[Made], only: str = "") -> list[Verdict]:
    """Return the verdict on every exhibit of the registry, and on any other that was published; or on one alone."""
    known = {exhibit.id: exhibit for exhibit in registry}
    names = [only] if only else [*known, *(name for name in published.states if name not in known)]
    return [_exhibit(name, known.get(name), published, runs) for name in names]


def judge_tables(published: Made, runs: Sequence[Made]) -> list[Verdict]:
    """Return the verdict on every table that is no exhibit's: verdicts, feasible sets, processed tables."""
    places = dict.fromkeys([*published.tables, *(place for run in runs for place in run.tables)])
    return [_of(place, place, _all([place], published, runs)) for place in places]


def list_changed_claims(found: Sequence[Verdict]) -> list[dict[str, str | None]]:
    """Return the statements whose verdict is not as published: id, published, rebuilt."""
    ledger = next((one for one in found if one.id == CLAIMS), None)
    return [
        {"id": one.row, "published": one.published, "rebuilt": one.rebuilt}
        for one in (ledger.differences if ledger else ())
        if one.column in ("verdict", "row")
    ]


def find_run_differences(*runs: Made) -> list[str]:
    """Return the places of files that the runs made differently, or that one of them did not make."""
    places = sorted({place for run in runs for place in run.hashes})
    return [place for place in places if len({run.hashes.get(place) for run in runs}) > 1]


def _exhibit(name: str, exhibit: Exhibit | None, published: Made, runs: Sequence[Made]) -> Verdict:
    places = list(dict.fromkeys([*published.of_exhibit(name), *(p for run in runs for p in run.of_exhibit(name))]))
    found = _all(places, published, runs)
    lacking = dict.fromkeys(place for run in runs for place in run.lacking(exhibit)) if exhibit else {}
    if lacking and found.verdict != MISSING:
        found = Compared(MISSING, found.differences, f"not made: {', '.join(lacking)}")
    unlike = [place for place in find_run_differences(*runs) if place in places]
    if unlike:
        notes = [*filter(None, [found.note]), f"the two runs differ: {', '.join(unlike)}"]
        found = Compared(worst([found.verdict, SAME_VALUES]), found.differences, "; ".join(notes))
    for run in runs:
        before, after = published.states.get(name), run.states.get(name)
        if found.verdict != MISSING and before != after:
            other = Difference("", REPRODUCED, before, after)
            found = Compared(DIFFERS, tuple(dict.fromkeys([*found.differences, other])), found.note)
    return _of(name, _called(exhibit) if exhibit else name, found)


def _called(exhibit: Exhibit) -> str:
    """Return what a review calls an exhibit: one that the report does not have is marked."""
    return f"{exhibit.name} (added by this edition)" if exhibit.is_added else exhibit.name


def _all(places: list[str], published: Made, runs: Sequence[Made]) -> Compared:
    """Return the worst of what each run is against what was published."""
    found = [_against(places, published, run) for run in runs]
    differences = tuple(dict.fromkeys(one for each in found for one in each.differences))
    if any(one.column != WORDS for one in differences):
        # A table's words say again what its cells do.
        differences = tuple(one for one in differences if one.column != WORDS)
    notes = dict.fromkeys(each.note for each in found if each.note)
    return Compared(worst(each.verdict for each in found), differences, "; ".join(notes))


def _against(places: list[str], published: Made, run: Made) -> Compared:
    hashes = {place: published.hashes[place] for place in places if place in published.hashes}
    values = {place: published.files[place] for place in hashes if is_kept(place)}
    return compared(hashes, values, {place: run.files[place] for place in places if place in run.files})


def _of(id_: str, name: str, found: Compared) -> Verdict:
    return Verdict(id_, name, found.verdict, found.differences, found.note)


def combine_verdicts(found: Sequence[Verdict]) -> str:
    """Return the worst of some verdicts."""
    return worst(one.verdict for one in found)


def well(found: Sequence[Verdict]) -> bool:
    """Whether everything came out again: identical, or with the same values."""
    return combine_verdicts(found) in WELL
