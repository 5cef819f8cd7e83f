"""The groups of respondents in this report's survey."""

from __future__ import annotations

from reissue.survey.groups import Groups

#: Only Latin American respondents have a country: statements name countries for them alone.
GROUPS = Groups("respondents", {"eu": "EU", "lac": "LAC"}, {"country": ("LAC",)})
