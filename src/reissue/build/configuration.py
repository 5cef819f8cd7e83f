"""A build: one configuration of a report, and what it tells its notebooks."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reissue.build.fingerprints import digest
from reissue.core import paths
from reissue.core.paths import SYNTHETIC
from reissue.core.vocabulary import ENGLISH
from reissue.exhibits.edition import Edition

if TYPE_CHECKING:
    from reissue.survey.answer_counts import AnswerCounts

#: What is said of builds that are made from the answers themselves.
_NOT_FOR_RELEASE = "Not for release."


@dataclass(frozen=True)
class Build:
    """One configuration of a report: its variant, its language, and the true answers if there are any.

    Attributes
    ----------
    edition
        Of which report.
    variant
        The name of the file of parameters; empty for the published ones.
    locale
        The language; kernels and pages take it from the environment.
    answers
        What is known of true answers: then the build is one apart from all others.
    """

    edition: Edition
    variant: str = ""
    locale: str = ENGLISH
    answers: AnswerCounts | None = None

    @property
    def name(self) -> str:
        """The name of the build; empty for the published one."""
        return paths.build_name(self.variant, self.answers is not None, self.locale)

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """What notebooks are told instead of their defaults.

        Raises
        ------
        InputError
            If the file of parameters is missing or wrong.
        """
        if not self.variant and not self.answers:
            return {}
        from reissue.build.params import ANSWERS, read_variant

        return read_variant(self.edition, self.variant) | ({ANSWERS: self.answers.file} if self.answers else {})

    @property
    def notice(self) -> str:
        """What stands at the top of every page; empty where the build is made from the report alone."""
        if self.answers is None:
            return ""
        if self.answers.synthetic:
            return f"{SYNTHETIC}: nobody gave these answers, and links between them are artefacts. {_NOT_FOR_RELEASE}"
        return f"Made from the survey's answers, it may tell who said what. {_NOT_FOR_RELEASE}"

    def settings(self, stem: str) -> dict[str, Any]:
        """Return what a notebook is told, and by what it is run."""
        found: dict[str, Any] = {"Python": platform.python_version()}
        if not self.parameters:
            return found
        from reissue.build.params import ANSWERS, read_declared

        declared = read_declared(paths.NOTEBOOKS / f"{stem}.ipynb")
        found |= {f"parameter {name}": value for name, value in self.parameters.items() if name in declared}
        if self.answers:
            found["notice"] = self.notice
            if ANSWERS in declared:
                found["answers"] = digest(self.answers.csv().encode())
        return found
