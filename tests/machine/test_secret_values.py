"""Which values are secret: all that flows into a credential or that a schema hides, in each of its parts."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import ScriptedWorld, answer, document, make_workflows_ready, run_scripted, step, workflow

from arazzo_engine.machine.secrets import find_secrets

Schema = dict[str, Any]
HIDDEN: Schema = {"type": "string", "format": "password"}
SELECTOR = {"context": "$response.body", "selector": "/token", "type": "jsonpointer"}


def authorized(value: object, operation: str = "b", **rest: Any) -> dict[str, Any]:
    parameters = [{"name": "Authorization", "in": "header", "value": value}]
    return step(operation, parameters=parameters, **rest)


def secret_inputs(schema: Schema, inputs: dict[str, Any], **components: Any) -> set[str]:
    text = document(workflow(step("a"), inputs=schema), components={"inputs": components} if components else {})
    ready = make_workflows_ready(text, inputs=inputs)
    return set(find_secrets(ready.linked).inputs_of(ready.linked.workflows[ready.calls[0].key], inputs))


def secrets_of(text: str, world: ScriptedWorld, inputs: dict[str, Any] | None = None) -> list[set[str]]:
    """Return the secrets that each attempt in the report knows of."""
    return [set(each.secrets) for each in run_scripted(text, world, inputs).steps]


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        (HIDDEN, "s3cret", {"s3cret"}),
        ({"type": "string", "writeOnly": True}, "s3cret", {"s3cret"}),
        ({"$ref": "#/components/inputs/Password"}, "s3cret", {"s3cret"}),
        ({"$ref": "#/components/inputs/Twice"}, "s3cret", {"s3cret"}),
        ({"$ref": "#/components/inputs/Itself"}, {"again": {"pw": "s3cret", "b": "shown"}}, {"s3cret"}),
        ({"allOf": [{"type": "string"}, HIDDEN]}, "s3cret", {"s3cret"}),
        ({"oneOf": [{"type": "integer"}, HIDDEN]}, "s3cret", {"s3cret"}),
        ({"if": {"type": "string"}, "then": HIDDEN}, "s3cret", {"s3cret"}),
        ({"type": "object", "properties": {"pw": HIDDEN}}, {"pw": "s3cret", "name": "shown"}, {"s3cret"}),
        ({"type": "object", "additionalProperties": HIDDEN}, {"any": "s3cret"}, {"s3cret"}),
        ({"type": "object", "patternProperties": {"^p": HIDDEN}}, {"pw": "s3cret"}, {"s3cret"}),
        ({"type": "array", "items": HIDDEN}, ["s3cret", "other"], {"s3cret", "other"}),
        ({"type": "array", "prefixItems": [{}, HIDDEN]}, ["shown", "s3cret"], {"s3cret"}),
        ({"type": "array", "items": {"properties": {"pw": HIDDEN}}}, [{"pw": "s3cret", "n": "shown"}], {"s3cret"}),
        ({"type": "array", "format": "password"}, [["s3cret"], 12345], {"s3cret", "12345"}),
        ({"type": "number", "format": "password"}, 123456.789, {"123456.789"}),
        ({"type": "number", "format": "password"}, 5000.0, {"5000.0", "5000"}),
        ({"format": "password"}, {"on": True, "no": None, "empty": "", "pin": 7}, {"7"}),
        ({"type": "string"}, "shown", set()),
    ],
)
def test_what_a_schema_hides_is_secret_wherever_it_says_so(member: Schema, value: object, expected: set[str]) -> None:
    itself = {"properties": {"again": {"$ref": "#/components/inputs/Itself"}, "pw": HIDDEN}}
    twice = {"allOf": [{"$ref": "#/components/inputs/Password"}, {"$ref": "#/components/inputs/Password"}]}
    schema = {"type": "object", "properties": {"v": member}}
    assert secret_inputs(schema, {"v": value}, Password=HIDDEN, Itself=itself, Twice=twice) == expected


def test_a_default_of_a_hidden_input_is_secret_too() -> None:
    schema = {"type": "object", "properties": {"pw": {**HIDDEN, "default": "s3cret"}}}
    assert secrets_of(document(workflow(step("a"), inputs=schema)), ScriptedWorld({})) == [{"s3cret"}]


@pytest.mark.parametrize(
    ("output", "value", "expected"),
    [
        ("$response.body#/token", "$steps.a.outputs.o", {"s3cret-token"}),
        ("$response.body", "Bearer {$steps.a.outputs.o#/token}", {"s3cret-token"}),
        ("$response.body", "Bearer {$steps.a.outputs.o}", {"s3cret-token", "12345", "shown"}),
        ("Bearer {$response.body#/token}", "$steps.a.outputs.o", {"Bearer s3cret-token", "s3cret-token"}),
        (SELECTOR, "Bearer {$steps.a.outputs.o}", {"s3cret-token"}),
        ("$response.body#/other", "none", {"none"}),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_what_becomes_a_credential_is_secret_in_each_part_also_when_the_step_fails(
    output: object, value: str, expected: set[str], status: int
) -> None:
    text = document(workflow(step("a", outputs={"o": output}), authorized(value)))
    body = {"token": "s3cret-token", "expires": 12345, "ok": True, "other": "shown"}
    found = secrets_of(text, ScriptedWorld({"a": [answer(status, body)]}))
    # an output that was not taken has no text of its own
    assert found[0] == (expected if status == 200 else expected - {"Bearer s3cret-token"})


@pytest.mark.parametrize(
    ("leading", "shared"),
    [
        ({"dependsOn": ["target"]}, {}),
        ({}, {"onSuccess": [{"name": "g", "type": "goto", "workflowId": "target"}]}),
        ({}, {"onFailure": [{"name": "r", "type": "retry", "retryLimit": 1, "workflowId": "target"}]}),
    ],
)
def test_an_input_that_a_workflow_shares_by_name_is_secret_in_both(leading: Schema, shared: Schema) -> None:
    schema = {"type": "object", "properties": {"token": {"type": "string"}}}
    target = workflow(authorized("Bearer {$inputs.token}"), name="target", inputs=schema)
    text = document(workflow(step("a", **shared), inputs=schema, **leading), target)
    ready = make_workflows_ready(text, inputs={"token": "s3cret"})
    assert find_secrets(ready.linked).inputs_of(ready.linked.workflows[ready.calls[0].key], {"token": "s3cret"}) == (
        "s3cret",
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("credentials", {"user": "alice", "password": "s3cret", "region": "eu"}, {"s3cret"}),
        ("token", {"access_token": "s3cret", "expires_in": 3600, "scope": "read"}, {"s3cret"}),
        # what is long may open something, whatever it is called
        ("token", {"access": "long-enough-to-open", "refresh_token": "s3cret"}, {"long-enough-to-open", "s3cret"}),
        # nothing tells which of these is the secret
        ("credentials", {"user": "alice", "word": "s3cret"}, {"alice", "s3cret"}),
        ("session", {"password": "s3cret", "city": "Berlin"}, {"s3cret"}),
    ],
)
def test_an_object_named_like_a_secret_has_those_of_its_members_that_are_named_so(
    name: str, value: dict[str, Any], expected: set[str]
) -> None:
    schema = {"type": "object", "properties": {name: {"type": "object"}}}
    assert secret_inputs(schema, {name: value}) == expected


def test_a_member_of_such_an_object_is_secret_where_it_goes_into_a_credential() -> None:
    schema = {"type": "object", "properties": {"credentials": {"type": "object"}}}
    text = document(workflow(authorized("Bearer {$inputs.credentials#/word}"), inputs=schema))
    given = {"credentials": {"word": "w0rd", "password": "s3cret", "region": "eu"}}
    assert secrets_of(text, ScriptedWorld({}), given) == [{"w0rd", "s3cret"}]


def test_an_object_whose_schema_hides_it_is_secret_in_each_of_its_parts() -> None:
    schema = {"type": "object", "properties": {"token": {"type": "object", "format": "password"}}}
    assert secret_inputs(schema, {"token": {"access_token": "s3cret", "scope": "read"}}) == {"s3cret", "read"}


def test_an_input_that_a_workflow_passes_otherwise_is_not_shared() -> None:
    schema = {"type": "object", "properties": {"word": {"type": "string"}, "other": {"type": "string"}}}
    target = workflow(authorized("Bearer {$inputs.word}"), name="target", inputs=schema)
    action = {
        "name": "g",
        "type": "goto",
        "workflowId": "target",
        "parameters": [{"name": "word", "value": "$response.body#/t"}],
    }
    text = document(workflow(step("a", onSuccess=[action]), inputs=schema), target)
    ready = make_workflows_ready(text, inputs={"word": "shown"})
    assert find_secrets(ready.linked).inputs_of(ready.linked.workflows[ready.calls[0].key], {"word": "shown"}) == ()
    world = ScriptedWorld({"a": [answer(200, {"t": "s3cret"})]})
    assert secrets_of(text, world, {"word": "shown"}) == [{"s3cret"}, {"s3cret"}]


def test_what_a_called_workflow_hides_is_secret_to_its_caller() -> None:
    called = workflow(step("b"), name="called", inputs={"type": "object", "properties": {"pw": HIDDEN}})
    passing = {"stepId": "c", "workflowId": "called", "parameters": [{"name": "pw", "value": "$steps.a.outputs.o"}]}
    text = document(workflow(step("a", outputs={"o": "$response.body#/pw"}), passing), called)
    found = secrets_of(text, ScriptedWorld({"a": [answer(200, {"pw": "s3cret"})]}))
    assert found[:2] == [{"s3cret"}, {"s3cret"}]


def test_credentials_are_secret_without_their_scheme() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    text = document(workflow(authorized("$inputs.a"), authorized("$inputs.b", "c"), inputs=schema))
    pair = base64.b64encode(b"user:s3cret").decode()
    found = secrets_of(text, ScriptedWorld({}), {"a": "Bearer tok3n", "b": f"Basic {pair}"})
    assert found[0] == {"Bearer tok3n", "tok3n", f"Basic {pair}", pair, "user:s3cret", "s3cret"}


def test_of_credentials_with_neither_a_user_nor_a_password_no_colon_is_secret() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    found = secrets_of(
        document(workflow(authorized("$inputs.a"), inputs=schema)), ScriptedWorld({}), {"a": "Basic Og=="}
    )
    assert found[0] == {"Basic Og==", "Og=="}


@settings(max_examples=100, deadline=None)
@given(
    value=st.recursive(
        st.text(min_size=1) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=6,
    )
)
def test_of_a_secret_value_every_part_with_a_text_is_secret(value: Any) -> None:
    found = secret_inputs({"type": "object", "properties": {"v": {"format": "password"}}}, {"v": value})
    waiting: list[Any] = [value]
    texts = set()
    while waiting:
        match waiting.pop():
            case dict() as members:
                waiting += members.values()
            case list() as elements:
                waiting += elements
            case "" | bool():
                pass
            case leaf:
                texts.add(leaf if isinstance(leaf, str) else json.dumps(leaf))
    assert texts <= found
