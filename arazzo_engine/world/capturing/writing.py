"""The file of a capture: each exchange is a line of it, on the disk before the client has its answer.

Decides when a line is written, and what becomes of exchanges that are under way when the capture ends: each is a line,
too, without an answer. Which texts are secrets is decided from the messages alone, as no document says it.
"""

from __future__ import annotations

import platform
import threading
import time
from typing import IO, TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.machine.effects import Send
from arazzo_engine.machine.secrets import Secrets
from arazzo_engine.recording.captures import CaptureBeginning, write_exchange
from arazzo_engine.recording.hiding.known_secrets import Looking
from arazzo_engine.recording.hiding.replacing import Hiding
from arazzo_engine.recording.hiding.undescribed import undescribed_secrets
from arazzo_engine.recording.lines import Sealing
from arazzo_engine.recording.writing import written
from arazzo_engine.secret_names import hide_in_urls
from arazzo_engine.typed import SilentState
from arazzo_engine.world.capturing.unpacking import unpacked_answer, unpacked_request
from arazzo_engine.world.recording.places import open_new
from arazzo_engine.world.recording.recorder import engine_version, put, write_again

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Request

_OPTION: Final = "--output"
_IN_DOUBT: Final = "the proxy ended before an answer came, and the server may have acted upon the request"


class Underway(Struct, frozen=True, eq=False):
    """A request that may have left, and has no answer yet."""

    request: Request
    started_at: float = field(default_factory=time.time)


class Capturing(SilentState):
    """Writes a capture, for any thread. ``count`` exchanges are in it, some ``unanswered``.

    ``lost`` is why it has ended before its time.
    """

    path: str
    file: IO[bytes]
    hiding: Hiding = field(default_factory=Hiding)
    looking: Looking = field(default_factory=lambda: Looking(Secrets()))
    sealing: Sealing = field(default_factory=Sealing)
    lock: threading.Lock = field(default_factory=threading.Lock)
    underway: dict[int, Underway] = field(default_factory=dict)
    count: int = 0
    unanswered: int = 0
    lost: OSError | None = None

    def begin(self, target: str) -> None:
        """Write the first line."""
        python, now = platform.python_version(), time.time()
        first = CaptureBeginning(engine=engine_version(), python=python, target=target, started_at=now)
        self._write(first.to_json())

    def begin_exchange(self, request: Request) -> Underway | None:
        """Know of a request before it leaves; ``None`` when the capture has ended, and it must not."""
        with self.lock:
            if self.file.closed:
                return None
            begun = Underway(request)
            self.underway[id(begun)] = begun
            return begun

    def tell(self, begun: Underway, answer: Answer) -> str:
        """Write an exchange, and return in a few words what it was, without a secret; nothing when it was told."""
        with self.lock:
            return self._tell(begun, answer) if self.underway.pop(id(begun), None) is not None else ""

    def close(self) -> tuple[str, ...]:
        """End the capture: what was found to be a secret late is replaced in what was written before.

        Returns what is told of exchanges that were under way.
        """
        with self.lock:
            told = tuple(self._tell(each, _unanswered(each)) for each in self.underway.values())
            self.underway.clear()
            self.file.close()
            try:
                write_again(self.path, self.hiding, 0)
            except OSError as error:
                self.lost = self.lost or error
            return told

    def _tell(self, begun: Underway, answer: Answer) -> str:
        request, notes = unpacked_request(begun.request)
        came = unpacked_answer(answer)
        came = replace(came, notes=(*notes, *came.notes))
        self.hiding.learn((*self.looking.secrets_in(Send(request, None), came), *undescribed_secrets(request, came)))
        if self._write(write_exchange(request, came)):
            self.count += 1
            self.unanswered += isinstance(came.result, NoResponse)
        what = getattr(came.result, "status", None) or f"no answer: {getattr(came.result, 'reason', '')}"
        lost = () if self.lost is None else (f"not captured: {(self.lost.strerror or 'it cannot be written').lower()}",)
        told = "; ".join((f"{request.method} {request.url} {what}", *came.notes, *lost))
        return hide_in_urls(self.hiding.text(told))

    def _write(self, line: dict[str, Any]) -> bool:
        """Write a line, and return whether it is in the file."""
        if self.lost is None:
            try:
                put(self.file, self.sealing.line(written(line, self.hiding)))
            except OSError as error:
                self.lost = error
        return self.lost is None


def _unanswered(begun: Underway) -> Answer:
    elapsed = max(0.0, time.time() - begun.started_at)
    return Answer(NoResponse(Failure.INTERRUPTED, _IN_DOUBT), begun.started_at, elapsed)


def begin_capture(path: str, target: str) -> Capturing:
    """Return what writes a capture, which has begun; raises ``ArazzoError`` (``option-invalid``) where none can be."""
    capturing = Capturing(path, open_new(path, _OPTION, "name a new file"))
    capturing.begin(target)
    return capturing
