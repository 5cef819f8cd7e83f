"""What is typed as a variable, a product or a file's name is text: neither Make nor the shell reads it as a command."""

import itertools
import subprocess

import pytest

from tests.conftest import Project
from tests.corpus import AWAY, MARK, SHELL

#: The target that passes a variable to a program, and the option for it.
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
#: Every variable gets the worst of the values at once, and each other value goes to one variable.
WORST = f"--build{SHELL['function of Make']}{SHELL['after a quote']}{SHELL['after another quote']}{SHELL['next line']}"
VALUES = [*SHELL.values(), "--build", "*", "%", "a$b $$ $", "a#b"]
PAIRS = [
    *((variable, WORST) for variable in VARIABLES),
    *zip(itertools.cycle(VARIABLES), VALUES, strict=False),
]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    """A project whose Python records the arguments that it is called with; in the end, no command has left its mark."""
    project = Project(tmp_path_factory.mktemp("make") / "project")
    python = project.root / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf \'%s\\0\' "$@" >> "$RECORD"\n')
    yield project
    assert list(project.root.parent.rglob(f"*{MARK}*")) == []


def record_arguments(project: Project, *arguments: str, **variables: str) -> tuple[list[str], int]:
    """Return all arguments of all programs that a make called, and its status."""
    record = project.root.parent / "record"
    record.unlink(missing_ok=True)
    done = project.make(*arguments, **variables, RECORD=str(record))
    return (record.read_text().split("\0") if record.exists() else []), done.returncode


@pytest.mark.parametrize(("variable", "value"), PAIRS)
def test_a_value_arrives_as_it_was_typed(recorder, variable, value):
    target, option = VARIABLES[variable]
    arguments, _ = record_arguments(recorder, target, f"{variable}={value}")
    assert f"{option}{value}" in arguments


def test_variables_of_the_environment_and_of_other_targets_run_nothing(recorder):
    arguments, status = record_arguments(recorder, "report", SURVEY=WORST)
    assert status == 0
    assert f"--survey={WORST}" in arguments
    typed = [f"{variable}={WORST}" for variable in (*VARIABLES, "EXHIBIT")]
    arguments, _ = record_arguments(recorder, "checksums", *typed)
    assert arguments[-2:] == ["checksums", ""]


def test_names_of_products_and_raw_files_are_no_commands(recorder):
    folders = itertools.cycle(["reports/figures", "reports/survey", "data/processed"])
    values = [value for value in SHELL.values() if "=" not in value and "\n" not in value]
    products = [f"{folder}/{value}.csv" for folder, value in zip(folders, values, strict=False)]
    arguments, _ = record_arguments(recorder, *products)
    assert [argument for argument in arguments if argument.endswith(".csv")] == products
    odd = [recorder.root / "data" / "raw" / value for value in SHELL.values() if "/" not in value]
    for path in odd:
        path.write_text("a\n")
    assert [record_arguments(recorder, *options, "report")[1] for options in ([], ["-n"])] == [0, 0]
    for path in odd:
        path.unlink(missing_ok=True)


# Names and places of builds and notebooks, by the programs themselves.


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("iucresearch: ")
    assert done.stderr.count("\n") == 1
    assert [text for text in words if text not in done.stderr] == []


def test_an_address_is_no_notebook(project):
    """papermill fetches and runs what has an address: no name of a notebook gets that far."""
    address = f"https://{AWAY}/x.ipynb"
    assert_refused(project.command("why", address), f"there is no notebook {address!r}")
    assert_refused(project.pipeline(address), "this file does not belong to the requested build")
    order = project.root / "notebooks" / "order.toml"
    order.write_text(order.read_text().replace('= ["01_clean"]', f'= ["{address}"]', 1))
    assert_refused(project.pipeline(), f"{address!r} is not listed before")
    assert not (project.root / "reports").exists()


@pytest.mark.parametrize(("link", "verb"), [("data/processed", "report"), ("reports/briefs", "briefs")])
def test_a_build_follows_no_link(project, link, verb):
    elsewhere = project.root.parent / "elsewhere"
    elsewhere.mkdir()
    for name in ("mine.html", ".mine.1.part"):
        (elsewhere / name).write_text("mine")
    place = project.root / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere, target_is_directory=True)
    assert_refused(project.command(verb), f"{link}: this is a link", "Remove the link")
    assert sorted(path.name for path in elsewhere.iterdir()) == [".mine.1.part", "mine.html"]


def test_a_variant_that_is_a_link_is_read_as_parameters(project):
    (project.root / "params" / "x.yaml").symlink_to("/etc/passwd")
    assert_refused(project.pipeline("--variant", "x"), "params/x.yaml")
    assert not (project.root / "reports").exists()
