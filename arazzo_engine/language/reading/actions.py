"""Reading parameters and actions, which may stand in lists, in the components, or be referred to.

Decides their form. Whether the step or workflow that an action names exists is checked later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language import fixed_fields as fields
from arazzo_engine.language.objects import ActionType, Components, FailureAction, Parameter, SuccessAction
from arazzo_engine.language.reading.other_formats.actions import TARGETS
from arazzo_engine.language.reading.other_formats.fields import letters
from arazzo_engine.language.reading.reusables import Shelf, fill_shelf, read_list
from arazzo_engine.language.reading.values import read_criteria, read_template, read_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.language.fixed_fields import ObjectFields
    from arazzo_engine.language.reading.nodes import Node

_A = TypeVar("_A", SuccessAction, FailureAction)

_LOCATIONS: Final = ("path", "query", "header", "cookie")
_LOCATIONS_1_1: Final = (*_LOCATIONS, "querystring")
_SUCCESS_TYPES: Final = (ActionType.END, ActionType.GOTO)
# what is written for an action that lets the run go on
_GOING_ON: Final = frozenset({"continue", "next", "proceed", "pass", "skip", "ignore"})
# what is written for an action that ends the run, as a success or as a failure
_ENDING: Final = frozenset({"stop", "exit", "done", "finish", "return", "break", "complete", "terminate", "quit"})
_SUCCEEDING: Final = frozenset({"succeed", "success", "succeeded"})
_FAILING: Final = frozenset({"fail", "failed", "failure", "error", "abort", "throw", "raise", "reject", "cancel"})
_OF_SERVERS: Final = frozenset({"server", "serverVariable"})
# in which part of the URL it stands is known to the operation
OF_URL: Final = frozenset({"url", "uri"})
_TARGET_FIELDS: Final = ("workflowId", "stepId")
# "This field is only relevant when the `type` field value is `"goto"`", and "This field only applies when the `type`
# field value is `"retry"`"
_IGNORED: Final[dict[ActionType | None, tuple[str, ...]]] = {
    ActionType.END: ("workflowId", "stepId", "retryAfter", "retryLimit"),
    ActionType.GOTO: ("retryAfter", "retryLimit"),
}


class Shelves(Struct, frozen=True):
    """The reusable objects of one document, by kind."""

    parameters: Shelf[Parameter]
    success_actions: Shelf[SuccessAction]
    failure_actions: Shelf[FailureAction]


def read_components(root: Node) -> tuple[Components, Shelves]:
    """Read the Components Object, empty when there is none, and the shelves that references are looked up on."""
    node = root.child("components", fields.COMPONENTS) or root.empty("components", fields.COMPONENTS)
    parameters = fill_shelf(_parameter_shelf(), node)
    successes = fill_shelf(_success_shelf(parameters), node)
    failures = fill_shelf(_failure_shelf(parameters), node)
    inputs = {name: schema for name, schema, _ in node.members("inputs")}
    components = Components(node.at, inputs, parameters.objects, successes.objects, failures.objects)
    return components, Shelves(parameters, successes, failures)


def _parameter_shelf() -> Shelf[Parameter]:
    # "A unique parameter is defined by the combination of a `name` and `in` fields."
    return Shelf(
        "parameters",
        fields.PARAMETER,
        read_parameter,
        _reuse_parameter,
        key=_parameter_key,
        label=lambda each: f"parameter `{each.name}`" + (f" in `{each.location}`" if each.location else ""),
    )


def _success_shelf(parameters: Shelf[Parameter]) -> Shelf[SuccessAction]:
    return _action_shelf("successActions", fields.SUCCESS_ACTION, lambda node: _read_success_action(node, parameters))


def _failure_shelf(parameters: Shelf[Parameter]) -> Shelf[FailureAction]:
    return _action_shelf("failureActions", fields.FAILURE_ACTION, lambda node: _read_failure_action(node, parameters))


def _action_shelf(name: str, object_fields: ObjectFields, read: Callable[[Node], _A]) -> Shelf[_A]:
    return Shelf(
        name,
        object_fields,
        read,
        reuse=lambda _, action: action,
        key=lambda each: each.name,
        label=lambda each: f"action `{each.name}`",
    )


def _parameter_key(parameter: Parameter) -> tuple[str, str | None]:
    # RFC 9110, section 5.1: "Field names are case-insensitive"
    is_header = parameter.location == "header"
    return parameter.name.lower() if is_header else parameter.name, parameter.location


def read_parameter(node: Node) -> Parameter:
    """Read a Parameter Object."""
    locations = _LOCATIONS_1_1 if node.reading.version_1_1 else _LOCATIONS
    location = node.optional_text("in")
    if location in _OF_SERVERS:
        message = f"`in` is `{location}`, and a variable of a server's URL is no parameter"
        fix = f"remove the parameter, and give its value with `--server-var {node.value.get('name', '<name>')}=…`"
        node.problem("field-value", message, "in", fix)
    elif location == "querystring" and location not in locations:
        node.note_later("in", location)
    elif location is not None and location not in locations and not _is_told_later(location, node):
        node.note_choice("in", location, locations)
    return Parameter(at=node.at, name=node.text("name"), value=read_value(node, "value"), location=location)


def _is_told_later(location: str, node: Node) -> bool:
    """Whether a place is told of where the operation is known: a component may be of none."""
    return location in OF_URL and node.at.pointer[:1] != ("components",)


def _reuse_parameter(reusable: Node, parameter: Parameter) -> Parameter:
    value = reusable.raw("value")
    if value is ABSENT:
        return parameter
    # "Sets a value of the referenced parameter. This is only applicable for parameter object references."
    return replace(parameter, at=reusable.at, value=read_template(reusable.reading, value, reusable.at.child("value")))


def _read_success_action(node: Node, parameters: Shelf[Parameter]) -> SuccessAction:
    # the schema of the specification wants an entry here, though none in a failure action; nothing must hold then
    if node.raw("criteria") == []:
        fix = "remove `criteria`, or say when the action is taken"
        at = node.at.child("criteria").location()
        node.reading.problems.append(diagnose("empty-list", "`criteria` is empty", at, fix=fix).as_warning())
    return _read_action(node, parameters, SuccessAction, _SUCCESS_TYPES)


def _read_failure_action(node: Node, parameters: Shelf[Parameter]) -> FailureAction:
    action = _read_action(node, parameters, FailureAction, tuple(ActionType))
    return replace(action, retry_after=node.number("retryAfter"), retry_limit=node.integer("retryLimit"))


def _read_action(node: Node, parameters: Shelf[Parameter], make: type[_A], types: tuple[ActionType, ...]) -> _A:
    type_ = _read_type(node, types)
    _check_target(node, type_)
    own = _read_action_parameters(node, parameters)
    return make(
        at=node.at,
        name=node.text("name"),
        # where an action of no type leads is not known, so it is none that ends the workflow
        type=type_ or ActionType.GOTO,
        workflow_id=node.optional_text("workflowId"),
        step_id=node.optional_text("stepId"),
        parameters=own,
        criteria=read_criteria(node, "criteria"),
        unread=node.unread("parameters"),
    )


def _read_type(node: Node, types: tuple[ActionType, ...]) -> ActionType | None:
    written, is_success = node.raw("type"), ActionType.RETRY not in types
    if written == ActionType.RETRY and is_success:
        fix = "to ask again, write `type: goto` with the id of this step, and in `criteria` until when"
        node.problem("field-value", "`type` is `retry`, which an action of a success cannot be", "type", fix)
        return None
    if isinstance(written, str) and (fix := _fix_ending(written.lower(), is_success=is_success)):
        node.problem("field-value", f"`type` is `{written}`, which no action can be", "type", fix)
        return None
    if not isinstance(written, str) or written.lower() not in _GOING_ON:
        return node.choice("type", ActionType, types)
    # "If omitted, the next sequential step shall be executed as the default behavior."
    goto = "write `type: goto` with the id of the step that follows"
    fix = f"remove the action: when none is taken, the next step follows; or {goto}" if is_success else goto
    node.problem("field-value", f"`type` is `{written}`, which no action can be", "type", fix)
    return None


def _fix_ending(written: str, *, is_success: bool) -> str:
    """Return what to write for an action that ends the run: as what the step was, so in a failure as one."""
    if written in _ENDING | (_SUCCEEDING if is_success else _FAILING):
        return f"write `type: end`: the workflow has {'succeeded' if is_success else 'failed'} then"
    if is_success and written in _FAILING:
        return "remove the action, and write the opposite of its `criteria` in `successCriteria`: a step fails there"
    if not is_success and written in _SUCCEEDING:
        return "remove the action, and write what is a success in `successCriteria`: a step that failed stays one"
    return ""


def _check_target(node: Node, type_: ActionType | None) -> None:
    given = [name for name in _TARGET_FIELDS if name in node.value]
    # "This field is mutually exclusive to `stepId`."
    if len(given) > 1:
        node.problem("exclusive-fields", "the action has `workflowId` and `stepId`", given[1], "remove one of them")
    # a field of another name that says where is told as that
    if type_ is ActionType.GOTO and not given and not any(letters(name) in TARGETS for name in node.value):
        node.problem("exclusive-fields", "the `goto` has no target", "type", "add `stepId` or `workflowId`")
    # what no action on a success has is told as that
    has = {*node.value} & {*node.fields.allowed(version_1_1=True)}
    for name in _IGNORED.get(type_, ()):
        if name in has:
            message = f"the action is of type `{type_}`, which ignores `{name}`"
            node.problem("field-ignored", message, name, f"remove `{name}`, or change the `type`")


def _read_action_parameters(node: Node, shelf: Shelf[Parameter]) -> tuple[Parameter, ...]:
    parameters = read_list(node, "parameters", shelf)
    # "A list of parameters that MUST be passed to a workflow as referenced by `workflowId`."
    if parameters and "workflowId" not in node.value:
        message = "the action names no workflow that could get its `parameters`"
        node.problem("field-ignored", message, "parameters", "remove `parameters`, or add the `workflowId`")
    for parameter in parameters:
        # "The `in` field MUST NOT be used."
        if parameter.location is not None:
            fix = "remove `in`: the parameter is an input of the workflow"
            message = f"parameter `{parameter.name}` of an action has `in`"
            node.problem_at(parameter.at.child("in"), "parameter-location", message, fix)
    return parameters
