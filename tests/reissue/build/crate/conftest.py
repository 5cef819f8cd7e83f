"""Fixtures of the crate's tests: the crate of a build, and a copy of the build that a test may change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reissue.build.configuration import Build
from reissue.build.crate import NAME, describe_crate
from reissue.build.records import FOLDER
from reissue.core import paths
from tests.conftest import Project

Graph = dict[str, dict[str, Any]]


def index_entities(content: dict[str, Any]) -> Graph:
    """Return the entities of a crate by their ids; no id occurs twice."""
    found = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(found) == len(content["@graph"])
    return found


def list_ids(value: Any) -> list[str]:
    """Return the ids that the value of a property refers to."""
    return [one["@id"] for one in (value if isinstance(value, list) else [value])]


@pytest.fixture(scope="session")
def crate(built: Project) -> Graph:
    """The crate of the published configuration, as the build wrote it."""
    return index_entities(json.loads((built.root / "reports" / NAME).read_text(encoding="utf-8")))


@pytest.fixture
def root(built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built project, which this process uses as its own."""
    # The validator accepts only letters in the name of a folder.
    root = tmp_path / "elsewhere"
    for name in ("data", "notebooks", "params", "reports"):
        shutil.copytree(built.root / name, root / name)
    shutil.copy(built.root / "requirements.lock", root)
    for name in ("RAW", "NOTEBOOKS", "PARAMS", "ROOT"):
        monkeypatch.setattr(paths, name, root / getattr(paths, name).relative_to(paths.ROOT))
    return root


@pytest.fixture
def rename(root: Path) -> Callable[[Build], Graph]:
    """Move the files of the copied build to where another build has its own, and return the crate of that one."""

    def renamed(build: Build) -> Graph:
        folder = paths.build_folder(build.name)
        shutil.move(root / "reports", root / "moved")
        shutil.move(root / "data" / "processed", root / "moved" / "processed")
        folder.parent.mkdir(parents=True)
        shutil.move(root / "moved", folder)
        for record in (folder / FOLDER).glob("*.json"):
            text = record.read_text(encoding="utf-8").replace("data/processed/", "reports/processed/")
            record.write_text(text.replace("reports/", f"reports/builds/{build.name}/"), encoding="utf-8")
        return index_entities(json.loads(describe_crate(build, "")))

    return renamed
