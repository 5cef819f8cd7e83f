"""A statement about the survey against all others: does what they allow leave it true, false or open?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from reissue.core.language import spans
from reissue.survey.counting import conflicts, count_tables, outer, possible
from reissue.survey.questions import RESPONDENTS, SIDES
from reissue.survey.statements import Questionnaire, Reading
from reissue.survey.system import Alternative, System

#: What a statement is once the others are known.
HOLDS, FAILS, OPEN = "holds", "fails", "open"
#: How the evidence of a verdict by the answers begins.
COUNTED = "counted in the answers"


@dataclass(frozen=True)
class Finding:
    """Whether a statement holds, fails or is left open by the others, and why."""

    result: str
    evidence: str


@dataclass
class Bench:
    """All statements about a survey, ready to judge any of them by the others.

    Attributes
    ----------
    survey
        The statements.
    reading
        How they are read.
    answers
        True counts by cell, where somebody has them: then statements are held against these alone.
    """

    survey: Questionnaire
    reading: Reading = field(default_factory=Reading)
    answers: Mapping[str, int] | None = None
    _found: dict[tuple[str, ...], Finding] = field(default_factory=dict, repr=False)
    _sized_by: dict[tuple[str, ...], set[tuple[int, int]]] = field(default_factory=dict, repr=False)

    def judge(self, ids: list[str]) -> Finding:
        """Judge statements that one claim makes together, without their own sentences.

        Parameters
        ----------
        ids
            Keys of statements.
        """
        key = tuple(ids)
        if key not in self._found:
            self._found[key] = self._judged(ids)
        return self._found[key]

    def _judged(self, ids: list[str]) -> Finding:
        said = [choice for id_ in ids for choice in self.survey.said(id_, self.reading)]
        if not said:
            return Finding(OPEN, f"no count follows from it: {self.survey.statements[ids[0]]['about']}")
        if self.answers is not None:
            return self._by_answers(said)
        questions = list(dict.fromkeys(question for id_ in ids for question in self.survey.spoken_of(id_)))
        if questions == [RESPONDENTS]:
            return self._sizes(ids, said)
        reached = [one for cluster in self.survey.clusters() if set(cluster) & set(questions) for one in cluster]
        others = self.survey.system(reached, self.reading).without(*self._own(ids))
        whole = count_tables(others)
        if not whole:
            names = ", ".join(conflicts(others)[0])
            return Finding(OPEN, f"the other statements cannot hold together: {names}")
        with_it = stated(others, said)
        left = self._left(others, said)
        if count_tables(with_it) == whole:
            return Finding(HOLDS, f"it follows from the other statements{left}")
        if count_tables(with_it):
            return Finding(OPEN, f"the other statements leave it open{left}")
        against = [one for one in conflicts(stated(others, said, "\0"))[0] if one != "\0"]
        return Finding(FAILS, f"it cannot hold together with {', '.join(against)}{left}")

    def _own(self, ids: list[str]) -> list[str]:
        """Return the statements of the sentences that these are from."""
        sentences = {self.survey.statements[id_]["sentence"] for id_ in ids}
        return [id_ for id_, row in self.survey.statements.items() if row["sentence"] in sentences]

    def _left(self, others: System, said: list[list[Alternative]]) -> str:
        """Say which counts the others leave, where the statement is about one."""
        if len(said) != 1 or len(said[0]) != 1:
            return ""
        form, _ = said[0][0]
        if set(form.values()) != {1}:
            return ""
        values = possible(others, form)
        return f": {spans(values, english=True)} {'is' if len(values) == 1 else 'are'} possible"

    def _sizes(self, ids: list[str], said: list[list[Alternative]]) -> Finding:
        """Judge a number of respondents: it bounds every question, so that each has its say on the sides' numbers."""
        first, second = (next(iter(self.survey.size(side))) for side in SIDES)
        pairs = self._pairs(tuple(self._own(ids)), first, second)
        true = {pair for pair in pairs if _true(said, {first: pair[0], second: pair[1]})}
        (form, _), *_ = said[0]
        values = sorted({sum(dict(zip((first, second), pair, strict=True))[cell] for cell in form) for pair in pairs})
        left_ = f": {spans(values, english=True)} {'is' if len(values) == 1 else 'are'} possible"
        if true == pairs:
            return Finding(HOLDS, f"it follows from the other statements{left_}")
        return Finding(OPEN if true else FAILS, f"the other statements leave it {'open' if true else 'out'}{left_}")

    def _pairs(self, own: tuple[str, ...], first: str, second: str) -> set[tuple[int, int]]:
        """Return which numbers of respondents of both sides all questions allow, without some statements."""
        if own not in self._sized_by:
            systems = [self.survey.system(cluster, self.reading).without(*own) for cluster in self.survey.clusters()]
            spans = [outer(one) for one in systems]
            eu, lac = (set.intersection(*(set(one.get(name, ())) for one in spans)) for name in (first, second))
            pairs = set(product(eu, lac))
            # The small ones first: what they leave out, the large need not be asked for.
            for one in sorted(systems, key=lambda one: len(one.cells)):
                pairs = {pair for pair in pairs if count_tables(_sized(one, first, second, pair))}
            self._sized_by[own] = pairs
        return self._sized_by[own]

    def _by_answers(self, said: list[list[Alternative]]) -> Finding:
        answers = self.answers or {}
        forms = [form for choice in said for form, _ in choice]
        missing = [cell for form in forms for cell in form if cell not in answers]
        if missing:
            return Finding(OPEN, f"the answers do not tell {missing[0]}")
        counted = [sum(factor * answers[cell] for cell, factor in form.items()) for form in forms]
        plain = len(forms) == 1 and set(forms[0].values()) == {1}
        told = f": {counted[0]} answered so" if plain else ""
        return Finding(HOLDS if _true(said, answers) else FAILS, f"{COUNTED}{told}")


def _sized(system: System, first: str, second: str, pair: tuple[int, int]) -> System:
    """Return the system with both sides' numbers of respondents fixed."""
    return system.without().require({first: 1}, {pair[0]}).require({second: 1}, {pair[1]})


def stated(others: System, said: list[list[Alternative]], label: str = "") -> System:
    """Return a copy of a system with a statement added."""
    copy = others.without()
    for alternatives in said:
        copy.any_of(*alternatives, label=label)
    return copy


def _true(said: list[list[Alternative]], counts: Mapping[str, int]) -> bool:
    return all(
        any(sum(factor * counts[cell] for cell, factor in form.items()) in set(allowed) for form, allowed in choice)
        for choice in said
    )
