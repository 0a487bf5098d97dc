"""What may be null and goes where null is not taken: told once for each value, whatever it is used for.

Decides where a criterion settles it, and where one would: in the step that reads the value. Descriptions often call
null possible what never is, so it is a warning, and nothing where a criterion looks at the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.pointers import is_within, render_pointer
from arazzo_engine.language.conditions.condition import Comparison, LiteralValue, Not, Reference, comparisons_in
from arazzo_engine.language.conditions.contradictions import can_hold, operand_of
from arazzo_engine.language.expressions.grammar import Root, RuntimeExpression
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import Selector
from arazzo_engine.validation.flow.choices import claims_of
from arazzo_engine.validation.types.yields import pointer_of

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.yields import Seen


class Origin(Struct, frozen=True):
    """A value by its name, and by that in the step which reads it; that one has the name alone where nobody knows."""

    name: RuntimeExpression
    read: RuntimeExpression
    step: LinkedStep | None

    @property
    def key(self) -> tuple[str, str]:
        """What two uses of one value have in common."""
        return self.read.text, "" if self.step is None else self.step.step.step_id

    @property
    def fix(self) -> str:
        """What to write, so that it is no longer null where it is used."""
        if self.name.root is Root.INPUTS:
            return f"leave null out of the schema of input `{self.name.names[0]}`"
        if self.step is None:
            return f"add the criterion `{self.name} != null` to the step before"
        condition, has_others = f"{self.read} != null", bool(self.step.step.success_criteria)
        if not has_others and not isinstance(self.step.target, WorkflowKey):
            # with criteria, the status alone is no success any more
            condition = f"$statusCode < 400 && {condition}"
        return f"add `condition: {write_scalar(condition)}` to the `successCriteria` of step `{self.step.step.step_id}`"


def origin_of(template: Template, seen: Seen) -> Origin | None:
    """Return where a value comes from, ``None`` for one that is no expression."""
    name = _named(template)
    if name is None:
        return None
    workflow, names = seen.workflow, name.names
    if name.root is Root.STEPS and names[0] in workflow.indexes:
        step = workflow.steps[workflow.indexes[names[0]]]
        read = _named((step.step.outputs or {}).get(names[2]))
        return Origin(name, name if read is None else _below(read, name.pointer or ()), step)
    return Origin(name, name, seen.step if name.root in {Root.RESPONSE, Root.OUTPUTS} else None)


def is_looked_at(origin: Origin, workflow: LinkedWorkflow) -> bool:
    """Whether a criterion asks whether the value is null, or what it is."""
    inner = () if origin.step is None else origin.step.criteria
    return any(_looks_at(each, origin.read) for each in inner) or any(
        _looks_at(each, origin.name) for step in workflow.steps for each in step.criteria
    )


def _looks_at(criterion: Criterion, name: RuntimeExpression) -> bool:
    reference = Reference(name.text, ((name, ()),), (0, 0))
    if criterion.simple is None:
        return _queries(criterion, name)
    if any(_is_compared(each, reference) for each in comparisons_in(criterion.simple.node)):
        return True
    claims, is_null = claims_of([criterion]), Comparison("==", reference, LiteralValue(None))
    return can_hold(claims) and not all(can_hold((*claims, each)) for each in (is_null, Not(is_null)))


def _queries(criterion: Criterion, name: RuntimeExpression) -> bool:
    """Whether a query is about the value, or names it as a part of its context."""
    context, pointer = criterion.context, name.pointer or ()
    if context is None or (context.root, context.names) != (name.root, name.names):
        return False
    above = context.pointer or ()
    return pointer == above or (is_within(pointer, above) and str(pointer[-1]) in criterion.condition)


def _is_compared(comparison: Comparison, reference: Reference) -> bool:
    """Whether the value is to be what another one is."""
    sides = (comparison.left, comparison.right)
    known = [operand_of(each) == operand_of(reference) for each in sides if isinstance(each, Reference)]
    return comparison.operator != "!=" and any(known) and not any(isinstance(each, LiteralValue) for each in sides)


def _named(template: Template | None) -> RuntimeExpression | None:
    match template:
        case Expression():
            return template.expression
        case Selector():
            pointer = pointer_of(template)
            return None if pointer is None else _below(template.context.expression, pointer)
        case _:
            return None


def _below(expression: RuntimeExpression, pointer: Pointer) -> RuntimeExpression:
    if not pointer:
        return expression
    whole = (*(expression.pointer or ()), *pointer)
    text = f"{expression.text.partition('#')[0]}#{render_pointer(whole)}"
    return RuntimeExpression(text, expression.root, expression.names, whole)
