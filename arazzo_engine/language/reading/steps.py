"""Reading steps: what each calls, and the fields that only go with some kinds of call.

Decides form only; what an operationId or workflowId refers to is decided by linking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.pointers import is_within
from arazzo_engine.language.fixed_fields import NOT_BESIDE, TARGETS
from arazzo_engine.language.objects import Parameter, Step, StepReference
from arazzo_engine.language.reading.bodies import read_request_body
from arazzo_engine.language.reading.foreign_calls import CALLS
from arazzo_engine.language.reading.reusables import read_list
from arazzo_engine.language.reading.values import read_criteria, read_outputs
from arazzo_engine.language.reading.written_requests import NAME as WRITTEN
from arazzo_engine.language.reading.written_requests import read_written_request, told_of_written_request
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.reading.actions import Shelves
    from arazzo_engine.language.reading.nodes import Node

_STEP_OF_WORKFLOW: Final = lazy_pattern(r"\$workflows\.([A-Za-z0-9_\-]+)\.steps\.([A-Za-z0-9_\-]+)")
_STEP_OF_DOCUMENT: Final = lazy_pattern(
    r"(\$sourceDescriptions\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+)\.steps\.([A-Za-z0-9_\-]+)"
)
_STEP_EXPRESSION: Final = lazy_pattern(r"\$steps\.([A-Za-z0-9_\-]+)")
_ACTIONS: Final = ("send", "receive")
# Fields that "only apply" to some steps: field, and the targets it does not go with


def read_step(node: Node, shelves: Shelves) -> Step:
    """Read a Step Object."""
    written = read_written_request(node.value, node.at)
    if written is None:
        if WRITTEN in node.value:
            node.note_extension(WRITTEN)
        _check_target(node)
    else:
        node.reading.problems.append(told_of_written_request(written))
    _check_asynchronous(node)
    parameters = read_list(node, "parameters", shelves.parameters)
    on_success = read_list(node, "onSuccess", shelves.success_actions)
    on_failure = read_list(node, "onFailure", shelves.failure_actions)
    outputs = read_outputs(node)
    if [name for name in TARGETS if name in node.value] == ["workflowId"]:
        _check_no_locations(node, parameters)
    return Step(
        at=node.at,
        step_id=node.identifier("stepId"),
        description=node.text("description"),
        operation_id=node.optional_text("operationId"),
        operation_path=node.optional_text("operationPath"),
        channel_path=node.optional_text("channelPath"),
        workflow_id=node.optional_text("workflowId"),
        written_request=written,
        parameters=parameters if written is None else (*parameters, *written.parameters),
        request_body=read_request_body(node),
        # "If `successCriteria` is provided, it `MUST` contain at least one Criterion Object."
        success_criteria=read_criteria(node, "successCriteria", at_least_one=True),
        on_success=on_success,
        on_failure=on_failure,
        outputs=outputs,
        timeout=node.integer("timeout"),
        correlation_id=node.value.get("correlationId"),
        action=node.optional_text("action"),
        depends_on=tuple(_read_dependencies(node)),
        unread=node.unread("parameters", "onSuccess", "onFailure", "outputs"),
    )


def _read_dependencies(node: Node) -> Iterator[StepReference]:
    for text, at in node.distinct_texts("dependsOn", at_least_one=True):
        reference = _read_reference(text, at)
        if reference is None:
            misspelt = _STEP_EXPRESSION.match(text)
            fix = (
                f"write `{misspelt[1]}`"
                if misspelt
                else "write the `stepId`, or `$workflows.<workflowId>.steps.<stepId>`"
            )
            node.problem_at(at, "field-value", f"`dependsOn` has `{text}`, which names no step", fix)
        else:
            yield reference


def _read_reference(text: str, at: Place) -> StepReference | None:
    # "If the step depended on is defined within the **current workflow**, specify the `stepId` directly"
    if not text.startswith("$"):
        return StepReference(at, text, text)
    # "reference it using `$workflows.<workflowId>.steps.<stepId>`"
    if match := _STEP_OF_WORKFLOW.fullmatch(text):
        return StepReference(at, text, match[2], match[1])
    # "referenced using `$sourceDescriptions.<name>.<workflowId>.steps.<stepId>`"
    if match := _STEP_OF_DOCUMENT.fullmatch(text):
        return StepReference(at, text, match[2], match[1])
    return None


def _check_target(node: Node) -> None:
    given = [name for name in TARGETS if name in node.value]
    names = [f"`{name}`" for name in given]
    # "This field is mutually exclusive of the `operationPath` and `workflowId` fields respectively."
    if len(given) > 1:
        fix = "keep the one that names what the step calls"
        node.problem("exclusive-fields", f"the step has {' and '.join(names)}", given[1], fix)
    # what another format calls an operation by is told as a field that there is not, with what to write for it
    if not given and node.value.keys().isdisjoint(CALLS):
        is_mark = node.value.keys() <= {"stepId", "description"}
        fix = f"add `operationId`, `operationPath` or `workflowId`{', or remove the step' if is_mark else ''}"
        node.problem("exclusive-fields", "the step calls nothing", fix=fix)
    for name, targets in NOT_BESIDE.items():
        for target in targets:
            if name in node.value and target in given:
                node.problem("exclusive-fields", f"the step has `{target}` and `{name}`", name, f"remove `{name}`")


def _check_asynchronous(node: Node) -> None:
    action = node.optional_text("action")
    if action is not None and action not in _ACTIONS:
        node.problem("field-value", f"`action` is `{action}`", "action", "use `send` or `receive`")
    if "channelPath" in node.value and action is None:
        node.problem("field-missing", "the step has `channelPath` and no `action`", "channelPath", "add `action`")
    # "Only applicable to `asyncapi` steps with action `receive`"; that it is beside another target is noted already
    is_told = not node.value.keys().isdisjoint(NOT_BESIDE["correlationId"])
    if "correlationId" in node.value and action != "receive" and not is_told:
        fix = "remove `correlationId`, or set `action: receive` in a step that receives a message"
        node.problem("exclusive-fields", "the step has `correlationId` and does not receive", "correlationId", fix)


def _check_no_locations(node: Node, parameters: tuple[Parameter, ...]) -> None:
    for parameter in parameters:
        # "When the step ... specifies a `workflowId`, then all parameters map to workflow inputs."
        if parameter.location is not None and is_within(parameter.at.pointer, node.at.pointer):
            message = f"parameter `{parameter.name}` is an input of the called workflow, and its `in` says nothing"
            node.problem_at(parameter.at.child("in"), "field-ignored", message, "remove `in`")
