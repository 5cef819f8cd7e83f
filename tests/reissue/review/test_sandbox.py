"""The sandbox: what a confined program cannot do, and what is reported if there is no sandbox."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reissue.core import paths
from reissue.review import sandbox
from reissue.review.sandbox import Sandbox, find_sandbox

#: A sandbox that lets its programs write anywhere.
OPEN = ["bwrap", "--bind", "/", "/", "--dev", "/dev"]


@pytest.fixture(scope="module")
def closed() -> Sandbox:
    found = find_sandbox()
    if not found.is_closed:
        pytest.skip(f"there is no sandbox here: {found.description}")
    return found


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("import socket; socket.create_connection(('192.0.2.1', 9), timeout=1)", "unreachable"),
        ("import pathlib, sys; pathlib.Path(sys.prefix, 'changed').touch()", "Read-only file system"),
        ("import pathlib; pathlib.Path.home().joinpath('.changed').touch()", "Read-only file system"),
        (f"open({str(paths.ROOT / 'reports' / 'published' / 'published.json')!r})", "No such file"),
        (f"import os; os.chdir({str(paths.ROOT / 'notebooks')!r})", "No such file"),
    ],
)
def test_a_confined_program_reaches_no_network_writes_nowhere_else_and_reads_no_baseline(
    closed: Sandbox, tmp_path: Path, program: str, error: str
) -> None:
    command = [*closed.confine(tmp_path), sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert error in done.stderr


def test_a_confined_program_uses_loopback_its_folder_and_a_temporary_folder(closed: Sandbox, tmp_path: Path) -> None:
    program = """
import pathlib, socket, sys, tempfile
with socket.create_server(("127.0.0.1", 0)) as here:
    socket.create_connection(here.getsockname(), timeout=5).close()
tempfile.TemporaryFile().write(b"1")
pathlib.Path(sys.argv[1], "written").touch()
"""
    command = [*closed.confine(tmp_path), sys.executable, "-c", program, str(tmp_path)]
    subprocess.run(command, check=True)
    assert (tmp_path / "written").exists()


def test_a_confined_program_ends_with_the_process_that_started_it(closed: Sandbox, tmp_path: Path) -> None:
    waiting = f"import subprocess; subprocess.run({[*closed.confine(tmp_path), 'sh', '-c', 'echo begun; exec cat']!r})"
    with subprocess.Popen(
        [sys.executable, "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.kill()
        # The pipe ends once no program is left that could write to it; one that waits for input gets none.
        reader = threading.Thread(target=process.stdout.read, daemon=True)
        reader.start()
        reader.join(10)
        survives = reader.is_alive()
        assert process.stdin is not None
        process.stdin.close()
    assert not survives


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["no-such-program"], "bwrap is missing"),
        (["false"], "exit code 1"),
        (["env"], "a packet could leave"),
        ([*OPEN, "--unshare-net", "--"], "the project could be read"),
        (
            [*OPEN, "--tmpfs", str(paths.ROOT), "--ro-bind", sys.prefix, sys.prefix, "--unshare-net", "--"],
            "files outside could be written",
        ),
    ],
)
def test_a_sandbox_that_does_not_confine_is_not_used(
    closed: Sandbox, monkeypatch: pytest.MonkeyPatch, command: list[str], reason: str
) -> None:
    monkeypatch.setattr(sandbox, "_bwrap", lambda _: command)
    found = find_sandbox()
    assert reason in found.description
    assert not found.is_closed
    assert found.confine(Path("anywhere")) == ()
