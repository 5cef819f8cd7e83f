"""The survey under another interpretation of the report: the possible counts, what changes, what conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from reissue.core.datapackage import to_csv
from reissue.core.errors import InputError
from reissue.core.language import format_counts
from reissue.core.tables import load
from reissue.exhibits.html_table import data_table
from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.questionnaire import Questionnaire
from reissue.survey.results import Count, find_conflicts, label_count, tabulate_counts
from reissue.survey.rounding import ROUNDINGS

#: Columns of sets of counts, and their text in CSV files: counts joined by a semicolon.
_SETS, _SET = ("allowed", "feasible", "tables"), r"none|\d+(;\d+)*"
#: The parameters of `reread` that take vague quantifiers.
WITHOUT, STRICT, USED = "without", "strict", "used"


@dataclass(frozen=True)
class Reread:
    """The survey under another interpretation of the report; displays what changes.

    `counts` has one row per possible count, as in the processed table `survey_counts`; sets of counts are tuples.
    `changed` has one row per count that differs from the published one: count, side, published, then.
    `conflicts` has one row per statement: conflict (one number for all that conflict), statement, place, wording.
    """

    counts: pd.DataFrame
    changed: pd.DataFrame
    conflicts: pd.DataFrame

    @property
    def summary(self) -> str:
        """What changes, in a sentence or two."""
        sentences = []
        if len(self.conflicts):
            sentences.append("The report cannot be read so: the statements below cannot hold together.")
        if len(self.changed):
            totals = int((self.changed["side"] == "all").sum())
            sentences.append(f"Counts that change: {len(self.changed)}, of which {totals} of all respondents.")
        return " ".join(sentences) or "Nothing changes: every count is as published."

    @property
    def verdict(self) -> Markup:
        """The summary, with a table of the statements that conflict."""
        conflicts = data_table(self.conflicts, "Statements that cannot hold together") if len(self.conflicts) else ""
        return Markup("<p>{}</p>{}").format(self.summary, conflicts)

    @property
    def totals(self) -> Markup:
        """A table of the counts of all respondents that change; empty if none does."""
        rows = self.changed[self.changed["side"] == "all"].drop(columns="side")
        return data_table(rows, "Counts of all respondents that change") if len(rows) else Markup("")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        plain = f"{self.summary}\n\n{to_csv(self.conflicts)}\n{to_csv(self.changed)}"
        return {"text/html": f'<div class="lab">{self.verdict}{self.totals}</div>', "text/plain": plain}


def reread(
    questionnaire: Questionnaire,
    *,
    rounding: str,
    tight: bool,
    without: str | Iterable[str],
    strict: str | Iterable[str],
    used: str | Iterable[str],
    skipped: bool,
    same: bool,
) -> Reread:
    """Return what the statements allow under another interpretation: see `Explorer.reread`."""
    if rounding not in ROUNDINGS:
        raise InputError(f"there is no rounding {rounding!r}", expected=f"one of {', '.join(ROUNDINGS)}")
    chosen = {
        how: _check_quantifiers(questionnaire, how, [words] if isinstance(words, str) else words)
        for how, words in ((WITHOUT, without), (STRICT, strict), (USED, used))
    }
    pairs = frozenset(questionnaire.same.items()) if same else frozenset()
    interpretation = Interpretation(rounding, tight, chosen[WITHOUT], chosen[STRICT], chosen[USED], skipped, pairs)
    before, after = tabulate_counts(questionnaire, PUBLISHED), tabulate_counts(questionnaire, interpretation)
    conflicts = [] if all(after.values()) else find_conflicts(questionnaire, interpretation)
    rows = [
        (number, id_, f"section {row['section']}, page {row['page']}", f"{row['about']}: “{row['printed']}”")
        for number, ids in enumerate(conflicts, start=1)
        for id_, row in ((id_, questionnaire.statements[id_]) for id_ in ids)
    ]
    return Reread(
        _tabulate_possible(after),
        _tabulate_changes(questionnaire, before, after),
        pd.DataFrame(rows, columns=["conflict", "statement", "place", "wording"]),
    )


def list_quantifiers(questionnaire: Questionnaire) -> pd.DataFrame:
    """Return one row per vague quantifier of the survey: word, statements (how many), read, otherwise."""
    bounds = pd.Series([row["bound"] for row in questionnaire.statements.values()]).value_counts()
    rows = []
    for word, row in questionnaire.quantifiers.items():
        if word in bounds:
            otherwise = [USED] if not row["used"] else [WITHOUT] if pd.isna(row["strict"]) else [WITHOUT, STRICT]
            rows.append((word, int(bounds[word]), row["meaning"], ", ".join(otherwise)))
    return pd.DataFrame(rows, columns=["word", "statements", "read", "otherwise"])


def _check_quantifiers(questionnaire: Questionnaire, how: str, words: Iterable[str]) -> frozenset[str]:
    """Return vague quantifiers, each of which a parameter of `reread` must accept."""
    listed = list_quantifiers(questionnaire)
    known = [word for word, ways in zip(listed["word"], listed["otherwise"], strict=True) if how in ways.split(", ")]
    chosen = frozenset(words)
    for word in sorted(chosen.difference(known)):
        raise InputError(f"{word!r} cannot be {how}", expected=f"words among {', '.join(known)}")
    return chosen


def _tabulate_possible(after: Mapping[Count, Mapping[int, int]]) -> pd.DataFrame:
    """Return the table of counts with those that are possible; counts of conflicting statements are left out."""
    table = load("survey_counts")
    table = table[table["reading"] == "literal"]
    by_key = {(one.question, ";".join(one.options), one.group): sorted(values) for one, values in after.items()}
    keys = list(zip(table["question"], table["options"], table["side"], strict=True))
    possible = [by_key.get(key, []) for key in keys]
    table = table.assign(
        least=[min(values, default=0) for values in possible],
        most=[max(values, default=0) for values in possible],
        feasible=[";".join(map(str, values)) for values in possible],
    )
    rest = table[[bool(values) for values in possible]].drop(columns=["tables", "fixed_by"])
    return with_sets(rest.reset_index(drop=True))


def with_sets(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose sets of counts are tuples of integers: `(7, 21, 22)` where its CSV file has `7;21;22`."""

    def split(text: object) -> tuple[int, ...]:
        return tuple(int(count) for count in str(text).split(";") if count != "none")

    columns = [one for one in _SETS if one in frame and frame[one].dropna().astype("str").str.fullmatch(_SET).all()]
    return frame.assign(**{one: frame[one].map(split, na_action="ignore").astype("object") for one in columns})


def without_sets(frame: pd.DataFrame) -> pd.DataFrame:
    """Return counts as the functions that draw take them: the reverse of `with_sets`."""
    return frame.assign(feasible=[";".join(map(str, values)) for values in frame["feasible"]])


def _tabulate_changes(
    questionnaire: Questionnaire, before: Mapping[Count, Mapping[int, int]], after: Mapping[Count, Mapping[int, int]]
) -> pd.DataFrame:
    questions = load("questions")
    titles = dict(zip(questions["id"], questions["title"], strict=True))
    rows = [
        (
            f"{titles[one.question]}: {label_count(questionnaire, one)}",
            one.group,
            format_counts(sorted(before[one])),
            format_counts(sorted(values)),
        )
        for one, values in after.items()
        if values and set(values) != set(before[one])
    ]
    return pd.DataFrame(rows, columns=["count", "side", "published", "then"])
