"""papermill's engine for this project: each kernel has its own environment and folder, so that several run at once."""

from __future__ import annotations

import ast
import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import Empty
from tempfile import TemporaryFile
from typing import Any

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
_POLL_INTERVAL = 1.0
#: Milliseconds between attempts to connect to a kernel that is starting.
_RECONNECT_INTERVAL = 10
#: Characters that the outputs of a notebook may have: ten times those of the report's largest one.
MAX_OUTPUT = 20_000_000


class Client(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered on both channels; jupyter_client waits 0.2 s longer."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        latest = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < latest:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.shell_channel.get_msg(timeout=_POLL_INTERVAL)
                await self.iopub_channel.get_msg(timeout=_POLL_INTERVAL)
                self._handle_kernel_info_reply(reply)
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    wait_for_ready = _async_wait_for_ready


class KernelDied(RuntimeError):
    """A kernel ended before it answered; the message is the last line that it printed."""


class TooMuchOutput(RuntimeError):
    """The outputs of a notebook are larger than a page can hold, and its kernel was killed."""


class Manager(AsyncKernelManager):
    """A kernel manager that forks kernels where that is possible, and connects to them without delay."""

    client_class = DottedObjectName(f"{Client.__module__}.{Client.__name__}")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        use_warm_parent(self)

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        self._created_context = True
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_INTERVAL)
        return context

    @default("connection_file")
    def _connection_file_default(self) -> str:
        # jupyter_client would put it into the system's temporary folder, where it would stay if this process is killed.
        # If an interrupted build was swept, the runtime folder is missing, and no kernel should start.
        return str(Path(jupyter_runtime_dir(), f"kernel-{uuid.uuid4().hex}.json"))


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs cells as papermill does, and kills a kernel with too much output: its cell may never stop by itself."""

    output_size = 0
    #: What the kernel has read, once all cells were run.
    used: Mapping[str, Any] = {}
    _ending: asyncio.Future[None] | None = None

    def process_message(self, msg: dict[str, Any], *arguments: Any) -> Any:
        """Take an output of a cell, up to a limit."""
        content = msg["content"]
        texts = (content.get("text"), *content.get("data", {}).values())
        self.output_size += sum(len(text) for text in texts if isinstance(text, str))
        if self.output_size <= MAX_OUTPUT:
            return super().process_message(msg, *arguments)
        if self._ending is None:
            self._ending = asyncio.ensure_future(self.km.provisioner.kill())
        return None

    async def async_execute_cell(self, *arguments: Any, **options: Any) -> Any:
        """Run a cell; if it fails, wait for the tasks that nbclient cancels, or asyncio would report them at exit."""
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
        """Run the cells in a kernel that records what it reads."""
        arguments = ", ".join(map(repr, [str(paths.ROOT), "reissue", *filter(None, [report.package])]))
        self._evaluate(f"{_DEPENDENCIES}.observe({arguments})")
        super().papermill_execute_cells()
        outputs = [output for cell in self.nb.cells for output in cell.get("outputs", [])]
        if self.code_cells_executed and all(output.output_type != "error" for output in outputs):
            answer = self._evaluate(f"{_DEPENDENCIES}.report({arguments})")
            self.used = json.loads(ast.literal_eval(answer))

    def _evaluate(self, expression: str) -> str:
        """Return the value of an expression in the kernel, as Python writes it."""
        request = self.kc.execute("", silent=True, store_history=False, user_expressions={"value": expression})
        content = self.wait_for_reply(request)["content"]
        answer = content.get("user_expressions", {}).get("value", content)
        if answer["status"] != "ok":
            raise RuntimeError(f"the kernel did not report what it reads: {answer.get('evalue', answer['status'])}")
        return str(answer["data"]["text/plain"])


class Engine(NBClientEngine):  # type: ignore[misc]
    """Runs a notebook as papermill does, in a kernel with its own environment and folder."""

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
        with _LOCK:
            _resolve_traits()
            client = NotebookClient(
                nb_man,
                kernel_name=kernel_name,
                kernel_manager_class=Manager,
                startup_timeout=start_timeout,
                timeout=execution_timeout,
                # On a busy machine, output may come later than the cell's end.
                iopub_timeout=execution_timeout,
                on_cell_execute=on_cell_execute,
                log=logger,
            )
        # The kernel's own messages, for example when it cannot start, go to a file without a name.
        with TemporaryFile() as log:
            try:
                notebook = client.execute(env=dict(environment), cwd=folder, stdout=log, stderr=log)
                on_end(client.used)
                return notebook
            except RuntimeError:
                if client.output_size > MAX_OUTPUT:
                    raise TooMuchOutput(f"a page holds {MAX_OUTPUT // 1_000_000} MB of output at most") from None
                log.seek(0)
                lines = [line.strip() for line in log.read().decode(errors="replace").split("\n") if line.strip()]
                if lines and not client.code_cells_executed:
                    raise KernelDied(lines[-1]) from None
                raise


_LOCK = threading.Lock()


@cache
def _resolve_traits() -> None:
    """Create the objects of one kernel, because traitlets resolves class names then, which is not thread-safe."""
    Manager().client()


papermill_engines.register(NAME, Engine)
