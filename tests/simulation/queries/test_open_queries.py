"""A query with expressions in braces is answered as the query that it becomes, and its values are made up for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rehearsed import answers, bodies, thing, written

import arazzo_engine
from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine import RunReport

_TEXT = {"type": "string"}
_ITEMS = thing(items={"type": "array", "items": thing(sku=_TEXT)})
_INPUTS = thing(sku=_TEXT, n={"type": "integer"}, column={"enum": ["col"]})


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **rest}


def _jsonpath(condition: str, context: str = "$response.body") -> dict[str, Any]:
    return {"condition": condition, "type": "jsonpath", "context": context}


def _rehearsed(folder: Path, steps: list[dict[str, Any]], operations: dict[str, Any], **workflow: Any) -> RunReport:
    path = written(folder, steps, operations, **{"inputs": _INPUTS, **workflow})
    path.write_text(path.read_text().replace('"1.0.1"', '"1.1.0"'))
    return arazzo_engine.rehearse(path, "w")


def test_a_criterion_is_answered_as_the_query_with_its_values(tmp_path: Path) -> None:
    step = _step("a", successCriteria=[_jsonpath("$.items[?(@.sku == '{$inputs.sku}')]")])
    report = _rehearsed(tmp_path, [step], {"a": answers(_ITEMS)})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [{"items": [{"sku": "sample-sku"}]}]
    assert report.steps[0].notes == ()


def test_an_output_of_an_earlier_step_is_made_up_for_a_query_and_stands_in_it(tmp_path: Path) -> None:
    one = _step("a", outputs={"id": "$response.body#/id"})
    two = _step("b", successCriteria=[_jsonpath("$.items[?(@.sku == '{$steps.a.outputs.id}')]")])
    report = _rehearsed(tmp_path, [one, two], {"a": answers(), "b": answers(_ITEMS)})
    assert bodies(report) == [{"id": "sample-id"}, {"items": [{"sku": "sample-id"}]}]


@pytest.mark.parametrize(
    ("criterion", "body"),
    [
        (_jsonpath("$.rows[?(@.sku == '{$inputs.sku}')]"), {"rows": [{"sku": "sample-sku"}]}),
        (_jsonpath("$.rows[?(@.n == {$inputs.n})]"), {"rows": [{"n": 1}]}),
        (_jsonpath("$.{$inputs.column}"), {"col": "sample-col"}),
        (_jsonpath("$[?(@.sku == '{$inputs.sku}')]", "$response.body#/x"), {"x": [{"sku": "sample-sku"}]}),
        (
            {"condition": "^no-{$inputs.sku}$", "type": "regex", "context": "$response.body#/x"},
            {"x": "no-sample-sku"},
        ),
    ],
)
def test_a_body_that_is_not_described_is_made_up_for_the_query(
    tmp_path: Path, criterion: dict[str, Any], body: Any
) -> None:
    report = _rehearsed(tmp_path, [_step("a", successCriteria=[criterion])], {"a": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [body]


def test_a_number_is_made_up_where_a_query_has_one(tmp_path: Path) -> None:
    one = _step("a", outputs={"n": "$response.body#/n"})
    two = _step("b", successCriteria=[_jsonpath("$.rows[?(@.n == {$steps.a.outputs.n})]")])
    report = _rehearsed(tmp_path, [one, two], {"a": answers(), "b": answers()})
    assert bodies(report) == [{"n": 1}, {"rows": [{"n": 1}]}]


@pytest.mark.parametrize(
    ("selector", "body"),
    [
        (
            {"selector": "$.rows[?(@.sku == '{$inputs.sku}')].name", "type": "jsonpath"},
            {"rows": [{"name": "sample", "sku": "sample-sku"}]},
        ),
        ({"selector": "/rows/{$inputs.sku}/name", "type": "jsonpointer"}, {"rows": {"sample-sku": {"name": "sample"}}}),
    ],
)
def test_a_selector_reads_what_the_query_with_its_values_selects(
    tmp_path: Path, selector: dict[str, Any], body: Any
) -> None:
    one = _step("a", outputs={"name": {"context": "$response.body", **selector}})
    used = {"name": "q", "in": "query", "value": "$steps.a.outputs.name"}
    two = _step("b", parameters=[used])
    described = {**answers(), "parameters": [{"name": "q", "in": "query", "schema": _TEXT}]}
    report = _rehearsed(tmp_path, [one, two], {"a": answers(), "b": described})
    assert report.status is RunStatus.SUCCEEDED
    assert report.steps[0].outputs == {"name": "sample"}
    assert bodies(report) == [body]


def test_a_selector_of_a_later_step_makes_up_the_answer_that_it_looks_at(tmp_path: Path) -> None:
    one = _step("a", outputs={"rows": "$response.body#/rows"})
    selector = {"context": "$steps.a.outputs.rows", "selector": "$[?(@.k == '{$inputs.sku}')].v", "type": "jsonpath"}
    report = _rehearsed(tmp_path, [one, _step("b", outputs={"v": selector})], {"a": answers(), "b": answers()})
    assert report.steps[1].outputs == {"v": "sample-v"}


def test_what_a_criterion_asks_of_an_earlier_answer_is_asked_with_the_values(tmp_path: Path) -> None:
    one = _step("a", outputs={"rows": "$response.body#/rows"})
    two = _step("b", successCriteria=[_jsonpath("$[?(@.k == '{$inputs.sku}')]", "$steps.a.outputs.rows")])
    report = _rehearsed(tmp_path, [one, two], {"a": answers(), "b": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [{"rows": [{"k": "sample-sku"}]}]


def test_the_target_of_a_replacement_is_there_with_the_values(tmp_path: Path) -> None:
    one = _step("a", outputs={"all": "$response.body"})
    target = {"target": "$.rows[?(@.k == '{$inputs.sku}')].v", "targetSelectorType": "jsonpath", "value": 3}
    body = {"contentType": "application/json", "payload": "$steps.a.outputs.all", "replacements": [target]}
    report = _rehearsed(
        tmp_path,
        [one, _step("b", requestBody=body)],
        {"a": answers(), "b": {**answers(), "requestBody": {"content": {"application/json": {}}}}},
    )
    assert report.status is RunStatus.SUCCEEDED
    request = report.steps[1].request
    assert request is not None
    assert request.content == b'{"rows":[{"v":3,"k":"sample-sku"}]}'


def test_an_input_is_made_up_for_a_query_over_it_with_the_value_of_another(tmp_path: Path) -> None:
    selector = {"context": "$inputs.all", "selector": "$[?(@.k == '{$inputs.sku}')].v", "type": "jsonpath"}
    step = _step("a", outputs={"v": selector})
    report = _rehearsed(tmp_path, [step], {"a": answers()}, inputs=thing(all={"type": "array"}, sku=_TEXT))
    assert report.steps[0].outputs == {"v": "sample-v"}


def test_a_loop_is_left_as_the_query_with_its_values_says(tmp_path: Path) -> None:
    again: dict[str, Any] = {"name": "again", "type": "retry", "retryAfter": 0, "retryLimit": 5}
    again["criteria"] = [_jsonpath("$.items[?(@.sku != '{$inputs.sku}')]")]
    step = _step("a", successCriteria=[_jsonpath("$.items[?(@.sku == '{$inputs.sku}')]")], onFailure=[again])
    report = _rehearsed(tmp_path, [step], {"a": answers(_ITEMS)})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report)[-1] == {"items": [{"sku": "sample-sku"}]}


@pytest.mark.parametrize(("selector", "sent"), [("$.items[*].sku", ["sample"]), ("$.items[0].sku", "sample")])
def test_a_selector_of_several_gives_a_list_of_one(tmp_path: Path, selector: str, sent: Any) -> None:
    output = {"context": "$response.body", "selector": selector, "type": "jsonpath"}
    report = _rehearsed(tmp_path, [_step("a", outputs={"skus": output})], {"a": answers(_ITEMS)})
    assert report.steps[0].outputs == {"skus": sent}


def test_what_a_list_goes_to_says_what_its_elements_are(tmp_path: Path) -> None:
    output = {"context": "$response.body", "selector": "$.rows[*].n", "type": "jsonpath"}
    body = {"contentType": "application/json", "payload": {"ns": "$steps.a.outputs.ns"}}
    taken = thing(ns={"type": "array", "items": {"type": "integer"}})
    described = {**answers(), "requestBody": {"content": {"application/json": {"schema": taken}}}}
    steps = [_step("a", outputs={"ns": output}), _step("b", requestBody=body)]
    report = _rehearsed(tmp_path, steps, {"a": answers(), "b": described})
    assert report.steps[1].request is not None
    assert report.steps[1].request.content == b'{"ns":[1]}'
