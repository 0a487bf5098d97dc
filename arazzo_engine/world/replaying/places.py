"""Where in a document it stands that decided something: the parameter, the criterion, the action.

Decides the narrowest place that is sure. A position is looked for only when there is a difference to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.machine.effects import Send


def place_of_request(effect: Send, field: str) -> Location | None:
    """Return the place of what a part of a request was made of; ``None`` for a token's."""
    if effect.asked is None:
        return None
    linked = effect.asked.step
    kind, _, name = field.partition(" ")
    body = linked.step.request_body
    if kind.startswith("body") and body is not None:
        return body.at.location()
    found = next((each for each in linked.parameters if each.name.lower() == name.strip("`").lower()), None)
    return _step_place(linked) if found is None else found.at.child("value").location()


def place_of_decision(linked: LinkedDescription, event: dict[str, Any], field: str) -> Location | None:
    """Return the place of what decided a field of an attempt that has ended."""
    step = _step(linked, event)
    if step is None:
        return None
    kind, _, rest = field.partition(" ")
    if kind == "criterion" and rest.isdecimal() and int(rest) <= len(step.step.success_criteria):
        return step.step.success_criteria[int(rest) - 1].at.child("condition").location()
    if kind == "status":
        return _failed_criterion(step, event) or _step_place(step)
    if kind == "action" and (event["action"] or {}).get("name"):
        named = next((each for each in step.actions if each.name == event["action"]["name"]), None)
        return _step_place(step) if named is None else named.at.location()
    if field.startswith("outputs/"):
        return _output_place(step, field.split("/")[1]) or _step_place(step)
    return _step_place(step)


def _failed_criterion(step: LinkedStep, event: dict[str, Any]) -> Location | None:
    failed = [number for number, each in enumerate(event["criteria"]) if not each["passed"]]
    declared = step.step.success_criteria
    return declared[failed[0]].at.child("condition").location() if failed and failed[0] < len(declared) else None


def _output_place(step: LinkedStep, name: str) -> Location | None:
    template = (step.step.outputs or {}).get(name.replace("~1", "/").replace("~0", "~"))
    return None if template is None else template.at.location()


def _step_place(step: LinkedStep) -> Location:
    return step.step.at.child("stepId").location()


def _step(linked: LinkedDescription, event: dict[str, Any]) -> LinkedStep | None:
    named = (
        step
        for key, workflow in linked.workflows.items()
        if key.workflow_id == event["workflowId"]
        for step in workflow.steps
        if step.step.step_id == event["stepId"]
    )
    return next(named, None)
