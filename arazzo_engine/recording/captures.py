"""A capture: the exchanges of another client, as a proxy on this machine saw them. It has no run in it.

Decides what is in it: a first line of its own, then the lines that a recording has for requests, sealed alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.recording.beginning import CAPTURE
from arazzo_engine.recording.effects import EFFECT, REPLY, write_request, write_told
from arazzo_engine.recording.lines import ChangedLineError, read_lines
from arazzo_engine.recording.recording import Line, changed, first_of, read_recording, too_new
from arazzo_engine.recording.shapes import check_exchange, converted
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.recording.recording import Recording

# a capture of another number is read by an engine that knows it
FORM: Final = 1


class CaptureBeginning(Silent, frozen=True, rename="camel", kw_only=True):
    """The first line. ``target`` is the server that everything was sent to, empty where each request named its own."""

    capture: int = FORM
    engine: str
    python: str
    target: str
    started_at: float

    def to_json(self) -> dict[str, Any]:
        """Return the line."""
        value: dict[str, Any] = msgspec.to_builtins(self)
        return value


class Capture(Silent, frozen=True):
    """A capture: ``lines`` are its exchanges in order; ``is_torn`` says that it ends in the middle of a line."""

    name: str
    beginning: CaptureBeginning
    lines: tuple[Line, ...]
    is_torn: bool


def write_exchange(request: Request, answer: Answer) -> dict[str, Any]:
    """Return the line of an exchange."""
    return {EFFECT: "send", "request": write_request(request), REPLY: write_told(answer)}


def read_exchanges(content: bytes, name: str) -> Recording | Capture:
    """Return what a file has the exchanges of; raises ``ArazzoError`` when it is neither of both."""
    return _read(content, name) if CAPTURE in first_of(content) else read_recording(content, name)


def _read(content: bytes, name: str) -> Capture:
    first = first_of(content)
    form = first[CAPTURE]
    if isinstance(form, int) and form > FORM:
        raise ArazzoError(too_new(name, first))
    number = 1
    try:
        read = read_lines(content)
        beginning: CaptureBeginning = converted(first, CaptureBeginning)
        for number, value in enumerate(read.values[1:], 2):  # noqa: B007 - it is told when one is not
            check_exchange(value)
    except ChangedLineError as found:
        raise ArazzoError(changed(name, found.number)) from found
    except msgspec.ValidationError as error:
        where = "" if number == 1 else f"line {number}: "
        message = f"{name} is no capture of this engine: {where}{error}"
        fix = "capture the traffic with `arazzo record`"
        raise ArazzoError(diagnose("recording-unreadable", message, fix=fix)) from error
    numbered = (Line(number, value) for number, value in enumerate(read.values[1:], 2))
    return Capture(name, beginning, tuple(each for each in numbered if each.effect), read.is_torn)
