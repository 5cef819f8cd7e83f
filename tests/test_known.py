"""The real tables against the second transcription, and one place of the report against another."""

import re
from pathlib import Path

import pytest

from tests import checks


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_known_answers_and_identities(check, raw, processed):
    check(raw, processed)


def test_every_table_of_the_second_transcription_is_compared():
    source = Path(checks.__file__).read_text(encoding="utf-8")
    for path in checks.KNOWN.glob("*.csv"):
        assert re.search(rf'known(_rows)?\("{path.stem}"', source), f"no check reads {path.name}"
