"""The edition, as the machinery receives it."""

from __future__ import annotations

from librarysurvey.exhibits import EXHIBITS
from reissue.exhibits.edition import Edition

EDITION = Edition(
    package="librarysurvey",
    exhibits=EXHIBITS,
    questionnaire="librarysurvey.questionnaire:build_questionnaire",
)
