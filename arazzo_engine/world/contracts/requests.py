"""Requests held to their operation: the values that they were written from, not the bytes.

Decides which parameters and bodies must be there, and which a message of HTTP cannot be asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In, parameter_key
from arazzo_engine.apis.descriptions.paths import is_written
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.own_headers import is_own
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.world.contracts.schemas.bundles import UnreadableError
from arazzo_engine.world.contracts.values.bodies import BodyValue, read_payload
from arazzo_engine.world.contracts.values.wires import wire_of_parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType, ParameterDescription
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.world.contracts.telling import Telling

# OpenAPI 3.0, Operation Object, requestBody: "In other cases where the HTTP spec is vague, `requestBody` SHALL be
# ignored."; RFC 9110, section 9.3.8: "A client MUST NOT send content in a TRACE request."
_VAGUE: Final = frozenset({"GET", "HEAD", "DELETE", "TRACE"})


def check_parameters(telling: Telling, effect: Send) -> Iterator[Diagnostic]:
    """Yield what is wrong with the parameters of a request."""
    sent = {parameter_key(each.name, each.location) for each, value in effect.parameters if _is_sent(each, value)}
    secured = {(each.scheme.parameter_name, each.scheme.location) for each in telling.operation.requirements}
    for each in telling.operation.parameters:
        key = parameter_key(each.name, each.location)
        is_written_in_path = each.location is In.QUERY and is_written(each.name, telling.operation.path)
        is_there = key in sent or is_written_in_path or (each.name, each.location) in secured or is_own(each)
        if each.required and not is_there:
            message = f"{each.location} parameter `{each.name}` is required and was not sent"
            yield telling.finding(message, each.at.key_location())
    for description, value in effect.parameters:
        yield from check_value(telling, description, value)


def check_value(telling: Telling, description: ParameterDescription, value: JsonValue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the value of a parameter."""
    subject = f"{description.location} parameter `{description.name}`"
    schema = _schema_of(telling, description)
    if schema is None or not _is_sent(description, value):
        return
    if value in (None, "") and as_mapping(value_at(description.at)).get("allowEmptyValue") is True:
        return
    if description.location is In.QUERYSTRING and isinstance(value, str):
        from arazzo_engine.world.contracts.values.form_bodies import read_form  # noqa: PLC0415 - few queries are a text

        try:
            value = read_form(value.removeprefix("?").encode())
        except UnreadableError as error:
            yield telling.unchecked(str(error))
            return
    yield from telling.judged(subject, schema, [BodyValue(value, wire_of_parameter(description))])


def _schema_of(telling: Telling, description: ParameterDescription) -> Schema | None:
    if description.schema is not None or description.content_type is None:
        return description.schema
    place = telling.contracts.resolver.resolve(description.at.child("content", description.content_type))
    at = place.child("schema")
    return None if value_at(at) is ABSENT else Schema(at, value_at(at))


def check_payload(telling: Telling, request: Request) -> Iterator[Diagnostic]:
    """Yield what is wrong with the body of a request."""
    described = telling.operation.request_body
    if described is None:
        return
    if request.payload is ABSENT:
        is_ignored = request.method.upper() in _VAGUE and (telling.dialect.is_old or request.method.upper() != "DELETE")
        if described.required and not is_ignored:
            message = "the request's body is required and was not sent"
            yield telling.finding(message, described.at.key_location())
        return
    sent = header(request.headers, "content-type") or ""

    def read(each: MediaType) -> BodyValue:
        return read_payload(request.payload, request.content, sent, each)

    yield from telling.body("the request's body", sent, described.media_types, read)


def _is_sent(description: ParameterDescription, value: JsonValue) -> bool:
    # an empty list or object leaves nothing in a query
    return not (
        description.location in {In.QUERY, In.COOKIE} and value in ([], {}) and description.content_type is None
    )
