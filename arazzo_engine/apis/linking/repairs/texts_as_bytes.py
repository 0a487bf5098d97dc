"""An input that is sent as bytes in one place and as a text in another: its bytes are those of its text, in UTF-8.

Decides it from the workflow alone: the schema of the input speaks of a text and of no bytes, and a parameter or a body
takes the same input as a text. Base64 would stand there as it is, so it cannot be meant. An input that goes nowhere but
where bytes are sent is left as it is. How bytes are written is decided by the wire forms.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import MediaType, Operation
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.schemas.parts import UnreadSchemaError, properties
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.apis.wire_forms.json_files import shape_of_json
from arazzo_engine.apis.wire_forms.multipart import Holding, holding_of
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, expressions_in, with_expressions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.templates import Template

_ENCODED: Final = frozenset({"byte", "binary"})
_OF_BYTES: Final = ("contentEncoding", "contentMediaType")


class _As(Enum):
    """What a place of a request makes of a value: bytes, a text, or a text that holds bytes."""

    BYTES = "bytes"
    TEXT = "text"
    ENCODED = "encoded"


def with_bytes_of_texts(linked: LinkedWorkflow, parts: Parts, problems: list[Diagnostic]) -> LinkedWorkflow:
    """Return a workflow whose inputs are sent as the bytes of their texts where nothing else can be meant."""
    uses = [(step, use, how) for step in linked.steps for use, how in _uses(step) if input_of(use)]
    texts = {input_of(use): (step, use) for step, use, how in reversed(uses) if how is _As.TEXT}
    sent = [(step, use) for step, use, how in uses if how is _As.BYTES and input_of(use) in texts]
    meant = [(step, use) for step, use in sent if is_text_input(input_of(use), linked, parts)]
    if not meant:
        return linked
    problems.extend(_told(step, use, *texts[input_of(use)]) for step, use in meant)
    marked = [use for _, use in meant]
    return replace(linked, steps=tuple(_with_marks(step, marked) for step in linked.steps))


def input_of(use: Expression) -> str:
    """Return the name of the input that an expression is, the empty string for any other."""
    parsed = use.expression
    return parsed.names[0] if parsed.root is Root.INPUTS and len(parsed.names) == 1 and not parsed.pointer else ""


def is_text_input(name: str, linked: LinkedWorkflow, parts: Parts) -> bool:
    """Whether the schema of an input says that it is a text, and nothing of bytes."""
    said = said_of_input(name, linked, parts)
    return any(each.get("type") == "string" for each in said) and not any(map(_speaks_of_bytes, said))


def said_of_input(name: str, linked: LinkedWorkflow, parts: Parts) -> tuple[Mapping[str, JsonValue], ...]:
    """Return the schemas that hold together for an input, none where they cannot be followed."""
    try:
        whole = tuple(parts.together(Schema(linked.workflow.at.child("inputs"), linked.inputs)))
        return tuple(as_mapping(part.value) for each in properties(whole, name) for part in parts.together(each))
    except UnreadSchemaError:
        return ()


def _speaks_of_bytes(schema: Mapping[str, JsonValue]) -> bool:
    return schema.get("format") in _ENCODED or any(each in schema for each in _OF_BYTES)


def _with_marks(step: LinkedStep, marked: list[Expression]) -> LinkedStep:
    body = step.step.request_body
    if body is None or body.payload is None:
        return step

    def mark(each: Expression) -> Expression:
        return replace(each, sends_text=True) if any(each is other for other in marked) else each

    payload = with_expressions(body.payload, mark)
    return replace(step, step=replace(step.step, request_body=replace(body, payload=payload)))


def _told(step: LinkedStep, use: Expression, other: LinkedStep, as_text: Expression) -> Diagnostic:
    sent = f"`{use.expression}` is sent as the bytes of its text, in UTF-8"
    where = "" if other is step else f" by step `{other.step.step_id}`"
    message = f"{sent}: the same input is sent as a text{where}, so that it is no base64"
    fix = "if the bytes of a file are meant, give it an input of its own with `format: binary` in its schema"
    related = (Related("sent as a text here", as_text.at),)
    return diagnose("text-sent-as-bytes", message, use.at.location(), fix=fix, related=related)


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
        yield from _of_body(body.payload, kind_of_body(content_type), described)


def _of_body(payload: Template, kind: BodyKind, described: MediaType) -> Iterator[tuple[Expression, _As]]:
    if kind is BodyKind.BINARY:
        is_encoded = described.shape is not None and bool(described.shape.content_encoding)
        how = _As.BYTES if isinstance(payload, Expression) and not is_encoded else _As.ENCODED
        yield from ((each, how) for each in expressions_in(payload))
    elif kind is BodyKind.MULTIPART and isinstance(payload, ObjectTemplate):
        for name, member in payload.members.items():
            yield from _of_part(member, described, name)
    elif kind is not BodyKind.MULTIPART:
        yield from _of_value(payload, shape_of_json(described) if kind is BodyKind.JSON else described.shape)


def _of_part(member: Template, described: MediaType, name: str) -> Iterator[tuple[Expression, _As]]:
    elements = member.elements if isinstance(member, ArrayTemplate) else (member,)
    holding = holding_of(described, name, is_list=isinstance(member, ArrayTemplate))
    shape = described.shape.of(name) if described.shape is not None else None
    for each in elements:
        match holding:
            case Holding.BYTES if isinstance(each, Expression):
                yield each, _As.BYTES
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
