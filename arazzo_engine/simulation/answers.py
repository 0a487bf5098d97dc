"""Answers made from a description: a documented response of the operation that a request is for.

Decides which response has which status, media type, headers and body, by its example or else by its schemas. The same
request has the same answer every time. What a workflow will ask of an answer is not known here.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import JSON
from arazzo_engine.apis.descriptions.schemas import Shape, Xml
from arazzo_engine.apis.descriptions.shapes import shape_of
from arazzo_engine.apis.wire_forms.xml import xml_document
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.exchange import Response, header
from arazzo_engine.language.messages.payloads import (
    is_event_stream,
    is_json,
    is_sequence,
    is_xml,
    media_type,
    write_json,
)
from arazzo_engine.language.messages.sequences import write_json_sequence
from arazzo_engine.secret_names import is_secret_header
from arazzo_engine.simulation.examples import all_fitting
from arazzo_engine.simulation.samples import Sampler, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import MediaType, Operation, ResponseDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.language.messages.exchange import Headers
    from arazzo_engine.simulation.cues import GivenAnswer

_TEXT: Final = "text/plain"
_PROBLEM: Final = "application/problem+json"
_FIRST_ERROR: Final = 400
_MOST_EXAMPLES: Final = 8
_OF_EVENT: Final = frozenset({"event", "data", "id", "retry"})


class Draft(Struct, frozen=True):
    """A response before it is written: ``body`` is ``ABSENT`` when the description has none for its status.

    ``undocumented`` is what is said of a status that no description has, and ``covers`` how the one that has it writes
    it. A body that ``is_given`` stays as it is; ``content`` are its bytes, when they are given. ``header_schemas`` are
    by name in small letters, as are the ``given_headers``. The ``others`` are bodies of further examples.
    """

    status: int
    headers: Headers = ()
    content_type: str = ""
    body: Value = ABSENT
    schema: Schema | None = None
    shape: Shape | None = None
    undocumented: str = ""
    is_given: bool = False
    content: bytes | None = None
    covers: str = ""
    header_schemas: Mapping[str, Schema | None] = field(default_factory=dict)
    given_headers: frozenset[str] = frozenset()
    others: tuple[JsonValue, ...] = ()

    def at_status(self, status: int) -> Draft:
        """Return the same at another status, which a problem that says its own says too."""
        body = self.body if media_type(self.content_type) == _PROBLEM and not self.is_given else ABSENT
        if isinstance(body, dict) and body.get("status") == self.status:
            return replace(self, status=status, body={**body, "status": status})
        return replace(self, status=status)

    def response(self) -> Response:
        """Return the response; a body beyond the description is JSON."""
        if self.content is not None:
            claimed = (("Content-Type", self.content_type),) if self.content_type else ()
            return Response(self.status, (*claimed, *self.headers), self.content)
        if self.body is ABSENT:
            return Response(self.status, self.headers)
        content_type = self.content_type or header(self.headers, "content-type") or JSON
        others = (each for each in self.headers if each[0].lower() != "content-type")
        headers = (("Content-Type", content_type), *others)
        return Response(self.status, headers, _write(self.body, content_type, self.shape))


def drafts_of(operation: Operation, resolver: Resolver) -> tuple[Draft, ...]:
    """Return a draft of each documented response, the successful ones first.

    An operation that documents no success answers 200 without a body.
    """
    order = sorted(operation.responses, key=lambda each: (not each.status.startswith("2"), each.status == "default"))
    if order and not order[0].status.startswith("2"):
        # what is documented for every other status is a success where nothing else is
        order.sort(key=lambda each: each.status != "default")
    drafts = tuple(_draft(each, resolver) for each in order)
    if any(each.status < _FIRST_ERROR for each in drafts):
        return drafts
    what = "answer of success" if drafts else "answer"
    return (Draft(200, undocumented=f"the description has no {what}: it is 200, without a body"), *drafts)


def failures_of(operation: Operation, resolver: Resolver) -> tuple[Draft, ...]:
    """Return a draft of each documented response with a status of an error, and 500 at last."""
    errors = (each for each in operation.responses if each.status[:1] in {"4", "5"})
    return (*(_draft(each, resolver) for each in errors), draft_with(500, operation, resolver))


def draft_with(status: int, operation: Operation, resolver: Resolver) -> Draft:
    """Return a draft with a status: of the response that documents it, by itself, its range or as any other one."""
    for written in (str(status), f"{status // 100}XX", "default"):
        for described in operation.responses:
            if described.status.upper() == written.upper():
                return _draft(described, resolver, status)
    return Draft(status, undocumented=f"{status} is not documented: it is answered because it was asked for")


def given_draft(draft: Draft, given: GivenAnswer) -> Draft:
    """Return a draft with what is given of it in the place of what is described."""
    names = {name.lower() for name, _ in given.headers}
    headers = tuple(each for each in draft.headers if each[0].lower() not in names)
    content_type = header(given.headers, "content-type") or draft.content_type
    others = tuple(each for each in given.headers if each[0].lower() != "content-type")
    whole = replace(draft, headers=(*headers, *others), content_type=content_type, given_headers=frozenset(names))
    if given.content is not None:
        return replace(whole, content=given.content, is_given=True)
    if given.body is ABSENT:
        return whole
    return replace(whole, content_type=content_type or _usual_type(given.body), body=given.body, is_given=True)


def whole_draft(given: GivenAnswer) -> Draft:
    """Return the draft of an answer that is given as a whole: what is not given is not there."""
    content = given.content or b""
    if given.body is not ABSENT:
        content = _write(given.body, header(given.headers, "content-type") or _usual_type(given.body), None)
    return Draft(given.status or HTTPStatus.OK, given.headers, content=content, is_given=True)


def _usual_type(body: JsonValue) -> str:
    # a text that nobody says is JSON is sent as it is
    return _TEXT if isinstance(body, str) else JSON


def _draft(described: ResponseDescription, resolver: Resolver, status: int | None = None) -> Draft:
    schemas = {name.lower(): schema for name, schema in described.headers.items()}
    documented = next((each for each in described.media_types if is_json(each.name)), None)
    documented = documented or next(iter(described.media_types), None)
    headers = _sample_headers(described, resolver)
    bare = Draft(status or _status(described.status), headers, covers=described.status, header_schemas=schemas)
    if documented is None:
        return bare
    content_type = JSON if "*" in documented.name else documented.name
    shape = shape_of(documented.schema, resolver) if is_xml(content_type) else None
    made = tuple(_examples(documented, resolver)) or (_with_status(documented, bare.status, resolver),)
    schema = documented.schema
    if schema is not None and not isinstance(made[0], list | str) and _are_several_values(content_type):
        # a schema of another type than a list is that of each value, as there was no word for it before OpenAPI 3.2
        made, schema = tuple([each] for each in made), None
    body, *others = made
    drafted = replace(bare, content_type=content_type, body=body, schema=schema, shape=shape)
    return replace(drafted, others=tuple(others))


def _status(written: str) -> int:
    if written.isdecimal():
        return int(written)
    return int(f"{written[0]}00") if written[:1].isdecimal() else 200


def header_text(value: JsonValue) -> str:
    """Return a value as a header has it: lists and objects with commas, as far as they have no parts of their own."""
    # OpenAPI, Header Object, style: "The default (and only legal value for headers) is `"simple"`."
    match value:
        case str():
            return value
        case list() if not any(isinstance(each, list | dict) for each in value):
            return ",".join(map(header_text, value))
        case dict() if not any(isinstance(each, list | dict) for each in value.values()):
            return ",".join(text for name, each in value.items() for text in (name, header_text(each)))
        case _:
            return json.dumps(value)


def _sample_headers(described: ResponseDescription, resolver: Resolver) -> tuple[tuple[str, str], ...]:
    found = ((name, schema) for name, schema in described.headers.items() if name.lower() != "content-type")
    return tuple(
        (name, header_text(_sample_header(name, schema, resolver))) for name, schema in found if schema is not None
    )


def _sample_header(name: str, schema: Schema, resolver: Resolver) -> JsonValue:
    made = sample(schema, resolver)
    return Sampler(resolver).as_secret(made, name, schema) if is_secret_header(name) else made


def _with_status(described: MediaType, status: int, resolver: Resolver) -> Value:
    """Return a body that is made up; the `status` of a problem is that of its answer (RFC 9457, section 3.1.2)."""
    body = _sample_body(described, resolver)
    if media_type(described.name) != _PROBLEM or not isinstance(body, dict) or not isinstance(body.get("status"), int):
        return body
    meant = {**body, "status": status}
    return next(all_fitting((meant,), described.schema, resolver), body)


def _sample_body(described: MediaType, resolver: Resolver) -> Value:
    if described.schema is not None:
        return sample(described.schema, resolver)
    if described.item_schema is not None:
        # OpenAPI 3.2, Sequential Media Types: "treated as if the values were in an array in the same order"
        return [sample(described.item_schema, resolver)]
    # of what is no JSON, nothing is known: an object would be none
    return {} if is_json(described.name) or "*" in described.name else ABSENT


def _examples(described: MediaType, resolver: Resolver) -> Iterator[JsonValue]:
    """Yield the examples that are answered; what is no JSON is written as its example is, whatever the schema says."""
    if is_json(described.name) or "*" in described.name:
        yield from islice(all_fitting(described.examples, described.schema, resolver), _MOST_EXAMPLES)
    else:
        yield from described.examples[:_MOST_EXAMPLES]


def _write(value: JsonValue, content_type: str, shape: Shape | None) -> bytes:
    if is_xml(content_type) and not isinstance(value, str):
        return _write_xml(value, shape).encode()
    if isinstance(value, str) and not is_json(content_type):
        return value.encode()
    if isinstance(value, list) and _are_several_values(content_type):
        return _write_sequence(value, content_type).encode()
    return json.dumps(value, ensure_ascii=False).encode()


def _are_several_values(content_type: str) -> bool:
    return is_sequence(content_type) or is_event_stream(content_type)


def _write_xml(value: JsonValue, shape: Shape | None) -> str:
    for named in (shape, replace(shape or Shape(), xml=Xml("root"))):
        try:
            return xml_document(value, named)
        except ArazzoError:
            continue  # the description does not say what the root is called
    return ""


def _write_sequence(values: list[JsonValue], content_type: str) -> str:
    if is_event_stream(content_type):
        return "".join(map(_event, values))
    return write_json_sequence(map(write_json, values), media_type(content_type))


def _event(value: JsonValue) -> str:
    lines = ((name, line) for name, each in _fields(value).items() for line in header_text(each).split("\n"))
    return "".join(f"{name}: {line}\n" for name, line in lines) + "\n"


def _fields(value: JsonValue) -> Mapping[str, JsonValue]:
    if isinstance(value, dict) and "data" in value and value.keys() <= _OF_EVENT:
        return value
    # anything else is what an event holds
    return {"data": write_json(value) if isinstance(value, dict | list) else value}
