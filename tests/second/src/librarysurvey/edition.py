"""The edition, as the machinery receives it."""

from librarysurvey.exhibits import EXHIBITS
from reissue.exhibits.edition import Edition

EDITION = Edition(
    package="librarysurvey",
    exhibits=EXHIBITS,
    questionnaire="librarysurvey.questionnaire:build_questionnaire",
)
