"""Which ways through a workflow are drawn, and where they run in a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_documents import page_in, step

from arazzo_engine.reporting.pages.flow import Edge, EdgeKind, Flow, Node, NodeKind
from arazzo_engine.reporting.pages.lanes import Route, routes_of

if TYPE_CHECKING:
    from pathlib import Path

_GONE = [{"condition": "$statusCode == 410"}]


def _edges(folder: Path, *steps: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    page = page_in(folder, [{"workflowId": "w", "steps": list(steps)}])
    return [(each.source, each.target, each.kind, each.label) for each in page.workflows[0].flow.edges]


def test_steps_follow_each_other_to_the_end(tmp_path: Path) -> None:
    assert _edges(tmp_path, step("a"), step("b")) == [("step a", "step b", "next", ""), ("step b", "end", "next", "")]


def test_a_workflow_without_steps_has_an_end_alone(tmp_path: Path) -> None:
    assert _edges(tmp_path) == []


@pytest.mark.parametrize(
    ("fields", "edges"),
    [
        (
            {"onSuccess": [{"name": "x", "type": "goto", "stepId": "b", "criteria": _GONE}]},
            [("step b", "success", "$statusCode == 410"), ("step b", "next", "")],
        ),
        ({"onSuccess": [{"name": "x", "type": "end"}]}, [("end", "success", "")]),
        (
            {"onFailure": [{"name": "x", "type": "goto", "stepId": "b"}]},
            [("step b", "next", ""), ("step b", "failure", "")],
        ),
        (
            {"onFailure": [{"name": "x", "type": "retry", "retryAfter": 1.5, "retryLimit": 4}]},
            [("step b", "next", ""), ("step a", "retry", "retry 4 times after 1.5 s")],
        ),
        (
            {"onFailure": [{"name": "x", "type": "end"}, {"name": "never", "type": "goto", "stepId": "b"}]},
            [("step b", "next", ""), ("end", "failure", "")],
        ),
    ],
    ids=[
        "a condition leaves the next step open",
        "an end",
        "a failure",
        "a retry",
        "nothing follows what always holds",
    ],
)
def test_an_action_is_a_way(tmp_path: Path, fields: dict[str, Any], edges: list[tuple[str, str, str]]) -> None:
    found = _edges(tmp_path, step("a", **fields), step("b"))
    assert [each[1:] for each in found if each[0] == "step a"] == edges


def test_a_workflow_that_control_goes_to_is_a_node(tmp_path: Path) -> None:
    other = {"workflowId": "other", "steps": [step("c")]}
    goto = {"name": "x", "type": "goto", "workflowId": "other"}
    page = page_in(tmp_path, [{"workflowId": "w", "steps": [step("a", onSuccess=[goto])]}, other])
    assert [(each.kind, each.label) for each in page.workflows[0].flow.nodes] == [
        ("step", "a"),
        ("workflow", "other"),
        ("end", "end"),
    ]


def test_a_step_that_several_ways_lead_to_joins_them(tmp_path: Path) -> None:
    goto = {"name": "x", "type": "goto", "stepId": "c", "criteria": _GONE}
    page = page_in(tmp_path, [{"workflowId": "w", "steps": [step("a", onSuccess=[goto]), step("b"), step("c")]}])
    assert page.workflows[0].flow.joins == {"step c"}


_SIZE = 8
_ENDS = st.tuples(st.integers(0, _SIZE - 1), st.integers(0, _SIZE - 1))


@given(st.lists(_ENDS, max_size=20))
def test_no_two_ways_run_over_each_other(ends: list[tuple[int, int]]) -> None:
    nodes = tuple(Node(str(number), NodeKind.STEP, "") for number in range(_SIZE))
    routes = routes_of(Flow(nodes, tuple(Edge(str(a), str(b), EdgeKind.NEXT) for a, b in ends)))
    assert len(routes) == len(ends)
    cells = [(each.lane, row) for each in routes for row in _rows(each)]
    assert len(cells) == len(set(cells))


def _rows(route: Route) -> range:
    """Return the rows past which a way runs; a straight one stays between two."""
    low, high = sorted((route.source, route.target))
    return range(low, high + 1 if route.lane else high)
