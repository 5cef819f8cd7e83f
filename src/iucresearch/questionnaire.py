"""The questionnaire of this report's survey, and its groups of respondents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from iucresearch.drawings import collect_statements
from reissue.survey.groups import Groups

if TYPE_CHECKING:
    from reissue.survey.questionnaire import Questionnaire

#: Only Latin American respondents have a country: statements name countries for them alone.
GROUPS = Groups("respondents", {"eu": "EU", "lac": "LAC"}, {"country": ("LAC",)})


def build_questionnaire(tables: Mapping[str, pd.DataFrame]) -> Questionnaire:
    """Return the questions and statements of the survey, with the rules of vague quantifiers.

    Parameters
    ----------
    tables
        The raw or processed tables by name: survey, questions, options, readings; also drawings, with values that
        somebody may have entered.
    """
    # A notebook that needs the groups alone must not depend on the engine that counts.
    from reissue.survey.questionnaire import Questionnaire

    survey = collect_statements(tables)
    return Questionnaire(survey, tables["questions"], tables["options"], tables["readings"], GROUPS)
