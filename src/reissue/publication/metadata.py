"""What this edition is, in one file: citations, JSON-LD, CITATION.cff and the RO-Crate are made from it."""

from __future__ import annotations

from typing import Any

from reissue.core.language import _

#: What `metadata.json` holds.
Metadata = dict[str, Any]


def creators(about: Metadata) -> list[str]:
    """Return the names of those who made this edition."""
    return [one["name"] for one in about["creators"]]


def citation(about: Metadata, content_hash: str) -> str:
    """Return how to cite this edition in plain words; the content hash says which of its states was read."""
    return (
        f"{', '.join(creators(about))} ({about['released'][:4]}). {about['title']}: {_(about['subtitle']).lower()} "
        f"({_('version')} {about['version']}, {_('content hash')} {content_hash})."
    )


def original_year(about: Metadata) -> int:
    """Return the year in which the report appeared."""
    year: int = about["original"]["issued"]["date-parts"][0][0]
    return year


def original_name(about: Metadata) -> str:
    """Return what the report is called for short: its number, or its title where it has none."""
    return str(about["original"].get("number") or about["original"]["title"])


def json_ld(about: Metadata, content_hash: str, locale: str) -> dict[str, Any]:
    """Return a page's description of itself in schema.org's terms.

    Parameters
    ----------
    about
        Metadata of the edition.
    content_hash
        Of the build.
    locale
        The page's language.
    """
    original = about["original"]
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
        "isBasedOn": {
            "@type": "Report",
            "name": original["title"],
            "author": [
                {"@type": "Person", "familyName": one["family"], "givenName": one["given"]}
                for one in original["author"]
            ],
            "datePublished": str(original_year(about)),
            "publisher": {"@type": "Organization", "name": original["publisher"]},
            **({"reportNumber": original["number"]} if "number" in original else {}),
            **({"sameAs": f"https://doi.org/{original['DOI']}"} if "DOI" in original else {}),
        },
    }
