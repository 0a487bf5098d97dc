"""Values in the braces of other tools are expressions where they name what exists; a template of an API stays one."""

from __future__ import annotations

from typing import Final

import pytest
from msgspec.structs import replace

from arazzo_engine.language.repairs.corrections import correct
from arazzo_engine.language.repairs.names import Names
from arazzo_engine.language.repairs.sites import Kind, Site, has_marks
from arazzo_engine.language.repairs.soundness import is_sound
from arazzo_engine.vocabulary import Vocabulary

_NAMES: Final = Names(
    inputs=frozenset({"sku", "count", "order", "inputs.odd"}),
    steps={"find": frozenset({"id", "item"}), "ping": frozenset(), "find a pet: v1.2": frozenset({"id", "item"})},
    workflows={"other": frozenset({"total"})},
    numbers=frozenset({"count"}),
    workflow="here",
    step_ids=Vocabulary(("find", "ping")),
)
_SENT: Final = (Kind.VALUE, Kind.ARGUMENT, Kind.PARAMETER)
_EVERYWHERE: Final = (*_SENT, Kind.OUTPUT)


def _written(found: str, kind: Kind) -> object:
    site = Site(kind, found, ("x",), _NAMES)
    value = correct(site)[0]
    assert value == found or not is_sound(site)
    # of what is sent, only such a text is a place at all
    assert value == found or kind is not Kind.VALUE or has_marks(found)
    return value


@pytest.mark.parametrize("kind", _EVERYWHERE)
@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("${{ inputs.sku }}", "$inputs.sku"),
        ("{{inputs.sku}}", "$inputs.sku"),
        ("{{ $inputs.sku }}", "$inputs.sku"),
        ("${inputs.sku}", "$inputs.sku"),
        ("{{steps.find.outputs.id}}", "$steps.find.outputs.id"),
        ("${{ steps.find.outputs.id }}", "$steps.find.outputs.id"),
        ("${steps.find.outputs.id}", "$steps.find.outputs.id"),
        ("${{ steps.find.id }}", "$steps.find.outputs.id"),
        ("{{steps.find.outputs.item.prices[0].amount}}", "$steps.find.outputs.item#/prices/0/amount"),
        ("${{ inputs.order.id }}", "$inputs.order#/id"),
        ("{{inputs.order#/id}}", "$inputs.order#/id"),
        ("{{workflows.other.outputs.total}}", "$workflows.other.outputs.total"),
        ("no ${{ inputs.sku }}, {{ $inputs.count }}", "no {$inputs.sku}, {$inputs.count}"),
        ("{{steps.find.outputs.id}}-1", "{$steps.find.outputs.id}-1"),
        ("{{workflow.inputs.sku}}", "$inputs.sku"),
        ("no {{workflow.inputs.sku}}", "no {$inputs.sku}"),
        ("{workflow.inputs.sku}", "$inputs.sku"),
        # a step by its id alone, and an input nearly by its root
        ("{{find.id}}", "$steps.find.outputs.id"),
        ("${find.id}", "$steps.find.outputs.id"),
        ("${{ find.outputs.id }}", "$steps.find.outputs.id"),
        ("{{input.sku}}", "$inputs.sku"),
        ("{{ steps.find a pet: v1.2.outputs.id }}", "$steps.find a pet: v1.2.outputs.id"),
        ("${steps.find a pet: v1.2.outputs.id}", "$steps.find a pet: v1.2.outputs.id"),
        ("a {{steps.find a pet: v1.2.outputs.item#/id}}!", "a {$steps.find a pet: v1.2.outputs.item#/id}!"),
    ],
)
def test_what_is_named_as_an_expression_is_one_wherever_it_stands(found: str, written: str, kind: Kind) -> None:
    assert _written(found, kind) == written


@pytest.mark.parametrize("kind", _EVERYWHERE)
@pytest.mark.parametrize(
    "found",
    [
        "{{$inputs.sku}}",
        "${{$inputs.sku}}",
        "{{{inputs.sku}}}",
        "{{{ $inputs.sku }}}",
        "${$inputs.sku}",
        "${ $inputs.sku }",
        "$(inputs.sku)",
        "$($inputs.sku)",
        "$( $inputs.sku )",
        "#{inputs.sku}",
        "#{ $inputs.sku }",
        "@{inputs.sku}",
        "{inputs.sku}",
        "{ inputs.sku }",
        "<%= inputs.sku %>",
        "<%= $inputs.sku -%>",
        "<%$inputs.sku%>",
        # a name in brackets
        "#{inputs[:sku]}",
        "${inputs['sku']}",
        '{{ inputs["sku"] }}',
    ],
)
def test_a_value_in_the_marks_of_any_tool_is_that_value(found: str, kind: Kind) -> None:
    assert _written(found, kind) == "$inputs.sku"


@pytest.mark.parametrize("kind", _EVERYWHERE)
@pytest.mark.parametrize(
    "found",
    ["${$inputs.count}", "${$steps.pay.outputs.total}", "#{$inputs.sku}", "@{$inputs.sku}", "so ${$inputs.sku}"],
)
def test_a_price_a_tag_and_one_who_is_meant_are_texts_around_an_expression(found: str, kind: Kind) -> None:
    names = replace(_NAMES, steps={**_NAMES.steps, "pay": frozenset({"total"})})
    assert correct(Site(kind, found, ("x",), names))[0] == found


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("Bearer $($inputs.sku)", "Bearer {$inputs.sku}"),
        ("Bearer ${ $inputs.sku }", "Bearer {$inputs.sku}"),
        ("Bearer <%= $inputs.sku %>", "Bearer {$inputs.sku}"),
        ("Bearer ${{$inputs.sku}}", "Bearer {$inputs.sku}"),
        # a credential is nothing else
        ("Bearer {{$inputs.sku}}", "Bearer {$inputs.sku}"),
        ("bearer ${$steps.find.outputs.id}", "bearer {$steps.find.outputs.id}"),
        ("Bearer {inputs.sku}", "Bearer {$inputs.sku}"),
        ("so {{$inputs.sku}}", "so {{$inputs.sku}}"),
        ("Bearer [[ $inputs.sku ]]", "Bearer [[ $inputs.sku ]]"),
        ("Bearer << $inputs.sku >>", "Bearer << $inputs.sku >>"),
        ("Bearer ($inputs.sku)", "Bearer ({$inputs.sku})"),
    ],
)
def test_an_expression_in_other_marks_gets_no_braces_within_them(found: str, written: str) -> None:
    assert _written(found, Kind.PARAMETER) == written


@pytest.mark.parametrize("kind", _SENT)
@pytest.mark.parametrize("found", ["{{output.id}}", "${find.nothing}", "{{workflow.id}}", "{{FIND.id}}", "{find.id}"])
def test_a_template_of_what_no_step_has_is_the_text_that_it_is(found: str, kind: Kind) -> None:
    assert _written(found, kind) == found


@pytest.mark.parametrize("kind", _EVERYWHERE)
@pytest.mark.parametrize("found", ["{{input.sku}}", "{{find.id}}", "${find.id}", "$find.id", "$input.sku"])
def test_a_word_that_is_the_id_of_a_step_and_an_input_or_a_root_is_none_of_them(found: str, kind: Kind) -> None:
    both = replace(_NAMES, inputs=frozenset({"find", "sku", "input"}))
    assert correct(Site(kind, found, ("x",), both))[0] == found
    step = replace(_NAMES, steps={**_NAMES.steps, "input": frozenset({"sku"})})
    assert (correct(Site(kind, found, ("x",), step))[0] == found) == ("input" in found)


@pytest.mark.parametrize("kind", _SENT)
@pytest.mark.parametrize("found", ["{{sku}}", "{{ sku }}", "${{ sku }}", "={{ sku }}", "#(sku)", "##( sku )"])
def test_a_value_that_is_the_name_of_an_input_in_braces_is_that_input(found: str, kind: Kind) -> None:
    assert _written(found, kind) == "$inputs.sku"
    assert _written(found, Kind.OUTPUT) == found


@pytest.mark.parametrize("kind", _SENT)
def test_a_value_that_is_the_name_of_an_output_of_one_other_step_is_that_output(kind: Kind) -> None:
    names = replace(_NAMES, steps={**_NAMES.steps, "pay": frozenset({"id", "receipt"})}, step="here")

    def written(found: str, around: Names) -> object:
        return correct(Site(kind, found, ("x",), around))[0]

    assert written("{{receipt}}", names) == "$steps.pay.outputs.receipt"
    assert written("{{receipt}}", replace(names, step="pay")) == "{{receipt}}"
    # of two steps, or of an input that may have that name
    assert written("{{id}}", names) == "{{id}}"
    assert written("{{receipt}}", replace(names, inputs=None)) == "{{receipt}}"
    assert written("{{receipt}}", replace(names, steps={**names.steps, "call": None})) == "{{receipt}}"


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("Bearer {{sku}}", "Bearer {$inputs.sku}"),
        ("=to {{sku}}", "to {$inputs.sku}"),
        ("=to {{nothing}}", "=to {{nothing}}"),
        ("{{sku}}:{{ count }}", "{$inputs.sku}:{$inputs.count}"),
        ("Bearer ${inputs.sku}", "Bearer {$inputs.sku}"),
        ("Bearer {{sku}} {{nothing}}", "Bearer {$inputs.sku} {{nothing}}"),
    ],
)
def test_an_input_in_braces_is_a_template_of_the_api_but_in_the_text_of_a_parameter(found: str, written: str) -> None:
    assert _written(found, Kind.PARAMETER) == written
    for kind in (Kind.VALUE, Kind.ARGUMENT, Kind.OUTPUT):
        assert _written(found, kind) == found


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ('{"a": "{{sku}}", "n": {{count}}}', '{"a": "{$inputs.sku}", "n": {$inputs.count}}'),
        ('{"a": "{{$inputs.sku}}", "n":{{$inputs.count}}}', '{"a": "{$inputs.sku}", "n":{$inputs.count}}'),
        ('["{{sku}}",{{ count }}]', '["{$inputs.sku}",{$inputs.count}]'),
        ('{\n  "a": "${{ inputs.sku }}"\n}', '{\n  "a": "{$inputs.sku}"\n}'),
        ('{"a": "Dear {{sku}}"}', '{"a": "Dear {{sku}}"}'),
        ('{"a": "so \\"{{sku}}\\""}', '{"a": "so \\"{{sku}}\\""}'),
        ("<a>{{inputs.sku}}</a>\n<b/>", "<a>{$inputs.sku}</a>\n<b/>"),
        ("<a>{{sku}}</a>", "<a>{{sku}}</a>"),
        (
            '{ "a": "#(sku)", "n": {$inputs.count}, "m": "#(find.id)" }',
            '{ "a": "{$inputs.sku}", "n": {$inputs.count}, "m": "{$steps.find.outputs.id}" }',
        ),
        ('{"a": "so #(sku)", "b": "#(sku) #(sku)"}', '{"a": "so #(sku)", "b": "#(sku) #(sku)"}'),
        ('{"a": #(sku), "b":##(count)}', '{"a": {$inputs.sku}, "b":{$inputs.count}}'),
        ('{"a": "so: #(sku), no #(sku)"}', '{"a": "so: #(sku), no #(sku)"}'),
        ('{"a": "so \\"b\\": #(sku), no"}', '{"a": "so \\"b\\": #(sku), no"}'),
        ('{"a": "Dear {{sku}}, no {{count}}, no"}', '{"a": "Dear {{sku}}, no {{count}}, no"}'),
        ('{"a": "to ${{ inputs.sku }}"}', '{"a": "to {$inputs.sku}"}'),
        ('{"a": "on: push\\nrun: ${{ inputs.sku }}"}', '{"a": "on: push\\nrun: ${{ inputs.sku }}"}'),
        ('{"a": "{\\"n\\": {{count}}}"}', '{"a": "{\\"n\\": {$inputs.count}}"}'),
        ('{"{{sku}}": 1, "a": "{{sku}}', '{"{{sku}}": 1, "a": "{{sku}}'),
    ],
)
def test_in_json_as_text_a_member_is_a_value_as_in_any_other(found: str, written: str) -> None:
    assert _written(found, Kind.VALUE) == written


@pytest.mark.parametrize(
    "found",
    [
        "{{nothing}}",
        "${{ inputs.nothing }}",
        "{{steps.nowhere.outputs.id}}",
        "{{steps.find.outputs.nothing}}",
        "{{steps.find no pet.outputs.id}}",
        "${sku}",
        "so {inputs.sku}",
        "{inputs.nothing}",
        "{sku}",
        "{{#sku}}{{/sku}}",
        "{{ sku | upper }}",
        "#(nothing)",
        "no #(sku)",
        "#(sku)!",
        # a value in braces, as an API may want it
        "so {{$inputs.sku}}",
        "{{$sku}}",
        # an input, or the member of one
        "{{inputs.odd}}",
        # a file that has such braces itself
        "on: workflow_call\nrun: echo ${{ inputs.sku }}",
    ],
)
def test_what_names_nothing_or_two_things_stays_the_text_that_it_is(found: str) -> None:
    for kind in (Kind.VALUE, Kind.ARGUMENT, Kind.OUTPUT):
        assert _written(found, kind) == found


def test_the_output_of_a_later_step_is_a_template_of_the_api() -> None:
    site = Site(Kind.PARAMETER, "{{item}}", ("x",), replace(_NAMES, step="find"))
    assert correct(site)[0] == "{{item}}"
    names = replace(_NAMES, steps={"first": frozenset(), "find": frozenset({"item"})}, step="first")
    assert correct(Site(Kind.PARAMETER, "{{item}}", ("x",), names))[0] == "{{item}}"


@pytest.mark.parametrize("text", ["Order #{inputs.sku}", "to @{inputs.sku} now", "${$steps.find.outputs.total}"])
def test_a_sign_that_may_be_one_of_the_text_is_left_alone(text: str) -> None:
    site = Site(Kind.PARAMETER, text, ("x",), _NAMES)
    assert correct(site)[0] == text


def test_a_name_of_what_a_client_has_from_outside_is_that_of_an_input() -> None:
    assert _written("{{ _.sku }}", Kind.PARAMETER) == "$inputs.sku"
    assert _written("{{ _.gone }}", Kind.PARAMETER) == "{{ _.gone }}"
