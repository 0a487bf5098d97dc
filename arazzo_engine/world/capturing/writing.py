"""The file of a capture: each exchange is a line of it, on the disk before the client has its answer.

Decides when a line is written. Which texts are secrets is decided from the messages alone, as no document says it: by
the names of headers, members and parameters.
"""

from __future__ import annotations

import platform
import threading
import time
from typing import IO, TYPE_CHECKING, Any, Final

from msgspec import field

from arazzo_engine.machine.effects import Send
from arazzo_engine.machine.secrets import Secrets
from arazzo_engine.recording.captures import CaptureBeginning, write_exchange
from arazzo_engine.recording.hiding.known_secrets import Looking
from arazzo_engine.recording.hiding.replacing import Hiding
from arazzo_engine.recording.lines import Sealing
from arazzo_engine.recording.writing import written
from arazzo_engine.secret_names import hide_in_urls
from arazzo_engine.typed import SilentState
from arazzo_engine.world.recording.recorder import engine_version, open_new, put, write_again

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Request

_OPTION: Final = "--output"


class Capturing(SilentState):
    """Writes a capture, for any thread. ``count`` exchanges are in it; ``lost`` is why it has ended before its time."""

    path: str
    file: IO[bytes]
    hiding: Hiding = field(default_factory=Hiding)
    looking: Looking = field(default_factory=lambda: Looking(Secrets()))
    sealing: Sealing = field(default_factory=Sealing)
    lock: threading.Lock = field(default_factory=threading.Lock)
    count: int = 0
    lost: OSError | None = None

    def begin(self, target: str) -> None:
        """Write the first line."""
        python, now = platform.python_version(), time.time()
        first = CaptureBeginning(engine=engine_version(), python=python, target=target, started_at=now)
        self._write(first.to_json())

    def tell(self, request: Request, answer: Answer) -> str:
        """Write an exchange, and return in a few words what it was, without a secret."""
        with self.lock:
            found = self.looking.secrets_in(Send(request, None), answer)
            self.hiding.learn(found)
            if self.lost is None and not self.file.closed:
                self._write(write_exchange(request, answer))
                self.count += self.lost is None
            status = getattr(answer.result, "status", "no answer")
            return f"{request.method} {hide_in_urls(self.hiding.text(request.url))} {status}"

    def close(self) -> None:
        """End the capture: what was found to be a secret late is replaced in what was written before."""
        with self.lock:
            self.file.close()
            try:
                write_again(self.path, self.hiding, 0)
            except OSError as error:
                self.lost = self.lost or error

    def _write(self, line: dict[str, Any]) -> None:
        try:
            put(self.file, self.sealing.line(written(line, self.hiding)))
        except OSError as error:
            self.lost = error


def begin_capture(path: str, target: str) -> Capturing:
    """Return what writes a capture, which has begun; raises ``ArazzoError`` (``option-invalid``) where none can be."""
    capturing = Capturing(path, open_new(path, _OPTION, "name a new file"))
    capturing.begin(target)
    return capturing
