"""A text with commas for a parameter that is a list: read as the list of what stands between them.

Decides it for what is written out. Where the elements of a list stand behind commas on the wire, the comma of a text is
sent as `%2C`, as one within an element; where each element has its own name, the elements that are described must leave
no other reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import In, parameter_key
from arazzo_engine.apis.schemas.alternatives import all_types, all_values
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.language.templates import Literal

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Parameter

LISTED: Final = "the parameter is a list, and a comma within one element would be sent as `%2C`"
# where these stand, a list is written with commas, unless each element has the name of the parameter
_STYLES: Final = {In.QUERY: "form", In.PATH: "simple"}
_NUMBERS: Final = frozenset({"integer", "number"})


def with_lists(
    parameters: tuple[Parameter, ...], operation: Operation, schemas: Alternatives, problems: list[Diagnostic]
) -> tuple[Parameter, ...]:
    """Return the parameters of a step, each text of a list as the list."""
    described = operation.described
    found = []
    for parameter in parameters:
        elements = _elements(parameter, described.get(parameter_key(parameter.name, parameter.location or "")), schemas)
        if elements is not None:
            problems.append(_told(parameter, elements))
        value = parameter.value if elements is None else Literal(elements, parameter.value.at)
        found.append(parameter if elements is None else replace(parameter, value=value))
    return tuple(found)


def _elements(
    parameter: Parameter, description: ParameterDescription | None, schemas: Alternatives
) -> list[JsonValue] | None:
    value = parameter.value
    if not isinstance(value, Literal) or not isinstance(value.value, str) or "," not in value.value:
        return None
    # where reserved characters stay as they are, the text is sent as the list would be
    if description is None or description.schema is None or description.content or description.allow_reserved:
        return None
    style = _STYLES.get(description.location)
    known = schemas.of((description.schema,))
    if style is None or (description.style or style) != style or not known or all_types(known) - {"null"} != {"array"}:
        return None
    is_joined = description.location is In.PATH or not description.explode
    return _split(value.value, follow(known, ("0",), schemas).known, is_joined=is_joined)


def _split(text: str, element: Known, *, is_joined: bool) -> list[JsonValue] | None:
    """Return the elements that a text can only be, ``None`` where it may be one of them."""
    pieces = [each.strip() for each in text.split(",")]
    values, types = all_values(element), all_types(element) if element else frozenset[str]()
    if values is not None:
        named = {text_of(each): each for each in values}
        return [named[each] for each in pieces] if text not in named and all(each in named for each in pieces) else None
    if types and types <= _NUMBERS:
        numbers = [_number(each) for each in pieces]
        return [each for each in numbers if each is not None] if None not in numbers else None
    # a space beside the comma is that of a sentence, or of a name
    is_list = is_joined and text[0] not in "[{" and all(pieces) and pieces == text.split(",") and types <= {"string"}
    return [*pieces] if is_list else None


def _number(text: str) -> JsonValue:
    try:
        found = parse_json(text)
    except MalformedText:
        return None
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _told(parameter: Parameter, elements: list[JsonValue]) -> Diagnostic:
    at, written = parameter.value.at, json_text(elements)
    message = f"the text of {parameter.location} parameter `{parameter.name}` is read as `{written}`: {LISTED}"
    # one that several steps share may be another one in each
    edits = [at.written(elements)] if "steps" in at.pointer[:3] else []
    return diagnose("repaired", message, at.location(), fix=f"write `{written}`", edits=edits, kind=LISTED)
