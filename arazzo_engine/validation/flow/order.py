"""Which step can have run before which: steps run as written, and ``goto`` and ``retry`` can bring the run elsewhere.

Decides it from the steps and actions alone, generously: a criterion that could never hold is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedWorkflow


def can_run_before(workflow: LinkedWorkflow, earlier: str, later: str) -> bool:
    """Whether a run can come to step ``later`` after step ``earlier`` has run."""
    start, end = workflow.indexes.get(earlier), workflow.indexes.get(later)
    if start is None or end is None:
        return True  # a step that could not be linked is noted already
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        for following in _following(workflow, waiting.pop()):
            if following == end:
                return True
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def _following(workflow: LinkedWorkflow, index: int) -> set[int]:
    """Return the steps that can come directly after a step."""
    step = workflow.steps[index]
    actions = step.actions
    named = {
        workflow.indexes[each.step_id]
        for each in actions
        if each.step_id is not None and each.step_id in workflow.indexes
    }
    # the target of a retry runs, and then the step that failed once more
    retried = {
        other
        for other, linked in enumerate(workflow.steps)
        for action in linked.on_failure
        if action.type == "retry" and action.step_id == step.step.step_id
    }
    again = {index} if any(action.type == "retry" for action in step.on_failure) else set()
    return named | retried | again | ({index + 1} if index + 1 < len(workflow.steps) else set())
