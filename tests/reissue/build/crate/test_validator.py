"""The public validator of RO-Crates finds a build's crate in order, and finds what is wrong with others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from iucresearch.edition import EDITION
from reissue.build.crate import NAME, WORKFLOW, build_crate
from tests.conftest import TRIALS, Project
from tests.reissue.build.crate.validation import NOTICE, Graph, graph, issues

pytestmark = pytest.mark.build


class TestValidator:
    #: What is wrong with a crate, and what the validator says of it, one of each profile at least.
    FAULTS: ClassVar[dict[str, Callable[[Graph], object]]] = {
        "The Action MUST have an instrument": lambda crate: crate["#run"].pop("instrument"),
        "The Root Data Entity MUST have a `license`": lambda crate: crate["./"].pop("license"),
        "The Crate (Root Data Entity) must specify a license": lambda crate: None,
        "permalink of the Workflow Run Crate profile": lambda crate: crate["./"].pop("conformsTo"),
        "RootDataEntity>": lambda crate: crate["./"]["hasPart"].remove({"@id": "index.html"}),
        "FormalParameter MUST have an additionalType": lambda crate: crate["#parameter-side"].pop("additionalType"),
        "must refer to its language": lambda crate: crate[WORKFLOW].pop("programmingLanguage"),
        '"mood" is not allowed': lambda crate: crate["#run"].update(mood="good"),
    }

    def test_of_what_is_recommended_it_lacks_who_when_and_addresses_and_of_what_is_required_nothing(
        self, built: Project, cache: Path
    ) -> None:
        """The profile extends all others, RO-Crate's own among them: the validator holds the crate against each."""
        found = issues(built.root / "reports", "workflow-run-crate", cache, "RECOMMENDED")
        assert {severity for severity, _said in found} == {"RECOMMENDED"}
        assert {said for _severity, said in found} == {
            "The Action SHOULD have an agent that is a Person or Organization",
            "The Action SHOULD have an endTime in ISO 8601 format",
            "The Application SHOULD have a url",
            "The README.md SHOULD be about the crate",
            "The README.md SHOULD have text/markdown as its encodingFormat",
            "The SoftwareApplication id SHOULD be an absolute URI",
            "The `publisher` property of a `Root Data Entity` SHOULD be an `Organization`",
            "The author SHOULD have a Contextual Entity which specifies the organizational `affiliation`.",
            "The author SHOULD have an organizational affiliation.",
            "The organization SHOULD have a URL.",
        }

    @pytest.mark.faults
    @pytest.mark.skipif(TRIALS == 1, reason="the crate of another build has other folders only")
    def test_other_builds_have_it_too(self, rename: Callable[[str], Path], cache: Path) -> None:
        folder = rename("answers-lac")
        crate = build_crate(EDITION, "answers-lac", "", NOTICE)
        (folder / NAME).write_text(json.dumps(crate), encoding="utf-8")
        assert issues(folder, "workflow-run-crate", cache) == []

    def test_it_finds_what_is_wrong(self, root: Path, cache: Path) -> None:
        path = root / "reports" / NAME
        content = json.loads(path.read_text(encoding="utf-8"))
        for fault in self.FAULTS.values():
            fault(graph(content))
        path.write_text(json.dumps(content), encoding="utf-8")
        (root / "reports" / "figures" / "figure-6.svg").unlink()
        found = issues(root / "reports", "workflow-run-crate", cache)
        for said in [*self.FAULTS, "does not include the Data Entity 'figures/figure-6.svg'"]:
            assert any(said in one for _severity, one in found), (said, found)
