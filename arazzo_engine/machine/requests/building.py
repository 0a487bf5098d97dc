"""Building the request of a step: its parameters evaluated and serialized, its body written, its credentials added.

Decides the exact bytes that are sent. It raises ``MissingValue`` or ``ArazzoError`` rather than send a request with
a hole in it. How a parameter looks in each style is decided by ``styles``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import FORM, BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import In, Operation, ParameterDescription
from arazzo_engine.apis.descriptions.paths import query_placeholders
from arazzo_engine.apis.security.requirements import choose_security
from arazzo_engine.apis.servers import server_of
from arazzo_engine.apis.urls import BaseUrl, request_url
from arazzo_engine.apis.wire_forms.binary import HOW_FILES_ARE_SENT, certain_file, with_texts
from arazzo_engine.apis.wire_forms.bodies import encode_text, write_body
from arazzo_engine.apis.wire_forms.content_types import (
    accepted,
    describe_body,
    file_media_type,
    kind_of_text,
    kind_of_value,
    request_media_type,
    why_at_odds,
    why_open,
    why_unfit,
)
from arazzo_engine.apis.wire_forms.forms import in_brackets
from arazzo_engine.apis.wire_forms.parameters import undeclared
from arazzo_engine.apis.wire_forms.written import Body
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import ABSENT, JsonValue, Value, as_mapping
from arazzo_engine.language.expressions.strings import ExpressionString
from arazzo_engine.language.messages.exchange import Request, header
from arazzo_engine.language.messages.files import plain
from arazzo_engine.language.messages.payloads import is_json, media_type, parse_json
from arazzo_engine.language.templates import FileInText, Literal, MissingValue, render
from arazzo_engine.machine.requests.member_texts import AS_VALUES, is_json_text, read_json_text, read_json_texts
from arazzo_engine.machine.requests.parts import Parts
from arazzo_engine.machine.requests.replacements import apply_replacements
from arazzo_engine.machine.requests.text_payloads import render_text
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.apis.security.authorization import Need, SecurityChoice, Signature
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.contents import Content
    from arazzo_engine.language.objects import Parameter, RequestBody
    from arazzo_engine.language.templates import Template


# a placeholder in the query of a path is declared in either of them, and no clause says in which
_IN_A_TEMPLATE: Final = (In.QUERY, In.PATH)


class Built(Silent, frozen=True):
    """The request of a step, where it has to go, what has to be added to it, and the parameters it was written from.

    ``notes`` say what a reader should know of how it was written.
    """

    request: Request
    base: BaseUrl
    need: Need | None = None
    parameters: tuple[tuple[ParameterDescription, JsonValue], ...] = ()
    signatures: tuple[Signature, ...] = ()
    notes: tuple[str, ...] = ()


def build_request(linked: LinkedStep, operation: Operation, scope: Scope, access: Access) -> Built:
    """Return the request that the step sends."""
    parts = Parts(operation.path, scope.room())
    for parameter in linked.parameters:
        _add_parameter(parts, parameter, operation, scope)
    payload, content = _write_body(parts, linked.step.request_body, operation, scope)
    choice = _add_credentials(parts, linked, operation, access)
    wanted = accepted(operation, linked.step)
    if wanted and header(tuple(parts.headers), "accept") is None:
        parts.headers.append(("Accept", wanted))
    base = server_of(operation, access)
    url = request_url(base, operation.path, parts.path_texts, parts.query)
    request = Request(
        operation.method, url, parts.all_headers(), content, payload, parts.path_values, parts.query_values
    )
    notes = tuple(_notes(parts, payload, operation))
    return Built(request, base, choice.need, tuple(parts.written), choice.signatures, notes)


def _notes(parts: Parts, payload: Value, operation: Operation) -> Iterator[str]:
    """Yield what the description does not say, and the engine has chosen."""
    forms = [(each.content, value) for each, value in parts.written if each.location is In.QUERYSTRING]
    content_type = header(tuple(parts.headers), "content-type") or ""
    if isinstance(payload, dict) and kind_of_body(content_type) is BodyKind.FORM:
        forms.append((describe_body(content_type, operation), payload))
    names = [f"`{name}`" for description, value in forms for name in in_brackets(value, description)]
    if names:
        yield f"written in brackets, since no `encoding` says how it is written in the form: {', '.join(names)}"


def missing_value(missing: MissingValue) -> Diagnostic:
    """Return the diagnostic for a value that a request needs and that is not there."""
    if isinstance(missing, FileInText):
        message = f"`{missing.what}` {missing.reason}"
        return diagnose("value-unsendable", message, missing.at.location(missing.span), fix=HOW_FILES_ARE_SENT)
    message = f"the request needs `{missing.what}`, which {missing.reason}"
    fix = "make sure the value is there when the step runs, or leave the field out"
    return diagnose("value-missing", message, missing.at.location(missing.span), fix=fix)


def _add_parameter(parts: Parts, parameter: Parameter, operation: Operation, scope: Scope) -> None:
    location = In(parameter.location or In.QUERY)
    description = _describe(operation, location, parameter)
    value = _render_parameter(parameter, description, scope, parts.room)
    if value is ABSENT:
        if description.required or location is In.PATH:
            raise ArazzoError(_missing(parameter, operation))
        return
    try:
        value = _as_text(description, value)
        parts.written.append((description, value))
        parts.place(description, parameter.name, value)
    except ArazzoError as error:
        at = parameter.at.child("value").location()
        raise ArazzoError(*(replace(each, location=each.location or at) for each in error.diagnostics)) from error


def _render_parameter(parameter: Parameter, description: ParameterDescription, scope: Scope, room: Room) -> Value:
    template, content_type = parameter.value, description.content_type
    is_whole = description.location is In.QUERYSTRING
    if isinstance(template, ExpressionString) and is_whole and media_type(content_type or FORM) == FORM:
        # an embedded value is part of the query, and must not end the part that it stands in
        return render_text(template, FORM, scope, room)
    if content_type is None or not isinstance(template, Literal | ExpressionString):
        return render(template, scope, room)
    if not is_json(content_type):
        return (
            render_text(template, content_type, scope, room)
            if isinstance(template, ExpressionString)
            else template.value
        )
    if not is_json_text(template) or (_is_of_text(description) and not is_whole):
        return render(template, scope, room)
    text, value = read_json_text(template, scope, room)
    return text if is_whole else value


def _is_of_text(description: ParameterDescription) -> bool:
    schema = None if description.content is None else description.content.schema
    return schema is not None and as_mapping(schema.value).get("type") == "string"


def _as_text(description: ParameterDescription, value: JsonValue) -> JsonValue:
    """Return a value with a text for each file in it; raises ``ArazzoError`` where only JSON would have one."""
    return plain(value) if is_json(description.content_type or "") else with_texts(value)


def _describe(operation: Operation, location: In, parameter: Parameter) -> ParameterDescription:
    """Return what the operation says about a parameter, or the defaults for one that it does not declare."""
    is_in_query = location in _IN_A_TEMPLATE and parameter.name in query_placeholders(operation.path)
    for wanted in dict.fromkeys((location, *_IN_A_TEMPLATE)) if is_in_query else (location,):
        for each in operation.parameters:
            if each.location is wanted and _same_name(wanted, each.name, parameter.name):
                return each
    return undeclared(parameter)


def _same_name(location: In, one: str, other: str) -> bool:
    match location:
        case In.HEADER:
            return one.lower() == other.lower()
        case In.QUERYSTRING:
            # an operation has one, and its name says nothing
            return True
        case _:
            return one == other


def _missing(parameter: Parameter, operation: Operation) -> Diagnostic:
    message = f"operation `{operation.label}` requires `{parameter.name}`, and the input it comes from was not given"
    return diagnose("required-parameter-missing", message, parameter.at.child("value").location(), fix="give the input")


def _write_body(parts: Parts, body: RequestBody | None, operation: Operation, scope: Scope) -> tuple[Value, Content]:
    payload = ABSENT if body is None or body.payload is None else render(body.payload, scope, parts.room)
    if body is None or body.payload is None or payload is ABSENT:
        return ABSENT, b""
    set_by_step = header(tuple(parts.headers), "content-type")
    at_odds = None if set_by_step is None else why_at_odds(body.content_type or "", set_by_step)
    if at_odds is not None:
        raise ArazzoError(replace(at_odds, location=body.at.child("contentType").location()))
    content_type = _content_type(body.content_type or set_by_step, operation, body, payload)
    if isinstance(body.payload, ExpressionString):
        payload = render_text(body.payload, content_type, scope, scope.room())
    else:
        payload = _render_members(body.payload, content_type, operation, scope)
    payload = apply_replacements(body, payload, content_type, scope)
    try:
        value, written = _write_payload(payload, content_type, body, operation)
    except ArazzoError as error:
        at = body.at.child("payload").location()
        raise ArazzoError(*(replace(each, location=each.location or at) for each in error.diagnostics)) from error
    if set_by_step is None or media_type(set_by_step) == media_type(written.content_type):
        parts.headers = [each for each in parts.headers if each[0].lower() != "content-type"]
        parts.headers.append(("Content-Type", written.content_type))
    return value, written.content


def _render_members(template: Template, content_type: str, operation: Operation, scope: Scope) -> Value:
    described = describe_body(content_type, operation)
    read = read_json_texts(template, described and replace(described, name=content_type), scope)
    return render(read, scope, scope.room())


def _content_type(given: str | None, operation: Operation, body: RequestBody, payload: JsonValue) -> str:
    file, kind = certain_file(payload), kind_of_value(payload)
    inner = kind_of_text(payload) if isinstance(payload, str) and _is_written(body) else kind
    if file is not None:
        chosen = file_media_type(given, operation, file.media_type)
    else:
        chosen = request_media_type(given, operation, kind, inner)
    unfit = why_open(chosen, operation) or (why_unfit(chosen, inner) if given is None and file is None else None)
    if unfit is not None:
        raise ArazzoError(replace(unfit, location=body.at.child("payload").location()))
    return chosen


def _is_written(body: RequestBody) -> bool:
    """Whether a text is written in the document, and so may be the JSON text itself."""
    return isinstance(body.payload, Literal | ExpressionString)


def _write_payload(
    payload: JsonValue, content_type: str, body: RequestBody, operation: Operation
) -> tuple[JsonValue, Body]:
    if isinstance(payload, str) and _is_written(body) and is_json(content_type):
        try:
            return parse_json(payload), Body(encode_text(payload, "utf-8"), content_type)
        except MalformedText as error:
            if payload.lstrip()[:1] in {"{", "["}:
                message = "the payload is not JSON once its expressions are replaced"
                raise ArazzoError(diagnose("request-body-malformed", message, fix=AS_VALUES)) from error
    return payload, write_body(payload, content_type, describe_body(content_type, operation))


def _add_credentials(parts: Parts, linked: LinkedStep, operation: Operation, access: Access) -> SecurityChoice:
    choice = choose_security(operation, linked.given, access)
    parts.headers.extend(choice.headers)
    parts.query.extend(choice.query)
    parts.cookies.extend(choice.cookies)
    return choice


def try_parameter(parameter: Parameter, operation: Operation, scope: Scope) -> None:
    """Evaluate and serialize one parameter; raises what keeps a request with it from being built."""
    _add_parameter(Parts(operation.path, scope.room()), parameter, operation, scope)


def try_url(parameters: Iterable[Parameter], operation: Operation, scope: Scope) -> None:
    """Join a URL of these parameters; raises what keeps it from being one, such as two values for one place."""
    parts = Parts(operation.path, scope.room())
    for parameter in parameters:
        _add_parameter(parts, parameter, operation, scope)
    request_url(BaseUrl("", ""), operation.path, parts.path_texts, parts.query)


def try_body(linked: LinkedStep, operation: Operation, scope: Scope) -> None:
    """Evaluate and write a step's body; raises what keeps a request with it from being built."""
    parts = Parts(operation.path, scope.room())
    for parameter in linked.parameters:
        if parameter.location == In.HEADER and parameter.name.lower() == "content-type":
            with suppress(MissingValue, ArazzoError):
                _add_parameter(parts, parameter, operation, scope)
            if not parts.headers:
                # told where parameters are tried; the media type is not known without it
                return
    _write_body(parts, linked.step.request_body, operation, scope)
