"""The report's statements beside counts that somebody tells: what a reader of both can still believe.

A count that is told is taken as it is. A statement of the report that cannot be true beside what is told, whatever
else is, is not believed: it leaves the system, and verdicts find it contradicted. Where only its tight reading cannot,
it is read as the bound that it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from iucresearch.survey.counting import count_tables
from iucresearch.survey.questions import RESPONDENTS
from iucresearch.survey.statements import Questionnaire, Reading
from iucresearch.survey.system import Alternative, System
from iucresearch.survey.verdicts import stated

#: What the ids of counts that are told begin with.
TOLD = "released"


class Informed(Questionnaire):
    """A questionnaire whose statements are those of a report and counts that are told besides.

    Parameters
    ----------
    report
        The statements of the report. Not changed.
    told
        One row per count that is told: question, options (joined by `;`), side, count. The number of respondents of a
        side is told as one of the answers to the question `respondents`, of all.
    """

    def __init__(self, report: Questionnaire, told: pd.DataFrame) -> None:
        survey, questions, options, words = report.frames
        self._can_be = report.can_be
        rows = [_statement(*row) for row in told[["question", "options", "side", "count"]].itertuples(index=False)]
        added = pd.DataFrame(rows, columns=list(survey.columns)).astype("object")
        super().__init__(pd.concat([survey.astype("object"), added], ignore_index=True), questions, options, words)
        self.told = frozenset(str(row["id"]) for row in rows)
        self._speaks = frozenset(str(row["question"]) for row in rows)
        self._read_as: dict[tuple[str, Reading], Reading | None] = {}

    def counts(self, id_: str, reading: Reading = Reading()) -> bool:  # noqa: B008
        """Whether a statement binds counts under a reading, and can be true beside what is told."""
        return super().counts(id_, reading) and self._believed(id_, reading) is not None

    def said(self, id_: str, reading: Reading = Reading()) -> list[list[Alternative]]:  # noqa: B008
        """Return what a statement says, as the questionnaire does; a bound is read tightly only where that can be."""
        return super().said(id_, self._believed(id_, reading) or reading)

    def contradicted(self, reading: Reading = Reading()) -> list[str]:  # noqa: B008
        """Return the statements that what is told contradicts, each by itself."""
        made = [id_ for id_ in self.statements if super(Informed, self).counts(id_, reading)]
        return [id_ for id_ in made if self._believed(id_, reading) is None]

    def told_of(self, questions: Collection[str]) -> tuple[tuple[str, int], ...]:
        """Return what is told of some questions and of the numbers of respondents: the ids and counts."""
        own = {*questions, RESPONDENTS}
        rows = [self.statements[id_] for id_ in self.statements if id_ in self.told]
        return tuple((str(row["id"]), int(row["value"])) for row in rows if row["question"] in own)

    def _believed(self, id_: str, reading: Reading) -> Reading | None:
        """Return the reading by which a statement can be true; none where it cannot."""
        key = id_, reading
        if key not in self._read_as:
            ways = [reading, replace(reading, tight=False)] if reading.tight else [reading]
            self._read_as[key] = next((one for one in ways if self._can_hold(id_, one)), None)
        return self._read_as[key]

    def _can_hold(self, id_: str, reading: Reading) -> bool:
        asked = self.spoken_of(id_)
        said = super().said(id_, reading)
        if id_ in self.told or not said or not self._speaks.intersection([*asked, RESPONDENTS]):
            return True
        # The same few counts are told in many a trial.
        key = id_, reading, self.told_of(asked)
        if key not in self._can_be:
            self._can_be[key] = count_tables(stated(self._beside(asked), said)) > 0
        return self._can_be[key]

    def _beside(self, asked: Collection[str]) -> System:
        """Return what is told of some questions, and of the numbers of respondents, without the report."""
        # What is counted jointly with another question has its cells there.
        tied = {one for pair in self.joint.items() for one in (*pair, *self.joint) if {*asked} & {*pair}}
        asked = [one for one in self.choice if one in {*asked, *tied} and one != RESPONDENTS]
        system = self.structure(asked)
        for id_ in self.statements:
            if id_ in self.told and {*asked, RESPONDENTS}.issuperset(self.spoken_of(id_)):
                system = stated(system, super().said(id_))
        return system


def _statement(question: str, options: str, side: str, count: int) -> dict[str, object]:
    """Return a count that is told as a row of the table of statements."""
    id_ = f"{TOLD}-{question}-{options.replace(';', '+')}-{side}"
    if question == RESPONDENTS:
        options, side = "", options.upper()
    said = {"question": question, "options": options, "side": side, "unit": "count", "bound": "exactly"}
    return {"id": id_, "sentence": id_, **said, "printed": str(count), "value": int(count), "about": "A count released"}
