"""The metadata, and the files that repeat it."""

from __future__ import annotations

import copy
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iucresearch.edition import EDITION
from reissue import cli
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.publication.metadata import citation, creators, json_ld
from reissue.publication.sync import build_repeated_files, renew, sync_descriptor

Edit = Callable[..., None]


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the metadata say something else: `edit("original", number="X")`."""

    def edited(*place: str, **values: Any) -> None:
        content = copy.deepcopy(EDITION.metadata)
        target = content
        for name in place:
            target = target[name]
        target.update(values)
        monkeypatch.setitem(EDITION.__dict__, "metadata", content)

    return edited


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the files that repeat the metadata."""
    root = tmp_path / "root"
    (root / "data" / "raw").mkdir(parents=True)
    for name in ("CITATION.cff", "data/raw/datapackage.json"):
        shutil.copy(paths.ROOT / name, root / name)
    return root


def changed_lines(before: str, after: str) -> list[str]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [new.strip() for old, new in pairs if old != new]


class TestMetadata:
    def test_pyproject_says_the_same(self) -> None:
        project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        about = EDITION.metadata
        assert project["name"] == about["name"]
        assert project["version"] == about["version"]
        assert project["description"] == about["summary"]
        assert project["license"] == about["licences"]["code"]["id"]
        assert [one["name"] for one in project["authors"]] == creators(EDITION.metadata)

    def test_its_date_is_a_day_and_its_version_has_three_parts(self) -> None:
        assert date.fromisoformat(EDITION.metadata["released"]).isoformat() == EDITION.metadata["released"]
        assert re.fullmatch(r"\d+\.\d+\.\d+", EDITION.metadata["version"])

    def test_the_changelog_knows_the_version(self) -> None:
        assert EDITION.metadata["version"] in (paths.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    def test_a_citation_names_version_and_state(self) -> None:
        told = citation(EDITION.metadata, "0123456789abcdef")
        assert EDITION.metadata["version"] in told
        assert "0123456789abcdef" in told
        assert told.startswith(f"{creators(EDITION.metadata)[0]} ({EDITION.metadata['released'][:4]}). ")

    def test_a_page_says_what_it_is_based_on(self) -> None:
        told = json_ld(EDITION.metadata, "0123456789abcdef", "es")
        assert told["inLanguage"] == "es"
        assert told["identifier"] == "0123456789abcdef"
        assert told["isBasedOn"]["sameAs"] == "https://doi.org/10.2760/39443"
        assert [one["familyName"] for one in told["isBasedOn"]["author"]] == ["Demblans", "Cagnin", "Gómez Prieto"]


class TestRepeated:
    @pytest.mark.parametrize("place", build_repeated_files(EDITION.metadata, paths.ROOT), ids=lambda path: path.name)
    def test_the_file_is_in_step(self, place: Path) -> None:
        assert place.read_bytes() == build_repeated_files(EDITION.metadata, paths.ROOT)[place].encode(), (
            "run make metadata"
        )

    def test_it_renews_nothing_that_is_in_step(self, root: Path) -> None:
        times = {path: path.stat().st_mtime_ns for path in build_repeated_files(EDITION.metadata, root)}
        assert renew(EDITION.metadata, root) == []
        assert {path: path.stat().st_mtime_ns for path in build_repeated_files(EDITION.metadata, root)} == times

    def test_what_the_metadata_says_reaches_both_files(self, root: Path, edit: Edit) -> None:
        edit("original", DOI="10.1234/5678")
        assert renew(EDITION.metadata, root) == list(build_repeated_files(EDITION.metadata, root))
        assert renew(EDITION.metadata, root) == []
        for path in build_repeated_files(EDITION.metadata, root):
            text = path.read_text(encoding="utf-8")
            assert "10.1234/5678" in text
            assert "10.2760/39443" not in text

    def test_a_file_that_is_missing_is_made(self, root: Path) -> None:
        (root / "CITATION.cff").unlink()
        assert renew(EDITION.metadata, root) == [root / "CITATION.cff"]
        assert (root / "CITATION.cff").read_bytes() == (paths.ROOT / "CITATION.cff").read_bytes()

    def test_a_title_changes_one_line_of_the_data_package(self, root: Path, edit: Edit) -> None:
        path = root / "data" / "raw" / "datapackage.json"
        before = path.read_text(encoding="utf-8")
        edit("data", title="Facts: “new”")
        renew(EDITION.metadata, root)
        assert changed_lines(before, path.read_text(encoding="utf-8")) == ['"title": "Facts: “new”",']

    def test_resources_follow_where_they_had_the_packages_licence_and_source(self, edit: Edit) -> None:
        before = json.loads((paths.RAW / "datapackage.json").read_text(encoding="utf-8"))
        edit("licences", data={"id": "CC0-1.0", "name": "No rights", "address": "https://example.org/"})
        edit("original", number="EUR 1")
        after = sync_descriptor(EDITION.metadata, before)
        licence = [{"name": "CC0-1.0", "title": "No rights"}]
        assert after["licenses"] == licence
        for old, new in zip(before["resources"], after["resources"], strict=True):
            assert new["licenses"] == (licence if old["licenses"] == before["licenses"] else old["licenses"])
            same = old["sources"] == before["sources"]
            assert new["sources"] == ([{"title": "EUR 1 (2020)", "doi": "10.2760/39443"}] if same else old["sources"])
            for name in old.keys() - {"licenses", "sources"}:
                assert new[name] == old[name]
            assert list(new) == list(old)
        assert list(after) == list(before)
        assert {tuple(source) for item in after["resources"] for source in item["sources"]} > {("title",)}

    def test_what_a_resource_lacks_it_is_not_given(self) -> None:
        assert sync_descriptor(EDITION.metadata, {"resources": [{"name": "bare"}]})["resources"] == [{"name": "bare"}]

    def test_every_licence_and_source_of_a_resource_is_known(self) -> None:
        package = json.loads((paths.RAW / "datapackage.json").read_text(encoding="utf-8"))
        known = [{"name": one["id"], "title": one["name"]} for one in EDITION.metadata["licences"].values()]
        for item in package["resources"]:
            assert all(one in known for one in item["licenses"]), item["name"]
            assert all(source in package["sources"] for source in item["sources"] if "doi" in source), item["name"]


class TestProgram:
    @pytest.fixture(autouse=True)
    def _elsewhere(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paths, "RAW", root / "data" / "raw")
        monkeypatch.setattr(paths, "ROOT", root)

    def test_it_says_what_it_renewed(self, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
        edit(version="9.9.9")
        assert cli.call(EDITION, ["metadata"]) == 0
        assert capsys.readouterr().out == "Renewed: CITATION.cff\n"
        assert cli.call(EDITION, ["metadata"]) == 0
        assert capsys.readouterr().out == "CITATION.cff and the data package are up to date.\n"

    def test_a_broken_data_package_is_told_in_one_line(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = (root / "CITATION.cff").read_bytes()
        (root / "data" / "raw" / "datapackage.json").write_text("{")
        assert cli.call(EDITION, ["metadata"]) == 2
        told = capsys.readouterr().err
        assert told.startswith("iucresearch: data/raw/datapackage.json, line 1: not JSON")
        assert told.count("\n") == 1
        assert (root / "CITATION.cff").read_bytes() == before

    def test_it_needs_the_data_package(self, root: Path) -> None:
        (root / "data" / "raw" / "datapackage.json").unlink()
        with pytest.raises(InputError, match="there is no such file"):
            renew(EDITION.metadata, root)
