"""The table of counts of a build from true answers."""

from pathlib import Path

import pytest

from reissue.core import paths
from reissue.core.errors import InputError
from reissue.survey.answer_counts import AnswerCounts, load_counts


def test_the_counts_of_a_build_are_read_as_they_were_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.COUNTS_VARIABLE, raising=False)
    assert load_counts("") is None
    with pytest.raises(InputError, match=r"no build has counted.* Run make report SURVEY=file"):
        load_counts("a.xlsx")
    answers = AnswerCounts({"topic.a.Staff": 3, 'strategy."has", or.Guests.north': 0}, "answers.xlsx", False)
    (tmp_path / "cells.csv").write_text(answers.csv(), encoding="utf-8")
    monkeypatch.setenv(paths.COUNTS_VARIABLE, str(tmp_path / "cells.csv"))
    assert load_counts("answers.xlsx") == answers.counts
