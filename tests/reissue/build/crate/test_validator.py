"""The public validator of RO-Crates accepts the crate of a build.

It needs no network: a cache has the one document that it requests from the web. `ro-crate-1.1-context.jsonld` is
RO-Crate's context of that version as published (CC0), from version 0.10 of the `rocrate` library. The installed
version has the context of 1.3, where the profiles' terms have other addresses.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Project

pytestmark = pytest.mark.build
CONTEXT = Path(__file__).with_name("ro-crate-1.1-context.jsonld")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache of web pages that has the context, as if it had been requested."""
    from requests.adapters import HTTPAdapter
    from requests_cache import CachedSession
    from urllib3 import HTTPResponse

    class Local(HTTPAdapter):
        def send(self, request: Any, *_: Any, **__: Any) -> Any:
            body, headers = io.BytesIO(CONTEXT.read_bytes()), {"Content-Type": "application/ld+json"}
            return self.build_response(request, HTTPResponse(body, headers, 200, preload_content=False))

    path = tmp_path_factory.mktemp("web") / "pages"
    with CachedSession(str(path), backend="sqlite", expire_after=-1) as session:
        session.mount("https://", Local())
        assert session.get("https://w3id.org/ro/crate/1.1/context").json()["version"] == "1.1.0"
    return path


def test_it_meets_every_requirement_and_most_recommendations(built: Project, cache: Path) -> None:
    """The profile of workflow runs extends all others: at least one of these recommendations is from each."""
    from rocrate_validator import services
    from rocrate_validator.models import ValidationSettings

    settings = ValidationSettings(
        rocrate_uri=str(built.root / "reports"),
        profile_identifier="workflow-run-crate",
        requirement_severity="RECOMMENDED",
        offline=True,
        cache_path=cache,
    )
    issues = services.validate(settings).get_issues()
    assert {(issue.severity.name, str(issue.message).strip()) for issue in issues} == {
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
