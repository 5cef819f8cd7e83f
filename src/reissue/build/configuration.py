"""A build: one configuration of a report, and what it passes to its notebooks."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reissue.build.fingerprints import digest
from reissue.core import paths
from reissue.core.vocabulary import ENGLISH
from reissue.exhibits.edition import Edition

if TYPE_CHECKING:
    from reissue.survey.answer_counts import AnswerCounts


@dataclass(frozen=True)
class Build:
    """One configuration of a report."""

    edition: Edition
    #: The name of the file of parameters; empty for the published ones.
    variant: str = ""
    #: The language; kernels and pages take it from the environment.
    locale: str = ENGLISH
    #: Counts of true answers; a build that has them is separate from all others.
    answers: AnswerCounts | None = None

    @property
    def name(self) -> str:
        """The name of the build; empty for the published one."""
        return paths.build_name(self.variant, self.answers is not None, self.locale)

    @property
    def is_published(self) -> bool:
        """Whether the build has the published parameters and no answers; the language does not matter."""
        return not self.variant and self.answers is None

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that replace the notebooks' defaults; raises InputError if their file is missing or wrong."""
        if not self.variant and not self.answers:
            return {}
        # Imported here: what reads notebooks takes 0.3 s, which the published configuration does not need.
        from reissue.build.params import ANSWERS, read_variant

        return read_variant(self.edition, self.variant) | ({ANSWERS: self.answers.file} if self.answers else {})

    @property
    def notice(self) -> str:
        """The text at the top of every page; empty if the build is made from the report alone."""
        if self.answers is None:
            return ""
        if self.answers.synthetic:
            words = "these answers are not real, and links between them are artefacts. Not for release."
            return f"{paths.SYNTHETIC}: {words}"
        return "Made from the survey's answers, it may show who answered what. Not for release."

    def settings(self, stem: str) -> dict[str, Any]:
        """Return what a run of a notebook depends on that is not a file: Python's version, parameters and answers."""
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
