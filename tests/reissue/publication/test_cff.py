"""CITATION.cff: what readers of the format find in it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from iucresearch.edition import EDITION
from reissue.publication.cff import citation_cff

#: What version 1.2.0 of the format requires, of the whole and of a reference, and the keys of both that are used here.
REQUIRED = {"cff-version", "message", "title", "authors"}
USED = REQUIRED | {"abstract", "date-released", "keywords", "license", "references", "type", "version"}
OF_REFERENCE = {"authors", "title", "type", "doi", "number", "publisher", "year"}


def read() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(citation_cff(EDITION.metadata))
    return content


@pytest.fixture
def about(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Metadata that may be changed."""
    changed = copy.deepcopy(EDITION.metadata)
    monkeypatch.setitem(EDITION.__dict__, "metadata", changed)
    return changed


def test_it_has_what_the_format_requires_and_nothing_unknown() -> None:
    content = read()
    assert content["cff-version"] == "1.2.0"
    assert set(content) == USED
    assert [set(one) for one in content["references"]] == [OF_REFERENCE]


def test_it_cites_this_edition_and_the_report() -> None:
    content = read()
    assert content["type"] == "software"
    assert content["license"] == "Apache-2.0"
    assert content["title"].endswith(": a rebuilt, checkable edition")
    (report,) = content["references"]
    assert report["title"] == "Smart Specialisation, an innovation bridge between the EU and Latin America"
    assert [one["family-names"] for one in report["authors"]] == ["Demblans", "Cagnin", "Gómez Prieto"]
    assert (report["year"], report["doi"]) == (2020, "10.2760/39443")
    assert "EUR 30232 EN" in report["number"]


def test_letters_stand_as_they_are() -> None:
    assert "Gómez Prieto" in citation_cff(EDITION.metadata)
    assert citation_cff(EDITION.metadata).endswith("\n")


@pytest.mark.parametrize(
    "value",
    ["a: b # c", "1.10", "2026-01-01", "no", "- [x]", "'\"", "{{x}}", "é “q”\u2028", " two\nlines ", "x" * 300],
)
def test_any_value_comes_back_as_it_was(about: dict[str, Any], value: str) -> None:
    about |= {"title": value, "version": value, "released": value, "creators": [{"name": value}]}
    about["original"]["number"] = value
    content = read()
    assert content["title"].startswith(value)
    assert (content["version"], content["date-released"]) == (value, value)
    assert content["authors"] == [{"name": value}]
    assert content["references"][0]["number"] == value


def test_every_creator_is_an_author(about: dict[str, Any]) -> None:
    about["creators"] = [{"name": "One"}, {"name": "Two"}]
    assert read()["authors"] == [{"name": "One"}, {"name": "Two"}]
