"""Counting and judging what the report states."""

import pytest

from iucresearch import analysis
from iucresearch.clean import clean
from iucresearch.questionnaire import build_questionnaire
from reissue.core.errors import InputError
from reissue.survey.interpretation import Interpretation
from reissue.survey.verdicts import SurveyModel


def test_the_rounding_rule_decides_what_a_percentage_allows(raw):
    model = SurveyModel(build_questionnaire(raw), Interpretation("trunc"))
    cut_off = analysis.survey_statements(raw["survey"], model).set_index("id")
    assert cut_off.at["salience-label-1", "allowed"] == "none"
    assert cut_off.at["salience-marginal", "allowed"] == "2"


def test_statements_that_contradict_one_another_are_named_in_one_line(raw):
    message = (
        r"no count fits this statement: salience-label-1 \(section 3.3, page 19\), .*: “22%”\. .*rounding than trunc"
    )
    with pytest.raises(InputError, match=message):
        analysis.analyse(raw, clean(raw), rounding="trunc")
    for row, value, message in (
        (
            "familiarity-vaguely",
            4,
            "survey.csv: these .*: respondents .*; familiarity-not .*, Vaguely familiar: “3”\\. .*Correct a value",
        ),
        ("support-analysis-high", 70, "where bounds are read tightly, no count fits this statement: support-analysis-"),
    ):
        survey = raw["survey"].copy()
        survey.loc[survey["id"] == row, "value"] = value
        with pytest.raises(InputError, match=message):
            analysis.analyse({**raw, "survey": survey}, clean({**raw, "survey": survey}))
