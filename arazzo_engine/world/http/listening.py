"""A port of this machine that others may connect to.

Decides what is said of one that cannot be had. What is answered there is for others to decide.
"""

from __future__ import annotations

import socket
from typing import Final

from arazzo_engine.diagnostics import ArazzoError, diagnose

# connections that come in one moment find a place in the queue, as far as the system has it
_BACKLOG: Final = 16_384


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, at a free port for 0; raises ``ArazzoError`` (``option-invalid``)."""
    try:
        return socket.create_server((host, port), backlog=_BACKLOG)
    except OSError as error:
        message = f"port {port} cannot be used: {(error.strerror or 'it is taken').lower()}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name another one with `--port`")) from error
