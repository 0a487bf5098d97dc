"""A body without `payload` that has one word around all of it, as `data: {…}`: a member of that name, or what is sent.

Its operation decides: a member where the schema of the body has one of that name, and all of it where the schema knows
others and not that one. Where the schema says neither, nothing is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.apis.schemas.parts import UnreadSchemaError
from arazzo_engine.apis.wire_forms.content_types import documented
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.repairs.rows import fix_by_writing, read_as
from arazzo_engine.language.repairs.shapes.bodies import WRAPPERS
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import Target
    from arazzo_engine.apis.schemas.alternatives import Alternatives
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import RequestBody, Step
    from arazzo_engine.language.templates import Template

_LONGEST_SHOWN: Final = 100
UNDER_PAYLOAD: Final = "what is sent stands under `payload`"
# nobody calls a part of a body so, unless its description does
_ALWAYS_ALL: Final = "body"
# how a text begins that is a whole body
_WHOLE: Final = ("{", "[", "<")


class _Described(Struct, frozen=True):
    """What the description of a body says: the names of its members, and what it may be; nothing where it says none."""

    names: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


def with_unwrapped_body(step: Step, target: Target, schemas: Alternatives, problems: list[Diagnostic]) -> Step:
    """Return a step whose body has no word around it that is none of what is sent."""
    body = step.request_body
    if body is None or not isinstance(target, Operation) or not _is_wrapped(body):
        return step
    members, described = members_of(body.payload), _describe(target, schemas)
    around = [name for name in members if name in WRAPPERS]
    whole = members[around[0]] if len(around) == 1 else None
    if not described.names.isdisjoint(members):
        lacking = described.required - members.keys()
        is_twofold = whole is not None and lacking and described.required <= members_of(whole).keys()
        problems.append(_refused(body, around, target) if is_twofold else _told(body, body.payload))
        return step
    if whole is None or not _is_all(around[0], whole, described):
        problems.append(_refused(body, around, target))
        return step
    problems.append(_told(body, whole))
    return replace(step, request_body=replace(body, payload=whole))


def _is_wrapped(body: RequestBody) -> bool:
    moved = body.at.document.moved
    return moved.get(body.at.child("payload").pointer) == moved.get(body.at.pointer, body.at.pointer)


def members_of(payload: Template | None) -> dict[str, Template]:
    """Return the members of a payload that is an object, and none of another one."""
    match payload:
        case ObjectTemplate(members=members):
            return dict(members)
        case Literal(value=dict() as value, at=at):
            return {name: Literal(each, at.child(name)) for name, each in value.items()}
        case _:
            return {}


def _describe(operation: Operation, schemas: Alternatives) -> _Described:
    names: set[str] = set()
    types: set[str] = set()
    required: set[str] = set()
    for each in documented(operation):
        if each.schema is not None:
            types |= all_types(schemas.of((each.schema,)))
            try:
                parts = tuple(schemas.parts.together(each.schema))
                names |= schemas.parts.names(parts)
            except UnreadSchemaError:
                return _Described()
            # any name may be one of a member there
            if any(part.value.get("patternProperties") or part.value.get("additionalProperties") for part in parts):
                return _Described(types=frozenset(types))
            required |= {str(name) for part in parts for name in as_list(part.value.get("required"))}
    return _Described(frozenset(names), frozenset(types), frozenset(required))


def _is_all(name: str, value: Template, described: _Described) -> bool:
    """Whether what stands under a word, which is no member of a body, can only be all of it."""
    if name == _ALWAYS_ALL and not described.names:
        return True
    match value:
        case ObjectTemplate() | Literal(value=dict()):
            return bool(described.names) and (
                not described.names.isdisjoint(members_of(value)) or not members_of(value)
            )
        case ArrayTemplate() | Literal(value=list()):
            return "array" in described.types and not described.names
        case Expression():
            return bool(described.names) or bool(described.types - {"object", "null"})
        case Literal(value=str() as text):
            is_text = described.types <= {"string", "null"} and "string" in described.types
            return is_text or (bool(described.names) and text.lstrip().startswith(_WHOLE))
        case _:
            return False


def _written(body: RequestBody, payload: Template | None) -> dict[str, JsonValue]:
    given = {"contentType": body.content_type} if body.content_type else {}
    return {**given, "payload": None if payload is None else value_at(payload.at)}


def _told(body: RequestBody, payload: Template | None) -> Diagnostic:
    found, new = as_mapping(value_at(body.at)), _written(body, payload)
    before = {name: each for name, each in found.items() if name != "payload"} | found["payload"]
    found_text, new_text = (f"requestBody: {json_text(each)}" for each in (before, new))
    message = f"{read_as(found_text, new_text, _LONGEST_SHOWN)}: {UNDER_PAYLOAD}"
    fix = fix_by_writing(f"`requestBody: {json_text(new)}`")
    edits = [body.at.written(new)]
    return diagnose("repaired", message, body.at.location(), fix=fix, edits=edits, kind=UNDER_PAYLOAD)


def _refused(body: RequestBody, around: list[str], operation: Operation) -> Diagnostic:
    named = " and ".join(f"`{each}`" for each in around) or "no `payload` and a `schema`"
    message = f"the request body has {named}, which may be all of what is sent, or a member of that name"
    fix = "write what is sent as `payload`"
    if len(around) == 1:
        value = value_at(body.at.child("payload", around[0]))
        message = f"`{around[0]}` in the request body may be all of what is sent, or a member of that name"
        whole, member = (f"`requestBody: {json_text({'payload': each})}`" for each in (value, {around[0]: value}))
        fix = f"write {whole} if it is all of it, and {member} if it is a member"
    described = operation.request_body
    related = () if described is None else (Related("the body is described here", described.at),)
    return diagnose("field-value", message, body.at.location(), fix=fix, related=related)
