"""The audit trusts no choice: what a broken one lets through, it finds by itself."""

from __future__ import annotations

import pytest

from iucresearch.release import choice
from iucresearch.release.audit import small_groups_told
from iucresearch.release.choice import Attacker
from iucresearch.survey.informed import Informed
from tests.release.people import answers, chosen, report

SMALL = {"topic": {"a": (10, 10), "b": (10, 7), "c": (0, 3)}}


def told(released) -> set[tuple[str, str]]:
    survey = report()
    found = small_groups_told(Attacker(survey), Informed(survey, released.counts))
    return {(group.options, group.side) for group in found}


def test_an_honest_choice_tells_of_no_small_group():
    assert told(chosen(report(), answers(SMALL))) == set()


def test_what_a_broken_choice_lets_through_is_found(monkeypatch: pytest.MonkeyPatch):
    for name, answer in (("tells", False), ("fault", "")):
        monkeypatch.setattr(choice.Attacker, name, lambda *_, answer=answer: answer)
    released = chosen(report(), answers(SMALL))
    assert ("c", "all") in told(released)
    assert ("c", "LAC") in told(released)
