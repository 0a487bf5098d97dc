"""What a run is set in, for observers that want to say more of a step than its name: the linked description, servers.

Values only. Its secrets are nobody's business: it shows none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.typed import Reticent

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, WorkflowKey
    from arazzo_engine.apis.security.access import Access


class Scene(Reticent, frozen=True, eq=False):
    """The workflow that is run, all that it leads to, and the servers of its requests."""

    key: WorkflowKey
    linked: LinkedDescription
    access: Access

    def _shown(self) -> str:
        return self.key.workflow_id

    def step(self, workflow_id: str, step_id: str) -> LinkedStep | None:
        """Return a step of a workflow that the run leads to; ``None`` when there is none of these names."""
        for workflow in self.linked.workflows.values():
            if workflow.key.workflow_id == workflow_id and step_id in workflow.indexes:
                return workflow.steps[workflow.indexes[step_id]]
        return None

    def steps_of(self, workflow_id: str) -> tuple[str, ...]:
        """Return the ids of the steps of a workflow that the run leads to, in their order."""
        found = (each for each in self.linked.workflows.values() if each.key.workflow_id == workflow_id)
        return tuple(step.step.step_id for workflow in found for step in workflow.steps)
