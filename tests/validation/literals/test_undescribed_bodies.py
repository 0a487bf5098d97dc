"""A body that its operation does not describe is told: where it describes none, or another media type."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import validated

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_OBJECT: Final = {"schema": {"type": "object", "required": ["code", "uri"], "properties": {"code": {}, "uri": {}}}}
_PAGE: Final = {"name": "page", "in": "query", "required": True, "schema": {"type": "integer", "default": 1}}


def _told(payload: Any, operation: dict[str, Any], content_type: str | None = _JSON, **rest: Any) -> list[str]:
    body = {"payload": payload, **({} if content_type is None else {"contentType": content_type})}
    found = validated({"requestBody": body, **rest.pop("step", {})}, operation, **rest)
    return [f"{each.severity.value} {each.code}: {each.message}; {each.fix}" for each in found]


def _takes(*names: str) -> dict[str, Any]:
    return {"requestBody": {"content": dict.fromkeys(names, _OBJECT)}}


@pytest.mark.parametrize("method", ["get", "delete", "options"])
def test_a_method_without_bodies_describes_none(method: str) -> None:
    (told,) = _told({"name": "n"}, {}, method=method)
    assert told == (
        "warning body-undescribed: step `tried` sends a body, and operation `tried` describes none; leave `requestBody`"
        " out, or describe it in the API description"
    )


def test_an_operation_without_a_body_beside_one_that_has_one_describes_none() -> None:
    (told,) = _told({"name": "$inputs.sku"}, {}, first={"requestBody": {"content": {}}})
    assert told.startswith("warning body-undescribed: ")


def test_a_description_without_bodies_says_nothing_of_them() -> None:
    assert _told({"name": "n"}, {}) == []


@pytest.mark.parametrize("payload", [{}, "", [], None])
def test_an_empty_body_is_none(payload: Any) -> None:
    assert _told(payload, {}, method="get") == []


def test_a_member_that_is_a_required_parameter_is_not_filled_in_from_its_default() -> None:
    (told,) = _told({"page": "$inputs.count"}, {"parameters": [_PAGE]}, method="get")
    assert told == (
        "error required-parameter-missing: step `tried` does not set query parameter `page`, which operation `tried`"
        " requires; move it from the payload to `parameters`: `{name: page, in: query, value: $inputs.count}`"
    )


def test_members_that_are_parameters_are_named_as_they_are_written() -> None:
    optional = [{**_PAGE, "required": False}, {"name": "tag", "in": "header", "schema": {"type": "string"}}]
    (told,) = _told({"page": 2, "tag": "x", "more": True}, {"parameters": optional}, method="get")
    assert told == (
        "warning body-undescribed: step `tried` sends a body, and operation `tried` describes none; move what are its"
        " parameters from the payload to `parameters`: `{name: page, in: query, value: 2}`, `{name: tag, in: header,"
        ' value: "x"}`'
    )


def test_a_placeholder_whose_value_is_in_the_payload_is_told_with_it() -> None:
    (told,) = _told({"id": "$inputs.sku"}, {}, method="get", path="/tried/{id}")
    assert told.startswith("error path-parameter-mismatch: ")
    assert told.endswith("; move it from the payload to `parameters`: `{name: id, in: path, value: $inputs.sku}`")


def test_a_media_type_that_is_not_taken_is_told() -> None:
    whole = {"code": "c", "uri": "u"}
    (told,) = _told(whole, _takes(_JSON), _FORM)
    assert told == (
        f"warning body-undescribed: step `tried` sends `{_FORM}`, and operation `tried` takes `{_JSON}`; write"
        f" `contentType: {_JSON}`"
    )
    (told,) = _told(whole, _takes(_FORM, "multipart/form-data"))
    assert told == (
        f"warning body-undescribed: step `tried` sends `{_JSON}`, and operation `tried` takes `{_FORM}`,"
        " `multipart/form-data`; write one of them as `contentType`"
    )


def test_what_is_missing_is_told_whatever_the_media_type() -> None:
    told = _told({"code": "c"}, _takes(_JSON), _FORM)
    assert told[1] == "warning literal-refused: the payload lacks `uri`, as operation `tried` describes it; add `uri`"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (_JSON, _JSON),
        (f"{_JSON}; charset=utf-8", _JSON),
        (_JSON, "application/vnd.shop+json"),
        ("application/merge-patch+json", _JSON),
        (_JSON, "*/*"),
        (_FORM, "application/*"),
        ("text/xml", "application/xml"),
        ("image/jpeg", "image/png"),
        (None, _FORM),
    ],
)
def test_another_name_of_what_is_taken_is_not_told(given: str | None, taken: str) -> None:
    payload = "data:;base64,AAAA" if given == "image/jpeg" else {"code": "c", "uri": "u"}
    assert [each for each in _told(payload, _takes(taken), given) if "body-undescribed" in each] == []


def test_what_the_api_is_to_refuse_is_not_told() -> None:
    refused = {"successCriteria": [{"condition": "$statusCode == 415"}]}
    told = _told({"code": "c", "uri": "u"}, _takes(_JSON), _FORM, step=refused)
    assert [each for each in told if "status-undocumented" not in each] == []


@pytest.mark.parametrize(
    ("payload", "wrong", "right", "told"),
    [
        ({"code": "c", "uri": "$inputs.sku"}, "multipart/form-dtaa", "multipart/form-data", ["body-undescribed"]),
        ({"code": "c", "uri": "$inputs.sku"}, "application/x_www_form_urlencoded", _FORM, ["request-body-unsupported"]),
        ({"code": "c", "uri": "u"}, "application/vnd.a+json", "application/vnd.b+json", ["body-undescribed"]),
        ({"code": "c", "uri": "$inputs.sku"}, "application/jsn", _JSON, ["request-body-unsupported"]),
        ({"code": "c", "uri": "u"}, "application/jsn", _JSON, ["body-undescribed", "request-body-malformed"]),
    ],
)
def test_a_slip_in_a_media_type_is_told_where_it_is_written(
    payload: Any, wrong: str, right: str, told: list[str]
) -> None:
    step = {"requestBody": {"contentType": wrong, "payload": payload}}
    found = validated(step, _takes(right))
    assert sorted(each.code for each in found) == told
    first = min(found, key=lambda each: each.code)
    assert first.fix == f"did you mean `{right}`?"
    assert first.location is not None
    assert first.location.pointer == "/workflows/0/steps/1/requestBody/contentType"
