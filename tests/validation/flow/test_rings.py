"""Workflows that call each other in a ring."""

from __future__ import annotations

from typing import Any

import pytest
from flowing import end, found, goto, told
from scripted import step, workflow


def calls(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": f"call-{name}", "workflowId": name, **rest}


OTHERS = "error[endless-calls]: the workflows call each other without end: "


@pytest.mark.parametrize(
    ("workflows", "lines"),
    [
        (
            [workflow(step("a"), calls("main"))],
            ["error[endless-calls]: the workflow calls itself without end: `main` → `main`"],
        ),
        (
            [workflow(step("a"), calls("other")), workflow(calls("main"), step("b"), name="other")],
            [f"{OTHERS}`main` → `other` → `main`", "  step `call-main` of `other` goes on in the ring"],
        ),
        # whichever way the run takes, it comes to a call
        (
            [
                workflow(
                    step("a", onSuccess=[goto("again", "$statusCode == 201")]),
                    calls("other"),
                    calls("main") | {"stepId": "again"},
                ),
                workflow(calls("main"), name="other"),
            ],
            [f"{OTHERS}`main` → `other` → `main`", "  step `call-main` of `other` goes on in the ring"],
        ),
        # a transfer goes on in the same ring
        (
            [
                workflow(calls("other")),
                workflow(step("b", onSuccess=[{"name": "to", "type": "goto", "workflowId": "main"}]), name="other"),
            ],
            [f"{OTHERS}`main` → `other` → `main`", "  action `to` of `other` goes on in the ring"],
        ),
        # who waits for its failure may want it
        (
            [
                workflow(step("a"), calls("main2", onFailure=[goto("b")]), step("b")),
                workflow(step("c"), calls("main2"), name="main2"),
            ],
            ["warning[endless-calls]: the workflow calls itself without end: `main2` → `main2`"],
        ),
    ],
)
def test_a_ring_that_nothing_leads_out_of(workflows: list[dict[str, Any]], lines: list[str]) -> None:
    assert told(found(*workflows)) == lines


@pytest.mark.parametrize(
    "workflows",
    [
        [workflow(step("a", onSuccess=[end("$statusCode == 204")]), calls("main"))],
        [workflow(step("a", onFailure=[end("$statusCode == 404")]), calls("main"))],
        [workflow(step("a", onSuccess=[goto("b", "$statusCode == 204")]), calls("main"), step("b"))],
        # the failure of the call leads on
        [workflow(step("a"), calls("main", onFailure=[goto("b")]), step("b"))],
        [
            workflow(step("a"), calls("other")),
            workflow(step("b", onSuccess=[end("$statusCode == 204")]), calls("main"), name="other"),
        ],
        # a call that no way leads to
        [workflow(step("a", onSuccess=[end()]), calls("main"))],
        # an action that nobody can read
        [workflow(step("a", onSuccess=[{"name": "x", "type": "goto"}]), calls("main"))],
        # no ring
        [workflow(calls("other")), workflow(step("a"), name="other")],
    ],
)
def test_a_ring_with_a_way_out_is_let_be(workflows: list[dict[str, Any]]) -> None:
    assert "endless-calls" not in {each.code for each in found(*workflows)}


def test_of_a_long_ring_the_beginning_is_told() -> None:
    names = ["main", *(f"w{number}" for number in range(19))]
    ring = zip(names, [*names[1:], names[0]], strict=True)
    (problem,) = found(*(workflow(calls(called), name=name) for name, called in ring))
    assert problem.message.endswith("`main` → `w0` → `w1` → `w2` → `w3` → `w4` → `w5` → `w6` → … → `main`")
    assert len(problem.related) == 7
