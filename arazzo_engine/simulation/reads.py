"""What a workflow reads of each answer: the places in its body and its headers that anything later depends on.

Decides it from the linked description alone, down the whole way of a value: through outputs, the inputs of called
workflows, and their outputs. What the values are is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import StepKey, WorkflowKey, content_type_of
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.templates import LENGTH, ArrayTemplate, Literal, ObjectTemplate, Selector
from arazzo_engine.simulation.demands import demands_on_earlier, denials_on_earlier, readings_of_name
from arazzo_engine.simulation.queries.json_texts import spots_in
from arazzo_engine.simulation.queries.jsonpath import LENGTH as HAS_LENGTH
from arazzo_engine.simulation.queries.open_queries import OpenQuery, open_query, selected_by, values_in
from arazzo_engine.simulation.schema_ways import Ways
from arazzo_engine.validation.inputs.schemas import properties_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import Criterion, Parameter
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.language.templates import Template
    from arazzo_engine.simulation.demands import Earlier
    from arazzo_engine.simulation.queries.jsonpath import Demand

_LONGEST_WAY: Final = 30
_MOST_WAYS: Final = 200_000
_NUMBER: Final[dict[str, JsonValue]] = {"type": "integer"}
_OF_TEXTS: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART, BodyKind.XML})


class Read(Struct, frozen=True):
    """A place in the body of an answer, what reads it, and the schema of where it goes when that is known.

    Counted from the end of the path, ``lone`` says which of its tokens are lone elements of lists. The ``demands`` must
    hold for it to be read; of one that ``leaves`` a loop, when the step is come back to. What stands somewhere
    ``as_text`` may be of any type that a text can be read as.
    """

    path: Pointer
    by: str
    schema: Schema | None = None
    lone: frozenset[int] = frozenset()
    demands: tuple[Demand, ...] = ()
    leaves: bool = False
    as_text: bool = False
    queries: tuple[OpenQuery, ...] = ()

    @property
    def lists(self) -> tuple[Pointer, ...]:
        """The paths of the lists that must have one element."""
        return tuple(self.path[:-each] for each in sorted(self.lone, reverse=True))

    def filled(self, workflow: WorkflowKey, scope: Scope) -> Read | None:
        """Return what is read once the queries on the way have values, as a workflow sees them.

        Without them it is what is read whatever they are, ``None`` where there is no such place.
        """
        read = self
        for query in sorted(self.queries, key=lambda each: len(each.at), reverse=True):
            asked = query.filled(scope) if query.workflow == workflow else None
            if asked is not None:
                moved = (replace(each, path=query.moved(each.path, asked[0])) for each in read.demands)
                path = query.moved(read.path, asked[0])
                read = replace(read, path=path, demands=(*asked[1], *moved))
            elif not query.is_settled:
                return None
        return replace(read, queries=())


def filled(read: Read, workflow: WorkflowKey, scope: Scope) -> Read | None:
    """Return what is read where the values of queries are known, ``None`` where nothing is."""
    return read.filled(workflow, scope) if read.queries else read


class Reads(Struct):
    """What is read of one answer."""

    body: list[Read] = field(default_factory=list)
    headers: dict[str, list[Read]] = field(default_factory=dict)

    def at_visit(self, visit: int, workflow: WorkflowKey, scope: Scope) -> Reads:
        """Return what is read of the answer to a request of a workflow, the first of its step or a later one."""

        def now(reads: Iterable[Read]) -> list[Read]:
            asked = (each for each in reads if visit > 1 or not each.leaves)
            return [each for read in asked if (each := filled(read, workflow, scope)) is not None]

        return Reads(now(self.body), {name: now(of_it) for name, of_it in self.headers.items()})

    def followed_by(self, others: Reads) -> Reads:
        """Return what is read here and there; where they demand what cannot be both, the others have it."""
        names = dict.fromkeys((*self.headers, *others.headers))
        headers = {name: [*self.headers.get(name, ()), *others.headers.get(name, ())] for name in names}
        return Reads([*self.body, *others.body], headers)


class Need(Struct, frozen=True):
    """What must hold of a value from before a step, for a condition."""

    earlier: Earlier
    by: str


class Readings(Struct, frozen=True):
    """What is read of each answer, by its step, and of each input, by workflow and name."""

    answers: dict[StepKey, Reads] = field(default_factory=dict)
    inputs: dict[tuple[WorkflowKey, str], list[Read]] = field(default_factory=dict)


class _Moment(Struct, frozen=True):
    """Where an expression stands: its workflow, and the step whose answer it sees."""

    workflow: LinkedWorkflow
    step: LinkedStep | None


_Callers: TypeAlias = "dict[tuple[WorkflowKey, str], list[tuple[_Moment, Template]]]"


class _Use(Struct, frozen=True):
    """What is read on from an expression: the rest of the path, the text that reads it, and where it goes.

    ``length`` counts the outputs and inputs that the value comes through.
    """

    path: Pointer = ()
    by: str = ""
    schema: Schema | None = None
    length: int = 0
    lone: frozenset[int] = frozenset()
    demands: tuple[Demand, ...] = ()
    leaves: bool = False
    as_text: bool = False
    queries: tuple[OpenQuery, ...] = ()

    def below(self, before: Pointer) -> _Use:
        """Return the same, with what stands before it."""
        demands = tuple(replace(each, path=(*before, *each.path)) for each in self.demands)
        queries = tuple(each.below(before) for each in self.queries)
        return replace(self, path=(*before, *self.path), demands=demands, queries=queries)

    def beyond(self, selected: _Use) -> _Use:
        """Return the same of what is selected of another value."""
        below = self.below(selected.path)
        demands, queries = (*selected.demands, *below.demands), (*selected.queries, *below.queries)
        return replace(below, demands=demands, queries=queries)

    def whole(self) -> _Use:
        """Return the same of a value without parts."""
        return replace(self, path=(), demands=(), queries=())

    def of_length(self) -> _Use:
        """Return the same of what is as long as the value should be."""
        demands = tuple(replace(each, of=HAS_LENGTH) for each in self.demands if not each.path and not each.of)
        return replace(self, path=(), schema=None, demands=demands, queries=())

    def of_each(self, ways: Ways) -> _Use:
        """Return the same of each element of what should be a list."""
        if self.path and self.path[0].isdecimal():
            return self.within(self.path[0])
        return replace(self.whole(), schema=None if self.path else ways.element(self.schema))

    def within(self, member: str) -> _Use:
        """Return the same for the member that it begins with."""
        demands = tuple(replace(each, path=each.path[1:]) for each in self.demands if each.path[:1] == (member,))
        queries = tuple(below for each in self.queries for below in each.within(member))
        return replace(self, path=self.path[1:], demands=demands, queries=queries)

    def read(self) -> Read:
        """Return what is read when this is the whole way."""
        return Read(self.path, self.by, self.schema, self.lone, self.demands, self.leaves, self.as_text, self.queries)

    def further(self) -> _Use:
        """Return the same, one output or input later."""
        return replace(self, length=self.length + 1)


def by_path(reads: Iterable[Read]) -> dict[Pointer, list[Read]]:
    """Return the reads of each place, those of a whole before those of its parts."""
    found: dict[Pointer, list[Read]] = {}
    for read in sorted(reads, key=lambda each: len(each.path)):
        found.setdefault(read.path, []).append(read)
    return found


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
        self._follow_earlier(need.earlier, need.by, moment, _Use())

    def trace(self, workflow: LinkedWorkflow) -> None:
        """Follow everything that a workflow reads."""
        for step in workflow.steps:
            moment = _Moment(workflow, step)
            self._trace_request(step, moment)
            for template in (step.step.outputs or {}).values():
                self._follow(template, moment, _Use())
            self._trace_handed(step, moment)
            for criterion in step.criteria:
                self._trace_criterion(criterion, moment)
            for criterion in step.step.success_criteria:
                self._trace_earlier(demands_on_earlier(criterion), criterion, moment, _Use())
            self._trace_loops(step, moment)
        for template in (workflow.workflow.outputs or {}).values():
            self._follow(template, _Moment(workflow, None), _Use())

    def _trace_request(self, step: LinkedStep, moment: _Moment) -> None:
        for parameter in step.parameters:
            self._follow(parameter.value, moment, self._use_of_parameter(parameter, step))
        body = step.step.request_body
        if body is None:
            return
        use = _Use(schema=body_schema(step), as_text=_is_body_of_texts(step))
        if body.payload is not None:
            self._follow(body.payload, moment, use)
        if isinstance(body.payload, ExpressionString):
            for spot in spots_in(body.payload):
                schema, as_text = self.ways.at(use.schema, spot.path), use.as_text or spot.is_quoted
                self._expression(spot.expression.expression, moment, _Use(schema=schema, as_text=as_text))
        self._trace_targets(step, moment)
        for each in body.replacements:
            target = None if each.query is None else _use_of(each.query, moment)
            schema = None if target is None else self.ways.at(use.schema, target.path)
            self._follow(each.value, moment, replace(use, schema=schema))

    def _use_of_parameter(self, parameter: Parameter, step: LinkedStep) -> _Use:
        if isinstance(step.target, WorkflowKey):
            return _Use(schema=input_schema(self.linked, step.target, parameter.name))
        return _Use(schema=_schema_of(parameter, step), as_text=True)

    def _trace_handed(self, step: LinkedStep, moment: _Moment) -> None:
        """Follow what actions hand to the workflows that they lead to."""
        for action in step.actions:
            key = moment.workflow.references.get(action.workflow_id or "")
            for parameter in action.parameters:
                schema = None if key is None else input_schema(self.linked, key, parameter.name)
                self._follow(parameter.value, moment, _Use(schema=schema))

    def _trace_loops(self, step: LinkedStep, moment: _Moment) -> None:
        """Follow what keeps a loop going that leads back to earlier steps: their answers must end it."""
        indexes = moment.workflow.indexes
        last = indexes[step.step.step_id]
        for action in step.actions:
            if action.step_id is None or indexes.get(action.step_id, last + 1) > last:
                continue
            for criterion in action.criteria[:1]:
                self._trace_earlier(denials_on_earlier(criterion), criterion, moment, _Use(leaves=True))
            # what always leads back is left by what stands before it
            side = step.on_success if action in step.on_success else step.on_failure
            before = (each.criteria for each in side[: side.index(action)] if each.criteria)
            for criterion in () if action.criteria else next(before, ()):
                self._trace_earlier(demands_on_earlier(criterion), criterion, moment, _Use(leaves=True))

    def _trace_targets(self, step: LinkedStep, moment: _Moment) -> None:
        """Follow what is replaced in a payload: it must be there."""
        body, schema = step.step.request_body, body_schema(step)
        for each in () if body is None else body.replacements:
            if each.query is not None:
                self._trace_values(each.query, moment)
            target = None if each.query is None else _use_of(each.query, moment)
            if target is not None and body is not None and body.payload is not None:
                target = replace(target, by=each.target, schema=self.ways.at(schema, target.path))
                self._follow(body.payload, moment, target)

    def _trace_values(self, query: QueryTemplate, moment: _Moment) -> None:
        """Follow what is put into the text of a query."""
        for part, is_number in values_in(query):
            schema = Schema(moment.workflow.workflow.at, _NUMBER) if is_number else None
            self._expression(part.expression, moment, _Use(schema=schema, as_text=True))

    def _trace_earlier(self, wanted: Iterable[Earlier], criterion: Criterion, moment: _Moment, use: _Use) -> None:
        """Follow what a criterion wants of what is there before its step is answered."""
        for each in wanted:
            self._follow_earlier(each, criterion.condition, moment, use)

    def _follow_earlier(self, earlier: Earlier, by: str, moment: _Moment, use: _Use) -> None:
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
                self._expression(expression, moment, _Use(accessors, criterion.condition))

    def _follow(self, template: Template, moment: _Moment, use: _Use) -> None:
        match template:
            case Expression():
                # the bytes of a text are made up as the text that they are
                use = replace(use, schema=None) if template.sends_text else use
                self._expression(template.expression, moment, use)
            case ExpressionString():
                self._follow_text(template, moment, use)
            case Selector():
                self._trace_values(template.query, moment)
                selected = _use_of(template.query, moment)
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

    def _follow_text(self, template: ExpressionString, moment: _Moment, use: _Use) -> None:
        # with nothing around it, a value in braces is what goes there, as a text
        schema = use.schema if len(template.parts) == 1 else None
        for part in template.parts:
            if isinstance(part, Expression):
                self._expression(part.expression, moment, replace(use.whole(), schema=schema, as_text=True))

    def _follow_part(self, members: Mapping[str, Template], moment: _Moment, use: _Use) -> None:
        if not use.path:
            for name, member in members.items():
                self._follow(member, moment, replace(use, schema=self.ways.at(use.schema, (name,))))
        elif use.path[0] in members:
            self._follow(members[use.path[0]], moment, use.within(use.path[0]))

    def _expression(self, expression: RuntimeExpression, moment: _Moment, use: _Use) -> None:
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

    def _of_workflow(self, moment: _Moment, workflow_id: str, what: tuple[str, str], use: _Use) -> None:
        key = self.linked.named(moment.workflow, workflow_id)
        if what[0] == "outputs" and key is not None:
            self._output_of_workflow(key, what[1], use)
        elif what[0] == "inputs" and key == moment.workflow.key:
            self._input((moment.workflow.key, what[1]), use)

    def _input(self, named: tuple[WorkflowKey, str], use: _Use) -> None:
        for caller, template in self.callers.get(named, ()):
            self._follow(template, caller, use.further())
        self.found.inputs.setdefault(named, []).append(use.read())

    def _read_body(self, moment: _Moment, use: _Use) -> None:
        if moment.step is not None and isinstance(moment.step.target, Operation):
            self._at(moment.workflow, moment.step).body.append(use.read())

    def _read_header(self, moment: _Moment, name: str, use: _Use) -> None:
        if moment.step is not None and isinstance(moment.step.target, Operation):
            # a header is a text, and has no parts
            read = use.read() if not use.path else Read((), use.by)
            self._at(moment.workflow, moment.step).headers.setdefault(name.lower(), []).append(read)

    def _at(self, workflow: LinkedWorkflow, step: LinkedStep) -> Reads:
        return self.found.answers.setdefault(StepKey(workflow.key, step.step.step_id), Reads())

    def _output_of_step(self, workflow: LinkedWorkflow, step_id: str, name: str, use: _Use) -> None:
        step = workflow.steps[workflow.indexes[step_id]]
        template = (step.step.outputs or {}).get(name)
        if template is not None:
            self._follow(template, _Moment(workflow, step), use.further())
        elif isinstance(step.target, WorkflowKey):
            self._output_of_workflow(step.target, name, use)

    def _output_of_workflow(self, key: WorkflowKey, name: str, use: _Use) -> None:
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


def input_schema(linked: LinkedDescription, key: WorkflowKey, name: str) -> Schema | None:
    """Return what a workflow says of one of its inputs."""
    workflow = linked.workflows.get(key)
    found = None if workflow is None else properties_of(workflow).get(name)
    return None if workflow is None or found is None else Schema(workflow.workflow.at, found)


def _schema_of(parameter: Parameter, step: LinkedStep) -> Schema | None:
    if not isinstance(step.target, Operation):
        return None
    described = (
        each for each in step.target.parameters if (each.name, each.location) == (parameter.name, parameter.location)
    )
    return next((each.schema for each in described), None)


def _is_body_of_texts(step: LinkedStep) -> bool:
    """Whether the values of a step's body are written as texts, whatever they are."""
    payload = None if step.step.request_body is None else step.step.request_body.payload
    if payload is None or not isinstance(step.target, Operation):
        return False
    return kind_of_body(content_type_of(step, step.target, payload)) in _OF_TEXTS


def body_schema(step: LinkedStep) -> Schema | None:
    """Return the schema of the body that a step sends; bytes where its media type is none of values."""
    payload = None if step.step.request_body is None else step.step.request_body.payload
    if payload is None or not isinstance(step.target, Operation):
        return None
    content_type = content_type_of(step, step.target, payload)
    described = describe_body(content_type, step.target)
    if described is None or step.target.request_body is None:
        return None
    if kind_of_body(content_type) is BodyKind.BINARY:
        return Schema(step.target.request_body.at, {"type": "string", "format": "binary"})
    return described.schema


def _use_of(query: QueryTemplate, moment: _Moment) -> _Use | None:
    """Return the use of what a query selects, ``None`` when that cannot be told."""
    if query.expressions:
        opened = open_query(query, moment.workflow.key)
        return None if opened is None else _Use(opened.stands, queries=(opened,))
    selected = selected_by(query.type.type, query.text)
    return None if selected is None else _Use(selected[0], demands=selected[1])
