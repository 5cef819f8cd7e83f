"""The questionnaire of this report's survey."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from iucresearch.groups import GROUPS
from reissue.survey.questionnaire import Questionnaire


def build_questionnaire(tables: Mapping[str, pd.DataFrame]) -> Questionnaire:
    """Return the questions and statements of the survey, with the rules of vague quantifiers.

    Parameters
    ----------
    tables
        The raw or processed tables by name: survey, questions, options, readings.
    """
    return Questionnaire(tables["survey"], tables["questions"], tables["options"], tables["readings"], GROUPS)
