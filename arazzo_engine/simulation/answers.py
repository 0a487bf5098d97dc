"""Answers made from a description: the first documented success of the operation that a request is for.

Decides the whole response, by its example or else by its schemas, so that a rehearsal shows a run in which everything
works. The same effect has the same answer every time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.media_types import JSON
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.language.messages.payloads import is_event_stream, is_json, is_sequence, media_type, write_json
from arazzo_engine.language.messages.sequences import write_json_sequence
from arazzo_engine.simulation.samples import sample

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import MediaType, Operation, ResponseDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.machine.effects import Send


def answer_to(effect: Send, resolver: Resolver) -> Response:
    """Return the answer that the operation of a request documents."""
    if effect.operation is None:
        raise TypeError("a rehearsal makes up its tokens, so none is asked for")
    return sample_response(effect.operation, resolver)


def sample_response(operation: Operation, resolver: Resolver) -> Response:
    """Return the first documented success of an operation, with its example or a body made from its schema.

    An operation that documents none answers 200 without a body.
    """
    described = next((each for each in operation.responses if each.status.startswith("2")), None)
    described = described or next((each for each in operation.responses if each.status == "default"), None)
    if described is None:
        return Response(200)
    status = int(described.status) if described.status.isdecimal() else 200
    headers = _sample_headers(described, resolver)
    documented = next((each for each in described.media_types if is_json(each.name)), None)
    documented = documented or next(iter(described.media_types), None)
    if documented is None:
        return Response(status, headers)
    content_type = JSON if "*" in documented.name else documented.name
    return Response(status, (("Content-Type", content_type), *headers), _sample_body(documented, resolver))


def _sample_headers(described: ResponseDescription, resolver: Resolver) -> tuple[tuple[str, str], ...]:
    found = ((name, schema) for name, schema in described.headers.items() if name.lower() != "content-type")
    return tuple((name, _text(sample(schema, resolver))) for name, schema in found if schema is not None)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _sample_body(described: MediaType, resolver: Resolver) -> bytes:
    if described.examples:
        value = described.examples[0]
    elif described.schema is not None:
        value = sample(described.schema, resolver)
    elif described.item_schema is not None:
        # OpenAPI 3.2, Sequential Media Types: "treated as if the values were in an array in the same order"
        value = [sample(described.item_schema, resolver)]
    else:
        value = {}
    if isinstance(value, str) and not is_json(described.name):
        return value.encode()
    if isinstance(value, list) and (is_sequence(described.name) or is_event_stream(described.name)):
        return _write_sequence(value, described.name).encode()
    return json.dumps(value, ensure_ascii=False).encode()


def _write_sequence(values: list[JsonValue], content_type: str) -> str:
    if is_event_stream(content_type):
        return "".join(map(_event, values))
    return write_json_sequence(map(write_json, values), media_type(content_type))


def _event(value: JsonValue) -> str:
    fields = value if isinstance(value, dict) else {"data": value}
    return "".join(f"{name}: {_text(each)}\n" for name, each in fields.items()) + "\n"
