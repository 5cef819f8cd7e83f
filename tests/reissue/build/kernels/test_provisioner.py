"""Forked kernels behave as ordinary ones do, leave nothing behind, and are independent of each other."""

import contextlib
import gc
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import psutil
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from reissue.build.kernels import forking, parent, provisioner
from reissue.build.run import KERNEL
from reissue.core import paths
from tests.conftest import TRIALS
from tests.reissue.build.trials import processes, wait_until

pytestmark = pytest.mark.skipif(not forking.is_supported(), reason="kernels are forked on Linux, unless REISSUE_WARM=0")

Kernel = tuple[KernelManager, BlockingKernelClient]


@pytest.fixture(autouse=True, scope="module")
def _own_parent() -> Iterator[None]:
    """Start a parent with the environment of this process, not with that of another test."""
    paths.keep_to_own_cache()
    forking.end_all()
    forking.warm_up()
    yield
    forking.end_all()


@contextlib.contextmanager
def started(**options: object) -> Iterator[Kernel]:
    """Start a kernel as a build's engine does."""
    manager = KernelManager(kernel_name=KERNEL)
    provisioner.use_warm_parent(manager)
    with TemporaryFile() as log:
        usual = {"env": dict(os.environ), "cwd": os.getcwd(), "stdout": log, "stderr": log}
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


def run(client: BlockingKernelClient, code: str) -> str:
    """Run code; return what it prints, or the name of the error that it raises."""
    texts: list[str] = []

    def hook(message: dict) -> None:
        if message["msg_type"] == "stream":
            texts.append(message["content"]["text"])
        if message["msg_type"] == "error":
            texts.append(message["content"]["ename"])

    client.execute_interactive(code, output_hook=hook, timeout=60, allow_stdin=False)
    return "".join(texts).strip()


def is_alive(pid: int) -> bool:
    """Return whether a process runs and is not a zombie."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_kernels_are_children_of_one_parent_which_holds_nothing_of_this_package(tmp_path: Path) -> None:
    mine = "import os; print(os.getppid(), os.getpgid(0) == os.getpid(), os.getpid())"
    environment = {**os.environ, "ONLY_HERE": "ä b"}
    with started() as (one, a), started(env=environment, cwd=str(tmp_path)) as (other, b):
        first, second = run(a, mine).split(), run(b, mine).split()
        assert first[0] == second[0] != str(os.getpid())
        assert first[1] == second[1] == "True"
        assert [int(first[2]), int(second[2])] == [one.provisioner.pid, other.provisioner.pid]
        loaded = run(a, "import sys; print([m for m in sys.modules if m.split('.')[0] == 'iucresearch'])")
        assert loaded == "[]"
        assert "iucresearch" not in " ".join(parent.PRELOADED)
        # Each has the environment and folder that it was given.
        where = "import os; print(os.environ.get('ONLY_HERE'), os.getcwd())"
        assert run(a, where) == f"None {os.getcwd()}"
        assert run(b, where) == f"ä b {tmp_path}"
        assert run(b, "print(os.environ['PYTHONHASHSEED'], os.environ['TZ'])") == "0 UTC"
    assert len(list(Path(f"/proc/{first[0]}/task").iterdir())) == 1, "it has one thread"


def test_nothing_of_one_notebook_is_left_in_the_next() -> None:
    state = (
        "import builtins, os, random, sys, threading, numpy, matplotlib as mpl, matplotlib.pyplot as plt, pandas\n"
        "print(mpl.rcParams['lines.linewidth'], 'x' in dir(), '/left' in sys.path, os.environ.get('LEFT'), "
        "plt.get_fignums(), pandas.options.display.max_rows, hasattr(builtins, 'left'), len(threading.enumerate()))"
    )
    draw = "import random, numpy; print(random.random(), numpy.random.random())"
    with started() as (_, client):
        before, drawn = run(client, state), run(client, draw).split()
    with started() as (_, client):
        run(client, state)
        drawn += run(client, draw).split()
        run(
            client,
            "x = 1; mpl.rcParams['lines.linewidth'] = 9; sys.path.insert(0, '/left'); os.environ['LEFT'] = 'y'\n"
            "plt.figure(); pandas.options.display.max_rows = 3; builtins.left = 1\n"
            "random.seed(1); numpy.random.seed(1)\n"
            "threading.Thread(target=threading.Event().wait, daemon=True).start()",
        )
        assert run(client, state) != before
    with started() as (_, client):
        assert run(client, state) == before
        drawn += run(client, draw).split()
    assert len(set(drawn)) == 6


@pytest.mark.parametrize("warm", ["1", "0"])
def test_kernels_are_interrupted_restarted_and_shut_down(
    warm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same calls to a forked kernel and to an ordinary one."""
    monkeypatch.setenv(forking.VARIABLE, warm)
    with started() as (manager, client):
        assert isinstance(manager.provisioner.process, forking.Forked) == (warm == "1")
        assert manager.transport == ("ipc" if warm == "1" else "tcp")
        request = interrupt(manager, client, "import time; time.sleep(60)")
        # Kernels may answer more than once while they start.
        replies = iter(lambda: client.get_shell_msg(timeout=60), None)
        reply = next(one for one in replies if one["parent_header"]["msg_id"] == request)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        # A request right after an error may be refused with it.
        wait_until(lambda: run(client, "x = 1; print('on')") == "on")

        pid = manager.provisioner.pid
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=60)
        assert manager.provisioner.pid != pid
        assert not is_alive(pid)
        assert run(client, "print('x' in dir())") == "False"

        run(client, f"import atexit, pathlib; atexit.register(pathlib.Path({str(tmp_path / 'bye')!r}).touch)")
        process = manager.provisioner.process
        manager.shutdown_kernel()
        assert (tmp_path / "bye").exists()
        assert process.returncode == 0


def test_a_kernel_that_ignores_interrupts_is_killed_with_the_processes_of_its_cells() -> None:
    with started() as (manager, client):
        child = int(run(client, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
        assert is_alive(child)
        pid = manager.provisioner.pid
        interrupt(manager, client, "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)")
        assert manager.is_alive()
        manager.shutdown_kernel(now=True)
    wait_until(lambda: not is_alive(pid))
    wait_until(lambda: not is_alive(child))


def test_all_output_and_the_exit_status_arrive() -> None:
    # If ipykernel sees pytest, it does not forward what bypasses Python.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    with started(env=environment) as (manager, client):
        assert "from C" in run(client, "import os, time; os.system('echo from C'); time.sleep(0.2)")
        five_megabytes = run(client, "for _ in range(50): print(('x' * 99 + '\\n') * 1000, end='')")
        assert len(five_megabytes) == 50_000 * 100 - 1
        process = manager.provisioner.process
        client.execute("import os; os._exit(3)")
        wait_until(lambda: not manager.is_alive())
        assert process.poll() == process.wait() == 3


def interrupt(manager: KernelManager, client: BlockingKernelClient, code: str) -> str:
    """Interrupt the kernel while it runs code that sleeps; return the id of the request."""
    request = client.execute(code)
    wait_until(lambda: client.get_iopub_msg(timeout=60)["msg_type"] == "execute_input")
    time.sleep(0.1)
    manager.interrupt_kernel()
    return request


def test_an_environment_that_is_too_large_is_refused_with_a_remedy() -> None:
    large = dict.fromkeys("ABCD", "x" * 100_000)
    with pytest.raises(RuntimeError, match="REISSUE_WARM=0 starts ordinary ones"), started(env={**os.environ, **large}):
        pass


@pytest.mark.faults
def test_kernels_leave_no_process_and_no_file_once_all_is_preloaded() -> None:
    with started() as (_, client):
        parent_pid = int(run(client, "import os; print(os.getppid())"))
    # Some of the parent's imports open files for good.
    missing = f"import sys; print([name for name in {parent.PRELOADED!r} if name not in sys.modules]"
    inline = "'matplotlib_inline.backend_inline' in sys.modules"

    def is_preloaded() -> bool:
        with started() as (_, client):
            return run(client, f"{missing}, {inline})") == "[] False"

    wait_until(is_preloaded)
    gc.collect()
    runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    files = len(os.listdir("/proc/self/fd"))
    theirs = len(os.listdir(f"/proc/{parent_pid}/fd"))
    for _ in range(4 if TRIALS == 1 else 50 * TRIALS):
        with started() as (manager, _):
            pid, connection = manager.provisioner.pid, manager.connection_file
        wait_until(lambda pid=pid: not is_alive(pid))
        assert not Path(connection).exists()
    gc.collect()
    assert not [one for one in psutil.Process(parent_pid).children() if is_alive(one.pid)]
    wait_until(lambda: len(os.listdir(f"/proc/{parent_pid}/fd")) == theirs)
    # zmq's own threads keep a few for the process; a leak would be of several a kernel.
    assert len(os.listdir("/proc/self/fd")) <= files + 8
    assert [path.name for path in runtime.glob("*-ipc-*")] == []


def test_a_parent_that_was_killed_is_replaced() -> None:
    with started() as (manager, client):
        first = int(run(client, "import os; print(os.getppid())"))
        assert first != os.getpid()
        child = int(run(client, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
        pid = manager.provisioner.pid
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid))
        wait_until(lambda: not manager.is_alive())
        # Processes of its cells end when the client polls the kernel.
        wait_until(lambda: not is_alive(child))
    with started() as (manager, client):
        assert isinstance(manager.provisioner.process, forking.Forked)
        assert int(run(client, "import os; print(os.getppid())")) != first


CLIENT = """
import os, pathlib, sys, time
from jupyter_client.manager import KernelManager
from reissue.build.kernels import forking
from reissue.build.kernels.provisioner import use_warm_parent
forking._PARENT = pathlib.Path({parent!r})
managers = []
for _ in range(2):
    manager = KernelManager(kernel_name="reissue")
    use_warm_parent(manager)
    manager.start_kernel(env=dict(os.environ), cwd=os.getcwd(), stdout=sys.stderr, stderr=sys.stderr)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute_interactive("import subprocess; child = subprocess.Popen(['sleep', '600'])")
    managers.append(manager)
print("started", flush=True)
time.sleep(600)
"""


def test_nothing_outlives_a_client_that_was_killed(tmp_path: Path) -> None:
    # Preloading would only take time.
    source = forking._PARENT.read_text(encoding="utf-8")
    quick = tmp_path / "parent.py"
    quick.write_text(re.sub(r"^PRELOADED = \([^)]*\)", "PRELOADED = ()", source, flags=re.M), encoding="utf-8")
    variables = {"JUPYTER_RUNTIME_DIR": str(tmp_path), "PYTHONPATH": f"{tmp_path}/src"}
    command = [sys.executable, "-c", CLIENT.format(parent=str(quick))]
    with subprocess.Popen(command, env=os.environ | variables, stdout=subprocess.PIPE) as client:
        try:
            assert client.stdout is not None
            assert client.stdout.readline() == b"started\n"
            # The client, its parent of kernels, two kernels, and a process of each kernel.
            assert len(processes(tmp_path)) == 6
        finally:
            client.kill()
    wait_until(lambda: processes(tmp_path) == [])


def test_forked_and_ordinary_kernels_can_be_killed_at_once() -> None:
    """A variable that only a new Python reads makes a kernel an ordinary one."""
    ignore = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    with started() as (forked, one), started(env={**os.environ, "PYTHONWARNINGS": "error"}) as (ordinary, other):
        assert not isinstance(ordinary.provisioner.process, forking.Forked)
        assert ordinary.transport == "tcp"
        assert run(other, "import os; print(os.environ['PYTHONWARNINGS'])") == "error"
        for client in (one, other):
            client.execute(ignore)
            wait_until(lambda client=client: client.get_iopub_msg(timeout=60)["msg_type"] == "stream")
        pids = [forked.provisioner.pid, ordinary.provisioner.pid]
        assert all(map(is_alive, pids))
        forking.end_all()
        wait_until(lambda: not any(map(is_alive, pids)))
