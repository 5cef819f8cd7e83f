"""What is typed as a variable, a product or a file's name is text: neither Make nor the shell reads it as a command."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Project
from tests.corpus import ADDRESSES, MARK, SHELL

#: Which target hands a variable to a program, and as which option; options are told from values by the sign `=`.
VARIABLES = {
    "VARIANT": ("report", "--variant="),
    "LOCALE": ("pdf", "--locale="),
    "SURVEY": ("report", "--survey="),
    "SOURCE": ("trace", ""),
    "N": ("draws", "--n="),
    "SEED": ("draws", "--seed="),
    "ONLY": ("briefs", "--only="),
    "SCHEDULER": ("briefs", "--scheduler="),
}
VALUES = {**SHELL, "option": "--build", "wildcard": "*", "percent": "%", "dollar": "a$b $$ $", "hash": "a#b"}
#: Of the values each once, and the worst of them for every variable.
WORST = ("function of Make", "after a quote", "next line", "option")
PAIRS = [
    *itertools.product(VARIABLES, WORST),
    *(
        (variable, name)
        for variable, name in zip(itertools.cycle(VARIABLES), VALUES, strict=False)
        if name not in WORST
    ),
]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose Python writes down what it is called with, one argument a line of zero bytes."""
    project = Project(tmp_path_factory.mktemp("make") / "project")
    python = project.root / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf \'%s\\0\' "$@" >> "$RECORD"\n')
    return project


def called(project: Project, record: Path, *arguments: str) -> tuple[list[str], subprocess.CompletedProcess[str]]:
    """Return all arguments of all programs that a make called, and how it ended."""
    record.unlink(missing_ok=True)
    done = project.make(*arguments, RECORD=str(record))
    return (record.read_text().split("\0") if record.exists() else []), done


def nothing_ran(project: Project) -> bool:
    """Say whether no command was run; what one has left is removed, so that no other test fails of it."""
    found = list(project.root.parent.rglob(f"*{MARK}*"))
    for path in found:
        path.unlink()
    return not found


@pytest.mark.parametrize(("variable", "name"), PAIRS)
def test_a_value_arrives_as_it_was_typed(recorder: Project, tmp_path: Path, variable: str, name: str) -> None:
    (target, option), value = VARIABLES[variable], VALUES[name]
    arguments, _ = called(recorder, tmp_path / "record", target, f"{variable}={value}")
    assert f"{option}{value}" in arguments
    assert nothing_ran(recorder)


def test_a_variable_of_the_environment_is_text_too(recorder: Project, tmp_path: Path) -> None:
    record = tmp_path / "record"
    done = recorder.make("report", SURVEY=SHELL["function of Make"], RECORD=str(record))
    assert done.returncode == 0, done.stderr
    assert f"--survey={SHELL['function of Make']}" in record.read_text().split("\0")
    assert nothing_ran(recorder)


@pytest.mark.parametrize("variable", [*VARIABLES, "EXHIBIT"])
def test_targets_that_do_not_read_it_run_nothing_of_it(recorder: Project, tmp_path: Path, variable: str) -> None:
    _, done = called(recorder, tmp_path / "record", "checksums", f"{variable}={SHELL['function of Make']}")
    assert nothing_ran(recorder), done.stderr


@pytest.mark.parametrize(
    ("folder", "value"),
    list(
        zip(
            itertools.cycle(["reports/figures", "reports/survey", "data/processed"]),
            [value for value in SHELL.values() if "=" not in value and "\n" not in value],
            strict=False,
        )
    ),
)
def test_a_products_name_is_no_command(recorder: Project, tmp_path: Path, folder: str, value: str) -> None:
    arguments, _ = called(recorder, tmp_path / "record", f"{folder}/{value}.csv")
    assert arguments[-2:] == [f"{folder}/{value}.csv", ""]
    assert nothing_ran(recorder)


@pytest.mark.parametrize("value", [value for value in SHELL.values() if "/" not in value])
def test_a_raw_files_name_is_no_command(tmp_path: Path, recorder: Project, value: str) -> None:
    odd = recorder.root / "data" / "raw" / value
    odd.write_text("a\n")
    try:
        _, done = called(recorder, tmp_path / "record", "report")
        _, again = called(recorder, tmp_path / "record", "-n", "report")
        assert (done.returncode, again.returncode) == (0, 0), done.stderr + again.stderr
    finally:
        odd.unlink(missing_ok=True)
    assert nothing_ran(recorder)


# Names and places of builds, notebooks and briefs, by the programs themselves.


def refused(done: subprocess.CompletedProcess[str], *said: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("iucresearch: ")
    assert done.stderr.count("\n") == 1
    assert [words for words in said if words not in done.stderr] == []


def test_an_address_is_no_notebook(project: Project) -> None:
    """papermill fetches and runs what has an address: no name of a notebook gets that far."""
    refused(project.command("why", ADDRESSES[0]), f"there is no notebook {ADDRESSES[0]!r}")
    refused(project.pipeline(ADDRESSES[0]), "this is not a file of the build that is asked for")
    order = project.root / "notebooks" / "order.toml"
    order.write_text(order.read_text().replace('= ["01_clean"]', f'= ["{ADDRESSES[1]}"]', 1))
    refused(project.pipeline(), f"{ADDRESSES[1]!r} is not listed before")
    assert not (project.root / "reports").exists()


@pytest.mark.parametrize("verb", ["briefs", "pdf", "report"])
def test_a_builds_name_is_no_place(project: Project, verb: str) -> None:
    refused(project.command(verb, "--variant", "../../../x"), "invalid variant name '../../../x'")
    assert not (project.root / "reports").exists()


@pytest.mark.parametrize(
    ("link", "arguments"),
    [
        ("reports/builds/lac", ["--variant", "lac"]),
        ("reports", []),
        ("reports/html", []),
        ("reports/briefs", ["briefs"]),
        ("data/processed", []),
    ],
)
def test_a_build_follows_no_link(project: Project, link: str, arguments: list[str]) -> None:
    elsewhere = project.root.parent / "elsewhere"
    elsewhere.mkdir()
    for name in ("mine.html", ".mine.1.part"):
        (elsewhere / name).write_text("mine")
    place = project.root / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere, target_is_directory=True)
    done = project.command("briefs") if arguments == ["briefs"] else project.pipeline(*arguments)
    refused(done, f"{link}: this is a link", "remove the link")
    assert sorted(path.name for path in elsewhere.iterdir()) == [".mine.1.part", "mine.html"]


def test_a_variant_that_is_a_link_is_read_as_what_it_is(project: Project) -> None:
    (project.root / "params" / "x.yaml").symlink_to("/etc/passwd")
    refused(project.pipeline("--variant", "x"), "params/x.yaml")
    assert not (project.root / "reports").exists()


def test_a_name_of_a_brief_is_looked_up_not_opened(copy: Project) -> None:
    for name in ("../x", SHELL["substitution"]):
        done = copy.command("briefs", "--only", name)
        assert done.returncode == 2
        assert "there is no brief" in done.stderr
    assert nothing_ran(copy)


@pytest.fixture
def copy(built: Project, tmp_path: Path) -> Project:
    from tests.reissue.build.mini import copied

    return copied(built, tmp_path / "project")
