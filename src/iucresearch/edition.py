"""The edition, as the machinery receives it. Only the entry point and tests import it; notebooks never do."""

from __future__ import annotations

from iucresearch.exhibits import EXHIBITS
from iucresearch.labels import CHOICES
from reissue.exhibits.edition import Edition

EDITION = Edition(
    package="iucresearch",
    exhibits=EXHIBITS,
    choices=CHOICES,
    check_tables="iucresearch.checks:check_tables",
    questionnaire="iucresearch.questionnaire:build_questionnaire",
    briefs="iucresearch.briefs.subject",
)
