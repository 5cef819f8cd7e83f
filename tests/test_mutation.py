"""One raw cell changed at a time: something other than our own stored outputs must notice.

Each case names who notices: `cleaning`, where reading, validation or cleaning refuses the data, or a check of
`tests.checks`. Only that part of the data is made again which the cell reaches and the one who must notice
reads. The ledger of claims is left out: it would refuse some of the cases too, but the checks must notice
without it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from iucresearch import analysis
from iucresearch.clean import clean
from iucresearch.edition import EDITION
from reissue.core import datapackage, paths, validation
from reissue.core.errors import InputError
from reissue.core.raw import load_raw
from tests import checks

CLEANING = "cleaning"
#: Who needs the survey's bounds made again; they take longest, and stand on these files alone.
READS_BOUNDS = (CLEANING, checks.survey_exhibits_show_the_known_numbers, checks.outcomes_are_in_order)
BEHIND_BOUNDS = ("survey.csv", "questions.csv", "options.csv")


class Mutation(NamedTuple):
    """A text that stands once in a raw file, what replaces it, and one of those who must notice."""

    what: str
    file: str
    old: str
    new: str
    noticed_by: Callable[..., None] | str


MUTATIONS = [
    Mutation("a country", "pairings.csv", "Styria,region,Austria", "Styria,region,Italy", checks.six_and_ten_countries),
    Mutation("a country of the other side", "pairings.csv", "sub-region,Poland", "sub-region,Peru", CLEANING),
    Mutation(
        "a kind", "pairings.csv", "Cioeste,sub-region", "Cioeste,region", checks.annex_and_map_show_the_known_pairings
    ),
    Mutation("a misprint mended", "pairings.csv", "O’Higgins", "O'Higgins", CLEANING),
    Mutation("an order", "pairings.csv", "P20,Annex,33,20", "P20,Annex,33,21", checks.pairings_are_as_printed),
    Mutation(
        "a pairing's partner swapped",
        "pairings.csv",
        "Cantabria,region,Spain\nP15,Annex,33,15,Puebla,region,Mexico,Styria,region,Austria",
        "Styria,region,Austria\nP15,Annex,33,15,Puebla,region,Mexico,Cantabria,region,Spain",
        CLEANING,
    ),
    Mutation("a count of regions", "countries.csv", "Spain,EU,6", "Spain,EU,5", checks.countries_are_as_printed),
    Mutation(
        "a count of regions", "countries.csv", "Peru,LAC,3", "Peru,LAC,4", checks.text_and_annex_count_the_same_regions
    ),
    Mutation("a side", "countries.csv", "Peru,LAC", "Peru,EU", CLEANING),
    Mutation("a first year", "pilots.csv", "RED Project,2011", "RED Project,2012", checks.pilots_are_as_printed),
    Mutation("a last year", "pilots.csv", "2018,2022", "2018,2021", checks.named_values_are_the_known_numbers),
    Mutation("years reversed", "pilots.csv", "2011,2013", "2013,2011", CLEANING),
    Mutation("an uptake", "uptake.csv", "constitution of 5 new", "constitution of 6 new", checks.uptake_is_as_printed),
    Mutation("a SWOT item", "swot.csv", "Political instability", "Political stability", checks.swot_is_as_printed),
    Mutation("a SWOT quadrant", "swot.csv", "26,threat,2", "26,strength,2", checks.swot_is_as_printed),
    Mutation("a key figure", "key_figures.csv", "16,5,300", "16,5,200", checks.key_figures_are_as_printed),
    Mutation("a qualifier", "key_figures.csv", "300,over", "300,exactly", checks.key_figures_are_as_printed),
    Mutation("the tile of pairings", "key_figures.csv", "16,1,20", "16,1,21", checks.twenty_pairings),
    Mutation("a criterion's side", "criteria.csv", "16,EU,1", "16,LAC,9", checks.criteria_count_as_printed),
    Mutation("a side of the survey", "survey.csv", "EU,count,exactly,17,17", "EU,count,exactly,18,18", CLEANING),
    Mutation(
        "a survey count",
        "survey.csv",
        "count,exactly,20,20",
        "count,exactly,21,21",
        checks.survey_numbers_are_as_printed,
    ),
    Mutation(
        "a survey count not as printed",
        "survey.csv",
        "count,exactly,20,20",
        "count,exactly,20,21",
        checks.survey_exhibits_show_the_known_numbers,
    ),
    Mutation(
        "an answer that does not add up",
        "survey.csv",
        "vaguely,all,count,exactly,3,3",
        "vaguely,all,count,exactly,4,4",
        CLEANING,
    ),
    Mutation(
        "the familiar of one side",
        "survey.csv",
        'LAC,count,exactly,15,15,,,"Of those',
        'LAC,count,exactly,14,14,,,"Of those',
        checks.all_of_latin_america_is_familiar,
    ),
    Mutation(
        "the high ratings",
        "survey.csv",
        "all,count,exactly,31,31",
        "all,count,exactly,30,30",
        checks.discovery_process_adds_up,
    ),
    Mutation(
        "a percentage", "survey.csv", "more than 93%,93", "more than 90%,90", checks.percentages_allow_these_counts
    ),
    Mutation(
        "a label of a chart", "survey.csv", "exactly,22%,22", "exactly,25%,25", checks.percentages_allow_these_counts
    ),
    Mutation(
        "a bound",
        "survey.csv",
        "more than,more than 87%",
        "exactly,more than 87%",
        checks.survey_numbers_are_as_printed,
    ),
    Mutation("a page", "survey.csv", "support-n,3.3,19,", "support-n,3.3,18,", checks.survey_numbers_are_as_printed),
    Mutation(
        "the options of a count",
        "survey.csv",
        "relevance-edp,4;5,all,count",
        "relevance-edp,3;5,all,count",
        checks.numbers_of_options,
    ),
    Mutation("a rank", "survey.csv", "frequency of mention,6", "frequency of mention,8", checks.outcomes_are_in_order),
    Mutation(
        "an outcome",
        "options.csv",
        "pilot-projects,Pilot projects",
        "pilot-projects,Pilot plans",
        checks.outcomes_are_in_order,
    ),
    Mutation(
        "the pairing of a box", "boxes.csv", "3.4,20,1,1,P17", "3.4,20,1,1,P16", checks.boxes_tell_of_their_pairing
    ),
    Mutation("a corrected name", "corrections.csv", "Castilla y León", "Castilla y Leon", CLEANING),
    Mutation("a name to correct", "corrections.csv", ",Slaskie in Silesia", ",Slaskie", CLEANING),
    Mutation(
        "a sign of a coordinate",
        "geography/places.csv",
        "Córdoba,-31.4",
        "Córdoba,31.4",
        checks.seats_lie_in_their_countries,
    ),
    Mutation(
        "coordinates swapped",
        "geography/places.csv",
        "Valladolid,41.65541,-4.72353",
        "Valladolid,-4.72353,41.65541",
        checks.seats_lie_in_their_countries,
    ),
    Mutation("a code of a region", "geography/places.csv", "AR-A", "AR-B", checks.iso_codes_are_those_of_the_registry),
    Mutation(
        "a code of a country",
        "geography/iso_countries.csv",
        "CHL,152",
        "CHI,152",
        checks.iso_codes_are_those_of_the_registry,
    ),
    Mutation("a NUTS code", "geography/places.csv", "ES41", "PT41", checks.nuts_codes_are_of_their_country),
    Mutation("a NUTS level", "geography/places.csv", "PT18,2", "PT18,3", checks.nuts_codes_are_of_their_country),
]

#: Cleaning refuses first what these two would notice: they are tried on cleaned tables.
FORESTALLED = [
    (checks.sides_of_the_survey_add_up, "respondents-eu", 18),
    (checks.sides_of_the_survey_add_up, "support-n", 31),
    (checks.familiarity_adds_up, "familiarity-vaguely", 2),
]


def copy_with(mutation: Mutation, folder: Path) -> Path:
    """Copy data/raw with one text replaced, and renew the checksum of its file."""
    shutil.copytree(paths.RAW, folder)
    path, descriptor = folder / mutation.file, folder / datapackage.DESCRIPTOR
    text = path.read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1, f"{mutation.old!r} stands {text.count(mutation.old)} times in {mutation.file}"
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    content = json.loads(descriptor.read_text(encoding="utf-8"))
    (item,) = (item for item in content["resources"] if item["path"] == mutation.file)
    item["hash"] = datapackage.hash_file(path)
    descriptor.write_text(json.dumps(content), encoding="utf-8")
    return folder


def near(descriptor: datapackage.Descriptor, file: str) -> datapackage.Descriptor:
    """Return a descriptor with the tables whose schema a changed file can break: its own, and those bound to it."""
    bound = {
        item["name"]: {key["reference"]["resource"] for key in item.get("schema", {}).get("foreignKeys", [])}
        for item in descriptor["resources"]
    }
    own = next(item["name"] for item in descriptor["resources"] if item["path"] == file)
    names = {own, *(name for name, others in bound.items() if own in others)}
    while more := {other for name in names for other in bound[name]} - names:
        names |= more
    return {**descriptor, "resources": [item for item in descriptor["resources"] if item["name"] in names]}


def who_notices(folder: Path, first: Callable[..., None] | str) -> dict[str, str]:
    """Clean a folder's data and run the check that must notice, then others until one does; return what it says."""
    try:
        raw = load_raw(EDITION.check, folder)
        cleaned = clean(raw)
        processed = cleaned | analysis.analyse(raw, cleaned)
    except (InputError, ValueError) as error:
        return {CLEANING: str(error)}
    noticed: dict[str, str] = {}
    for check in sorted(checks.CHECKS, key=lambda check: check is not first):
        if noticed:
            break
        try:
            check(raw, processed)
        except AssertionError as error:
            noticed[check.__name__] = str(error)
    return noticed


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.what}: {m.new[:30]!r}")
def test_a_changed_cell_is_noticed(
    mutation: Mutation, processed: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mutation.file not in BEHIND_BOUNDS or mutation.noticed_by not in READS_BOUNDS:
        monkeypatch.setattr(analysis, "survey_counts", lambda *_: processed["survey_counts"].copy())
    monkeypatch.setattr(analysis, "judge", lambda *tables: processed["claims"].copy())
    whole = validation._check_schema
    monkeypatch.setattr(validation, "_check_schema", lambda folder, of: whole(folder, near(of, mutation.file)))
    noticed = who_notices(copy_with(mutation, tmp_path / "raw"), mutation.noticed_by)
    expected = mutation.noticed_by if isinstance(mutation.noticed_by, str) else mutation.noticed_by.__name__
    assert expected in noticed, (
        f"{mutation.what} in {mutation.file}: {expected} did not notice, but {noticed or 'nobody'}"
    )


@pytest.mark.parametrize(("check", "statement", "value"), FORESTALLED)
def test_checks_that_cleaning_forestalls_notice_too(
    check: checks.Check,
    statement: str,
    value: int,
    raw: dict[str, pd.DataFrame],
    processed: dict[str, pd.DataFrame],
) -> None:
    survey = processed["survey"].copy()
    survey.loc[survey["id"] == statement, "value"] = value
    with pytest.raises(AssertionError):
        check(raw, {**processed, "survey": survey})


def test_every_check_is_seen_failing() -> None:
    tried = {mutation.noticed_by for mutation in MUTATIONS} | {check for check, _, _ in FORESTALLED}
    assert [check.__name__ for check in checks.CHECKS if check not in tried] == []
