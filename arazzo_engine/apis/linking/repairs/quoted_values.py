"""An expression that is the whole of a text in a JSON body, where the operation takes no text: its value is meant.

Decides it by the schema of the place: ``"ids": "{$steps.find.outputs.ids}"`` for a list of ids would send a text that
the description refuses, whatever the ids are. Where a text may stand, or the schema does not say, it stays one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.linking.repairs.operations import told
from arazzo_engine.apis.schemas.parts import UnreadSchemaError, items, properties
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.expressions.strings import Expression, ExpressionString, join_json
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, template_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.templates import Template

WHOLE: Final = "the operation takes no text there, so the value is meant, with its type"
# characters of no text that people write, around the number of an expression
_SIGN: Final = "\ue000{}\ue001"


def with_values_of_texts(linked: LinkedStep, parts: Parts, problems: list[Diagnostic]) -> LinkedStep:
    """Return a step whose JSON body has values where its operation takes no text; it is told in ``problems``."""
    body = linked.step.request_body
    if body is None or body.payload is None or not isinstance(linked.target, Operation):
        return linked
    content_type = content_type_of(linked, linked.target, body.payload)
    described = describe_body(content_type, linked.target)
    if kind_of_body(content_type) is not BodyKind.JSON or described is None or described.schema is None:
        return linked
    payload = _as_meant(body.payload, (described.schema,), parts, problems)
    if payload is body.payload:
        return linked
    return replace(linked, step=replace(linked.step, request_body=replace(body, payload=payload)))


def _as_meant(template: Template, schemas: tuple[Schema, ...], parts: Parts, problems: list[Diagnostic]) -> Template:
    match template:
        case ObjectTemplate(members=members):
            whole = _together(schemas, parts)
            meant = {
                name: _as_meant(each, tuple(properties(whole, name)), parts, problems) for name, each in members.items()
            }
            return template if _same(meant.values(), members.values()) else replace(template, members=meant)
        case ArrayTemplate(elements=elements):
            whole = _together(schemas, parts)
            found = tuple(_as_meant(each, tuple(items(whole, i)), parts, problems) for i, each in enumerate(elements))
            return template if _same(found, elements) else replace(template, elements=found)
        case ExpressionString(parts=(Expression() as only,)) if takes_no_text(schemas, parts):
            problems.extend(told(template_text(template), only.expression.text, WHOLE, template.at))
            return only
        case ExpressionString() if template_text(template).lstrip()[:1] in {"{", "["}:
            return _json_as_meant(template, schemas, parts, problems)
        case _:
            return template


def _same(one: Iterable[Template], other: Iterable[Template]) -> bool:
    return all(each is as_it_was for each, as_it_was in zip(one, other, strict=True))


# --- JSON that is written as its text ---


def _json_as_meant(
    template: ExpressionString, schemas: tuple[Schema, ...], parts: Parts, problems: list[Diagnostic]
) -> ExpressionString:
    meant = frozenset(_quoted(template, schemas, parts))
    if not meant:
        return template
    unquoted = tuple(_without_quotes(template.parts, meant))
    text = "".join(each if isinstance(each, str) else f"{{{each.expression}}}" for each in unquoted)
    edits = (template.at.written(text),)
    for each in template.parts:
        if isinstance(each, Expression) and each.span in meant:
            written = f"{{{each.expression}}}"
            (found,) = told(f'"{written}"', written, WHOLE, each.at)
            problems.append(replace(found, location=each.at.location(each.span), edits=edits))
    return replace(template, parts=unquoted)


def _quoted(template: ExpressionString, schemas: tuple[Schema, ...], parts: Parts) -> Iterator[tuple[int, int]]:
    """Yield the spans of the expressions that are the whole of a text where none can be."""
    spans = {_SIGN.format(each.span[0]): each.span for each in template.parts if isinstance(each, Expression)}

    def sign(part: Expression) -> str:
        return _SIGN.format(part.span[0])

    try:
        value = parse_json(join_json(template.parts, sign, lambda _part: "null"))
    except MalformedText:
        return
    for text in _refused_texts(value, schemas, parts):
        if text in spans:
            yield spans[text]


def _refused_texts(value: JsonValue, schemas: tuple[Schema, ...], parts: Parts) -> Iterator[str]:
    match value:
        case dict():
            whole = _together(schemas, parts)
            for name, member in value.items():
                yield from _refused_texts(member, tuple(properties(whole, name)), parts)
        case list():
            whole = _together(schemas, parts)
            for index, element in enumerate(value):
                yield from _refused_texts(element, tuple(items(whole, index)), parts)
        case str() if takes_no_text(schemas, parts):
            yield value
        case _:
            pass


def _without_quotes(
    written: tuple[str | Expression, ...], meant: frozenset[tuple[int, int]]
) -> Iterator[str | Expression]:
    for index, part in enumerate(written):
        if not isinstance(part, str):
            yield part
            continue
        text = part
        if _is_meant(written, index - 1, meant):
            text = text.removeprefix('"')
        if _is_meant(written, index + 1, meant):
            text = text.removesuffix('"')
        yield text


def _is_meant(written: tuple[str | Expression, ...], index: int, meant: frozenset[tuple[int, int]]) -> bool:
    part = written[index] if 0 <= index < len(written) else ""
    return isinstance(part, Expression) and part.span in meant


# --- what a schema takes ---


def takes_no_text(schemas: tuple[Schema, ...], parts: Parts) -> bool:
    """Whether schemas that hold together say that a value is no text."""
    whole = _together(schemas, parts)
    if any(_says_no_text(each.value) for each in whole):
        return True
    return any(
        all(takes_no_text((alternative,), parts) for alternative in alternatives)
        for _, alternatives in parts.alternatives(whole)
    )


def _says_no_text(schema: JsonValue) -> bool:
    types = as_mapping(schema).get("type")
    return bool(types) and "string" not in ([types] if isinstance(types, str) else as_list(types))


def _together(schemas: tuple[Schema, ...], parts: Parts) -> tuple[Schema, ...]:
    try:
        return tuple(each for schema in schemas for each in parts.together(schema))
    except UnreadSchemaError:
        return ()
