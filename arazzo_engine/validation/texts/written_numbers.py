"""A number that a parameter is sent as the very text that is written: `2.0`, `01234`, `+49170` are others as numbers.

Decides it by the text of the document and by what is sent, where the operation takes no number. What a payload holds
has a type, and is judged by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import Operation, parameter_key
from arazzo_engine.apis.schemas.alternatives import Alternatives, all_types
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.templates import Literal
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Parameter

_NUMBERS: Final = frozenset({"integer", "number"})
_SCALAR: Final = lazy_pattern(r"[+\-]?[0-9.][\w.+\-]*")


def check_written_numbers(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each parameter whose number is written in another way than it is sent."""
    schemas = Alternatives(Parts(linked.resolver))
    for step in workflow.steps:
        described = step.target.described if isinstance(step.target, Operation) else {}
        for parameter in step.parameters:
            found = described.get(parameter_key(parameter.name, parameter.location or ""))
            number = _number_of(parameter)
            if found is not None and number is not None and not _takes_numbers(found, schemas):
                yield from _told(parameter, number)


def _number_of(parameter: Parameter) -> float | None:
    value = parameter.value.value if isinstance(parameter.value, Literal) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _takes_numbers(found: ParameterDescription, schemas: Alternatives) -> bool:
    """Whether a parameter takes numbers, of which any way to write them is the same."""
    if found.content_type is not None or found.schema is None:
        return found.content_type is not None
    known = schemas.of((found.schema,))
    types = all_types(known)
    elements = all_types(follow(known, ("0",), schemas).known) if "array" in types else frozenset()
    return not (types | elements).isdisjoint(_NUMBERS)


def _told(parameter: Parameter, number: float) -> Iterator[Diagnostic]:
    at = parameter.at.child("value")
    sent, written = text_of(number), _written(at)
    if written and written != sent:
        message = f"`{written}` is a number, and parameter `{parameter.name}` is sent as `{sent}`"
        fix = f"write `'{written}'` where this text is meant, and `{sent}` where the number is"
        yield diagnose("number-rewritten", message, at.location(), fix=fix)


def _written(at: Place) -> str:
    """Return a number as it stands in the text, ``""`` where nothing of it is there."""
    place = at.location()
    match = _SCALAR.match(place.source, place.column - 1)
    return match[0] if match is not None else ""
