"""What a workflow reads of its values: each expression with the pointer behind it, and from where it is looked at.

Decides which of several readings of a reference is meant, and which reading only asks whether something is there. What
is wrong with one is for others to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.linking.uses import Moment, Use, uses_in
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.conditions.condition import Comparison, LiteralValue, Not, Reference, nodes_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, Selector
from arazzo_engine.validation.inputs.schemas import declared_inputs
from arazzo_engine.validation.types.yields import Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.templates import Template

_OF_FAILURES: Final = frozenset({"onFailure", "failureActions"})


class Read(Struct, frozen=True):
    """An expression and the whole pointer behind it. One that is ``tentative`` may well find nothing there."""

    use: Use
    expression: RuntimeExpression
    pointer: Pointer
    seen: Seen
    is_tentative: bool

    @property
    def name(self) -> str:
        """The expression without its pointer."""
        return self.expression.text.partition("#")[0]

    @property
    def owner(self) -> str:
        """What has the value: the answer of an operation, or the expression itself."""
        step = self.seen.step
        if self.expression.root is Root.RESPONSE and step is not None and isinstance(step.target, Operation):
            return f"the answer of operation `{step.target.label}`"
        return f"`{self.name}`"


class Asked(Struct, frozen=True):
    """A criterion where it stands; one that ``is_assertion`` makes its step fail."""

    criterion: Criterion
    seen: Seen
    step: LinkedStep
    is_assertion: bool = False


def asked_by(step: LinkedStep, workflow: LinkedWorkflow) -> Iterator[Asked]:
    """Yield the criteria of a step, and those of its actions, with what holds when each is judged."""
    own = step.step.success_criteria
    for criterion in own:
        yield Asked(criterion, Seen(workflow, step, own), step, is_assertion=True)
    for success in step.on_success:
        for criterion in success.criteria:
            yield Asked(criterion, Seen(workflow, step, (*own, *success.criteria)), step)
    for failure in step.on_failure:
        for criterion in failure.criteria:
            yield Asked(criterion, Seen(workflow, step, failure.criteria), step)


def selectors_in(workflow: LinkedWorkflow) -> Iterator[tuple[Selector, Seen]]:
    """Yield each Selector Object of a workflow, with what can be seen from it."""
    for step in workflow.steps:
        before, after, body = Seen(workflow, step), Seen(workflow).after(step), step.step.request_body
        whole = () if body is None or body.payload is None else (body.payload,)
        replaced = () if body is None else tuple(each.value for each in body.replacements)
        for template in (*(each.value for each in step.parameters), *whole, *replaced):
            yield from ((each, before) for each in _selectors(template))
        given = (each.value for action in step.actions for each in action.parameters)
        for template in (*(step.step.outputs or {}).values(), *given):
            yield from ((each, after) for each in _selectors(template))
    for template in (workflow.workflow.outputs or {}).values():
        yield from ((each, Seen(workflow)) for each in _selectors(template))


def _selectors(template: Template) -> Iterator[Selector]:
    match template:
        case Selector():
            yield template
        case ObjectTemplate():
            for member in template.members.values():
                yield from _selectors(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from _selectors(element)
        case _:
            pass


def reads_in(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Read]:
    """Yield everything that a workflow reads, in document order."""
    tested = {place: texts for step in workflow.steps for place, texts in _tested_in(step)}
    for use in uses_in(workflow):
        go_on()
        index = _meant(use, workflow, linked)
        if index is None:
            continue
        expression = use.readings[index]
        pointer = (*(expression.pointer or ()), *(use.accessors[index] if use.accessors else ()))
        is_of_failure = use.moment is Moment.ACTION and not _OF_FAILURES.isdisjoint(use.at.pointer)
        is_tentative = is_of_failure or use.text in tested.get(use.at, ())
        seen = _seen(use, workflow, any_answer=is_of_failure)
        yield Read(use, expression, pointer, seen, is_tentative)


def meant_reading(
    readings: Iterable[RuntimeExpression], workflow: LinkedWorkflow, step: LinkedStep | None, linked: LinkedDescription
) -> int | None:
    """Return which of the readings of a reference names something that exists, the first such, ``None`` for none."""
    for index, expression in enumerate(readings):
        if _exists(expression, workflow, step, linked):
            return index
    return None


def _meant(use: Use, workflow: LinkedWorkflow, linked: LinkedDescription) -> int | None:
    return 0 if len(use.readings) == 1 else meant_reading(use.readings, workflow, use.step, linked)


def _exists(
    expression: RuntimeExpression, workflow: LinkedWorkflow, step: LinkedStep | None, linked: LinkedDescription
) -> bool:
    match expression.root, expression.names:
        case Root.INPUTS, (name,):
            return name in declared_inputs(workflow)
        case Root.STEPS, (step_id, _, name) if step_id in workflow.indexes:
            named = workflow.steps[workflow.indexes[step_id]]
            is_called = isinstance(named.target, WorkflowKey) and linked.has_output(named.target, name)
            return is_called or name in (named.step.outputs or {})
        case Root.WORKFLOWS, (workflow_id, "outputs", name):
            key = linked.named(workflow, workflow_id)
            return key is not None and linked.has_output(key, name)
        case Root.OUTPUTS, (name,) if step is not None and isinstance(step.target, WorkflowKey):
            return linked.has_output(step.target, name)
        case ((Root.INPUTS | Root.STEPS | Root.WORKFLOWS | Root.OUTPUTS), _):
            return False
        case _:
            return True


def _seen(use: Use, workflow: LinkedWorkflow, *, any_answer: bool) -> Seen:
    if use.step is None or any_answer:
        return Seen(workflow, use.step)
    return Seen(workflow).after(use.step)


def _tested_in(step: LinkedStep) -> Iterator[tuple[Place, frozenset[str]]]:
    """Yield the place of each condition of a step with the references that it expects to find nothing."""
    for criterion in step.criteria:
        if criterion.simple is not None:
            found = (text for each in nodes_in(criterion.simple.node) for text in _absent_in(each))
            yield criterion.at.child("condition"), frozenset(found)


def _absent_in(node: Node) -> Iterator[str]:
    match node:
        case Not(operand=Reference() as reference):
            yield reference.text
        case Comparison(operator="==", left=Reference() as reference, right=LiteralValue(value=None)):
            yield reference.text
        case Comparison(operator="==", left=LiteralValue(value=None), right=Reference() as reference):
            yield reference.text
        case _:
            pass
