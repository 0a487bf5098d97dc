"""Values that an API took and takes no more, where a step gives what is only known when it runs.

Decides when that is a matter of a step: when what it gives may be one of them. A value that is written out is judged
with the literals, and a step that can give nothing that is taken with the types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.schemas.alternatives import all_values
from arazzo_engine.language.expressions.strings import Expression, text_of
from arazzo_engine.language.templates import ObjectTemplate, Selector, template_text
from arazzo_engine.validation.types.passing import goals_of
from arazzo_engine.validation.types.yields import Seen, yields_of
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.taking import Goal
    from arazzo_engine.validation.types.yields import Yields

FIX: Final = "give one that it takes, or check the value before it is sent"


class Narrowed(Struct, frozen=True):
    """A place of a step that takes less than before, and the template whose value goes there."""

    workflow_id: str
    step_id: str
    message: str
    template: Expression | Selector


def narrowed_values(before: LinkedDescription, after: LinkedDescription) -> Iterator[Narrowed]:
    """Yield each place of a step that takes less than before."""
    old, new = yields_of(before), yields_of(after)
    for key, workflow in after.workflows.items():
        # the document is the same, and so are its steps
        for was, step in zip(before.workflows[key].steps, workflow.steps, strict=True):
            places = _places(was, old)
            for what, (template, goal) in _places(step, new).items():
                message = _message(places.get(what), template, goal, _given(template, workflow, step, new))
                if message:
                    yield Narrowed(key.workflow_id, step.step.step_id, f"{what} {message}", template)


def _given(template: Expression | Selector, workflow: LinkedWorkflow, step: LinkedStep, yields: Yields) -> Known:
    return yields.of_template(template, Seen(workflow, step))


def _places(step: LinkedStep, yields: Yields) -> Mapping[str, tuple[Expression | Selector, Goal]]:
    if not isinstance(step.target, Operation):
        return {}
    top = goals_of(step, step.target, yields)
    return {goal.what: (template, goal) for each in top for template, goal in _within(*each, yields)}


def _within(template: Template, goal: Goal, yields: Yields) -> Iterator[tuple[Expression | Selector, Goal]]:
    """Yield what is only known when the step runs, with the places that it goes to."""
    if isinstance(template, Expression | Selector):
        yield template, goal
    elif isinstance(template, ObjectTemplate):
        for name, each in template.members.items():
            yield from _within(each, goal.below(name, yields.schemas, is_needed=False), yields)


def _message(
    was: tuple[Expression | Selector, Goal] | None, template: Expression | Selector, goal: Goal, known: Known
) -> str:
    """Return what is taken no more, of what may be given; "" when there is nothing."""
    taken, given = _texts(goal.known), _texts(known)
    # where nothing of what is given is taken, the types say it
    if was is None or taken is None or (given is not None and given.isdisjoint(taken)):
        return ""
    before = _texts(was[1].known)
    if before is None and given is None:
        return f"takes only {listed(sorted(taken))} now, and `{template_text(template)}` may give another"
    possible = before if given is None else given if before is None else given & before
    gone = sorted((possible or frozenset()) - taken)
    return f"takes {listed(gone)} no more, and `{template_text(template)}` may give it" if gone else ""


def _texts(known: Known) -> frozenset[str] | None:
    """Return the only values there can be, as texts; ``None`` when they are not listed."""
    values = all_values(known)
    return None if values is None else frozenset(map(text_of, values))
