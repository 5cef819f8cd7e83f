"""The survey of this report: its groups of respondents, and its questionnaire."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reissue.survey.questionnaire import Questionnaire
from reissue.survey.questions import Groups

#: Only Latin American respondents have a country here: statements name countries for them alone.
GROUPS = Groups("respondents", {"eu": "EU", "lac": "LAC"}, {"country": ("LAC",)})


def build_questionnaire(tables: Mapping[str, pd.DataFrame]) -> Questionnaire:
    """Return the questions and statements of the survey, with the rules of vague quantifiers.

    Parameters
    ----------
    tables
        The raw or processed tables by name: survey, questions, options, readings.
    """
    return Questionnaire(tables["survey"], tables["questions"], tables["options"], tables["readings"], GROUPS)
