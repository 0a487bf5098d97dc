"""``--dry-run``: the plan of a run and its first request, when everything has been checked. Nothing is sent."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.servers import server_url
from arazzo_engine.cli.exit_codes import ExitCode, exit_code_of
from arazzo_engine.cli.running import Opened, Output, learn_secrets, settings_for
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.machine.effects import Emit, Send
from arazzo_engine.machine.events import StepStarted
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.report.run_report import RunReport
from arazzo_engine.printable import printable
from arazzo_engine.world.preparing import make_ready
from arazzo_engine.world.rehearsal import fill_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Interaction
    from arazzo_engine.machine.report.masking import Masker


def print_plan(opened: Opened, output: Output) -> ExitCode:
    """Check everything that a run would check, and write what it would do."""
    learn_secrets(output.masker, opened)
    ready = make_ready(opened.checked, opened.workflow_ids, opened.given, opened.access)
    output.warn(ready.warnings)
    # nothing is sent, so a token that would have to be got is made up, and masked like one
    access = fill_tokens(opened.checked, opened.access)
    output.masker.learn(access.credentials.values())
    session = Session(ready.linked, settings_for(output.options, access))
    reports: list[RunReport] = []
    for call in ready.calls:
        workflow = ready.linked.workflows[call.key]
        first = first_request(run(session, call, "dry-run"), output.masker)
        request = None if isinstance(first, RunReport) else first
        if isinstance(first, RunReport):
            reports.append(first)
        plan = _Plan(workflow.key.workflow_id, tuple(_planned(workflow, opened)), request)
        output.write(_RENDERERS[output.options.format_](plan, output.masker))
    for report in reports:
        tell(report.ending(output.masker), err=True)
    return next((code for code in map(exit_code_of, reports) if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)


def first_request(interaction: Interaction[RunReport], masker: Masker) -> Request | RunReport:
    """Return the first request of a run, which is given up before it is sent, or the report of one that sends none.

    The secrets of what is looked at are masked from now on.
    """
    effect = next(interaction)
    try:
        while not isinstance(effect, Send):
            if isinstance(effect, Emit) and isinstance(effect.event, StepStarted):
                masker.learn(effect.event.secrets)
            effect = interaction.send(time.time() if isinstance(effect, Emit) else None)
    except StopIteration as ended:
        report: RunReport = ended.value
        return report
    interaction.close()
    return effect.request


class _PlannedStep(Struct, frozen=True):
    """A step, and what it calls: an operation's method and URL, or a workflow."""

    step_id: str
    method: str
    target: str


class _Plan(Struct, frozen=True):
    """What a run would do; ``request`` is the first that it would send."""

    workflow_id: str
    steps: tuple[_PlannedStep, ...]
    request: Request | None


def _planned(workflow: LinkedWorkflow, opened: Opened) -> Iterator[_PlannedStep]:
    for step in workflow.steps:
        target = step.target
        if isinstance(target, Operation):
            access = opened.access
            server = server_url(target, access.server_for(target.source), access.variables_for(target.source))
            yield _PlannedStep(step.step.step_id, target.method, f"{server}{target.path}")
        else:
            yield _PlannedStep(step.step.step_id, "workflow", step.step.workflow_id or "")


def _as_text(plan: _Plan, masker: Masker) -> str:
    lines = [f"plan of {plan.workflow_id}:"]
    steps = enumerate(plan.steps, start=1)
    lines += [f"  {number}. {step.step_id}: {step.method} {step.target}" for number, step in steps]
    if plan.request is None:
        lines += ["", "no request would be sent"]
    else:
        lines += ["", "first request:", *_describe_request(plan.request)]
    return printable(masker.text("\n".join(lines)))


def _describe_request(request: Request) -> Iterator[str]:
    yield f"  {request.method} {request.url}"
    yield from (f"  {name}: {value}" for name, value in request.headers)
    if request.content:
        yield ""
        yield from (f"  {line}" for line in _body(request).splitlines())


def _as_json(plan: _Plan, masker: Masker) -> str:
    request = None if plan.request is None else _request_as_json(plan.request)
    steps = [{"stepId": each.step_id, "method": each.method, "target": each.target} for each in plan.steps]
    return json.dumps(masker.value({"workflowId": plan.workflow_id, "steps": steps, "firstRequest": request}))


def _request_as_json(request: Request) -> JsonValue:
    headers = [{"name": name, "value": value} for name, value in request.headers]
    return {"method": request.method, "url": request.url, "headers": headers, "body": _body(request)}


def _body(request: Request) -> str:
    return request.content.decode("utf-8", errors="replace")


_RENDERERS: Final[dict[str, Callable[[_Plan, Masker], str]]] = {
    "text": _as_text,
    "json": _as_json,
    "jsonl": _as_json,
}
