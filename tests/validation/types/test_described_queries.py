"""What a JSONPath criterion asks for is held to the description of what it is asked of, as far as it can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from validated import validated

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

JOBS: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "jobs": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "state": {"type": "string", "enum": ["queued", "done"]},
                    "count": {"type": "integer"},
                    "name": {"type": "string"},
                    "done": {"type": "boolean"},
                },
            },
        },
        "phase": {"type": "string", "enum": ["open", "shut"]},
        "free": {"type": "object"},
    },
}


def _asked(condition: str, where: str = "successCriteria") -> list[tuple[str, str, str]]:
    criterion = {"context": "$response.body", "type": "jsonpath", "condition": condition}
    action = {where: [{"name": "n", "type": "end", "criteria": [criterion]}]}
    step = {where: [criterion]} if where == "successCriteria" else action
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": JOBS}}}}
    return [(each.code, each.message, each.fix) for each in validated(step, {"responses": answer})]


@pytest.mark.parametrize(
    ("condition", "name", "fix"),
    [
        ("$.jobs[?@.stat == 'done']", "stat", "did you mean `state`?"),
        ("$.job[0].state", "job", "did you mean `jobs`?"),
        ("$[?$.phas == 'open']", "phas", "did you mean `phase`?"),
        ("$.jobs[*].owner", "owner", "use what is described: `state`, `count`, `name`, `done`"),
    ],
)
def test_a_name_that_is_not_described_is_told(condition: str, name: str, fix: str) -> None:
    message = f"the query asks for `{name}`, which `$response.body` is not described to have"
    assert _asked(condition) == [("part-undescribed", message, fix)]


@pytest.mark.parametrize(
    ("condition", "message", "fix"),
    [
        ("$.jobs.length", "`length` in a list, which has no names", "count with `$[?length($['jobs']) > 0]`"),
        (
            "$.jobs.state",
            "`state` in a list, which has no names",
            "name an element, such as `0`, or all of them, by `[*]`",
        ),
        ("$.phase.code", "`code` in a value that has no parts", "ask for `$['phase']`"),
    ],
)
def test_what_can_select_nothing_is_told(condition: str, message: str, fix: str) -> None:
    assert _asked(condition) == [("part-undescribed", f"the query asks for {message}, and selects nothing", fix)]


@pytest.mark.parametrize(
    ("condition", "message", "fix"),
    [
        (
            "$.jobs[?@.state == 'dne']",
            "the query asks for 'dne', and `state` is one of `'queued'`, `'done'`",
            "did you mean `'done'`?",
        ),
        ("$[?$.phase == 'gone']", "the query asks for 'gone', and `phase` is one of `'open'`, `'shut'`", ""),
        # nothing is converted in a query
        ("$.jobs[?@.count == '3']", "the query asks for '3', and `count` is an integer", "did you mean `3`?"),
        ("$.jobs[?@.count == 'many']", "the query asks for 'many', and `count` is an integer", ""),
        ("$.jobs[?@.count == true]", "the query asks for true, and `count` is an integer", ""),
        ("$.jobs[?@.done == 'True']", "the query asks for 'True', and `done` is a boolean", "did you mean `true`?"),
        ("$.jobs[?@.name == 3]", "the query asks for 3, and `name` is a text", "did you mean `'3'`?"),
    ],
)
def test_a_value_that_is_not_listed_is_told(condition: str, message: str, fix: str) -> None:
    assert _asked(condition) == [("comparison-decided", message, fix)]


@pytest.mark.parametrize(
    "condition",
    [
        "$.jobs[?@.state == 'done']",
        "$.jobs.*.state",
        "$.jobs[?@.state != 'gone']",
        "$.jobs[?@.count > 3]",
        "$.jobs[?@.count == 3]",
        "$.jobs[?@.count == 3.0]",
        "$.jobs[?@.count == null]",
        "$.jobs[?@.count != '3']",
        "$[?length($.jobs) == 2]",
        "$.free.anything",
        "$[?$.phase == 'open' && $.jobs]",
        "$..state",
        "$.jobs[?@.state == '{$inputs.sku}']",
    ],
)
def test_what_is_described_or_cannot_be_told_is_not(condition: str) -> None:
    assert _asked(condition) == []


@pytest.mark.parametrize(
    ("pattern", "is_told"), [("^gone$", True), ("finish", True), ("^op", False), ("^(shut|x)$", False)]
)
@pytest.mark.parametrize("where", ["successCriteria", "onSuccess", "onFailure"])
def test_a_pattern_that_no_listed_value_matches_is_told(pattern: str, is_told: bool, where: str) -> None:
    criterion = {"context": "$response.body#/phase", "type": "regex", "condition": pattern}
    action = {where: [{"name": "n", "type": "end", "criteria": [criterion]}]}
    step = {where: [criterion]} if where == "successCriteria" else action
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": JOBS}}}}
    message = "no value of `$response.body#/phase` matches the pattern: it is one of `'open'`, `'shut'`"
    found = [(each.code, each.severity.value, each.message) for each in validated(step, {"responses": answer})]
    assert found == ([("comparison-decided", "warning", message)] if is_told else [])


def test_a_pattern_over_listed_objects_is_told_as_that_alone() -> None:
    schema = {"type": "object", "properties": {"phase": {"enum": [{"a": 1}]}}}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    criterion = {"context": "$response.body#/phase", "type": "regex", "condition": "^x$"}
    found = validated({"successCriteria": [criterion]}, {"responses": answer})
    assert [each.code for each in found] == ["pattern-over-object"]


def test_in_an_action_only_a_slip_is_told() -> None:
    assert _asked("$.jobs[*].owner", "onFailure") == []
    assert [code for code, *_ in _asked("$.jobs[*].stat", "onFailure")] == ["part-undescribed"]


def _found_of_xml(content: dict[str, Any], context: str, **others: Any) -> tuple[Diagnostic, ...]:
    criterion = {"context": context, "type": "xpath", "condition": "/jobs/state = 'done'"}
    answer = {"200": {"description": "ok", "content": content}}
    step = {name: [{**each, "criteria": [criterion]}] for name, each in others.items()}
    return validated(step or {"successCriteria": [criterion]}, {"responses": answer})


def _asked_of_xml(content: dict[str, Any], context: str = "$response.body") -> list[tuple[str, str, str]]:
    return [(each.code, each.message, each.fix) for each in _found_of_xml(content, context)]


def test_xpath_over_json_is_an_error_where_the_step_cannot_succeed_without() -> None:
    content = {"application/json": {"schema": JOBS}}
    assert [each.is_error for each in _found_of_xml(content, "$response.body")] == [True]
    again = {"name": "again", "type": "retry"}
    assert [each.is_error for each in _found_of_xml(content, "$response.body", onFailure=again)] == [False]


@pytest.mark.parametrize("context", ["$response.body", "$response.body#/jobs"])
def test_xpath_over_an_answer_that_is_described_as_json_is_told(context: str) -> None:
    message = (
        f"the query is XPath, and `{context}` is described as JSON (`application/json`), which it cannot look into"
    )
    fix = "ask by `jsonpath`, or describe the answer as XML"
    assert _asked_of_xml({"application/json": {"schema": JOBS}}, context) == [("comparison-decided", message, fix)]


@pytest.mark.parametrize(
    "content",
    [
        {"application/json": {"schema": {"type": "string"}}},
        {"application/json": {}},
        {"application/json": {"schema": JOBS}, "application/xml": {"schema": JOBS}},
        {"*/*": {"schema": JOBS}},
        {},
    ],
)
def test_xpath_over_what_may_be_xml_is_not_told(content: dict[str, Any]) -> None:
    assert _asked_of_xml(content) == []


# --- selectors ---


@pytest.mark.parametrize(
    ("type_", "selector", "name", "fix"),
    [
        ("jsonpath", "$.jobs[0].stat", "stat", "did you mean `state`?"),
        ("jsonpath", "$.job[*].state", "job", "did you mean `jobs`?"),
        ("jsonpath", "$.jobs[?@.stat == 'done'].count", "stat", "did you mean `state`?"),
        ("jsonpointer", "/jobs/0/stat", "stat", "did you mean `state`?"),
        ("jsonpointer", "/jbos/0", "jbos", "did you mean `jobs`?"),
    ],
)
def test_a_name_in_a_selector_that_is_not_described_is_told(type_: str, selector: str, name: str, fix: str) -> None:
    written = {"context": "$response.body", "selector": selector, "type": type_}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": JOBS}}}}
    (found,) = validated({"outputs": {"o": written}}, {"responses": answer})
    message = f"the selector asks for `{name}`, which `$response.body` is not described to have"
    assert (found.code, found.message, found.fix) == ("part-undescribed", message, fix)
    assert found.location is not None
    assert found.location.pointer == "/workflows/0/steps/1/outputs/o/selector"


@pytest.mark.parametrize(
    ("type_", "selector", "what"),
    [
        ("jsonpath", "$.jobs[0]", "an object"),
        ("jsonpointer", "/jobs/0", "an object"),
        ("jsonpath", "$.jobs[*].count", "a list"),
        ("jsonpath", "$.jobs[0].count", ""),
        ("jsonpath", "$.jobs[?@.state == 'done']", ""),
        ("jsonpath", "$.jobs[?@.state].count", ""),
        ("jsonpath", "$.free.anything", ""),
    ],
)
def test_what_a_selector_gives_is_held_to_where_it_goes(type_: str, selector: str, what: str) -> None:
    written = {"context": "$response.body", "selector": selector, "type": type_}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": JOBS}}}}
    before = {"stepId": "find", "operationId": "op", "outputs": {"o": written}}
    body = {"required": True, "content": {"application/json": {"schema": {"properties": {"n": {"type": "integer"}}}}}}
    step = {"requestBody": {"payload": {"n": "$steps.find.outputs.o"}}}
    found = validated(step, {"requestBody": body}, first={"responses": answer}, before=before)
    assert [each.code for each in found] == ["type-refused"] * bool(what)
    assert all(f"is {what}" in each.message for each in found)


@pytest.mark.parametrize(
    ("type_", "selector", "fix"),
    [
        ("jsonpath", "$.phase.code", "ask for `$['phase']`"),
        ("jsonpointer", "/phase/code", "ask for `/phase`"),
        ("jsonpointer", "/jobs/state", "name an element, such as `0`"),
        ("jsonpointer", "/jobs/size", "select what is counted, and add `x-arazzo-engine-selects: length`"),
    ],
)
def test_the_fix_of_a_selector_is_in_its_own_language(type_: str, selector: str, fix: str) -> None:
    written = {"context": "$response.body", "selector": selector, "type": type_}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": JOBS}}}}
    (found,) = validated({"outputs": {"o": written}}, {"responses": answer})
    assert found.fix == fix


# --- what is no body to look into ---

_NAMES: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "tags": {"type": "array"}},
}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"204": {"description": "d"}}, "`204`, which the operation documents, has none"),
        ({"200": {"description": "d", "content": {"application/pdf": {}}}}, "it is described as `application/pdf`,"),
        ({"200": {"description": "d", "content": {"image/*": {}}}}, "it is described as `image/*`, which is bytes"),
        ({"200": {"description": "d"}}, ""),
        ({"200": {"description": "d", "content": {"application/vnd.x": {}}}}, ""),
        ({"200": {"description": "d", "content": {"image/png": {}, "application/json": {}}}}, ""),
    ],
)
@pytest.mark.parametrize("type_", ["jsonpath", "regex", "xpath"])
def test_a_query_that_asks_what_has_no_parts_is_told(answer: dict[str, Any], why: str, type_: str) -> None:
    condition = {"jsonpath": "$.a", "regex": "^a", "xpath": "/a"}[type_]
    criterion = {"context": "$response.body", "type": type_, "condition": condition}
    found = validated({"successCriteria": [criterion]}, {"responses": answer})
    assert [each.code for each in found] == ["part-undescribed"] * bool(why)
    assert all(f"the query asks the body, and {why}" in each.message for each in found)
    found = validated({"outputs": {"o": "$response.body#/a"}}, {"responses": answer})
    assert [f"names a part of the body, and {why}" in each.message for each in found] == [True] * bool(why)


@pytest.mark.parametrize(("context", "is_told"), [("", True), ("#/tags", True), ("#/name", False), ("#/other", False)])
def test_a_pattern_over_what_is_no_text_is_told(context: str, is_told: bool) -> None:
    criterion = {"context": f"$response.body{context}", "type": "regex", "condition": "^a"}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": _NAMES}}}}
    found = validated({"successCriteria": [criterion]}, {"responses": answer})
    assert [each.code for each in found if each.code != "part-undescribed"] == ["pattern-over-object"] * is_told


@pytest.mark.parametrize(
    ("pattern", "fix"),
    [
        (r'"name":\s*"rex"', "write `condition: $response.body#/name == 'rex'`, without `type` and `context`"),
        ('"name": "rex"', "write `condition: $response.body#/name == 'rex'`, without `type` and `context`"),
        ('"nothing": "rex"', "name the part of it that is meant"),
        ('"name": "r.*"', "name the part of it that is meant"),
        ("rex", "name the part of it that is meant"),
    ],
)
def test_a_pattern_that_is_a_member_and_its_text_is_told_with_the_condition(pattern: str, fix: str) -> None:
    criterion = {"context": "$response.body", "type": "regex", "condition": pattern}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": _NAMES}}}}
    (finding,) = validated({"successCriteria": [criterion]}, {"responses": answer})
    assert finding.message == "the pattern is searched in the JSON text of `$response.body`, which is an object"
    assert (finding.severity.value, finding.code, finding.fix) == ("warning", "pattern-over-object", fix)


@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    "step",
    [
        {"outputs": {"picture": "$response.body#/picture"}},
        {"successCriteria": [{"condition": "$response.body#/picture != null"}]},
        {"onSuccess": [{"name": "a", "type": "end", "criteria": [{"condition": "$response.body#/picture != null"}]}]},
    ],
)
def test_a_part_of_bytes_is_told_with_all_of_them_to_write(step: dict[str, Any], openapi: str) -> None:
    content = {"image/png": {"schema": {"type": "string", "format": "binary"}}}
    answers = {"200": {"description": "d", "content": content}}
    (finding,) = validated(step, {"responses": answers}, openapi=openapi)
    assert finding.code == "part-undescribed"
    assert finding.fix == "write `$response.body`, which is all of them, or mend the description"


def test_a_part_of_no_body_is_told_as_before() -> None:
    (finding,) = validated({"outputs": {"a": "$response.body#/a"}}, {"responses": {"204": {"description": "d"}}})
    assert finding.fix == "read it of a step whose answer has a body, or mend the description"
