"""Headers that a request has without its step: what an operation requires of them, and when it is told."""

from __future__ import annotations

import uuid
from typing import Any, Final

import pytest
from validated import Findings, validated

from arazzo_engine.apis.idempotency import MADE_UP
from arazzo_engine.apis.own_headers import USER_AGENT, own_texts
from arazzo_engine.machine.requests.idempotency import key_of
from arazzo_engine.world.http.sending import OF_EVERY_REQUEST

_TEXT: Final = {"type": "string"}
_NAMED: Final = ", which operation `tried` requires, is "


def _required(name: str, schema: Any = None, **rest: Any) -> Findings:
    parameter = {"name": name, "in": "header", "required": True}
    typed = {"type": "string"} if rest.get("openapi") == "2.0" else {"schema": schema or _TEXT}
    step = {"parameters": rest.pop("parameters", [])}
    body = {"requestBody": rest.pop("body")} if "body" in rest else {}
    described: dict[str, Any] = {"parameters": [{**parameter, **typed}]}
    if body and rest.get("openapi") != "2.0":
        described["requestBody"] = {"content": {"application/json": {}}}
    return validated({**step, **body}, described, **rest)


def _told(findings: Findings) -> list[tuple[str, str, str, str | None]]:
    return [(each.severity.value, each.code, each.message, each.fix) for each in findings]


@pytest.mark.parametrize(
    "name", ["User-Agent", "user-agent", "Host", "Accept-Encoding", "Content-Length", "Connection"]
)
def test_a_required_header_that_a_request_has_by_itself_is_not_missed(name: str) -> None:
    assert _told(_required(name)) == []


@pytest.mark.parametrize(("name", "rest"), [("Accept", {}), ("Content-Type", {"body": {"payload": {"a": 1}}})])
def test_openapi_2_has_headers_that_later_versions_ignore(name: str, rest: Any) -> None:
    assert "required-parameter-missing" not in [each[1] for each in _told(_required(name, openapi="2.0", **rest))]


def test_a_content_type_without_a_body_is_for_the_step_to_give() -> None:
    assert [each[1] for each in _told(_required("Content-Type", openapi="2.0"))] == ["required-parameter-missing"]


@pytest.mark.parametrize("schema", [{"enum": [USER_AGENT, "other"]}, {"pattern": "^arazzo"}, {"minLength": 3}])
def test_a_text_of_its_own_that_fits_is_sent(schema: Any) -> None:
    assert _told(_required("User-Agent", {**_TEXT, **schema})) == []


@pytest.mark.parametrize(
    ("name", "sent", "schema", "refused"),
    [
        ("User-Agent", USER_AGENT, {"enum": ["shop/1", "shop/2"]}, "must be one of `shop/1`, `shop/2`"),
        ("User-Agent", USER_AGENT, {"pattern": "^shop/"}, "does not match the pattern `^shop/`"),
        ("User-Agent", USER_AGENT, {"maxLength": 5}, "must have at most 5 characters"),
        ("Accept-Encoding", "gzip, deflate", {"enum": ["gzip", "br"]}, "must be one of `gzip`, `br`"),
    ],
)
def test_a_text_of_its_own_that_the_operation_does_not_take_is_refused(
    name: str, sent: str, schema: Any, refused: str
) -> None:
    message = f"header parameter `{name}`{_NAMED}sent as `{sent}` where step `tried` does not set it, and {refused}"
    fix = f"add a parameter `{name}` with `in: header`"
    assert _told(_required(name, {**_TEXT, **schema})) == [("error", "required-parameter-missing", message, fix)]


@pytest.mark.parametrize(
    ("schema", "refused"),
    [
        ({"maxLength": 20}, "must have at most 20 characters"),
        ({"pattern": "^[a-z]+$"}, "does not match the pattern `^[a-z]+$`"),
        ({"format": "uuid"}, ""),
        ({"minLength": 8, "maxLength": 64}, ""),
    ],
)
def test_a_key_that_no_step_gives_is_told_where_the_operation_takes_none_of_its_form(schema: Any, refused: str) -> None:
    message = f"header parameter `Idempotency-Key`{_NAMED}made as a UUID (`{MADE_UP}`)"
    fix = "add a parameter `Idempotency-Key` with `in: header`"
    told = ("error", "required-parameter-missing", f"{message} where step `tried` does not set it, and {refused}", fix)
    assert _told(_required("Idempotency-Key", {**_TEXT, **schema})) == ([told] if refused else [])


def test_a_key_that_is_made_has_the_form_that_is_told() -> None:
    key = key_of(("w", "s"))
    assert (uuid.UUID(key).version, uuid.UUID(MADE_UP).version, len(key)) == (5, 5, len(MADE_UP))
    assert str(uuid.UUID(MADE_UP)) == MADE_UP


@pytest.mark.parametrize("schema", [{"enum": ["shop/1", "shop/2"]}, {"pattern": "^shop/"}])
def test_what_the_step_sets_goes_before_it(schema: Any) -> None:
    given = [{"name": "User-Agent", "in": "header", "value": "shop/1"}]
    assert _told(_required("User-Agent", {**_TEXT, **schema}, parameters=given)) == []


_UNSENT: Final[tuple[tuple[str, Any, str], ...]] = (
    ("Connection", {"const": "close"}, "sent as `keep-alive` where step `tried` does not set it, and must be `close`"),
    ("Content-Length", {}, "not sent: step `tried` sends no body"),
    ("TE", {}, "not sent: it belongs to the connection, and not to the request"),
    ("Transfer-Encoding", {}, "not sent: it says where the body ends, which only who sends it knows"),
)


@pytest.mark.parametrize(("name", "schema", "message"), _UNSENT)
def test_what_no_step_can_set_is_a_warning(name: str, schema: Any, message: str) -> None:
    found = _told(_required(name, {**_TEXT, **schema}, method="get"))
    told = f"header parameter `{name}`{_NAMED}{message}"
    fix = "say in the description that it is optional: no step can set it"
    assert found == [("warning", "required-parameter-missing", told, fix)]


@pytest.mark.parametrize("name", ["Upgrade", "Expect"])
def test_what_asks_for_another_exchange_is_refused_and_never_told_to_be_added(name: str) -> None:
    [problem] = _required(name)
    assert (problem.severity.value, problem.code) == ("error", "required-parameter-missing")
    assert "no step can set it, since it " in (problem.fix or "")


def test_a_date_is_not_sent_by_itself() -> None:
    assert [each[:2] for each in _told(_required("Date"))] == [("error", "required-parameter-missing")]


def test_a_name_that_is_nearly_one_of_its_own_is_told() -> None:
    given = [{"name": "User-Agnet", "in": "header", "value": "shop/1"}]
    assert [(each[1], each[3]) for each in _told(_required("User-Agent", parameters=given))] == [
        ("name-undescribed", "did you mean `User-Agent`?")
    ]


def test_every_header_that_is_sent_stands_in_the_table() -> None:
    for name, value in OF_EVERY_REQUEST:
        assert value in own_texts(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Authroization", "Authorization"),
        ("Idempotnecy-Key", "Idempotency-Key"),
        ("Content-Tpye", "Content-Type"),
        ("Authentication", ""),
        ("X-Authorization", ""),
        ("Content-Language", ""),
    ],
)
def test_a_header_that_is_nearly_one_that_is_well_known_is_told(name: str, meant: str) -> None:
    required = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
    step = {"parameters": [{"name": name, "in": "header", "value": "v"}]}
    found = validated(step, {"parameters": [required]})
    assert [each.fix for each in found] == [f"did you mean `{meant}`?"] * bool(meant)


def test_a_name_that_several_operations_do_not_describe_is_told_once() -> None:
    workflow = {"parameters": [{"name": "Authroization", "in": "header", "value": "v"}]}
    (found,) = validated({}, {}, workflow=workflow)
    assert found.message == "operations `op` and `tried` do not describe header parameter `Authroization`"
