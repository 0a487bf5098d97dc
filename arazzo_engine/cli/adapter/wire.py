"""Both directions to the client: messages that have come, taken in their order, and what is said to it.

Decides nothing about what a message means. A client that has gone is told nothing more, and that is no error.
"""

from __future__ import annotations

import io
import queue
import threading
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.cli.adapter.framing import Broken, Ended, framed, read_message
from arazzo_engine.printable import plain

if TYPE_CHECKING:
    from typing import BinaryIO

    from arazzo_engine.reporting.masking import Masker

Taken: TypeAlias = dict[str, Any] | Broken | Ended
# so many messages wait at most: a client that sends more has to wait itself
_MOST_WAITING: Final = 1_000


class Inbox(Struct):
    """Messages that a thread reads; after the last one, every look finds the end again."""

    waiting: queue.Queue[Taken] = field(default_factory=lambda: queue.Queue(_MOST_WAITING))
    ended: Ended | None = None

    def read(self, stream: io.RawIOBase) -> None:
        """Read all messages of a stream in a thread, which ends with the process."""
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: io.RawIOBase) -> None:
        taken: Taken = Broken("")
        while not isinstance(taken, Ended):
            try:
                taken = read_message(stream)
            except (OSError, ValueError):
                taken = Ended("stdin cannot be read")
            self.waiting.put(taken)

    def take(self) -> Taken:
        """Return the next message, when there is one."""
        return self._kept(self.ended or self.waiting.get())

    def glance(self) -> Taken | None:
        """Return the next message if there is one by now."""
        try:
            return self._kept(self.ended or self.waiting.get_nowait())
        except queue.Empty:
            return None

    def _kept(self, taken: Taken) -> Taken:
        if isinstance(taken, Ended):
            self.ended = taken
        return taken


class Outbox(Struct):
    """What is said to the client; ``has_gone`` once that failed. ``masker`` is that of the run, once there is one."""

    stream: BinaryIO
    seq: int = 0
    has_gone: bool = False
    masker: Masker | None = None

    def respond(self, request: dict[str, Any], body: dict[str, Any] | None = None) -> None:
        """Say that a request was carried out."""
        self._say(_response(request, {"success": True, **({} if body is None else {"body": body})}))

    def refuse(self, request: dict[str, Any], why: str) -> None:
        """Say why a request was not carried out."""
        why = self._masked(why)
        error = {"id": 1, "format": why.replace("{", "(").replace("}", ")"), "showUser": True}
        self._say(_response(request, {"success": False, "message": why, "body": {"error": error}}))

    def tell(self, event: str, body: dict[str, Any] | None = None) -> None:
        """Tell an event."""
        self._say({"type": "event", "event": event, **({} if body is None else {"body": body})})

    def output(self, text: str, category: str = "console") -> None:
        """Show a text to the person."""
        if text:
            self.tell("output", {"category": category, "output": plain(self._masked(text))})

    def _masked(self, text: str) -> str:
        # what a person asked for may be a secret, too
        return text if self.masker is None else self.masker.of_messages().text(text)

    def _say(self, message: dict[str, Any]) -> None:
        if self.has_gone:
            return
        self.seq += 1
        try:
            self.stream.write(framed({"seq": self.seq, **message}))
            self.stream.flush()
        except (OSError, ValueError):
            self.has_gone = True


def _response(request: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    command = request.get("command")
    named = command if isinstance(command, str) else ""
    return {"type": "response", "request_seq": request.get("seq", 0), "command": named, **rest}


class Shown(io.TextIOBase):
    """A stream for the commands that run here: what they print is shown by the client."""

    def __init__(self, outbox: Outbox, category: str) -> None:
        super().__init__()
        self.outbox = outbox
        self.category = category

    @property
    def encoding(self) -> str:  # type: ignore[override]  # it is no attribute that anybody sets
        """The encoding, by which others see that any text can be written."""
        return "utf-8"

    def writable(self) -> bool:
        """Whether it can be written to, which it always can."""
        return True

    def write(self, text: str, /) -> int:
        """Show a text; raises ``TypeError`` for bytes, as others find out so what kind of stream it is."""
        if not isinstance(text, str):
            raise TypeError(f"a text is written here, not {type(text).__name__}")
        self.outbox.output(text, self.category)
        return len(text)
