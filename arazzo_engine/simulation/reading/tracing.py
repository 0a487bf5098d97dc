"""What a workflow reads of each answer: the places in its body and its headers that anything later depends on.

Decides it from the linked description alone, down the whole way of a value: through outputs, the inputs of called
workflows, and their outputs. What the values are is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import StepKey, WorkflowKey
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.json_texts import spots_in
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.templates import LENGTH, ArrayTemplate, Literal, ObjectTemplate, Selector
from arazzo_engine.simulation.demands import demands_on_earlier, denials_on_earlier, readings_of_name
from arazzo_engine.simulation.queries.open_queries import OpenQuery, values_in
from arazzo_engine.simulation.reading.reads import Need, Read, Readings, Reads
from arazzo_engine.simulation.reading.schemas import body_schema, input_schema, is_body_of_texts, parameter_schema
from arazzo_engine.simulation.reading.uses import Use, use_of
from arazzo_engine.simulation.schema_ways import Ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Criterion, Parameter
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.language.templates import Template
    from arazzo_engine.simulation.demands import Earlier

_LONGEST_WAY: Final = 30
_MOST_WAYS: Final = 200_000
_NUMBER: Final[dict[str, JsonValue]] = {"type": "integer"}


class _Moment(Struct, frozen=True):
    """Where an expression stands: its workflow, and the step whose answer it sees."""

    workflow: LinkedWorkflow
    step: LinkedStep | None


_Callers: TypeAlias = "dict[tuple[WorkflowKey, str], list[tuple[_Moment, Template]]]"


def readings_of(linked: LinkedDescription) -> Readings:
    """Return what the workflows read."""
    tracer = _Tracer(linked, _callers_of(linked), Ways(linked.resolver))
    for workflow in linked.workflows.values():
        tracer.trace(workflow)
    return tracer.found


def readings_behind(
    linked: LinkedDescription, workflow: LinkedWorkflow, step: LinkedStep, needs: Iterable[Need]
) -> Readings:
    """Return the places in answers and inputs from which a step has some values, with what must hold there."""
    tracer = _Tracer(linked, _callers_of(linked), Ways(linked.resolver))
    for each in needs:
        tracer.follow_need(each, _Moment(workflow, step))
    return tracer.found


class _Tracer(Struct):
    linked: LinkedDescription
    callers: _Callers
    ways: Ways
    found: Readings = field(default_factory=Readings)
    left: int = _MOST_WAYS

    def follow_need(self, need: Need, moment: _Moment) -> None:
        """Follow a value of which something must hold, to where it comes from."""
        self._follow_earlier(need.earlier, need.by, moment, Use())

    def trace(self, workflow: LinkedWorkflow) -> None:
        """Follow everything that a workflow reads."""
        for step in workflow.steps:
            moment = _Moment(workflow, step)
            self._trace_request(step, moment)
            for template in (step.step.outputs or {}).values():
                self._follow(template, moment, Use())
            self._trace_handed(step, moment)
            for criterion in step.criteria:
                self._trace_criterion(criterion, moment)
            for criterion in step.step.success_criteria:
                self._trace_earlier(demands_on_earlier(criterion), criterion, moment, Use())
            self._trace_loops(step, moment)
        for template in (workflow.workflow.outputs or {}).values():
            self._follow(template, _Moment(workflow, None), Use())

    def _trace_request(self, step: LinkedStep, moment: _Moment) -> None:
        for parameter in step.parameters:
            self._follow(parameter.value, moment, self._use_of_parameter(parameter, step))
        body = step.step.request_body
        if body is None:
            return
        use = Use(schema=body_schema(step), as_text=is_body_of_texts(step))
        if body.payload is not None:
            self._follow(body.payload, moment, use)
        if isinstance(body.payload, ExpressionString):
            for spot in spots_in(body.payload):
                schema, as_text = self.ways.at(use.schema, spot.path), use.as_text or spot.is_quoted
                self._expression(spot.expression.expression, moment, Use(schema=schema, as_text=as_text))
        self._trace_targets(step, moment)
        for each in body.replacements:
            target = None if each.query is None else use_of(each.query, moment.workflow.key)
            schema = None if target is None else self.ways.at(use.schema, target.path)
            self._follow(each.value, moment, replace(use, schema=schema))

    def _use_of_parameter(self, parameter: Parameter, step: LinkedStep) -> Use:
        if isinstance(step.target, WorkflowKey):
            return Use(schema=input_schema(self.linked, step.target, parameter.name))
        return Use(schema=parameter_schema(parameter, step), as_text=True)

    def _trace_handed(self, step: LinkedStep, moment: _Moment) -> None:
        """Follow what actions hand to the workflows that they lead to."""
        for action in step.actions:
            key = moment.workflow.references.get(action.workflow_id or "")
            for parameter in action.parameters:
                schema = None if key is None else input_schema(self.linked, key, parameter.name)
                self._follow(parameter.value, moment, Use(schema=schema))

    def _trace_loops(self, step: LinkedStep, moment: _Moment) -> None:
        """Follow what keeps a loop going that leads back to earlier steps: their answers must end it."""
        indexes = moment.workflow.indexes
        last = indexes[step.step.step_id]
        for action in step.actions:
            if action.step_id is None or indexes.get(action.step_id, last + 1) > last:
                continue
            for criterion in action.criteria[:1]:
                self._trace_earlier(denials_on_earlier(criterion), criterion, moment, Use(leaves=True))
            # what always leads back is left by what stands before it
            side = step.on_success if action in step.on_success else step.on_failure
            before = (each.criteria for each in side[: side.index(action)] if each.criteria)
            for criterion in () if action.criteria else next(before, ()):
                self._trace_earlier(demands_on_earlier(criterion), criterion, moment, Use(leaves=True))

    def _trace_targets(self, step: LinkedStep, moment: _Moment) -> None:
        """Follow what is replaced in a payload: it must be there."""
        body, schema = step.step.request_body, body_schema(step)
        for each in () if body is None else body.replacements:
            if each.query is not None:
                self._trace_values(each.query, moment)
            target = None if each.query is None else use_of(each.query, moment.workflow.key)
            if target is not None and body is not None and body.payload is not None:
                target = replace(target, by=each.target, schema=self.ways.at(schema, target.path))
                self._follow(body.payload, moment, target)

    def _trace_values(self, query: QueryTemplate, moment: _Moment) -> None:
        """Follow what is put into the text of a query."""
        for part, is_number in values_in(query):
            schema = Schema(moment.workflow.workflow.at, _NUMBER) if is_number else None
            self._expression(part.expression, moment, Use(schema=schema, as_text=True))

    def _trace_earlier(self, wanted: Iterable[Earlier], criterion: Criterion, moment: _Moment, use: Use) -> None:
        """Follow what a criterion wants of what is there before its step is answered."""
        for each in wanted:
            self._follow_earlier(each, criterion.condition, moment, use)

    def _follow_earlier(self, earlier: Earlier, by: str, moment: _Moment, use: Use) -> None:
        asks = earlier.asks
        queries = () if asks is None else (OpenQuery(asks, moment.workflow.key, at=earlier.part),)
        use = replace(use, path=earlier.part, by=by, demands=earlier.demands, queries=queries)
        self._expression(earlier.expression, moment, use)

    def _trace_criterion(self, criterion: Criterion, moment: _Moment) -> None:
        """Follow what a criterion sees of earlier steps: what it wants of the step's own answer is for it to demand."""
        seen: list[tuple[RuntimeExpression, Pointer]] = []
        if criterion.context is not None:
            seen.append((criterion.context, ()))
        if criterion.query is not None:
            self._trace_values(criterion.query, moment)
        if criterion.simple is not None:
            seen.extend(
                each
                for reference in references_in(criterion.simple.node)
                for each in reference.counted or readings_of_name(reference)
            )
        for expression, accessors in seen:
            if expression.root is not Root.RESPONSE:
                self._expression(expression, moment, Use(accessors, criterion.condition))

    def _follow(self, template: Template, moment: _Moment, use: Use) -> None:
        match template:
            case Expression():
                # the bytes of a text are made up as the text that they are
                use = replace(use, schema=None) if template.sends_text else use
                self._expression(template.expression, moment, use)
            case ExpressionString():
                self._follow_text(template, moment, use)
            case Selector():
                self._trace_values(template.query, moment)
                selected = use_of(template.query, moment.workflow.key)
                if selected is not None:
                    use = use.of_length() if template.gives == LENGTH else use
                    use = use.of_each(self.ways) if template.is_list else use
                    use = replace(use, by=use.by or template.query.text)
                    self._expression(template.context.expression, moment, use.beyond(selected))
            case ObjectTemplate():
                self._follow_part(template.members, moment, use)
            case ArrayTemplate():
                members = {str(index): each for index, each in enumerate(template.elements)}
                self._follow_part(members, moment, use)
            case Literal():
                pass

    def _follow_text(self, template: ExpressionString, moment: _Moment, use: Use) -> None:
        # with nothing around it, a value in braces is what goes there, as a text
        schema = use.schema if len(template.parts) == 1 else None
        for part in template.parts:
            if isinstance(part, Expression):
                self._expression(part.expression, moment, replace(use.whole(), schema=schema, as_text=True))

    def _follow_part(self, members: Mapping[str, Template], moment: _Moment, use: Use) -> None:
        if not use.path:
            for name, member in members.items():
                self._follow(member, moment, replace(use, schema=self.ways.at(use.schema, (name,))))
        elif use.path[0] in members:
            self._follow(members[use.path[0]], moment, use.within(use.path[0]))

    def _expression(self, expression: RuntimeExpression, moment: _Moment, use: Use) -> None:
        self.left -= 1
        if use.length > _LONGEST_WAY or self.left < 0:
            return
        whole = use.below(expression.pointer or ())
        lone = use.lone | {len(whole.path) - depth for depth in expression.lone}
        whole = replace(whole, by=use.by or expression.text, lone=lone)
        match expression.root, expression.names:
            case Root.RESPONSE, ("body",):
                self._read_body(moment, whole)
            case Root.RESPONSE, ("header", name):
                self._read_header(moment, name, whole)
            case Root.STEPS, (step_id, _, name) if step_id in moment.workflow.indexes:
                self._output_of_step(moment.workflow, step_id, name, whole)
            case Root.WORKFLOWS, (workflow_id, which, name):
                self._of_workflow(moment, workflow_id, (which, name), whole)
            case Root.OUTPUTS, (name,) if moment.step is not None and isinstance(moment.step.target, WorkflowKey):
                self._output_of_workflow(moment.step.target, name, whole)
            case Root.INPUTS, (name,):
                self._input((moment.workflow.key, name), whole)
            case _:
                pass

    def _of_workflow(self, moment: _Moment, workflow_id: str, what: tuple[str, str], use: Use) -> None:
        key = self.linked.named(moment.workflow, workflow_id)
        if what[0] == "outputs" and key is not None:
            self._output_of_workflow(key, what[1], use)
        elif what[0] == "inputs" and key == moment.workflow.key:
            self._input((moment.workflow.key, what[1]), use)

    def _input(self, named: tuple[WorkflowKey, str], use: Use) -> None:
        for caller, template in self.callers.get(named, ()):
            self._follow(template, caller, use.further())
        self.found.inputs.setdefault(named, []).append(use.read())

    def _read_body(self, moment: _Moment, use: Use) -> None:
        if moment.step is not None and isinstance(moment.step.target, Operation):
            self._at(moment.workflow, moment.step).body.append(use.read())

    def _read_header(self, moment: _Moment, name: str, use: Use) -> None:
        if moment.step is not None and isinstance(moment.step.target, Operation):
            # a header is a text, and has no parts
            read = use.read() if not use.path else Read((), use.by)
            self._at(moment.workflow, moment.step).headers.setdefault(name.lower(), []).append(read)

    def _at(self, workflow: LinkedWorkflow, step: LinkedStep) -> Reads:
        return self.found.answers.setdefault(StepKey(workflow.key, step.step.step_id), Reads())

    def _output_of_step(self, workflow: LinkedWorkflow, step_id: str, name: str, use: Use) -> None:
        step = workflow.steps[workflow.indexes[step_id]]
        template = (step.step.outputs or {}).get(name)
        if template is not None:
            self._follow(template, _Moment(workflow, step), use.further())
        elif isinstance(step.target, WorkflowKey):
            self._output_of_workflow(step.target, name, use)

    def _output_of_workflow(self, key: WorkflowKey, name: str, use: Use) -> None:
        called = self.linked.workflows.get(key)
        template = None if called is None else (called.workflow.outputs or {}).get(name)
        if called is not None and template is not None:
            self._follow(template, _Moment(called, None), use.further())


def _callers_of(linked: LinkedDescription) -> _Callers:
    """Return what each input of a called workflow is given, by the workflow and the name."""
    callers: _Callers = {}
    for workflow in linked.workflows.values():
        for step in workflow.steps:
            if isinstance(step.target, WorkflowKey):
                for parameter in step.parameters:
                    given = callers.setdefault((step.target, parameter.name), [])
                    given.append((_Moment(workflow, step), parameter.value))
    return callers
