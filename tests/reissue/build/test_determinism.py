"""The same inputs give the same bytes, wherever, whenever and however they are built."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, assert_same, copied, tree
from tests.reissue.build.trials import Trials

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
    "HOME": ["/nonexistent", "/proc"],
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
    done = project.run(
        "env",
        "-i",
        *(f"{name}={value}" for name, value in environment.items()),
        *through,
        *on_cores,
        "sh",
        "-c",
        command,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


#: What is built, and the seed of its surroundings. The real report takes a minute of processor time: `make test`
#: compares its files with those of another day (`tests/reissue/review/test_baseline.py`) and its cells with the
#: recorded ones (nbval) instead.
BUILDS = [
    *(("built_mini", seed) for seed in range(TRIALS)),
    *(("built", seed) for seed in range(TRIALS) if TRIALS > 1),
]


@pytest.mark.faults
@pytest.mark.build
@pytest.mark.parametrize(("name", "seed"), BUILDS)
def test_two_builds_are_the_same(
    trial: Trials, request: pytest.FixtureRequest, tmp_path: Path, name: str, seed: int
) -> None:
    built: Project = request.getfixturevalue(name)
    other = copied(built, tmp_path / "anderer Órdner", built=False)
    with trial("other surroundings", other, built):
        build_elsewhere(other, seed)
        assert_same(tree(built.root), tree(other.root))


@pytest.mark.faults
@pytest.mark.build
@pytest.mark.skipif(not shutil.which("faketime"), reason="Debian's faketime is not here to set a clock")
def test_so_is_one_of_another_time(
    trial: Trials, built_mini: Mini, new_mini: Callable[[str], Mini], tmp_path: Path
) -> None:
    other = new_mini("anderer Órdner")
    with trial("another time", other, built_mini):
        # In the past: faketime also sets the clock of timeouts, but not for every process that reads it.
        build_elsewhere(other, 1, "faketime", "-f", "-7000d")
        assert_same(tree(built_mini.root), tree(other.root))
        date = json.loads((other.root / "reports" / "build.json").read_text())["date"]
        assert datetime.now(UTC) - datetime.fromisoformat(date) > timedelta(days=6999)
