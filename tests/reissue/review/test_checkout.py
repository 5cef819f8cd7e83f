"""A copy of the project: what runs in it, how it fails, and how it is ended."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reissue.review import checkout
from reissue.review.checkout import CommandError, Copy
from tests.reissue.build.mini import Mini
from tests.reissue.build.trials import processes, wait_until


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("copies")
    return Copy(folder / "a copy (zwölf)", Mini(folder / "mini").root)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ((sys.executable, "-c", "raise ValueError('no')"), r"^python\S* -c .* ended with 1: ValueError: no$"),
        (("make", "nothing"), "ended with 2: .*No rule to make target"),
        (("sh", "-c", "echo no room >&2; echo 'make: *** [report] Error 1' >&2; exit 2"), "ended with 2: no room$"),
        (("sh", "-c", "exit 3"), "ended with 3: it printed nothing$"),
    ],
)
def test_a_failure_has_the_last_line_that_was_printed(copy: Copy, command: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        copy.run(*command)


def test_variables_of_an_outer_make_are_dropped(tmp_path: Path, copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"VARIANT", "SURVEY", "LOCALE", "ONLY", "SCHEDULER", "EXHIBIT", "SOURCE", "MAKELEVEL", "MFLAGS"}
    for name in names:
        monkeypatch.setenv(name, "1")
    assert not names & Copy(tmp_path / "copy", copy.root).variables.keys()


def test_a_program_has_its_own_source_variables_umask_and_outer_command(tmp_path: Path, copy: Copy) -> None:
    private = Copy(tmp_path / "copy", copy.root, within=("env", "WITHIN=yes"), umask=0o077)
    assert private.run("sh", "-c", "touch secret; echo $WITHIN $TZ", TZ="Asia/Tokyo") == "yes Asia/Tokyo\n"
    assert private.python("-c", "import iucresearch; print(iucresearch.__file__)").startswith(str(private.root))
    assert (private.root / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("is_deaf", [False, True])
def test_end_all_ends_a_program_with_its_children(copy: Copy, monkeypatch: pytest.MonkeyPatch, is_deaf: bool) -> None:
    program = "import signal, subprocess\n" + is_deaf * "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    # Both parameters may run at once.
    seconds = "986" if is_deaf else "987"
    program += f"subprocess.run(['sleep', '{seconds}'])"
    ended = []

    def work() -> None:
        try:
            copy.python("-c", program)
        except SystemExit:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: processes(copy.root, f"sleep\0{seconds}"))
    monkeypatch.setattr(checkout, "_ended", threading.Event())
    checkout.end_all()
    thread.join(10)
    assert ended == [True]
    assert not processes(copy.root, f"sleep\0{seconds}")
    with pytest.raises(SystemExit):
        copy.run("touch", "begun")
    assert not (copy.root / "begun").exists(), "nothing starts after the end"


def test_an_interrupt_ends_the_program_that_runs(copy: Copy) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom reissue.review import checkout\n"
        "copy = checkout.Copy(Path(sys.argv[1]), Path(sys.argv[2]))\nprint('ready', flush=True)\n"
        "try:\n    copy.run('sleep', '985')\nexcept KeyboardInterrupt:\n    print('interrupted')"
    )
    other = copy.root.with_name("of another process")
    command = [sys.executable, "-c", code, str(other), str(copy.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        wait_until(lambda: processes(other, "sleep\x00985"))
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "interrupted\n"
    assert not processes(other, "sleep\x00985")
