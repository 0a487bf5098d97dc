"""Sequential media types: many values one after the other, read as an array.

Decides how JSON lines, JSON text sequences and event streams are taken apart. Knows nothing of messages or of time: a
stream is read here once it has ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.messages.formats import Format, format_of
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sized

    from arazzo_engine.documents.values import JsonValue

EVENT_STREAM: Final = "text/event-stream"
_RECORD_SEPARATOR: Final = "\x1e"
MOST_ELEMENTS: Final = 1_000_000
# no more digits than any clock counts
_MILLISECONDS: Final = lazy_pattern("[0-9]{1,18}")
_LINE_END: Final = lazy_pattern("\r\n|\n|\r")


def is_json_sequence(media_type: str) -> bool:
    """Whether a media type is a JSON text sequence (RFC 7464, and the suffix of RFC 8091)."""
    return format_of(media_type) is Format.JSON_SEQUENCE


def parse_json_sequence(text: str, media_type: str, parse: Callable[[str], JsonValue]) -> list[JsonValue]:
    """Return the values of JSON lines or of a JSON text sequence; raises ``MalformedText``, as ``parse`` does."""
    texts = text.split(_RECORD_SEPARATOR) if is_json_sequence(media_type) else text.split("\n")
    _check_count(texts)
    return [parse(each) for each in texts if each.strip()]


def _check_count(elements: Sized) -> None:
    if len(elements) > MOST_ELEMENTS:
        raise MalformedText("document-too-large", f"it has more than {MOST_ELEMENTS:,} elements", 0)


def write_json_sequence(texts: Iterator[str], media_type: str) -> str:
    """Return JSON texts as lines or as a text sequence.

    "JSON-sequence = *(RS JSON-text LF)" (RFC 7464, section 2.2).
    """
    start = _RECORD_SEPARATOR if is_json_sequence(media_type) else ""
    return "".join(f"{start}{each}\n" for each in texts)


def parse_events(text: str) -> list[JsonValue]:
    r"""Return the events of an event stream: each an object with the ``event``, ``data``, ``id``, ``retry`` it gives.

    Raises ``MalformedText`` when there are more than are read.

    >>> parse_events("event: tick\ndata: 1\ndata: 2\n\n: nothing\n\ndata: cut off")
    [{'event': 'tick', 'data': '1\n2'}]
    """
    events: list[JsonValue] = []
    event: dict[str, JsonValue] = {}
    data: list[str] = []
    # "Once the end of the file is reached, any pending data must be discarded." (HTML, Server-sent events)
    for line in _LINE_END.split(text.removeprefix("\ufeff"))[:-1]:
        if line:
            _add_field(event, data, line)
        else:
            # HTML, Server-sent events: "If the data buffer is an empty string, set the data buffer and the event type
            # buffer to the empty string and return."
            if data:
                events.append({**event, "data": "\n".join(data)})
                _check_count(events)
            event, data = {}, []
    return events


def _add_field(event: dict[str, JsonValue], data: list[str], line: str) -> None:
    name, _, value = line.partition(":")
    value = value.removeprefix(" ")
    if name == "data":
        event.setdefault("data", "")
        data.append(value)
    elif name in {"event", "id"}:
        event[name] = value
    elif name == "retry" and _MILLISECONDS.fullmatch(value):
        event["retry"] = int(value)
