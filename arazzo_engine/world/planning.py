"""Planning a run: everything is checked, its first request is built as the run would build it, and given up.

Decides what is made up so that this needs nothing of the network: tokens, and the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.servers import server_of
from arazzo_engine.apis.urls import template_url
from arazzo_engine.machine.effects import Draw, Emit, Send, Sign, Signed
from arazzo_engine.reporting.events import StepStarted
from arazzo_engine.reporting.plan import Plan, PlannedStep, PlannedWorkflow
from arazzo_engine.simulation.access import fill_tokens, sign_made_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Effect, Interaction, Reply
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.running import Prepared

# deeper calls are written out by themselves
_DEEPEST: Final = 16


def plan_runs(prepared: Prepared) -> Iterator[Plan]:
    """Yield the plan of each workflow. Nothing is sent: a token that would have to be got is made up."""
    access = fill_tokens(prepared.ready.linked, prepared.settings.access)
    # no span is made of what does not happen, so a first request is shown without one
    filled = replace(prepared.with_access(access), means=replace(prepared.means, otel=False))
    for call, interaction, held in filled.interactions():
        secrets = [*access.credentials.values(), *filled.settings.secrets]
        request, report = _first_request(interaction, filled, secrets)
        outline = _Outline(prepared.ready.linked, access)
        steps, others = outline.steps(call.key), tuple(outline.others(call.key))
        # a first request that breaks its contract is told, or, with `check="error"`, not sent
        found = () if held is None else held.take_findings()
        yield Plan(call.key.workflow_id, steps, request, report, tuple(secrets), found, others)


def _first_request(
    interaction: Interaction[RunReport], prepared: Prepared, secrets: list[str]
) -> tuple[Request | None, RunReport | None]:
    effect = next(interaction)
    try:
        while not isinstance(effect, Send):
            if isinstance(effect, Emit) and isinstance(effect.event, StepStarted):
                secrets.extend(effect.event.secrets)
            reply = _reply(effect, prepared)
            # what stands for a proof is shown as a proof is
            if isinstance(reply, Signed):
                secrets.extend(value for _, value in reply.headers)
            effect = interaction.send(reply)
    except StopIteration as ended:
        return None, ended.value
    interaction.close()
    return effect.request, None


def _reply(effect: Effect, prepared: Prepared) -> Reply:
    if isinstance(effect, Emit):
        return prepared.means.around.clock.now()
    if isinstance(effect, Sign):
        return sign_made_up(effect)
    return prepared.means.around.draw() if isinstance(effect, Draw) else None


class _Outline(Struct):
    """Every step that a run can come to, each workflow written out once: where it is called, else by itself."""

    linked: LinkedDescription
    access: Access
    written: set[WorkflowKey] = field(default_factory=set)

    def steps(self, key: WorkflowKey, depth: int = 0) -> tuple[PlannedStep, ...]:
        """Return the steps of a workflow, with those of the workflows that they call."""
        self.written.add(key)
        return tuple(self._step(each, depth) for each in self.linked.workflows[key].steps)

    def others(self, key: WorkflowKey) -> Iterator[PlannedWorkflow]:
        """Yield the workflows that a run may come to in another way than by a call: before it, or by an action."""
        for workflow in self.linked.reachable([key]):
            if workflow.key not in self.written:
                yield PlannedWorkflow(workflow.key.workflow_id, self.steps(workflow.key))

    def _step(self, linked: LinkedStep, depth: int) -> PlannedStep:
        name, target = linked.step.step_id, linked.target
        if isinstance(target, Operation):
            return PlannedStep(name, target.method, template_url(server_of(target, self.access), target.path))
        is_shown = isinstance(target, WorkflowKey) and target not in self.written and depth < _DEEPEST
        within = self.steps(target, depth + 1) if is_shown and isinstance(target, WorkflowKey) else ()
        return PlannedStep(name, "workflow", linked.step.workflow_id or "", within)
