"""What is read of answers and inputs, against their descriptions: fine, a warning with what was meant, or an error."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

ORDER: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string", "enum": ["queued", "done"]},
        "data": {"type": "object", "properties": {"price": {"type": "number"}}},
        "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
        "free": {"type": "object"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "more": {"type": "object", "properties": {"known": {}}, "additionalProperties": True},
        "nothing": {"type": "object", "additionalProperties": False},
        "closed": {"type": "object", "properties": {"known": {}}, "additionalProperties": False},
        "one": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        "base": {"type": "object", "properties": {"kind": {}}, "discriminator": {"propertyName": "kind"}},
    },
}
COMPONENTS: Final[dict[str, Any]] = {
    "schemas": {
        "Row": {
            "allOf": [
                {"type": "object", "properties": {"id": {}}},
                {"type": "object", "properties": {"parent": {"$ref": "#/components/schemas/Row"}}},
            ]
        },
        "Cat": {"type": "object", "properties": {"purrs": {"type": "boolean"}}},
        "Dog": {"type": "object", "properties": {"barks": {"type": "boolean"}}},
    }
}


def _answers(schema: Any, status: str = "200", more: Any = None) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"responses": {status: {"description": "ok", "content": content}, **(more or {})}}


def _reads(pointer: str) -> list[tuple[str, str, str]]:
    step = {"outputs": {"a": f"$response.body#/{pointer}"}}
    found = validated(step, _answers(ORDER), components=COMPONENTS)
    return [(each.severity.value, each.code, each.fix) for each in found]


@pytest.mark.parametrize(
    ("pointer", "fix"),
    [
        ("stat", "did you mean `$response.body#/state`?"),
        ("price", "did you mean `$response.body#/data/price`?"),
        ("parent", "did you mean `$response.body#/rows/0/parent`?"),
        ("data/prise", "did you mean `$response.body#/data/price`?"),
        ("data/cost", "use what is described: `price`"),
        ("rows/0/parent/parnt/id", "did you mean `$response.body#/rows/0/parent/parent/id`?"),
        ("one/size", "use what is described: `purrs`, `barks`"),
        # an object in which nothing may be is one that nobody described
        ("nothing/id", ""),
        ("more/knwn", "did you mean `$response.body#/more/known`?"),
    ],
)
def test_a_member_that_an_answer_is_not_described_to_have_is_a_warning_with_what_was_meant(
    pointer: str, fix: str
) -> None:
    assert _reads(pointer) == [("warning", "part-undescribed", fix)]


@pytest.mark.parametrize(
    "pointer",
    [
        *("id", "data/price", "rows/0/parent/parent/id", "rows/1/id", "free/anything", "labels/any", "more/other"),
        *("one/purrs", "one/barks", "base/anything", "labels"),
    ],
)
def test_what_is_described_or_open_is_not_told(pointer: str) -> None:
    assert _reads(pointer) == []


@pytest.mark.parametrize(
    ("pointer", "fix"),
    [
        ("closed/knwn", "did you mean `$response.body#/closed/known`?"),
        ("closed/other", "use what is described: `known`"),
        ("id/x", "use `$response.body#/id`"),
        ("data/price/currency", "use `$response.body#/data/price`"),
        ("rows/name", "name an element by its index"),
        ("labels/any/x", "use `$response.body#/labels/any`"),
    ],
)
def test_what_cannot_be_there_is_an_error(pointer: str, fix: str) -> None:
    found = _reads(pointer)
    assert [(severity, code) for severity, code, _ in found] == [("error", "pointer-nowhere")]
    # of a row nothing forbids a name
    assert found[0][2] == (fix if pointer != "rows/name" else found[0][2])


@pytest.mark.parametrize("severity", ["warning", "error"])
def test_what_an_example_of_the_answer_has_is_a_warning_though_its_schema_forbids_it(severity: str) -> None:
    example = {"closed": {"other": "x"} if severity == "warning" else {}}
    content = {"application/json": {"schema": ORDER, "example": example}}
    operation = {"responses": {"200": {"description": "ok", "content": content}}}
    step = {"outputs": {"other": "$response.body#/closed/other"}}
    (found,) = validated(step, operation, components=COMPONENTS)
    message = "`$response.body#/closed/other` names `other`, which the answer of operation `tried` cannot have"
    told = {
        "warning": f"{message} by its schema, and has in its example; "
        "mend the description: its schema or its example is wrong",
        "error": f"{message}; use what is described: `known`",
    }
    assert (found.severity.value, f"{found.message}; {found.fix}") == (severity, told[severity])


def test_an_output_is_followed_through_steps_and_selectors() -> None:
    rows = {"context": "$response.body", "selector": "/rows", "type": "jsonpointer"}
    step = {"outputs": {"order": "$response.body", "rows": rows}}
    outputs = {
        "a": "$steps.tried.outputs.order#/stat",
        "b": "$steps.tried.outputs.rows#/0/parnt",
        "d": "$steps.tried.outputs.order#/state",
    }
    found = validated(step, _answers(ORDER), components=COMPONENTS, workflow={"outputs": outputs})
    assert [(each.severity.value, each.fix) for each in found] == [
        ("warning", "did you mean `$steps.tried.outputs.order#/state`?"),
        ("warning", "did you mean `$steps.tried.outputs.rows#/0/parent`?"),
    ]


def test_an_input_is_what_its_schema_says() -> None:
    inputs = {"type": "object", "properties": {"who": {"type": "object", "properties": {"name": {}}}}}
    step = {"parameters": [{"name": "q", "in": "query", "value": "$inputs.who#/nme"}]}
    found = validated(step, workflow={"inputs": inputs})
    assert [each.message for each in found] == [
        "`$inputs.who#/nme` names `nme`, which `$inputs.who` is not described to have"
    ]


def test_only_the_answers_that_the_criteria_allow_count() -> None:
    no = {"description": "no", "content": {"application/json": {"schema": {"properties": {"error": {}}}}}}
    step = {"successCriteria": [{"condition": "$statusCode == 200"}], "outputs": {"a": "$response.body#/error"}}
    assert codes(validated(step, _answers(ORDER, more={"404": no}), components=COMPONENTS)) == [
        ("warning", "part-undescribed")
    ]
    asked = {**step, "successCriteria": [{"condition": "$statusCode == 200 || $statusCode == 404"}]}
    assert validated(asked, _answers(ORDER, more={"404": no}), components=COMPONENTS) == ()


@pytest.mark.parametrize("status", ["2XX", "default"])
def test_a_range_and_the_default_describe_what_has_no_response_of_its_own(status: str) -> None:
    step = {"successCriteria": [{"condition": "$statusCode == 201"}], "outputs": {"a": "$response.body#/stat"}}
    found = validated(step, _answers(ORDER, status), components=COMPONENTS)
    assert codes(found) == [("warning", "part-undescribed")]


def test_a_failure_by_default_does_not_describe_a_success() -> None:
    failure = {"description": "no", "content": {"application/json": {"schema": {"properties": {"error": {}}}}}}
    step = {"successCriteria": [{"condition": "$statusCode == 201"}], "outputs": {"a": "$response.body#/id"}}
    found = validated(step, _answers(ORDER, more={"default": failure}), components=COMPONENTS)
    assert codes(found) == [("warning", "status-undocumented")]


@pytest.mark.parametrize(
    ("condition", "is_told"),
    [
        ("$response.body#/errors == null", False),
        ("!$response.body#/errors", False),
        ("$response.body.errors != null", True),
        ("$response.body#/stat == null", True),
        ("$response.body#/errors == null || $response.body#/errors == ''", False),
    ],
)
def test_what_a_criterion_expects_not_to_be_there_need_not_be_described(condition: str, *, is_told: bool) -> None:
    found = validated({"successCriteria": [{"condition": condition}]}, _answers(ORDER), components=COMPONENTS)
    assert codes(found) == [("warning", "part-undescribed")] * is_told


def test_what_is_read_of_a_failure_is_told_only_when_it_is_nearly_a_name_that_is_described() -> None:
    retry = {"name": "again", "type": "retry", "retryLimit": 2}
    for member, count in (("message", 0), ("stat", 1)):
        action = {**retry, "criteria": [{"condition": f"$response.body#/{member} == 'busy'"}]}
        found = validated({"onFailure": [action]}, _answers(ORDER), components=COMPONENTS)
        assert codes(found) == [("warning", "part-undescribed")] * count


COUNTED: Final = {"200": {"description": "ok", "headers": {"X-Total": {"schema": {"type": "integer"}}}}}


@pytest.mark.parametrize("name", ["X-Count", "Total.Pages"])
def test_a_header_is_told_that_an_answer_with_headers_is_not_described_to_have(name: str) -> None:
    (found,) = validated({"outputs": {"a": f"$response.header.{name}"}}, {"responses": COUNTED})
    assert (found.severity.value, found.code, found.fix) == (
        "warning",
        "part-undescribed",
        "use what is described: `X-Total`",
    )
    assert found.message == (
        f"`$response.header.{name}` names header `{name}`,"
        " which the answer of operation `tried` is not described to have"
    )


@pytest.mark.parametrize(
    "name",
    [
        *("Location", "ETag", "Retry-After", "Link", "X-Request-Id", "Content-Disposition", "X-RateLimit-Remaining"),
        *("RateLimit-Reset", "Date", "Set-Cookie", "WWW-Authenticate", "x-total", "X-Amz-Request-Id", "traceparent"),
    ],
)
def test_a_header_that_many_servers_send_is_not_told(name: str) -> None:
    assert validated({"outputs": {"a": f"$response.header.{name}"}}, {"responses": COUNTED}) == ()


def test_a_header_of_an_answer_that_lists_none_or_of_another_status_is_not_told() -> None:
    step = {"successCriteria": [{"condition": "$statusCode == 200"}], "outputs": {"a": "$response.header.X-Old"}}
    old = {"description": "gone", "headers": {"X-Old": {"schema": {"type": "string"}}}}
    assert validated(step, {"responses": {**COUNTED, "410": old}}) == ()
    assert validated(step, {"responses": {"200": {"description": "ok"}}}) == ()


@pytest.mark.parametrize(("name", "whole"), [("Location.query.code", "Location"), ("X-Total.pages", "X-Total")])
def test_a_part_of_a_header_is_an_error(name: str, whole: str) -> None:
    (found,) = validated({"outputs": {"a": f"$response.header.{name}"}}, {"responses": COUNTED})
    assert (found.severity.value, found.code) == ("error", "pointer-nowhere")
    assert found.message == f"`$response.header.{name}` leads into header `{whole}`, a text, which has no parts"
    assert found.fix == (
        f"an expression reads a header whole: write `$response.header.{whole}`, or give what is in it as an input"
    )


def test_a_header_with_a_dot_in_its_name_may_be_described() -> None:
    headers: dict[str, Any] = {"X-Total": {"schema": {}}, "X-Total.Pages": {"schema": {}}}
    operation = {"responses": {"200": {"description": "ok", "headers": headers}}}
    assert validated({"outputs": {"a": "$response.header.X-Total.Pages"}}, operation) == ()


def test_a_header_is_told_only_when_it_is_nearly_one_that_is_described() -> None:
    answer = {"200": {"description": "ok", "headers": {"X-Request-Id": {"schema": {"type": "string"}}}}}
    for name, count in (("X-Request-Id", 0), ("x-request-id", 0), ("ETag", 0), ("X-Requst-Id", 1)):
        found = validated({"outputs": {"a": f"$response.header.{name}"}}, {"responses": answer})
        assert [each.fix for each in found] == ["did you mean `$response.header.X-Request-Id`?"] * count


def test_a_schema_that_never_ends_or_says_nothing_is_not_told() -> None:
    endless = {"schemas": {"Row": {"oneOf": [{"$ref": "#/components/schemas/Row"}, {"type": "object"}]}}}
    step = {"outputs": {"a": "$response.body#/x"}}
    for schema in ({"$ref": "#/components/schemas/Row"}, {}, True, {"type": "thing"}):
        assert validated(step, _answers(schema), components=endless) == ()


def test_a_list_where_an_object_was_meant_is_told_at_its_root() -> None:
    found = validated({"outputs": {"a": "$response.body#/id"}}, _answers({"type": "array", "items": ORDER}))
    assert [(each.severity.value, each.code, each.fix) for each in found] == [
        (
            "warning",
            "repaired",
            "write `$response.body#/0/id` for the first element, or a Selector Object for each of them",
        )
    ]


def test_an_example_without_a_schema_names_what_may_be_there_and_forbids_nothing() -> None:
    example = {"id": "o-1", "rows": [{"name": "a"}], "none": []}
    answer = {"200": {"description": "ok", "content": {"application/json": {"example": example}}}}
    for pointer, count in (("id", 0), ("idd", 1), ("ix", 0), ("rowss", 1), ("rows/3/nme", 1), ("rows/x", 0)):
        found = validated({"outputs": {"a": f"$response.body#/{pointer}"}}, {"responses": answer})
        assert codes(found) == [("warning", "part-undescribed")] * count


def test_a_header_that_is_nearly_a_well_known_one_of_answers_is_told() -> None:
    for name, fix in (("Locatoin", "did you mean `$response.header.Location`?"), ("etag", None), ("X-Mine", None)):
        found = validated({"outputs": {"a": f"$response.header.{name}"}})
        assert [each.fix for each in found] == ([] if fix is None else [fix])


def test_a_condition_that_counts_behind_a_pointer_is_told_as_that_alone() -> None:
    schema = {"type": "object", "properties": {"items": {"type": "array", "items": {}}, "name": {"type": "string"}}}
    content = {"application/json": {"schema": schema}}
    criteria = [{"condition": f"$response.body#/{each}.length > 1"} for each in ("items", "name", "gone")]
    found = validated({"successCriteria": criteria}, {"responses": {"200": {"description": "", "content": content}}})
    assert [each.code for each in found if each.code != "repaired"] == ["part-undescribed"]


def test_a_member_that_is_below_several_is_told_with_each_place() -> None:
    inner = {"type": "object", "properties": {"id": {"type": "string"}}}
    schema = {"type": "object", "properties": {"project": inner, "api_key": inner, "more": {"type": "string"}}}
    found = validated({"outputs": {"a": "$response.body#/id"}}, _answers(schema))
    fix = "did you mean `$response.body#/project/id` or `$response.body#/api_key/id`?"
    assert [(each.code, each.fix) for each in found] == [("part-undescribed", fix)]
