"""Which inputs and outputs are known as secrets, from the documents alone."""

from __future__ import annotations

from typing import Any

from scripted import ScriptedWorld, answer, document, make_workflows_ready, run_scripted, step, workflow

from arazzo_engine.machine.secrets import find_secrets

_AUTHORIZED = step("b", parameters=[{"name": "Authorization", "in": "header", "value": "Bearer {$inputs.token}"}])
_INPUTS = {"properties": {"token": {"type": "string"}, "other": {"type": "string"}}}
_TARGET = workflow(_AUTHORIZED, name="target", inputs=_INPUTS)


def _secrets_of(*workflows: dict[str, Any], inputs: dict[str, Any], **rest: Any) -> set[str]:
    linked = make_workflows_ready(document(*workflows, **rest), inputs=inputs).linked
    return set(find_secrets(linked).inputs_of(linked.workflows[linked.key("main")], inputs))


def test_an_input_that_reaches_a_credential_through_a_transfer_or_a_dependency_is_a_secret() -> None:
    given = {"token": "t-1", "other": "o-1"}
    goes = {"name": "go", "type": "goto", "workflowId": "target"}
    again = {"name": "again", "type": "retry", "workflowId": "target"}
    for main in (
        workflow(step("a", onSuccess=[goes]), inputs=_INPUTS),
        workflow(step("a", onFailure=[again]), inputs=_INPUTS),
        workflow(step("a"), inputs=_INPUTS, dependsOn=["target"]),
    ):
        assert _secrets_of(main, _TARGET, inputs=given) == {"t-1"}


def test_a_password_is_a_secret_wherever_the_schema_puts_it() -> None:
    password = {"type": "string", "format": "password"}
    inputs = {
        "$ref": "#/components/inputs/login",
        "properties": {
            "deep": {"properties": {"key": password, "open": {"type": "string"}}},
            "list": {"items": {"properties": {"pin": {"writeOnly": True}}}},
            "pair": {"prefixItems": [{"type": "string"}, password]},
            "map": {"additionalProperties": password},
            "all": {"allOf": [{"properties": {"code": password}}]},
            "any": {"anyOf": [{"type": "integer"}, password]},
            "whole": {"writeOnly": True},
        },
        "patternProperties": {"^x-": password},
    }
    login = {"properties": {"user": {"type": "string"}, "word": {"$ref": "#/components/inputs/secret"}}}
    components = {"inputs": {"login": login, "secret": password}}
    given = {
        "user": "open-1",
        "word": "secret-1",
        "deep": {"key": "secret-2", "open": "open-2"},
        "list": [{"pin": 1234}, {"pin": "secret-3"}],
        "pair": ["open-3", "secret-4"],
        "map": {"a": "secret-5"},
        "all": {"code": "secret-6"},
        "any": "secret-7",
        "whole": {"a": ["secret-8"]},
        "x-key": "secret-9",
    }
    found = _secrets_of(workflow(step("a"), inputs=inputs), inputs=given, components=components)
    assert found == {"1234", *(f"secret-{number}" for number in range(1, 10))}


def test_what_is_passed_for_a_hidden_part_of_an_input_is_known_when_it_comes_from_a_step() -> None:
    hidden = {"properties": {"user": {"properties": {"key": {"format": "password"}, "name": {"type": "string"}}}}}
    called = workflow(step("b"), name="called", inputs=hidden)
    value = {"key": "$steps.a.outputs.key", "name": "joe"}
    calls = {"stepId": "call", "workflowId": "called", "parameters": [{"name": "user", "value": value}]}
    main = workflow(step("a", outputs={"key": "$response.body#/key"}), calls)
    world = ScriptedWorld({"a": [answer(200, {"key": "secret-1"})]})
    report = run_scripted(document(main, called), world)
    assert [each.secrets for each in report.steps] == [("secret-1",), ("secret-1",), ()]


def test_of_an_object_that_is_named_like_a_secret_what_tells_about_it_is_none() -> None:
    access = {"type": "incoming", "actions": ["complete", "read"], "identifier": "$inputs.other"}
    granted = {"value": "sk-live-0123", "key": "$inputs.token", "access": [access], "keys": ["0123456789abcdef"]}
    main = workflow(step("b", requestBody={"payload": {"access_token": granted, "password": "pw"}}), inputs=_INPUTS)
    given = {"token": "t-1", "other": "o-1"}
    assert _secrets_of(main, inputs=given) == {"t-1", "sk-live-0123", "0123456789abcdef", "pw"}
