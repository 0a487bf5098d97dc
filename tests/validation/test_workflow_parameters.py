"""A workflow's parameter goes to each step whose operation has a place for it, and to at least one of them."""

from __future__ import annotations

from typing import Any, Final

from validated import codes, validated

_PATH: Final[dict[str, Any]] = {"path": "/tried/{id}"}
_ID: Final = {"name": "id", "in": "path", "value": "a"}


def test_a_path_parameter_of_the_workflow_is_skipped_where_the_path_has_no_place_for_it() -> None:
    assert validated({}, workflow={"parameters": [_ID]}, **_PATH) == ()


def test_a_path_parameter_of_the_workflow_that_no_step_has_a_place_for_is_told() -> None:
    (finding,) = validated({}, workflow={"parameters": [_ID]})
    assert codes((finding,)) == [("error", "path-parameter-mismatch")]
    assert finding.message == "no path that the workflow's steps call has the placeholder `{id}`"


def test_one_that_is_misspelt_leaves_the_placeholder_without_a_value() -> None:
    findings = validated({}, workflow={"parameters": [{**_ID, "name": "idd"}]}, **_PATH)
    assert [(each.code, each.fix) for each in findings] == [
        ("path-parameter-mismatch", "did you mean `id`?"),
        ("path-parameter-mismatch", "add a parameter `id` with `in: path`"),
    ]


def test_a_step_of_its_own_with_a_parameter_that_has_no_place_is_told() -> None:
    (finding,) = validated({"parameters": [_ID]})
    assert finding.message == "`/tried` has no placeholder `{id}`"


def test_headers_and_queries_have_a_place_in_every_request() -> None:
    parameters = [{"name": "X-Any", "in": "header", "value": "a"}, {"name": "any", "in": "query", "value": "a"}]
    assert validated({}, workflow={"parameters": parameters}) == ()


def test_the_inputs_of_a_workflow_that_nobody_has_need_no_place() -> None:
    call = {"workflowId": "nowhere", "parameters": [{"name": "id", "value": "a"}]}
    steps = [{"stepId": "call", **call}]
    assert [each.code for each in validated({}, workflow={"steps": steps})] == ["unknown-workflow"]
