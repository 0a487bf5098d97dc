"""An output of a workflow that names what no step has is left out; what is sent because of it is an error."""

from __future__ import annotations

from validated import codes, validated

_OUTPUTS = {"total": "$steps.tried.outputs.totl"}
_STEP = {"outputs": {"total": "$response.body#/total"}}


def test_an_output_that_only_the_user_gets_is_a_warning_with_what_was_meant() -> None:
    (found,) = validated(_STEP, workflow={"outputs": _OUTPUTS})
    assert codes((found,)) == [("warning", "unknown-output")]
    assert found.fix == "did you mean `total`?"


def test_one_that_a_calling_workflow_gets_is_an_error() -> None:
    caller = {"workflowId": "caller", "steps": [{"stepId": "call", "workflowId": "w"}]}
    found = validated(_STEP, workflow={"outputs": _OUTPUTS}, others=[caller])
    assert ("error", "unknown-output") in codes(found)


def test_one_that_a_request_needs_is_an_error() -> None:
    asked = {"parameters": [{"name": "q", "in": "query", "value": "$steps.find.outputs.gone"}]}
    assert ("error", "unknown-output") in codes(validated(asked))
