"""From Arazzo 1.0 to 1.1: what a document would say in the one that it does not say in the other.

Decides which values would have another meaning. The table in ``docs/upgrading.md`` goes through both texts section by
section, and says why there are no others; what is only allowed since 1.1 is found by reading the document as both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.language.fixed_fields import SELECTOR
from arazzo_engine.language.repairs.names import entries, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

NEWEST: Final = "1.1.0"


def selectors_to_be(document: JsonValue) -> Iterator[Pointer]:
    """Yield where a document of 1.0 has an object as a value that is a Selector Object in 1.1.

    1.0.1: "The value can be a constant or a Runtime Expression"; 1.1.0: "The value can be a constant, a Runtime
    Expression, or a Selector Object".
    """
    for at, value in _values(document):
        yield from _selectors_in(value, at)


def _values(document: JsonValue) -> Iterator[tuple[Pointer, JsonValue]]:
    """Yield the values of parameters, payloads and replacements: what 1.0 may have an object for."""
    for name, parameter in members(members(document, "components"), "parameters").items():
        yield ("components", "parameters", name, "value"), as_mapping(parameter).get("value")
    for number, workflow in enumerate(entries(document, "workflows")):
        at = ("workflows", str(number))
        yield from _of_parameters(workflow, at)
        for index, step in enumerate(entries(workflow, "steps")):
            place = (*at, "steps", str(index))
            yield from _of_parameters(step, place)
            body = members(step, "requestBody")
            yield (*place, "requestBody", "payload"), body.get("payload")
            for each, replacement in enumerate(entries(body, "replacements")):
                value = as_mapping(replacement).get("value")
                yield (*place, "requestBody", "replacements", str(each), "value"), value


def _of_parameters(owner: JsonValue, at: Pointer) -> Iterator[tuple[Pointer, JsonValue]]:
    for index, parameter in enumerate(entries(owner, "parameters")):
        yield (*at, "parameters", str(index), "value"), as_mapping(parameter).get("value")


def _selectors_in(value: JsonValue, at: Pointer) -> Iterator[Pointer]:
    match value:
        case dict() if _is_selector(value):
            yield at
        case dict():
            for name, member in value.items():
                yield from _selectors_in(member, (*at, name))
        case list():
            for index, element in enumerate(value):
                yield from _selectors_in(element, (*at, str(index)))
        case _:
            pass


def _is_selector(value: dict[str, JsonValue]) -> bool:
    # "This object MAY be extended with Specification Extensions."
    named = {name for name in value if not name.startswith("x-")}
    context = value.get("context")
    return named == {*SELECTOR.required} and isinstance(context, str) and looks_like_expression(context)
