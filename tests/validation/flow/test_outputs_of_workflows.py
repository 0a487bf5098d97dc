"""An output of another workflow is read where that one has run: called before, or depended on."""

from __future__ import annotations

from typing import Any

import pytest
from flowing import found, gives, retry, told
from scripted import step, workflow

READ = {"name": "q", "in": "query", "value": "$workflows.other.outputs.n"}
OTHER = workflow(gives("b"), name="other", outputs={"n": "$steps.b.outputs.n"})
CALL: dict[str, Any] = {"stepId": "call", "workflowId": "other"}


def _reads(**rest: Any) -> dict[str, Any]:
    return step("a", parameters=[READ], **rest)


def test_what_nothing_runs_before_has_no_value() -> None:
    (line,) = told(found(workflow(_reads()), OTHER))
    assert line == (
        "error[expression-unavailable]: `$workflows.other.outputs.n` never has a value:"
        " nothing runs workflow `other` before or in workflow `main`"
    )
    failing = {"onFailure": [{"name": "stop", "type": "end"}]}
    assert [each.severity.value for each in found(workflow(_reads(**failing)), OTHER)] == ["warning"]
    result = workflow(step("a"), outputs={"n": "$workflows.other.outputs.n"})
    assert [each.severity.value for each in found(result, OTHER)] == ["warning"]


def test_what_a_later_step_runs_has_no_value_yet() -> None:
    line, related = told(found(workflow(_reads(), CALL), OTHER))
    assert line == (
        "error[forward-reference]: `$workflows.other.outputs.n` needs workflow `other`, which step `call` runs,"
        " and that cannot have run before step `a`"
    )
    assert related == "  the step that runs it"


def test_a_later_step_may_be_one_that_a_way_leads_back_from() -> None:
    back = {**CALL, "onSuccess": [{"name": "back", "type": "goto", "stepId": "a"}]}
    assert "forward-reference" not in {each.code for each in found(workflow(_reads(), back), OTHER)}


@pytest.mark.parametrize(
    "workflows",
    [
        (workflow(CALL, _reads()), OTHER),
        (workflow(_reads(), dependsOn=["other"]), OTHER),
        # who runs all of them runs them as they are written
        (OTHER, workflow(_reads())),
        (workflow(CALL, name="first"), workflow(_reads()), OTHER),
        # what a third one has run before is not known
        (workflow(_reads()), OTHER, workflow(CALL, {"stepId": "main", "workflowId": "main"}, name="third")),
        (workflow(CALL, {"stepId": "more", "workflowId": "main"}, name="first"), workflow(_reads()), OTHER),
        # a call may lead to it by another one
        (
            workflow({**CALL, "workflowId": "between"}, _reads()),
            workflow(CALL, name="between"),
            OTHER,
        ),
        # by a retry the step comes back to itself
        (workflow(_reads(onFailure=[retry(workflowId="other", retryLimit=1)])), OTHER),
    ],
)
def test_where_it_may_have_run_nothing_is_told(workflows: tuple[dict[str, Any], ...]) -> None:
    codes = {each.code for each in found(*workflows)}
    assert not codes & {"expression-unavailable", "forward-reference"}
