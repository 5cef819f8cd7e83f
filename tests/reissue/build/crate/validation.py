"""The public validator of RO-Crates, without a network: it finds the one document that it asks the web for in a cache.

`ro-crate-1.1-context.jsonld` is RO-Crate's context of that version as published (CC0), from version 0.10 of the
`rocrate` library. The one that is installed has the context of 1.3, where the profiles' terms have other addresses.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

#: What stands at the top of a build's pages that is not for release.
NOTICE = "Made from the survey's answers, it may tell who said what. Not for release."
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_FILE = Path(__file__).with_name("ro-crate-1.1-context.jsonld")

Graph = dict[str, dict[str, Any]]


def seeded(cache: Path) -> Path:
    """Put the context into a cache of web pages, as if it had been fetched; return the cache."""
    from requests.adapters import HTTPAdapter
    from requests_cache import CachedSession
    from urllib3 import HTTPResponse

    class Local(HTTPAdapter):
        def send(self, request: Any, *_: Any, **__: Any) -> Any:
            assert request.url == CONTEXT
            headers = {"Content-Type": "application/ld+json"}
            return self.build_response(
                request,
                HTTPResponse(io.BytesIO(_FILE.read_bytes()), headers, 200, preload_content=False),
            )

    with CachedSession(str(cache), backend="sqlite", expire_after=-1) as session:
        session.mount("https://", Local())
        assert session.get(CONTEXT).json()["version"] == "1.1.0"
    return cache


def issues(folder: Path, profile: str, cache: Path, severity: str = "REQUIRED") -> list[tuple[str, str]]:
    """Return what the validator finds wrong with a crate under a profile: how severe it is, and its message, in order.

    Parameters
    ----------
    folder
        The crate's root.
    profile
        Its name in the validator; those that it extends are held against the crate, too.
    cache
        What `seeded` returned.
    severity
        The least that counts: `REQUIRED`, or `RECOMMENDED` for both.
    """
    from rocrate_validator import services
    from rocrate_validator.models import ValidationSettings

    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier=profile,
        requirement_severity=severity,
        offline=True,
        cache_path=cache,
    )
    result = services.validate(settings)
    found = sorted((issue.severity.name, str(issue.message).strip()) for issue in result.get_issues())
    assert result.passed() == (not found)
    return found


def graph(content: dict[str, Any]) -> Graph:
    """Return the entities of a crate by their ids; each is there once."""
    found = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(found) == len(content["@graph"])
    return found


def ids(value: Any) -> list[str]:
    """Return the ids that a property refers to."""
    return [one["@id"] for one in (value if isinstance(value, list) else [value])]
