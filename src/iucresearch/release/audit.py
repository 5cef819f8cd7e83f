"""The audit of finished files: what they state of counts is held against what a reader may know.

It does not trust the choice. It works out once more what the report and the counts released leave of every count and
group, and reads the files as they are. What it finds is told by file, never with the thing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from iucresearch.figures.survey import alt
from iucresearch.language import _
from iucresearch.release.allowed import Allowed, described
from iucresearch.release.attack import Group, known, told
from iucresearch.release.choice import Attacker
from iucresearch.release.stated import Listed, Picture, Stated, embedded_in, of_csv, pictures_of, tables_of
from iucresearch.show import synthetic
from iucresearch.survey.informed import Informed

#: Kinds of files that are read; no other may be in a release.
READ = frozenset({".html", ".ipynb", ".csv", ".json", ".svg", ".png", ".mk"})


def small_groups_told(attacker: Attacker, survey: Informed) -> list[Group]:
    """Return the small groups that the report and the counts released let one infer, beyond what the report does.

    Raises
    ------
    TooLargeError
        If that cannot be worked out of questions of which anything is released.
    """
    found: dict[Group, None] = {}
    for cluster in survey.clusters():
        if not survey.told_of(cluster):
            continue
        for reading in attacker.readings:
            after = known(survey, cluster[0], reading)
            found |= dict.fromkeys(told(attacker.published(cluster[0], reading), after, attacker.smallest))
    return list(found)


def stated_wrongly(files: Mapping[str, bytes], allowed: Allowed, *, is_synthetic: bool) -> list[str]:
    """Return what files state of counts that does not follow from the report and the counts released.

    Parameters
    ----------
    files
        The files of one build, by name.
    allowed
        What follows.
    is_synthetic
        Whether nobody gave the answers, which the descriptions of pictures then say.
    """
    found: dict[str, None] = {}
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.suffix not in READ:
            found[f"{name}: a kind of file that the audit cannot read"] = None
            continue
        stated = embedded_in(name, content)
        if path.suffix == ".csv":
            stated += of_csv(name, content.decode("utf-8"), path.stem)
        found |= dict.fromkeys(_of_counts(stated, allowed))
        found |= dict.fromkeys(_of_pictures(pictures_of(name, content), is_synthetic))
        found |= dict.fromkeys(_of_tables(tables_of(name, content), allowed))
    return list(found)


def _of_counts(stated: list[Stated], allowed: Allowed) -> Iterator[str]:
    for one in stated:
        first, second = one.about
        if one.counts not in allowed.of_count(first, second, one.side) | allowed.of_exhibit(first, second, one.side):
            yield f"{one.place}: what it states of {first}, {second}, {one.side} does not follow from what is released"


def _of_pictures(pictures: list[Picture], is_synthetic: bool) -> Iterator[str]:
    for one in pictures:
        mark = f"{synthetic()} " if is_synthetic else ""
        if not one.rows or one.alt != mark + alt(described(list(one.rows))):
            yield f"{one.place}: the description is not that of the data beside it"


def _of_tables(tables: list[Listed], allowed: Allowed) -> Iterator[str]:
    """Tell of rows that state counts and are none that follow: of data, of fixed counts, of small groups, of briefs."""
    count, side, respondents = _("Count"), _("Side"), _("Respondents")
    ranges = allowed.ranges
    for one in tables:
        wrong = False
        if _("Feasible") in one.heads and one.exhibit:
            data = allowed.data.get(one.exhibit, set())
            wrong = any(row[:6] not in data for row in one.rows)
        elif one.heads[:3] == (count, side, respondents):
            wrong = any(row[:3] not in allowed.fixed for row in one.rows)
        elif one.heads[:4] == (count, side, _("Who"), respondents):
            wrong = any((row[0], _side(row[1]), *row[2:]) not in allowed.small for row in one.rows)
        elif one.heads[:2] == (_("Question"), _("Answer")):
            wrong = any(
                cell and cell not in ranges.get((row[0], row[1], head), set())
                for row in one.rows
                for head, cell in zip(one.heads[2:], row[2:], strict=True)
            )
        if wrong:
            yield f"{one.place}: a table states a count that does not follow from what is released"


def _side(told_: str) -> str:
    """Return the code of a side as tables tell it."""
    return next((code for code in ("all", "EU", "LAC") if _(code) == told_), told_)
