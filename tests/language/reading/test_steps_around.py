"""A field of another format at a step is told with the steps and workflows that this document has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description

_OPEN = "$steps.a.outputs.state == 'open'"
_STOP = "write `onSuccess: [{name: stop, type: end}]`"
_SKIP = "criteria: [{condition: '!($steps.a.outputs.state == ''open'')'}]}`"


def _fix(at: int, version: str = "1.0.1", **fields: Any) -> str:
    """Return the fix for a field of one of the steps ``a``, ``b`` and ``c``."""
    steps: list[dict[str, Any]] = [{"stepId": each, "operationId": "op"} for each in "abc"]
    steps[at].update(fields)
    other = {"workflowId": "other", "steps": [{"stepId": "d", "operationId": "op"}]}
    document = {
        "arazzo": version,
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": steps}, other],
    }
    found = read_description(read_document(json.dumps(document), "file:///main.json")).problems
    (problem,) = [each for each in found if each.code == "field-unknown"]
    return problem.fix


@pytest.mark.parametrize(
    ("at", "fields", "fix"),
    [
        (1, {"if": _OPEN}, "in step `a`, write an entry of `onSuccess`: `{name: skip, type: goto, stepId: c, " + _SKIP),
        (
            *(0, {"if": _OPEN}),
            "in a step that is put before it, write an entry of `onSuccess`: `{name: skip, type: goto, stepId: b, "
            + _SKIP,
        ),
        (2, {"when": _OPEN}, "in step `b`, write an entry of `onSuccess`: `{name: skip, type: end, " + _SKIP),
        (
            *(1, {"if": "${{ steps.a.outputs.state == 'open' }}"}),
            "in step `a`, write an entry of `onSuccess`: `{name: skip, type: goto, stepId: c, " + _SKIP,
        ),
        (
            *(2, {"if": "always()"}),
            "in step `b`, write an entry at the end of `onFailure`: `{name: go-on, type: goto, stepId: c}`",
        ),
        (
            *(1, {"if": "${{ failure() }}"}),
            (
                "in step `a`, write an entry of `onFailure`: `{name: on-failure, type: goto, stepId: b}`, and one of"
                " `onSuccess` that goes past this step"
            ),
        ),
        (1, {"if": "success()"}, "remove it: a step is made when the one before it has succeeded"),
        # an `end` after a failure would end with one
        (
            *(2, {"allowFailure": "yes"}),
            "write `successCriteria: [{condition: $statusCode >= 100}]`: any answer is a success then",
        ),
        (
            *(1, {"continue-on-error": True}),
            "write an entry at the end of `onFailure`: `{name: go-on, type: goto, stepId: c}`",
        ),
    ],
)
def test_a_step_that_is_passed_over_is_told_by_the_steps_around_it(at: int, fields: dict[str, Any], fix: str) -> None:
    assert _fix(at, **fields) == fix


@pytest.mark.parametrize(
    ("target", "fix"),
    [
        ("c", "write `onSuccess: [{name: to-c, type: goto, stepId: c}]`"),
        ("b", "remove `next`: step `b` follows this one"),
        ("other", "write `onSuccess: [{name: to-other, type: goto, workflowId: other}]`"),
        (
            "wholly-unknown",
            (
                "write `onSuccess: [{name: to-…, type: goto, stepId: …}]` with the id of a step:"
                " no step or workflow is called `wholly-unknown`"
            ),
        ),
        ("othr", "write `onSuccess: [{name: to-other, type: goto, workflowId: other}]`"),
        (
            "end",
            f"{_STOP}, or with `type: goto` and `stepId: end` if a step is called so",
        ),
    ],
)
def test_where_a_step_goes_on_is_a_step_or_a_workflow(target: str, fix: str) -> None:
    assert _fix(0, next=target) == fix


@pytest.mark.parametrize(
    ("needs", "fix"),
    [
        (["a"], "remove `needs`: steps run in their order, and `a` is before this one"),
        (["c"], "put the step behind `c`: steps run in their order; or write `dependsOn: [c]` and `arazzo: 1.1.0`"),
        (
            ["a", "c"],
            "put the step behind `c`: steps run in their order; or write `dependsOn: [a, c]` and `arazzo: 1.1.0`",
        ),
        (["other"], "`other` is a workflow: write `dependsOn: [other]` in the workflow of this step"),
        (["nowhere"], "remove `needs`: no step is called `nowhere`"),
    ],
)
def test_what_a_step_needs_is_told_by_the_order_of_the_steps(needs: list[str], fix: str) -> None:
    assert _fix(1, needs=needs) == fix


def test_what_a_step_runs_after_is_named_by_the_members_of_an_object() -> None:
    fix = "remove `runAfter`: steps run in their order, and `a` is before this one"
    assert _fix(1, runAfter={"a": ["Succeeded"]}) == fix


def test_what_a_step_needs_is_written_where_the_version_has_it() -> None:
    assert _fix(1, "1.1.0", needs=["a"]) == "write `dependsOn: [a]`"
