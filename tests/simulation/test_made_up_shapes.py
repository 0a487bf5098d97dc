"""A body that nobody describes has the shapes that queries ask for, and leads on by the first branch that can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rehearsed import answers, bodies, rehearsed, thing

from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = {"type": "string"}


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **rest}


def _jsonpath(condition: str) -> dict[str, Any]:
    return {"condition": condition, "type": "jsonpath", "context": "$response.body"}


@pytest.mark.parametrize(
    ("condition", "body"),
    [
        ("$.runs[?@.status == 'DONE']", {"runs": [{"status": "DONE"}]}),
        ("$.runs[*]", {"runs": ["sample-runs"]}),
        ("$.runs[0]", {"runs": ["sample-0"]}),
        ("$.runs[2].id", {"runs": [{}, {}, {"id": "sample-id"}]}),
        ("$.runs[1:3].id", {"runs": [{}, {"id": "sample-id"}]}),
        ("$.runs[0, 1].id", {"runs": [{"id": "sample-id"}]}),
        ("$.runs[?@.tags[?@ == 'x']]", {"runs": [{"tags": ["x"]}]}),
        ("$[?length($.runs) > 1]", {"runs": ["sample", "sample"]}),
        ("$.runs[?@.n > 2.5]", {"runs": [{"n": 3.5}]}),
        ("$.runs[?@.at > '2026-03-01']", {"runs": [{"at": "2027-03-01"}]}),
        ("$.runs[?@.at < '2026-03-01T10:00:00Z']", {"runs": [{"at": "2025-03-01T10:00:00Z"}]}),
        ("$.runs[?@.status == 'a' || @.status == 'b']", {"runs": [{"status": "a"}]}),
        ("$.runs[?@.gone == null]", {"runs": [{"gone": None}]}),
        ("$.runs[?@.gone != null]", {"runs": [{"gone": "sample"}]}),
        ("$..runs[?@.id == 'x']", {"runs": [{"id": "x"}]}),
    ],
)
def test_what_a_query_looks_at_has_its_shape(tmp_path: Path, condition: str, body: Any) -> None:
    step = _step("a", successCriteria=[_jsonpath(condition)], outputs={"runs": "$response.body#/runs"})
    report = rehearsed(tmp_path, [step], {"a": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [body]


def test_an_element_counted_from_the_end_is_the_one_of_the_list_that_is_there(tmp_path: Path) -> None:
    schema = {**thing(n={"type": "array", "items": _TEXT}), "example": {"n": ["a", "b", "c"]}}
    step = _step("a", successCriteria=[_jsonpath("$[?$.n[-1] == 'last']")])
    assert bodies(rehearsed(tmp_path, [step], {"a": answers(schema)})) == [{"n": ["a", "b", "last"]}]


def test_what_is_looked_for_anywhere_is_put_where_its_like_is(tmp_path: Path) -> None:
    schema = thing(data=thing(items={"type": "array", "items": thing(sku=_TEXT)}))
    step = _step("a", successCriteria=[_jsonpath("$..[?@.sku == 'x']")])
    report = rehearsed(tmp_path, [step], {"a": answers(schema)})
    assert bodies(report) == [{"data": {"items": [{"sku": "x"}]}}]
    assert report.steps[0].notes == ()


def test_a_described_map_stays_one(tmp_path: Path) -> None:
    schema = thing(prices={"type": "object", "additionalProperties": {"type": "integer"}})
    step = _step("a", successCriteria=[_jsonpath("$.prices[?@ > 4]")])
    assert bodies(rehearsed(tmp_path, [step], {"a": answers(schema)})) == [{"prices": {"0": 5}}]


def _branches(value: Any, other: Any) -> list[dict[str, Any]]:
    return [
        {"name": "stop", "type": "end", "criteria": [{"condition": "$response.body#/p/enabled == 'stop'"}]},
        {"name": "on", "type": "goto", "stepId": "c", "criteria": [_jsonpath(f"$[?$.p.enabled == {value}]")]},
        {"name": "off", "type": "goto", "stepId": "b", "criteria": [_jsonpath(f"$[?$.p.enabled == {other}]")]},
    ]


@pytest.mark.parametrize("described", [None, {"type": "object"}])
@pytest.mark.parametrize(("values", "wanted"), [(("true", "false"), True), (("false", "true"), False)])
def test_a_body_that_nobody_describes_leads_to_the_first_branch(
    tmp_path: Path, described: Any, values: tuple[str, str], wanted: Any
) -> None:
    one = _step("a", outputs={"enabled": "$response.body#/p/enabled"}, onSuccess=_branches(*values))
    steps = [one, _step("b"), _step("c")]
    report = rehearsed(tmp_path, steps, {"a": answers(described), "b": answers(), "c": answers()})
    assert [each.step_id for each in report.steps] == ["a", "c"]
    assert bodies(report) == [{"p": {"enabled": wanted}}]


def test_a_described_value_is_that_of_its_description_whatever_the_branches(tmp_path: Path) -> None:
    schema = thing(p=thing(enabled={"type": "boolean", "example": False}))
    one = _step("a", onSuccess=_branches("true", "false"))
    steps = [one, _step("c"), _step("b")]
    report = rehearsed(tmp_path, steps, {"a": answers(schema), "b": answers(), "c": answers()})
    assert bodies(report) == [{"p": {"enabled": False}}]


def test_what_an_object_holds_in_which_nothing_may_be_is_answered_as_it_is_read_and_told(tmp_path: Path) -> None:
    row = {"type": "object", "additionalProperties": False}
    schema = {**thing(rows={"type": "array", "items": row}), "example": {"rows": [{"id": "Q1"}]}}
    step = _step("a", successCriteria=[_jsonpath("$.rows[?@.id == 'x']")], outputs={"id": "$response.body#/rows/0/id"})
    report = rehearsed(tmp_path, [step], {"a": answers(schema)})
    assert bodies(report) == [{"rows": [{"id": "x"}]}]
    assert report.steps[0].notes == (
        "the description does not have `#/rows/0/id`, which `$response.body#/rows/0/id` reads: made up",
    )


@pytest.mark.parametrize(
    ("schema", "path", "value"),
    [
        (thing(p={"type": "array", "prefixItems": [{"type": "string"}, {"const": 7}]}), "p/1", 7),
        (thing(p={"patternProperties": {"^x-": {"const": 9}}, "additionalProperties": {"const": 1}}), "p/x-a", 9),
        (thing(p={"patternProperties": {"^x-": {"const": 9}}, "additionalProperties": {"const": 1}}), "p/a", 1),
    ],
)
def test_a_part_that_is_described_by_its_place_or_its_name_is_read_so(
    schema: Any, path: str, value: Any, tmp_path: Path
) -> None:
    report = rehearsed(tmp_path, [_step("a", outputs={"o": f"$response.body#/{path}"})], {"a": answers(schema)})
    assert dict(report.steps[0].outputs) == {"o": value}
    assert not report.steps[0].notes


def test_a_body_of_which_a_part_is_read_has_parts_though_the_whole_goes_where_a_text_is(tmp_path: Path) -> None:
    find = _step("find", outputs={"hit": "$response.body", "word": "$response.body"})
    given = [
        {"name": "book", "in": "query", "value": "$steps.find.outputs.hit#/book"},
        {"name": "word", "in": "query", "value": "$steps.find.outputs.word"},
    ]
    taken = [{"name": name, "in": "query", "required": True, "schema": _TEXT} for name in ("book", "word")]
    show = _step("show", parameters=given)
    report = rehearsed(tmp_path, [find, show], {"find": answers(), "show": {**answers(), "parameters": taken}})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [{"book": "sample"}]


@pytest.mark.parametrize("wrapped", ["properties", "allOf"])
def test_what_an_example_lacks_is_made_up_with_all_that_its_schema_requires(tmp_path: Path, wrapped: str) -> None:
    card = {**thing(id=_TEXT, brand=_TEXT, color=_TEXT), "required": ["id", "brand"]}
    wrapper: dict[str, Any] = {"properties": {"card": card}}
    element = wrapper if wrapped == "properties" else {"allOf": [wrapper]}
    schema = {**thing(cards={"type": "array", "items": element}), "example": {"cards": ["example_value"]}}
    report = rehearsed(
        tmp_path, [_step("a", outputs={"id": "$response.body#/cards/0/card/id"})], {"a": answers(schema)}
    )
    assert bodies(report) == [{"cards": [{"card": {"id": "sample", "brand": "sample"}}]}]
    assert report.steps[0].notes == ()
