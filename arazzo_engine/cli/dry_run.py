"""``--dry-run``: the plan of a run and its first request, when everything has been checked. Nothing is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from arazzo_engine.apis.operations import Operation
from arazzo_engine.apis.servers import server_url
from arazzo_engine.cli.exit_codes import ExitCode, exit_code_of
from arazzo_engine.cli.printable import printable
from arazzo_engine.cli.report_text import render_ending
from arazzo_engine.cli.running import Opened, Output, learn_secrets, settings_for
from arazzo_engine.machine.effects import Emit, Send
from arazzo_engine.machine.events import StepStarted
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.report import RunReport
from arazzo_engine.world.preparing import make_ready
from arazzo_engine.world.rehearsal import fill_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linked import LinkedWorkflow
    from arazzo_engine.cli.masking import Masker
    from arazzo_engine.language.exchange import Request
    from arazzo_engine.machine.effects import Interaction


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
        lines = list(_describe_plan(ready.linked.workflows[call.key], opened))
        first = first_request(run(session, call, "dry-run"), output.masker)
        if isinstance(first, RunReport):
            reports.append(first)
            lines += ["", "no request would be sent"]
        else:
            lines += ["", "first request:", *_describe_request(first)]
        output.write(printable(output.masker.text("\n".join(lines))))
    for report in reports:
        click.echo(render_ending(report, output.masker), err=True)
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


def _describe_plan(workflow: LinkedWorkflow, opened: Opened) -> Iterator[str]:
    yield f"plan of {workflow.key.workflow_id}:"
    for number, step in enumerate(workflow.steps, start=1):
        target = step.target
        if isinstance(target, Operation):
            access = opened.access
            server = server_url(target, access.server_for(target.source), access.variables_for(target.source))
            yield f"  {number}. {step.step.step_id}: {target.method} {server}{target.path}"
        else:
            yield f"  {number}. {step.step.step_id}: workflow {step.step.workflow_id}"


def _describe_request(request: Request) -> Iterator[str]:
    yield f"  {request.method} {request.url}"
    yield from (f"  {name}: {value}" for name, value in request.headers)
    if request.content:
        yield ""
        yield from (f"  {line}" for line in request.content.decode("utf-8", errors="replace").splitlines())
