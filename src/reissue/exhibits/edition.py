"""An edition of a report: the one object that the machinery receives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pkgutil import resolve_name
from typing import Any

from reissue.exhibits.registry import Exhibit


@dataclass(frozen=True, eq=False)
class Edition:
    """An edition of a report.

    Functions and modules are named, not imported, so that a command starts quickly: `package.module:function`. The name
    is empty if the report has none.
    """

    #: The package of the edition, which has its `metadata.json`; `python -m package` is the entry point.
    package: str
    #: The registry: every exhibit once.
    exhibits: tuple[Exhibit, ...]
    #: The values that each parameter of a notebook may have, each with its meaning.
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: The function that checks what this report implies about its raw tables, given the tables and their folder.
    check_tables: str = ""
    #: The function that returns the questionnaire of the report's survey, given the raw tables.
    questionnaire: str = ""
    #: The module of briefs, with `subjects`, `check_slug`, `KINDS`, `INDEX_TITLE` and `INDEX_INTRODUCTION`.
    briefs: str = ""

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """Name, title, version, date, creators, licences, and the original as a CSL-JSON item."""
        return json.loads((files(self.package) / "metadata.json").read_text(encoding="utf-8"))

    def check(self, tables: Any, folder: Any) -> None:
        """Check what this report implies about its raw tables; raise InputError for the first fault."""
        if self.check_tables:
            resolve_name(self.check_tables)(tables, folder)

    def build_questionnaire(self, tables: Any) -> Any:
        """Return the questionnaire of the report's survey (a `reissue.survey.questionnaire.Questionnaire`)."""
        return resolve_name(self.questionnaire)(tables)

    @property
    def briefs_module(self) -> Any:
        """The module that makes the report's briefs."""
        return resolve_name(self.briefs)
