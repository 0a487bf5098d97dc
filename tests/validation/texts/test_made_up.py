"""A call of another language that makes a value up is text here: it is told, and not what a payload has of its own."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, codes, validated

_FIX: Final = "declare an input, and give it with `-i <name>=…`"


def _payload(payload: Any) -> Findings:
    return validated({"requestBody": {"contentType": "application/json", "payload": payload}})


@pytest.mark.parametrize(
    "call",
    [
        *("uuid()", "now()", "Date.now()", "crypto.randomUUID()", "uuid.uuid4()", "uuidv4()", "States.UUID()"),
        *("UUID.randomUUID().toString()", "new Date().toISOString()", "datetime.utcnow()", "Math.random()"),
        *("SecureRandom.uuid", "Time.now.to_i", "Faker::Name.name", "faker.internet.email()", "random.randint(1, 9)"),
        *("${Date.now()}", "#{T(java.util.UUID).randomUUID()}", "{{ now() }}", "${{ uuid() }}", "<%= Time.now %>"),
        *("#(java.util.UUID.randomUUID() + '')", "$(uuidgen)", "$(date +%s)", "{uuid()}", "{{ now() | date }}"),
    ],
)
def test_a_call_that_makes_a_value_up_is_told_as_text(call: str) -> None:
    (finding,) = _payload({"note": call})
    assert codes((finding,)) == [("warning", "extension-ignored")]
    assert (finding.message, finding.fix) == (f"`{call}` is text here, and no value is made up", _FIX)
    (asked,) = validated({"parameters": [{"name": "x", "in": "query", "value": call}]})
    assert asked.message == finding.message


def test_within_a_text_it_is_told_in_braces_alone() -> None:
    (finding,) = _payload({"note": "made ${Date.now()} and #{SecureRandom.hex(8)}"})
    assert finding.message == "`${Date.now()}` is text here, and no value is made up"
    assert _payload({"note": "call now() to save"}) == ()


@pytest.mark.parametrize(
    "payload",
    [
        {"default": "now()"},
        {"sql": "now()"},
        {"html": "<p>{{ now() }}</p>"},
        {"code": "const id = `${Date.now()}`"},
        {"definition": {"States": {"Make": {"Parameters": {"id.$": "States.UUID()"}}}}},
        {"note": "for (;;) {\n  ${Date.now()}\n}"},
        {"note": "renow()", "other": "uuid", "more": "f(x)", "brace": "{id}", "named": "renewal()"},
    ],
)
def test_what_a_payload_has_of_its_own_is_no_call_of_the_author(payload: Any) -> None:
    assert _payload(payload) == ()


def test_right_below_the_payload_a_call_is_of_who_writes_the_workflow() -> None:
    assert codes(_payload({"id.$": "States.UUID()"})) == [("warning", "extension-ignored")]


@pytest.mark.parametrize(
    "text",
    [
        *('os.environ["SECRET"]', "os.environ.get('SECRET', '')", "os.getenv('A')", "ENV['A']", 'System.getenv("A")'),
        *("${Cypress.env('NAME')}", "{{process.env.SECRET}}", "${__ENV.KEY}", "{{ lookup('env', 'A') }}"),
    ],
)
def test_a_variable_of_the_environment_is_told_as_one_that_is_not_read(text: str) -> None:
    (finding,) = _payload({"a": text})
    assert (finding.code, finding.message) == (
        "extension-ignored",
        f"`{text}` is text here, and no variable of the environment is read",
    )
    assert finding.fix == 'declare an input, and give it with `-i <name>="$VARIABLE"`'
    assert _payload({"a": "set process.env.KEY"}) == ()


def test_a_word_in_capitals_is_told_where_an_input_is_called_so() -> None:
    workflow = {"inputs": {"type": "object", "properties": {"EMAIL": {"type": "string"}}}}
    step = {"requestBody": {"contentType": "application/json", "payload": {"a": "$EMAIL", "b": "$OTHER"}}}
    (finding,) = validated(step, workflow=workflow)
    assert finding.fix == "write `$inputs.EMAIL`"
