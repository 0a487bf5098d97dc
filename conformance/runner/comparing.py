"""Compares what an engine did with what a case accepts, by meaning and never by message.

Outputs and JSON bodies compare by value, queries and forms as multisets of decoded pairs, paths segment by segment,
headers only when the case names them. A difference is a sentence for a person.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass
from email.parser import BytesParser
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qsl, unquote
from xml.etree.ElementTree import ParseError, canonicalize

from runner.pointers import parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from runner.server import Received
    from runner.yaml_subset import Json

# where a document is wrong: a JSON Pointer, or {"missing": pointer} for what should be there
Place: TypeAlias = "str | dict[str, str]"
# a timer of an engine may end this much early, in seconds
_EARLY: Final = 0.002


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a result compares with one that is accepted: what differs, and what the engine does not tell at all."""

    differences: tuple[str, ...]
    untold: tuple[str, ...] = ()


def compare(expected: dict[str, Json], result: dict[str, Json], received: Sequence[Received]) -> Comparison:
    """Compare what an engine answered, and what it sent, with one accepted result."""
    outcome = outcome_of(expected)
    if result.get("outcome") != outcome:
        return Comparison((f"the outcome is {result.get('outcome')}, not {outcome}",))
    # nothing may be sent for documents that are not valid, and nothing to validate them
    requests = expected.get("requests", None if "outcome" in expected else [])
    found = [*_told_differences(expected, result)]
    if requests is not None:
        found.extend(_request_differences(requests, received))
    return Comparison(tuple(found), tuple(_untold(expected, result)))


def outcome_of(expected: dict[str, Json]) -> str:
    """Return the outcome that an accepted result asks for."""
    outcome: str = expected.get("outcome") or ("valid" if expected.get("valid") else "invalid")
    return outcome


def _untold(expected: dict[str, Json], result: dict[str, Json]) -> Iterator[str]:
    if "outputs" in expected and "outputs" not in result:
        yield "outputs"
    if expected.get("invalid") and "pointers" not in result:
        yield "places of mistakes"


def _told_differences(expected: dict[str, Json], result: dict[str, Json]) -> Iterator[str]:
    if "outputs" in expected and "outputs" in result and not same_value(expected["outputs"], result["outputs"]):
        yield f"the outputs are {_show(result['outputs'])}, not {_show(expected['outputs'])}"
    if "steps" in expected and "steps" in result and expected["steps"] != result["steps"]:
        yield f"the steps are {_show(result['steps'])}, not {_show(expected['steps'])}"
    if "invalid" in expected and "pointers" in result:
        yield from _pointer_differences(expected["invalid"], result["pointers"])


def same_value(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal: numbers by value, and true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_value(each, other[name]) for name, each in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_value, one, other))
    return bool(one == other)


def _pointer_differences(expected: Sequence[Place], found: Sequence[str]) -> Iterator[str]:
    for place in expected:
        if not any(is_at(place, each) for each in found):
            yield f"nothing is reported at {_show(place)}, only at {_show(list(found))}"


def elsewhere(places: Sequence[Place], found: Sequence[str]) -> list[str]:
    """Return the pointers that are reported at none of the places."""
    return [each for each in found if not any(is_at(place, each) for place in places)]


def is_at(place: Place, found: str) -> bool:
    """Whether a pointer names a place or something in it; what is missing is told there, or where it is missing."""
    if isinstance(place, dict):
        return found in {place["missing"], parent(place["missing"])}
    return found == place or (place != "" and found.startswith(f"{place}/"))


def _request_differences(expected: Sequence[Json], received: Sequence[Received]) -> Iterator[str]:
    if len(expected) != len(received):
        sent = ", ".join(f"{each.method} {each.target}" for each in received) or "nothing"
        yield f"{len(received)} requests were sent, not {len(expected)}: {sent}"
        return
    for number, (one, request) in enumerate(zip(expected, received, strict=True), start=1):
        wanted = {"request": one} if isinstance(one, str) else one
        for difference in (*_one_request(wanted, request), *_too_early(wanted, request)):
            yield f"request {number} ({request.method} {request.target}): {difference}"


def _one_request(wanted: dict[str, Json], request: Received) -> Iterator[str]:
    method, _, target = wanted["request"].partition(" ")
    path, _, query = target.partition("?")
    sent_path, _, sent_query = request.target.partition("?")
    if method != request.method or _segments(path) != _segments(sent_path):
        yield f"expected {method} {path}"
    if _pairs(query) != _pairs(sent_query):
        yield f"expected the query {query!r}"
    for name, value in wanted.get("headers", {}).items():
        found = _header(request, name)
        if not _same_header(name, value, found):
            yield f"header {name} is {found!r}, not {value!r}"
    if "cookies" in wanted and (cookies := _cookies(request)) != wanted["cookies"]:
        yield f"the cookies are {cookies}, not {wanted['cookies']}"
    for kind, same in _BODIES.items():
        if kind in wanted and not same(wanted[kind], request):
            yield f"the body is {request.body!r}, not {kind} {_show(wanted[kind])}"


def _too_early(wanted: dict[str, Json], request: Received) -> Iterator[str]:
    after = wanted.get("after", 0)
    if request.since is not None and request.since + _EARLY < after:
        yield f"it came {request.since:.3f} s after the answer before it, not {after} s or later"


def _segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.split("/")]


def _pairs(query: str) -> Counter[tuple[str, str]]:
    return Counter(parse_qsl(query, keep_blank_values=True))


def _header(request: Received, name: str) -> str | None:
    found = [value for each, value in request.headers if each.lower() == name.lower()]
    return ", ".join(found) if found else None


def _same_header(name: str, wanted: str | None, found: str | None) -> bool:
    if wanted is None or found is None:
        return wanted is found
    if name.lower() == "content-type" and ";" not in wanted:
        return wanted.lower() == found.partition(";")[0].strip().lower()
    return wanted == found.strip()


def _cookies(request: Received) -> dict[str, str]:
    parts = [each.strip().partition("=") for each in (_header(request, "cookie") or "").split(";") if each.strip()]
    return {name: value for name, _, value in parts}


def _same_json(wanted: Json, request: Received) -> bool:
    try:
        return same_value(wanted, json.loads(request.body))
    except ValueError:
        return False


def _same_form(wanted: Json, request: Received) -> bool:
    pairs = wanted.items() if isinstance(wanted, dict) else ((name, value) for name, value in wanted)
    expected = Counter(
        (name, each) for name, value in pairs for each in (value if isinstance(value, list) else [value])
    )
    return expected == _pairs(request.body.decode("utf-8", "replace"))


def _same_xml(wanted: str, request: Received) -> bool:
    try:
        return canonicalize(wanted, strip_text=True) == canonicalize(
            request.body.decode("utf-8", "replace"), strip_text=True
        )
    except ParseError:
        return False


def _same_parts(wanted: Json, request: Received) -> bool:
    """Compare a multipart body: the named parts in order; ``type`` and ``filename`` only where they are named."""
    head = f"Content-Type: {_header(request, 'content-type') or ''}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + request.body)
    parts = [part for part in message.walk() if not part.is_multipart()] if message.is_multipart() else []
    if len(parts) != len(wanted):
        return False
    for one, part in zip(wanted, parts, strict=True):
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        same_content = "json" not in one or same_value(one["json"], json.loads(content or b"null"))
        same_text = "text" not in one or (one["text"].encode() == content.rstrip(b"\r\n"))
        same_type = one.get("type") in {None, part.get_content_type()}
        same_file = one.get("filename") in {None, part.get_filename()}
        if one["name"] != name or not (same_content and same_text and same_type and same_file):
            return False
    return True


_BODIES: Final[dict[str, Callable[[Json, Received], bool]]] = {
    "json": _same_json,
    "form": _same_form,
    "text": lambda wanted, request: wanted.encode() == request.body,
    "xml": _same_xml,
    "base64": lambda wanted, request: base64.b64decode(wanted) == request.body,
    "parts": _same_parts,
    "body": lambda wanted, request: wanted == "none" and not request.body,
}


def _show(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
