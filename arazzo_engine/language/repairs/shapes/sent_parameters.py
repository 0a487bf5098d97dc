"""Bodies that only the operation knows: parameters in the body, as OpenAPI 2.0 has them, and `requestBody: {data: …}`.

Decides the body as far as the step says it: one of these is a member of the payload, or all of it. Which of the two one
alone is, and which form is sent, is known to the operation, so linking tells what is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.repairs.shapes.bodies import FORM, is_wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

_IN_FORM: Final = ("formData", "form")
_IN_BODY: Final = ("body", "json", *_IN_FORM)
_WHOLE: Final = frozenset({"body", "payload", "requestbody", "data", "request"})
_PAYLOAD: Final = ("requestBody", "payload")


class SentParameters(Struct, frozen=True):
    """A step with a body in the place of such parameters, or that body: where in what was found each part stood."""

    written: JsonValue
    moved: dict[Pointer, Pointer]


def is_sent(parameter: JsonValue) -> bool:
    """Whether a parameter stands in the body."""
    return isinstance(parameter, dict) and parameter.get("in") in _IN_BODY


def send_parameters(step: JsonValue) -> SentParameters | None:
    """Return a step whose parameters in the body are its ``requestBody``, ``None`` when it has none or another body."""
    entries = step.get("parameters") if isinstance(step, dict) else None
    if not isinstance(entries, list) or "requestBody" in step or "workflowId" in step:
        return None
    sent = {index: each for index, each in enumerate(entries) if is_sent(each) and "value" in each}
    names = [each.get("name") for each in sent.values()]
    if not sent or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        return None
    is_form = any(each["in"] in _IN_FORM for each in sent.values())
    is_whole = len(names) == 1 and not is_form and str(names[0]).casefold() in _WHOLE
    values = {str(each["name"]): each["value"] for each in sent.values()}
    payload = next(iter(values.values())) if is_whole else values
    body = {**({"contentType": FORM} if is_form else {}), "payload": payload}
    others = [each for index, each in enumerate(entries) if index not in sent]
    kept = {name: each for name, each in step.items() if name != "parameters"}
    written = {**kept, **({"parameters": others} if others else {}), "requestBody": body}
    starts = {(*_PAYLOAD, *(() if is_whole else (str(each["name"]),))): index for index, each in sent.items()}
    return SentParameters(written, dict(_moved(starts, len(entries))))


def wrap_body(body: JsonValue) -> SentParameters | None:
    """Return a body with all that stands around what it sends as its ``payload``, ``None`` when nothing does."""
    if not isinstance(body, dict) or "payload" in body or not is_wrapped(body):
        return None
    members = {name: each for name, each in body.items() if name != "contentType"}
    kept = {name: each for name, each in body.items() if name not in members}
    moved: dict[Pointer, Pointer] = {("payload", name): (name,) for name in members}
    return SentParameters({**kept, "payload": members}, {("payload",): (), **moved})


def _moved(starts: dict[Pointer, int], count: int) -> Iterator[tuple[Pointer, Pointer]]:
    first = str(next(iter(starts.values())))
    yield _PAYLOAD[:1], ("parameters", first, "in")
    yield (*_PAYLOAD[:1], "contentType"), ("parameters", first, "in")
    yield _PAYLOAD, ("parameters", first)
    yield from ((to, ("parameters", str(index), "value")) for to, index in starts.items())
    kept = (index for index in range(count) if index not in starts.values())
    yield from ((("parameters", str(to)), ("parameters", str(index))) for to, index in enumerate(kept))
