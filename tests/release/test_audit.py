"""The audit trusts no choice: what a broken one lets through, it finds by itself."""

from __future__ import annotations

import pytest

from iucresearch.release import audit, choice
from iucresearch.release.audit import small_groups_told
from iucresearch.release.choice import Attacker
from iucresearch.survey.informed import Informed
from iucresearch.survey.layers import TooLargeError
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


def test_what_is_too_large_and_nothing_is_released_of_is_passed_over(monkeypatch: pytest.MonkeyPatch):
    def too_large(*_):
        raise TooLargeError

    monkeypatch.setattr(audit, "known", too_large)
    survey = report()
    nothing = chosen(survey, answers({"topic": {"a": (20, 3), "b": (17, 0), "c": (0, 0)}}, eu=37, lac=3))
    assert nothing.counts.empty
    assert small_groups_told(Attacker(survey), Informed(survey, nothing.counts)) == []
    with pytest.raises(TooLargeError):
        told(chosen(report(), answers(SMALL)))
