"""What an expression yields, against where it goes: into a parameter, a part of a payload, an input of a workflow.

Decides which value goes where, and whether a refusal is an error: what no value of the expression could change, and
where it must be taken. What a place takes is decided by ``taking``; what is written out is judged with the literals.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation, parameter_key
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import WorkflowKey, content_type_of
from arazzo_engine.apis.schemas.alternatives import Alternative
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.statuses import wants_refusal
from arazzo_engine.apis.wire_forms.content_types import describe_body, documented
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.json_texts import spots_in
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate, Selector, template_text
from arazzo_engine.validation.types.meant.declarations import declaration_meant
from arazzo_engine.validation.types.meant.header_numbers import number_meant
from arazzo_engine.validation.types.meant.members import member_meant
from arazzo_engine.validation.types.nulls import is_looked_at, origin_of
from arazzo_engine.validation.types.outputs_on_the_way import outputs_on_the_way
from arazzo_engine.validation.types.taking import Goal, listed_values, may_be_null, refusal, share_a_value
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.validation.workflow_calls import sure_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.objects import Parameter, RequestBody
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.nulls import Origin
    from arazzo_engine.validation.types.yields import Yields

_AS_TEXT: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART, BodyKind.XML})
# what the whole of a body can be written from that has no parts, and the schema of an input that is one
_PLAIN: Final = {
    BodyKind.BINARY: (["string"], "{type: string, format: binary}"),
    BodyKind.TEXT: (["string", "number", "integer", "boolean"], "{type: string}"),
}
# the places that one input is compared with, each with other values than the rest
_MOST_LISTS: Final = 16
_WRITTEN: Final = (Literal, ExpressionString)


class Passed(Struct, frozen=True):
    """A value with the place that it goes to, what is known of it, and from where it is looked at."""

    template: Expression | Selector
    goal: Goal
    given: Known
    seen: Seen
    is_of_action: bool

    def told(self, why: str, fix: str, yields: Yields) -> Diagnostic:
        """Return the error that the place does not take the value."""
        message = f"`{template_text(self.template)}` {why}, which {self.goal.what} does not take"
        span = self.template.span if isinstance(self.template, Expression) else None
        related = (
            *outputs_on_the_way(self.template, self.seen, yields.linked),
            Related("it comes from here", _type_at(self.given[0].at)),
            Related("described here", self.goal.known[0].at),
        )
        return diagnose("type-refused", message, self.template.at.location(span), fix=fix, related=related)

    def torn_from(self, other: Passed) -> Diagnostic:
        """Return the warning that no value fits both this place and another one."""
        others, own = listed_values(other.goal.known), listed_values(self.goal.known)
        message = (
            f"`{template_text(self.template)}` goes to {other.goal.what}, which takes {others},"
            f" and to {self.goal.what}, which takes {own}: no value fits both"
        )
        is_shared = self.template.at == other.template.at
        fix = "give each of the steps a value of its own" if is_shared else f"write {own} here"
        span = self.template.span if isinstance(self.template, Expression) else None
        related = (
            Related("described here", other.goal.known[0].at),
            Related("described here", self.goal.known[0].at),
        )
        return diagnose("type-refused", message, self.template.at.location(span), fix=fix, related=related).as_warning()


def _type_at(schema: Place) -> Place:
    """Return where a schema says its type, the schema where it says none."""
    said = schema.child("type")
    return schema if said.document.content.at(said.pointer) is ABSENT else said


def check_passed(passed: Iterable[Passed], workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each expression whose value the place that it goes to does not take."""
    nulls: dict[tuple[str, str], tuple[Passed, Origin]] = {}
    taken: list[Passed] = []
    goals: defaultdict[str, list[Goal]] = defaultdict(list)
    passed = tuple(passed)
    for each in passed:
        goals[template_text(each.template)].append(each.goal)
    for each in passed:
        refused = refusal(each.given, each.goal, yields.schemas)
        if refused is not None:
            others = goals[template_text(each.template)]
            fix = declaration_meant(each.template, each.given, others, yields.schemas)
            fix = fix or member_meant(each.template, each.seen, each.goal, yields)
            fix = fix or number_meant(each.template, each.goal, origin_of(each.template, each.seen)) or refused.fix
            found = each.told(refused.why, fix, yields)
            yield found if refused.is_certain and not each.is_of_action else found.as_warning()
            continue
        taken.append(each)
        if may_be_null(each.given, each.goal):
            origin = origin_of(each.template, each.seen)
            if origin is not None:
                nulls.setdefault(origin.key, (each, origin))
    yield from _torn(taken, workflow)
    for each, origin in nulls.values():
        if not is_looked_at(origin, workflow):
            yield each.told("may be null", origin.fix, yields).as_warning()


def _torn(passed: Iterable[Passed], workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield a warning for each input that goes to two places of which no listed value fits both.

    Only of steps that run whenever the workflow does, and are to be accepted: an input may choose the way, too.
    """
    sure = {each.step.step_id for each in sure_steps(workflow) if not wants_refusal(each.step.success_criteria)}
    # by the input, and by the values that the place lists: many places of one list are one
    before: dict[str, dict[str, Passed]] = {}
    for each in passed:
        step, template = each.seen.step, each.template
        is_input = isinstance(template, Expression) and template.expression.root is Root.INPUTS
        listed = listed_values(each.goal.known) if is_input else ""
        if listed and step is not None and step.step.step_id in sure and not each.is_of_action:
            others = before.setdefault(template_text(template), {})
            torn = (each.torn_from(other) for other in others.values() if not share_a_value(other.goal, each.goal))
            yield from islice(torn, 1)
            if len(others) < _MOST_LISTS:
                others.setdefault(listed, each)


def passed_in(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Passed]:
    """Yield each expression that a workflow gives to an operation, or to a workflow that it calls."""
    for step in workflow.steps:
        go_on()
        seen = Seen(workflow, step)
        if isinstance(step.target, Operation):
            for template, goal in (*goals_of(step, step.target, yields), *_plain_body(step, step.target)):
                yield from _values(template, goal, seen, yields)
        elif isinstance(step.target, WorkflowKey):
            yield from _inputs(step.parameters, step.target, seen, yields)
        for action in step.actions:
            target = workflow.references.get(action.workflow_id or "")
            if target is not None:
                found = _inputs(action.parameters, target, Seen(workflow).after(step), yields)
                yield from (replace(each, is_of_action=True) for each in found)


# --- places ---


def goals_of(step: LinkedStep, operation: Operation, yields: Yields) -> Iterator[tuple[Template, Goal]]:
    """Yield each value that a step gives to its operation, with the place that it goes to."""
    yield from _parameters(step, operation, yields)
    yield from _body(step, operation, yields)


def _parameters(step: LinkedStep, operation: Operation, yields: Yields) -> Iterator[tuple[Template, Goal]]:
    described = operation.described
    for parameter in step.parameters:
        found = described.get(parameter_key(parameter.name, parameter.location or ""))
        if found is not None and found.schema is not None and found.content_type is None:
            what = f"{found.location} parameter `{found.name}` of operation `{operation.label}`"
            known = yields.schemas.of((found.schema,))
            goal = Goal(what, known, found.required, as_text=True, location=found.location, name=found.name)
            yield parameter.value, replace(goal, schema=found.schema)


def _body(step: LinkedStep, operation: Operation, yields: Yields) -> Iterator[tuple[Template, Goal]]:
    body = step.step.request_body
    if body is None or body.payload is None:
        return
    content_type = content_type_of(step, operation, body.payload)
    described, kind = describe_body(content_type, operation), kind_of_body(content_type)
    if described is None or described.schema is None or kind not in {BodyKind.JSON, *_AS_TEXT}:
        return
    known = yields.schemas.of((described.schema,))
    # RFC 5789, section 2: a PATCH has "a set of changes", and is often described by what it changes
    what, is_needed = f"the payload of operation `{operation.label}`", operation.method != "PATCH"
    goal = Goal(what, known, is_needed=is_needed, as_text=kind in _AS_TEXT, schema=described.schema)
    yield body.payload, goal
    if isinstance(body.payload, ExpressionString) and kind is BodyKind.JSON:
        for spot in spots_in(body.payload):
            # within quotes, a value is sent as its text
            if not spot.is_quoted:
                yield spot.expression, _goal_at(spot.path, goal, yields)
    yield from _replacements(body, goal, yields)


def _goal_at(path: Pointer, goal: Goal, yields: Yields) -> Goal:
    for token in path:
        goal = goal.below(token, yields.schemas, is_needed=token.isdecimal() or _is_needed(token, goal.known))
    return replace(goal, in_json=True)


def _plain_body(step: LinkedStep, operation: Operation) -> Iterator[tuple[Template, Goal]]:
    """Yield an input that is the whole of a body which is bytes or a text.

    An answer may be of another media type than the one that says its type; an input is what its schema says.
    """
    body = step.step.request_body
    if body is None or not isinstance(body.payload, Expression) or body.payload.expression.root is not Root.INPUTS:
        return
    if not step.content_type and (step.content_type is not None or len(documented(operation)) != 1):
        return  # what is given decides the media type
    payload = body.payload
    content_type, described = content_type_of(step, operation, payload), operation.request_body
    plain = _PLAIN.get(kind_of_body(content_type))
    if plain is not None:
        types, schema = plain
        at, is_needed = (body.at, False) if described is None else (described.at, described.required)
        what = f"the body of operation `{operation.label}` as `{content_type}`"
        known = (Alternative((Schema(at, {"type": types}),)),)
        fix = f"write `{schema}` as the schema of `{payload.expression}`"
        yield payload, Goal(what, known, is_needed=is_needed, fix=fix)


def _replacements(body: RequestBody, goal: Goal, yields: Yields) -> Iterator[tuple[Template, Goal]]:
    for replacement in body.replacements:
        pointer = replacement.place
        if pointer is not None:
            known = follow(goal.known, pointer, yields.schemas).known
            what = f"`{replacement.target}` of {goal.what}"
            name = pointer[-1] if pointer else ""
            yield replacement.value, Goal(what, known, is_needed=False, as_text=goal.as_text, name=name)


def _inputs(parameters: Iterable[Parameter], called: WorkflowKey, seen: Seen, yields: Yields) -> Iterator[Passed]:
    workflow = yields.linked.workflows[called]
    for parameter in parameters:
        known = yields.input_of(workflow, parameter.name)
        what = f"input `{parameter.name}` of workflow `{called.workflow_id}`"
        goal = Goal(what, known, is_needed=True, name=parameter.name)
        yield from _values(parameter.value, goal, seen, yields)


# --- values ---


def _values(template: Template, goal: Goal, seen: Seen, yields: Yields) -> Iterator[Passed]:
    match template:
        case Expression() | Selector():
            yield Passed(template, goal, yields.of_template(template, seen), seen, is_of_action=False)
        case ObjectTemplate():
            # what is written out is judged with the literals
            members = ((name, each) for name, each in template.members.items() if not isinstance(each, _WRITTEN))
            for name, member in members:
                below = goal.below(name, yields.schemas, is_needed=_is_needed(name, goal.known))
                yield from _values(member, below, seen, yields)
        case ArrayTemplate():
            for index, element in enumerate(template.elements):
                yield from _values(element, goal.below(str(index), yields.schemas, is_needed=True), seen, yields)
        case _:
            pass


def _is_needed(name: str, known: Known) -> bool:
    """Whether a member is one that the schemas require, or of those that are all there are."""
    return bool(known) and all(each.is_closed or name in each.required for each in known)
