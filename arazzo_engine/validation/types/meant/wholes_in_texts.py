"""A whole object within the text of a path or of a query: `x-{$steps.find.outputs.pet}`, where a member is meant.

Decides it by what is described of the value. The text around it may be JSON; in a query, what is nothing but an
expression in braces is the text of a value on purpose, and in a path no object is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.schemas.alternatives import Alternative, all_types
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.validation.types.meant.members import member_meant, members_taken
from arazzo_engine.validation.types.outputs_on_the_way import outputs_on_the_way
from arazzo_engine.validation.types.taking import Goal
from arazzo_engine.validation.types.yields import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.validation.types.yields import Yields

_OBJECT: Final = frozenset({"object"})
_PLAIN: Final = ["string", "number", "integer", "boolean"]
_OF_JSON: Final = frozenset('{["')


def check_wholes_in_texts(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each object that stands as a whole within the text of a parameter in a URL."""
    for step in workflow.steps:
        go_on()
        seen = Seen(workflow, step)
        for part, goal in _parts(step, yields):
            known = yields.of_template(part, seen)
            if all_types(known) - {"null"} == _OBJECT:
                fix = member_meant(part, seen, goal, yields) or _members(part, known, goal, yields)
                related = (*outputs_on_the_way(part, seen, yields.linked), Related("it comes from here", known[0].at))
                yield _told(part, goal, fix, related)


def _parts(step: LinkedStep, yields: Yields) -> Iterator[tuple[Expression, Goal]]:
    """Yield each expression within the text of a parameter in a URL, with where it goes."""
    operation = step.target
    for parameter in step.parameters if isinstance(operation, Operation) else ():
        text, location = parameter.value, parameter.location or ""
        if isinstance(operation, Operation) and isinstance(text, ExpressionString) and _is_one_text(text, location):
            found = operation.described.get(parameter_key(parameter.name, location))
            known = () if found is None or found.schema is None else yields.schemas.of((found.schema,))
            what = f"{location} parameter `{parameter.name}` of operation `{operation.label}`"
            goal = Goal(what, known, is_needed=True, as_text=True, location=location, name=parameter.name)
            yield from ((part, goal) for part in text.parts if isinstance(part, Expression))


def _is_one_text(text: ExpressionString, location: str) -> bool:
    """Whether a text is one in which no object is meant."""
    written = [part for part in text.parts if isinstance(part, str)]
    is_text = location == In.PATH or (location == In.QUERY and bool(written))
    return is_text and not any(_OF_JSON & set(part) for part in written)


def _members(part: Expression, known: Known, goal: Goal, yields: Yields) -> str:
    """Return how a member is named that a text can hold, as far as they are described."""
    # within a text, a value of any type is a part of one
    in_a_text = replace(goal, known=(Alternative((Schema(known[0].at, {"type": _PLAIN}),)),))
    written = " or ".join(f"`{{{each}}}`" for each in members_taken(part, known, in_a_text, yields))
    some = f"{part.expression}{'' if part.expression.pointer else '#'}/…"
    return f"name the member that is meant: {written or f'`{{{some}}}`'}"


def _told(part: Expression, goal: Goal, fix: str, related: tuple[Related, ...]) -> Diagnostic:
    message = f"`{{{part.expression}}}` is an object, and stands as a whole within the text of {goal.what}"
    return diagnose("type-refused", message, part.at.location(part.span), fix=fix, related=related).as_warning()
