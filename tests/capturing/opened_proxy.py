"""A proxy in this process, as the command opens it, and what it has captured."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, TypeAlias

from arazzo_engine.recording.captures import Capture
from arazzo_engine.world.capturing.forwarding import Forwarding
from arazzo_engine.world.capturing.serving import serve
from arazzo_engine.world.capturing.writing import begin_capture
from arazzo_engine.world.http.listening import listen
from arazzo_engine.world.http.transport import Transport
from arazzo_engine.world.replaying.reading import read_traffic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arazzo_engine.world.capturing.writing import Capturing

_Answer: TypeAlias = tuple[int, bytes, dict[str, str]]


class Proxy:
    """A proxy in this process: where it is, what it has told, and where it captures."""

    capturing: Capturing

    def __init__(self, port: int, place: Path) -> None:
        self.port = port
        self.place = place
        self.told: list[str] = []

    def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> _Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, url, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        return found

    def raw(self, content: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(content)
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def captured(self) -> list[dict[str, Any]]:
        read = read_traffic(self.place)
        assert isinstance(read, Capture)
        return [each.value for each in read.lines]


@contextmanager
def opened_proxy(tmp_path: Path, target: str = "", port: int = 0) -> Iterator[Proxy]:
    with listen("127.0.0.1", port) as listener, Transport() as transport:
        proxy = Proxy(listener.getsockname()[1], tmp_path / "capture.jsonl")
        capturing = proxy.capturing = begin_capture(str(proxy.place), target)
        forwarding = Forwarding(transport, capturing, proxy.told.append, target, f"http://127.0.0.1:{proxy.port}")

        def work() -> None:
            with suppress(OSError):
                serve(listener, forwarding.answer)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            proxy.told += capturing.close()
