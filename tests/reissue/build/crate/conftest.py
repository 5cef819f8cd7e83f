"""Fixtures of the crate's tests: the crate of a build, and copies of the build that may be changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reissue.build.crate import NAME
from reissue.build.records import FOLDER
from reissue.core import paths
from tests.conftest import Project
from tests.reissue.build.crate.validation import Graph, graph, seeded
from tests.reissue.build.mini import copied


@pytest.fixture(scope="session")
def crate(built: Project) -> Graph:
    """The crate of the published configuration, as the build wrote it."""
    return graph(json.loads((built.root / "reports" / NAME).read_text(encoding="utf-8")))


@pytest.fixture
def root(built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built project, which this process takes for its own."""
    # The validator takes no folder whose name is more than letters.
    root = copied(built, tmp_path / "elsewhere").root
    for name in ("RAW", "NOTEBOOKS", "PARAMS", "ROOT"):
        monkeypatch.setattr(paths, name, root / getattr(paths, name).relative_to(paths.ROOT))
    return root


@pytest.fixture
def rename(root: Path) -> Callable[[str], Path]:
    """Let the build of the copy be another's: its files go where that one's lie."""

    def renamed(build: str) -> Path:
        folder = paths.build_folder(build)
        shutil.move(root / "reports", root / "made")
        folder.parent.mkdir(parents=True)
        shutil.move(root / "made", folder)
        shutil.move(root / "data" / "processed", folder / "processed")
        for record in (folder / FOLDER).glob("*.json"):
            text = record.read_text(encoding="utf-8").replace("reports/", f"reports/builds/{build}/")
            record.write_text(text.replace("data/processed/", f"reports/builds/{build}/processed/"), encoding="utf-8")
        return folder

    return renamed


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the validator has of the web."""
    return seeded(tmp_path_factory.mktemp("web") / "pages")
