"""What a release may state of counts: what the report and the counts released leave of each, in the files' words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from iucresearch.exhibits import EXHIBITS
from iucresearch.language import _, in_words
from iucresearch.survey.questions import RESPONDENTS, SIDES
from iucresearch.survey.small import small_groups
from iucresearch.survey.verdicts import spans
from iucresearch.titles import BY_QUESTION, count_names

_SIDE_NAMES = {"EU": "European Union", "LAC": "Latin America"}

Row = tuple[str, ...]


class Allowed:
    """Every statement about a count that follows from the report and the counts released.

    Parameters
    ----------
    counts
        Table `survey_counts` as the report and the counts released make it, worked out by whoever audits.
    """

    def __init__(self, counts: pd.DataFrame) -> None:
        self._rows: list[dict[str, Any]] = counts.astype("object").to_dict("records")  # type: ignore[assignment]
        self._numbers = {side: counts.loc[counts["side"] == side, "n"].unique() for side in SIDES}
        self._by_count: dict[tuple[str, str, str], set[str]] = {}
        self._by_exhibit: dict[tuple[str, str, str], set[str]] = {}
        for row in self._rows:
            self._by_count.setdefault((row["question"], row["options"], row["side"]), set()).add(row["feasible"])
        for item in EXHIBITS:
            for one in self._of_exhibit(item.about):
                self._by_exhibit.setdefault((item.id, one["label"], one["side"]), set()).add(one["feasible"])
        self.fixed = {
            row for name, one in zip(count_names(counts), self._rows, strict=True) for row in self._fixed(name, one)
        }
        self.small = set(small_groups(counts).astype("str").itertuples(index=False, name=None))

    def of_count(self, question: str, options: str, side: str) -> set[str]:
        """Return what may be stated of a count that is named by its question."""
        return self._by_count.get((question, options, side), set())

    def of_exhibit(self, exhibit: str, label: str, side: str) -> set[str]:
        """Return what may be stated of a count that is named as an exhibit names it."""
        return self._by_exhibit.get((exhibit, label, side), set())

    @cached_property
    def data(self) -> dict[str, set[Row]]:
        """The beginnings of the rows that an exhibit's data table may have: label, side, and the numbers."""
        names = ("n", "least", "most", "feasible")
        return {
            item.id: {
                (_(row["label"]), _(row["side"]), *(str(row[name]) for name in names))
                for row in self._of_exhibit(item.about)
            }
            for item in EXHIBITS
        }

    @cached_property
    def ranges(self) -> dict[Row, set[str]]:
        """What a brief may state of an answer on a side: by question, answer and head of the column."""
        found: dict[Row, set[str]] = {}
        for row in self._rows:
            if row["question"] == RESPONDENTS:
                side, answer = str(row["options"]).upper(), _("All of them")
            else:
                side, answer = row["side"], _(row["label"])
            if side in SIDES:
                for head in self._heads(side):
                    found.setdefault((_(row["title"]), answer, head), set()).add(_possible(row["feasible"]))
        return found

    def _of_exhibit(self, about: str) -> Iterator[Mapping[str, str]]:
        for row in self._rows:
            options = BY_QUESTION.get(about)
            if row["group"] == about and options in (None, row["options"]):
                yield row if options is None else {**row, "label": row["title"]}

    def _fixed(self, name: str, row: Mapping[str, str]) -> Iterator[Row]:
        """Return the beginnings of rows that tell of a count that is fixed: count, side, respondents."""
        if ";" not in row["feasible"]:
            for side in (_(row["side"]), _(_SIDE_NAMES.get(row["side"], row["side"]))):
                yield name, side, row["feasible"]

    def _heads(self, side: str) -> list[str]:
        named = {"EU": _("the European Union"), "LAC": _("Latin America")}[side]
        heads = [
            _("from {side}").format(side=named),
            *(_("from {side}, of {number}").format(side=named, number=n) for n in self._numbers[side]),
        ]
        return [head[:1].upper() + head[1:] for head in heads]


def _possible(feasible: str) -> str:
    values = [int(value) for value in feasible.split(";")]
    return _("{number}, fixed").format(number=values[0]) if len(values) == 1 else spans(values)


def described(rows: list[Mapping[str, str]]) -> pd.DataFrame:
    """Return data that stand beside a picture, as the picture's description takes them."""
    frame = pd.DataFrame(rows)
    return in_words(frame.astype({"n": "int64", "least": "int64", "most": "int64"}))
