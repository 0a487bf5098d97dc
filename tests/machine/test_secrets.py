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


_ENV: dict[str, Any] = {"type": "object", "properties": {"region": {"type": "string"}, "token": {"type": "string"}}}


def _bearer(value: str) -> list[dict[str, Any]]:
    return [{"name": "Authorization", "in": "header", "value": value}]


def test_of_an_object_one_member_of_which_is_sent_as_a_credential_the_others_are_no_secrets() -> None:
    main = workflow(step("b", parameters=_bearer("Bearer {$inputs.env#/token}")), inputs={"properties": {"env": _ENV}})
    assert _secrets_of(main, inputs={"env": {"region": "eu-north", "token": "t-1"}}) == {"t-1"}
    whole = workflow(step("b", parameters=_bearer("$inputs.env")), inputs={"properties": {"env": _ENV}})
    assert _secrets_of(whole, inputs={"env": {"region": "eu-north", "token": "t-1"}}) == {"eu-north", "t-1"}


def test_a_part_of_an_input_is_followed_to_what_every_caller_passes_for_it() -> None:
    steps = step("b", parameters=_bearer("Bearer {$inputs.env#/key}"))
    called = workflow(steps, name="called", inputs={"properties": {"env": {"type": "object"}}})
    declared = {"properties": {"env": _ENV, "kept": {"type": "string"}}}
    given = {"env": {"region": "eu-north", "key": "k-1", "token": "t-1"}, "kept": "o-1"}
    for value, secret in (
        ("$inputs.env", {"k-1", "t-1"}),  # the token is one by its name
        ({"key": "$inputs.kept", "region": "$inputs.env#/region"}, {"o-1", "t-1"}),
    ):
        calls = {"stepId": "call", "workflowId": "called", "parameters": [{"name": "env", "value": value}]}
        assert _secrets_of(workflow(calls, inputs=declared), called, inputs=given) == secret


def test_a_hidden_part_of_an_input_is_followed_without_what_stands_beside_it() -> None:
    hidden = {"properties": {"user": {"properties": {"key": {"format": "password"}, "name": {"type": "string"}}}}}
    called = workflow(step("b"), name="called", inputs=hidden)
    value = {"key": "$inputs.word", "name": "$inputs.name"}
    calls = {"stepId": "call", "workflowId": "called", "parameters": [{"name": "user", "value": value}]}
    main = workflow(calls, inputs={"properties": {"word": {"type": "string"}, "name": {"type": "string"}}})
    assert _secrets_of(main, called, inputs={"word": "w-1", "name": "joe"}) == {"w-1"}


def test_of_an_answer_that_is_kept_the_part_that_is_sent_as_a_credential_is_a_secret() -> None:
    main = workflow(
        step("a", outputs={"all": "$response.body"}),
        step("b", parameters=_bearer("Bearer {$steps.a.outputs.all#/key}")),
    )
    world = ScriptedWorld({"a": [answer(200, {"key": "secret-1", "id": "open-1"})], "b": [answer(200, {})]})
    report = run_scripted(document(main), world)
    assert [each.secrets for each in report.steps] == [("secret-1",), ()]


def test_a_workflow_that_hands_itself_a_part_of_its_input_has_no_end_of_parts_and_hides_all() -> None:
    again = {"name": "again", "type": "goto", "workflowId": "main"}
    goes = {**again, "parameters": [{"name": "env", "value": "$inputs.env#/next"}]}
    used = step("a", parameters=_bearer("Bearer {$inputs.env#/key}"), onSuccess=[goes])
    main = workflow(used, inputs={"properties": {"env": {"type": "object"}}})
    assert _secrets_of(main, inputs={"env": {"key": "k-1", "next": {"key": "k-2"}}}) == {"k-1", "k-2"}


def test_a_schema_that_refers_to_itself_hides_what_it_leads_to() -> None:
    tree = {"properties": {"next": {"$ref": "#/components/inputs/tree"}, "pin": {"format": "password"}}}
    called = workflow(step("b"), name="called", inputs={"properties": {"tree": {"$ref": "#/components/inputs/tree"}}})
    value = {"next": {"next": {"pin": "$inputs.word"}}, "pin": "x"}
    calls = {"stepId": "call", "workflowId": "called", "parameters": [{"name": "tree", "value": value}]}
    main = workflow(calls, inputs={"properties": {"word": {"type": "string"}}})
    assert _secrets_of(main, called, inputs={"word": "w-1"}, components={"inputs": {"tree": tree}}) == {"w-1"}
