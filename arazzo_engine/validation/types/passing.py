"""What an expression yields, against where it goes: into a parameter, a part of a payload, an input of a workflow.

Decides what no value of the expression could change: types that have nothing in common, listed values of which none is
allowed, and null where a value is required. What stands in a URL, a header or a form is read as text, and a text may
hold a number. What is written out is judged with the literals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation, parameter_key
from arazzo_engine.apis.linking.linked import WorkflowKey, content_type_of
from arazzo_engine.apis.schemas.alternatives import all_types, all_values, words_of_types
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.conditions.judgements import write_literal
from arazzo_engine.language.expressions.strings import Expression, ExpressionString, text_of
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate, Selector, template_text
from arazzo_engine.validation.types.nulls import is_looked_at, origin_of
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Parameter, RequestBody
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.nulls import Origin
    from arazzo_engine.validation.types.yields import Yields

_AS_TEXT: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART, BodyKind.XML})
_NUMBERS: Final = frozenset({"integer", "number"})
_CONTAINERS: Final = frozenset({"array", "object"})
_WRITTEN: Final = (Literal, ExpressionString)
_MOST_LISTED: Final = 12


class Goal(Struct, frozen=True):
    """Where a value goes: what it is called, what it can take, and whether whatever is refused there is certain."""

    what: str
    known: Known
    is_needed: bool
    as_text: bool = False

    def below(self, token: str, yields: Yields, *, is_needed: bool) -> Goal:
        """Return a part of the place."""
        known = follow(self.known, (token,), yields.schemas).known
        needed = is_needed and self.is_needed
        return Goal(f"`{token}` of {self.what}", known, is_needed=needed, as_text=self.as_text)


class _Passed(Struct, frozen=True):
    """A value with the place that it goes to, what is known of it, and from where it is looked at."""

    template: Expression | Selector
    goal: Goal
    given: Known
    seen: Seen
    is_of_action: bool

    def told(self, why: str, fix: str) -> Diagnostic:
        """Return the warning that the place does not take the value."""
        message = f"`{template_text(self.template)}` {why}, which {self.goal.what} does not take"
        span = self.template.span if isinstance(self.template, Expression) else None
        related = (
            Related("it comes from here", self.given[0].at),
            Related("described here", self.goal.known[0].at),
        )
        return diagnose("type-refused", message, self.template.at.location(span), fix=fix, related=related)


def check_passed(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each expression whose value the place that it goes to does not take."""
    nulls: dict[tuple[str, str], tuple[_Passed, Origin]] = {}
    for each in _passed_in(workflow, yields):
        why = _refusal(each.given, each.goal)
        if why is not None:
            found = each.told(why, _fix(each.goal))
            yield found if each.goal.is_needed and not each.is_of_action else found.as_warning()
        elif _may_be_null(each.given, each.goal):
            origin = origin_of(each.template, each.seen)
            if origin is not None:
                nulls.setdefault(origin.key, (each, origin))
    for each, origin in nulls.values():
        if not is_looked_at(origin, workflow):
            yield each.told("may be null", origin.fix).as_warning()


def _passed_in(workflow: LinkedWorkflow, yields: Yields) -> Iterator[_Passed]:
    for step in workflow.steps:
        go_on()
        seen = Seen(workflow, step)
        if isinstance(step.target, Operation):
            for template, goal in goals_of(step, step.target, yields):
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
            yield parameter.value, Goal(what, known, is_needed=found.required, as_text=True)


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
    goal = Goal(what, known, is_needed=is_needed, as_text=kind in _AS_TEXT)
    yield body.payload, goal
    yield from _replacements(body, goal, yields)


def _replacements(body: RequestBody, goal: Goal, yields: Yields) -> Iterator[tuple[Template, Goal]]:
    for replacement in body.replacements:
        query = replacement.query
        if query is not None and query.fixed is not None and query.type.type is Language.JSONPOINTER:
            known = follow(goal.known, parse_pointer(replacement.target), yields.schemas).known
            what = f"`{replacement.target}` of {goal.what}"
            yield replacement.value, Goal(what, known, is_needed=False, as_text=goal.as_text)


def _inputs(parameters: Iterable[Parameter], called: WorkflowKey, seen: Seen, yields: Yields) -> Iterator[_Passed]:
    workflow = yields.linked.workflows[called]
    for parameter in parameters:
        known = yields.input_of(workflow, parameter.name)
        what = f"input `{parameter.name}` of workflow `{called.workflow_id}`"
        yield from _values(parameter.value, Goal(what, known, is_needed=True), seen, yields)


# --- values ---


def _values(template: Template, goal: Goal, seen: Seen, yields: Yields) -> Iterator[_Passed]:
    match template:
        case Expression() | Selector():
            yield _Passed(template, goal, yields.of_template(template, seen), seen, is_of_action=False)
        case ObjectTemplate():
            # what is written out is judged with the literals
            members = ((name, each) for name, each in template.members.items() if not isinstance(each, _WRITTEN))
            for name, member in members:
                below = goal.below(name, yields, is_needed=_is_needed(name, goal.known))
                yield from _values(member, below, seen, yields)
        case ArrayTemplate():
            for index, element in enumerate(template.elements):
                yield from _values(element, goal.below(str(index), yields, is_needed=True), seen, yields)
        case _:
            pass


def _is_needed(name: str, known: Known) -> bool:
    """Whether a member is one that the schemas require, or of those that are all there are."""
    return bool(known) and all(each.is_closed or name in each.required for each in known)


def _refusal(given: Known, goal: Goal) -> str | None:
    """Return why a value is refused, ``None`` when it may be taken."""
    if not given or not goal.known:
        return None
    types, taken = all_types(given) - {"null"}, all_types(goal.known)
    if not types:
        return None
    values, listed_ = all_values(given), all_values(goal.known)
    if not (_is_readable if goal.as_text else _is_common)(types, taken, values):
        return f"is {words_of_types(types)}"
    if values is not None and listed_ is not None and not _any_common(values, listed_, goal):
        return f"is one of {_shown(values)}" if len(values) > 1 else f"is {_shown(values)}"
    return None


def _may_be_null(given: Known, goal: Goal) -> bool:
    """Whether a value may be null where one is required; of one that is always null nothing is told."""
    if not given or not goal.known or not goal.is_needed:
        return False
    types = all_types(given)
    return "null" in types and types != {"null"} and "null" not in all_types(goal.known)


def _is_common(types: frozenset[str], taken: frozenset[str], _values: tuple[JsonValue, ...] | None) -> bool:
    return not types.isdisjoint(taken)


def _is_readable(types: frozenset[str], taken: frozenset[str], values: tuple[JsonValue, ...] | None) -> bool:
    """Whether a value that is written as text can be read as what is taken."""
    if not types.isdisjoint(taken | _CONTAINERS) or not taken.isdisjoint(_CONTAINERS | {"string"}):
        return True
    if types == {"string"}:
        # a text may be that of a number
        return values is None or any(_reads_as(text_of(value), taken) for value in values)
    return False


def _reads_as(text: str, taken: frozenset[str]) -> bool:
    try:
        value = parse_json(text)
    except MalformedText:
        return False
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return (is_number and not taken.isdisjoint(_NUMBERS)) or (isinstance(value, bool) and "boolean" in taken)


def _any_common(values: tuple[JsonValue, ...], taken: tuple[JsonValue, ...], goal: Goal) -> bool:
    if goal.as_text:
        return not {text_of(each) for each in values}.isdisjoint(text_of(each) for each in taken)
    return any(value in taken for value in values)


def _shown(values: tuple[JsonValue, ...]) -> str:
    return listed([write_literal(each) for each in values[:_MOST_LISTED] if not isinstance(each, dict | list)])


def _fix(goal: Goal) -> str:
    values = all_values(goal.known)
    taken = f"one of {_shown(values)}" if values else words_of_types(all_types(goal.known))
    return f"give {taken}"
