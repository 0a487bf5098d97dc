"""A linked description: every step joined to the operation or workflow it calls, its lists merged.

Values only: linking makes them, the checks read them, the interpreter runs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.language.objects import ActionType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.language.objects import (
        Action,
        ArazzoDescription,
        FailureAction,
        Parameter,
        SourceDescription,
        Step,
        StepReference,
        SuccessAction,
        Workflow,
    )


class WorkflowKey(Struct, frozen=True):
    """A workflow among all documents of a run: its document's URI and its id."""

    document_uri: str
    workflow_id: str


class StepKey(Struct, frozen=True):
    """A step among all workflows of a run."""

    workflow: WorkflowKey
    step_id: str


class StepDependency(Struct, frozen=True):
    """A step that must have completed before another one, and the reference that says so."""

    reference: StepReference
    key: StepKey


class Unresolved(Struct, frozen=True):
    """What a step calls could not be found, or was not looked for. Such a step can be checked but never run."""


Target: TypeAlias = Operation | WorkflowKey | Unresolved


class LinkedStep(Struct, frozen=True):
    """A step with what it calls, and with the workflow's parameters and actions merged into its own.

    ``depends_on`` are the steps that must have completed before it, as its ``dependsOn`` declares.
    """

    step: Step
    target: Target
    parameters: tuple[Parameter, ...]
    on_success: tuple[SuccessAction, ...]
    on_failure: tuple[FailureAction, ...]
    depends_on: tuple[StepDependency, ...] = ()

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """The name and location of each parameter that the step sets."""
        return tuple((each.name, each.location or "") for each in self.parameters)

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions of success and of failure, the workflow's among them."""
        return (*self.on_success, *self.on_failure)


class LinkedWorkflow(Struct, frozen=True, eq=False):
    """A workflow with its steps in the order they run. It is equal to itself alone, so that it can be looked up.

    ``references`` leads from each workflow reference in its text (``login``, ``$sourceDescriptions.x.login``)
    to the workflow meant; ``indexes`` from each step id to its index.
    """

    key: WorkflowKey
    workflow: Workflow
    description: ArazzoDescription
    sources: Mapping[str, SourceDescription]
    steps: tuple[LinkedStep, ...]
    references: Mapping[str, WorkflowKey]
    indexes: Mapping[str, int]

    @property
    def transfers(self) -> tuple[WorkflowKey, ...]:
        """The workflows that a ``goto`` of its steps leads to."""
        named = (
            self.references.get(action.workflow_id or "")
            for step in self.steps
            for action in step.actions
            if action.type is ActionType.GOTO
        )
        return tuple(key for key in named if key is not None)


class LinkedDescription(Struct, frozen=True, eq=False):
    """Everything a run can reach from the entry document, linked. It is equal to itself alone."""

    entry: ArazzoDescription
    workflows: Mapping[WorkflowKey, LinkedWorkflow]
    resolver: Resolver

    def key(self, workflow_id: str) -> WorkflowKey:
        """Return the key of a workflow of the entry document."""
        return WorkflowKey(self.entry.at.document.uri, workflow_id)

    def workflow(self, workflow_id: str) -> LinkedWorkflow:
        """Return a workflow of the entry document."""
        return self.workflows[self.key(workflow_id)]

    def operations(self) -> Iterator[Operation]:
        """Yield the operation of each step that calls one."""
        for workflow in self.workflows.values():
            for step in workflow.steps:
                if isinstance(step.target, Operation):
                    yield step.target

    def reachable(self, key: WorkflowKey) -> tuple[LinkedWorkflow, ...]:
        """Return the workflow and all that it can lead to: by steps, actions and ``dependsOn``."""
        return self._closure(key, lambda workflow: workflow.references.values())

    def transfers(self, key: WorkflowKey) -> tuple[LinkedWorkflow, ...]:
        """Return the workflow and those that it can transfer its control to, whose outputs are then its own."""
        return self._closure(key, lambda workflow: workflow.transfers)

    def _closure(
        self, key: WorkflowKey, following: Callable[[LinkedWorkflow], Iterable[WorkflowKey]]
    ) -> tuple[LinkedWorkflow, ...]:
        seen: dict[WorkflowKey, LinkedWorkflow] = {}
        waiting = [key]
        while waiting:
            next_key = waiting.pop()
            workflow = self.workflows.get(next_key)
            if workflow is not None and next_key not in seen:
                seen[next_key] = workflow
                waiting.extend(following(workflow))
        return tuple(seen.values())
