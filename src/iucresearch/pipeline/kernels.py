"""Warm kernels: a kernel provisioner that forks each kernel from one parent that has imported what notebooks use.

jupyter_client asks a provisioner for every kernel, so that papermill, nbclient, nbval and JupyterLab gain without
knowing. There is one parent per client process, started with its first kernel or by `forking.warm_up`. A kernel is a
fresh process with its own group, environment and folder. Where a kernel cannot be forked, an ordinary one starts: on
Windows and macOS, with IUC_WARM=0, or where it asks for what only a new Python takes in.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from iucresearch.pipeline import forking


class WarmProvisioner(LocalProvisioner):
    """Starts kernels: forked from the warm parent where that is possible, else as jupyter_client does."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare as usual; messages go through sockets that need neither a port nor a file."""
        manager = self.parent
        if manager is not None and forking.possible() and manager.transport == "tcp" and not manager.shell_port:
            # A port that is free now may be somebody else's when the kernel takes it.
            manager.transport = "ipc"
            manager.ip = f"@iucresearch-{uuid.uuid4().hex}"
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel."""
        process = forking.forked(cmd, kwargs)
        if process is None:
            info = await super().launch_kernel(cmd, **kwargs)
        else:
            self.process = process  # type: ignore[assignment]
            self.pid = self.pgid = process.pid
            self.cwd = kwargs.get("cwd") or os.getcwd()
            info = self.connection_info
        if self.process is not None:
            forking.RUNNING.add(self.process)
        return info
