"""An output is read where its step has run: on every way, on some, on none; and where it has only failed."""

from __future__ import annotations

from typing import Any, Final

import pytest
from flowing import end, found, found_in, gives, goto, reads, retry, told
from scripted import step, workflow

_OTHER = workflow(gives("h"), name="other", outputs={"n": "$steps.h.outputs.n"})


@pytest.mark.parametrize(
    "steps",
    [
        [gives("a"), reads("b", "a"), reads("c", "a", "b")],
        # the failure of a later step leads to one that reads what an earlier one gave
        [gives("a"), step("b", onFailure=[goto("d")]), step("c", onSuccess=[end()]), reads("d", "a")],
        # a retry of the same step, and one that runs another first, which has run before anyway
        [gives("a"), reads("b", "a", onFailure=[retry()]), reads("c", "b")],
        [gives("a"), reads("b", "a", onFailure=[retry(stepId="a")]), reads("c", "a", "b")],
        # what a retry runs first has run where the step is tried again, and its outputs are there for its actions
        [
            step("a", onFailure=[retry(stepId="c"), end("$steps.c.outputs.n == 1")], onSuccess=[goto("d")]),
            step("b"),
            gives("c"),
            step("d"),
        ],
        # back, and forward again
        [gives("a"), reads("b", "a", onSuccess=[goto("a", "$statusCode == 202")]), reads("c", "b")],
        # a later step was there when the run comes back
        [
            step("a", onSuccess=[goto("c")]),
            reads("b", "c", onSuccess=[end()]),
            gives("c", onSuccess=[goto("b")]),
        ],
        # two branches, each with what it needs, and criteria that ask for what one of them has
        [
            step("a", onSuccess=[goto("c", "$statusCode == 200")]),
            gives("b", onSuccess=[goto("d")]),
            gives("c"),
            step("d", onSuccess=[goto("f", "$steps.b.outputs.n == 1"), end()]),
            step("e"),
            reads("f", "b"),
        ],
        # an output that merges what two branches gave
        [
            step("a", onSuccess=[goto("c", "$statusCode == 200")]),
            gives("b", onSuccess=[goto("d")]),
            gives("c"),
            step("d", outputs={"one": "$steps.b.outputs.n", "other": "$steps.c.outputs.n"}),
        ],
        # an action that leads past a step is never chosen
        [step("a", onSuccess=[goto("c", "$statusCode == 404")]), gives("b"), reads("c", "b")],
        [step("a", onFailure=[goto("c", "$statusCode == 200")]), gives("b"), reads("c", "b")],
        # a called workflow gives its outputs to its step
        [{"stepId": "call", "workflowId": "other"}, step("b", parameters=[])],
    ],
)
def test_what_every_way_has_is_let_be(steps: list[Any]) -> None:
    codes = {each.code for each in found(workflow(*steps), _OTHER)}
    assert not codes & {"forward-reference", "step-left-out", "failed-step-output", "output-never-assigned"}


def test_a_way_that_leaves_out_a_step_is_shown() -> None:
    problems = found_in(
        step("a", onSuccess=[goto("c", "$statusCode == 202", name="skip")]), gives("b"), reads("c", "b")
    )
    assert told(problems) == [
        "warning[step-left-out]: `$steps.b.outputs.n` needs step `b`, which has no outputs on some way to step `c`",
        "  `b` has no outputs on the way `a` → onSuccess `skip` → `c`",
    ]
    assert problems[0].fix == "lead that way to another step, or let `c` read what every way to it has"


def test_a_failure_that_leads_to_a_step_leaves_out_its_own() -> None:
    problems = found_in(gives("a", onFailure=[goto("c")]), step("b"), reads("c", "a"))
    assert told(problems) == [
        "warning[step-left-out]: `$steps.a.outputs.n` needs step `a`, which has no outputs on some way to step `c`",
        "  `a` has no outputs on the way `a` → onFailure `jump` → `c`",
    ]


def test_only_the_first_of_several_steps_that_need_it_is_told() -> None:
    problems = found_in(
        step("a", onSuccess=[goto("c", "$statusCode == 202")]), gives("b"), reads("c", "b"), reads("d", "b")
    )
    # step `d` is come to only when `c` has succeeded, which it cannot without `b`
    assert [each.code for each in problems] == ["step-left-out"]


def test_a_failed_retry_takes_the_outputs_of_the_step_that_it_ran_first() -> None:
    problems = found_in(
        gives("a"),
        step("b", onFailure=[retry("$statusCode == 401", stepId="a"), goto("d", name="give-up")]),
        step("c", onSuccess=[end()]),
        reads("d", "a"),
    )
    assert told(problems) == [
        "warning[step-left-out]: `$steps.a.outputs.n` needs step `a`, which has no outputs on some way to step `d`",
        "  `a` has no outputs on the way `b` → onFailure `give-up` → `d`",
    ]


def test_a_step_that_a_retry_runs_first_reads_what_was_there_then() -> None:
    problems = found_in(step("a", onFailure=[retry(stepId="c")]), gives("b"), reads("c", "b"))
    assert told(problems) == [
        "warning[step-left-out]: `$steps.b.outputs.n` needs step `b`, which has no outputs on some way to step `c`",
        "  `b` has no outputs on the way `a` → onFailure `again` → `c`",
    ]


def test_success_criteria_need_what_they_read() -> None:
    judged = {"successCriteria": [{"condition": "$steps.b.outputs.n == 1"}]}
    problems = found_in(step("a", onSuccess=[goto("c", "$statusCode == 202")]), gives("b"), step("c", **judged))
    assert [each.code for each in problems] == ["step-left-out"]


@pytest.mark.parametrize(
    "needing",
    [
        # an output is left out where it has no value, and an action is not chosen
        {"outputs": {"n": "$steps.b.outputs.n"}},
        {"onSuccess": [end("$steps.b.outputs.n == 1")]},
        {"successCriteria": [{"condition": "$statusCode == 200 || $steps.b.outputs.n == 1"}]},
    ],
)
def test_what_may_be_without_a_value_is_let_be(needing: dict[str, Any]) -> None:
    problems = found_in(step("a", onSuccess=[goto("c", "$statusCode == 202")]), gives("b"), step("c", **needing))
    codes = [each.code for each in problems]
    assert codes == (["step-left-out"] if "successCriteria" in needing else [])


def test_a_later_step_that_no_way_leads_back_from_is_an_error() -> None:
    assert told(found_in(reads("a", "b"), gives("b"))) == [
        "error[forward-reference]: `$steps.b.outputs.n` needs step `b`, which cannot have run before step `a`"
    ]


@pytest.mark.parametrize(
    ("steps", "fix"),
    [
        ([reads("a", "b"), gives("b")], "move step `b` up, before `a`"),
        # what the step itself needs goes with it, and nothing else does
        (
            [reads("a", "d"), gives("b"), reads("c", "b"), reads("d", "b")],
            "move steps `b`, `d` up, before `a`",
        ),
        # what a step needs stands before it
        ([reads("a", "b"), reads("b", "c"), gives("c")], "move steps `c`, `b` up, before `a`"),
        # no order has both
        (
            [reads("a", "b"), reads("b", "a")],
            "take what `b` or `a` reads from elsewhere, such as an input: each needs the other",
        ),
    ],
)
def test_the_fix_of_a_forward_reference_is_an_order_that_there_is(steps: list[Any], fix: str) -> None:
    assert found_in(*steps)[0].fix == fix


def test_each_forward_reference_of_a_circle_is_told_as_one_that_no_order_mends() -> None:
    circle = [reads("a", "b"), reads("b", "c"), reads("c", "a")]
    assert [each.fix for each in found_in(*circle) if each.code == "forward-reference"] == [
        "take what `b` or `a` reads from elsewhere, such as an input: each needs the other",
        "take what `c` or `b` reads from elsewhere, such as an input: each needs the other",
    ]


def test_where_only_a_failure_leads_it_is_a_warning() -> None:
    problems = found_in(
        step("a", onFailure=[goto("b")], onSuccess=[goto("c")]), reads("b", "c", onSuccess=[end()]), gives("c")
    )
    assert told(problems) == [
        "warning[forward-reference]: `$steps.c.outputs.n` needs step `c`, which cannot have run before step `b`"
    ]


def test_an_earlier_step_that_every_way_goes_past_is_an_error() -> None:
    problems = found_in(step("a", onSuccess=[goto("c")]), gives("b"), reads("c", "b"))
    assert told(problems)[:2] == [
        "error[forward-reference]: `$steps.b.outputs.n` needs step `b`, which cannot have run before step `c`",
        "  `b` has not run on the way `a` → onSuccess `jump` → `c`",
    ]


@pytest.mark.parametrize(
    "steps",
    [
        # what follows the failure may end well
        [step("a", onSuccess=[goto("c")]), gives("b"), reads("c", "b", onFailure=[end()])],
        # a run in which nothing fails does not come there
        [step("a", onFailure=[goto("c")], onSuccess=[end()]), gives("b"), reads("c", "b")],
        # an output is left out where it has no value
        [step("a", onSuccess=[goto("c")]), gives("b"), step("c", outputs={"n": "$steps.b.outputs.n"})],
    ],
)
def test_where_the_run_may_end_well_without_it_it_is_a_warning(steps: list[Any]) -> None:
    severities = {each.severity.value for each in found_in(*steps) if each.code == "forward-reference"}
    assert severities == {"warning"}


@pytest.mark.parametrize(
    "steps",
    [
        # a later visit has it
        [step("a", onSuccess=[goto("c")]), gives("b"), step("c", onFailure=[goto("b")]), reads("d", "b")],
        # so does what a retry runs first
        [step("a", onSuccess=[goto("c")]), gives("b"), reads("c", "b", onFailure=[retry(stepId="b")])],
    ],
)
def test_where_some_way_has_it_it_is_no_forward_reference(steps: list[Any]) -> None:
    assert "forward-reference" not in {each.code for each in found_in(*steps)}


def test_a_step_that_calls_a_workflow_needs_it_as_well() -> None:
    read = [{"name": "n", "value": "$steps.b.outputs.n"}]
    calling = {"stepId": "c", "workflowId": "other", "parameters": read}
    problems = found(workflow(step("a", onSuccess=[goto("c")]), gives("b"), calling), _OTHER)
    assert "error[forward-reference]" in "\n".join(told(problems))


def test_a_step_that_has_failed_on_every_way_has_no_outputs() -> None:
    problems = found_in(gives("a", onFailure=[goto("c", name="undo")]), step("b", onSuccess=[end()]), reads("c", "a"))
    assert told(problems) == [
        "warning[failed-step-output]: `$steps.a.outputs.n` has no value: step `a` has failed on every way to step `c`",
        "  `a` has no outputs on the way `a` → onFailure `undo` → `c`",
    ]
    assert problems[0].fix == "read an output of a step that has succeeded before `a`, or an input"


def test_an_output_of_a_step_that_the_end_never_sees() -> None:
    problems = found_in(step("a", onSuccess=[end()]), gives("b"), outputs={"n": "$steps.b.outputs.n"})
    assert (
        "warning[output-never-assigned]: `$steps.b.outputs.n` never has a value: "
        "step `b` has run on no way to the end of the workflow"
    ) in told(problems)


@pytest.mark.parametrize(
    "steps",
    [
        [gives("a")],
        [gives("a", onSuccess=[goto("c", "$statusCode == 202")]), step("b"), step("c")],
        # in a workflow that failed, too
        [gives("a"), step("b", onFailure=[end()])],
        [gives("a", onSuccess=[{"name": "on", "type": "goto", "workflowId": "other"}])],
        [step("b", onFailure=[retry(stepId="a")], onSuccess=[end()]), gives("a")],
    ],
)
def test_an_output_that_some_end_sees_is_let_be(steps: list[Any]) -> None:
    problems = found(workflow(*steps, outputs={"n": "$steps.a.outputs.n"}), _OTHER)
    assert "output-never-assigned" not in {each.code for each in problems}


def test_a_dependency_that_no_way_has_completed() -> None:
    on = [goto("c")]
    problems = found_in(
        step("a", onSuccess=on, onFailure=[goto("b")]), step("b", onSuccess=[end()]), step("c", dependsOn=["b"])
    )
    assert told(problems) == [
        "warning[forward-reference]: step `c` depends on `b`, which no way to it has completed",
        "  `b` has no outputs on the way `a` → onSuccess `jump` → `c`",
    ]


_PASSED: Final = (step("a", onSuccess=[goto("d")]), step("b"), step("c"))
_LED_PAST: Final = "  step `a`, before `b`, always goes on by action `jump`"


def test_a_dependency_on_a_step_that_no_way_leads_to() -> None:
    problems = found_in(*_PASSED, step("d", dependsOn=["c"]))
    assert told(problems)[2:] == [
        "warning[forward-reference]: step `d` depends on `c`, to which no way leads",
        _LED_PAST,
    ]
    assert problems[1].fix == "lead a way to step `c`, or remove it from `dependsOn`"


def test_a_dependency_on_a_step_of_another_workflow_that_no_way_leads_to() -> None:
    first = workflow(*_PASSED, step("d"), name="first")
    other = workflow(step("a", dependsOn=["$workflows.first.steps.c"]), name="other", dependsOn=["first"])
    assert told(found(first, other))[2:] == [
        "error[forward-reference]: step `a` depends on `$workflows.first.steps.c`, to which no way leads",
        _LED_PAST,
    ]


@pytest.mark.parametrize(
    "steps",
    [
        # what follows the failure of a step may end well
        [step("a", dependsOn=["$workflows.first.steps.c"], onFailure=[end()])],
        # a run in which nothing fails does not come there
        [
            step("a", onSuccess=[end()], onFailure=[goto("b")]),
            step("b", dependsOn=["$workflows.first.steps.c"]),
        ],
    ],
)
def test_a_dependency_on_such_a_step_is_a_warning_where_the_run_may_end_well(steps: list[Any]) -> None:
    first = workflow(*_PASSED, step("d"), name="first")
    problems = found(first, workflow(*steps, name="other", dependsOn=["first"]))
    (told_of,) = (each for each in problems if each.code == "forward-reference")
    assert not told_of.is_error


def test_a_step_that_never_runs_may_depend_on_another_one() -> None:
    problems = found_in(step("a", onSuccess=[goto("d")]), step("b"), step("c", dependsOn=["b"]), step("d"))
    assert {each.code for each in problems} == {"step-unreachable"}


def test_a_dependency_that_some_way_has_not_completed() -> None:
    problems = found_in(
        step("a", onSuccess=[goto("c", "$statusCode == 202")]), gives("b"), reads("c", "b", dependsOn=["b"])
    )
    assert told(problems) == [
        "warning[step-left-out]: step `c` depends on `b`, which some way to it has not completed",
        "  `b` has no outputs on the way `a` → onSuccess `jump` → `c`",
    ]


def test_steps_that_wait_for_each_other_are_told_once() -> None:
    problems = found_in(step("a", dependsOn=["b"]), step("b", dependsOn=["a"]))
    assert {each.code for each in problems} == {"dependency-cycle"}


def test_a_long_way_is_shown_by_its_jumps() -> None:
    problems = found_in(
        step("a"),
        step("b", onSuccess=[goto("d", "$statusCode == 202", name="one")]),
        gives("c"),
        step("d"),
        step("e", onFailure=[goto("g", name="two")]),
        step("f", onSuccess=[end()]),
        step("g"),
        reads("h", "c"),
    )
    assert told(problems)[1] == (
        "  `c` has no outputs on the way `b` → onSuccess `one` → `d` → … → `e` → onFailure `two` → `g` → `h`"
    )


def test_where_an_action_leads_nowhere_the_flow_is_not_judged() -> None:
    problems = found_in(step("a", onSuccess=[goto("nowhere")]), gives("b"), reads("c", "b"))
    assert [each.code for each in problems] == ["unknown-step"]
