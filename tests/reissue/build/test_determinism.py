"""The same inputs give the same bytes, wherever, whenever and however they are built, also after an edit."""

import json
import os
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reissue.build.order import read_order
from reissue.build.records import read_record_in
from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, assert_same, copied, tree
from tests.reissue.build.trials import Trials, report

#: Other users' surroundings, which must not change numbers, texts or order.
SURROUNDINGS = {
    "TZ": ["Asia/Kolkata", "America/Sao_Paulo", "UTC"],
    "LANG": ["de_DE.UTF-8", "C", "ja_JP.eucJP"],
    "LC_ALL": ["tr_TR.UTF-8", "C", "POSIX"],
    "LANGUAGE": ["de", "es", ""],
    "PYTHONHASHSEED": ["4711", "random", "0"],
    "SOURCE_DATE_EPOCH": ["1000000000", "2000000000", "1"],
    "OMP_NUM_THREADS": ["2", "1", "7"],
    "COLUMNS": ["40", "200", ""],
    "NO_COLOR": ["1", ""],
    "HOME": ["/proc", "/nonexistent"],
    "USER": ["somebody", ""],
    # Ordinary kernels, and warm ones.
    "REISSUE_WARM": ["0", "1"],
}


def build_elsewhere(project: Project, seed: int, *through: str) -> None:
    """Build without Make, in surroundings drawn from a seed; seed 0 takes the first of each, which are unusual."""
    chance = random.Random(seed)
    drawn = {name: chance.choice(values) if seed else values[0] for name, values in SURROUNDINGS.items()}
    umask, cores, git = (chance.choice(two) if seed else two[0] for two in (("077", "022"), (1, 2), (True, False)))
    if git:
        for arguments in (["init", "-q"], ["add", "notebooks"]):
            assert project.run("git", *arguments).returncode == 0
    environment = {**drawn, "PYTHONPATH": str(project.root / "src"), "PATH": os.environ["PATH"]}
    command = f'umask {umask}; exec "{project.root}/.venv/bin/python" -m iucresearch report'
    on_cores = ["taskset", "-c", f"0-{cores - 1}"] if shutil.which("taskset") else []
    variables = [f"{name}={value}" for name, value in environment.items()]
    done = project.run("env", "-i", *variables, *through, *on_cores, "sh", "-c", command)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


#: Sets the clock to the past: faketime also sets that of timeouts, but not for every process that reads it.
FAKETIME = ("faketime", "-f", "-7000d")
NO_FAKETIME = pytest.mark.skipif(not shutil.which("faketime"), reason="Debian's faketime is not here to set a clock")
#: What is built, the seed of its surroundings, and what it runs through. The real report takes a minute of processor
#: time: `make test` compares its files with those of another day (`tests/reissue/review/test_baseline.py`) and its
#: cells with the recorded ones (nbval) instead.
BUILDS = [
    *(("built_mini", seed, ()) for seed in range(TRIALS)),
    *(("built", seed, ()) for seed in range(TRIALS) if TRIALS > 1),
    pytest.param("built_mini", 1, FAKETIME, marks=NO_FAKETIME),
]


@pytest.mark.faults
@pytest.mark.build
@pytest.mark.parametrize(("name", "seed", "through"), BUILDS)
def test_two_builds_are_the_same(
    trial: Trials, request: pytest.FixtureRequest, tmp_path: Path, name: str, seed: int, through: tuple[str, ...]
) -> None:
    built: Project = request.getfixturevalue(name)
    other = copied(built, tmp_path / "anderer Órdner", built=False)
    with trial("another time" if through else "other surroundings", other, built):
        build_elsewhere(other, seed, *through)
        assert_same(tree(built.root), tree(other.root))
        if through:
            date = json.loads((other.root / "reports" / "build.json").read_text())["date"]
            assert datetime.now(UTC) - datetime.fromisoformat(date) > timedelta(days=6999)


def assert_as_from_nothing(project: Project, folder: Path) -> None:
    """Fail unless a project and a copy of its sources, built from nothing, give the same report."""
    report(project)
    afresh = copied(project, folder / "afresh", built=False)
    report(afresh)
    assert_same(tree(project.root), tree(afresh.root))


#: What may be edited.
KINDS = {
    "a figure's module": "src/iucresearch/figures/*.py",
    "a module of the report": "src/iucresearch/*.py",
    "a module of the machinery": "src/reissue/*/*.py",
    "a template": "src/*/templates/**/*.html",
    "the style": "src/reissue/templates/page/*.css",
    "a notebook": "notebooks/0*.ipynb",
    "a raw table": "data/raw/swot.csv",
    "the lock": "requirements.lock",
    "the questionnaire's labels": "params/questionnaire.csv",
}
#: What is added to a file, by its kind; to a table, at the end of its last cell.
ADDED = {".py": "_PLANTED = 1\n", ".css": "/* planted */", ".html": "<!-- planted -->", ".lock": "# planted\n"}


def plant(path: Path) -> None:
    """Edit a file, so that what is made of it may change."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        notebook = json.loads(text)
        next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")["source"] = ["# Planted"]
        text = json.dumps(notebook)
    else:
        text = text.rstrip("\n") + " planted\n" if path.suffix == ".csv" else text + ADDED[path.suffix]
    path.write_text(text, encoding="utf-8")


@pytest.mark.faults
@pytest.mark.build
@pytest.mark.skipif(TRIALS == 1, reason="the whole report is built twice for each kind: `make test` edits a small one")
@pytest.mark.parametrize("kind", KINDS)
def test_after_an_edit_the_report_is_as_one_from_nothing(built: Project, tmp_path: Path, kind: str) -> None:
    project = copied(built, tmp_path / "edited")
    plant(random.Random(kind).choice(sorted(project.root.glob(KINDS[kind]))))
    # A raw table that differs from its checksum is built with a warning.
    assert project.command("checksums").returncode == 0
    assert_as_from_nothing(project, tmp_path)


def test_after_an_edit_a_small_report_is_as_one_from_nothing(ready: Mini, tmp_path: Path) -> None:
    for kind in ("a template", "a notebook"):
        for path in sorted(ready.root.glob(KINDS[kind]))[::12]:
            plant(path)
    assert_as_from_nothing(ready, tmp_path)


@pytest.mark.build
def test_a_translation_makes_only_the_notebooks_that_look_it_up_stale(translated: Project) -> None:
    folder = translated.root / "reports" / "builds" / "published-es"
    found = {stem for stem in read_order().needs if "Pilot activity" in read_record_in(folder, stem).texts}
    assert found == {"02_context"}
