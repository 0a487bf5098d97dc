"""What a step writes out is held to the description of its operation: as errors, as warnings, or not at all."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from validated import Findings, codes, validated

from arazzo_engine.apis.descriptions.references import Resolver
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.documents.reading import read_document
from arazzo_engine.validation.literals.judging import Judging
from arazzo_engine.validation.literals.known_parts import Open
from arazzo_engine.world.loading.loader import Loader

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
ORDER: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["org_id", "amount"],
    "properties": {
        "org_id": {"type": "string"},
        "amount": {"type": "number", "minimum": 1},
        "description": {"type": "string"},
        "status": {"type": "string", "enum": ["open", "paid"]},
        "count": {"type": "integer"},
        "id": {"type": "string", "readOnly": True},
        "tags": {"type": "array", "items": {"type": "string"}},
        "customer": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
    },
}
GOOD: Final = {"org_id": "o", "amount": 2}


def _sent(payload: Any, schema: Any = None, content_type: str = JSON, **rest: Any) -> Findings:
    operation = {"requestBody": {"required": True, "content": {content_type: {"schema": schema or ORDER}}}}
    body = {"contentType": content_type, "payload": payload, **rest.pop("body", {})}
    return validated({"requestBody": body}, operation, **rest)


def _told(findings: Findings) -> list[tuple[str, str]]:
    return [(each.severity.value, f"{each.message}; {each.fix}") for each in findings]


REFUSED = (
    ({"org_id": "o"}, "warning", "the payload lacks `amount`", "add `amount`"),
    ({"org_id": "o", "amunt": 2}, "error", "the payload lacks `amount`", "rename `amunt` to `amount`"),
    ({"orgId": "o", "amount": 2}, "error", "the payload lacks `org_id`", "rename `orgId` to `org_id`"),
    ({**GOOD, "amount": "2"}, "error", "`amount` of the payload must be a number, not a string",
     "write `2`, without quotes"),
    ({**GOOD, "count": "2"}, "warning", "`count` of the payload must be an integer, not a string",
     "write `2`, without quotes, or leave it out"),
    ({**GOOD, "amount": "two"}, "error", "`amount` of the payload must be a number, not a string", "write a number"),
    ({**GOOD, "amount": "true"}, "error", "`amount` of the payload must be a number, not a string", "write a number"),
    *(({**GOOD, "amount": each}, "error", "`amount` of the payload must be a number, not a string",
       "declare input `sum` (`sum: {type: number}`), and write `$inputs.sum`") for each in ("inputs.sum", "input.sum")),
    ({**GOOD, "amount": None}, "error", "`amount` of the payload must be a number, not null", "write a number"),
    ({**GOOD, "amount": 0.5}, "error", "`amount` of the payload must be at least 1", "write 1 or more"),
    ({**GOOD, "status": "payed"}, "error", "`status` of the payload must be one of `open`, `paid`",
     "did you mean `paid`?"),
    ({**GOOD, "customer": {}}, "warning", "`customer` of the payload lacks `name`", "add `name`"),
    ({**GOOD, "customer": {"name": 1}}, "error", "`customer/name` of the payload must be a string, not an integer",
     "write it in quotes"),
    ({**GOOD, "count": 1.5}, "warning", "`count` of the payload must be an integer, not a number",
     "write an integer, or leave it out"),
    ({**GOOD, "count": True}, "warning", "`count` of the payload must be an integer, not a boolean",
     "write an integer, or leave it out"),
    ({**GOOD, "tags": ["a", 1]}, "warning", "`tags/1` of the payload must be a string, not an integer",
     "write it in quotes, or leave it out"),
    ({**GOOD, "customer": "x"}, "warning", "`customer` of the payload must be an object, not a string",
     "write an object, or leave it out"),
    ([GOOD], "error", "the payload must be an object, not a list", "write an object"),
    ('{"org_id": "o"}', "warning", "the payload lacks `amount`", "add `amount`"),
    ('{"org_id": {$inputs.sku}, "amunt": {$inputs.count}}', "error", "the payload lacks `amount`",
     "rename `amunt` to `amount`"),
    ('{"org_id": "a {$inputs.sku}", "amount": "{$inputs.count} EUR"}', "warning",
     "`amount` of the payload must be a number, not a string", "write a number"),
)  # fmt: skip


@pytest.mark.parametrize(("payload", "severity", "message", "fix"), REFUSED)
def test_a_literal_that_the_operation_cannot_accept_is_told(
    payload: Any, severity: str, message: str, fix: str
) -> None:
    assert _told(_sent(payload)) == [(severity, f"{message}, as operation `tried` describes it; {fix}")]


ACCEPTED = (
    GOOD,
    {"org_id": "$inputs.sku", "amount": "$inputs.count"},
    {"org_id": "a {$inputs.sku}", "amount": "$steps.find.outputs.id", "status": "$inputs.sku"},
    {**GOOD, "count": 2.0, "tags": [], "unknown": {"descritpion": 1}, "customer": {"name": "n", "more": 1}},
    {**GOOD, "description": "d", "descriptionx": 1},
    "$inputs.customer",
    "$steps.find.outputs.id",
    '{"org_id": "{$inputs.sku}", "amount": {$inputs.count}}',
    {**GOOD, "customer": "$inputs.customer"},
)


@pytest.mark.parametrize("payload", ACCEPTED)
def test_what_an_operation_may_accept_is_not_told(payload: Any) -> None:
    assert _sent(payload) == ()


def test_what_a_closed_description_requires_is_an_error_when_it_is_not_there() -> None:
    (finding,) = _sent({"org_id": "o"}, {**ORDER, "additionalProperties": False})
    assert codes((finding,)) == [("error", "literal-refused")]


def test_a_body_that_an_operation_requires_and_a_step_does_not_have_is_a_warning_and_one_that_was_begun_an_error() -> (
    None
):
    operation = {"requestBody": {"required": True, "content": {JSON: {"schema": ORDER}}}}
    assert codes(validated({}, operation)) == [("warning", "request-body-missing")]
    assert codes(validated({"requestBody": {"contentType": JSON}}, operation)) == [("error", "request-body-missing")]


def test_what_a_patch_leaves_out_may_stay_as_it_is() -> None:
    (finding,) = _sent({"org_id": "o"}, method="patch")
    assert codes((finding,)) == [("warning", "literal-refused")]


def test_a_member_that_is_nearly_one_that_may_be_left_out_is_a_warning() -> None:
    (finding,) = _sent({**GOOD, "descritpion": "d"})
    assert codes((finding,)) == [("warning", "name-undescribed")]
    assert finding.message == "operation `tried` does not describe `descritpion` of the payload"
    assert finding.fix == "did you mean `description`?"
    assert finding.location is not None
    assert finding.location.source.strip().startswith('"descritpion"')


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties"])
def test_a_member_that_a_closed_description_does_not_have_is_an_error(keyword: str) -> None:
    (finding,) = _sent({**GOOD, "descritpion": "d"}, {**ORDER, keyword: False})
    assert codes((finding,)) == [("error", "literal-refused")]
    assert finding.fix == "did you mean `description`?"
    (other,) = _sent({**GOOD, "count": "x"}, {**ORDER, keyword: False})
    assert other.is_error


NAMED: Final[dict[str, Any]] = {"type": "object", "properties": {"data": {"type": "object"}, "id": {"readOnly": True}}}
_NONE: Final = "operation `tried` describes no member of the payload, which has `sheet`, `page`"


@pytest.mark.parametrize("content_type", [JSON, FORM, "multipart/form-data"])
@pytest.mark.parametrize("schema", [NAMED, {"allOf": [NAMED]}, {"anyOf": [NAMED, {"properties": {}}]}], ids=str)
def test_a_payload_of_which_no_member_is_described_is_a_warning(content_type: str, schema: Any) -> None:
    (finding,) = _sent({"sheet": "$inputs.sku", "page": "a"}, schema, content_type)
    assert codes((finding,)) == [("warning", "name-undescribed")]
    assert finding.message == _NONE
    assert "`data`" in finding.fix


@pytest.mark.parametrize(("value", "written"), [("$inputs.sku", "$inputs.sku"), ("$.sku", "$inputs.<name>")])
def test_a_member_whose_name_says_that_its_value_is_an_expression_is_told_by_its_name(value: str, written: str) -> None:
    (finding,) = _sent({"data.$": value}, NAMED)
    assert codes((finding,)) == [("warning", "name-undescribed")]
    assert finding.fix.startswith(f"write `data: {written}`: ")


ADDRESSED: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "to": {"type": "object", "properties": {"street": {"type": "string"}}},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
        "free": {"type": "object"},
    },
}


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ({"to": {"page": "$inputs.sku"}}, "to"),
        ({"to": {"street": "a"}, "lines": [{"sku": "a"}, {"page": 1}]}, "lines/1"),
    ],
)
def test_an_object_below_of_which_no_member_is_described_is_a_warning(payload: Any, where: str) -> None:
    (finding,) = _sent(payload, ADDRESSED)
    assert codes((finding,)) == [("warning", "name-undescribed")]
    what = f"`{where}` of the payload, which has `page`"
    assert finding.message == f"operation `tried` describes no member of {what}"
    assert finding.fix.startswith("write what is described, ")
    assert finding.location is not None
    assert finding.location.pointer.endswith(f"/payload/{where}")


@pytest.mark.parametrize(
    ("payload", "schema"),
    [
        ({"to": {"street": "a", "page": "b"}}, ADDRESSED),
        ({"free": {"page": "a"}}, ADDRESSED),
        ({"to": {}}, ADDRESSED),
        ({"to": {"page": "a"}}, {**ADDRESSED, "example": {"to": {"page": "b"}}}),
        ({"to": {"page": "a"}}, {"oneOf": [ADDRESSED, {"type": "object"}]}),
        ({"page": "a"}, {"anyOf": [NAMED, {"type": "object"}]}),
        ({"page": 1}, {**NAMED, "anyOf": [{"type": "object", "additionalProperties": {"type": "integer"}}]}),
    ],
)
def test_an_object_below_that_may_be_described_is_not_told(payload: Any, schema: Any) -> None:
    assert _sent(payload, schema) == ()


def test_members_that_are_parameters_of_the_operation_are_moved() -> None:
    names = ("sheet", "page")
    declared = [{"name": each, "in": "query", "schema": {"type": "string"}} for each in names]
    operation = {"parameters": declared, "requestBody": {"content": {JSON: {"schema": NAMED}}}}
    body = {"contentType": JSON, "payload": dict.fromkeys(names, "a")}
    (finding,) = validated({"requestBody": body}, operation)
    assert (finding.message, finding.fix) == (_NONE, "move them to `parameters`: they are parameters of the operation")
    given = [{"name": each, "in": "query", "value": "a"} for each in names]
    (finding,) = validated({"requestBody": body, "parameters": given}, operation)
    assert finding.fix == "leave them out of the payload: they are parameters of the operation"


_UNKNOWN: Final = {"sheet": "a"}


@pytest.mark.parametrize(
    ("payload", "schema", "rest"),
    [
        ({**_UNKNOWN, "data": {}}, NAMED, {}),
        (_UNKNOWN, {"type": "object"}, {}),
        (_UNKNOWN, {**NAMED, "additionalProperties": True}, {}),
        (_UNKNOWN, {**NAMED, "additionalProperties": {"type": "string"}}, {}),
        (_UNKNOWN, {**NAMED, "patternProperties": {"^s": {}}}, {}),
        (_UNKNOWN, {**NAMED, "example": _UNKNOWN}, {}),
        (_UNKNOWN, {"type": "object", "properties": {"id": {"readOnly": True}}}, {}),
        ({}, NAMED, {}),
        (_UNKNOWN, NAMED, {"step": {"successCriteria": [{"condition": "$statusCode == 400"}]}}),
    ],
)
def test_a_payload_that_may_have_other_members_is_not_told(payload: Any, schema: Any, rest: dict[str, Any]) -> None:
    operation = {"requestBody": {"content": {JSON: {"schema": schema}}}, "responses": {"400": {"description": "no"}}}
    body = {"requestBody": {"contentType": JSON, "payload": payload}}
    assert validated({**body, **rest.get("step", {})}, operation) == ()


SCHEMAS: tuple[tuple[str, Any, Any, list[str]], ...] = (
    ("allOf", {"allOf": [ORDER, {"required": ["note"], "properties": {"note": {}}}]}, {**GOOD, "nota": 1},
     ["the payload lacks `note`"]),
    ("allOf closed", {"allOf": [{**ORDER, "additionalProperties": False}, {"properties": {"note": {}}}]},
     {**GOOD, "note": 1}, []),
    ("oneOf fits", {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"b": 1}, []),
    ("oneOf refuses", {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"c": 1},
     ["the payload lacks `a`, by the nearest of the 2 schemas of its `oneOf`"]),
    ("anyOf with names", {"anyOf": [{"properties": {"label": {}}}], "properties": {"x": {}}}, {"label": 1}, []),
    ("names of alternatives", {"oneOf": [{"properties": {"label": {}}}, {"properties": {"title": {}}}]}, {"lable": 1},
     ["does not describe `lable`"]),
    ("if and then", {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "properties": {"x": {}}}, {"a": 1},
     ["the payload lacks `b`"]),
    ("if and then of a value", {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}}, {"a": 1},
     ["the payload lacks `b`"]),
    ("if of a value that is not known", {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
     {"a": "$inputs.sku"}, []),
    ("if that asks for more", {"if": {"properties": {"a": {"not": {"const": 2}}}}, "then": {"required": ["b"]}},
     {"a": 1}, []),
    ("if and else", {"if": {"properties": {"a": {"const": 1}}}, "else": {"properties": {"b": {"type": "string"}}}},
     {"a": 2, "b": 1}, ["`b` of the payload must be a string"]),
    ("dependent members", {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"a": {"required": ["c"]}}},
     {"a": 2}, ["the payload lacks `b`", "the payload lacks `c`"]),
    ("patterns", {"properties": {"name": {}}, "patternProperties": {"^n": {}}, "additionalProperties": False},
     {"nam": 1}, []),
    ("map", {"additionalProperties": {"type": "integer"}}, {"a": "x"}, ["`a` of the payload must be an integer"]),
    ("const", {"properties": {"kind": {"const": "order"}}}, {"kind": "ordr"}, ["must be `order`"]),
    ("types", {"properties": {"a": {"type": ["string", "null"]}}}, {"a": None}, []),
    ("pattern", {"properties": {"a": {"pattern": "^x"}}}, {"a": "y"}, ["does not match the pattern `^x`"]),
    ("true", True, {"a": 1}, []),
    ("no type", {"properties": {"a": {"type": "int"}, "b": {"type": [["string"]]}}}, {"a": "x", "b": 1}, []),
    ("no schema", {"properties": [], "required": "a", "enum": {}, "allOf": {}, "minimum": "x", "pattern": "("}, {}, []),
    ("ref", {"$ref": "#/components/schemas/Order"}, {"org_id": "o"}, ["the payload lacks `amount`"]),
    ("broken ref", {"properties": {"a": {"$ref": "#/components/schemas/Nothing"}, "b": {"type": "string"}}},
     {"a": 1, "b": 1}, ["`b` of the payload must be a string"]),
    ("ref of the network", {"$ref": "https://descriptions.example.com/order.json"}, {"a": 1}, []),
    ("recursive", {"$ref": "#/components/schemas/Tree"}, {"next": {"next": {"name": 1}}},
     ["`next/next/name` of the payload must be a string"]),
    ("loop", {"$ref": "#/components/schemas/Loop"}, {"a": 1}, []),
)  # fmt: skip
COMPONENTS: Final = {
    "schemas": {
        "Order": ORDER,
        "Tree": {"properties": {"next": {"$ref": "#/components/schemas/Tree"}, "name": {"type": "string"}}},
        "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
    }
}


@pytest.mark.parametrize(
    ("name", "schema", "payload", "told"), SCHEMAS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_schemas_are_read_together(name: str, schema: Any, payload: Any, told: list[str]) -> None:
    # that a schema is not there is told beside it
    findings = [each for each in _sent(payload, schema, components=COMPONENTS) if each.code != "reference-not-found"]
    assert len(findings) == len(told), name
    assert all(part in each.message for part, each in zip(told, findings, strict=True))


def test_null_is_what_openapi_3_0_calls_nullable() -> None:
    schema = {"required": ["a"], "properties": {"a": {"type": "string", "nullable": True}, "b": {"type": "string"}}}
    assert _sent({"a": None}, schema, openapi="3.0.3") == ()
    assert codes(_sent({"a": "x", "b": None}, schema, openapi="3.0.3")) == [("warning", "literal-refused")]
    listed = {"required": ["a"], "properties": {"a": {"type": "string", "enum": ["x"], "nullable": True}}}
    assert _sent({"a": None}, listed, openapi="3.0.3") == ()


FORMS: Final[tuple[tuple[Any, list[str]], ...]] = (
    ({"org_id": "o", "amount": "2", "count": "3", "tags": "a"}, []),
    ({"org_id": 5, "amount": 2, "tags": ["a"], "customer": {"name": "x"}}, []),
    ({"org_id": "o"}, ["the payload lacks `amount`"]),
    ({"org_id": "o", "amount": "much"}, ["`amount` of the payload must be a number"]),
    ({"org_id": "o", "amount": 1, "status": "payed"}, ["`status` of the payload must be one of"]),
    ({"org_id": "o", "amount": 1, "descriptio": "x"}, ["does not describe `descriptio`"]),
)


@pytest.mark.parametrize(("payload", "told"), FORMS)
@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data"])
def test_in_a_form_every_value_is_a_text(payload: Any, told: list[str], content_type: str) -> None:
    findings = _sent(payload, content_type=content_type)
    assert [part in each.message for part, each in zip(told, findings, strict=True)] == [True] * len(told)


def test_the_form_and_the_body_of_openapi_2_are_held_to_their_parameters() -> None:
    fields = [{"name": "title", "in": "formData", "type": "string", "required": True}]
    step = {"requestBody": {"payload": {"titel": "x"}}}
    (finding,) = validated(step, {"consumes": [FORM], "parameters": fields}, openapi="2.0")
    assert finding.fix == "rename `titel` to `title`"
    body = [{"name": "b", "in": "body", "schema": ORDER}]
    (other,) = validated({"requestBody": {"payload": {"org_id": "o"}}}, {"parameters": body}, openapi="2.0")
    assert "lacks `amount`" in other.message


REPLACED: Final[tuple[tuple[Any, list[str]], ...]] = (
    ([{"target": "/amount", "value": 3}], []),
    ([{"target": "/amount", "value": "$inputs.count"}], []),
    ([{"target": "/amount", "value": 3}, {"target": "/nothing/0", "value": 1}], ["selects nothing"]),
    ([{"target": "/amount", "value": "three"}], ["must be a number"]),
    ([{"target": "$.amount", "targetSelectorType": "jsonpath", "value": 3}], []),
)


@pytest.mark.parametrize(("replacements", "told"), REPLACED)
def test_a_payload_is_judged_as_it_is_after_its_replacements(replacements: Any, told: list[str]) -> None:
    findings = _sent({"org_id": "o", "amount": "x"}, body={"replacements": replacements})
    assert [part in each.message for part, each in zip(told, findings, strict=True)] == [True] * len(told)


PARAMETERS: Final = [
    {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "maximum": 10}},
    {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["up", "down", "1"]}},
    {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
    {"name": "X-Trace", "in": "header", "schema": {"type": "boolean"}},
    {"name": "page-token", "in": "query", "content": {"application/json": {"schema": {"type": "integer"}}}},
]
_UNDESCRIBED: Final = (
    "write one of `limit`, `sort`, `ids`, `page-token`, or leave it out, or describe it in the API description"
)
LIMIT: Final = {"name": "limit", "in": "query", "value": 5}
GIVEN: tuple[tuple[list[Any], list[tuple[str, str, str]]], ...] = (
    ([LIMIT, {"name": "sort", "in": "query", "value": 1}, {"name": "ids", "in": "query", "value": [1, "2"]}], []),
    ([{**LIMIT, "value": "5"}, {"name": "x-trace", "in": "header", "value": "true"}], []),
    ([{**LIMIT, "value": "$inputs.sku"}, {"name": "ids", "in": "query", "value": 3}], []),
    ([LIMIT, {"name": "page-token", "in": "query", "value": "x"}, {"name": "other", "in": "header", "value": 1}], []),
    ([LIMIT, {"name": "other", "in": "query", "value": 1}],
     [("warning", "name-undescribed", _UNDESCRIBED)]),
    ([LIMIT, {"name": "sort[by]", "in": "query", "value": 1}], []),
    ([{**LIMIT, "value": "five"}], [("error", "literal-refused", "write an integer")]),
    ([LIMIT, {"name": "sort", "in": "query", "value": "dwn"}], [("error", "literal-refused", "did you mean `down`?")]),
    ([LIMIT, {"name": "X-Trace", "in": "header", "value": "yes"}],
     [("warning", "literal-refused", "write a boolean, or leave it out")]),
    ([LIMIT, {"name": "X-Trace", "in": "header", "value": "True"}],
     [("warning", "literal-refused", "write `true`, or leave it out")]),
    ([LIMIT, {"name": "ids", "in": "query", "value": ["a"]}],
     [("warning", "literal-refused", "write an integer, or leave it out")]),
    ([LIMIT, {"name": "srt", "in": "query", "value": "up"}], [("warning", "name-undescribed", "did you mean `sort`?")]),
    ([LIMIT, {"name": "sort", "in": "header", "value": "up"}], [("warning", "name-undescribed", "write `in: query`")]),
    ([{**LIMIT, "name": "limt"}],
     [("error", "required-parameter-missing", "rename parameter `limt` to `limit`")]),
    ([LIMIT, {"name": "sort", "in": "query", "value": "up"}, {"name": "srt", "in": "query", "value": "up"}], []),
)  # fmt: skip


@pytest.mark.parametrize(("parameters", "told"), GIVEN)
def test_literal_parameters_are_held_to_their_descriptions(parameters: Any, told: Any) -> None:
    findings = validated({"parameters": parameters}, {"parameters": PARAMETERS}, method="get")
    assert [(each.severity.value, each.code, each.fix) for each in findings] == told


_WRAPPED: Final = {"type": "object", "required": ["order"], "properties": {"order": ORDER}}


@pytest.mark.parametrize(
    ("payload", "schema", "fixes"),
    [
        (
            {"order": {"org_id": "o", "amount": 3}},
            ORDER,
            ["move `org_id` out of `order`", "move `amount` out of `order`"],
        ),
        ({"org_id": "o", "amount": 3}, _WRAPPED, ["put `org_id`, `amount` under `order`"]),
        # what is no member of it, and what stands in two
        ({"org_id": "o", "colour": 3}, _WRAPPED, ["add `order`"]),
        ({"a": {"org_id": "o"}, "b": {"org_id": "o"}, "amount": 3}, ORDER, ["add `org_id`"]),
        ({}, _WRAPPED, ["add `order`"]),
    ],
)
def test_a_member_that_stands_around_others_or_without_them_is_told_by_its_place(
    payload: Any, schema: dict[str, Any], fixes: list[str]
) -> None:
    described = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    found = validated({"requestBody": {"payload": payload}}, described)
    assert [each.fix for each in found if each.code == "literal-refused"] == fixes


_IN_BODY: Final = "write it into the payload, as `amount`: it is a member of the body"


@pytest.mark.parametrize("others", [[], PARAMETERS[1:2]])
@pytest.mark.parametrize("body", [{"org_id": "o"}, {"org_id": "$inputs.sku"}])
def test_a_query_parameter_that_is_a_member_of_the_body_is_told_as_that(body: Any, others: list[Any]) -> None:
    given = [{"name": "amount", "in": "query", "value": 3}]
    described = {"parameters": others, "requestBody": {"content": {"application/json": {"schema": ORDER}}}}
    found = validated({"parameters": given, "requestBody": {"payload": body}}, described)
    assert _IN_BODY in [each.fix for each in found if each.code == "name-undescribed"]


@pytest.mark.parametrize("payload", [{"org_id": "o", "amount": 3}, "$inputs.sku"])
def test_a_member_that_is_sent_or_may_be_is_not_told_as_a_parameter_of_the_query(payload: Any) -> None:
    given = [{"name": "amount", "in": "query", "value": 3}]
    described = {"requestBody": {"content": {"application/json": {"schema": ORDER}}}}
    found = validated({"parameters": given, "requestBody": {"payload": payload}}, described)
    assert "name-undescribed" not in [each.code for each in found]


@pytest.mark.parametrize(
    "described",
    [
        {"name": "filter", "in": "query", "schema": {"type": "object", "additionalProperties": True}},
        {"name": "whole", "in": "querystring", "content": {"application/json": {"schema": {}}}},
    ],
)
def test_an_operation_may_take_queries_of_any_name(described: dict[str, Any]) -> None:
    step = {"parameters": [{"name": "other", "in": "query", "value": 1}]}
    assert validated(step, {"parameters": [described]}, method="get") == ()


ALLOWED: tuple[tuple[dict[str, Any], Any, str], ...] = (
    ({"type": "integer", "minimum": 5}, 1, "write 5 or more"),
    ({"type": "integer", "maximum": 50}, "51", "write 50 or less"),
    ({"type": "integer", "minimum": 5, "maximum": 50}, 1, "write a number from 5 to 50"),
    ({"type": "number", "exclusiveMinimum": 5}, 5, "write more than 5"),
    ({"type": "number", "exclusiveMaximum": 5}, 5, "write less than 5"),
    ({"type": "number", "minimum": 5, "exclusiveMinimum": True}, 1, "write more than 5"),
    ({"type": "number", "maximum": 5, "exclusiveMaximum": True}, 6, "write less than 5"),
    ({"type": "integer", "multipleOf": 10}, 7, "write a multiple of 10"),
    ({"type": "string", "minLength": 3}, "a", "write 3 characters or more"),
    ({"type": "string", "maxLength": 1}, "ab", "write 1 characters or less"),
    ({"type": "string", "pattern": "^a+$"}, "b", "write a text that has this pattern"),
    ({"type": "string", "format": "date"}, "tomorrow", "write a `date`"),
    ({"type": "string", "enum": ["open", "paid"]}, "zzzz", "write one of these"),
    ({"enum": [f"{each:03}" for each in range(155)]}, "zzzz", "write one of those that its schema lists"),
    ({"type": "string", "const": "open"}, "zzzz", "write that"),
    ({"type": ["integer", "boolean"]}, "a", "write an integer or a boolean"),
)


@pytest.mark.parametrize(("schema", "value", "fix"), ALLOWED)
@pytest.mark.parametrize("is_required", [True, False])
def test_what_is_allowed_is_told_with_what_is_refused(
    schema: dict[str, Any], value: Any, fix: str, *, is_required: bool
) -> None:
    described = {"name": "n", "in": "query", "required": is_required, "schema": schema}
    step = {"parameters": [{"name": "n", "in": "query", "value": value}]}
    (finding,) = validated(step, {"parameters": [described]}, method="get")
    # of what is not required, a value that is not listed is an error, and one beyond a bound is none
    assert finding.is_error == (is_required or bool({"enum", "const"} & schema.keys()))
    assert finding.fix == (fix if is_required else f"{fix}, or leave it out")


def test_of_very_many_values_the_message_shows_a_few_and_the_one_that_is_refused() -> None:
    schema = {"enum": [f"{each:03}" for each in range(155)]}
    described = {"name": "n", "in": "query", "required": True, "schema": schema}
    step = {"parameters": [{"name": "n", "in": "query", "value": "zzz"}]}
    (finding,) = validated(step, {"parameters": [described]}, method="get")
    words = "must be one of 155 values (`000`, `001`, `002`, …), and `zzz` is none of them"
    assert finding.message == f"query parameter `n` {words}, as operation `tried` describes it"


def test_a_header_that_is_nearly_the_credential_is_a_warning() -> None:
    components = {"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}}
    step = {"parameters": [{"name": "X-Api-Ky", "in": "header", "value": "v"}]}
    (finding,) = validated(step, {"security": [{"k": []}]}, components=components)
    assert (finding.code, finding.fix) == ("name-undescribed", "did you mean `X-Api-Key`?")
    good = {"parameters": [{"name": "x-api-key", "in": "header", "value": "v"}]}
    assert validated(good, {"security": [{"k": []}]}, components=components) == ()


def test_a_credential_that_the_step_sends_is_described_wherever_else_one_of_its_name_may_stand() -> None:
    schemes = {each: {"type": "apiKey", "in": each, "name": "x-key"} for each in ("header", "query", "cookie")}
    near = {"type": "apiKey", "in": "header", "name": "x-keys"}
    step = {"parameters": [{"name": "X-Key", "in": "header", "value": "v"}]}
    security: list[dict[str, list[str]]] = [{name: []} for name in (*schemes, "near")]
    assert validated(step, {"security": security}, components={"securitySchemes": {**schemes, "near": near}}) == ()
    # one that is described in the query alone is told, as before
    (finding,) = validated(
        {"parameters": [{"name": "x-key", "in": "header", "value": "v"}]},
        {"security": [{"query": []}]},
        components={"securitySchemes": schemes},
    )
    assert (finding.code, finding.fix) == ("name-undescribed", "write `in: query`")


# --- formats: an error where the value has none that anybody reads, a warning where many read it all the same ---

FORMATS: Final = (
    ("date", "2024-02-29", ""),
    ("date", "2026-13-01", "error"),
    ("date", "tomorrow", "error"),
    ("date", "2026-01-01T00:00:00Z", "warning"),
    ("date-time", "2026-01-01t00:00:00.5+01:00", ""),
    ("date-time", "2026-01-01T00:00:00", "warning"),
    ("date-time", "2026-01-01", "warning"),
    ("date-time", "2026-01-41T00:00:00Z", "error"),
    ("uuid", "123E4567-e89b-12d3-a456-426614174000", ""),
    ("uuid", "123e4567e89b12d3a456426614174000", "warning"),
    ("uuid", "order-1", "error"),
    ("email", "a@localhost", ""),
    ("email", "a b@c.de", "warning"),
    ("email", "nobody", "error"),
    ("ipv4", "127.0.0.1", ""),
    ("ipv4", "127.0.0.1:80", "warning"),
    ("ipv4", "127.0.0.256", "error"),
    ("ipv6", "::1", ""),
    ("ipv6", "[::1]", "warning"),
    ("ipv6", "localhost", "error"),
    ("uri", "not one", ""),
    ("byte", "?", ""),
    ("no-format", "?", ""),
)


@pytest.mark.parametrize(("name", "value", "severity"), FORMATS)
@pytest.mark.parametrize("content_type", [JSON, FORM, "multipart/form-data", "application/xml"])
def test_a_text_without_its_format_is_told(name: str, value: str, severity: str, content_type: str) -> None:
    schema = {"required": ["a"], "properties": {"a": {"type": "string", "format": name}}, "xml": {"name": "o"}}
    findings = _sent({"a": value}, schema, content_type)
    assert [each.severity.value for each in findings] == [severity] * bool(severity)
    assert all(f"`a` of the payload is not a valid `{name}`" in each.message for each in findings)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("int32", 2**31 - 1, 0), ("int32", 2**31, 1), ("int64", -(2**63), 0), ("int64", 2**63, 1), ("double", 1e300, 0)],
)
def test_a_number_beyond_its_format_is_told(name: str, value: float, found: int) -> None:
    schema = {"required": ["a"], "properties": {"a": {"type": "number", "format": name}}}
    assert codes(_sent({"a": value}, schema)) == [("error", "literal-refused")] * found


def test_a_format_of_what_may_be_left_out_is_a_warning() -> None:
    (finding,) = _sent({"a": "x"}, {"properties": {"a": {"format": "date"}}})
    assert codes((finding,)) == [("warning", "literal-refused")]


BOUNDED: Final[tuple[tuple[dict[str, Any], Any, bool], ...]] = (
    ({"type": "integer", "maximum": 10}, 11, True),
    ({"type": "integer", "maximum": 10}, "11", True),
    ({"type": "integer", "maximum": 10}, "10", False),
    ({"type": "integer", "format": "int32"}, "3000000000", True),
    ({"type": "string", "pattern": "^[0-9]+$"}, 5, False),
    ({"type": "string", "pattern": "^[a-z]+$"}, 5, True),
    ({"type": "string", "maxLength": 2}, "abc", True),
    ({"type": "string", "format": "date"}, "2026-13-01", True),
    ({"type": "string", "maxLength": 2}, "{$inputs.sku} and more", False),
    ({"type": ["string", "integer"], "maximum": 10}, "11", False),
    ({"maxLength": 2}, "abc", False),
    ({"type": "array", "items": {"type": "integer", "maximum": 10}}, [11], True),
    ({"type": "array", "maxItems": 1}, "1,2", False),
)


@pytest.mark.parametrize(("schema", "value", "is_told"), BOUNDED)
def test_a_parameter_is_held_to_the_bounds_of_what_its_text_is_read_as(
    schema: dict[str, Any], value: Any, is_told: bool
) -> None:
    parameters = [{"name": "p", "in": "query", "required": True, "schema": schema}]
    findings = validated({"parameters": [{"name": "p", "in": "query", "value": value}]}, {"parameters": parameters})
    assert codes(findings) == [("error", "literal-refused")] * is_told


# --- XML ---

_XML: Final = {
    "type": "object",
    "xml": {"name": "order"},
    "required": ["orgId", "lines"],
    "properties": {
        "orgId": {"type": "integer", "xml": {"name": "org-id"}},
        "id": {"type": "string", "xml": {"attribute": True, "name": "nr"}},
        "lines": {"type": "array", "items": {"xml": {"name": "line"}, "properties": {"n": {"type": "integer"}}}},
        "note": {"type": "string"},
    },
}
XML_PAYLOADS: Final[tuple[tuple[Any, list[str]], ...]] = (
    ({"orgId": 1, "lines": [{"n": 1}]}, []),
    ({"orgId": "1", "lines": [], "id": "a", "note": 5}, []),
    ({"org-id": 1, "line": [{"n": 2}]}, []),
    ({"org-id": "one", "lines": []}, ["`orgId` of the payload must be an integer"]),
    ({"orgid": 1, "lines": []}, ["lacks `orgId`"]),
    ({"orgId": "$inputs.sku", "lines": [{"n": "x"}]}, ["`lines/0/n` of the payload must be an integer"]),
    ({"orgId": 1, "lines": [], "nota": "x"}, ["does not describe `nota`"]),
    ({"orgId": 1, "lines": {"n": 1}}, []),
    ({"orgId": 1, "line": {"n": "x"}}, ["`lines/0/n` of the payload must be an integer"]),
    ("<order/>", []),
)


@pytest.mark.parametrize(("payload", "told"), XML_PAYLOADS)
@pytest.mark.parametrize("content_type", ["application/xml", "application/vnd.order+xml"])
def test_an_object_that_becomes_xml_is_held_to_its_schema(payload: Any, told: list[str], content_type: str) -> None:
    findings = _sent(payload, _XML, content_type)
    assert [part in each.message for part, each in zip(told, findings, strict=True)] == [True] * len(told)


# --- against a validator that knows everything ---

_SCALARS: Final = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["a", "b", "ab", 1.5])
_NAMES: Final = st.sampled_from(["a", "b", "abc", "acb"])
_VALUES: Final = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=3), max_leaves=6
)


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["object", "array", "string", "integer", "number", "boolean", "null"]),
            "enum": st.lists(_SCALARS, min_size=1, max_size=3),
            "const": _SCALARS,
            "required": st.lists(_NAMES, unique=True, max_size=2),
            "properties": st.dictionaries(_NAMES, inner, max_size=3),
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "additionalProperties": st.just(value=False) | inner,
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "minimum": st.integers(-1, 2),
            "maxLength": st.integers(0, 2),
            "if": inner,
            "then": inner,
            "else": inner,
            "dependentRequired": st.dictionaries(_NAMES, st.lists(_NAMES, unique=True, max_size=2), max_size=2),
            "dependentSchemas": st.dictionaries(_NAMES, inner, max_size=2),
        },
    )


_SCHEMAS: Final[st.SearchStrategy[Any]] = st.recursive(st.just({}), _schemas, max_leaves=6)


def _judged(schema: Any, value: Any) -> bool:
    document = read_document("{}", "file:///schema.json")
    # a reference to another document leads nowhere
    found = Judging(Parts(Resolver(Loader()))).complaints(Schema(document.root(), schema), value)
    return any(each.is_refused for each in found)


def _with_holes(value: Any, holes: list[bool]) -> Any:
    if holes and holes.pop():
        return Open.ANY
    if isinstance(value, dict):
        return {name: _with_holes(each, holes) for name, each in value.items()}
    return [_with_holes(each, holes) for each in value] if isinstance(value, list) else value


@settings(deadline=None, max_examples=200)
@given(_SCHEMAS, _VALUES, st.lists(st.booleans(), max_size=8))
def test_what_is_refused_is_refused_by_json_schema_too(schema: Any, value: Any, holes: list[bool]) -> None:
    if _judged(schema, _with_holes(value, holes)):
        assert not Draft202012Validator(schema).is_valid(value)


_WORDS: Final = st.sampled_from(
    ["type", "enum", "const", "required", "properties", "items", "allOf", "anyOf", "minimum", "pattern", "$ref",
     "object", "additionalProperties", "patternProperties", "dependentSchemas", "if", "readOnly",
     "nullable", "#/a", "a"]
)  # fmt: skip
_ANYTHING: Final = st.recursive(
    _SCALARS | _WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(_ANYTHING, _VALUES)
def test_what_is_no_schema_refuses_nothing_that_breaks(schema: Any, value: Any) -> None:
    assert isinstance(_judged(schema, value), bool)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Authorizaton", "did you mean `Authorization`?"),
        ("Accepct", "did you mean `Accept`?"),
        ("If-Modified-Sinc", "did you mean `If-Modified-Since`?"),
        ("If-Mach", "did you mean `If-Match`?"),
        ("Idempotency-Kye", "did you mean `Idempotency-Key`?"),
        ("X-Mine", None),
    ],
)
def test_a_header_that_is_nearly_a_well_known_one_is_told(name: str, fix: str | None) -> None:
    components = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
    step = {"parameters": [{"name": name, "in": "header", "value": "a"}]}
    found = validated(step, {"security": [{"token": []}]}, components=components)
    assert [each.fix for each in found] == ([] if fix is None else [fix])


_NEEDS_ALL: Final[dict[str, Any]] = {
    "parameters": [{"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "required": ["name"]}}},
    },
    "responses": {"200": {"description": ""}, "400": {"description": ""}},
}


@pytest.mark.parametrize(
    ("criteria", "severity"),
    [
        (["$statusCode == 400"], "warning"),
        (["$statusCode >= 400 && $statusCode < 500"], "warning"),
        (["$statusCode == 400 || $statusCode == 422", "$response.body#/title != null"], "warning"),
        (["$statusCode == 200"], "error"),
        (["$statusCode == 200 || $statusCode == 400"], "error"),
        (["$statusCode >= 400"], "error"),
        (["$response.body#/title != null"], "error"),
        ([], "error"),
    ],
)
def test_what_the_api_requires_may_be_left_out_where_the_step_wants_a_refusal(
    criteria: list[str], severity: str
) -> None:
    wanted = {"successCriteria": [{"condition": each} for each in criteria]} if criteria else {}
    found = codes(validated({"requestBody": {"payload": {"nmae": 1}}, **wanted}, _NEEDS_ALL))
    assert (severity, "required-parameter-missing") in found
    # a value that the API is to refuse is sent wrong on purpose
    assert [each for each in found if each[1] == "literal-refused"] == [(severity, "literal-refused")] * (
        severity == "error"
    )
    begun = {"requestBody": {"contentType": JSON}, **wanted}
    assert (severity, "request-body-missing") in codes(validated(begun, _NEEDS_ALL))


def test_an_object_may_be_sent_where_bytes_of_any_type_are_taken() -> None:
    binary = {"requestBody": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}
    assert validated({"requestBody": {"contentType": JSON, "payload": {"a": 1}}}, binary) == ()
    assert validated({"requestBody": {"contentType": JSON, "payload": '{"a": 1}'}}, binary) == ()


CHARGE: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "card": {"type": "object", "required": ["number"], "properties": {"number": {"type": "integer"}}},
        "metadata": {"type": "object"},
        "types": {"type": "array", "items": {"type": "string", "enum": ["card", "cash"]}},
        "items": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "string"}}}},
        "note": {"type": "string"},
        "tags[]": {"type": "array"},
    },
}
_PART: Final = "a name in brackets is a part of what is described without them"
BRACKETS = (
    ("card[number]", 1, "`number` of `card`", "write `card: {number: …}`"),
    ("metadata[order][id]", "x", "`id` of `metadata/order`", "write `metadata: {order: {id: …}}`"),
    ("types[]", ["card"], "an element of `types`", "write `types: […]`, if the API takes it without brackets"),
    ("items[0][price]", "x", "`price` of `items/0`", "write `items: [{price: …}]`"),
)


@pytest.mark.parametrize(("name", "value", "meant", "fix"), BRACKETS)
def test_a_name_in_brackets_of_a_form_is_a_part_of_what_is_described(
    name: str, value: Any, meant: str, fix: str
) -> None:
    (found,) = _sent({name: value}, CHARGE, FORM)
    assert (found.severity.value, found.code, found.fix) == ("warning", "repaired", fix)
    assert found.message == f"`{name}` is read as {meant}, and sent as it is written: {_PART}"


def test_a_part_of_a_multipart_body_in_brackets_is_written_otherwise_only_where_the_api_takes_it() -> None:
    (found,) = _sent({"card[number]": 1}, CHARGE, "multipart/form-data")
    assert found.fix == "write `card: {number: …}`, if the API takes it without brackets"


def test_what_stands_in_brackets_is_held_to_what_is_described() -> None:
    _, found = _sent({"types[]": ["card", "coin"]}, CHARGE, FORM)
    assert (found.code, found.fix) == ("literal-refused", "write one of these")
    _, found = _sent({"card[number]": "x"}, CHARGE, FORM)
    assert found.message.startswith("`card[number]` of the payload must be an integer")


@pytest.mark.parametrize("name", ["note[a]", "other[a]", "card[a", "[a]"])
def test_a_name_in_brackets_of_nothing_that_nests_is_not_allowed(name: str) -> None:
    (found,) = _sent({name: "x"}, CHARGE, FORM)
    assert (found.code, found.message.partition(" of ")[0]) == ("literal-refused", f"`{name}`")


def test_a_name_that_is_described_with_its_brackets_is_that_name() -> None:
    assert _sent({"tags[]": ["x"]}, CHARGE, FORM) == ()


def test_a_name_in_brackets_of_a_json_body_is_no_part() -> None:
    (found,) = _sent({"card[number]": 1}, CHARGE)
    assert found.code == "literal-refused"


def test_a_literal_that_goes_to_several_operations_is_told_once() -> None:
    mode = {"name": "mode", "in": "query", "required": True, "schema": {"type": "string", "enum": ["fast"]}}
    workflow = {"parameters": [{"name": "mode", "in": "query", "value": "turbo"}]}
    (found,) = validated({}, {"parameters": [mode]}, workflow=workflow, first={"parameters": [mode]})
    assert found.message == "query parameter `mode` must be one of `fast`, as operations `op` and `tried` describe it"


def test_a_literal_that_operations_refuse_for_other_reasons_is_told_for_each() -> None:
    def mode(*allowed: str) -> dict[str, Any]:
        schema = {"type": "string", "enum": list(allowed)}
        return {"parameters": [{"name": "mode", "in": "query", "required": True, "schema": schema}]}

    workflow = {"parameters": [{"name": "mode", "in": "query", "value": "turbo"}]}
    found = validated({}, mode("fast"), workflow=workflow, first=mode("slow"))
    assert [each.message for each in found] == [
        "query parameter `mode` must be one of `slow`, as operation `op` describes it",
        "query parameter `mode` must be one of `fast`, as operation `tried` describes it",
    ]
