"""Outputs of another workflow are read where it has run: called by a step before, or listed in `dependsOn`.

Decides it for what one workflow runs by itself. Where another one runs both of them, or one that is written before runs
the other, what has run before is not known, and nothing is told. Outputs of steps are for ``reads``.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.linking.reach import walk
from arazzo_engine.apis.linking.uses import Moment, uses_in
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.objects import ActionType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.flow.paths import Paths


class OtherWorkflows(Struct, frozen=True, dict=True):
    """Which workflows run which others."""

    linked: LinkedDescription

    def check(self, paths: Paths) -> Iterator[Diagnostic]:
        """Yield what is wrong with each output of another workflow that is read where that one has not run."""
        workflow = paths.workflow
        for use in uses_in(workflow):
            for key in self._read_by(use, workflow):
                found = self._check(use, key, paths)
                if found is not None and not self._may_have_run(key, workflow.key):
                    yield found

    def _read_by(self, use: Use, workflow: LinkedWorkflow) -> Iterator[WorkflowKey]:
        named = (each.names for each in use.readings if each.root is Root.WORKFLOWS)
        keys = (self.linked.named(workflow, names[0]) for names in named if names[1] == "outputs")
        return (key for key in keys if key is not None and key in self.linked.workflows and key != workflow.key)

    def _check(self, use: Use, key: WorkflowKey, paths: Paths) -> Diagnostic | None:
        workflow = paths.workflow
        before = (workflow.references.get(each) for each in workflow.workflow.depends_on)
        leading = self._leading_to(key)
        if not leading.isdisjoint(before):
            return None
        running = [
            index for index, step in enumerate(workflow.steps) if not leading.isdisjoint(_run_by(step, workflow))
        ]
        if not running:
            return _told(use, paths, _never_run(use, key, workflow))
        if use.moment is not Moment.REQUEST or use.step is None or _comes_after(use.step, running, paths):
            return None
        return _told(use, paths, _run_later(use, use.step, key, paths.step(running[0])))

    def _may_have_run(self, key: WorkflowKey, reader: WorkflowKey) -> bool:
        """Whether another workflow may have run one before, or runs it and the reader of its outputs."""
        running = self._leading_to(key) - {reader}
        if running & self._leading_to(reader):
            return True
        written = [self.linked.key(each.workflow_id) for each in self.linked.entry.workflows]
        # who runs all workflows of a document runs them as they are written
        return reader in written and not running.isdisjoint(written[: written.index(reader)])

    def _leading_to(self, key: WorkflowKey) -> frozenset[WorkflowKey]:
        """Return a workflow and all that lead to it, by steps, actions and ``dependsOn``."""
        if key not in self._leading:
            self._leading[key] = frozenset(walk([key], lambda each: self._callers.get(each, ())))
        return self._leading[key]

    @cached_property
    def _leading(self) -> dict[WorkflowKey, frozenset[WorkflowKey]]:
        return {}

    @cached_property
    def _callers(self) -> dict[WorkflowKey, list[WorkflowKey]]:
        callers: dict[WorkflowKey, list[WorkflowKey]] = {}
        for key, workflow in self.linked.workflows.items():
            for called in workflow.references.values():
                callers.setdefault(called, []).append(key)
        return callers


def _run_by(step: LinkedStep, workflow: LinkedWorkflow) -> Iterator[WorkflowKey | None]:
    """Yield the workflows that a step runs, and comes back from."""
    if isinstance(step.target, WorkflowKey):
        yield step.target
    for action in step.on_failure:
        # "the reference is executed and the context is returned, after which the current step is retried"
        if action.type is ActionType.RETRY and action.workflow_id is not None:
            yield workflow.references.get(action.workflow_id)


def _comes_after(reader: LinkedStep, running: list[int], paths: Paths) -> bool:
    """Whether a way leads to a step from one of those that run the other workflow; what no way reaches is told so."""
    visits = paths.visits(paths.workflow.indexes[reader.step.step_id])
    following = walk(chain.from_iterable(map(paths.following, running)), paths.following)
    return not visits or not set(visits).isdisjoint(following)


def _told(use: Use, paths: Paths, found: Diagnostic) -> Diagnostic:
    """Return an error where a run in which nothing fails cannot send a request; what follows a failure may end well."""
    if use.step is None or use.moment is not Moment.REQUEST or use.step.on_failure:
        return found.as_warning()
    is_reached = paths.workflow.indexes[use.step.step.step_id] in paths.reached_by_success
    return found if is_reached else found.as_warning()


def _never_run(use: Use, key: WorkflowKey, workflow: LinkedWorkflow) -> Diagnostic:
    own, other = workflow.key.workflow_id, key.workflow_id
    message = f"`{use.text}` never has a value: nothing runs workflow `{other}` before or in workflow `{own}`"
    fix = f"call `{other}` in a step, or list it in `dependsOn`"
    return diagnose("expression-unavailable", message, use.at.location(use.span), fix=fix)


def _run_later(use: Use, reader: LinkedStep, key: WorkflowKey, runner: LinkedStep) -> Diagnostic:
    one, other = runner.step.step_id, reader.step.step_id
    message = (
        f"`{use.text}` needs workflow `{key.workflow_id}`, which step `{one}` runs,"
        f" and that cannot have run before step `{other}`"
    )
    fix = f"move step `{one}` up, before `{other}`, or list `{key.workflow_id}` in `dependsOn`"
    related = [Related("the step that runs it", runner.step.at.child("stepId"))]
    return diagnose("forward-reference", message, use.at.location(use.span), fix=fix, related=related)
