"""After a fault, or the end of any process at any moment, a plain `make report` gives the same whole report."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.conftest import TRIALS
from tests.reissue.build.mini import Mini, assert_same, tree
from tests.reissue.build.trials import Trials, building, one_line, processes, reasons, truncate, wait_until

pytestmark = pytest.mark.faults
ALL = ["01_clean", "04_survey", "05_outlook"]
#: How many cases of a kind `make test` tries; `make test-faults` tries all.
SAMPLE = 1 if TRIALS == 1 else None

#: What is done to a file of a build, and which notebooks then are stale.
HARMS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "run truncated": (lambda root: truncate(root / "reports/.made/04_survey.ipynb"), ["04_survey"]),
    "executed notebook deleted": (lambda root: (root / "reports/executed/04_survey.ipynb").unlink(), []),
    "data edited": (lambda root: (root / "data/processed/pairings.csv").write_text("id\nb\n"), ["01_clean"]),
    "data deleted": (lambda root: (root / "data/processed/pairings.csv").unlink(), ["01_clean"]),
    "all data deleted": (lambda root: shutil.rmtree(root / "data/processed"), ALL),
    "figure deleted": (lambda root: (root / "reports/figures/figure-6.svg").unlink(), ["04_survey"]),
    "figure emptied": (lambda root: (root / "reports/figures/figure-6.png").write_bytes(b""), ["04_survey"]),
    "page deleted": (lambda root: (root / "reports/html/05_outlook.html").unlink(), []),
    "page truncated": (lambda root: truncate(root / "reports/html/05_outlook.html"), []),
    "report truncated": (lambda root: truncate(root / "reports/index.html"), []),
    "report deleted": (lambda root: (root / "reports/index.html").unlink(), []),
    "crate truncated": (lambda root: truncate(root / "reports/ro-crate-metadata.json"), []),
    "record deleted": (lambda root: (root / "reports/.made/04_survey.json").unlink(), ["04_survey"]),
    "record truncated": (lambda root: truncate(root / "reports/.made/04_survey.json"), ["04_survey"]),
    "record of pages truncated": (lambda root: truncate(root / "reports/.made/pages.json"), []),
    "all deleted": (lambda root: shutil.rmtree(root / "reports"), ALL),
}


class TestHarmedFiles:
    def test_each_is_noticed(self, ready: Mini, built_mini: Mini) -> None:
        for name, (harm, rerun) in HARMS.items():
            harm(ready.root)
            stale = reasons(ready)
            assert [step for step in stale if step != "pages"] == rerun, name
            assert stale, name
            for folder in ("reports", "data/processed"):
                shutil.rmtree(ready.root / folder, ignore_errors=True)
                shutil.copytree(built_mini.root / folder, ready.root / folder)

    @pytest.mark.parametrize("harms", [[*HARMS]] if TRIALS == 1 else [[name] for name in HARMS])
    def test_a_report_mends(self, trial: Trials, ready: Mini, built_mini: Mini, harms: list[str]) -> None:
        with trial("a file of the build truncated, edited or deleted", ready, built_mini):
            for name in harms:
                # Another harm may have removed the file that this one would change.
                with contextlib.suppress(FileNotFoundError):
                    HARMS[name][0](ready.root)
            assert tree(ready.root) != tree(built_mini.root)


#: What a cell does, and the line that reports it.
CELLS = {
    "ends the kernel": ("import os; os._exit(1)", "04_survey, cell 5: DeadKernelError: Kernel died."),
    "hangs": (
        "import time; time.sleep(300)",
        "04_survey, cell 5: took longer than 2 s: REISSUE_TIMEOUT=4 would allow more.",
    ),
    "prints 100 MB": (
        "print('x' * 10**8)",
        "04_survey, cell 5: TooMuchOutput: a page holds 20 MB of output at most.",
    ),
}


@pytest.mark.parametrize("does", list(CELLS)[:SAMPLE])
def test_a_cell_that(trial: Trials, ready: Mini, built_mini: Mini, does: str) -> None:
    """It is one line; earlier notebooks are kept, and what earlier cells have made is not published."""
    cleaning, survey = (ready.root / "notebooks" / f"{stem}.ipynb" for stem in ("01_clean", "04_survey"))
    before = {path: path.read_text() for path in (cleaning, survey)}
    cell, line = CELLS[does]
    with trial(f"a cell that {does}", ready, built_mini):
        survey.write_text(before[survey].replace(r"\"figure-6\", \"figures\"", r"\"figure-7\", \"figures\""))
        ready.add("04_survey", cell)
        ready.add("01_clean", "1 + 1")
        done = ready.make("report", REISSUE_TIMEOUT="2" if does == "hangs" else "")
        assert one_line(done) == (
            f"iucresearch: {line} Run a copy cell by cell with make lab; correct notebooks/04_survey.ipynb."
        )
        assert [step for step in reasons(ready) if step != "pages"] == ["04_survey"]
        for path, text in before.items():
            path.write_text(text)


DISK_IS_FULL = "No space left on device. Make room or change the permissions."


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """The beginning of a command that may mount something which no other process sees."""
    for options in ("-m", "-rm"):
        command = ["unshare", options]
        tried = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
        if tried.returncode == 0:
            return command
    pytest.skip("no small disk can be mounted here: it takes root, or user namespaces")


#: What is on the small disk and still fits on it, how many pages more, and what then fails.
RUNS = ("figures/*", "tables/*", ".made/0*")
PAGES = (*RUNS, "executed/*", "html/*", "index.html", "order.toml")
STAGES = {
    "a page": ("reports", (*RUNS, "executed/*"), 3, r"reports/html/\S+\.html"),
    "the first notebook": ("reports", (), 1, r"reports/\.made/01_clean\.(ipynb|json)"),
    "figures, tables and notebooks": ("reports", (".made/01*",), 3, r"reports/(figures|tables|\.made)/\S+"),
    "the whole report": ("reports", (*RUNS, "executed/*", "html/*"), 1, r"reports/index\.html"),
    "the crate": ("reports", PAGES, 1, r"reports/ro-crate-metadata\.json"),
    "the record of pages": ("reports", (*PAGES, "ro-crate-metadata.json"), 0, r"reports/\.made/pages\.json"),
    "the cache": (".cache", (), 1, ".*"),
    "a kernel's files": (".cache", (), 4, ".*"),
    "processed data": ("data/processed", (), 1, ".*"),
}


class TestFullDisk:
    @pytest.mark.parametrize("stage", list(STAGES)[:SAMPLE])
    def test_it_is_one_line(
        self, trial: Trials, fresh: Mini, built_mini: Mini, namespace: list[str], stage: str
    ) -> None:
        folder, fits, more, fails = STAGES[stage]
        with trial(f"a full disk: {folder}", fresh, built_mini):
            place, kept = fresh.root / folder, fresh.root.with_name("kept")
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            fitting = [path for pattern in fits for path in (built_mini.root / "reports").glob(pattern)]
            pages = more + sum(-(-path.stat().st_size // 4096) for path in fitting)
            script = (
                f'mount -t tmpfs -o size={4 * pages}k tmpfs "$1" && make -o .venv/installed report\n'
                'status=$?; cp -a "$1" "$2"; exit $status'
            )
            done = fresh.run(*namespace, "sh", "-c", script, "sh", str(place), str(kept))
            # What was written moves to a disk with room.
            place.rmdir()
            kept.rename(place)
            assert re.fullmatch(rf"iucresearch: {fails}: {re.escape(DISK_IS_FULL)}", one_line(done))
            made, expected = tree(fresh.root), tree(built_mini.root)
            assert_same(made, {name: expected[name] for name in made})

    def test_the_old_report_stays(self, trial: Trials, ready: Mini, built_mini: Mini) -> None:
        with trial("a full disk: the old report stays", ready, built_mini):
            style = ready.root / "src" / "reissue" / "templates" / "page" / "page.css"
            before = style.read_text()
            style.write_text(f"{before}/* new */")
            # A limit of 8 KB on the size of files: only the whole report is larger.
            done = ready.run("bash", "-c", "ulimit -f 8; exec make -o .venv/installed report")
            assert re.match(r"iucresearch: reports/\S+: File too large\. Make room", one_line(done))
            style.write_text(before)


class TestCannotWrite:
    @pytest.mark.parametrize("folder", ["reports/figures", ".cache", ".", "data", "reports"][:SAMPLE])
    def test_a_folder_without_permission_is_one_line(
        self, trial: Trials, fresh: Mini, built_mini: Mini, folder: str
    ) -> None:
        with trial("no permission to write", fresh, built_mini):
            place = fresh.root / folder
            if folder == ".":
                shutil.rmtree(fresh.root / ".cache", ignore_errors=True)
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(0o555)
            # Root may write anywhere, unless this power is taken away.
            ordinary = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
            done = fresh.run(*ordinary, "make", "-o", ".venv/installed", "report")
            place.chmod(0o755)
            line = one_line(done)
            assert line.startswith(f"iucresearch: {folder.removeprefix('.') and f'{folder}/'}")
            assert line.endswith("Permission denied. Make room or change the permissions.")


@pytest.mark.build
def test_two_reports_at_once_both_succeed(trial: Trials, fresh: Mini, built_mini: Mini) -> None:
    with trial("two reports at once", fresh, built_mini):
        with building(fresh) as first, building(fresh) as second:
            printed = [make.communicate(timeout=120) for make in (first, second)]
        assert [first.returncode, second.returncode] == [0, 0]
        assert [errors for _, errors in printed] == ["", ""]
        assert sum("Another build is running; waiting for it to end." in output for output, _ in printed) == 1


#: How far a build can be when a process is ended. There are no kernels any more when there are pages.
MOMENTS: dict[str, Callable[[Path], bool]] = {
    "start": lambda root: (root / ".cache" / "build.lock").exists(),
    "first kernel": lambda root: any((root / ".cache").glob("run-01*")),
    "second notebook": lambda root: (root / "reports" / ".made" / "01_clean.json").exists(),
    "third notebook": lambda root: any((root / ".cache").glob("run-05*")),
    "pages": lambda root: (root / "reports" / "html" / "01_clean.html").exists(),
}
INTERRUPTED = "iucresearch: interrupted; the last finished report is untouched."


def find_kernels(root: Path) -> list[int]:
    """Return the kernels of a build, the last one first."""
    forked, ordinary = processes(root, "parent.py"), processes(root, "ipykernel_launcher")
    return [pid for pid in reversed(forked + ordinary) if pid in ordinary or find_parent(pid) in forked]


def find_parent(pid: int) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).ppid()
    return 0


#: What can be ended, besides Make itself and all processes of the terminal at once, as Ctrl-C does it.
VICTIMS: dict[str, Callable[[Path], list[int]]] = {
    "runner": lambda root: processes(root, "-m\0iucresearch\0report"),
    "parent": lambda root: [pid for pid in processes(root, "parent.py") if pid not in find_kernels(root)],
    "kernel": find_kernels,
}


def draw_end(seed: int) -> tuple[str, signal.Signals, str, float]:
    """Draw a victim, a signal and when. Moments take turns; delays after one reach into the next."""
    chance = random.Random(seed)
    victim = chance.choice(["terminal", "make", *VICTIMS])
    sent = chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    moments = list(MOMENTS)[: -1 if victim == "kernel" else None]
    return victim, sent, moments[seed % len(moments)], chance.uniform(0, 0.6)


def end(victim: str, sent: signal.Signals, root: Path, make: subprocess.Popen[str]) -> None:
    """Send a signal to a process of a build, which may be gone by then."""
    with contextlib.suppress(ProcessLookupError):
        if victim == "terminal":
            os.killpg(make.pid, sent)
        elif victim == "make":
            make.send_signal(sent)
        else:
            wait_until(lambda: bool(VICTIMS[victim](root)) or make.poll() is not None)
            for pid in VICTIMS[victim](root)[:1]:
                os.kill(pid, sent)


#: `make test` tries four: every victim but Make, each signal, and each moment but the first.
SEEDS = range(10 * TRIALS) if TRIALS > 1 else (6, 11, 13, 14)


@pytest.mark.build
@pytest.mark.parametrize("seed", SEEDS)
def test_a_report_is_whole_after_a_process_was_ended(trial: Trials, fresh: Mini, built_mini: Mini, seed: int) -> None:
    victim, sent, moment, delay = draw_end(seed)
    print(f"{victim}, {sent.name}, {moment} + {delay:.2f} s")
    with building(fresh) as make, trial("an end at a random moment", fresh, built_mini):
        wait_until(lambda: MOMENTS[moment](fresh.root) or make.poll() is not None)
        time.sleep(delay)
        end(victim, sent, fresh.root, make)
        # An interruption ends the build within two seconds; Make alone, interrupted, waits for it.
        status = make.wait(timeout=20 if victim == "runner" else 120)
        if victim != "make" or status == 0:
            wait_until(lambda: not processes(fresh.root), "a process survives")
            # Each file is whole, and if the status is 0, all files exist.
            there = {name: text for name, text in tree(fresh.root).items() if not name.endswith(".part")}
            expected = tree(built_mini.root)
            assert_same(there, expected if status == 0 else {name: expected[name] for name in there})
            assert make.stderr is not None
            errors = make.stderr.read()
            assert "Traceback" not in errors
            if victim in ("runner", "terminal") and sent != signal.SIGKILL and status != 0:
                # Without a line only if nothing but Make was left to interrupt: then all files exist.
                assert errors.splitlines()[:1] == [INTERRUPTED] or (not errors and there == expected)
                assert not list((fresh.root / ".cache").glob("run-*"))
