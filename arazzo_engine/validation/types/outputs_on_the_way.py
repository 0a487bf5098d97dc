"""By which outputs a value comes to where it is used: those of steps, and of the workflows that they call.

Decides the places alone, for people: what is wrong with a value may have been written in any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.diagnostics import Related
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.yields import Seen

_LONGEST: Final = 9


def outputs_on_the_way(template: Template, seen: Seen, linked: LinkedDescription) -> Iterator[Related]:
    """Yield the place of each output by which a value comes, the nearest first."""
    yield from (Related("by this output", output.at) for output, _ in outputs_to(_named(template), seen, linked))


def outputs_to(
    expression: RuntimeExpression | None, seen: Seen, linked: LinkedDescription
) -> Iterator[tuple[Template, Seen]]:
    """Yield each output by which a value comes, the nearest first, with what can be seen from it."""
    for _ in range(_LONGEST):
        found = None if expression is None else _output_of(expression, seen, linked)
        if found is None:
            return
        yield found
        expression, seen = _named(found[0]), found[1]


def _output_of(expression: RuntimeExpression, seen: Seen, linked: LinkedDescription) -> tuple[Template, Seen] | None:
    """Return the output that an expression names, with what can be seen from it."""
    workflow, called = seen.workflow, None
    match expression.root, expression.names:
        case Root.STEPS, (step_id, _, name) if step_id in workflow.indexes:
            step = workflow.steps[workflow.indexes[step_id]]
            output = (step.step.outputs or {}).get(name)
            if output is not None:
                return output, seen.after(step)
            called = step.target
        case Root.OUTPUTS, (name,) if seen.step is not None:
            called = seen.step.target
        case Root.WORKFLOWS, (workflow_id, "outputs", name):
            called = linked.named(workflow, workflow_id)
        case _:
            return None
    there = linked.workflows.get(called) if isinstance(called, WorkflowKey) else None
    output = None if there is None else (there.workflow.outputs or {}).get(name)
    return (
        None if there is None or output is None else (output, replace(seen, workflow=there, step=None, criteria=None))
    )


def _named(template: Template) -> RuntimeExpression | None:
    match template:
        case Expression():
            return template.expression
        case Selector():
            return template.context.expression
        case _:
            return None
