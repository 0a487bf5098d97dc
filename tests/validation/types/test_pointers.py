"""A pointer that cannot lead anywhere is told before anything is sent: into a list by a name, or into a text."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, codes, validated

from arazzo_engine.language.templates import SELECTS

ITEMS: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "items": {"type": "object", "properties": {"id": {}}}},
        "open": {},
        "either": {"oneOf": [{"type": "array"}, {"type": "object"}]},
        "perhaps": {"type": ["array", "null"]},
    },
}


def _answers(schema: Any, content_type: str = "application/json", more: Any = None) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": {content_type: {"schema": schema}}}, **(more or {})}}


def _told(findings: Findings) -> list[tuple[str, str]]:
    assert set(codes(findings)) <= {("error", "pointer-nowhere")}
    return [(each.message, each.fix) for each in findings]


def _by_name(text: str, member: str, fix: str) -> list[tuple[str, str]]:
    return [(f"`{text}` leads into a list, which has no member `{member}`", fix)]


COUNT: Final = {"context": "$response.body#/items", "selector": "", "type": "jsonpointer", SELECTS: "length"}
LAST: Final = {"context": "$response.body#/items", "selector": "$[-1]", "type": "jsonpath", SELECTS: "one"}
LAST_PART: Final = {**LAST, "selector": '$[-1]["id"]'}
EVERY: Final = {**LAST, "selector": '$[*]["id"]', SELECTS: "all"}


def _selector(found: dict[str, str]) -> str:
    quoted = {**found, "selector": f"'{found['selector']}'"}
    return f"write `{{{', '.join(f'{name}: {value}' for name, value in quoted.items())}}}`"


def test_an_output_that_names_a_member_of_a_list_is_told() -> None:
    (finding,) = validated({"outputs": {"a": "$response.body#/items/id"}}, _answers(ITEMS))
    assert codes((finding,)) == [("warning", "repaired")]
    assert finding.fix.startswith("write `$response.body#/items/0/id` for the first element")
    step = {"successCriteria": [{"condition": "$response.body#/items/id == 'a'"}]}
    fix = "name an element by its index, such as `$response.body#/items/0/id`"
    assert _told(validated(step, _answers(ITEMS))) == _by_name("$response.body#/items/id", "id", fix)


def test_a_reading_that_leads_nowhere_is_mended_as_the_error_about_it_says() -> None:
    text = {"type": "object", "properties": {"id": {"type": "string"}}}
    found = validated({"outputs": {"a": "$response.body.id.value"}}, _answers(text))
    assert {each.code for each in found} == {"repaired", "pointer-nowhere"}
    assert {each.fix for each in found} == {"use `$response.body#/id`"}
    assert not any(each.edits for each in found)
    # one that leads on is written
    (finding,) = validated({"outputs": {"a": "$response.body.id"}}, _answers(text))
    assert finding.fix == "write `$response.body#/id`"


def test_the_length_of_a_list_is_no_member_of_it() -> None:
    # a condition counts the elements, and says so
    step = {"successCriteria": [{"condition": "$response.body.items.length > 0"}]}
    assert [(each.code, each.fix) for each in validated(step, _answers(ITEMS))] == [
        ("repaired", "add `x-arazzo-engine-condition: extended`")
    ]
    pointed = {"outputs": {"a": "$response.body#/items/length"}}
    assert _told(validated(pointed, _answers(ITEMS))) == _by_name(
        "$response.body#/items/length", "length", _selector(COUNT)
    )


def test_the_accessors_of_a_language_in_a_pointer_are_told_as_its_parts() -> None:
    (found,) = validated({"outputs": {"a": "$response.body#/items.0.id"}}, _answers(ITEMS))
    assert (found.code, found.fix) == ("part-undescribed", "did you mean `$response.body#/items/0/id`?")
    (counted,) = validated({"outputs": {"a": "$response.body#/items.Count"}}, _answers(ITEMS))
    assert (counted.code, counted.fix) == ("part-undescribed", _selector(COUNT))


def test_within_a_text_a_list_is_counted_in_a_criterion() -> None:
    pointed = {"outputs": {"a": "so many: {$response.body#/items/length}"}}
    (found,) = validated(pointed, _answers(ITEMS))
    condition = "`context: $response.body`, `type: jsonpath`, `condition: $[?length($['items']) > 0]`"
    assert found.fix == f"count in a criterion: {condition}"


def test_the_last_element_of_a_list_is_told_with_its_selector() -> None:
    pointed = {"outputs": {"a": "$response.body#/items/-1"}}
    assert _told(validated(pointed, _answers(ITEMS))) == _by_name("$response.body#/items/-1", "-1", _selector(LAST))


def test_the_place_behind_the_last_element_of_a_list_is_told_as_one_where_nothing_is() -> None:
    index = "name an element by its index, such as `$response.body#/items/0{}`"
    (last,) = validated({"outputs": {"a": "$response.body#/items/-"}}, _answers(ITEMS))
    assert (last.code, last.fix) == ("pointer-nowhere", f"{index.format('')}; for the last one, {_selector(LAST)}")
    (part,) = validated({"outputs": {"a": "$response.body#/items/-/id"}}, _answers(ITEMS))
    every = f"for a list of one part of each, {_selector(EVERY)}"
    assert part.fix == f"{index.format('/id')}; for the last one, {_selector(LAST_PART)}; {every}"
    asked = {"successCriteria": [{"condition": "$response.body#/items/-/id == 'a'"}]}
    (found,) = validated(asked, _answers(ITEMS))
    assert (found.code, found.fix) == ("pointer-nowhere", index.format("/id"))


def test_a_member_of_an_object_may_be_called_so() -> None:
    named = {"type": "object", "properties": {"-": {}, "other": {"type": ["array", "object"]}}}
    assert validated({"outputs": {"a": "$response.body#/-", "b": "$response.body#/other/-"}}, _answers(named)) == ()


@pytest.mark.parametrize("selector", [COUNT, LAST, LAST_PART, EVERY])
def test_the_selectors_that_are_told_may_stand_there(selector: dict[str, str]) -> None:
    assert validated({"outputs": {"a": selector}}, _answers(ITEMS)) == ()


def test_an_output_of_another_step_is_followed_to_its_answer() -> None:
    step = {"outputs": {"list": "$response.body#/items", "bad": "$response.body#/items/id"}}
    outputs = {
        "a": "$steps.tried.outputs.list#/id",
        "b": "$steps.tried.outputs.list#/0/id",
        "c": "$steps.tried.outputs.bad#/x",
    }
    findings = validated(step, _answers(ITEMS), workflow={"outputs": outputs})
    assert [(each.code, each.message.partition(" names ")[0]) for each in findings] == [
        ("repaired", "`$response.body#/items/id`"),
        ("repaired", "`$steps.tried.outputs.list#/id`"),
    ]
    assert findings[1].fix.startswith("write `$steps.tried.outputs.list#/0/id` for the first element")


@pytest.mark.parametrize("pointer", ["items/0/id", "open/x", "either/x", "items", "perhaps/0"])
def test_what_an_answer_may_hold_is_not_told(pointer: str) -> None:
    assert validated({"outputs": {"a": f"$response.body#/{pointer}"}}, _answers(ITEMS)) == ()


def test_a_list_that_may_be_null_has_no_members_either() -> None:
    findings = validated({"outputs": {"a": "$response.body#/perhaps/x"}}, _answers(ITEMS))
    assert codes(findings) == [("warning", "repaired")]


def test_the_answers_of_failures_do_not_count_beside_those_of_successes() -> None:
    failure = {"description": "no", "content": {"application/json": {"schema": {"type": "array"}}}}
    assert validated({"outputs": {"a": "$response.body#/open/x"}}, _answers(ITEMS, more={"default": failure})) == ()
    other = {"description": "no", "content": {"application/json": {}}}
    step = {"outputs": {"a": "$response.body#/items/id"}}
    assert len(validated(step, _answers(ITEMS, more={"404": other}))) == 1
    assert validated(step, _answers(ITEMS, more={"201": other})) == ()


@pytest.mark.parametrize(
    ("schema", "example", "told"),
    [
        ({"type": "array"}, {"items": []}, "described as a list, and is an object in its example"),
        (ITEMS, [{"items": []}], "described as an object, and is a list in its example"),
    ],
)
def test_what_a_description_contradicts_itself_about_is_told_and_not_repaired(
    schema: Any, example: Any, told: str
) -> None:
    content = {"application/json": {"schema": schema, "example": example}}
    operation = {"responses": {"200": {"description": "ok", "content": content}}}
    (found,) = validated({"outputs": {"a": "$response.body#/gone/id"}}, operation)
    assert codes((found,)) == [("warning", "part-undescribed")]
    assert found.message == f"`$response.body#/gone/id` names a part of an answer that is {told}"
    assert found.fix == "mend the description: its schema or its example is wrong"


def test_what_is_read_as_it_is_described_is_no_finding_whatever_the_example_is() -> None:
    schema = {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}}
    content = {"application/json": {"schema": schema, "example": {"id": "a"}}}
    operation = {"responses": {"200": {"description": "ok", "content": content}}}
    assert validated({"outputs": {"a": "$response.body#/0/id"}}, operation) == ()


def test_a_pointer_into_an_answer_that_is_xml_is_a_warning_with_the_xpath() -> None:
    (finding,) = validated({"outputs": {"a": "$response.body#/items/0/id"}}, _answers({}, "application/xml"))
    assert codes((finding,)) == [("warning", "repaired")]
    assert finding.fix == "say so with `context: $response.body`, `type: xpath`, such as `/*/*:items[1]/*:id`"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_pointer_into_an_answer_that_is_text_is_told(content_type: str) -> None:
    step = {"outputs": {"a": "$response.body#/id", "b": "$response.body"}}
    (finding,) = validated(step, _answers({}, content_type))
    assert finding.message.startswith("`$response.body#/id` leads into a text, which has no parts: the answer is")
    assert finding.fix == "use `$response.body`"


def test_an_answer_that_may_be_json_has_parts() -> None:
    step = {"outputs": {"a": "$response.body#/id"}}
    for content_type in ("*/*", "application/json", "application/octet-stream"):
        assert validated(step, _answers({}, content_type)) == ()
    assert validated(step, {"responses": {}}) == ()


@pytest.mark.parametrize(
    ("accept", "told"),
    [
        ("application/vnd.full+json", []),
        ("*/*", []),
        ("$inputs.wanted", []),
        (
            "application/json",
            ["`$response.body#/lines` names `lines`, which the answer of operation `tried` cannot have"],
        ),
        ("text/csv", ["`$response.body#/lines` leads into a text, which has no parts: the answer is described as"]),
    ],
)
def test_an_answer_is_of_the_media_type_that_the_text_of_a_step_accepts(accept: str, told: list[str]) -> None:
    closed = {"type": "object", "additionalProperties": False}
    content = {
        "application/json": {"schema": {**closed, "properties": {"id": {}}}},
        "application/vnd.full+json": {"schema": {**closed, "properties": {"lines": {}}}},
        "text/csv": {"schema": {"type": "string"}},
    }
    step = {
        "parameters": [{"name": "accept", "in": "header", "value": accept}],
        "outputs": {"a": "$response.body#/lines"},
    }
    inputs = {"inputs": {"type": "object", "properties": {"wanted": {"type": "string"}}, "required": ["wanted"]}}
    operation = {"responses": {"200": {"description": "ok", "content": content}}}
    assert [
        message.partition(" `text/csv`")[0] for message, _ in _told(validated(step, operation, workflow=inputs))
    ] == told


def test_an_event_stream_has_its_events_as_parts() -> None:
    step = {"outputs": {"a": "$response.body#/0/data", "b": "$response.body"}}
    assert validated(step, _answers({"type": "string"}, "text/event-stream")) == ()


FORM: Final = "application/x-www-form-urlencoded"
BODY: Final[dict[str, Any]] = {
    "requestBody": {"content": {FORM: {}, "application/xml": {}, "application/json": {}, "text/plain": {}}}
}


@pytest.mark.parametrize(
    ("content_type", "payload", "named"),
    [
        (FORM, "a=1&a={$steps.find.outputs.id}", "a form"),
        ("text/plain", "a", "no JSON"),
        ("application/xml", "<a>1</a>", "XML"),
    ],
)
def test_a_replacement_in_a_payload_that_is_text_is_refused_before_anything_is_sent(
    content_type: str, payload: str, named: str
) -> None:
    replacement = {"target": "/a", "targetSelectorType": "jsonpointer", "value": "x"}
    body = {"contentType": content_type, "payload": payload, "replacements": [replacement]}
    finding = validated({"requestBody": body}, BODY)[0]
    assert (finding.severity.value, finding.code) == ("error", "replacement-target")
    assert finding.message == f"target `/a` leads into a payload that is {named} as text"


def test_a_replacement_in_a_text_that_is_read_is_none_of_these() -> None:
    json_body = {
        "contentType": "application/json",
        "payload": '{"a": 1}',
        "replacements": [{"target": "/a", "value": 2}],
    }
    xml_body = {
        "contentType": "application/xml",
        "payload": "<a>1</a>",
        "replacements": [{"target": "/a", "value": "2"}],
    }
    for body in (json_body, xml_body):
        assert validated({"requestBody": body}, BODY) == ()


def test_a_pointer_into_a_form_that_was_sent_as_text_is_told() -> None:
    step = {"requestBody": {"contentType": FORM, "payload": "a=1"}, "outputs": {"a": "$request.body#/a"}}
    (finding,) = validated(step, BODY)
    assert finding.message == "`$request.body#/a` leads into a text, which has no parts: the payload is a form as text"
    as_object = {**step, "requestBody": {"contentType": FORM, "payload": {"a": "1"}}}
    assert validated(as_object, BODY) == ()


_BOOK: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {}, "title": {}, "shelf": {"type": "object", "properties": {"room": {}}}},
}
_BOOKS: dict[str, Any] = {
    "type": "object",
    "properties": {"data": {"type": "array", "items": _BOOK}, "loans": {"type": "array", "items": {}}, "next": {}},
}


@pytest.mark.parametrize(
    ("schema", "written", "meant"),
    [
        (_BOOKS, "/id", "did you mean `$response.body#/data/0/id`?"),
        (_BOOKS, "/items/0/id", "did you mean `$response.body#/data/0/id`?"),
        (_BOOKS, "/0/title", "did you mean `$response.body#/data/0/title`?"),
        (_BOOKS, "/result/data/0/title", "did you mean `$response.body#/data/0/title`?"),
        (_BOOKS, "/data/0/book/title", "did you mean `$response.body#/data/0/title`?"),
        (_BOOKS, "/book/shelf/room", "did you mean `$response.body#/data/0/shelf/room`?"),
        (_BOOKS, "/date/title", "did you mean `$response.body#/data/0/title`?"),
        (_BOOKS, "/data/0/shelf/number", "use what is described: `room`"),
        (_BOOKS, "/other/0/name", "use what is described: `data`, `loans`, `next`"),
        ({"type": "array", "items": _BOOK}, "/books/0/title", "did you mean `$response.body#/0/title`?"),
        ({"type": "array", "items": _BOOK}, "/books/0/name", "name an element by its index"),
    ],
)
def test_the_fix_names_the_nearest_pointer_that_is_described(schema: dict[str, Any], written: str, meant: str) -> None:
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    (found,) = validated({"outputs": {"o": f"$response.body#{written}"}}, {"responses": answer})
    assert found.fix == meant


@pytest.mark.parametrize("text", ["$request.body", "$request.body#/id"])
def test_the_body_of_a_request_that_has_none_is_told(text: str) -> None:
    found = validated({"outputs": {"a": text}, "successCriteria": [{"condition": f"{text} == 1"}]})
    assert codes(found) == [("warning", "expression-unavailable")] * 2
    assert {each.message for each in found} == {f"`{text}` has no value: step `tried` sends no body"}
    assert codes(validated({"requestBody": {"payload": {"id": 1}}, "outputs": {"a": text}})) == []


@pytest.mark.parametrize(("part", "shown"), [("zip", "/properties/zips"), ("street", "")])
def test_the_part_of_an_input_that_is_nearly_named_is_shown(part: str, shown: str) -> None:
    address = {"type": "object", "properties": {"zips": {"type": "string"}, "city": {"type": "string"}}}
    inputs = {"type": "object", "properties": {"address": address}}
    (found,) = validated({"outputs": {"it": f"$inputs.address#/{part}"}}, workflow={"inputs": inputs})
    at = f"/workflows/0/inputs/properties/address{shown}"
    assert (found.code, [each.location.pointer for each in found.related]) == ("part-undescribed", [at])
