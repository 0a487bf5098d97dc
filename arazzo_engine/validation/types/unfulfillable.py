"""Values that go to a place of an operation which, as it is described, takes none at all.

Decides it by the schema of the place, with all that holds with it. The description is at fault there, and whether the
API holds to it is not known: an error where the place must have a value, as for one that is written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.schemas.parts import items, properties
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.templates import template_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.validation.types.passing import Passed
    from arazzo_engine.validation.types.taking import Goal
    from arazzo_engine.validation.types.yields import Yields


def check_unfulfillable(passed: Iterable[Passed], yields: Yields) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each expression that goes where no value fits."""
    for each in passed:
        step = each.seen.step
        if step is None or not isinstance(step.target, Operation):
            continue
        asked = _asked(each.goal)
        reasons = [yields.emptiness.why(schemas) for schemas in asked]
        if reasons and all(reasons):
            found = _told(each, reasons[0], asked[0][0].at)
            yield found if each.goal.is_needed else found.as_warning()


def _asked(goal: Goal) -> tuple[tuple[Schema, ...], ...]:
    """Return the schemas that hold together for a place, of each of its alternatives; nothing where one is unknown."""
    if goal.schema is not None:
        return ((goal.schema,),)
    if not goal.within:
        return tuple(each.parts for each in goal.known)
    found = tuple(tuple(_below(each.parts, goal.name)) for each in goal.within)
    return found if all(found) else ()


def _below(parts: tuple[Schema, ...], token: str) -> Iterator[Schema]:
    yield from properties(parts, token)
    yield from items(parts, int(token)) if token.isdecimal() else ()


def _told(passed: Passed, why: str, at: Place) -> Diagnostic:
    message = f"`{template_text(passed.template)}` goes to {passed.goal.what}, which takes no value: {why}"
    fix = "correct the API description, which no value fits"
    related = (Related("described here", at),)
    return diagnose("type-refused", message, passed.template.at.location(), fix=fix, related=related)
