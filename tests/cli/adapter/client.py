"""A client of the debug adapter: a real process, its messages one by one, each held to the shapes of the protocol."""

from __future__ import annotations

import fcntl
import json
import os
import queue
import shutil
import subprocess
import sys
import termios
import threading
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Final, Self

import places
from protocol import check

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_LONGEST: Final = 30.0


def framed(message: dict[str, Any]) -> bytes:
    """Return a message as it is sent."""
    content = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(content), content)


class Client:
    """An editor: ``log`` has everything that both sides said."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "arazzo_engine", "debug-adapter"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder)
        self.log: list[dict[str, Any]] = []
        self._seq = 0
        self._come: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while head := stream.readline():
            length = int(head.partition(b":")[2])
            assert stream.readline() == b"\r\n"
            self._come.put(json.loads(stream.read(length)))
        self._come.put(None)

    def send(self, command: str, **arguments: Any) -> int:
        """Send a request, and return its number."""
        self._seq += 1
        request = {"seq": self._seq, "type": "request", "command": command, "arguments": arguments}
        self.log.append(request)
        self.write(framed(request))
        return self._seq

    def write(self, content: bytes) -> None:
        """Send bytes, whatever they are."""
        self._stdin.write(content)
        self._stdin.flush()

    def until_read(self) -> None:
        """Wait until the adapter has read everything that was sent."""
        unread, ends = bytearray(4), time.monotonic() + _LONGEST
        while fcntl.ioctl(self._stdin, termios.FIONREAD, unread) or any(unread):
            assert time.monotonic() < ends, "the adapter reads nothing any more"
            os.sched_yield()

    def close(self) -> None:
        """Go away."""
        self._stdin.close()

    def next(self) -> dict[str, Any]:
        """Return the next message."""
        message = self._come.get(timeout=_LONGEST)
        assert message is not None, self.log
        check(message)
        self.log.append(message)
        return message

    def event(self, name: str) -> dict[str, Any]:
        """Return the next event of a name, past whatever comes before."""
        while (message := self.next()).get("event") != name:
            pass
        body: dict[str, Any] = message.get("body", {})
        return body

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Send a request, and return its answer, past whatever comes before."""
        number = self.send(command, **arguments)
        while (message := self.next()).get("request_seq") != number:
            pass
        return message

    def get(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Send a request that succeeds, and return the body of its answer."""
        answer = self.ask(command, **arguments)
        assert answer["success"], answer
        body: dict[str, Any] = answer.get("body", {})
        return body

    def begin(self, **launch: Any) -> None:
        """Launch, up to where breakpoints are set."""
        self.get("initialize", adapterID="arazzo", linesStartAt1=True, columnsStartAt1=True)
        self.get("launch", **launch)
        self.event("initialized")

    def go(self, command: str = "configurationDone") -> dict[str, Any]:
        """Let the run go on, and return where it stops."""
        self.get(command, **({} if command == "configurationDone" else {"threadId": 1}))
        return self.event("stopped")

    def top(self) -> dict[str, Any]:
        """Return the innermost frame."""
        frame: dict[str, Any] = self.get("stackTrace", threadId=1)["stackFrames"][0]
        return frame

    def value(self, expression: str) -> str:
        """Return what an expression gives."""
        result: str = self.get("evaluate", expression=expression, frameId=1)["result"]
        return result

    def printed(self, category: str) -> str:
        """Return what was shown to the person by now."""
        bodies = (each["body"] for each in self.log if each.get("event") == "output")
        return "".join(each["output"] for each in bodies if each["category"] == category)

    def end(self) -> int:
        """Return the exit code of the adapter, which has ended."""
        return self.process.wait(timeout=_LONGEST)


def client_in_the_shop(folder: Path) -> Client:
    """Return a client in a folder with the documents of the shop."""
    for document in places.SHOP.iterdir():
        shutil.copy(document, folder)
    return Client(folder)
