"""A rehearsal goes where the workflow means to, says what it made up for it, and never calls a failure a success."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rehearsed import answers, bodies, rehearsed, thing

from arazzo_engine import RunStatus
from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine import RunReport

_TEXT = {"type": "string"}


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **rest}


def _one(folder: Path, operation: dict[str, Any], **rest: Any) -> RunReport:
    return rehearsed(folder, [_step("a", **rest)], {"a": operation})


def test_a_body_that_only_a_criterion_asks_for_is_told_with_that_criterion(tmp_path: Path) -> None:
    criteria = [{"condition": "$statusCode == 200"}, {"condition": "$response.body != null"}]
    assert _one(tmp_path, answers(), successCriteria=criteria).steps[0].notes == (
        "the description does not have a body for 200, which `$response.body != null` reads: made up",
    )


def _criterion(condition: str, **rest: Any) -> dict[str, Any]:
    return {"condition": condition, **rest}


def _jsonpath(condition: str, context: str = "$response.body") -> dict[str, Any]:
    return _criterion(condition, type="jsonpath", context=context)


def test_what_is_read_later_is_there_and_told_where_the_description_lacks_it(tmp_path: Path) -> None:
    one = _step("a", outputs={"id": "$response.body#/data/id"})
    used = {"name": "q", "in": "query", "value": "$steps.a.outputs.id"}
    report = rehearsed(tmp_path, [one, _step("b", parameters=[used])], {"a": answers(), "b": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report)[0] == {"data": {"id": "sample-id"}}
    assert report.steps[0].notes == (
        "the description does not have a body for 200, which `$response.body#/data/id` reads: made up",
    )


def test_what_is_read_deeper_than_answers_nest_is_not_made_up(tmp_path: Path) -> None:
    schema: dict[str, Any] = {"$ref": "#/paths/~1a/get/responses/200/content/application~1json/schema/$defs/n"}
    schema["$defs"] = {"n": {"type": "object", "properties": {"n": dict(schema)}}}
    report = _one(
        tmp_path, answers(schema), outputs={"far": f"$response.body#{'/n' * 3_000}", "near": "$response.body#/n"}
    )
    assert report.status is RunStatus.SUCCEEDED
    assert set(report.steps[0].outputs) == {"near"}


def test_a_step_that_can_go_on_in_very_many_ways_is_answered(tmp_path: Path) -> None:
    loops = [
        {"name": f"g{number}", "type": "goto", "stepId": "a", "criteria": [_criterion("$statusCode == 599")]}
        for number in range(100)
    ]
    operation = {"responses": {str(status): {"description": ""} for status in range(200, 300)}}
    report = _one(tmp_path, operation, onSuccess=loops, successCriteria=[_criterion("$statusCode == 299")])
    assert report.status is RunStatus.SUCCEEDED


def test_what_the_description_has_is_not_told(tmp_path: Path) -> None:
    schema = thing(data=thing(id=_TEXT, items={"type": "array", "items": thing(n={"type": "integer"})}))
    report = _one(tmp_path, answers(schema), outputs={"n": "$response.body#/data/items/2/n"})
    assert bodies(report) == [{"data": {"id": "sample", "items": [{"n": 1}, {"n": 1}, {"n": 1}]}}]
    assert report.steps[0].notes == ()


def test_a_value_is_of_the_type_of_where_it_goes_three_steps_later(tmp_path: Path) -> None:
    count = {"name": "n", "in": "query", "schema": {"type": "integer", "minimum": 7}}
    operations = {"a": answers(), "b": answers(), "c": {**answers(), "parameters": [count]}}
    steps = [
        _step("a", outputs={"n": "$response.body#/n"}),
        _step("b"),
        _step("c", parameters=[{"name": "n", "in": "query", "value": "$steps.a.outputs.n"}]),
    ]
    report = rehearsed(tmp_path, steps, operations)
    assert bodies(report)[0] == {"n": 7}


def test_a_value_that_goes_through_a_called_workflow_is_there(tmp_path: Path) -> None:
    called = {
        "workflowId": "inner",
        "inputs": {"type": "object", "properties": {"user": {}}},
        "steps": [
            _step("b", parameters=[{"name": "q", "in": "query", "value": "$inputs.user#/name/first"}]),
            _step("c", outputs={"deep": "$response.body#/x"}),
        ],
        "outputs": {"deep": "$steps.c.outputs.deep"},
    }
    given = [{"name": "user", "value": "$steps.a.outputs.user"}]
    steps = [
        _step("a", outputs={"user": "$response.body#/user"}),
        {"stepId": "call", "workflowId": "inner", "parameters": given},
        _step("d", parameters=[{"name": "q", "in": "query", "value": "$steps.call.outputs.deep#/y"}]),
    ]
    report = rehearsed(tmp_path, steps, {name: answers() for name in "abcd"}, others=[called])
    assert report.status is RunStatus.SUCCEEDED
    first, *_ = bodies(report)
    assert first == {"user": {"name": {"first": "sample-first"}}}


@pytest.mark.parametrize(
    ("criterion", "body"),
    [
        (_criterion("$steps.a.outputs.n == 0"), {"n": 0}),
        (_criterion("$steps.a.outputs.n != null && 'x' == $steps.a.outputs.all.kind"), {"n": "sample-n", "kind": "x"}),
        (_criterion("$steps.a.outputs.all.list.length == 2"), {"list": ["sample", "sample"]}),
        (_jsonpath("$.list[?@.id == 7]", "$steps.a.outputs.all"), {"list": [{"id": 7}]}),
        (_criterion("^ab$", type="regex", context="$steps.a.outputs.n"), {"n": "ab"}),
        # it is one of two ways to pass
        (_criterion("$statusCode == 200 || $steps.a.outputs.n == 5"), {"n": "sample-n"}),
    ],
)
def test_an_answer_is_what_the_criteria_of_a_later_step_need(
    criterion: dict[str, Any], body: Any, tmp_path: Path
) -> None:
    outputs = {"all": "$response.body", "n": "$response.body#/n"}
    steps = [_step("a", outputs=outputs), _step("b", successCriteria=[criterion])]
    report = rehearsed(tmp_path, steps, {"a": answers(), "b": answers()})
    assert report.status is RunStatus.SUCCEEDED, report.steps
    assert bodies(report)[0] == {"n": "sample-n", **body}


def test_an_answer_is_as_long_as_a_later_step_needs(tmp_path: Path) -> None:
    outputs = {"count": "$response.body.list.length"}
    many = _step("b", successCriteria=[_criterion("$steps.a.outputs.count > 2")])
    answer = answers(thing(list={"type": "array", "items": {"const": "x"}}))
    report = rehearsed(tmp_path, [_step("a", outputs=outputs), many], {"a": answer, "b": answers()})
    assert report.status is RunStatus.SUCCEEDED, report.steps
    assert bodies(report) == [{"list": ["x", "x", "x"]}]
    assert report.steps[0].outputs == {"count": 3}


def test_an_answer_is_what_a_later_workflow_needs(tmp_path: Path) -> None:
    inner = {
        "workflowId": "inner",
        "steps": [_step("a", outputs={"all": "$response.body"})],
        "outputs": {"all": "$steps.a.outputs.all"},
    }
    call = {"stepId": "call", "workflowId": "inner", "outputs": {"total": "$outputs.all#/total"}}
    later = _step("b", successCriteria=[_criterion("$steps.call.outputs.total == 0")])
    report = rehearsed(tmp_path, [call, later], {"a": answers(), "b": answers()}, others=[inner])
    assert report.status is RunStatus.SUCCEEDED, report.steps
    assert bodies(report) == [{"total": 0}]


def test_what_is_read_of_a_refusal_that_is_wanted_is_there(tmp_path: Path) -> None:
    wanted = {"successCriteria": [_criterion("$statusCode == 400")], "outputs": {"why": "$response.body#/why"}}
    parameter = {"name": "q", "in": "query", "value": "$steps.a.outputs.why"}
    steps = [_step("a", **wanted), _step("b", parameters=[parameter])]
    refusal = answers(thing(), status="400")
    report = rehearsed(tmp_path, steps, {"a": refusal, "b": answers()})
    assert report.status is RunStatus.SUCCEEDED, report.steps
    assert bodies(report) == [{"why": "sample-why"}]


@pytest.mark.parametrize(
    ("criterion", "body"),
    [
        (_criterion("$response.body#/state == 'done'"), {"state": "done"}),
        (_criterion("'done' == $response.body#/state"), {"state": "done"}),
        (_criterion("$response.body#/n > 41"), {"n": 42}),
        (_criterion("$response.body#/n <= 3 && $response.body#/ok == true"), {"n": 3, "ok": True}),
        (_criterion("!($response.body#/a != 2)"), {"a": 2}),
        (_criterion("$response.body#/a == 1 || $response.body#/b == 2"), {"a": 1}),
        (_criterion("$response.body#/ok"), {"ok": True}),
        (_criterion("$response.body#/ok == $statusCode"), {"ok": 200}),
        (_criterion("^ord_[0-9]{3}$", type="regex", context="$response.body#/id"), {"id": "ord_000"}),
        (_jsonpath("$.items[?@.state == 'ok']"), {"items": [{"state": "ok"}]}),
        (_jsonpath("$[?$.state == 'ok']"), {"state": "ok"}),
        (_jsonpath("$.list[0].id", "$response.body#/page"), {"page": {"list": [{"id": "sample-id"}]}}),
    ],
)
def test_the_criteria_of_a_step_are_met(criterion: dict[str, Any], body: Any, tmp_path: Path) -> None:
    report = _one(tmp_path, answers(), successCriteria=[criterion])
    assert report.status is RunStatus.SUCCEEDED, report.steps
    assert bodies(report) == [body]


@pytest.mark.parametrize(
    "condition",
    [
        "$[?length($.items) == 2]",
        "$[?count($.items[*]) > 1]",
        "$[?count($.items[?@.state == 'ok']) >= 2]",
        "$.items[?match(@.state, 'o[a-z]+')]",
        "$.items[?search(@.state, 'ready')]",
        "$[?length($.items) == 0]",
        "$[?length($.name) > 20]",
        "$[?!$.items]",
        "$[?@.state == 'x' || $.name == 'y']",
    ],
)
@pytest.mark.parametrize("is_described", [True, False])
def test_functions_and_counts_of_a_jsonpath_are_met(condition: str, is_described: bool, tmp_path: Path) -> None:
    items = {"type": "array", "items": thing(state=_TEXT, id={"type": "integer"})}
    operation = answers(thing(items=items, name=_TEXT)) if is_described else answers()
    report = _one(tmp_path, operation, successCriteria=[_jsonpath(condition)])
    assert report.status is RunStatus.SUCCEEDED, bodies(report)


def test_an_array_that_is_described_gets_as_many_of_its_elements_as_are_wanted(tmp_path: Path) -> None:
    items = {"type": "array", "items": thing(id={"type": "integer"})}
    criterion = _jsonpath("$[?length($.items) == 2]")
    report = _one(tmp_path, answers(thing(items=items)), successCriteria=[criterion])
    assert bodies(report) == [{"items": [{"id": 1}, {"id": 1}]}]
    assert report.steps[0].notes == ()


@pytest.mark.parametrize(
    "condition",
    [
        "/order/state = 'done'",
        "//state != 'sample'",
        "/order/lines/count > 3",
        "/order/state[text() = 'done'] and /order/lines",
        "boolean(/order/note)",
        'string(/order/state) = "done"',
        "not(/order/id)",
        "count(/order/note) > 0",
        "/order/@kind = 'big'",
    ],
)
def test_an_xpath_is_met(condition: str, tmp_path: Path) -> None:
    kind = {"type": "string", "xml": {"attribute": True}}
    schema = {
        **thing(id=_TEXT, state=_TEXT, lines=thing(count={"type": "integer"}), kind=kind),
        "xml": {"name": "order"},
    }
    criterion = _criterion(condition, type="xpath", context="$response.body")
    report = _one(tmp_path, answers(schema, media="application/xml"), successCriteria=[criterion])
    assert report.status is RunStatus.SUCCEEDED, report.steps[0].response


def test_a_value_that_is_wanted_is_one_of_the_schema_s_own(tmp_path: Path) -> None:
    schema = thing(state={"type": "string", "enum": ["queued", "done"]})
    report = _one(tmp_path, answers(schema), successCriteria=[_criterion("$response.body#/state != 'queued'")])
    assert bodies(report) == [{"state": "done"}]


def test_the_alternative_that_has_what_is_read_is_taken(tmp_path: Path) -> None:
    schema = {"oneOf": [thing(error=_TEXT), thing(kind=_TEXT, order=thing(id=_TEXT))]}
    report = _one(tmp_path, answers(schema), outputs={"id": "$response.body#/order/id"})
    assert bodies(report)[0]["order"] == {"id": "sample"}
    assert report.steps[0].notes == ()


def test_the_status_that_the_criteria_accept_is_the_answer(tmp_path: Path) -> None:
    operation = {"responses": {"200": {"description": ""}, "202": {"description": ""}, "404": {"description": ""}}}
    for status in (202, 404):
        report = _one(tmp_path, operation, successCriteria=[_criterion(f"$statusCode == {status}")])
        assert report.status is RunStatus.SUCCEEDED
        assert report.steps[0].notes == ()


def test_no_answer_is_an_interim_one(tmp_path: Path) -> None:
    report = _one(tmp_path, answers(), successCriteria=[{"condition": "$statusCode == 103"}])
    assert report.status is RunStatus.FAILED


def test_a_status_that_nobody_documents_is_answered_and_told(tmp_path: Path) -> None:
    report = _one(tmp_path, answers(status="201"), successCriteria=[_criterion("$statusCode == 200")])
    assert report.status is RunStatus.SUCCEEDED
    assert report.steps[0].notes == ("200 is not documented: it is answered because the criteria ask for it",)


@pytest.mark.parametrize("criteria", [[], [_criterion("$statusCode == 404")]])
def test_an_operation_that_documents_errors_alone_succeeds_all_the_same(
    criteria: list[dict[str, Any]], tmp_path: Path
) -> None:
    report = _one(tmp_path, answers(thing(), status="404"), **({"successCriteria": criteria} if criteria else {}))
    assert report.status is RunStatus.SUCCEEDED
    (step,) = report.steps
    assert isinstance(step.response, Response)
    note = "the description has no answer of success: it is 200, without a body"
    assert (step.response.status, step.notes) == ((404, ()) if criteria else (200, (note,)))


def test_a_poll_goes_on_once_and_then_ends(tmp_path: Path) -> None:
    schema = thing(status={"type": "string", "enum": ["queued", "done"]})
    queued, done = (_criterion(f"$response.body#/status == '{each}'") for each in ("queued", "done"))
    actions = [
        {"name": "again", "type": "goto", "stepId": "a", "criteria": [queued]},
        {"name": "over", "type": "end", "criteria": [done]},
    ]
    report = rehearsed(tmp_path, [_step("a", onSuccess=actions), _step("b")], {"a": answers(schema), "b": answers()})
    assert bodies(report) == [{"status": "queued"}, {"status": "done"}]
    assert [step.action.type for step in report.steps if step.action] == ["goto", "end"]


@pytest.mark.parametrize("first", ["queued", "done"])
def test_a_poll_that_goes_on_whatever_else_comes_ends_as_well(tmp_path: Path, first: str) -> None:
    schema = thing(status={"type": "string", "enum": [first, "queued", "running", "done"]})
    actions = [
        {"name": "over", "type": "end", "criteria": [_criterion("$response.body#/status == 'done'")]},
        {"name": "again", "type": "goto", "stepId": "a"},
    ]
    report = rehearsed(tmp_path, [_step("a", onSuccess=actions), _step("b")], {"a": answers(schema), "b": answers()})
    assert [step.action.type for step in report.steps if step.action] == ["goto", "end"]
    assert bodies(report)[-1] == {"status": "done"}


def test_a_retry_until_a_value_comes_ends(tmp_path: Path) -> None:
    schema = thing(status=_TEXT)
    retry = {
        "name": "wait",
        "type": "retry",
        "retryAfter": 30,
        "retryLimit": 5,
        "criteria": [_criterion("$response.body#/status == 'pending'")],
    }
    done = _criterion("$response.body#/status == 'done'")
    report = _one(tmp_path, answers(schema), successCriteria=[done], onFailure=[retry])
    assert bodies(report) == [{"status": "pending"}, {"status": "done"}]
    assert report.status is RunStatus.SUCCEEDED


def test_a_loop_over_steps_ends(tmp_path: Path) -> None:
    schema = thing(next={"type": ["string", "null"]})
    more = {"name": "more", "type": "goto", "stepId": "a", "criteria": [_criterion("$response.body#/next != null")]}
    report = rehearsed(tmp_path, [_step("a"), _step("b", onSuccess=[more])], {"a": answers(), "b": answers(schema)})
    assert [step.step_id for step in report.steps] == ["a", "b", "a", "b"]
    assert report.status is RunStatus.SUCCEEDED


def test_a_loop_over_workflows_ends(tmp_path: Path) -> None:
    schema = thing(next=_TEXT)
    more = {"context": "$response.body", "type": "jsonpath", "condition": "$.next"}
    back = {"workflowId": "back", "steps": [_step("c", onSuccess=[{"name": "x", "type": "goto", "workflowId": "w"}])]}
    for target, seen in (("w", ["a", "a"]), ("back", ["a", "c", "a"])):
        goto = {"name": "more", "type": "goto", "workflowId": target, "criteria": [more]}
        operations = {"a": answers(schema), "c": answers()}
        report = rehearsed(tmp_path, [_step("a", onSuccess=[goto])], operations, others=[back])
        assert [step.step_id for step in report.steps] == seen
        assert report.status is RunStatus.SUCCEEDED


def test_an_error_of_the_server_is_not_played_for_a_retry(tmp_path: Path) -> None:
    retry = {"name": "again", "type": "retry", "criteria": [_criterion("$statusCode == 503")]}
    report = _one(tmp_path, answers(), onFailure=[retry])
    assert [step.attempt for step in report.steps] == [1]


def test_criteria_that_contradict_each_other_are_no_success(tmp_path: Path) -> None:
    query = {"context": "$response.body", "type": "jsonpath", "condition": "$[?$.a == 1]"}
    criteria = [query, _criterion("$response.body#/a == 2")]
    report = _one(tmp_path, answers(), successCriteria=criteria)
    assert report.status is RunStatus.FAILED


def test_the_json_text_of_an_example_is_the_value(tmp_path: Path) -> None:
    operation = answers(thing(key=_TEXT))
    operation["responses"]["200"]["content"]["application/json"]["example"] = '{"key": "E-1"}'
    report = _one(tmp_path, operation, outputs={"key": "$response.body#/key"})
    assert report.outputs == {}
    assert report.steps[0].outputs == {"key": "E-1"}


def test_a_header_that_is_read_is_there(tmp_path: Path) -> None:
    report = _one(tmp_path, answers(), outputs={"at": "$response.header.Location"})
    assert report.steps[0].outputs == {"at": "sample-location"}


def test_what_was_made_up_is_told_once(tmp_path: Path) -> None:
    again = {"name": "more", "type": "goto", "stepId": "a", "criteria": [_criterion("$response.body#/next == true")]}
    report = _one(tmp_path, answers(), onSuccess=[again])
    assert [bool(step.notes) for step in report.steps] == [True, False]


def _inputs(folder: Path, inputs: dict[str, Any], step: dict[str, Any], operation: dict[str, Any]) -> RunReport:
    return rehearsed(folder, [step], {"a": operation}, inputs={"type": "object", "properties": inputs})


def _query(report: RunReport) -> Any:
    request = report.steps[0].request
    return None if request is None else request.query


def test_an_optional_input_that_is_read_is_made_up(tmp_path: Path) -> None:
    where = {"name": "id", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 4}}
    parameter = {"name": "id", "in": "query", "value": "$inputs.id"}
    operation = {**answers(), "parameters": [where]}
    report = _inputs(tmp_path, {"id": {}, "unread": _TEXT}, _step("a", parameters=[parameter]), operation)
    assert _query(report) == {"id": 4}


def test_what_is_read_within_an_input_is_made_up_in_the_alternative_that_has_it(tmp_path: Path) -> None:
    customer = {"oneOf": [{**thing(name=_TEXT), "required": ["name"]}, {**thing(uri=_TEXT), "required": ["uri"]}]}
    parameter = {"name": "q", "in": "query", "value": "x-{$inputs.customer#/uri}"}
    report = _inputs(tmp_path, {"customer": customer}, _step("a", parameters=[parameter]), answers())
    assert report.status is RunStatus.SUCCEEDED
    assert _query(report) == {"q": "x-sample"}


def test_an_input_keeps_the_type_of_its_own_schema(tmp_path: Path) -> None:
    operation = {**answers(), "parameters": [{"name": "q", "in": "query", "schema": _TEXT}]}
    parameter = {"name": "q", "in": "query", "value": "$inputs.q"}
    report = _inputs(tmp_path, {"q": {"type": "object"}}, _step("a", parameters=[parameter]), operation)
    assert _query(report) == {"q": {}}


def test_what_is_replaced_in_an_input_is_made_up_in_it(tmp_path: Path) -> None:
    body = {"payload": "$inputs.order", "replacements": [{"target": "/product/id", "value": "p-1"}]}
    step = _step("a", requestBody={"contentType": "application/json", **body})
    report = _inputs(tmp_path, {"order": {"type": "object"}}, step, answers())
    assert report.status is RunStatus.SUCCEEDED
    request = report.steps[0].request
    assert request is not None
    assert json.loads(bytes(request.content)) == {"product": {"id": "p-1"}}


def test_an_answer_is_the_text_that_a_condition_makes_of_an_input(tmp_path: Path) -> None:
    asked = _step("a", successCriteria=[{"condition": "$response.body#/name == 'a-{$inputs.name}'"}])
    report = _inputs(tmp_path, {"name": _TEXT}, asked, answers(thing(name=_TEXT)))
    assert bodies(report) == [{"name": "a-sample-name"}]


def test_an_element_that_a_filter_passes_is_made_up_where_a_selector_asks_for_it(tmp_path: Path) -> None:
    listed = thing(items={"type": "array", "items": thing(kind=_TEXT, id=_TEXT)})
    read = _step("a", outputs={"id": "$response.body.items[?(@.kind == 'x')].id"})
    used = _step("b", parameters=[{"name": "q", "in": "query", "value": "$steps.a.outputs.id"}])
    report = rehearsed(tmp_path, [read, used], {"a": answers(listed), "b": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [{"items": [{"kind": "x", "id": "sample"}]}]


def test_an_answer_that_only_the_default_documents_beside_another_success_is_not_made_of_it(tmp_path: Path) -> None:
    operation = answers(thing(id={"const": "made"}), status="201")
    operation["responses"]["default"] = answers(thing(title={"const": "refused"}))["responses"]["200"]
    step = _step("a", successCriteria=[{"condition": "$statusCode == 200"}], outputs={"a": "$response.body"})
    report = rehearsed(tmp_path, [step], {"a": operation})
    assert report.steps[0].outputs == {"a": {"id": "made"}}


def test_an_input_with_a_default_keeps_it(tmp_path: Path) -> None:
    parameter = {"name": "q", "in": "query", "value": "$inputs.q"}
    report = _inputs(tmp_path, {"q": {"default": "mine"}}, _step("a", parameters=[parameter]), answers())
    assert _query(report) == {"q": "mine"}


def test_bytes_are_made_up_where_a_body_is_of_bytes(tmp_path: Path) -> None:
    operation = {**answers(), "requestBody": {"content": {"application/octet-stream": {}}}}
    body = {"payload": "$inputs.file"}
    for schema, made_up in (({}, b"sample"), (_TEXT, b"sample-file")):
        report = _inputs(tmp_path, {"file": schema}, _step("a", requestBody=body), operation)
        assert report.status is RunStatus.SUCCEEDED
        assert report.steps[0].request is not None
        assert report.steps[0].request.content == made_up


def test_bytes_are_made_up_in_a_member_of_an_input_as_well(tmp_path: Path) -> None:
    operation = {**answers(), "requestBody": {"content": {"application/octet-stream": {}}}}
    step = _step("a", requestBody={"payload": "$inputs.upload#/file"})
    report = _inputs(tmp_path, {"upload": thing(file=_TEXT, name=_TEXT)}, step, operation)
    assert report.steps[0].request is not None
    assert report.steps[0].request.content == b"sample"


def test_a_value_is_of_the_type_that_the_body_that_is_sent_wants(tmp_path: Path) -> None:
    # JSON is what is sent, wherever it stands among the media types
    content = {
        "application/x-www-form-urlencoded": {"schema": thing(n=_TEXT)},
        "application/json": {"schema": thing(n={"type": "integer", "minimum": 7})},
    }
    operation = {**answers(), "requestBody": {"content": content}}
    report = _inputs(tmp_path, {"n": {}}, _step("a", requestBody={"payload": {"n": "$inputs.n"}}), operation)
    assert report.steps[0].request is not None
    assert report.steps[0].request.content == b'{"n":7}'


@pytest.mark.parametrize(
    ("accept", "media"), [("text/plain", "text/plain"), ("*/*", "application/json"), ("image/png", "application/json")]
)
def test_an_answer_is_of_the_media_type_that_a_step_accepts(accept: str, media: str, tmp_path: Path) -> None:
    content = {"application/json": {"schema": thing()}, "text/plain": {"schema": _TEXT}}
    operation = {"responses": {"200": {"description": "", "content": content}}}
    parameter = {"name": "Accept", "in": "header", "value": accept}
    report = _one(tmp_path, operation, parameters=[parameter])
    response = report.steps[0].response
    assert isinstance(response, Response)
    assert dict(response.headers)["Content-Type"] == media


def test_an_answer_of_xml_is_xml(tmp_path: Path) -> None:
    schema = {**thing(id=_TEXT), "xml": {"name": "order"}}
    report = _one(tmp_path, answers(schema, media="application/xml"))
    response = report.steps[0].response
    assert isinstance(response, Response)
    assert response.content.endswith(b"<order><id>sample</id></order>")


def test_a_body_that_is_read_as_a_whole_is_told_with_what_reads_it(tmp_path: Path) -> None:
    used = {"name": "q", "in": "query", "value": "$steps.a.outputs.all"}
    steps = [_step("a", outputs={"all": "$response.body"}), _step("b", parameters=[used])]
    report = rehearsed(tmp_path, steps, {"a": answers(), "b": answers()})
    assert report.steps[0].notes == (
        "the description does not have a body for 200, which `$response.body` reads: made up",
    )


def test_a_body_that_is_not_described_is_told_with_all_that_reads_it(tmp_path: Path) -> None:
    both = {"one": "$response.body#/one", "other": "$response.body#/other"}
    used = [{"name": name, "in": "query", "value": f"$steps.a.outputs.{name}"} for name in both]
    steps = [_step("a", outputs=both), _step("b", parameters=used)]
    report = rehearsed(tmp_path, steps, {"a": answers(), "b": answers()})
    reads = "`$response.body#/one`, `$response.body#/other` read"
    assert report.steps[0].notes == (f"the description does not have a body for 200, which {reads}: made up",)


def test_what_has_no_body_by_its_status_gets_none(tmp_path: Path) -> None:
    used = {"name": "q", "in": "query", "value": "$steps.a.outputs.id"}
    steps = [_step("a", outputs={"id": "$response.body#/id"}), _step("b", parameters=[used])]
    report = rehearsed(tmp_path, steps, {"a": answers(thing(id=_TEXT), status="204"), "b": answers()})
    assert report.status is RunStatus.FAILED
    assert bodies(report) == []


@pytest.mark.parametrize(
    "criterion",
    [
        {"context": "$statusCode", "type": "regex", "condition": "^20[02]$"},
        _criterion("$statusCode != 201"),
        _criterion("$statusCode > 201 && $statusCode < 300"),
    ],
)
def test_a_status_that_is_only_described_is_answered_as_the_workflow_expects(
    tmp_path: Path, criterion: dict[str, str]
) -> None:
    report = _one(tmp_path, answers(thing(id=_TEXT), status="201"), successCriteria=[criterion])
    assert report.status is RunStatus.SUCCEEDED
    assert "is not documented: it is answered because the criteria ask for it" in report.steps[0].notes[0]


def test_of_listed_values_the_one_that_a_pattern_finds_is_answered(tmp_path: Path) -> None:
    state = {"type": "string", "enum": ["queued", "done", "dropped"]}
    criterion = {"context": "$response.body#/state", "type": "regex", "condition": "^d.+p"}
    report = _one(tmp_path, answers(thing(state=state)), successCriteria=[criterion])
    assert bodies(report) == [{"state": "dropped"}]


@pytest.mark.parametrize(
    "criterion",
    [
        _criterion("$steps.a.outputs.state != 'done'"),
        _criterion("$steps.a.outputs.state != 'done' || $steps.a.outputs.count < 3"),
        _criterion("$steps.a.outputs.state == 'queued' && $url != 'x'"),
        {"context": "$steps.a.outputs.state", "type": "regex", "condition": "^queued$"},
    ],
)
def test_a_loop_by_what_an_earlier_step_was_answered_ends(tmp_path: Path, criterion: dict[str, str]) -> None:
    state = {"type": "string", "enum": ["queued", "done"]}
    again = {"name": "again", "type": "goto", "stepId": "a", "criteria": [criterion]}
    outputs = {"state": "$response.body#/state", "count": "$response.body#/count"}
    steps = [_step("a", outputs=outputs), _step("b", onSuccess=[again])]
    operations = {"a": answers(thing(state=state, count={"type": "integer"})), "b": answers()}
    report = rehearsed(tmp_path, steps, operations)
    assert report.status is RunStatus.SUCCEEDED
    assert [each["state"] for each in bodies(report)] == ["queued", "done"]


@pytest.mark.parametrize(
    ("described", "place", "value"),
    [
        (_TEXT, {"type": "integer", "minimum": 7}, "7"),
        (_TEXT, {"type": "string", "pattern": "^cus_[a-z]{3}$"}, "cus_aaa"),
        (_TEXT, {"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000000"),
        ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["c", "b"]}, "b"),
        ({"type": "integer"}, {"type": "integer", "minimum": 7}, 7),
        ({"type": "integer", "example": 3}, {"type": "integer", "minimum": 7}, 3),
        ({"type": "integer", "maximum": 5}, {"type": "integer", "minimum": 7}, 1),
    ],
)
def test_a_value_that_is_invented_suits_the_place_where_it_goes_too(
    described: Any, place: Any, value: Any, tmp_path: Path
) -> None:
    used = _step("b", parameters=[{"name": "q", "in": "query", "value": "$steps.a.outputs.id"}])
    asked = {"parameters": [{"name": "q", "in": "query", "schema": place}], **answers()}
    one = _step("a", outputs={"id": "$response.body#/id"})
    report = rehearsed(tmp_path, [one, used], {"a": answers(thing(id=described)), "b": asked})
    assert bodies(report)[0] == {"id": value}


def test_a_status_of_a_range_is_documented_by_it(tmp_path: Path) -> None:
    operation = answers(thing(id=_TEXT), status="2XX")
    report = _one(tmp_path, operation, successCriteria=[_criterion("$statusCode == 202")])
    assert report.status is RunStatus.SUCCEEDED
    assert report.steps[0].notes == ()


def test_an_error_is_documented_by_what_is_said_of_all_others(tmp_path: Path) -> None:
    operation = answers(thing(id=_TEXT))
    operation["responses"]["default"] = answers(thing(error={"const": "e"}))["responses"]["200"]
    report = _one(tmp_path, operation, successCriteria=[_criterion("$statusCode == 404")])
    assert bodies(report) == [{"error": "e"}]
    assert report.steps[0].notes == ()


@pytest.mark.parametrize(
    ("name", "required", "value", "is_told"),
    [
        ("Idempotency-Key", True, None, True),
        ("X-Idempotency-Token", True, None, True),
        ("Idempotency-Key", False, None, False),
        ("Idempotency-Key", True, "mine", False),
    ],
)
def test_a_key_that_is_required_and_that_no_step_gives_is_told_once(
    name: str, required: bool, value: str | None, is_told: bool, tmp_path: Path
) -> None:
    described = {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}
    given = [] if value is None else [{"name": name.lower(), "in": "header", "value": value}]
    step = {
        "stepId": "pay",
        "operationId": "pay",
        "parameters": given,
        "onSuccess": [
            {"name": "again", "type": "goto", "stepId": "pay", "criteria": [{"condition": "$response.body#/n == 1"}]}
        ],
    }
    operation = {**answers(thing(n={"type": "integer"})), "parameters": [described]}
    report = rehearsed(tmp_path, [step], {"pay": operation})
    notes = [note for each in report.steps for note in each.notes if "given" in note or "gives" in note]
    told = f"`{name}` is required and no step gives it: one is made up here, and by a run, too"
    assert notes == ([told] if is_told else [])
    assert len(report.steps) > 1


@pytest.mark.parametrize(
    ("status", "described"), [({"type": "integer", "minimum": 100}, 409), ({"type": "integer", "const": 7}, 7)]
)
@pytest.mark.parametrize("written", ["409", "4XX", "default"])
def test_the_status_of_a_problem_is_that_of_its_answer(
    status: Any, described: int, written: str, tmp_path: Path
) -> None:
    problem = {
        written: {"description": "no", "content": {"application/problem+json": {"schema": thing(status=status)}}}
    }
    step = _step("a", successCriteria=[_criterion("$statusCode == 409")])
    report = rehearsed(tmp_path, [step], {"a": {"responses": problem}})
    assert bodies(report) == [{"status": described}]
