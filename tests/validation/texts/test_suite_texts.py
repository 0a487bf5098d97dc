"""What the test suites of SDKs write for a file or a variable is told wherever it stands."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, codes, validated

_TOLD: Final = "`x-env: SHOP_KEY; none` is text here, and no variable of the environment is read"
_FIX: Final = (
    "declare an input `SHOP_KEY` with `default: none`, read it by `$inputs.SHOP_KEY`, and give it with "
    '`-i SHOP_KEY="$SHOP_KEY"`'
)


def _steps(text: str) -> dict[str, dict[str, Any]]:
    """Return a step for each place where a text may stand."""
    body: dict[str, Any] = {"contentType": "application/json", "payload": {"a": 1}}
    replaced = {**body, "replacements": [{"target": "/a", "value": text}]}
    return {
        "header": {"parameters": [{"name": "X-Key", "in": "header", "value": text}]},
        "query": {"parameters": [{"name": "key", "in": "query", "value": text}]},
        "payload": {"requestBody": {**body, "payload": {"a": [text]}}},
        "whole payload": {"requestBody": {"contentType": "text/plain", "payload": text}},
        "replacement": {"requestBody": replaced},
        "criterion": {"successCriteria": [{"condition": f"$response.body#/key == '{text}'"}]},
        "pattern": {"successCriteria": [{"context": "$response.body", "type": "regex", "condition": text}]},
        "output": {"outputs": {"key": text}},
        "action": {
            "onSuccess": [
                {"name": "a", "type": "end", "criteria": [{"condition": f"$response.body#/key == '{text}'"}]},
            ]
        },
    }


@pytest.mark.parametrize("place", _steps(""))
def test_a_variable_of_a_test_suite_is_told_with_the_input_that_says_the_same(place: str) -> None:
    (finding,) = validated(_steps("x-env: SHOP_KEY; none")[place], {"parameters": _DESCRIBED})
    assert codes((finding,)) == [("warning", "extension-ignored")]
    assert (finding.message, finding.fix) == (_TOLD, _FIX)


_DESCRIBED: Final = [
    {"name": "X-Key", "in": "header", "schema": {"type": "string"}},
    {"name": "key", "in": "query", "schema": {"type": "string"}},
]


def _told(findings: Findings) -> list[str]:
    return [each.message for each in findings if each.code == "extension-ignored"]


@pytest.mark.parametrize("place", ["header", "query", "criterion", "pattern", "output", "action"])
def test_a_file_of_a_test_suite_that_is_not_sent_as_a_body_is_told(place: str) -> None:
    (finding,) = validated(_steps("x-file: a b.png")[place], {"parameters": _DESCRIBED})
    assert finding.message == "`x-file: a b.png` is text here, and no file is read"
    assert finding.fix.endswith("read it by `$inputs.a_b_png`, and give it with `-i a_b_png=@a b.png`")


@pytest.mark.parametrize("place", ["payload", "whole payload", "replacement"])
def test_a_file_of_a_test_suite_that_is_sent_is_an_input(place: str) -> None:
    found = validated(_steps("x-file: a.png")[place], workflow={"inputs": {"properties": {"a_png": {}}}})
    assert codes(found)[0] == ("warning", "repaired")
    assert "$inputs.a_png" in found[0].fix
    assert _told(found) == []


def test_a_variable_within_a_text_and_one_of_a_called_workflow_are_told() -> None:
    header = {"parameters": [{"name": "X-Key", "in": "header", "value": "Bearer x-env: SHOP_KEY"}]}
    assert _told(validated(header)) == ["`x-env: SHOP_KEY` is text here, and no variable of the environment is read"]
    called = {
        "workflowId": "called",
        "inputs": {"properties": {"key": {"type": "string"}}},
        "steps": [{"stepId": "a", "operationId": "op"}],
    }
    step = {"operationId": None, "workflowId": "called", "parameters": [{"name": "key", "value": "x-env: SHOP_KEY"}]}
    found = validated({name: each for name, each in step.items() if each}, others=[called])
    assert "`x-env: SHOP_KEY` is text here, and no variable of the environment is read" in _told(found)


@pytest.mark.parametrize("condition", ['"x-file: a.png"', "'x-file: a.png'", "x-file: a.png", '\n"x-env: A"\n'])
@pytest.mark.parametrize("rest", [{"context": "$response.body", "type": "simple"}, {}])
def test_a_criterion_that_is_such_a_text_is_refused(condition: str, rest: dict[str, str]) -> None:
    found = validated({"successCriteria": [{**rest, "condition": condition}]})
    assert [each.code for each in found if each.severity.value == "error"] == ["invalid-condition"]
    (error,) = (each for each in found if each.severity.value == "error")
    assert "is no condition, and no " in error.message
    assert "compare with it, as `$response.body == $inputs.A" in error.fix.replace("a_png", "A")


@pytest.mark.parametrize("text", ["x-env: KEY", "x-file: a.png", "${env.KEY}", "$faker.uuid"])
def test_a_default_that_another_engine_takes_from_elsewhere_is_told(text: str) -> None:
    inputs = {"type": "object", "properties": {"key": {"default": text}}}
    found = validated({}, workflow={"inputs": inputs}, arazzo_components={"inputs": {"unused": inputs}})
    told = [each for each in found if each.code == "extension-ignored"]
    assert [each.message.split("`")[1] for each in told] == [text, text]
    assert told[0].fix == "leave out `default`, and give the input with `-i <name>=…`"


@pytest.mark.parametrize("text", ["x-environment: a", "the x-files: a", "x-env\n", "box-env: KEY", "use x-env: key"])
def test_a_text_that_only_looks_so_is_text(text: str) -> None:
    assert validated({"requestBody": {"contentType": "application/json", "payload": {"a": text}}}) == ()
