"""The metadata, and what is made from it: the citation, JSON-LD and CITATION.cff."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from iucresearch.edition import EDITION
from reissue import cli
from reissue.core import paths
from reissue.publication.metadata import build_citation_cff, citation, creators, json_ld

ABOUT = EDITION.metadata
HASH = "0123456789abcdef"
AUTHORS = ["Demblans", "Cagnin", "Gómez Prieto"]


def test_other_files_agree_with_it() -> None:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["name"], project["version"]) == (ABOUT["name"], ABOUT["version"])
    assert project["description"] == ABOUT["summary"]
    assert project["license"] == ABOUT["licences"]["code"]["id"]
    assert [one["name"] for one in project["authors"]] == creators(ABOUT)
    assert re.fullmatch(r"\d+\.\d+\.\d+", ABOUT["version"])
    assert date.fromisoformat(ABOUT["released"]).isoformat() == ABOUT["released"]
    assert ABOUT["version"] in (paths.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    cff = (paths.ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert cff == build_citation_cff(ABOUT), "run make metadata"


def test_the_data_package_agrees_with_it() -> None:
    package = json.loads((paths.RAW / "datapackage.json").read_text(encoding="utf-8"))
    original, licences = ABOUT["original"], ABOUT["licences"]
    known = {name: {"name": one["id"], "title": one["name"]} for name, one in licences.items()}
    assert package["licenses"] == [known["data"]]
    year = original["issued"]["date-parts"][0][0]
    assert package["sources"] == [{"title": f"{original['number']} ({year})", "doi": original["DOI"]}]
    for item in package["resources"]:
        assert all(one in known.values() for one in item["licenses"]), item["name"]
        assert all(source in package["sources"] for source in item["sources"] if "doi" in source), item["name"]


def test_a_citation_names_version_and_state_and_json_ld_the_original_report() -> None:
    text = citation(ABOUT, HASH)
    assert text.startswith(f"{creators(ABOUT)[0]} ({ABOUT['released'][:4]}). ")
    assert ABOUT["version"] in text
    assert HASH in text
    content = json_ld(ABOUT, HASH, "es")
    assert (content["inLanguage"], content["identifier"]) == ("es", HASH)
    assert content["isBasedOn"]["sameAs"] == "https://doi.org/10.2760/39443"
    assert [one["familyName"] for one in content["isBasedOn"]["author"]] == AUTHORS


def test_citation_cff_has_the_required_keys_and_cites_edition_and_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert cli.call(EDITION, ["metadata"]) == 0
    assert capsys.readouterr().out == "Written: CITATION.cff\n"
    text = (tmp_path / "CITATION.cff").read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert "Gómez Prieto" in text
    content = yaml.safe_load(text)
    required = {"cff-version", "message", "title", "authors"}
    optional = {"abstract", "date-released", "keywords", "license", "references", "type", "version"}
    assert set(content) == required | optional
    assert (content["cff-version"], content["type"], content["license"]) == ("1.2.0", "software", "Apache-2.0")
    assert content["title"].endswith(": a rebuilt, checkable edition")
    (report,) = content["references"]
    assert set(report) == {"authors", "title", "type", "doi", "number", "publisher", "year"}
    assert report["title"] == "Smart Specialisation, an innovation bridge between the EU and Latin America"
    assert [one["family-names"] for one in report["authors"]] == AUTHORS
    assert (report["year"], report["doi"]) == (2020, "10.2760/39443")
    assert "EUR 30232 EN" in report["number"]
