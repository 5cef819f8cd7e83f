"""A kernel provisioner that forks each kernel of a build from a parent that has imported what notebooks use.

`engine` uses it for every kernel that it starts. Kernels that people start with JupyterLab, nbval, nbconvert or
papermill's command are ordinary ones: the kernelspec names no provisioner. A forked kernel is a fresh process with its
own group, environment and folder. If no kernel can be forked, an ordinary one starts: on Windows and macOS, with
REISSUE_WARM=0, or if a kernel needs variables that only a new Python reads.
"""

from __future__ import annotations

import uuid
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from reissue.build.kernels import forking


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from the warm parent if possible, or starts it as jupyter_client does."""

    _forks = False

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Decide how the kernel starts; a forked one uses sockets that need neither a port nor a file."""
        manager: Any = self.parent
        self._forks = forking.can_fork({**kwargs["env"], **self.kernel_spec.env})
        if self._forks and manager.transport == "tcp":
            # Another process may take a port that is free now before the kernel does.
            manager.transport = "ipc"
            manager.ip = f"@reissue-{uuid.uuid4().hex}"
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel."""
        if not self._forks:
            info = await super().launch_kernel(cmd, **kwargs)
            forking.ORDINARY.add(self.process)
            return info
        outputs = kwargs["stdout"].fileno(), kwargs["stderr"].fileno()
        process = forking.fork_kernel(cmd, kwargs["env"], kwargs["cwd"], outputs)
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        return self.connection_info


def use_warm_parent(manager: KernelManager) -> None:
    """Let a manager start its kernel with a `WarmProvisioner`, whatever the kernelspec names."""
    manager.provisioner = WarmProvisioner(kernel_id="", kernel_spec=manager.kernel_spec, parent=manager)
