"""Selector Objects and payload replacements in whole runs: what is sent, and what is refused before it is sent."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow
from validated import validated

from arazzo_engine.diagnostics import ArazzoError, Diagnostic

_ANY: dict[str, Any] = {"requestBody": {"content": {"application/json": {}}}}
INPUTS = {"type": "object", "properties": {"x": {}, "y": {}}}
PAYLOAD: dict[str, Any] = {"items": [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}], "a/b": {"c": None}}
DRAFT = {"type": "jsonpath", "version": "draft-goessner-dispatch-jsonpath-00"}


def selector(text: str, type_: Any = "jsonpath", context: str = "$response.body") -> dict[str, Any]:
    return {"context": context, "selector": text, "type": type_}


def replacement(target: str, value: Any, type_: Any = None) -> dict[str, Any]:
    return {"target": target, "value": value, **({} if type_ is None else {"targetSelectorType": type_})}


def run_with(*replacements: dict[str, Any], payload: Any = PAYLOAD, **inputs: Any) -> ScriptedWorld:
    body = {"contentType": "application/json", "payload": payload, "replacements": list(replacements)}
    world = ScriptedWorld()
    report = run_scripted(document(workflow(step("a", requestBody=body), inputs=INPUTS)), world, inputs)
    assert report.succeeded, report.steps[0].diagnostics
    return world


def sent(*replacements: dict[str, Any], payload: Any = PAYLOAD, **inputs: Any) -> Any:
    return json.loads(bytes(run_with(*replacements, payload=payload, **inputs).sent[0].request.content))


def refused(*replacements: dict[str, Any], payload: Any = PAYLOAD, **inputs: Any) -> Diagnostic:
    body = {"contentType": "application/json", "payload": payload, "replacements": list(replacements)}
    with pytest.raises(ArazzoError) as error:
        run_scripted(document(workflow(step("a", requestBody=body), inputs=INPUTS)), ScriptedWorld(), inputs)
    (diagnostic,) = error.value.diagnostics
    return diagnostic


def changed(place: Literal["n", "all", "c"], value: Any) -> Any:
    whole = json.loads(json.dumps(PAYLOAD))
    match place:
        case "n":
            whole["items"][0]["n"] = value
        case "all":
            for item in whole["items"]:
                item["n"] = value
        case "c":
            whole["a/b"]["c"] = value
    return whole


@pytest.mark.parametrize(
    ("replaced", "body"),
    [
        (replacement("/items/0/n", 7), changed("n", 7)),
        (replacement("/a~1b/c", {"d": []}), changed("c", {"d": []})),
        (replacement("/items/0/n", "$inputs.x"), changed("n", 5)),
        (replacement("/items/0/n", "n{$inputs.x}"), changed("n", "n5")),
        (replacement("/items/0/n", 7, "jsonpointer"), changed("n", 7)),
        (replacement("$.items[?@.sku=='A'].n", 7, "jsonpath"), changed("n", 7)),
        (replacement("$.items[?(@.sku=='A')].n", 7, DRAFT), changed("n", 7)),
        (replacement("$.items[*].n", 7, "jsonpath"), changed("all", 7)),
        (replacement("$.items[?@.sku=='{$inputs.y}'].n", 7, "jsonpath"), changed("n", 7)),
        (replacement("", [1]), [1]),
        # a new member of an object that is there
        (
            replacement("/items/0/tags", ["t"]),
            {**PAYLOAD, "items": [{**PAYLOAD["items"][0], "tags": ["t"]}, PAYLOAD["items"][1]]},
        ),
        (replacement("/new", "$inputs.x"), {**PAYLOAD, "new": 5}),
        # an optional input that was not given leaves its place as it is
        (replacement("/items/0/n", "$inputs.z"), PAYLOAD),
        # the outermost place wins
        (replacement("$..*", 0, "jsonpath"), {"items": 0, "a/b": 0}),
    ],
)
def test_a_value_is_set_in_the_places_that_its_target_selects(replaced: dict[str, Any], body: Any) -> None:
    inputs = {"type": "object", "properties": {"x": {}, "y": {}, "z": {}}}
    text = document(
        workflow(
            step("a", requestBody={"contentType": "application/json", "payload": PAYLOAD, "replacements": [replaced]}),
            inputs=inputs,
        )
    )
    world = ScriptedWorld()
    assert run_scripted(text, world, {"x": 5, "y": "A"}).succeeded
    assert json.loads(bytes(world.sent[0].request.content)) == body


def test_replacements_are_applied_in_order_each_to_what_the_last_one_gave() -> None:
    body = sent(replacement("/items", {"first": 1}), replacement("/items/first", 2))
    assert body["items"] == {"first": 2}


def test_a_payload_that_is_json_in_a_string_is_replaced_in() -> None:
    assert sent(replacement("/n", "$inputs.x"), payload='{"n": 1, "m": [1.50]}', x=2) == {"n": 2, "m": [1.5]}
    assert sent(replacement("/n", 3), payload='{"n": {$inputs.x}}', x=2) == {"n": 3}


def test_the_document_is_not_changed_by_a_replacement() -> None:
    world = run_with(replacement("/items/0/n", "$inputs.x"), x=9)
    assert world.sent[0].request.payload == changed("n", 9)
    assert PAYLOAD["items"][0]["n"] == 1


@pytest.mark.parametrize(
    ("replaced", "code", "message"),
    [
        (
            replacement("/items/-", 1),
            "replacement-target",
            "target `/items/-` of the payload selects nothing: the payload has no `/items/-`",
        ),
        (replacement("/nothing/n", 1), "replacement-target", "selects nothing: the payload has no `/nothing`"),
        (replacement("/itmes", 1), "replacement-target", "selects nothing: the payload has no `/itmes`"),
        (replacement("$.items[?@.sku=='C'].n", 1, "jsonpath"), "replacement-target", "selects nothing"),
        (
            replacement("$.items[?@.sku=='{$inputs.x}']", 1, "jsonpath"),
            "input-unsendable",
            "where {$inputs.x} is 'none'",
        ),
    ],
)
def test_a_target_that_selects_nothing_is_refused_before_anything_is_sent(
    replaced: dict[str, Any], code: str, message: str
) -> None:
    diagnostic = refused(replaced, x="none")
    assert diagnostic.code == code
    assert message in diagnostic.message
    assert diagnostic.location is not None
    assert diagnostic.location.source.strip().startswith('"target"')


def test_a_payload_without_places_is_refused_before_anything_is_sent() -> None:
    assert refused(replacement("/n", 1), payload="not json").code == "request-body-malformed"
    assert "the context is text" in refused(replacement("/n", 1), payload="$inputs.x", x="text").message


@pytest.mark.parametrize("given", [{"a": 1}, {"a": "$inputs.sku"}], ids=["literal", "with expressions"])
def test_a_target_is_a_place_of_the_payload_or_a_new_member_of_an_object(given: Any) -> None:
    payload = {"meta": given, "tags": [given], "one": "$inputs.sku", "note": 1, "line1": 1}
    targets = ("/meta/b", "/line2", "/meta/b/c", "/tags/0/b", "/one/any/thing", "/tags/1", "/meta/x/y", "/nte")
    body = {"payload": payload, "replacements": [replacement(each, 2) for each in targets]}
    told = [(each.severity.value, each.message, each.fix) for each in validated({"requestBody": body}, _ANY)]
    added = "the payload has the object that it stands in, and no such member"
    new = [("/meta/b", "b"), ("/line2", "line2"), ("/tags/0/b", "b")]
    warnings = [
        (
            "warning",
            f"`{target}` is read as a new member of the payload: {added}",
            f"write `{name}` into the payload, with any value",
        )
        for target, name in new
    ]
    nowhere = "target `{}` of the payload selects nothing: the payload has no `{}`"
    fix = "put the place into the payload, or correct the target"
    assert sorted(told) == sorted(
        [
            *warnings,
            ("error", nowhere.format("/tags/1", "/tags/1"), fix),
            ("error", nowhere.format("/meta/x/y", "/meta/x"), fix),
            ("error", nowhere.format("/nte", "/nte"), "did you mean `/note`?"),
        ]
    )


@pytest.mark.parametrize("target", ["$..n", "$.items[*]", "/a~2"])
def test_a_target_that_is_no_pointer_is_refused_with_the_document(target: str) -> None:
    with pytest.raises(ArazzoError) as error:
        run_with(replacement(target, 1))
    assert [each.code for each in error.value.diagnostics] == ["invalid-query"]


@pytest.mark.parametrize(
    ("selected", "value"),
    [
        (selector("$.user.email"), "e"),
        (selector("$.ids[*]"), [1, 2]),
        (selector("/user/email", "jsonpointer"), "e"),
        (selector("$.ids[?(@>1)]", DRAFT), 2),
        (selector("/1", "jsonpointer", "$response.body#/ids"), 2),
        (selector("$.{$inputs.x}.email"), "e"),
    ],
)
def test_a_selector_gives_an_output_and_what_is_sent(selected: dict[str, Any], value: Any) -> None:
    later = {**selected, "context": selected["context"].replace("$response.body", "$steps.a.outputs.all")}
    body = {"contentType": "application/json", "payload": {"v": [later]}, "replacements": [replacement("/v/0", later)]}
    first = step("a", outputs={"v": selected, "all": "$response.body"})
    second = step("b", parameters=[{"name": "q", "in": "query", "value": later}], requestBody=body)
    outputs = {"v": {**later}}
    world = ScriptedWorld({"a": [answer(200, {"user": {"email": "e"}, "ids": [1, 2]})]})
    report = run_scripted(document(workflow(first, second, inputs=INPUTS, outputs=outputs)), world, {"x": "user"})
    assert report.succeeded
    assert report.steps[0].outputs["v"] == value
    assert report.outputs == {"v": value}
    request = world.sent[1].request
    assert json.loads(bytes(request.content)) == {"v": [value]}
    assert request.query == {"q": value}


def test_an_output_whose_selector_gives_nothing_is_absent_and_says_why() -> None:
    outputs = {"v": selector("$.nothing"), "w": selector("$.a", context="$response.body#/text")}
    world = ScriptedWorld({"a": [answer(200, {"text": "t"})]})
    report = run_scripted(document(workflow(step("a", outputs=outputs))), world)
    assert report.succeeded
    assert report.steps[0].outputs == {}
    assert report.steps[0].notes == (
        "output `v` is absent: `$response.body $.nothing` selects nothing in <object of 1 member>",
        (
            "output `w` is absent: `$response.body#/text $.a` cannot be evaluated: "
            "the context is text, not a JSON object or array"
        ),
    )


def test_a_selector_that_gives_nothing_stops_a_request() -> None:
    body = {"contentType": "application/json", "payload": {"v": selector("$.x", context="$steps.a.outputs.all")}}
    first = step("a", outputs={"all": "$response.body"})
    world = ScriptedWorld({"a": [answer(200, {})]})
    report = run_scripted(document(workflow(first, step("b", requestBody=body))), world)
    assert world.calls == "a"
    (diagnostic,) = report.steps[1].diagnostics
    assert diagnostic.message == "the request needs `$.x`, which selects nothing in {}"


@pytest.mark.parametrize(
    ("outputs", "code"),
    [
        ({"v": selector("$.a[")}, "invalid-query"),
        ({"v": selector("a", "jsonpointer")}, "invalid-query"),
        ({"v": selector("$.a", "jsonpth")}, "field-value"),
        ({"v": selector("$.a", {"type": "jsonpath", "version": "1"})}, "field-value"),
        ({"v": selector("$.a", "regex")}, "field-value"),
        ({"v": selector("$.a", context="$response.bdy")}, "invalid-expression"),
        ({"v": selector("$.a[{$inputs.nope}]")}, "unknown-input"),
        ({"v": selector("$.a", context="$steps.never.outputs.x")}, "unknown-step"),
    ],
)
def test_a_selector_that_is_wrong_is_refused_with_the_document(outputs: dict[str, Any], code: str) -> None:
    with pytest.raises(ArazzoError) as error:
        run_scripted(document(workflow(step("a", outputs=outputs), inputs=INPUTS)), ScriptedWorld())
    assert [each.code for each in error.value.diagnostics] == [code]


def test_an_object_with_the_fields_of_a_selector_is_only_an_object_in_arazzo_1_0() -> None:
    payload = selector("$.a", context="$inputs.x")
    body = {"contentType": "application/json", "payload": payload}
    world = ScriptedWorld()
    text = document(workflow(step("a", requestBody=body), inputs=INPUTS), version="1.0.1")
    assert run_scripted(text, world, {"x": 1}).succeeded
    assert json.loads(bytes(world.sent[0].request.content)) == {**payload, "context": 1}
