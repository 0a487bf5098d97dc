"""Every literal text of a workflow: values, the texts around expressions, the strings and queries of criteria.

Decides nothing about them. Texts for people (summaries, descriptions) are none of them, nor is anything that is read as
an expression.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.language.conditions.condition import LiteralValue, Reference, TextWithValues, leaves_of
from arazzo_engine.language.expressions.strings import Expression, ExpressionString, unquoted
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate, Selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Action, Criterion, Parameter, Step
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.language.templates import Template


PAYLOADS: Final = frozenset({"payload", "replacements"})


class Part(Enum):
    """What a literal text is a part of."""

    VALUE = "a value that is this text and nothing else"
    TEXT = "a text with expressions"
    NAME = "the name of a member"
    CONDITION = "a text in a simple condition"
    QUERY = "a query"


class Text(Struct, frozen=True):
    """A literal text: ``start`` is where it begins in the string at its place, or in the name of the place.

    ``doubled`` is the expression that follows, when it stands in one pair of braces more than it needs, and ``signed``
    the one that follows behind a sign of its own, as other tools have it: `${$inputs.sku}`. A text
    that ``is_within_json`` is the value of a ``member`` there, or an element.
    """

    text: str
    at: Place
    part: Part = Part.VALUE
    start: int = 0
    doubled: str = ""
    signed: str = ""
    member: str = ""
    is_within_json: bool = False


Texts: TypeAlias = "Iterator[Text]"


def around(text: Text) -> Pointer:
    """Return the names that a part of a payload stands under."""
    pointer = text.at.pointer
    start = next((index for index, each in enumerate(pointer) if each in PAYLOADS), len(pointer))
    return (*pointer[start + 1 :], text.member) if text.member else pointer[start + 1 :]


def name_of(text: Text) -> str:
    """Return the nearest name that a part of a payload stands under."""
    return next((each for each in reversed(around(text)) if not each.isdecimal()), "")


def texts_in(workflow: LinkedWorkflow) -> Texts:
    """Yield every literal text of a workflow and its steps."""
    for step in workflow.workflow.steps:
        yield from _in_step(step)
    yield from _in_parameters(workflow.workflow.parameters)
    for action in workflow.workflow.actions:
        yield from _in_action(action)
    for template in (workflow.workflow.outputs or {}).values():
        yield from texts_of(template)


def texts_of(template: Template) -> Texts:
    """Yield the literal texts of a value."""
    match template:
        case Literal():
            yield from _in_value(template.value, template.at)
        case ExpressionString():
            yield from _in_parts(template.parts, template.at, Part.TEXT)
        case ObjectTemplate():
            for name, member in template.members.items():
                yield Text(name, member.at, Part.NAME)
                yield from texts_of(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from texts_of(element)
        case Selector():
            yield from _in_parts(template.query.parts, template.at.child("selector"), Part.QUERY)
        case Expression():
            pass


def _in_step(step: Step) -> Texts:
    yield from _in_parameters(step.parameters)
    if step.request_body is not None:
        if step.request_body.payload is not None:
            yield from texts_of(step.request_body.payload)
        for replacement in step.request_body.replacements:
            yield from texts_of(replacement.value)
            yield from _in_query(replacement.query, replacement.at.child("target"))
    yield from _in_criteria(step.success_criteria)
    for template in (step.outputs or {}).values():
        yield from texts_of(template)
    for action in step.actions:
        yield from _in_action(action)


def _in_action(action: Action) -> Texts:
    yield from _in_criteria(action.criteria)
    yield from _in_parameters(action.parameters)


def _in_parameters(parameters: Iterable[Parameter]) -> Texts:
    for parameter in parameters:
        yield from texts_of(parameter.value)


def _in_criteria(criteria: Iterable[Criterion]) -> Texts:
    for criterion in criteria:
        at = criterion.at.child("condition")
        for leaf in () if criterion.simple is None else leaves_of(criterion.simple.node):
            match leaf:
                case LiteralValue(value=str() as text):
                    yield Text(text, at, Part.CONDITION, leaf.span[0] + 1)
                case TextWithValues():
                    yield from _in_parts(leaf.parts, at, Part.CONDITION)
                case _:
                    pass
        yield from _in_query(criterion.query, at)


def _in_query(query: QueryTemplate | None, at: Place) -> Texts:
    if query is not None:
        yield from _in_parts(query.parts, at, Part.QUERY)


def _in_parts(parts: tuple[str | Expression | Reference, ...], at: Place, of: Part) -> Texts:
    start = 0
    for index, part in enumerate(parts):
        if isinstance(part, str):
            yield Text(part, at, of, start, _doubled(parts[index : index + 3]), _signed(parts[index : index + 2]))
            start += len(part)
        else:
            start = part.span[1] + 1


def _doubled(parts: tuple[str | Expression | Reference, ...]) -> str:
    """Return the expression of ``{{$inputs.sku}}``, which becomes its value in one pair of braces."""
    match parts:
        case (str() as before, Expression() | Reference() as inner, str() as after) if before.endswith(
            "{"
        ) and after.startswith("}"):
            return _written(inner)
        case _:
            return ""


def _signed(parts: tuple[str | Expression | Reference, ...]) -> str:
    match parts:
        case (str() as before, Expression() | Reference() as inner) if before.endswith("$") and before[-2:-1] not in {
            "$",
            "\\",
        }:
            return _written(inner)
        case _:
            return ""


def _written(inner: Expression | Reference) -> str:
    return inner.text if isinstance(inner, Reference) else inner.expression.text


def _in_value(value: JsonValue, at: Place) -> Texts:
    match value:
        case str():
            yield Text(value, at)
        case dict() if unquoted(value) is None:  # it is told already
            for name, member in value.items():
                yield Text(name, at.child(name), Part.NAME)
                yield from _in_value(member, at.child(name))
        case list():
            for index, element in enumerate(value):
                yield from _in_value(element, at.child(index))
        case _:
            pass
