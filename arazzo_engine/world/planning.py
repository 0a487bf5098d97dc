"""Planning a run: everything is checked, its first request is built as the run would build it, and given up.

Decides what is made up so that this needs nothing of the network: tokens, and the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.servers import server_of
from arazzo_engine.apis.urls import template_url
from arazzo_engine.machine.effects import Draw, Emit, Send
from arazzo_engine.reporting.events import StepStarted
from arazzo_engine.reporting.plan import Plan, PlannedStep
from arazzo_engine.simulation.rehearsal import fill_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Effect, Interaction, Reply
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.running import Prepared


def plan_runs(prepared: Prepared) -> Iterator[Plan]:
    """Yield the plan of each workflow. Nothing is sent: a token that would have to be got is made up."""
    access = fill_tokens(prepared.ready.linked, prepared.settings.access)
    filled = prepared.with_access(access)
    for call, interaction, held in filled.interactions():
        workflow = prepared.ready.linked.workflows[call.key]
        secrets = list(access.credentials.values())
        request, report = _first_request(interaction, filled, secrets)
        steps = tuple(_planned(workflow, access))
        # a first request that breaks its contract is told, or, with `check="error"`, not sent
        found = () if held is None else held.take_findings()
        yield Plan(call.key.workflow_id, steps, request, report, tuple(secrets), found)


def _first_request(
    interaction: Interaction[RunReport], prepared: Prepared, secrets: list[str]
) -> tuple[Request | None, RunReport | None]:
    effect = next(interaction)
    try:
        while not isinstance(effect, Send):
            if isinstance(effect, Emit) and isinstance(effect.event, StepStarted):
                secrets.extend(effect.event.secrets)
            effect = interaction.send(_reply(effect, prepared))
    except StopIteration as ended:
        return None, ended.value
    interaction.close()
    return effect.request, None


def _reply(effect: Effect, prepared: Prepared) -> Reply:
    if isinstance(effect, Emit):
        return prepared.means.around.clock.now()
    return prepared.means.around.draw() if isinstance(effect, Draw) else None


def _planned(workflow: LinkedWorkflow, access: Access) -> Iterator[PlannedStep]:
    for step in workflow.steps:
        target = step.target
        if isinstance(target, Operation):
            url = template_url(server_of(target, access), target.path)
            yield PlannedStep(step.step.step_id, target.method, url)
        else:
            yield PlannedStep(step.step.step_id, "workflow", step.step.workflow_id or "")
