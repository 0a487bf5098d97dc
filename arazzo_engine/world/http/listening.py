"""A port of this machine that others may connect to.

Decides what is said of one that cannot be had. What is answered there is for others to decide.
"""

from __future__ import annotations

import socket
from typing import Final

from arazzo_engine.diagnostics import ArazzoError, diagnose

# connections that come in one moment find a place in the queue, as far as the system has it
_BACKLOG: Final = 16_384
_MOST_FILES: Final = 65_536


def allow_connections() -> None:
    """Let this process have as many files open as the system allows it: each connection is one."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, at a free port for 0; raises ``ArazzoError`` (``option-invalid``)."""
    try:
        listener = socket.create_server((host, port), backlog=_BACKLOG)
    except OSError as error:
        message = f"port {port} cannot be used: {(error.strerror or 'it is taken').lower()}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name another one with `--port`")) from error
    # connections have it, too: without it, the end of an answer waits for the next one
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
