"""``--dry-run``: the plan of a run and its first request, when everything has been checked. Nothing is sent."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.servers import server_url
from arazzo_engine.cli.exit_codes import ExitCode, exit_code_of
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.machine.effects import Emit, Send
from arazzo_engine.printable import printable
from arazzo_engine.reporting.events import StepStarted
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.simulation.rehearsal import fill_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.cli.opening import Opened
    from arazzo_engine.cli.result import Output
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Interaction
    from arazzo_engine.reporting.masking import Masker


def print_plan(opened: Opened, output: Output) -> ExitCode:
    """Check everything that a run would check, and write what it would do."""
    prepared = opened.program.prepare(opened.program.workflow_ids, opened.given)
    output.warn(prepared.warnings)
    # nothing is sent, so a token that would have to be got is made up, and masked like one
    access = fill_tokens(opened.program.checked.linked, prepared.settings.access)
    output.masker.learn(access.credentials.values())
    reports: list[RunReport] = []
    for call, interaction, held in prepared.with_access(access).interactions():
        workflow = prepared.ready.linked.workflows[call.key]
        first = first_request(interaction, output.masker)
        request = None if isinstance(first, RunReport) else first
        if isinstance(first, RunReport):
            reports.append(first)
        plan = _Plan(workflow.key.workflow_id, tuple(_planned(workflow, access)), request)
        # a first request that breaks its contract is told, or, with `--check error`, not sent
        output.warn(() if held is None else held.take_findings())
        output.write(_RENDERERS[output.format_](plan, output.masker))
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


def _planned(workflow: LinkedWorkflow, access: Access) -> Iterator[_PlannedStep]:
    for step in workflow.steps:
        target = step.target
        if isinstance(target, Operation):
            server = server_url(target, access)
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
