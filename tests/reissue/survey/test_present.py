"""Other interpretations for readers."""

import pytest

from reissue.core.language import use_language
from reissue.survey.present import _translate_scenario

TITLES = {"again": "Second topic", "topic": "Topic"}


@pytest.mark.parametrize(
    ("name", "english", "spanish"),
    [
        ("“equally” strictly", "“equally” strictly", "«equally» en sentido estricto"),
        (
            "respondents skipped questions",
            "respondents skipped questions",
            "algunas personas encuestadas omitieron preguntas",
        ),
        (
            "“again” and “topic” are one question",
            "“Second topic” and “Topic” are one question",
            "«Second topic» y «Topic» son una sola pregunta",
        ),
        (
            "“equally” strictly, if respondents skipped questions",
            "“equally” strictly, if respondents skipped questions",
            "«equally» en sentido estricto, si algunas personas encuestadas omitieron preguntas",
        ),
        ("something else", "something else", "something else"),
    ],
)
def test_scenarios_are_translated_and_name_questions_by_their_titles(name, english, spanish):
    for language, expected in (("en", english), ("es", spanish)):
        with use_language(language):
            assert _translate_scenario(name, TITLES) == expected
