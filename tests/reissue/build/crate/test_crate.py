"""The crate of a build: its files, and the entities that describe how they were made."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.build.configuration import Build
from reissue.build.crate import NAME, WORKFLOW, describe_crate
from reissue.build.order import read_order
from reissue.build.pages import STEP, content_hash
from reissue.build.records import FOLDER, read_record_in
from reissue.core import datapackage
from reissue.exhibits.registry import WORDS
from reissue.survey.answer_counts import AnswerCounts
from tests.conftest import Project
from tests.reissue.build.crate.validation import Graph, list_ids, write_crate

pytestmark = pytest.mark.build


class TestContent:
    def test_every_product_is_a_file_of_it_with_size_and_checksum(self, built: Project, crate: Graph) -> None:
        folder = built.root / "reports"
        made = {folder / "index.html", folder / WORKFLOW, *(folder / "html").iterdir()}
        for stem in read_order().needs:
            made |= {
                built.root / name for name in json.loads((folder / FOLDER / f"{stem}.json").read_text())["products"]
            }
        made = {path for path in made if path.parent.name != FOLDER} | {*(folder / "executed").iterdir()}
        held = {folder / one["@id"]: one for one in crate.values() if "File" in one["@type"]}
        assert set(held) == {path for path in made if path.is_relative_to(folder)}
        assert set(list_ids(crate["./"]["hasPart"])) == {one["@id"] for one in held.values()}
        for path, one in held.items():
            assert one["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
            assert one["contentSize"] == str(path.stat().st_size)
            assert re.fullmatch(r"[a-z]+/[a-z+.-]+", one["encodingFormat"])
            assert one["license"]["@id"].startswith("https://")
        assert set(list_ids(crate["#run"]["result"])) == {
            path.relative_to(folder).as_posix()
            if path.is_relative_to(folder)
            else f"#{path.relative_to(built.root).as_posix()}"
            for path in made - {folder / WORKFLOW}
        }

    def test_every_exhibit_says_how_far_it_is_reproduced_and_from_what(self, crate: Graph) -> None:
        words = tuple(f"{word}." for word in WORDS.values())
        for item in EXHIBITS:
            files = [one for id_, one in crate.items() if re.fullmatch(rf"(figures|tables)/{item.id}\.\w+", id_)]
            assert {"text/csv"} < {one["encodingFormat"] for one in files}, item.id
            for one in files:
                assert one["name"] == item.heading
                assert one["description"].startswith(words)
                raw = list_ids(one["isBasedOn"])
                assert raw
                assert set(raw) <= {f"#data/raw/{name}.csv" for name in item.tables}

    def test_exhibits_that_are_known(self, crate: Graph) -> None:
        assert crate["tables/table-2.html"]["description"] == "Exact."
        assert crate["tables/table-2.html"]["name"] == "Table 2. SWOT analysis"
        assert list_ids(crate["tables/table-2.csv"]["isBasedOn"]) == ["#data/raw/swot.csv"]
        assert crate["tables/figure-4.csv"]["description"].startswith("Not reproduced. It is a photograph")
        survey = ["#data/raw/survey.csv", "#data/raw/questions.csv", "#data/raw/options.csv"]
        assert list_ids(crate["figures/figure-6.svg"]["isBasedOn"]) == survey
        assert crate["figures/figure-6.svg"]["encodingFormat"] == "image/svg+xml"

    def test_it_tells_of_the_raw_files_with_source_and_licence(self, built: Project, crate: Graph) -> None:
        raw = built.root / "data" / "raw"
        listed = datapackage.read_descriptor(raw, "")["resources"]
        for item in listed:
            one = crate[f"#data/raw/{item['path']}"]
            assert f"sha256:{one['sha256']}" == item["hash"]
            assert item["description"] in one["description"]
            assert item["sources"][0]["title"] in one["description"]
            assert one["encodingFormat"] == item["mediatype"]
        assert crate["#data/raw/swot.csv"]["isBasedOn"] == crate["./"]["citation"]
        assert "isBasedOn" not in crate["#data/raw/geography/countries-50m.json"]
        (public,) = list_ids(crate["#data/raw/geography/countries-50m.json"]["license"])
        assert crate[public]["identifier"] == "CC0-1.0"
        read = [one for one in list_ids(crate["#run"]["object"]) if not one.startswith("#value-")]
        assert read == [f"#data/raw/{item['path']}" for item in [*listed, {"path": "datapackage.json"}]]

    def test_the_workflow_is_the_order_and_its_parts_the_notebooks(self, built: Project, crate: Graph) -> None:
        workflow = crate[WORKFLOW]
        assert list_ids(crate["./"]["mainEntity"]) == list_ids(crate["#run"]["instrument"]) == [WORKFLOW]
        assert set(workflow["@type"]) == {"File", "SoftwareSourceCode", "ComputationalWorkflow"}
        order = built.root / "notebooks" / WORKFLOW
        assert (built.root / "reports" / WORKFLOW).read_bytes() == order.read_bytes()
        notebooks = [f"#notebooks/{stem}.ipynb" for stem in read_order().needs]
        assert list_ids(workflow["hasPart"]) == notebooks
        for id_ in [*notebooks, "#requirements.lock"]:
            assert crate[id_]["sha256"] == hashlib.sha256((built.root / id_[1:]).read_bytes()).hexdigest()

    def test_parameters_are_there_as_declared_and_as_they_held(self, crate: Graph) -> None:
        inputs = [crate[id_] for id_ in list_ids(crate[WORKFLOW]["input"])]
        assert {one["name"]: one["defaultValue"] for one in inputs} == {
            "reading": "literal",
            "rounding": "up_or_down",
            "side": "all",
        }
        assert crate["#parameter-side"]["description"] == "One of all, EU, LAC"
        values = [crate[id_] for id_ in list_ids(crate["#run"]["object"]) if id_.startswith("#value-")]
        assert [(one["name"], one["value"]) for one in values] == [
            ("reading", "literal"),
            ("rounding", "up_or_down"),
            ("side", "all"),
        ]
        for formal, value in zip(inputs, values, strict=True):
            assert list_ids(formal["workExample"]) == [value["@id"]]
            assert list_ids(value["exampleOfWork"]) == [formal["@id"]]

    def test_the_whole_has_version_date_state_licence_and_the_report(self, crate: Graph, root: Path) -> None:
        whole, about = crate["./"], EDITION.metadata
        assert (whole["version"], whole["datePublished"]) == (about["version"], about["released"])
        assert whole["identifier"] == content_hash(read_record_in(root / "reports", STEP))
        assert "#answers" not in crate
        assert whole["identifier"] in (root / "reports" / "index.html").read_text(encoding="utf-8")
        assert whole["license"]["@id"] == about["licences"]["data"]["address"]
        report = crate[whole["citation"]["@id"]]
        assert report["@id"] == "https://doi.org/10.2760/39443"
        assert [crate[one]["familyName"] for one in list_ids(report["author"])] == [
            "Demblans",
            "Cagnin",
            "Gómez Prieto",
        ]

    def test_every_reference_leads_to_an_entity_or_the_web(self, crate: Graph) -> None:
        def referred(value: Any) -> list[str]:
            if isinstance(value, dict):
                return [value["@id"]]
            return [id_ for one in value for id_ in referred(one)] if isinstance(value, list) else []

        for entity in crate.values():
            for id_ in referred(list(entity.values())):
                assert id_ in crate or id_.startswith(("https://w3id.org/ro/crate/", "https://bioschemas.org/")), id_
        assert not [id_ for id_ in crate if ".." in id_ or id_.startswith(("/", "file:"))]

    def test_it_tells_no_place_and_no_moment(self, built: Project, crate: Graph) -> None:
        text = (built.root / "reports" / NAME).read_text(encoding="utf-8")
        assert str(built.root) not in text
        assert set(re.findall(r"\d{4}-\d\d-\d\d", text)) == {EDITION.metadata["released"]}
        assert not {"startTime", "endTime", "agent"} & set(crate["#run"])


def test_another_process_elsewhere_writes_the_same(built: Project, crate: Graph, root: Path) -> None:
    written = (built.root / "reports" / NAME).read_text(encoding="utf-8")
    assert describe_crate(Build(EDITION), crate["./"]["identifier"]) == written


@pytest.mark.parametrize("place", ["data/raw/swot.csv", "reports/figures/figure-6.csv"])
def test_a_changed_file_changes_only_its_own_entity(root: Path, place: str) -> None:
    before = write_crate(Build(EDITION))
    with (root / place).open("ab") as file:
        file.write(b"\n")
    after = write_crate(Build(EDITION))
    (changed,) = (id_ for id_ in before if before[id_] != after[id_])
    assert changed in (f"#{place}", place.removeprefix("reports/"))
    assert before[changed]["sha256"] != after[changed]["sha256"]


def test_a_variant_has_its_own_parameters_and_tables(rename: Callable[[Build], Graph]) -> None:
    crate = rename(Build(EDITION, "lac"))
    assert crate["#value-side"]["value"] == "LAC"
    assert crate["#parameter-side"]["defaultValue"] == "all"
    assert "#params/lac.yaml" in list_ids(crate["#run"]["object"])
    assert crate["processed/pairings.csv"]["@type"] == "File"
    assert crate["processed/pairings.csv"]["description"]
    assert not [id_ for id_ in crate if id_.startswith("#data/processed")]
    assert crate["#run"]["name"].endswith("configuration lac")


def test_a_build_from_answers_has_no_licence_and_only_the_name_of_the_file(rename: Callable[[Build], Graph]) -> None:
    build = Build(EDITION, answers=AnswerCounts({}, "our answers.xlsx", synthetic=False))
    crate = rename(build)
    assert "Not for release" in build.notice
    assert crate["./"]["license"] == crate["index.html"]["license"] == build.notice
    assert crate["./"]["description"].endswith(build.notice)
    assert "#answers" in list_ids(crate["#run"]["object"])
    assert set(crate["#answers"]) == {"@id", "@type", "name", "description"}
    assert crate["#answers"]["name"] == "our answers.xlsx"
