"""Warm kernels behave as ordinary ones do, leave nothing behind, and carry nothing from one notebook to the next."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from iucresearch import paths
from iucresearch.pipeline import forking, kernels, parent
from iucresearch.pipeline.run import KERNEL
from tests.conftest import TRIALS
from tests.pipeline.mini import Mini, assert_same, tree

pytestmark = pytest.mark.skipif(not forking.possible(), reason="kernels are forked on Linux, unless IUC_WARM=0")


Kernel = tuple[KernelManager, BlockingKernelClient]


@pytest.fixture(autouse=True, scope="module")
def _own_parent() -> Iterator[None]:
    """A parent of this environment: other tests may have had one in theirs."""
    paths.keep_to_own_cache()
    forking.end_all()
    # Whichever test comes first, the parent is of this process's environment, not of a kernel's own.
    forking.warm_up()
    yield
    forking.end_all()


@contextlib.contextmanager
def started(**options: object) -> Iterator[Kernel]:
    manager = KernelManager(kernel_name=KERNEL)
    manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        with contextlib.suppress(RuntimeError):
            manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def said(client: BlockingKernelClient, code: str, timeout: float = 60) -> str:
    """Run code; return what it printed, or the error that it raised."""
    texts: list[str] = []

    def hook(message: dict) -> None:
        if message["msg_type"] == "stream":
            texts.append(message["content"]["text"])
        if message["msg_type"] == "error":
            texts.append(message["content"]["ename"])

    client.execute_interactive(code, output_hook=hook, timeout=timeout, allow_stdin=False)
    return "".join(texts).strip()


def alive(pid: int) -> bool:
    """Whether a process runs: one that has ended and was not yet waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        if true():
            return True
        time.sleep(0.02)
    return true()


def of_this_tree(root: Path) -> list[int]:
    """Return the processes, of any parent, in whose environment the folder is named as the place of Jupyter's files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"JUPYTER_RUNTIME_DIR={root}".encode() in (folder / "environ").read_bytes() and alive(int(folder.name)):
                found.append(int(folder.name))
    return found


def test_the_kernelspec_names_the_provisioner() -> None:
    with started() as (manager, _):
        assert isinstance(manager.provisioner, kernels.WarmProvisioner)
        assert isinstance(manager.provisioner.process, forking.Forked)


def test_a_kernel_is_a_child_of_the_one_parent_with_its_own_group() -> None:
    with started() as (one, a), started() as (other, b):
        mine = "import os; print(os.getppid(), os.getpgid(0) == os.getpid(), os.getpid())"
        first, second = said(a, mine).split(), said(b, mine).split()
        assert first[0] == second[0] != str(os.getpid())
        assert first[1] == second[1] == "True"
        assert [int(first[2]), int(second[2])] == [one.provisioner.pid, other.provisioner.pid]


def test_the_parent_holds_nothing_of_this_package_and_one_thread() -> None:
    with started() as (_, client):
        loaded = said(client, "import sys; print([m for m in sys.modules if m.split('.')[0] == 'iucresearch'])")
        assert loaded == "[]"
        pid = said(client, "import os; print(os.getppid())")
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
    assert "iucresearch" not in " ".join(parent.PRELOADED)


def test_what_is_preloaded_can_be_imported() -> None:
    code = f"import importlib\nfor n in {parent.PRELOADED!r}: importlib.import_module(n)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_kernel_has_the_environment_and_folder_it_was_given(tmp_path: Path) -> None:
    with started(env={**os.environ, "ONLY_HERE": "ä b"}, cwd=str(tmp_path)) as (_, client):
        assert said(client, "import os; print(os.environ['ONLY_HERE'], os.getcwd())") == f"ä b {tmp_path}"
        assert said(client, "print(os.environ['PYTHONHASHSEED'], os.environ['TZ'])") == "0 UTC"
    with started() as (_, client):
        assert said(client, "import os; print(os.environ.get('ONLY_HERE'), os.getcwd())") == f"None {os.getcwd()}"


def test_nothing_of_one_notebook_is_left_in_the_next() -> None:
    state = (
        "import builtins, os, random, sys, threading, numpy, matplotlib as mpl, matplotlib.pyplot as plt, pandas\n"
        "print(mpl.rcParams['lines.linewidth'], 'x' in dir(), '/left' in sys.path, os.environ.get('LEFT'), "
        "plt.get_fignums(), pandas.options.display.max_rows, hasattr(builtins, 'left'), len(threading.enumerate()))"
    )
    with started() as (_, client):
        before = said(client, state)
        assert said(client, "print(random.random(), numpy.random.random())") != ""
    with started() as (_, client):
        said(client, state)
        said(
            client,
            "x = 1; mpl.rcParams['lines.linewidth'] = 9; sys.path.insert(0, '/left'); os.environ['LEFT'] = 'y'\n"
            "plt.figure(); pandas.options.display.max_rows = 3; builtins.left = 1\n"
            "random.seed(1); numpy.random.seed(1)\n"
            "threading.Thread(target=threading.Event().wait, daemon=True).start()",
        )
        assert said(client, state) != before
    with started() as (_, client):
        assert said(client, state) == before


def test_no_two_kernels_draw_the_same_numbers_unless_they_are_told_to() -> None:
    draw = "import random, numpy; print(random.random(), numpy.random.random())"
    drawn = []
    for _ in range(3):
        with started() as (_, client):
            drawn += said(client, draw).split()
    assert len(set(drawn)) == 6


@pytest.mark.parametrize("warm", ["1", "0"])
class TestAsAnOrdinaryKernel:
    """The same calls, to a forked kernel and to one that jupyter_client starts."""

    @pytest.fixture(autouse=True)
    def _kind(self, warm: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(forking.VARIABLE, warm)

    def test_it_is_of_its_kind(self, warm: str) -> None:
        with started() as (manager, _):
            assert isinstance(manager.provisioner.process, forking.Forked) == (warm == "1")

    def test_interrupt(self, warm: str) -> None:
        with started() as (manager, client):
            client.execute("import time; time.sleep(60)")
            assert until(lambda: client.get_iopub_msg(timeout=10)["msg_type"] == "execute_input")
            time.sleep(0.1)
            manager.interrupt_kernel()
            assert client.get_shell_msg(timeout=10)["content"]["ename"] == "KeyboardInterrupt"
            # What comes right after an error may be refused with it.
            assert until(lambda: said(client, "print('on')") == "on")

    def test_restart(self, warm: str) -> None:
        with started() as (manager, client):
            said(client, "x = 1")
            pid = manager.provisioner.pid
            manager.restart_kernel(now=True)
            client.wait_for_ready(timeout=60)
            assert manager.provisioner.pid != pid
            assert not alive(pid)
            assert said(client, "print('x' in dir())") == "False"

    def test_graceful_shutdown_runs_what_is_registered_for_the_exit(self, warm: str, tmp_path: Path) -> None:
        with started() as (manager, client):
            said(client, f"import atexit, pathlib; atexit.register(pathlib.Path({str(tmp_path / 'bye')!r}).touch)")
            process = manager.provisioner.process
            manager.shutdown_kernel()
            assert (tmp_path / "bye").exists()
            assert process.returncode == 0

    @pytest.mark.parametrize(
        ("code", "status"),
        [("import os; os._exit(3)", 3), ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9)],
    )
    def test_the_end_of_a_kernel_is_seen_with_its_status(self, warm: str, code: str, status: int) -> None:
        with started() as (manager, client):
            process = manager.provisioner.process
            client.execute(code)
            assert until(lambda: not manager.is_alive())
            assert process.poll() == status
            assert process.wait() == status

    def test_kill_ends_what_a_cell_has_started(self, warm: str) -> None:
        with started() as (manager, client):
            child = int(said(client, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
            assert alive(child)
            manager.shutdown_kernel(now=True)
        assert until(lambda: not alive(child))

    def test_one_that_ignores_interrupts_is_still_ended(self, warm: str) -> None:
        with started() as (manager, client):
            client.execute("import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)")
            assert until(lambda: client.get_iopub_msg(timeout=10)["msg_type"] == "execute_input")
            time.sleep(0.1)
            pid = manager.provisioner.pid
            manager.interrupt_kernel()
            assert manager.is_alive()
            manager.shutdown_kernel(now=True)
        assert until(lambda: not alive(pid))

    def test_output_of_fifty_megabytes_arrives(self, warm: str) -> None:
        with started() as (_, client):
            line = "x" * 99
            printed = said(client, f"for _ in range(500_000): print({line!r})")
            assert len(printed) == 500_000 * 100 - 1

    def test_what_bypasses_python_is_caught_too(self, warm: str) -> None:
        # ipykernel leaves that to pytest where it knows of it.
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        with started(env=environment) as (_, client):
            assert "from C" in said(client, "import os, time; os.system('echo from C'); time.sleep(0.2)")

    def test_a_folder_that_is_not_there_is_refused(self, warm: str, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError), started(cwd=str(tmp_path / "nowhere")):
            pass


def test_a_variable_that_only_a_new_python_takes_in_gets_a_new_python() -> None:
    with started(env={**os.environ, "PYTHONWARNINGS": "error"}) as (manager, client):
        assert not isinstance(manager.provisioner.process, forking.Forked)
        assert said(client, "import sys; print(sys.warnoptions)") == "['error']"


@pytest.mark.faults
def test_kernels_leave_no_process_and_no_file() -> None:
    with started() as (_, client):
        parent_pid = int(said(client, "import os; print(os.getppid())"))
    assert until(preloaded, 60)
    gc.collect()
    runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    files = len(os.listdir("/proc/self/fd"))
    theirs = len(os.listdir(f"/proc/{parent_pid}/fd"))
    for _ in range(10 if TRIALS == 1 else 50 * TRIALS):
        with started() as (manager, _):
            pid, connection = manager.provisioner.pid, manager.connection_file
        assert until(lambda pid=pid: not alive(pid))
        assert not Path(connection).exists()
    gc.collect()
    assert children(parent_pid) == []
    assert until(lambda: len(os.listdir(f"/proc/{parent_pid}/fd")) == theirs)
    # zmq's own threads keep a few for the process; a leak would be of several a kernel.
    assert len(os.listdir("/proc/self/fd")) <= files + 8
    assert [path.name for path in runtime.glob("*-ipc-*")] == []


def preloaded() -> bool:
    """Whether the parent has made all of its imports: some open files that stay open."""
    with started() as (_, client):
        return said(client, f"import sys; print({parent.PRELOADED[-1]!r} in sys.modules)") == "True"


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found if alive(int(one))]


@pytest.mark.faults
def test_eight_at_once() -> None:
    def one(number: int) -> str:
        with started(env={**os.environ, "NUMBER": str(number)}) as (_, client):
            return said(client, "import os, time; time.sleep(0.2); print(os.environ['NUMBER'], os.getpid())")

    with ThreadPoolExecutor(8) as pool:
        told = [text.split() for text in pool.map(one, range(8))]
    assert [int(number) for number, _ in told] == list(range(8))
    assert len({pid for _, pid in told}) == 8


def test_a_parent_that_was_killed_is_replaced() -> None:
    with started() as (manager, client):
        first = int(said(client, "import os; print(os.getppid())"))
        assert first != os.getpid()
        child = int(said(client, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
        pid = manager.provisioner.pid
        os.kill(first, signal.SIGKILL)
        assert until(lambda: not alive(pid))
        assert until(lambda: not manager.is_alive())
        # What its cells had started ends as soon as the client looks.
        assert until(lambda: not alive(child))
    with started() as (manager, client):
        assert isinstance(manager.provisioner.process, forking.Forked)
        assert int(said(client, "import os; print(os.getppid())")) != first


CLIENT = """
import sys, time
from iucresearch import paths
paths.keep_to_own_cache()
from jupyter_client.manager import KernelManager
managers = []
for _ in range(2):
    manager = KernelManager(kernel_name="iucresearch")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute("import subprocess; subprocess.Popen(['sleep', '600'])")
    managers.append(manager)
    print("started", flush=True)
{then}
"""


@pytest.mark.parametrize(
    "then", ["time.sleep(600)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "sys.exit()", "1 / 0"]
)
def test_nothing_outlives_the_client(tmp_path: Path, then: str) -> None:
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT.format(then=then)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert client.stdout is not None
    assert [client.stdout.readline() for _ in range(2)] == [b"started\n"] * 2
    if "sleep(600)" in then:
        time.sleep(0.3)
        assert len(of_this_tree(tmp_path)) >= 5
        client.kill()
    client.communicate()
    assert until(lambda: of_this_tree(tmp_path) == []), of_this_tree(tmp_path)


def test_interrupted_everything_ends_within_two_seconds(fresh: Mini) -> None:
    fresh.add("04_survey", "import time, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(600)")
    fresh.add("05_outlook", "import time\ntime.sleep(600)")
    runtime = fresh.root / ".cache" / "jupyter" / "runtime"
    environment = {**os.environ, "PYTHONPATH": str(fresh.root / "src"), "JUPYTER_RUNTIME_DIR": str(runtime)}
    command = [sys.executable, "-m", "iucresearch", "report"]
    run = subprocess.Popen(command, cwd=fresh.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    assert b"01_clean" in run.stdout.readline()
    time.sleep(1.5)
    started_ = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=30)
    assert time.monotonic() - started_ < 2
    assert run.returncode == 130
    assert errors.decode().strip() == "iucresearch: interrupted; the last finished report is untouched."
    assert until(lambda: of_this_tree(runtime) == [], 2)


def test_warm_and_ordinary_kernels_make_the_same_bytes(built_mini: Mini, fresh: Mini) -> None:
    done = fresh.make("report", IUC_WARM="0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert_same(tree(built_mini.root), tree(fresh.root))
