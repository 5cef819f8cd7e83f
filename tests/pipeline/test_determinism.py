"""The same inputs give the same bytes, whoever builds them, where, when and how."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Project
from tests.pipeline.mini import Mini, assert_same, copied, tree

#: Another user's surroundings. The kernel must not take over what changes its numbers, texts or order.
OTHERS = {
    "TZ": "Asia/Kolkata",
    "LANG": "de_DE.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "LANGUAGE": "de",
    "PYTHONHASHSEED": "4711",
    "SOURCE_DATE_EPOCH": "1000000000",
    "OMP_NUM_THREADS": "2",
    "COLUMNS": "40",
    "NO_COLOR": "1",
    "HOME": "/nonexistent",
    "USER": "somebody",
}


def build_elsewhere(project: Project, outside: Path) -> None:
    """Build without Make, in others' surroundings, from another folder and with another umask."""
    outside.mkdir()
    environment = {**OTHERS, "PYTHONPATH": str(project.root / "src"), "PATH": os.environ["PATH"]}
    command = f'umask 077; cd "{outside}"; exec "{project.root}/.venv/bin/python" -m iucresearch.pipeline'
    done = project.run("env", "-i", *(f"{n}={v}" for n, v in environment.items()), "sh", "-c", command)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert list(outside.iterdir()) == []


@pytest.mark.build
def test_two_builds_in_two_folders_are_the_same(built: Project, tmp_path: Path) -> None:
    other = copied(built, tmp_path / "anderer Órdner", built=False)
    build_elsewhere(other, tmp_path / "outside")
    assert_same(tree(built.root), tree(other.root))


@pytest.mark.build
def test_a_build_by_parts_is_the_same_as_a_whole_one(
    built_mini: Mini, new_mini: Callable[[str], Mini], tmp_path: Path
) -> None:
    other = new_mini("bei Teilen")
    for goal in ("reports/tables/table-2.csv", "reports/html/04_survey.html", "data/processed/values.csv", "report"):
        assert other.make(goal).returncode == 0
    assert_same(tree(built_mini.root), tree(other.root))


def test_a_difference_is_shown_with_file_and_place() -> None:
    one = {"a": b"x", "b.html": b"one\n" + b"-" * 200 + b"left" + b"+" * 200}
    with pytest.raises(AssertionError) as error:
        assert_same(one, {**one, "b.html": one["b.html"].replace(b"left", b"right")})
    assert "b.html, line 2:" in str(error.value)
    assert "left" in str(error.value)
    assert "right" in str(error.value)
    assert len(str(error.value)) < 400
    with pytest.raises(AssertionError, match=r"only in one: \['a'\]"):
        assert_same(one, {"b.html": one["b.html"]})
    with pytest.raises(AssertionError, match=r"b\.html, line 3"):
        assert_same(one, {**one, "b.html": one["b.html"] + b"\nmore"})
