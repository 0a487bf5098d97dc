"""What an expression yields, as far as descriptions say: followed through outputs, called workflows and documents.

Decides nothing about what may be done with it. An input is what its schema says, an answer what its operation documents
for the statuses that the criteria allow. Whatever is not described is not known. Each output is looked at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import WorkflowKey, as_answered
from arazzo_engine.apis.schemas.alternatives import Alternative, Alternatives, Known, all_types, typed, written
from arazzo_engine.apis.schemas.answers import body_of, header_of
from arazzo_engine.apis.schemas.emptiness import Emptiness
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.apis.schemas.statuses import Allowed, allowed_by
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.query_paths import demands_of_query
from arazzo_engine.language.templates import LENGTH, ArrayTemplate, Literal, ObjectTemplate, Selector, Template

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Criterion

# an output may be that of another one, and so on
_LONGEST: Final = 40
_COUNTED: Final = frozenset({"array", "string"})
_TYPES: Final = {
    Root.STATUS_CODE: "integer",
    **dict.fromkeys((Root.URL, Root.METHOD, Root.SELF, Root.SOURCE_DESCRIPTIONS), "string"),
}
_SELECTOR: Final = frozenset({"context", "selector", "type"})


class Seen(Struct, frozen=True):
    """From where an expression is looked at: its workflow, the step whose answer it sees, and what holds of that.

    Without criteria it is any answer that the operation documents.
    """

    workflow: LinkedWorkflow
    step: LinkedStep | None = None
    criteria: tuple[Criterion, ...] | None = None

    def after(self, step: LinkedStep) -> Seen:
        """Return the moment at which a step of the workflow has succeeded."""
        return Seen(self.workflow, step, step.step.success_criteria)


_Output = tuple[WorkflowKey, str, str]


class Yields(Struct, frozen=True):
    """Follows expressions; ``depth`` counts the outputs that one comes through."""

    linked: LinkedDescription
    schemas: Alternatives
    emptiness: Emptiness
    outputs: dict[_Output, Known] = field(default_factory=dict)
    answers: dict[tuple[WorkflowKey, str, tuple[int, ...] | None], Allowed] = field(default_factory=dict)
    lists: dict[tuple[WorkflowKey, str, int], tuple[tuple[Criterion, ...] | None, Allowed]] = field(
        default_factory=dict
    )
    bodies: dict[int, Known] = field(default_factory=dict)

    def of(self, expression: RuntimeExpression, seen: Seen, depth: int = 0) -> Known:
        """Return what is known of an expression's value, nothing when that is nothing."""
        known = self.base(expression, seen, depth)
        return follow(known, expression.pointer, self.schemas).known if known and expression.pointer else known

    def base(self, expression: RuntimeExpression, seen: Seen, depth: int = 0) -> Known:
        """Return what is known of the value that the expression names before its pointer."""
        known: Known = ()
        if depth > _LONGEST:
            return known
        match expression.root, expression.names:
            case Root.RESPONSE, names:
                known = self._answer(names, seen)
            case Root.INPUTS, (name,):
                known = self.input_of(seen.workflow, name)
            case Root.STEPS, (step_id, _, name) if step_id in seen.workflow.indexes:
                known = self._of_step(seen.workflow, step_id, name, depth + 1)
            case Root.WORKFLOWS, (workflow_id, kind, name):
                known = self._of_workflow(self.linked.named(seen.workflow, workflow_id), kind, name, depth + 1)
            case Root.OUTPUTS, (name,) if seen.step is not None and isinstance(seen.step.target, WorkflowKey):
                known = self._of_workflow(seen.step.target, "outputs", name, depth + 1)
            case root, _:
                at = seen.workflow.workflow.at
                known = typed(_TYPES[root], at) if root in _TYPES else ()
        return known

    def of_template(self, template: Template, seen: Seen, depth: int = 0) -> Known:
        """Return what is known of what a template becomes."""
        match template:
            case Literal(value=value):
                # a selector that could not be read is told by itself
                is_selector = isinstance(value, dict) and value.keys() >= _SELECTOR
                return () if is_selector else written(value, template.at)
            case Expression():
                return self.of(template.expression, seen, depth)
            case ExpressionString():
                return typed("string", template.at)
            case ObjectTemplate():
                members = {name: self.of_template(each, seen, depth) for name, each in template.members.items()}
                return (Alternative(_of_type("object", template.at), members=members),)
            case ArrayTemplate():
                elements = tuple(self.of_template(each, seen, depth) for each in template.elements)
                return (Alternative(_of_type("array", template.at), elements=elements),)
            case Selector():
                return self._selected(template, seen, depth)

    def allowed(self, seen: Seen) -> Allowed | None:
        """Return the responses that an expression can see, ``None`` when it sees that of no operation."""
        step = seen.step
        if step is None or not isinstance(step.target, Operation):
            return None
        criteria = seen.criteria
        of_list = (seen.workflow.key, step.step.step_id, id(criteria))
        if of_list not in self.lists:
            # kept beside them, so that no other list has its id
            self.lists[of_list] = criteria, self._allowed_by(seen, step, step.target)
        return self.lists[of_list][1]

    def _allowed_by(self, seen: Seen, step: LinkedStep, target: Operation) -> Allowed:
        # criteria live as long as what is linked
        criteria = seen.criteria
        key = (seen.workflow.key, step.step.step_id, None if criteria is None else tuple(map(id, criteria)))
        if key not in self.answers:
            operation = as_answered(step, target)
            found = Allowed(operation.responses) if criteria is None else allowed_by(criteria, operation)
            self.answers[key] = found
        return self.answers[key]

    def _answer(self, names: tuple[str, ...], seen: Seen) -> Known:
        allowed = self.allowed(seen)
        if allowed is None or seen.step is None or not isinstance(seen.step.target, Operation):
            return ()
        at = seen.step.target.at
        match names:
            case ("body",):
                # what is kept in `answers` stays where it is
                key = id(allowed)
                if key not in self.bodies:
                    self.bodies[key] = body_of(allowed.responses, at, self.schemas)
                return self.bodies[key]
            case ("header", name):
                return header_of(name, allowed.responses, at, self.schemas)
            case _:
                return ()

    def input_of(self, workflow: LinkedWorkflow, name: str) -> Known:
        """Return what is known of an input by the schema of its workflow."""
        inputs = workflow.workflow.inputs
        if not isinstance(inputs, dict):
            return ()
        schema = Schema(workflow.workflow.at.child("inputs"), inputs)
        return follow(self.schemas.of((schema,)), (name,), self.schemas).known

    def _of_step(self, workflow: LinkedWorkflow, step_id: str, name: str, depth: int) -> Known:
        key = (workflow.key, step_id, name)
        if key not in self.outputs:
            self.outputs[key] = ()  # what an output needs itself for is not known
            step = workflow.steps[workflow.indexes[step_id]]
            template = (step.step.outputs or {}).get(name)
            if template is not None:
                self.outputs[key] = self.of_template(template, Seen(workflow).after(step), depth)
            elif isinstance(step.target, WorkflowKey):
                self.outputs[key] = self._of_workflow(step.target, "outputs", name, depth)
        return self.outputs[key]

    def _of_workflow(self, called: WorkflowKey | None, kind: str, name: str, depth: int) -> Known:
        workflow = None if called is None else self.linked.workflows.get(called)
        # after "a one-way transfer of workflow control" the outputs are those of another workflow
        if workflow is None or workflow.transfers:
            return ()
        if kind == "inputs":
            return self.input_of(workflow, name)
        key = (workflow.key, "", name)
        if key not in self.outputs:
            self.outputs[key] = ()
            template = (workflow.workflow.outputs or {}).get(name)
            if template is not None:
                self.outputs[key] = self.of_template(template, Seen(workflow), depth)
        return self.outputs[key]

    def _selected(self, selector: Selector, seen: Seen, depth: int) -> Known:
        pointer = pointer_of(selector)
        if pointer is None:
            return typed("array", selector.at) if selector.is_list else ()
        known = follow(self.of(selector.context.expression, seen, depth), pointer, self.schemas).known
        if selector.gives == LENGTH:
            is_counted = bool(known) and all_types(known) <= _COUNTED
            return typed("integer", selector.at) if is_counted else ()
        return known


def yields_of(linked: LinkedDescription) -> Yields:
    """Return what the expressions of a linked description yield, nothing of which has been looked at."""
    parts = Parts(linked.resolver)
    return Yields(linked, Alternatives(parts), Emptiness(parts))


def pointer_of(selector: Selector) -> Pointer | None:
    """Return the JSON Pointer that says the same as a selector, ``None`` where none does or expressions decide it."""
    query = selector.query
    if query.expressions:
        return None
    if query.type.type is Language.JSONPATH and not selector.is_list:
        demands = demands_of_query(query.text) or ()
        # a filter is a demand of its own
        return demands[0].path if len(demands) == 1 else None
    return parse_pointer(query.text) if query.type.type is Language.JSONPOINTER else None


def _of_type(type_: str, at: Place) -> tuple[Schema, ...]:
    return (Schema(at, {"type": type_}),)
