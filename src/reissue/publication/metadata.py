"""What the edition is: its citation, its JSON-LD and CITATION.cff, made from its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from reissue.core import paths
from reissue.core.files import write_text
from reissue.core.language import _

#: The content of `metadata.json`.
Metadata = dict[str, Any]


def creators(about: Metadata) -> list[str]:
    """Return the names of those who made this edition."""
    return [one["name"] for one in about["creators"]]


def edition_title(about: Metadata) -> str:
    """Return the title of this edition: the title of the report and what kind of edition it is."""
    return f"{about['title']}: {_(about['subtitle']).lower()}"


def citation(about: Metadata, content_hash: str) -> str:
    """Return how to cite this edition in plain words; the content hash names the state that was read."""
    return (
        f"{', '.join(creators(about))} ({about['released'][:4]}). {edition_title(about)} "
        f"({_('version')} {about['version']}, {_('content hash')} {content_hash})."
    )


def original_year(about: Metadata) -> int:
    """Return the year in which the report appeared."""
    year: int = about["original"]["issued"]["date-parts"][0][0]
    return year


def describe_original(about: Metadata) -> dict[str, Any]:
    """Return the report in schema.org's terms."""
    original = about["original"]
    found = {
        "@type": "Report",
        "name": original["title"],
        "author": [
            {"@type": "Person", "familyName": one["family"], "givenName": one["given"]} for one in original["author"]
        ],
        "datePublished": str(original_year(about)),
        "publisher": {"@type": "Organization", "name": original["publisher"]},
        "reportNumber": original.get("number"),
        "sameAs": f"https://doi.org/{original['DOI']}" if "DOI" in original else "",
    }
    return {name: value for name, value in found.items() if value}


def json_ld(
    about: Metadata, content_hash: str, locale: str, messages: Iterable[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Return the description of this edition in schema.org's terms, for a page in this language.

    `messages` are what the report finds: id, text, section and page of each.
    """
    claims = [
        {
            "@type": "Claim",
            "@id": f"#message-{one['id']}",
            "text": one["text"],
            "appearance": {"@type": "CreativeWork", "name": one["section"], "pagination": one["page"]},
        }
        for one in messages
    ]
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": about["title"],
        "alternativeHeadline": _(about["subtitle"]),
        "description": _(about["description"]),
        "version": about["version"],
        "identifier": content_hash,
        "datePublished": about["released"],
        "inLanguage": locale,
        "keywords": about["keywords"],
        "license": about["licences"]["data"]["address"],
        "creator": [{"@type": "Organization", "name": name} for name in creators(about)],
        "isBasedOn": describe_original(about),
        **({"hasPart": claims} if claims else {}),
    }


def build_citation_cff(about: Metadata) -> str:
    """Return the text of CITATION.cff: this edition, and the report as its reference."""
    original = about["original"]
    report = {
        "type": "report",
        "title": original["title"],
        "authors": [{"family-names": one["family"], "given-names": one["given"]} for one in original["author"]],
        "year": original_year(about),
        "number": original.get("number"),
        "publisher": {"name": original["publisher"], "city": original["publisher-place"]},
        "doi": original.get("DOI"),
    }
    content = {
        "cff-version": "1.2.0",
        "message": "Cite this edition and the report whose facts it rebuilds.",
        "type": "software",
        "title": edition_title(about),
        "abstract": about["description"],
        "version": about["version"],
        "date-released": about["released"],
        "license": about["licences"]["code"]["id"],
        "authors": [{"name": name} for name in creators(about)],
        "keywords": about["keywords"],
        "references": [{name: value for name, value in report.items() if value}],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def update_citation_cff(about: Metadata) -> int:
    """Write CITATION.cff of this project, and print its path; return 0."""
    path = paths.ROOT / "CITATION.cff"
    write_text(path, build_citation_cff(about))
    print(f"Written: {paths.display_path(path)}")
    return 0
