"""`security` in a step or workflow, a field of OpenAPI: a warning where it changes nothing, an error where it would."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, validated

SCHEMES: Final = {
    "securitySchemes": {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
}
BEARER: Final[list[dict[str, list[str]]]] = [{"bearer": []}]
KEY: Final[list[dict[str, list[str]]]] = [{"key": []}]
UNREAD: Final = "`security` is a field of OpenAPI, and is not read here"
SAME: Final = "remove it: it changes nothing"
NONE: Final = "write `x-arazzo-engine-security: none` in the step in its place, to send it without a credential"
DESCRIBE: Final = (
    "describe it as the `security` of operation `tried` in the API description, or write a parameter for the header or"
    " query that carries the credential"
)
STILL: Final = "remove it; if the API wants the credential all the same, "


def _told(findings: Findings) -> list[tuple[str, str, str]]:
    return [(each.severity.value, each.message, each.fix) for each in findings if each.code == "field-unknown"]


def _said(said: Any, asked: Any, **step: Any) -> list[tuple[str, str, str]]:
    return _told(validated({"security": said, **step}, {"security": asked}, components=SCHEMES))


@pytest.mark.parametrize(
    ("said", "asked", "words"),
    [
        ([{}], [], "no credential"),
        (BEARER, BEARER, "`bearer`"),
        ([*KEY, *BEARER], [*BEARER, *KEY], "`bearer` or `key`"),
        ([{"bearer": ["read"], "key": []}], [{"key": [], "bearer": []}], "`bearer` with `key`"),
    ],
)
def test_what_the_operation_asks_for_anyway_is_a_warning(said: Any, asked: Any, words: str) -> None:
    told = [("warning", f"{UNREAD}: operation `tried` asks for {words} without it", SAME)]
    assert _said(said, asked) == told


@pytest.mark.parametrize(
    ("said", "asked", "severity", "words", "fix"),
    [
        ([{}], BEARER, "error", ("no credential", "`bearer`"), NONE),
        ([{}], [{}, *BEARER], "warning", ("no credential", "`bearer` or no credential"), NONE),
        (BEARER, [], "error", ("`bearer`", "no credential"), STILL + DESCRIBE),
        (KEY, BEARER, "error", ("`key`", "`bearer`"), DESCRIBE),
        (KEY, [*KEY, *BEARER], "warning", ("`key`", "`bearer` or `key`"),
         "remove it, and give the credential that is meant with `--auth shop.key=…`"),
    ],
)  # fmt: skip
def test_what_would_change_the_request_is_told_with_what_does(
    said: Any, asked: Any, severity: str, words: tuple[str, str], fix: str
) -> None:
    message = f"step `tried` asks for {words[0]}, and operation `tried` for {words[1]}: {UNREAD}"
    assert _said(said, asked) == [(severity, message, fix)]


def test_a_step_that_is_said_to_be_open_may_say_so_twice() -> None:
    assert [each[0] for each in _said([], BEARER, **{"x-arazzo-engine-security": "none"})] == ["warning"]


@pytest.mark.parametrize(
    ("name", "severity"), [("Authorization", "warning"), ("X-Api-Key", "warning"), ("X-A", "error")]
)
def test_a_credential_that_the_step_gives_itself_is_sent(name: str, severity: str) -> None:
    parameters = [{"name": name, "in": "header", "value": "Bearer x"}]
    ((found, _, fix),) = _said(BEARER, [], parameters=parameters)
    assert (found, fix) == (severity, "remove it: what the step gives is sent as it is" if found == "warning" else fix)


def test_a_workflow_without_credentials_says_so_in_its_steps() -> None:
    found = validated({}, {"security": BEARER}, components=SCHEMES, workflow={"security": []})
    fix = "remove it, and write `x-arazzo-engine-security: none` in each step that is to be sent without a credential"
    assert [each[2] for each in _told(found)] == [fix]


def test_security_of_a_workflow_is_that_of_its_steps() -> None:
    def told(said: Any, **step: Any) -> list[str]:
        workflow = {"security": said}
        operation = {"security": BEARER}
        first = {"security": BEARER}
        found = validated(step, operation, components=SCHEMES, workflow=workflow, first=first)
        return [each[0] for each in _told(found)]

    assert told(BEARER) == ["warning"]
    assert told([]) == ["error"]
    assert told(BEARER, security=BEARER) == ["warning", "warning"]


@pytest.mark.parametrize("said", ["none", {"bearer": []}, [{"bearer": "token"}], [1]])
def test_what_is_no_security_is_a_field_that_does_not_exist(said: Any) -> None:
    fix = "remove it: the API description asks for the credential, and `--auth <source>.<scheme>=…` gives it"
    assert _said(said, BEARER) == [("error", "the Step Object has no field `security`", fix)]


def test_a_step_that_calls_a_workflow_sends_nothing_itself() -> None:
    called = {"workflowId": "v", "steps": [{"stepId": "s", "operationId": "op"}]}
    steps = [{"stepId": "call", "workflowId": "v", "security": BEARER}]
    found = validated({}, workflow={"steps": steps}, others=[called])
    told = ("warning", f"step `call` calls a workflow: {UNREAD}", "remove it: the steps that send say what they need")
    assert _told(found) == [told]
