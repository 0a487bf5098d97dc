"""Loops that ask for what comes next and never say what it is."""

from __future__ import annotations

from typing import Any, Final

import pytest
from flowing import end, goto
from validated import validated

_BODY: Final = "$response.body#/"


def _asked(*names: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"parameters": [{"name": each, "in": "query", "schema": schema} for each in names]}


def _paged(
    condition: str | dict[str, Any],
    outputs: dict[str, str],
    *sent: tuple[str, Any],
    parameter: str = "cursor",
    method: str = "get",
) -> list[tuple[str, str]]:
    """Return what is told of a step that leads back to itself."""
    criterion = condition if isinstance(condition, dict) else {"condition": condition}
    more = {"name": "more", "type": "goto", "stepId": "tried", "criteria": [criterion]}
    parameters = [{"name": name, "in": "query", "value": value} for name, value in sent]
    step = {"outputs": outputs, "parameters": parameters, "onSuccess": [more]}
    found = validated(step, _asked(parameter, "size"), method=method)
    return [(each.message, each.fix) for each in found if each.code == "page-repeated"]


def test_a_page_that_is_asked_for_again_is_told_with_what_to_send() -> None:
    ((message, fix),) = _paged(f"{_BODY}has_more == true", {"next": f"{_BODY}next_cursor"}, ("size", 3))
    assert message == (
        "step `tried` asks for the same page again whenever action `more` is chosen:"
        " it does not send `cursor`, which `$steps.tried.outputs.next` gives"
    )
    assert fix == (
        "add `{ name: cursor, in: query, value: $steps.tried.outputs.next }` to the `parameters` of step `tried`"
    )


def test_what_the_criterion_reads_is_an_output_first() -> None:
    ((message, fix),) = _paged(f"{_BODY}meta/next_cursor != null", {})
    assert message.endswith("it does not send `cursor`, which `$response.body#/meta/next_cursor` gives")
    assert fix == (
        "add `cursor: $response.body#/meta/next_cursor` to the `outputs` of the step,"
        " and add `{ name: cursor, in: query, value: $steps.tried.outputs.cursor }` to its `parameters`"
    )


@pytest.mark.parametrize(
    ("condition", "outputs", "parameter"),
    [
        (f"{_BODY}nextPageToken != null", {}, "pageToken"),
        (f"{_BODY}has_more == true && {_BODY}error == null", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (f"{_BODY}is_last_page == false", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (f"!({_BODY}has_more == false)", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        ("$response.body.nextPageToken != ''", {}, "page_token"),
        (f"{_BODY}next_page != null", {}, "page"),
        ("$response.header.X-Next-Page != null", {}, "page"),
        ("$steps.tried.outputs.more == true", {"more": f"{_BODY}has_more", "after": f"{_BODY}paging/after"}, "after"),
        ("$steps.tried.outputs.it != null", {"it": f"{_BODY}next_marker"}, "marker"),
        (f"{_BODY}next_cursor != null", {"next_cursor": f"{_BODY}next_cursor"}, "start_cursor"),
        (
            {"context": "$response.body", "type": "jsonpath", "condition": "$[?$.has_more == true]"},
            {"cursor": f"{_BODY}cursor"},
            "cursor",
        ),
    ],
)
def test_what_comes_next_is_known_by_its_words(
    condition: str | dict[str, Any], outputs: dict[str, str], parameter: str
) -> None:
    assert len(_paged(condition, outputs, parameter=parameter)) == 1


@pytest.mark.parametrize(
    ("location", "name", "given", "written"),
    [
        ("header", "X-Cursor", "next_cursor", "X-Cursor"),
        ("header", "X-Next-Token", "next_token", "X-Next-Token"),
        ("header", "X-Auth-Token", "auth_token", None),
        ("query", "page[cursor]", "next_cursor", "'page[cursor]'"),
        ("query", "page[number]", "next_page", "'page[number]'"),
        ("query", "page[number]", "page", None),
        ("query", "page[size]", "next_size", None),
        ("query", "filter[after]", "after", None),
        ("cookie", "cursor", "next_cursor", None),
    ],
)
def test_a_page_stands_in_a_header_and_in_the_brackets_of_a_name(
    location: str, name: str, given: str, written: str | None
) -> None:
    step = {
        "outputs": {"it": f"{_BODY}{given}"},
        "onSuccess": [goto("tried", f"{_BODY}has_more == true", name="more")],
    }
    parameter = {"name": name, "in": location, "schema": {"type": "string"}}
    found = validated(step, {"parameters": [parameter]}, method="get")
    added = f"`{{ name: {written}, in: {location}, value: $steps.tried.outputs.it }}`"
    fixes = [each.fix for each in found if each.code == "page-repeated"]
    assert fixes == [f"add {added} to the `parameters` of step `tried`"] * (written is not None)


def test_an_output_for_a_name_with_brackets_has_the_name_of_what_it_reads() -> None:
    ((_, fix),) = _paged(f"{_BODY}meta/next_cursor != null", {}, parameter="page[cursor]")
    assert fix == (
        "add `next_cursor: $response.body#/meta/next_cursor` to the `outputs` of the step,"
        " and add `{ name: 'page[cursor]', in: query, value: $steps.tried.outputs.next_cursor }` to its `parameters`"
    )


@pytest.mark.parametrize(("workflow", "parameters", "told"), [("w", (), 1), ("w", ("sku",), 0), ("other", (), 0)])
def test_a_workflow_that_begins_anew_asks_for_the_same_page(
    workflow: str, parameters: tuple[str, ...], told: int
) -> None:
    given = [{"name": each, "value": "$steps.tried.outputs.next"} for each in parameters]
    more = {"name": "more", "type": "goto", "workflowId": workflow, **({"parameters": given} if given else {})}
    criteria = [{"condition": f"{_BODY}has_more == true"}]
    step = {"outputs": {"next": f"{_BODY}next_cursor"}, "onSuccess": [{**more, "criteria": criteria}]}
    other = {"workflowId": "other", "steps": [{"stepId": "only", "operationId": "op"}]}
    found = validated(step, _asked("cursor"), method="get", others=[other])
    fix = (
        "lead it to the step, by `stepId: tried` without `workflowId`, and add "
        "`{ name: cursor, in: query, value: $steps.tried.outputs.next }` to the `parameters` of step `tried`"
    )
    assert [each.fix for each in found if each.code == "page-repeated"] == [fix] * told


@pytest.mark.parametrize(
    ("condition", "outputs", "parameter"),
    [
        # what takes its time is asked for again as it is
        (f"{_BODY}status == 'pending'", {"cursor": f"{_BODY}cursor"}, "cursor"),
        (f"{_BODY}state != 'done'", {"next": f"{_BODY}next_cursor"}, "cursor"),
        (f"{_BODY}next_step == 'wait'", {"cursor": f"{_BODY}cursor"}, "cursor"),
        # what waits for more to come
        (f"{_BODY}has_more == false", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (f"{_BODY}has_more != true", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (f"!{_BODY}has_more", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (f"!({_BODY}next_cursor != null)", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (f"{_BODY}next_cursor == ''", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        ("$steps.tried.outputs.cursor == null", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (f"{_BODY}next_cursor == $inputs.sku", {"cursor": f"{_BODY}next_cursor"}, "cursor"),
        (
            {"context": "$response.body", "type": "jsonpath", "condition": "$[?$.has_more == false]"},
            {"cursor": f"{_BODY}cursor"},
            "cursor",
        ),
        (
            {"context": f"{_BODY}next_cursor", "type": "regex", "condition": "^$"},
            {"cursor": f"{_BODY}next_cursor"},
            "cursor",
        ),
        ("$statusCode == 202", {"cursor": f"{_BODY}cursor"}, "cursor"),
        # a number that the one who asks counts, and a token of another kind
        (f"{_BODY}has_more == true", {"page": f"{_BODY}page"}, "page"),
        (f"{_BODY}has_more == true", {"token": f"{_BODY}token"}, "token"),
        (f"{_BODY}has_more == true", {"cursor": f"{_BODY}next_cursor"}, "filter"),
        (f"{_BODY}has_more == true", {}, "cursor"),
    ],
)
def test_what_is_no_page_or_has_no_parameter_of_its_name_is_let_be(
    condition: str, outputs: dict[str, str], parameter: str
) -> None:
    assert _paged(condition, outputs, parameter=parameter) == []


@pytest.mark.parametrize(
    "sent", [("cursor", "$steps.tried.outputs.cursor"), ("cursor", "x"), ("size", "$steps.tried.outputs.n")]
)
def test_a_request_that_sends_it_or_changes_each_time_is_let_be(sent: tuple[str, str]) -> None:
    outputs = {"cursor": f"{_BODY}next_cursor", "n": f"{_BODY}n"}
    assert _paged(f"{_BODY}next_cursor != null", outputs, sent) == []


@pytest.mark.parametrize("payload", [{"query": "x"}, {"query": "$inputs.sku"}])
@pytest.mark.parametrize(("name", "is_told"), [("start_cursor", True), ("query", False)])
def test_a_cursor_stands_in_the_body_too(payload: dict[str, str], name: str, *, is_told: bool) -> None:
    schema = {"type": "object", "properties": {"query": {"type": "string"}, name: {"type": "string"}}}
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    step = {
        "requestBody": {"contentType": "application/json", "payload": payload},
        "outputs": {"next": f"{_BODY}next_cursor"},
        "onSuccess": [goto("tried", f"{_BODY}has_more == true", name="more")],
    }
    assert [each.fix for each in validated(step, operation) if each.code == "page-repeated"] == [
        "add `start_cursor: $steps.tried.outputs.next` to the `payload` of step `tried`"
    ] * is_told


@pytest.mark.parametrize("method", ["delete", "put", "patch"])
def test_what_is_taken_away_by_the_request_itself_is_let_be(method: str) -> None:
    assert _paged(f"{_BODY}has_more == true", {"next": f"{_BODY}next_cursor"}, method=method) == []


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("post", "/tried/reminders", 1),
        ("post", "/tried/{of}/comments", 1),
        ("post", "/tried/{of}/notify", 1),
        ("post", "/tried/cancel", 0),
        ("post", "/tried/{of}/activate", 0),
        ("post", "/tried/{of}:lock", 0),
        ("patch", "/tried", 0),
        ("delete", "/tried", 0),
    ],
)
@pytest.mark.parametrize("is_called", [False, True])
def test_what_another_step_of_the_ring_may_use_up_is_let_be(
    method: str, path: str, told: int, *, is_called: bool
) -> None:
    called = {"workflowId": "called", "steps": [{"stepId": "only", "operationId": "tried"}]}
    calling = {"stepId": "tried", "workflowId": "called", "onSuccess": _AROUND}
    rest: dict[str, Any] = {"workflow": {"steps": [_LISTS, calling]}, "others": [called]} if is_called else {}
    assert len(_ring(method=method, path=path, **rest)) == told


_LISTS: Final = {"stepId": "lists", "operationId": "op", "outputs": {"cursor": f"{_BODY}next_cursor", "n": f"{_BODY}n"}}
_AROUND: Final = [goto("lists", "$steps.lists.outputs.cursor != null", name="more"), end()]


def _ring(
    *parameters: dict[str, Any], method: str = "get", first: dict[str, Any] | None = None, **rest: Any
) -> list[str]:
    """Return what is told of a ring of two steps, of which the first asks for pages."""
    step = {"parameters": [*parameters], "onSuccess": _AROUND}
    asked = _asked("cursor", "of")
    found = validated(step, _asked("id"), before={**_LISTS, **(first or {})}, first=asked, method=method, **rest)
    return [each.message for each in found if each.code == "page-repeated"]


def test_a_ring_of_steps_asks_for_the_same_page_too() -> None:
    each = {"name": "id", "in": "query", "value": "$steps.lists.outputs.n"}
    (message,) = _ring(each)
    assert message.startswith("step `lists` asks for the same page again whenever action `more` is chosen")


def test_a_ring_in_which_another_step_changes_the_request_is_let_be() -> None:
    of = {"name": "of", "in": "query", "value": "$steps.tried.outputs.n"}
    assert _ring(first={"parameters": [of]}) == []


def test_an_action_that_leads_on_is_let_be() -> None:
    on = goto("after", f"{_BODY}next_cursor != null")
    steps = [{"stepId": each, "operationId": "op"} for each in ("first", "after")]
    workflow = {"steps": [{"stepId": "tried", "operationId": "tried", "onSuccess": [on]}, *steps]}
    found = validated({}, _asked("cursor"), workflow=workflow, method="get")
    assert [each.code for each in found if each.code == "page-repeated"] == []
