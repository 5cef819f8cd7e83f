"""The public validator of RO-Crates, without a network: a cache has the one document that it requests from the web.

`ro-crate-1.1-context.jsonld` is RO-Crate's context of that version as published (CC0), from version 0.10 of the
`rocrate` library. The installed version has the context of 1.3, where the profiles' terms have other addresses.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from reissue.build.configuration import Build
from reissue.build.crate import NAME, describe_crate
from reissue.core import paths

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_FILE = Path(__file__).with_name("ro-crate-1.1-context.jsonld")

Graph = dict[str, dict[str, Any]]


def fill_cache(cache: Path) -> Path:
    """Put the context into a cache of web pages, as if it had been requested; return the cache."""
    from requests.adapters import HTTPAdapter
    from requests_cache import CachedSession
    from urllib3 import HTTPResponse

    class Local(HTTPAdapter):
        def send(self, request: Any, *_: Any, **__: Any) -> Any:
            assert request.url == CONTEXT
            headers = {"Content-Type": "application/ld+json"}
            body = io.BytesIO(_FILE.read_bytes())
            return self.build_response(request, HTTPResponse(body, headers, 200, preload_content=False))

    with CachedSession(str(cache), backend="sqlite", expire_after=-1) as session:
        session.mount("https://", Local())
        assert session.get(CONTEXT).json()["version"] == "1.1.0"
    return cache


def find_issues(folder: Path, cache: Path, severity: str = "REQUIRED") -> set[tuple[str, str]]:
    """Return the severity and the message of each issue of a crate under the profile of workflow runs.

    That profile extends all others and RO-Crate itself. With the severity `RECOMMENDED`, the validator also checks
    what they recommend.
    """
    from rocrate_validator import services
    from rocrate_validator.models import ValidationSettings

    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="workflow-run-crate",
        requirement_severity=severity,
        offline=True,
        cache_path=cache,
    )
    result = services.validate(settings)
    found = {(issue.severity.name, str(issue.message).strip()) for issue in result.get_issues()}
    assert result.passed() == (not found)
    return found


def write_crate(build: Build) -> Graph:
    """Write the crate of a build, as a build does; return its entities by id."""
    text = describe_crate(build, "")
    (paths.build_folder(build.name) / NAME).write_text(text, encoding="utf-8")
    return index_entities(json.loads(text))


def index_entities(content: dict[str, Any]) -> Graph:
    """Return the entities of a crate by their ids; no id occurs twice."""
    found = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(found) == len(content["@graph"])
    return found


def list_ids(value: Any) -> list[str]:
    """Return the ids that the value of a property refers to."""
    return [one["@id"] for one in (value if isinstance(value, list) else [value])]
