"""Forked kernels behave as ordinary ones do, leave nothing behind, and carry nothing from one notebook to the next."""

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
from tempfile import TemporaryFile

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from reissue.build.kernels import forking, parent, provisioner
from reissue.build.run import KERNEL
from reissue.core import paths
from tests.conftest import TRIALS
from tests.reissue.build.mini import Mini

pytestmark = pytest.mark.skipif(not forking.is_supported(), reason="kernels are forked on Linux, unless REISSUE_WARM=0")


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
    """Start a kernel as a build's engine does."""
    manager = KernelManager(kernel_name=KERNEL)
    provisioner.use_warm_parent(manager)
    with TemporaryFile() as said_:
        usual = {"env": dict(os.environ), "cwd": os.getcwd(), "stdout": said_, "stderr": said_}
        manager.start_kernel(**{**usual, **options})
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
    """Return whether a process runs: one that has ended and was not yet waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
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


def test_kernels_are_children_of_one_parent_which_holds_nothing_of_this_package(tmp_path: Path) -> None:
    mine = "import os; print(os.getppid(), os.getpgid(0) == os.getpid(), os.getpid())"
    environment = {**os.environ, "ONLY_HERE": "ä b"}
    with started() as (one, a), started(env=environment, cwd=str(tmp_path)) as (other, b):
        first, second = said(a, mine).split(), said(b, mine).split()
        assert first[0] == second[0] != str(os.getpid())
        assert first[1] == second[1] == "True"
        assert [int(first[2]), int(second[2])] == [one.provisioner.pid, other.provisioner.pid]
        loaded = said(a, "import sys; print([m for m in sys.modules if m.split('.')[0] == 'iucresearch'])")
        assert loaded == "[]"
        assert "iucresearch" not in " ".join(parent.PRELOADED)
        # Each has the environment and folder that it was given.
        where = "import os; print(os.environ.get('ONLY_HERE'), os.getcwd())"
        assert said(a, where) == f"None {os.getcwd()}"
        assert said(b, where) == f"ä b {tmp_path}"
        assert said(b, "print(os.environ['PYTHONHASHSEED'], os.environ['TZ'])") == "0 UTC"
    assert len(list(Path(f"/proc/{first[0]}/task").iterdir())) == 1, "it has one thread"


def test_all_that_is_preloaded_can_be_imported() -> None:
    assert until(preloaded)
    with started() as (_, client):
        missing = f"import sys; print([name for name in {parent.PRELOADED!r} if name not in sys.modules])"
        assert said(client, missing) == "[]"
        # It would ask a parent, which has no IPython, to show figures.
        assert said(client, "print('matplotlib_inline.backend_inline' in sys.modules)") == "False"


def test_nothing_of_one_notebook_is_left_in_the_next() -> None:
    state = (
        "import builtins, os, random, sys, threading, numpy, matplotlib as mpl, matplotlib.pyplot as plt, pandas\n"
        "print(mpl.rcParams['lines.linewidth'], 'x' in dir(), '/left' in sys.path, os.environ.get('LEFT'), "
        "plt.get_fignums(), pandas.options.display.max_rows, hasattr(builtins, 'left'), len(threading.enumerate()))"
    )
    # No two kernels draw the same numbers unless they are told to.
    draw = "import random, numpy; print(random.random(), numpy.random.random())"
    with started() as (_, client):
        before, drawn = said(client, state), said(client, draw).split()
    with started() as (_, client):
        said(client, state)
        drawn += said(client, draw).split()
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
        drawn += said(client, draw).split()
    assert len(set(drawn)) == 6


@pytest.mark.parametrize("warm", ["1", "0"])
class TestAsAnOrdinaryKernel:
    """The same calls, to a forked kernel and to one that jupyter_client starts."""

    @pytest.fixture(autouse=True)
    def _kind(self, warm: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(forking.VARIABLE, warm)

    def test_interrupt_restart_and_graceful_shutdown(self, warm: str, tmp_path: Path) -> None:
        with started() as (manager, client):
            assert isinstance(manager.provisioner.process, forking.Forked) == (warm == "1")
            assert manager.transport == ("ipc" if warm == "1" else "tcp")
            asked = interrupted(manager, client, "import time; time.sleep(60)")
            # Kernels may answer more than once while they start.
            replies = iter(lambda: client.get_shell_msg(timeout=60), None)
            reply = next(one for one in replies if one["parent_header"]["msg_id"] == asked)
            assert reply["content"]["ename"] == "KeyboardInterrupt"
            # What comes right after an error may be refused with it.
            assert until(lambda: said(client, "print('on')") == "on")

            said(client, "x = 1")
            pid = manager.provisioner.pid
            manager.restart_kernel(now=True)
            client.wait_for_ready(timeout=60)
            assert manager.provisioner.pid != pid
            assert not alive(pid)
            assert said(client, "print('x' in dir())") == "False"

            # What is registered for the exit is run.
            said(client, f"import atexit, pathlib; atexit.register(pathlib.Path({str(tmp_path / 'bye')!r}).touch)")
            process = manager.provisioner.process
            manager.shutdown_kernel()
            assert (tmp_path / "bye").exists()
            assert process.returncode == 0

    def test_the_end_of_a_kernel_is_seen_with_its_status(self, warm: str) -> None:
        with started() as (manager, client):
            process = manager.provisioner.process
            client.execute("import os; os._exit(3)")
            assert until(lambda: not manager.is_alive())
            assert process.poll() == 3
            assert process.wait() == 3

    def test_one_that_ignores_interrupts_is_ended_with_what_a_cell_has_started(self, warm: str) -> None:
        with started() as (manager, client):
            child = int(said(client, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
            assert alive(child)
            pid = manager.provisioner.pid
            interrupted(
                manager, client, "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"
            )
            assert manager.is_alive()
            manager.shutdown_kernel(now=True)
        assert until(lambda: not alive(pid))
        assert until(lambda: not alive(child))

    def test_all_output_arrives(self, warm: str) -> None:
        # ipykernel leaves what bypasses Python to pytest where it knows of it.
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        with started(env=environment) as (_, client):
            assert "from C" in said(client, "import os, time; os.system('echo from C'); time.sleep(0.2)")
            # Five megabytes.
            line = "x" * 99
            printed = said(client, f"for _ in range(50): print({line!r} + '\\n' + '{line}\\n' * 999, end='')")
            assert len(printed) == 50_000 * 100 - 1

    def test_a_folder_that_is_not_there_is_refused(self, warm: str, tmp_path: Path) -> None:
        with (
            (tmp_path / "said").open("w+b") as file,
            pytest.raises((FileNotFoundError, RuntimeError)) as caught,
            started(cwd=str(tmp_path / "nowhere"), stdout=file, stderr=file),
        ):
            pass
        assert "nowhere" in str(caught.value) + (tmp_path / "said").read_text()


def interrupted(manager: KernelManager, client: BlockingKernelClient, code: str) -> str:
    """Interrupt the kernel while it runs code that sleeps; return the id of the request."""
    asked = client.execute(code)
    assert until(lambda: client.get_iopub_msg(timeout=60)["msg_type"] == "execute_input")
    time.sleep(0.1)
    manager.interrupt_kernel()
    return asked


@pytest.mark.parametrize("variables", [{"PYTHONWARNINGS": "error"}, dict.fromkeys("ABC", "x" * (parent.LONGEST // 2))])
def test_a_kernel_that_cannot_be_forked_is_an_ordinary_one(variables: dict[str, str]) -> None:
    """A variable that only a new Python reads; an environment that is too large for a request."""
    with started(env={**os.environ, **variables}) as (manager, client):
        assert not isinstance(manager.provisioner.process, forking.Forked)
        assert manager.transport == "tcp"
        names = list(variables)
        assert said(client, f"import os; print([len(os.environ[n]) for n in {names}])") == str(
            [len(variables[name]) for name in names]
        )


@pytest.mark.faults
def test_kernels_leave_no_process_and_no_file() -> None:
    with started() as (_, client):
        parent_pid = int(said(client, "import os; print(os.getppid())"))
    assert until(preloaded)
    gc.collect()
    runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    files = len(os.listdir("/proc/self/fd"))
    theirs = len(os.listdir(f"/proc/{parent_pid}/fd"))
    for _ in range(4 if TRIALS == 1 else 50 * TRIALS):
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
    """Return whether the parent has made all of its imports: some open files that stay open."""
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
import os, signal, sys, time
from jupyter_client.manager import KernelManager
from reissue.build.kernels.provisioner import use_warm_parent
managers = []
for _ in range({kernels}):
    manager = KernelManager(kernel_name="reissue")
    use_warm_parent(manager)
    manager.start_kernel(env=dict(os.environ), cwd=os.getcwd(), stdout=sys.stderr, stderr=sys.stderr)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute_interactive("import subprocess; child = subprocess.Popen(['sleep', '600'])")
    managers.append(manager)
print("started", flush=True)
{then}
"""
KILLED = "time.sleep(600)"


def test_nothing_outlives_the_client(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        clients = {}
        for number, then in enumerate((KILLED, "os.kill(os.getpid(), signal.SIGKILL)", "sys.exit()", "1 / 0")):
            folder = tmp_path / str(number)
            folder.mkdir()
            client = subprocess.Popen(
                [sys.executable, "-c", CLIENT.format(kernels=2 if then == KILLED else 1, then=then)],
                env={**os.environ, "JUPYTER_RUNTIME_DIR": str(folder)},
                stdout=subprocess.PIPE,
                stderr=stack.enter_context((folder / "said").open("w")),
            )
            stack.callback(client.kill)
            clients[then] = folder, client
        for then, (folder, client) in clients.items():
            assert client.stdout is not None
            assert client.stdout.readline() == b"started\n", (then, (folder / "said").read_text())
            if then == KILLED:
                # The client, its parent of kernels, two kernels, and what each of these has started.
                assert len(of_this_tree(folder)) == 6
                client.kill()
            client.communicate()
            assert until(lambda folder=folder: of_this_tree(folder) == []), then


def test_interrupted_everything_ends_at_once(fresh: Mini) -> None:
    # The cells tell when they run: one ignores interrupts, and both would take minutes.
    begun = [fresh.root / "notebooks" / name for name in ("one", "other")]
    cell = "import pathlib, signal, time\n{}\npathlib.Path({!r}).touch()\ntime.sleep(600)"
    fresh.add("04_survey", cell.format("signal.signal(signal.SIGINT, signal.SIG_IGN)", begun[0].name))
    fresh.add("05_outlook", cell.format("", begun[1].name))
    runtime = fresh.root / ".cache" / "jupyter" / "runtime"
    environment = {**os.environ, "PYTHONPATH": str(fresh.root / "src"), "JUPYTER_RUNTIME_DIR": str(runtime)}
    command = [sys.executable, "-m", "iucresearch", "report"]
    run = subprocess.Popen(command, cwd=fresh.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert until(lambda: all(path.exists() for path in begun))
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 130
    assert errors.decode().strip() == "iucresearch: interrupted; the last finished report is untouched."
    assert until(lambda: of_this_tree(runtime) == [])
