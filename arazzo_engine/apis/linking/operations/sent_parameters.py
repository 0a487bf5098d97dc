"""Parameters of a step that stand in the body: what they are in the request body that is read in their place.

The name of the body parameter of an OpenAPI 2.0 description is never sent: what has that name is the whole body. Any
other is a member of it, and fields of a form are sent in the form that the operation takes. Where it takes no body and
has a parameter of each name, they are these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.operations.wrapped_bodies import members_of
from arazzo_engine.apis.schemas.parts import UnreadSchemaError
from arazzo_engine.apis.wire_forms.content_types import documented
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.objects import Parameter
from arazzo_engine.language.repairs.rows import fix_by_writing
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import In
    from arazzo_engine.apis.linking.linked import Target
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import RequestBody, Step
    from arazzo_engine.language.templates import Template

_LONGEST_SHOWN: Final = 100
IN_BODY: Final = "what a body holds is its `payload`"
NO_BODY: Final = "the operation takes no body, and has a parameter of each name there"


def with_sent_parameters(step: Step, target: Target, parts: Parts, problems: list[Diagnostic]) -> Step:
    """Return a step whose body was written as parameters, with the body that they are to its operation."""
    body = step.request_body
    if body is None or not isinstance(target, Operation) or not is_of_parameters(body):
        return step
    elsewhere = None if target.request_body else _places(body, target)
    if elsewhere is not None:
        return _as_parameters(step, body, elsewhere, problems)
    body = replace(body, content_type=_form(body, target))
    name, only = _only_member(body)
    if only is None:
        problems.append(_told(step, body))
        return replace(step, request_body=body)
    is_all, is_member = _names_body(name, target), _is_member(name, target, parts)
    if (is_all and is_member) or (_is_written_out(only) and not is_all and not is_member):
        problems.append(_two_readings(body, name, only, target))
        return step
    body = replace(body, payload=only) if is_all else body
    problems.append(_told(step, body))
    return replace(step, request_body=body)


def is_of_parameters(body: RequestBody) -> bool:
    """Whether a body is what parameters of the step are read as."""
    return body.at.document.moved.get(body.at.pointer, ())[-1:] == ("in",)


def _places(body: RequestBody, operation: Operation) -> dict[str, In] | None:
    """Return where an operation without a body has each of the parameters, if it has each of them in one place."""
    names = members_of(body.payload)
    found = {name: {each.location for each in operation.parameters if each.name == name} for name in names}
    is_told = bool(found) and all(len(each) == 1 for each in found.values())
    return {name: each.pop() for name, each in found.items()} if is_told else None


def _as_parameters(step: Step, body: RequestBody, places: dict[str, In], problems: list[Diagnostic]) -> Step:
    values = members_of(body.payload)
    found = [Parameter(values[name].at, name, values[name], str(place)) for name, place in places.items()]
    written: list[JsonValue] = [
        {"name": each.name, "in": each.location, "value": value_at(each.value.at)} for each in found
    ]
    before = as_mapping(value_at(step.at))
    kept = {name: each for name, each in before.items() if name not in {"requestBody", "parameters"}}
    new = {**kept, "parameters": [*as_list(before.get("parameters")), *written]}
    named = listed([f"in: {each}" for each in dict.fromkeys(places.values())])
    message = f"the parameters in the body are read as {named}: {NO_BODY}"
    fix = fix_by_writing(f"`parameters: {json_text(new['parameters'])}`")
    edits = [step.at.written(new)]
    problems.append(diagnose("repaired", message, body.at.location(), fix=fix, edits=edits, kind=NO_BODY))
    return replace(step, request_body=None, parameters=(*step.parameters, *found))


def _form(body: RequestBody, operation: Operation) -> str | None:
    """Return the media type of a form that the operation takes, where it takes no other form."""
    given = body.content_type
    names = [each.name for each in documented(operation)]
    taken = [each for each in names if kind_of_body(each) in {BodyKind.FORM, BodyKind.MULTIPART}]
    return taken[0] if given and len(taken) == 1 else given


def _only_member(body: RequestBody) -> tuple[str, Template | None]:
    """Return the member that one parameter in the body is, if it is no field of a form and not the whole body."""
    at = body.at.child("payload")
    if body.content_type or at.document.moved.get(at.pointer, ())[-1:] == ("value",):
        return "", None
    members = members_of(body.payload)
    return next(iter(members.items())) if len(members) == 1 else ("", None)


def _is_written_out(value: Template) -> bool:
    """Whether an object or a list stands there, which may be all of a body."""
    is_literal = isinstance(value, Literal) and isinstance(value.value, dict | list)
    return is_literal or isinstance(value, ObjectTemplate | ArrayTemplate)


def _names_body(name: str, operation: Operation) -> bool:
    """Whether a name is that of the body parameter of an operation."""
    described = as_mapping(value_at(operation.request_body.at)) if operation.request_body else {}
    return described.get("in") == "body" and described.get("name") == name


def _is_member(name: str, operation: Operation, parts: Parts) -> bool:
    """Whether the body of an operation is described with a member of that name."""
    try:
        schemas = (each.schema for each in documented(operation) if each.schema is not None)
        return any(name in parts.names(tuple(parts.together(each))) for each in schemas)
    except UnreadSchemaError:
        return False


def _told(step: Step, body: RequestBody) -> Diagnostic:
    payload = value_at(body.at.child("payload") if body.payload is None else body.payload.at)
    new = {**({"contentType": body.content_type} if body.content_type else {}), "payload": payload}
    text = json_text(new)
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    message = f"the parameters in the body are read as `requestBody: {shown}`: {IN_BODY}"
    edits = [step.at.written({**as_mapping(value_at(step.at)), "requestBody": new})]
    fix = fix_by_writing(f"`requestBody: {text}`")
    return diagnose("repaired", message, body.at.location(), fix=fix, edits=edits, kind=IN_BODY)


def _two_readings(body: RequestBody, name: str, only: Template, operation: Operation) -> Diagnostic:
    value = value_at(only.at)
    whole, member = (f"`requestBody: {json_text({'payload': each})}`" for each in (value, {name: value}))
    message = f"parameter `{name}` in the body may be all of it, or a member of that name"
    fix = f"write {whole} if it is all of it, and {member} if it is a member"
    described = operation.request_body
    related = () if described is None else (Related("the body is described here", described.at),)
    return diagnose("field-value", message, body.at.location(), fix=fix, related=related)
