"""The application of the demonstration's web server: its worker ends with the server, however that one was killed.

The server asks its workers to stop when it is asked itself; killed, or asked before it has begun to listen for that, it
would leave one behind that holds the port.
"""

import os
import signal

from kaimen.project.demo.processes import stop_with_parent

_PARENT = os.getppid()
stop_with_parent(signal.SIGKILL)
if os.getppid() != _PARENT or _PARENT == 1:  # it was gone before the kernel knew of our wish
    os._exit(1)

from kaimen.project.wsgi import application  # noqa: E402 — seconds of loading, in which the server may be killed

__all__ = ["application"]
