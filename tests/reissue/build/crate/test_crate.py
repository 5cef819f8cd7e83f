"""The crate of a build: its files, the entities that describe how they were made, and the validator's verdict."""

import hashlib
import io
import json
import re
import shutil
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
from reissue.core import datapackage, paths
from reissue.exhibits.registry import WORDS
from reissue.survey.answer_counts import AnswerCounts
from tests.conftest import Project

pytestmark = pytest.mark.build
Graph = dict[str, dict[str, Any]]
#: RO-Crate's context 1.1 as published (CC0), from version 0.10 of the `rocrate` library. The installed version has the
#: context of 1.3, where the profiles' terms have other addresses.
CONTEXT = Path(__file__).with_name("ro-crate-1.1-context.jsonld")


def index_entities(text: str) -> Graph:
    """Return the entities of a crate by their ids; no id occurs twice."""
    entities = json.loads(text)["@graph"]
    found = {entity["@id"]: entity for entity in entities}
    assert len(found) == len(entities)
    return found


def list_ids(value: Any) -> list[str]:
    """Return the ids that the value of a property refers to."""
    return [one["@id"] for one in (value if isinstance(value, list) else [value])]


@pytest.fixture(scope="module")
def crate(built: Project) -> Graph:
    """The crate of the published configuration, as the build wrote it."""
    return index_entities((built.root / "reports" / NAME).read_text(encoding="utf-8"))


def test_every_product_is_a_file_with_size_and_checksum(built: Project, crate: Graph) -> None:
    folder = built.root / "reports"
    records = [json.loads((folder / FOLDER / f"{stem}.json").read_text()) for stem in read_order().needs]
    products = {built.root / place for record in records for place in record["products"]}
    expected = {path for path in products if path.parent.name != FOLDER} | {
        *(folder / name for name in ("index.html", "making.html", WORKFLOW))
    }
    expected |= {*(folder / "html").iterdir(), *(folder / "executed").iterdir()}
    files = {folder / one["@id"]: one for one in crate.values() if "File" in one["@type"]}
    assert set(files) == {path for path in expected if path.is_relative_to(folder)}
    assert set(list_ids(crate["./"]["hasPart"])) == {one["@id"] for one in files.values()}
    for path, one in files.items():
        assert one["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert one["contentSize"] == str(path.stat().st_size)
        assert re.fullmatch(r"[a-z]+/[a-z+.-]+", one["encodingFormat"])
        assert one["license"]["@id"].startswith("https://")
    assert set(list_ids(crate["#run"]["result"])) == {
        path.relative_to(folder).as_posix()
        if path.is_relative_to(folder)
        else f"#{path.relative_to(built.root).as_posix()}"
        for path in expected - {folder / WORKFLOW}
    }


def test_every_exhibit_has_its_status_and_its_raw_tables(crate: Graph) -> None:
    words = tuple(f"{word}." for word in WORDS.values())
    for item in EXHIBITS:
        files = [one for id_, one in crate.items() if re.fullmatch(rf"(figures|tables)/{item.id}\.\w+", id_)]
        assert {"text/csv"} < {one["encodingFormat"] for one in files}, item.id
        for one in files:
            assert one["name"] == item.heading
            assert one["description"].startswith(words)
            assert set(list_ids(one["isBasedOn"])) <= {f"#data/raw/{name}.csv" for name in item.tables}
    assert crate["tables/table-2.html"]["description"] == "Exact."
    assert crate["tables/figure-4.csv"]["description"].startswith("Not reproduced. It is a photograph")
    survey = ["#data/raw/survey.csv", "#data/raw/questions.csv", "#data/raw/options.csv"]
    assert list_ids(crate["figures/figure-6.svg"]["isBasedOn"]) == survey


def test_the_raw_files_have_source_and_licence(built: Project, crate: Graph) -> None:
    resources = datapackage.read_descriptor(built.root / "data" / "raw", "")["resources"]
    for item in resources:
        one = crate[f"#data/raw/{item['path']}"]
        assert f"sha256:{one['sha256']}" == item["hash"]
        assert item["description"] in one["description"]
        assert item["sources"][0]["title"] in one["description"]
        assert one["encodingFormat"] == item["mediatype"]
    geography = crate["#data/raw/geography/countries-50m.json"]
    assert crate["#data/raw/swot.csv"]["isBasedOn"] == crate["./"]["citation"]
    assert "isBasedOn" not in geography
    assert crate[geography["license"]["@id"]]["identifier"] == "CC0-1.0"
    inputs = [one for one in list_ids(crate["#run"]["object"]) if not one.startswith("#value-")]
    assert inputs == [f"#data/raw/{item['path']}" for item in [*resources, {"path": "datapackage.json"}]]


def test_the_workflow_is_the_order_with_notebooks_and_parameters(built: Project, crate: Graph) -> None:
    workflow = crate[WORKFLOW]
    assert list_ids(crate["./"]["mainEntity"]) == list_ids(crate["#run"]["instrument"]) == [WORKFLOW]
    assert (built.root / "reports" / WORKFLOW).read_bytes() == (built.root / "notebooks" / WORKFLOW).read_bytes()
    notebooks = [f"#notebooks/{stem}.ipynb" for stem in read_order().needs]
    assert list_ids(workflow["hasPart"]) == notebooks
    for id_ in [*notebooks, "#requirements.lock"]:
        assert crate[id_]["sha256"] == hashlib.sha256((built.root / id_[1:]).read_bytes()).hexdigest()
    assert crate["#parameter-side"]["description"] == "One of all, EU, LAC"
    formal = [crate[id_] for id_ in list_ids(workflow["input"])]
    values = [crate[one["workExample"]["@id"]] for one in formal]
    expected = [("reading", "literal"), ("rounding", "up_or_down"), ("side", "all")]
    assert [(one["name"], one["defaultValue"]) for one in formal] == expected
    assert [(one["name"], one["value"]) for one in values] == expected
    assert [crate[one["exampleOfWork"]["@id"]] for one in values] == formal
    assert {one["@id"] for one in values} <= set(list_ids(crate["#run"]["object"]))


def test_the_whole_has_version_state_licence_and_the_report(built: Project, crate: Graph) -> None:
    whole, about, folder = crate["./"], EDITION.metadata, built.root / "reports"
    assert (whole["version"], whole["datePublished"]) == (about["version"], about["released"])
    assert whole["identifier"] == content_hash(read_record_in(folder, STEP))
    assert whole["identifier"] in (folder / "index.html").read_text(encoding="utf-8")
    assert whole["license"]["@id"] == about["licences"]["data"]["address"]
    report = crate[whole["citation"]["@id"]]
    assert report["@id"] == "https://doi.org/10.2760/39443"
    names = [crate[one]["familyName"] for one in list_ids(report["author"])]
    assert names == ["Demblans", "Cagnin", "Gómez Prieto"]


def test_every_reference_has_an_entity_or_an_address(crate: Graph) -> None:
    def list_references(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [value["@id"]]
        return [id_ for one in value for id_ in list_references(one)] if isinstance(value, list) else []

    for entity in crate.values():
        for id_ in list_references(list(entity.values())):
            assert id_ in crate or id_.startswith(("https://w3id.org/ro/crate/", "https://bioschemas.org/")), id_
    assert not [id_ for id_ in crate if ".." in id_ or id_.startswith(("/", "file:"))]


def test_a_variant_from_answers_has_its_own_parameters_tables_and_terms(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = Build(EDITION, "lac", answers=AnswerCounts({}, "our answers.xlsx", synthetic=False))
    for name in ("RAW", "NOTEBOOKS", "PARAMS", "ROOT"):
        monkeypatch.setattr(paths, name, tmp_path / getattr(paths, name).relative_to(paths.ROOT))
    for name in ("data", "notebooks", "params"):
        shutil.copytree(built.root / name, tmp_path / name)
    shutil.copy(built.root / "requirements.lock", tmp_path)
    folder = paths.build_folder(build.name)
    shutil.copytree(built.root / "reports", folder)
    shutil.move(tmp_path / "data" / "processed", folder / "processed")
    for record in (folder / FOLDER).glob("*.json"):
        text = record.read_text(encoding="utf-8").replace("data/processed/", "reports/processed/")
        record.write_text(text.replace("reports/", f"reports/builds/{build.name}/"), encoding="utf-8")
    crate = index_entities(describe_crate(build, ""))
    assert crate["#run"]["name"].endswith("configuration answers-lac")
    assert (crate["#value-side"]["value"], crate["#parameter-side"]["defaultValue"]) == ("LAC", "all")
    assert crate["processed/pairings.csv"]["@type"] == "File"
    assert crate["processed/pairings.csv"]["description"]
    assert not [id_ for id_ in crate if id_.startswith("#data/processed")]
    assert "Not for release" in build.notice
    assert crate["./"]["license"] == crate["index.html"]["license"] == build.notice
    assert crate["./"]["description"].endswith(build.notice)
    assert {"#answers", "#params/lac.yaml"} <= set(list_ids(crate["#run"]["object"]))
    answers = {"@id": "#answers", "@type": "CreativeWork", "name": "our answers.xlsx", "description": build.notice}
    assert crate["#answers"] == answers


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of web pages that has the context, the one document that the validator requests from the web."""
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
