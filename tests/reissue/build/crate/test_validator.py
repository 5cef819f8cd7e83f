"""The public validator of RO-Crates accepts the crate of a build, and rejects crates with faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from reissue.build.configuration import Build
from reissue.build.crate import NAME, WORKFLOW
from reissue.survey.answer_counts import AnswerCounts
from tests.conftest import TRIALS, Project
from tests.reissue.build.crate.validation import Graph, fill_cache, find_issues, index_entities

pytestmark = pytest.mark.build
#: Faults of a crate, at least one for each profile, by a part of the validator's message.
FAULTS: dict[str, Callable[[Graph], object]] = {
    "The Action MUST have an instrument": lambda crate: crate["#run"].pop("instrument"),
    "The Root Data Entity MUST have a `license`": lambda crate: crate["./"].pop("license"),
    "The Crate (Root Data Entity) must specify a license": lambda crate: None,
    "permalink of the Workflow Run Crate profile": lambda crate: crate["./"].pop("conformsTo"),
    "RootDataEntity>": lambda crate: crate["./"]["hasPart"].remove({"@id": "index.html"}),
    "FormalParameter MUST have an additionalType": lambda crate: crate["#parameter-side"].pop("additionalType"),
    "must refer to its language": lambda crate: crate[WORKFLOW].pop("programmingLanguage"),
    '"mood" is not allowed': lambda crate: crate["#run"].update(mood="good"),
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_cache(tmp_path_factory.mktemp("web") / "pages")


def test_it_meets_every_requirement_and_most_recommendations(built: Project, cache: Path) -> None:
    assert find_issues(built.root / "reports", cache, "RECOMMENDED") == {
        ("RECOMMENDED", message)
        for message in (
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
        )
    }


@pytest.mark.faults
@pytest.mark.skipif(TRIALS == 1, reason="the crate of another build differs only in its folders")
def test_it_accepts_a_build_from_answers(rename: Callable[[Build], Graph], root: Path, cache: Path) -> None:
    rename(Build(EDITION, "lac", answers=AnswerCounts({}, "answers.xlsx", synthetic=False)))
    assert find_issues(root / "reports" / "builds" / "answers-lac", cache) == set()


def test_it_finds_faults(root: Path, cache: Path) -> None:
    path = root / "reports" / NAME
    content = json.loads(path.read_text(encoding="utf-8"))
    for spoil in FAULTS.values():
        spoil(index_entities(content))
    path.write_text(json.dumps(content), encoding="utf-8")
    (root / "reports" / "figures" / "figure-6.svg").unlink()
    messages = [message for _severity, message in find_issues(root / "reports", cache)]
    for expected in [*FAULTS, "does not include the Data Entity 'figures/figure-6.svg'"]:
        assert any(expected in message for message in messages), (expected, messages)
