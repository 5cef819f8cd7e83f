"""A release comes into place only where nothing was found in it, and who makes it is not told where the answers lie."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from iucresearch import paths
from iucresearch.release import bundle
from iucresearch.release.choice import Attacker
from iucresearch.release.counts import COUNTS, HELD, Released
from iucresearch.release.identifiers import Identifiers
from tests.release.people import report

NOTHING = Released(pd.DataFrame(columns=list(COUNTS)), pd.DataFrame(columns=list(HELD)))


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where builds lie: in place of each build, one that writes a page and its notes."""
    reports = tmp_path / "reports"
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(paths, "keep_to_own_cache", lambda: paths.CACHE.mkdir(exist_ok=True))
    monkeypatch.setattr(paths, "build_folder", lambda name="": reports / "builds" / name if name else reports)

    def build(_: Path, verb: str, *arguments: str) -> None:
        if verb == "report":
            variant = arguments[arguments.index("--variant") + 1]
            folder = paths.build_folder(paths.build_name(variant, "", released="yes"))
            for name in ("index.html", "build.json", ".made/01_clean.mk"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(variant)

    answers = pd.DataFrame()
    answers.attrs["synthetic"] = False
    monkeypatch.setattr(bundle, "_run", build)
    monkeypatch.setattr(bundle, "read_answers", lambda _: answers)
    monkeypatch.setattr(bundle, "cell_counts", lambda *_: {})
    monkeypatch.setattr(bundle, "Identifiers", SimpleNamespace(of=lambda *_: None))
    monkeypatch.setattr(bundle, "choose", lambda *_, **__: NOTHING)
    return reports


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_nothing_was_found_in_is_put_into_place(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "_audited", lambda *_: [])
    assert bundle.release(Path("answers.xlsx"), 5, "en") == 0
    pages = ["index.html", *(f"variants/{path.stem}/index.html" for path in paths.PARAMS.glob("*.yaml"))]
    assert tree(reports) == sorted(f"release/{name}" for name in (*pages, *NOTHING.files))


def test_where_anything_was_found_nothing_is_released_nor_an_older_one_left(
    reports: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (reports / "release").mkdir(parents=True)
    (reports / "release" / "index.html").write_text("an older one")
    monkeypatch.setattr(bundle, "_audited", lambda *_: [f"page {number}: a leak" for number in range(14)])
    assert bundle.release(Path("answers.xlsx"), 5, "en") == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "iucresearch: page 0: a leak"
    assert said[-1] == "iucresearch: nothing is released: the audit found this and 2 more."
    assert tree(reports) == []


@pytest.mark.parametrize("finder", ["small_groups_told", "stated_wrongly", "differing", "Identifiers"])
def test_what_any_of_the_audits_finds_is_told(reports: Path, monkeypatch: pytest.MonkeyPatch, finder: str) -> None:
    group = SimpleNamespace(question="topic", side="EU")
    own = {"small_groups_told": [group], "stated_wrongly": ["a.html: it"], "differing": ["a.html: it"]}
    for name in own:
        monkeypatch.setattr(bundle, name, lambda *_, name=name, **__: own[name] if name == finder else [])
    monkeypatch.setattr(bundle, "Remade", SimpleNamespace(of=lambda *_: SimpleNamespace(allowed=None)))
    builds = {"": "release", "lac": "release-lac"}
    for build in builds.values():
        page = reports / "builds" / build / "a.html"
        page.parent.mkdir(parents=True)
        page.write_text("Ask Maria Nowakowska")
    texts = {"maria nowakowska": "it"} if finder == "Identifiers" else {}
    roundings = dict.fromkeys(builds, "up_or_down")
    audited = bundle._audited(Attacker(report()), NOTHING, Identifiers(texts, {}), builds, roundings)
    if finder == "small_groups_told":
        assert audited == ["what is released: a small group of topic, EU, can be inferred"]
    else:
        assert audited == [f"{build}/a.html: it" for build in builds.values()]


def test_who_builds_is_not_told_where_the_answers_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = tmp_path / "answers.xlsx"
    for name in ("SURVEY", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", paths.SURVEY_VARIABLE):
        monkeypatch.setenv(name, "answers.xlsx")
    monkeypatch.setenv("OTHER", f"--survey={survey}")
    told: dict[str, str] = {}

    def run(*_: object, env: dict[str, str], **__: object) -> SimpleNamespace:
        told.update(env)
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(bundle.BuildFailed, match=r"^3$"):
        bundle._run(survey, "report")
    assert not [name for name, text in told.items() if "answers.xlsx" in text]
    assert told["PATH"] == os.environ["PATH"]
