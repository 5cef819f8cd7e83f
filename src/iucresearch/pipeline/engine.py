"""papermill's engine for this project: each kernel its own environment and folder, so that several run side by side."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from functools import cache
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from traitlets import DottedObjectName, default

from iucresearch.pipeline.kernels import WarmProvisioner

NAME = "iucresearch"
#: Seconds after which a kernel that has not answered is asked again.
_PATIENCE = 1.0
#: Milliseconds between tries to reach a kernel that is starting.
_RECONNECT = 10


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


class Manager(AsyncKernelManager):
    """A kernel manager whose clients are these."""

    client_class = DottedObjectName(f"{Client.__module__}.{Client.__name__}")

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        self._created_context = True
        context = zmq.asyncio.Context()
        # A kernel is there after some hundredths of a second, not tenths, which is what is usual.
        context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT)
        return context


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
        execution_timeout: float | None = None,
        on_cell_execute: Any = None,
        **_: Any,
    ) -> Any:
        """Run the cells."""
        with _ONE_AT_A_TIME:
            _resolve()
            client = PapermillNotebookClient(
                nb_man,
                kernel_name=kernel_name,
                kernel_manager_class=Manager,
                startup_timeout=start_timeout,
                timeout=execution_timeout,
                on_cell_execute=on_cell_execute,
                log=logger,
            )
        return client.execute(env=dict(environment), cwd=folder)


_ONE_AT_A_TIME = threading.Lock()


@cache
def _resolve() -> None:
    """Make one of each object that a kernel takes, in one thread.

    traitlets looks up the classes that it knows by name when their first object is made; two threads that do so at
    once get in each other's way, and one of the notebooks fails.
    """
    manager = Manager()
    manager.client()
    manager.kernel_spec_manager.find_kernel_specs()
    KernelProvisionerFactory.instance(parent=manager)
    WarmProvisioner(kernel_id="", kernel_spec=KernelSpec(), parent=manager)


papermill_engines.register(NAME, Engine)
