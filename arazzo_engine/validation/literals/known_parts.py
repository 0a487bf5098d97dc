"""What is known of a value before it is sent: its literals, with a sign wherever an expression decides.

Decides that an expression alone may be anything, even nothing, and that a text with expressions is some text. A payload
that is JSON as text is read, whatever stands in it for its expressions.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.language.expressions.strings import ExpressionString, join_json, unquoted
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.templates import Template

# characters of no text that people write, for what an expression will be within JSON as text
_ANY: Final = "\ue000any\ue001"
_TEXT: Final = "\ue000text\ue001"


class Open(Enum):
    """A part that an expression decides."""

    ANY = "anything"
    TEXT = "some text"


def known_part(template: Template) -> JsonValue:
    """Return the value that a template will be, as far as it is known."""
    match template:
        case Literal():
            return _read(template.value)
        case ObjectTemplate():
            return {name: known_part(member) for name, member in template.members.items()}
        case ArrayTemplate():
            return [known_part(element) for element in template.elements]
        case ExpressionString():
            return Open.TEXT
        case _:
            return Open.ANY


def known_json(template: Template) -> JsonValue:
    """Return the value of a JSON payload, which may be written as its text."""
    match template:
        case Literal(value=str() as text):
            return _parsed(text)
        case ExpressionString():
            return _parsed(join_json(template.parts, lambda _part: _TEXT, lambda _part: f'"{_ANY}"'))
        case _:
            return known_part(template)


def replaced(value: JsonValue, pointer: Pointer, by: JsonValue) -> JsonValue:
    """Return a value with another one at a place; what is not there otherwise, or not known to be, is left alone."""
    if not pointer:
        return by
    token, rest = pointer[0], pointer[1:]
    # a member that is not there is added to the object that it stands in
    if isinstance(value, dict) and (token in value or not rest):
        return {**value, token: replaced(value.get(token), rest, by)}
    if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
        index = int(token)
        return [*value[:index], replaced(value[index], rest, by), *value[index + 1 :]]
    return value


def by_properties(value: JsonValue, shape: Shape | None) -> JsonValue:
    """Return a value of XML by the names of its properties: one that is named as its element is written the same."""
    match value:
        case dict() if shape is not None and shape.items is not None:
            # an only element is written as a list of one is
            return [by_properties(value, shape.items)]
        case dict() if shape is not None:
            own: dict[str, str] = {_element(name, each): name for name, each in shape.properties.items()}
            own.update((name, name) for name in shape.properties)
            found = [(str(own.get(name, name)), each) for name, each in value.items()]
            return {name: by_properties(each, shape.of(name)) for name, each in found}
        case list() if shape is not None:
            return [by_properties(each, shape.items) for each in value]
        case _:
            return value


def _element(name: str, shape: Shape) -> str:
    if shape.xml.node_type == "attribute":
        return name
    is_row = shape.items is not None and shape.xml.node_type != "element"
    return (shape.items.xml.name if is_row and shape.items else shape.xml.name) or name


def _read(value: JsonValue) -> JsonValue:
    match value:
        # what was meant as an expression and is none is told elsewhere
        case str() if looks_like_expression(value) or _ANY in value:
            return Open.ANY
        case str() if "{$" in value or _TEXT in value:
            return Open.TEXT
        case dict() if unquoted(value) is not None:
            return Open.ANY
        case dict():
            return {name: _read(member) for name, member in value.items()}
        case list():
            return [_read(element) for element in value]
        case _:
            return value


def _parsed(text: str) -> JsonValue:
    try:
        return _read(parse_json(text))
    except MalformedText:
        # a text that is no JSON is one JSON string, or is told where the body is tried
        return Open.TEXT if text.lstrip()[:1] not in {"{", "["} else Open.ANY
