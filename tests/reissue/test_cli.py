"""The command line: help for every verb, one line for what is mistyped, the exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from reissue import cli
from reissue.build.command import NOT_RUN
from reissue.core import checksums
from reissue.core.errors import InputError

VERBS = sorted(cli.commands.commands)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.call(EDITION, [verb, "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"python -m iucresearch {verb}" in text
    assert f"Example: {verb}" in text


def test_without_a_verb_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.call(EDITION, []) == 2
    listed = capsys.readouterr().err
    assert [verb for verb in VERBS if f"\n  {verb} " not in listed] == []


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["reprot"], "iucresearch: No such command 'reprot'"),
        (["report", "--varient", "lac"], "iucresearch: No such option '--varient'. Did you mean '--variant'?"),
        (["trace"], "iucresearch: Missing argument 'SOURCE'."),
        (["checksums", "more"], "iucresearch: Got unexpected extra argument (more)"),
        (["draws", "--n"], "iucresearch: Option '--n' requires an argument."),
    ],
)
def test_a_mistyped_command_is_one_line(arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.call(EDITION, arguments) == NOT_RUN
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(line)
    assert "--help` lists what it takes." in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (InputError("no such table", where="data/raw"), "iucresearch: data/raw: no such table.\n"),
        (
            OSError(28, "No space left on device", "reports/index.html"),
            "iucresearch: reports/index.html: No space left on device. Make room or change the permissions.\n",
        ),
    ],
)
def test_an_error_of_input_or_disk_is_one_line(
    error: Exception, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(check: object) -> int:
        raise error

    monkeypatch.setattr(checksums, "renew_checksums", fails)
    assert cli.call(EDITION, ["checksums"]) == NOT_RUN
    assert capsys.readouterr().err == line


def test_outside_a_project_it_is_one_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.call(EDITION, ["report"]) == NOT_RUN
    errors = capsys.readouterr().err
    assert errors == (
        "iucresearch: the working directory: there is no project in this folder or above it. "
        "Expected a folder with notebooks/order.toml. Change to the project's folder.\n"
    )
    assert not list(tmp_path.iterdir())


def test_a_verb_imports_nothing_slow_before_it_is_asked_for() -> None:
    code = (
        "import sys\nfrom iucresearch.edition import EDITION\nfrom reissue import cli\ncli.call(EDITION, ['--help'])\n"
        "sys.exit(' '.join({'pandas', 'matplotlib', 'nbformat', 'papermill'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "\n", done.stderr
