"""papermill's engine for this project: each kernel its own environment and folder, so that several run side by side."""

from __future__ import annotations

import ast
import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from queue import Empty
from tempfile import TemporaryFile
from typing import IO, Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.paths import jupyter_runtime_dir
from jupyter_core.utils import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from traitlets import DottedObjectName, default

from reissue.build.kernels.provisioner import use_warm_parent
from reissue.core import paths, report

NAME = "reissue"
_DEPENDENCIES = "__import__('reissue.core.dependencies', fromlist=['report'])"
#: Seconds after which a kernel that has not answered is asked again.
_PATIENCE = 1.0
#: Milliseconds between tries to reach a kernel that is starting.
_RECONNECT = 10
#: Signs that a notebook may give out: ten times what the largest one of the report does.
LARGEST = 20_000_000


class Client(AsyncKernelClient):
    """A client that takes a kernel for ready once it has answered on both channels, and waits for nothing more."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel's answer.

        Raises
        ------
        RuntimeError
            If the kernel ends before, or gives none in time.
        """
        latest = time.monotonic() + (timeout or float("inf"))
        answered = False
        while time.monotonic() < latest:
            if not answered:
                self.kernel_info()
            try:
                if not answered:
                    reply = await self.shell_channel.get_msg(timeout=_PATIENCE)
                    answered = reply["msg_type"] == "kernel_info_reply"
                await self.iopub_channel.get_msg(timeout=_PATIENCE)
            except Empty:
                if not await self._async_is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                answered = False
                continue
            if answered:
                self._handle_kernel_info_reply(reply)
                return
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    wait_for_ready = _async_wait_for_ready


class KernelDied(RuntimeError):
    """A kernel ended before it answered; the message is the last line that it said."""


class TooMuchOutput(RuntimeError):
    """A notebook gave out more than a page can hold, and its kernel was ended."""


class Manager(AsyncKernelManager):
    """A kernel manager whose kernels are forked where that is possible, and whose clients are these."""

    client_class = DottedObjectName(f"{Client.__module__}.{Client.__name__}")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        use_warm_parent(self)

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        self._created_context = True
        context = zmq.asyncio.Context()
        # A kernel is there after some hundredths of a second, not tenths, which is what is usual.
        context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT)
        return context

    @default("connection_file")
    def _connection_file_default(self) -> str:
        # Unless it is named, it lies in the system's folder for temporary files, and stays there once this is killed.
        # The folder is there, or was swept because a build was interrupted: then no kernel is to start.
        return str(Path(jupyter_runtime_dir(), f"kernel-{uuid.uuid4().hex}.json"))


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs cells as papermill does, and ends a kernel that gives out too much: its cell may never stop by itself."""

    given = 0
    #: What the kernel has read, once all cells were run.
    used: Mapping[str, Any] = {}
    _ending: asyncio.Future[None] | None = None

    def process_message(self, msg: dict[str, Any], *arguments: Any) -> Any:
        """Take in what a cell gives out, up to a limit."""
        self.given += _size(msg["content"])
        if self.given <= LARGEST:
            return super().process_message(msg, *arguments)
        if self._ending is None:
            self._ending = asyncio.ensure_future(self.km.provisioner.kill())
        return None

    async def async_execute_cell(self, *arguments: Any, **options: Any) -> Any:
        """Run a cell; when it fails, wait for the tasks that nbclient cancels, which asyncio would report at exit."""
        try:
            return await super().async_execute_cell(*arguments, **options)
        finally:
            cancelled = [
                task for task in asyncio.all_tasks() if task.cancelling() and task is not asyncio.current_task()
            ]
            await asyncio.gather(*cancelled, return_exceptions=True)

    # papermill calls this one, which is bound to the method of its own class.
    execute_cell = run_sync(async_execute_cell)

    def papermill_execute_cells(self) -> None:
        """Run the cells in a kernel that notes what it reads."""
        arguments = ", ".join(map(repr, [str(paths.ROOT), "reissue", *filter(None, [report.package])]))
        self._ask(f"{_DEPENDENCIES}.observe({arguments})")
        super().papermill_execute_cells()
        if self.code_cells_executed and not any(map(_failed, self.nb.cells)):
            answer = self._ask("", f"{_DEPENDENCIES}.report({arguments})")
            self.used = json.loads(ast.literal_eval(answer))

    def _ask(self, code: str, expression: str = "None") -> str:
        """Run code beside the cells; return what an expression then is, as Python writes it."""
        request = self.kc.execute(code, silent=True, store_history=False, user_expressions={"asked": expression})
        content = self.wait_for_reply(request)["content"]
        answer = content.get("user_expressions", {}).get("asked", content)
        if answer["status"] != "ok":
            raise RuntimeError(f"the kernel did not say what it reads: {answer.get('evalue', answer['status'])}")
        return str(answer["data"]["text/plain"])


def _failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _size(content: Mapping[str, Any]) -> int:
    """Return the signs of a message that come into the notebook."""
    texts = (content.get("text"), *content.get("data", {}).values())
    return sum(len(text) for text in texts if isinstance(text, str))


class Engine(NBClientEngine):  # type: ignore[misc]
    """Runs a notebook as papermill does; environment and folder are the kernel's, not this process's."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        environment: Mapping[str, str],
        folder: str,
        start_timeout: float = 60,
        execution_timeout: int,
        on_cell_execute: Any = None,
        on_end: Callable[[Mapping[str, Any]], object] = lambda used: None,
        **_: Any,
    ) -> Any:
        """Run the cells."""
        with _ONE_AT_A_TIME:
            _resolve()
            client = NotebookClient(
                nb_man,
                kernel_name=kernel_name,
                kernel_manager_class=Manager,
                startup_timeout=start_timeout,
                timeout=execution_timeout,
                # What was printed may come later than the cell's end, on a machine with much to do.
                iopub_timeout=execution_timeout,
                on_cell_execute=on_cell_execute,
                log=logger,
            )
        # What a kernel says besides what its cells give out, as when it cannot start, or while it ends: a file that has
        # no name, so that none is left.
        with TemporaryFile() as said:
            try:
                notebook = client.execute(env=dict(environment), cwd=folder, stdout=said, stderr=said)
                on_end(client.used)
                return notebook
            except RuntimeError:
                if client.given > LARGEST:
                    raise TooMuchOutput(f"a page holds {LARGEST // 1_000_000} MB of output at most") from None
                if not client.code_cells_executed and (last := _last_line(said)):
                    raise KernelDied(last) from None
                raise


def _last_line(file: IO[bytes]) -> str:
    file.seek(0)
    lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


_ONE_AT_A_TIME = threading.Lock()


@cache
def _resolve() -> None:
    """Make one of each object that a kernel takes, in one thread.

    traitlets looks up the classes that it knows by name when their first object is made; two threads that do so at
    once get in each other's way, and one of the notebooks fails.
    """
    Manager().client()


papermill_engines.register(NAME, Engine)
