"""The survey of the report: its groups of respondents, and its questionnaire."""

from collections.abc import Mapping

import pandas as pd

from reissue.survey.groups import Groups
from reissue.survey.questionnaire import Questionnaire

GROUPS = Groups("role", {"student": "Students", "staff": "Staff", "guest": "Guests"})


def build_questionnaire(tables: Mapping[str, pd.DataFrame]) -> Questionnaire:
    """Return the questions and statements of the survey, from the tables by name."""
    return Questionnaire(tables["survey"], tables["questions"], tables["options"], tables["readings"], GROUPS)
