"""The member that is meant where a whole value is given: by the name of the output that gives it, or of its place.

Decides it by what is described: one member of that name, of the value, of its first element, or in the one object that
wraps it, that the place takes. Where several can be meant, nothing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.schemas.alternatives import Way
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.validation.types.meant.parts_read import read_in_part
from arazzo_engine.validation.types.outputs_on_the_way import outputs_to
from arazzo_engine.validation.types.taking import refusal
from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import WorkflowKey
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.taking import Goal
    from arazzo_engine.validation.types.yields import Seen, Yields

_MOST_NAMED: Final = 5
# what an object is called in which many APIs put all that they answer
_WRAPPERS: Final = frozenset({"data", "result"})


class Whole(Struct, frozen=True):
    """An output that gives a whole value: its name, the expression of what it gives, and the workflow that has it."""

    name: str
    output: Expression
    workflow: WorkflowKey

    def written(self, pointer: Pointer) -> str:
        """Return the output with a part of the value instead."""
        return f"{self.name}: {_text(self.output, pointer)}"


def member_meant(template: Template, seen: Seen, goal: Goal, yields: Yields) -> str:
    """Return how to give the member that is meant by a value which a place refuses, nothing where none is."""
    if not isinstance(template, Expression):
        return ""
    given = yields.of(template.expression, seen)
    for whole in reversed(tuple(wholes_to(template, seen, yields))):
        pointer = _pointer(given, whole.name, goal, yields.schemas)
        if pointer is not None:
            here = _text(template, pointer)
            # who reads a part of the whole needs it as it is
            if (whole.output.at, whole.output.span) in read_in_part(yields.linked):
                return f"write `{here}`"
            return f"write `{whole.written(pointer)}` for the output, or `{here}` here"
    # the id of a file is `fileId` where it goes, and `id` in the file
    for name in dict.fromkeys((goal.name, *words_of(goal.name)[-1:])) if goal.name else ():
        pointer = _pointer(given, name, goal, yields.schemas)
        if pointer is not None:
            return f"did you mean `{_text(template, pointer)}`?"
    return ""


def members_taken(template: Expression, given: Known, goal: Goal, yields: Yields) -> tuple[str, ...]:
    """Return how the members of an object are named that a place takes, in the order of their names; none of many."""
    names = sorted({name for each in given for name in each.names})
    taken = [name for name in names if _is_taken(given, (name,), goal, yields.schemas)]
    return tuple(_text(template, (name,)) for name in taken) if len(taken) <= _MOST_NAMED else ()


def wholes_to(template: Expression, seen: Seen, yields: Yields) -> Iterator[Whole]:
    """Yield each output that gives the very value which an expression yields, the nearest first."""
    passed = template.expression.pointer
    for output, inside in outputs_to(template.expression, seen, yields.linked):
        if passed or not isinstance(output, Expression):
            return
        yield Whole(output.at.pointer[-1], output, inside.workflow.key)
        passed = output.expression.pointer


def is_body(expression: RuntimeExpression) -> bool:
    """Whether an expression is the whole body of an answer."""
    return expression.is_of_answer_body and not expression.pointer


def _pointer(given: Known, name: str, goal: Goal, schemas: Alternatives) -> Pointer | None:
    """Return the pointer to the one member of a name that a place takes, the nearest."""
    for tried in _tried(given, name):
        found = [each for each in tried if _is_taken(given, each, goal, schemas)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _tried(given: Known, name: str) -> Iterator[tuple[Pointer, ...]]:
    names = {each for one in given for each in one.names}
    wrappers = sorted(names if len(names) == 1 else names & _WRAPPERS)
    yield ((name,),)
    yield (("0", name),)
    yield tuple((wrapper, name) for wrapper in wrappers)
    yield tuple((wrapper, "0", name) for wrapper in wrappers)


def _is_taken(given: Known, pointer: Pointer, goal: Goal, schemas: Alternatives) -> bool:
    lead = follow(given, pointer, schemas)
    is_described = lead.way is Way.ON and any(pointer[-1] in each.names for each in lead.before)
    return is_described and bool(lead.known) and refusal(lead.known, goal, schemas) is None


def _text(template: Expression, pointer: Pointer) -> str:
    expression = template.expression
    return f"{expression.text.partition('#')[0]}#{render_pointer((*(expression.pointer or ()), *pointer))}"
