"""The steps that a rehearsal did not come to, told once behind it: they are rehearsed by ``--all-paths``.

Decides which steps count: those of every workflow that the rehearsal could have come to, but for those to which no way
leads, and none when it failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.printable import in_line
from arazzo_engine.validation.flow.paths import Paths
from arazzo_engine.validation.flow.unreached import is_passed_by
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.reporting.run_report import RunReport

_MOST: Final = 5


def left_out(workflows: Iterable[LinkedWorkflow], reports: Sequence[RunReport]) -> str:
    """Return what to say of the steps that no rehearsal came to, ``""`` when there are none or one failed."""
    if not all(each.succeeded for each in reports):
        return ""
    reached = {(step.workflow_id, step.step_id) for report in reports for step in report.steps}
    known = [(each.key.workflow_id, step_id) for each in workflows for step_id in _to_come_to(each)]
    missed = [step_id for workflow_id, step_id in dict.fromkeys(known) if (workflow_id, step_id) not in reached]
    if not missed:
        return ""
    more = len(missed) - _MOST
    names = listed(missed) if more <= 0 else f"{', '.join(f'`{each}`' for each in missed[:_MOST])} and {more} more"
    return in_line(f"not come to on this way: {names}; `--all-paths` rehearses the other ways")


def _to_come_to(workflow: LinkedWorkflow) -> Iterator[str]:
    """Yield the steps to which some way leads, or may."""
    paths = Paths(workflow)
    yield from (step.step.step_id for index, step in enumerate(workflow.steps) if not is_passed_by(paths, index))
