"""A text that another language fills in is told with the text that says the same here."""

from __future__ import annotations

from typing import Any

import pytest
from validated import codes, validated


def _fixes(value: Any, **rest: Any) -> list[str]:
    found = validated({"requestBody": {"contentType": "application/json", "payload": value}}, **rest)
    assert {code for _, code in codes(found)} <= {"expression-as-text", "extension-ignored"}
    return [each.fix for each in found]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ('f"{sku}"', "write `$inputs.sku`"),
        ("f'{id}-{sku}'", "write `{$steps.find.outputs.id}-{$inputs.sku}`"),
        ('$"to {sku}"', "write `to {$inputs.sku}`"),
        ("`to ${sku}`", "write `to {$inputs.sku}`"),
        (
            "f'{nothing}'",
            "declare an input, and write `{$inputs.<name>}` for `nothing`: no variable of a program is read",
        ),
        (
            "f'{sku:02d}'",
            "an expression computes nothing: give `sku:02d` as an input, and write `{$inputs.<name>}` for it",
        ),
        (
            "${sku:-none}",
            "no expression chooses: give input `sku` `default: none` in its schema, and write `$inputs.sku`",
        ),
        (
            "${KEY:-none}",
            "no expression chooses: declare input `KEY` with `default: none` in its schema, and write `$inputs.KEY`",
        ),
        ("${sku:?no sku}", "write `$inputs.sku`, and have `sku` among the inputs that are `required`"),
        ("${id:-none}", "no expression chooses: the value itself is `$steps.find.outputs.id`"),
        (
            "{{ sku | default('Ann') }}",
            "no expression chooses: give input `sku` `default: Ann` in its schema, and write `$inputs.sku`",
        ),
    ],
)
def test_a_text_that_is_filled_in_elsewhere_is_told_with_what_says_the_same(text: str, fix: str) -> None:
    assert _fixes({"a": text}) == [fix]


@pytest.mark.parametrize("text", ["see f'{sku}'", "f'none'", "`code`", "echo ${sku:-none} twice", '"quoted"'])
def test_any_other_text_is_sent_as_it_is(text: str) -> None:
    assert _fixes({"a": text}) == []


def test_code_may_fill_in_texts_of_its_own() -> None:
    assert _fixes({"script": "f'{sku}'", "code": "f'{sku}'", "command": "$(cat key.txt)"}) == []


@pytest.mark.parametrize("text", ["$(cat key.txt)", "`curl -s https://example.com`"])
def test_a_command_is_not_run(text: str) -> None:
    assert _fixes({"a": text}) == ["declare an input, and give it with `-i <name>=…`"]


def test_a_made_up_value_where_a_number_is_due_is_told_once() -> None:
    schema = {"required": ["n"], "properties": {"n": {"type": "integer"}}}
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    (found,) = validated({"requestBody": {"payload": {"n": "Date.now()"}}}, operation)
    assert codes((found,)) == [("error", "literal-refused")]
    assert found.fix == "no value is made up: declare an input, and give it with `-i <name>=…`"


def test_a_condition_alone_is_told_once() -> None:
    (found,) = validated({"successCriteria": "$statusCode == 200"})
    assert found.fix == 'write `successCriteria: [{"condition":"$statusCode == 200"}]`'


def test_the_name_of_an_output_in_braces_is_told_unless_any_template_may_have_it() -> None:
    before = {"stepId": "find", "operationId": "op", "outputs": {"receipt": "$statusCode", "id": "$statusCode"}}
    assert _fixes({"a": "{receipt}", "b": "{id}"}, before=before) == ["write `$steps.find.outputs.receipt`"]
