"""An input that is a text and is sent as bytes: they are those of its text, in UTF-8, or those of a file.

Decides it from the workflow alone: the schema of the input speaks of a text and of no bytes. Where a parameter or a
body takes the same input as a text, base64 would stand there as it is, and cannot be meant. Where it goes nowhere but
where bytes are sent, it is the content; unless its words say that it is base64, or the name of what holds the content,
or its schema says which text it is. How bytes are written is decided by the wire forms.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import OCTETS, BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import MediaType, Operation
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.schemas.parts import UnreadSchemaError, properties
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.apis.wire_forms.json_files import shape_of_json
from arazzo_engine.apis.wire_forms.multipart import Holding, holding_of
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.messages.payloads import is_text, media_type
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, expressions_in, with_expressions
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.templates import Template

_ENCODED: Final = frozenset({"byte", "binary"})
_OF_BYTES: Final = ("contentEncoding", "contentMediaType")
# words for a text that is not the content itself: its base64, or where it is
_OF_OTHERS: Final = lazy_pattern(
    r"base ?64|b64|encoded|binary|bytes|\burls?\b|\buris?\b|\bpaths?\b|file ?names?\b|\blocations?\b"
)
_BETWEEN_WORDS: Final = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])|[_\-.]+")
_ALONE: Final = "its schema says a text, and nothing of bytes"
_SAY_BASE64: Final = "if base64 is to be given, say `format: binary` in its schema"


class _As(Enum):
    """What a place of a request makes of a value: bytes, those of a picture or the like, a text, or one with bytes."""

    BYTES = "bytes"
    MEDIA = "media"
    TEXT = "text"
    ENCODED = "encoded"


_WHOLE: Final = frozenset({_As.BYTES, _As.MEDIA})


class _Use(Struct, frozen=True):
    """An expression of a request with the place of an input that it sends, which may be a member of what it is."""

    step: LinkedStep
    use: Expression
    place: Pointer
    how: _As


def with_bytes_of_texts(linked: LinkedWorkflow, parts: Parts, problems: list[Diagnostic]) -> LinkedWorkflow:
    """Return a workflow whose inputs are sent as the bytes of their texts where nothing else can be meant."""
    uses = _uses_of_inputs(linked)
    texts = {each.place: each for each in reversed(uses) if each.how is _As.TEXT}
    sent = [each for each in uses if each.how in _WHOLE and is_text_input(each.place, linked, parts)]
    if not sent:
        return linked
    # no text has the bytes of a picture
    alone = _alone(uses) - {each.place for each in uses if each.how is _As.MEDIA}
    meant = {*texts, *(place for place in alone if _is_content(place, linked, parts))} - _taken_whole(uses)
    marked = [each for each in sent if each.place in meant]
    if not marked:
        return linked
    problems.extend(_told(each, texts.get(each.place)) for each in marked)
    return replace(linked, steps=tuple(_with_marks(step, marked) for step in linked.steps))


def inputs_of_bytes(linked: LinkedWorkflow) -> frozenset[Pointer]:
    """Return the inputs, and members of them, that requests take as bytes only: each may be the bytes of a file."""
    uses = _uses_of_inputs(linked)
    return _alone(uses) - _taken_whole(uses)


def _alone(uses: list[_Use]) -> frozenset[Pointer]:
    """Return the places that are sent as bytes and as nothing else."""
    others = {each.place for each in uses if each.how not in _WHOLE}
    return frozenset(each.place for each in uses) - others


def _taken_whole(uses: list[_Use]) -> frozenset[Pointer]:
    """Return the places that go somewhere within a larger part of their input, where they may be anything."""
    places = {each.place for each in uses}
    return frozenset(each for each in places if any(each[:size] in places for size in range(1, len(each))))


def _uses_of_inputs(linked: LinkedWorkflow) -> list[_Use]:
    return [each for step in linked.steps for each in _uses_in(step)]


def _uses_in(step: LinkedStep) -> Iterator[_Use]:
    for use, how in _uses(step):
        if place := input_of(use):
            yield _Use(step, use, place, how)
    for use, name, how in _members_sent(step):
        if place := input_of(use):
            yield _Use(step, use, (*place, name), how)


def _is_content(place: Pointer, linked: LinkedWorkflow, parts: Parts) -> bool:
    """Whether nothing says of an input that it is base64, or the name or the place of what holds the content."""
    said = said_of_input(place, linked, parts)
    words = [place[-1], *(str(each.get(field) or "") for each in said for field in ("title", "description"))]
    is_other = any(_OF_OTHERS.search(_BETWEEN_WORDS.sub(" ", each).lower()) for each in words)
    return not is_other and not any(field in each for each in said for field in ("default", "const", "enum"))


def input_of(use: Expression) -> Pointer:
    """Return the input that an expression is, by its name, or the place of a member of one; nothing for any other."""
    parsed = use.expression
    is_input = parsed.root is Root.INPUTS and len(parsed.names) == 1
    return (*parsed.names, *(parsed.pointer or ())) if is_input else ()


def is_text_input(place: Pointer, linked: LinkedWorkflow, parts: Parts) -> bool:
    """Whether the schema of an input says that it is a text, and nothing of bytes."""
    said = said_of_input(place, linked, parts)
    return any(each.get("type") == "string" for each in said) and not any(map(_speaks_of_bytes, said))


def said_of_input(place: Pointer, linked: LinkedWorkflow, parts: Parts) -> tuple[Mapping[str, JsonValue], ...]:
    """Return the schemas that hold together for an input, none where they cannot be followed."""
    try:
        found = tuple(parts.together(Schema(linked.workflow.at.child("inputs"), linked.inputs)))
        for name in place:
            found = tuple(part for each in properties(found, name) for part in parts.together(each))
    except UnreadSchemaError:
        return ()
    return tuple(as_mapping(part.value) for part in found)


def _speaks_of_bytes(schema: Mapping[str, JsonValue]) -> bool:
    return schema.get("format") in _ENCODED or any(each in schema for each in _OF_BYTES)


def _with_marks(step: LinkedStep, marked: list[_Use]) -> LinkedStep:
    body = step.step.request_body
    if body is None or body.payload is None:
        return step

    def mark(each: Expression) -> Expression:
        places = [other.place for other in marked if other.use is each]
        whole = input_of(each)
        members = frozenset(place[-1] for place in places if place != whole)
        return replace(each, sends_text=whole in places, text_members=members) if places else each

    payload = with_expressions(body.payload, mark)
    return replace(step, step=replace(step.step, request_body=replace(body, payload=payload)))


def _told(sent: _Use, as_text: _Use | None) -> Diagnostic:
    own, at = input_of(sent.use), sent.use.at.location()
    member = "" if own == sent.place else f"`{sent.place[-1]}` of "
    message = f"{member}`{sent.use.expression}` is sent as the bytes of its text, in UTF-8"
    if as_text is None:
        fix = f"`{_giving_file(sent.place)}` sends the bytes of a file; {_SAY_BASE64}"
        return diagnose("text-sent-as-bytes", f"{message}: {_ALONE}", at, fix=fix)
    where = "" if as_text.step is sent.step else f" by step `{as_text.step.step.step_id}`"
    message = f"{message}: the same input is sent as a text{where}, so that it is no base64"
    fix = "if the bytes of a file are meant, give it an input of its own with `format: binary` in its schema"
    related = (Related("sent as a text here", as_text.use.at),)
    return diagnose("text-sent-as-bytes", message, at, fix=fix, related=related)


def _giving_file(place: Pointer) -> str:
    """Return the option that gives a file as an input, or as a member of one."""
    name, *rest = place
    value: JsonValue = "@path"
    for each in reversed(rest):
        value = {each: value}
    return f"-i {name}=@path" if not rest else f"-i {name}='{json_text(value)}'"


# --- where a step sends what ---


def _uses(step: LinkedStep) -> Iterator[tuple[Expression, _As]]:
    """Yield each expression of a request, with what its place makes of the value."""
    if not isinstance(step.target, Operation):
        return
    schemas = {(each.name, each.location): each.schema for each in step.target.parameters}
    for parameter in step.parameters:
        schema = next((known for key, known in schemas.items() if key == (parameter.name, parameter.location)), None)
        encoded = schema is not None and _speaks_of_bytes(as_mapping(schema.value))
        yield from ((each, _As.ENCODED if encoded else _As.TEXT) for each in expressions_in(parameter.value))
    body = step.step.request_body
    if body is not None and body.payload is not None:
        content_type = content_type_of(step, step.target, body.payload)
        described = describe_body(content_type, step.target) or MediaType(content_type)
        yield from _of_body(body.payload, content_type, described)


def _of_body(payload: Template, content_type: str, described: MediaType) -> Iterator[tuple[Expression, _As]]:
    kind = kind_of_body(content_type)
    if kind is BodyKind.BINARY:
        is_encoded = described.shape is not None and bool(described.shape.content_encoding)
        how = _bytes_of(content_type) if isinstance(payload, Expression) and not is_encoded else _As.ENCODED
        yield from ((each, how) for each in expressions_in(payload))
    elif kind is BodyKind.MULTIPART and isinstance(payload, ObjectTemplate):
        for name, member in payload.members.items():
            yield from _of_part(member, described, name)
    elif kind is not BodyKind.MULTIPART:
        yield from _of_value(payload, shape_of_json(described) if kind is BodyKind.JSON else described.shape)


def _members_sent(step: LinkedStep) -> Iterator[tuple[Expression, str, _As]]:
    """Yield the parts with bytes of a body that is one expression: their names are known by what is described."""
    body = step.step.request_body
    if body is None or not isinstance(body.payload, Expression) or not isinstance(step.target, Operation):
        return
    content_type = content_type_of(step, step.target, body.payload)
    described = describe_body(content_type, step.target)
    if kind_of_body(content_type) is BodyKind.MULTIPART and described is not None and described.shape is not None:
        for name in described.shape.properties:
            yield from ((use, name, how) for use, how in _of_part(body.payload, described, name))


def _bytes_of(content_type: str) -> _As:
    is_open = media_type(content_type) == OCTETS or is_text(content_type)
    return _As.BYTES if is_open else _As.MEDIA


def _of_part(member: Template, described: MediaType, name: str) -> Iterator[tuple[Expression, _As]]:
    elements = member.elements if isinstance(member, ArrayTemplate) else (member,)
    holding = holding_of(described, name, is_list=isinstance(member, ArrayTemplate))
    shape = described.shape.of(name) if described.shape is not None else None
    for each in elements:
        match holding:
            case Holding.BYTES if isinstance(each, Expression):
                encoding = described.encoding.get(name)
                yield each, _bytes_of((encoding and encoding.content_type) or OCTETS)
            case Holding.BYTES | Holding.BASE64:
                yield from ((inner, _As.ENCODED) for inner in expressions_in(each))
            case Holding.VALUE:
                yield from _of_value(each, shape)


def _of_value(template: Template, shape: Shape | None) -> Iterator[tuple[Expression, _As]]:
    match template:
        case ObjectTemplate():
            for name, member in template.members.items():
                yield from _of_value(member, shape and shape.of(name))
        case ArrayTemplate():
            for index, element in enumerate(template.elements):
                yield from _of_value(element, shape and shape.at(index))
        case _:
            how = _As.ENCODED if shape is not None and (shape.is_binary or shape.is_base64) else _As.TEXT
            yield from ((each, how) for each in expressions_in(template))
