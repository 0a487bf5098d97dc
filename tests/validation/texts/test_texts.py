"""Texts that were meant as expressions are told by the names that exist; every other text is text."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validated import Findings, codes, validated

from arazzo_engine.spelling import is_slip, without_one


def _payload(value: Any) -> Findings:
    return validated({"requestBody": {"contentType": "application/json", "payload": value}})


def _told(findings: Findings) -> list[tuple[str, str, str]]:
    return [(each.severity.value, each.message.split("`")[1], each.fix) for each in findings]


MEANT = (
    # without braces, or without the sign
    ("order-$steps.find.outputs.id", "$steps.find.outputs.id", "{$steps.find.outputs.id}"),
    ("order-$inputs.sku-1", "$inputs.sku", "{$inputs.sku}"),
    ("to $inputs.customer.name or none", "$inputs.customer.name", "{$inputs.customer#/name}"),
    (" $inputs.sku", "$inputs.sku", "{$inputs.sku}"),
    ("inputs.sku", "inputs.sku", "$inputs.sku"),
    ("inputs.order.line", "inputs.order.line", "$inputs.order.line"),
    ("steps.find.outputs.id", "steps.find.outputs.id", "$steps.find.outputs.id"),
    ("steps.find.id", "steps.find.id", "$steps.find.outputs.id"),
    ("see sourceDescriptions.shop.url", "sourceDescriptions.shop.url", "{$sourceDescriptions.shop.url}"),
    ("the $response.body#/id", "$response.body#/id", "{$response.body#/id}"),
    ("x $inputs['sku']", "$inputs['sku']", "{$inputs.sku}"),
    ("see {workflow.inputs.sku}", "{workflow.inputs.sku}", "{$inputs.sku}"),
    ("see $workflow.inputs.sku", "$workflow.inputs.sku", "{$inputs.sku}"),
    # with the braces of another language
    ("${{ inputs.sku }}", "${{ inputs.sku }}", "$inputs.sku"),
    ("{{ inputs.sku }}", "{{ inputs.sku }}", "$inputs.sku"),
    ("so {{$inputs.sku}}", "{{$inputs.sku}}", "{$inputs.sku}"),
    ("{{$inputs.sku}}", "{{$inputs.sku}}", "$inputs.sku"),
    ("{inputs.sku}", "{inputs.sku}", "$inputs.sku"),
    ("{ $inputs.sku }", "{ $inputs.sku }", "$inputs.sku"),
    ("a {{ sku }}", "{{ sku }}", "{$inputs.sku}"),
    ("a {{ id }}", "{{ id }}", "{$steps.find.outputs.id}"),
    ("${sku}", "${sku}", "$inputs.sku"),
    ("<%= sku %>", "<%= sku %>", "$inputs.sku"),
    ("${steps.find.outputs.id}", "${steps.find.outputs.id}", "$steps.find.outputs.id"),
    # a step and its output, or an input, in one pair of braces
    ("{find.id}", "{find.id}", "$steps.find.outputs.id"),
    ("{ find.outputs.id }", "{ find.outputs.id }", "$steps.find.outputs.id"),
    ("of {find.id}: new", "{find.id}", "{$steps.find.outputs.id}"),
    ('{"a": "{input.sku}"}', "{input.sku}", "{$inputs.sku}"),
    # a slip of the keys
    ("a {i$nputs.sku}", "{i$nputs.sku}", "{$inputs.sku}"),
    ("x$inputs.sku", "x$inputs.sku", "$inputs.sku"),
    ("Bearer $inputssku", "$inputssku", "{$inputs.sku}"),
)


@pytest.mark.parametrize(("text", "written", "fix"), MEANT)
def test_a_text_that_names_what_exists_is_a_warning_with_the_expression(text: str, written: str, fix: str) -> None:
    assert _told(_payload({"a": [text]})) == [("warning", written, f"write `{fix}`")]
    assert ("error", "field-value") not in codes(_payload(text))


_MARKS: Final = ("{%s}", "${%s}", "#{%s}", "$(%s)", "<%s>", "<<%s>>", "[[%s]]", "[[ %s ]]", "%%%s%%", ":%s")


@pytest.mark.parametrize("marks", _MARKS)
@pytest.mark.parametrize(("name", "meant"), [("sku", "$inputs.sku"), ("id", "$steps.find.outputs.id")])
def test_a_name_that_exists_between_the_marks_of_another_tool_is_told_with_its_expression(
    marks: str, name: str, meant: str
) -> None:
    text = marks % name
    told = [("warning", text, f"write `{meant}`")]
    parameter = validated({"parameters": [{"name": "q", "in": "query", "value": text}]})
    assert [each for each in _told(parameter) if each[1] == text] == told
    # the name of an output in mere braces may be that of a template of the API
    assert _told(_payload({"a": [text]})) == ([] if text == "{id}" else told)


@pytest.mark.parametrize("marks", ["<%s>", ":%s", "%%%s%%", "[[%s]]", "$(%s)"])
def test_the_same_marks_around_any_other_name_are_text(marks: str) -> None:
    assert not _payload({"a": marks % "colour", "b": f"see {marks % 'sku'} there", "query": marks % "sku"})


def test_a_name_that_exists_between_marks_is_told_behind_the_scheme_of_a_credential() -> None:
    given = {"parameters": [{"name": "X-Key", "in": "header", "value": "Bearer <sku>"}]}
    assert ("warning", "<sku>", "write `{$inputs.sku}`") in _told(validated(given))


@pytest.mark.parametrize("text", ["{code}", "<code>", "%code%"])
def test_an_output_that_is_a_name_between_marks_is_told_with_what_it_names(text: str) -> None:
    found = validated({"outputs": {"code": "$statusCode", "other": text, "another": text.replace("code", "sku")}})
    told = [(each.code, each.fix) for each in found if text.replace("code", "sku") in each.message]
    assert told == [("expression-as-text", "write `$inputs.sku`")]


@pytest.mark.parametrize("text", ["{fnd.id}", "{find.name}", "{user.id}", "a {sku}", "{id}", "\\{find.id}", "#{find}"])
def test_one_pair_of_braces_around_what_may_be_a_name_of_a_template_is_text(text: str) -> None:
    assert not _payload({"a": f"see {text}."})


@pytest.mark.parametrize(
    ("condition", "shown", "fix"),
    [
        ("'{{$steps.find.outputs.id}}' == $response.body#/a", "{{$steps.find.outputs.id}}", "{$steps.find.outputs.id}"),
        ("$response.body#/a == 'a ${$inputs.sku}'", "${$inputs.sku}", "{$inputs.sku}"),
        ("$response.body#/a == 'a {find.id}'", "{find.id}", "{$steps.find.outputs.id}"),
    ],
)
def test_a_value_in_more_than_its_braces_is_told_where_it_is_compared(condition: str, shown: str, fix: str) -> None:
    assert _told(validated({"successCriteria": [{"condition": condition}]})) == [("warning", shown, f"write `{fix}`")]


@pytest.mark.parametrize("text", ["{{steps.find.outputs.id}}", "{{find.id}}", "{find.id}"])
def test_what_is_an_expression_in_quotes_is_told_to_lose_them(text: str) -> None:
    (finding,) = validated({"successCriteria": [{"condition": f"$response.body#/a == '{text}'"}]})
    assert finding.message == f"`{text}` is text here, and is compared as it is"
    assert finding.fix == "write `$steps.find.outputs.id` without quotes"


def test_an_expression_in_a_pair_of_braces_more_is_told_as_what_is_sent() -> None:
    (finding,) = _payload({"a": "so {{$inputs.sku}}"})
    assert finding.message == "`{{$inputs.sku}}` is the value in a pair of braces here"


@pytest.mark.parametrize("text", ["so ${$inputs.sku}", "${$steps.find.outputs.id}/a", "so ${$inputs.order.line}"])
def test_the_sign_of_another_tool_before_an_expression_is_told(text: str) -> None:
    header = {"parameters": [{"name": "X-Note", "in": "header", "value": text}]}
    for (finding,) in (_payload({"a": [text]}), validated(header)):
        assert codes((finding,)) == [("warning", "expression-as-text")]
        assert finding.message.endswith("}` is a `$` and the value here")
        shown = finding.message.split("`")[1]
        assert shown in text
        assert finding.fix == f"write `{shown[1:]}`"
        assert finding.location is not None
        assert finding.location.source[finding.location.column - 1 :].startswith(shown)


@pytest.mark.parametrize("text", ["costs ${$inputs.count}", "#{$inputs.sku}", "@{$inputs.sku}", "$${$inputs.sku}"])
def test_the_sign_of_a_price_of_a_tag_and_of_one_who_is_meant_is_text(text: str) -> None:
    assert _payload({"a": text}) == ()
    earlier = {"stepId": "find", "operationId": "op", "outputs": {"unitPrice": "$response.body#/p"}}
    assert validated({"requestBody": {"payload": {"a": "${$steps.find.outputs.unitPrice} each"}}}, before=earlier) == ()


_NO_CHOICE = (
    "Arazzo has no conditional expression: give the value as an input, with a `default`, or choose a step by `criteria`"
)
_NO_CALL = "an expression calls nothing: give the result as an input, or take it from an answer"
COMPUTED = (
    ("{ $inputs.sku ? $inputs.sku : 'x' }", _NO_CHOICE),
    ("{ $inputs.sku || 'x' }", _NO_CHOICE),
    ("{ $steps.find.outputs.id ?? 'x' }", _NO_CHOICE),
    ("{ $response.body ? 1 : 2 }", _NO_CHOICE),
    ("{ !$inputs.sku && 1 }", _NO_CHOICE),
    ("{ $inputs.sku + 1 }", "Arazzo has no arithmetic: give the result as an input, or take it from an answer"),
    ("{upper($inputs.sku)}", _NO_CALL),
    ("{ $inputs.sku.toUpperCase() }", _NO_CALL),
)


@pytest.mark.parametrize(("text", "fix"), COMPUTED)
def test_a_computation_in_braces_is_an_error_wherever_it_is_sent(text: str, fix: str) -> None:
    told = [("error", text, fix)]
    assert _told(_payload({"a": [f"so {text}"]})) == told
    header = {"parameters": [{"name": "X-Note", "in": "header", "value": text}]}
    assert _told(validated(header)) == told
    assert _told(validated({"outputs": {"a": text}})) == told


def test_a_computation_that_begins_as_an_expression_is_told_once() -> None:
    told = [("error", "$inputs.sku ? $inputs.sku : 'x'", _NO_CHOICE)]
    assert _told(_payload("{$inputs.sku ? $inputs.sku : 'x'}")) == told
    assert _told(validated({"outputs": {"a": "{$inputs.sku ? $inputs.sku : 'x'}"}})) == told


_NO_ARITHMETIC = "Arazzo has no arithmetic: give the result as an input, or take it from an answer"
WHOLE = (
    ("$inputs.sku + $inputs.sku", f"{_NO_ARITHMETIC}; if a text is meant, write `{{$inputs.sku}}{{$inputs.sku}}`"),
    ("$inputs.sku / $inputs.sku", f"{_NO_ARITHMETIC}; if a text is meant, write `{{$inputs.sku}} / {{$inputs.sku}}`"),
    ("'a-' + $inputs.sku", f"{_NO_ARITHMETIC}; if a text is meant, write `a-{{$inputs.sku}}`"),
    ("1 + $inputs.sku", _NO_ARITHMETIC),
    ("($inputs.sku - 1) * 20", _NO_ARITHMETIC),
    ("($inputs.sku + $inputs.sku) * 20", _NO_ARITHMETIC),
    (
        "$steps.find.outputs.id || $inputs.sku",
        (
            "Arazzo has no choice of two values: give `$steps.find.outputs.id` to one step and `$inputs.sku` to"
            " another, and choose by `criteria`"
        ),
    ),
    ("$steps.find.outputs.id ?? 'x'", _NO_CHOICE),
)


@pytest.mark.parametrize(("text", "fix"), WHOLE)
def test_a_value_that_is_a_computation_is_an_error_wherever_it_is_sent(text: str, fix: str) -> None:
    header = {"parameters": [{"name": "X-Note", "in": "header", "value": text}]}
    for found in (_payload({"a": [text]}), validated(header), validated({"outputs": {"a": text}})):
        assert [(each.code, each.severity.value, each.fix) for each in found] == [("invalid-expression", "error", fix)]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("${{ inputs.sku || 'A1' }}", "no expression chooses: give input `sku` `default: A1` in its schema, and write"),
        ("so ${{ inputs.sku ?? 1 }}", "no expression chooses: give input `sku` `default: 1` in its schema, and write"),
        ("{{ inputs.sku | default('a b') }}", "no expression chooses: give input `sku` `default: a b` in its schema"),
        ("{{ inputs.sku | upper }}", "write `$inputs.sku`: no expression has filters"),
    ],
)
def test_a_value_for_one_that_is_not_there_is_told_as_the_default_of_the_input(text: str, fix: str) -> None:
    (finding,) = _payload({"a": text})
    assert finding.fix.startswith(fix)


def test_in_a_payload_braces_are_told_for_the_text_with_its_call_alone() -> None:
    (finding,) = _payload({"a": "base64($inputs.sku)"})
    assert finding.fix == f"{_NO_CALL}; where the text with its call is meant, write `{{$inputs.sku}}` in it"


@pytest.mark.parametrize("text", ["upper($inputs.sku)", "$concat('a', $inputs.sku)", "json.parse($inputs.sku)"])
def test_a_parameter_or_output_that_calls_a_function_is_an_error(text: str) -> None:
    told = [("error", text, _NO_CALL)]
    assert _told(validated({"parameters": [{"name": "X-Note", "in": "header", "value": text}]})) == told
    assert _told(validated({"outputs": {"a": text}})) == told


@pytest.mark.parametrize(
    "text",
    [
        "upper({$inputs.sku})",
        "to (all of $inputs.sku)",
        "startswith(name, '$inputs.sku')",
        "max(key) = $inputs.sku or (1)",
    ],
)
def test_a_text_with_brackets_is_no_call(text: str) -> None:
    header = {"parameters": [{"name": "X-Note", "in": "header", "value": text}]}
    assert ("error", "invalid-expression") not in codes(validated(header))


NO_WHOLE = (
    "{$inputs.sku} - {$inputs.sku}",
    "$inputs.sku/$inputs.sku",
    "$inputs.sku $inputs.sku",
    "1 + 1",
)


@pytest.mark.parametrize("text", NO_WHOLE)
def test_a_text_of_several_values_is_no_computation(text: str) -> None:
    assert ("error", "invalid-expression") not in codes(_payload({"a": text}))


NOT_COMPUTED = (
    # the texts of a JSON text, a query of GraphQL, and what stands in no braces
    '{"a": "is it there? $5 or $10: +1 || 2"}',
    "{ user(id: $id) { name } }",
    "is it {there} ? yes : no",
    "{ $other.name || 1 }",
)


@pytest.mark.parametrize("text", NOT_COMPUTED)
def test_a_text_that_computes_nothing_is_text(text: str) -> None:
    assert _told(_payload({"a": text})) == []


LOOKUPS = (
    ('${execution.getVariable("sku")}', "$inputs.sku"),
    ("#{execution.getVariable('id')}", "$steps.find.outputs.id"),
    ('={{ $node["find"].json.id }}', "$steps.find.outputs.id"),
    ("{{ $('find').item.json['id'] }}", "$steps.find.outputs.id"),
    ("={{ $json.sku }}", "$inputs.sku"),
    ("{{ ti.xcom_pull(task_ids='find')['id'] }}", "$steps.find.outputs.id"),
    ("$(params.sku)", "$inputs.sku"),
    ("$(tasks.find.results.id)", "$steps.find.outputs.id"),
    ("@{body('find')?['id']}", "$steps.find.outputs.id"),
    ("@triggerBody()?['sku']", "$inputs.sku"),
    ("#[vars.sku]", "$inputs.sku"),
    ("${__P(sku)}", "$inputs.sku"),
    ("${#TestCase#sku}", "$inputs.sku"),
    ("pm.environment.get('sku')", "$inputs.sku"),
    ("${vars.sku}", "$inputs.sku"),
    ("{{ outputs.find.id }}", "$steps.find.outputs.id"),
    # more than a name is said
    ("=for {{ $json.sku }}", ""),
    ("={{ $json.sku + 1 }}", ""),
    ("={{ $json.sku.trim() }}", ""),
    ("States.Format('{}', $.sku)", ""),
)


@pytest.mark.parametrize(("text", "written"), LOOKUPS)
def test_a_value_that_another_engine_looks_up_is_told_by_what_is_kept_under_that_name(text: str, written: str) -> None:
    asked = {"parameters": [{"name": "q", "in": "query", "value": text}]}
    replaced = {
        "requestBody": {
            "contentType": "application/json",
            "payload": {"a": 1},
            "replacements": [{"target": "/a", "value": text}],
        }
    }
    for found in (
        _payload({"a": [text]}),
        validated(asked),
        validated(replaced, {"requestBody": {"content": {"*/*": {}}}}),
    ):
        ((severity, told, fix),) = _told(found)
        assert (severity, told) == ("warning", text)
        assert fix == f"write `{written}`" if written else "declare an input" in fix


@pytest.mark.parametrize(("text", "written"), [each for each in LOOKUPS if "\\" not in json.dumps(each[0])[1:-1]])
def test_a_lookup_in_a_body_that_is_a_text_of_json_is_told_with_braces(text: str, written: str) -> None:
    for value in ({"a": text}, {"a": [1, text]}):
        body = {"contentType": "application/json", "payload": json.dumps(value)}
        ((severity, told, fix),) = _told(validated({"requestBody": body}))
        assert (severity, told) == ("warning", text)
        assert fix == f"write `{{{written}}}`" if written else "write `{$inputs.<name>}`" in fix


@pytest.mark.parametrize(
    "text",
    [
        *('={{ $node["other"].json.other }}', "{{ $('other').item.json.sku }}", "@body('other')?['sku']"),
        *("@{outputs('find').sku}", "$(tasks.other.results.sku)"),
    ],
)
def test_what_a_step_answered_is_kept_as_its_output_and_no_input_whatever_its_name(text: str) -> None:
    ((_, told, fix),) = _told(_payload({"a": text}))
    assert (told, fix) == (text, "add it to `outputs` of its step, and write `$steps.<stepId>.outputs.<name>`")


@pytest.mark.parametrize("name", ["template", "sqlQuery", "html", "filterExpression"])
def test_a_lookup_under_such_a_member_of_a_text_of_json_is_text(name: str) -> None:
    body = {"contentType": "application/json", "payload": json.dumps({name: "$(params.sku)"})}
    assert validated({"requestBody": body}) == ()


def test_a_lookup_deep_in_a_payload_that_names_nothing_here_is_of_what_is_defined_there() -> None:
    assert _payload({"spec": {"tasks": [{"value": "$(params.nowhere)"}]}}) == ()
    assert len(_payload({"spec": {"tasks": [{"value": "$(params.sku)"}]}})) == 1


@pytest.mark.parametrize("name", ["template", "sqlQuery", "script", "html", "$set", "filterExpression"])
@pytest.mark.parametrize(
    "text", ['${execution.getVariable("sku")}', "={{ $json.sku }}", "$(params.sku)", "${vars.sku}"]
)
def test_a_lookup_under_a_member_of_another_language_is_text(name: str, text: str) -> None:
    assert _payload({name: text}) == ()


def test_a_credential_that_another_engine_looks_up_is_told_behind_its_scheme() -> None:
    text = 'Bearer ${execution.getVariable("sku")}'
    found = validated({"parameters": [{"name": "X-Key", "in": "header", "value": text}]})
    assert _told(found) == [("warning", '${execution.getVariable("sku")}', "write `{$inputs.sku}`")]


def test_a_call_of_a_state_machine_in_its_definition_is_text() -> None:
    assert _payload({"definition": {"Parameters": {"x.$": "States.Format('{}', $.sku)"}}}) == ()


NO_LOOKUPS = (
    "Hi ${name}", "=SUM({{range}})", "=A1+B2", "@body", "@parameters of it", "#[1]", "$(date)", "${vars.unknown}",
    "run pm.environment.get('sku') first", "a ${execution.getVariable('sku')} b", "States of $.sku", "${item.sku}",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_LOOKUPS)
def test_a_text_that_no_engine_would_look_up_as_a_whole_is_text(text: str) -> None:
    assert _payload({"a": text}) == ()


NEARLY = (
    ("$inputssku", "$inputs.sku"),
    ("$inputsxsku", "$inputs.sku"),
    ("$steps.find.outputsid", None),
    ("$stepsfind.outputs.id", None),
    ("$sourceDescriptionsshop.url", None),
    ("$responsebody#/id", "$response.body#/id"),
    ("$statusCod", "$statusCode"),
    ("a {$inputssku}", "{$inputs.sku}"),
    ("$inpust.sku", None),
    ("i$nputs.sku", "$inputs.sku"),
    ("6inputs.sku", "$inputs.sku"),
)


@pytest.mark.parametrize(("text", "meant"), NEARLY)
def test_what_begins_as_an_expression_and_nearly_is_one_is_an_error(text: str, meant: str | None) -> None:
    (finding,) = _payload({"a": text})
    assert (finding.severity.value, finding.code) == ("error", "invalid-expression")
    assert meant is None or finding.fix == f"write `{meant}`"


def test_a_sign_that_is_left_out_after_the_first_word_is_shown_where_it_belongs() -> None:
    (finding,) = _payload({"a": "$stepsfind.outputs.id"})
    assert finding.fix == "did you mean `$steps.find.outputs.id`?"


TEXTS = (
    "$5.00", "{id}", "$UNKNOWN", "{unknown}", "${unknown}", "a {{ unknown }}", "the inputs", "my.inputs.sku",
    "inputs.unknown", "steps.find", "{$5}", "query($sku: ID!) { item(sku: $sku) { id } }", "sku", "a$b",
    "inputs.sk", "#{unknown}", "costs ${$inputs.count}",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_names_nothing_is_text(text: str) -> None:
    assert _payload({"a": text}) == ()


def test_the_name_of_an_output_of_the_step_itself_is_text() -> None:
    step = {"outputs": {"own": "$response.body#/id"}, "requestBody": {"payload": {"a": "Dear {{own}}"}}}
    assert validated(step) == ()


PLACES: tuple[dict[str, Any], ...] = (
    {"parameters": [{"name": "q", "in": "query", "value": "inputs.sku"}]},
    {"parameters": [{"name": "X-A", "in": "header", "value": "${sku}"}]},
    {"requestBody": {"contentType": "text/plain", "payload": "order-$inputs.sku"}},
    {"requestBody": {"contentType": "application/xml", "payload": "<a>{{ sku }}</a>"}},
    {"requestBody": {"contentType": "application/x-www-form-urlencoded", "payload": {"a": "inputs.sku"}}},
    {"requestBody": {"contentType": "application/x-www-form-urlencoded", "payload": "a=$inputs.sku"}},
    {"requestBody": {"contentType": "application/json", "payload": '{"a": "$inputs.sku"}'}},
    {"requestBody": {"contentType": "application/json", "payload": {"{$inputs.sku}": 1}}},
    {
        "requestBody": {
            "contentType": "application/json",
            "payload": {"a": 1},
            "replacements": [{"target": "/a", "value": "inputs.sku"}],
        }
    },
    {"successCriteria": [{"condition": "$response.body#/a == 'inputs.sku'"}]},
    {"successCriteria": [{"condition": "$response.body#/a == 'a {$inputs.count} inputs.sku'"}]},
    {"successCriteria": [{"context": "$response.body#/a", "type": "regex", "condition": "^inputs.sku$"}]},
    {"successCriteria": [{"context": "$response.body", "type": "jsonpath", "condition": "$[?@.a == 'inputs.sku']"}]},
    {"successCriteria": [{"condition": "$response.body#/a == '{{input.sku}}'"}]},
    {"successCriteria": [{"context": "$response.body#/a", "type": "regex", "condition": "^{{input.sku}}$"}]},
    {"onSuccess": [{"name": "n", "type": "end", "criteria": [{"condition": "'inputs.sku' == $response.body#/a"}]}]},
)


@pytest.mark.parametrize("step", PLACES, ids=str)
def test_every_place_of_a_text_is_looked_at(step: dict[str, Any]) -> None:
    operation: dict[str, Any] = {"requestBody": {"content": {"*/*": {}}}}
    (finding,) = validated(step, operation)
    assert (finding.severity.value, finding.code) == ("warning", "expression-as-text")
    assert finding.location is not None
    rest = finding.location.source[finding.location.column - 1 :]
    # in a text that JSON writes with escapes, the place is that of the whole
    assert "\\" in rest or rest.startswith(finding.message.split("`")[1])


def test_what_an_answer_is_compared_with_may_be_the_name_of_a_part_of_an_answer() -> None:
    assert validated({"successCriteria": [{"condition": "$response.body#/a != '$statusCode'"}]}) == ()


MAPPINGS = (
    (
        {"$inputs.sku": None, "$inputs.count": None},
        "write `[$inputs.sku, $inputs.count]` for a list of the values, or a name and a `:` before each",
    ),
    ({"$inputs.other": None}, "write `'{$inputs.other}'` for a text, or `$inputs.other` for the value as it is"),
)


@pytest.mark.parametrize(("value", "fix"), MAPPINGS)
def test_an_expression_in_braces_without_quotes_that_names_nothing_is_an_error(
    value: dict[str, None], fix: str
) -> None:
    for payload in ({"a": value}, {"a": [value]}, value):
        (finding,) = _payload(payload)
        assert (finding.severity.value, finding.code, finding.fix) == ("error", "invalid-expression", fix)


def test_an_expression_in_braces_without_quotes_is_read_as_the_value_that_it_names() -> None:
    for version in ("1.0.1", "1.1.0"):
        (finding,) = validated({"outputs": {"a": {"$response.body#/id": None}}}, arazzo=version)
        assert (finding.severity.value, finding.code, finding.fix) == (
            "warning",
            "repaired",
            "write `$response.body#/id`",
        )


def test_a_field_that_is_a_text_says_how_it_is_written() -> None:
    (finding,) = validated({"requestBody": {"contentType": {"$inputs.type": None}, "payload": "a"}})
    assert (finding.code, finding.fix) == ("field-type", "write `$inputs.type`, without braces")


FOREIGN = (
    ("$faker.string.email()", "$faker.string.email()", "no value is made up"),
    ("id-{{ $faker.uuid }}", "$faker.uuid", "no value is made up"),
    ("$env.TOKEN", "$env.TOKEN", "no variable of the environment is read"),
    ("Bearer ${env.TOKEN}", "${env.TOKEN}", "no variable of the environment is read"),
    ("${process.env.TOKEN}", "${process.env.TOKEN}", "no variable of the environment is read"),
    ("$file('a b.png')", "$file('a b.png')", "no file is read"),
    ("$secrets.token", "$secrets.token", "no secret is looked up"),
    ("{{$randomUUID}}", "{{$randomUUID}}", "no value is made up"),
    ("$datetime.iso8601", "$datetime.iso8601", "no value is made up"),
    ("$util.currentDate()", "$util.currentDate()", "no value is made up"),
    ("$uuid()", "$uuid()", "no value is made up"),
)


@pytest.mark.parametrize(("text", "shown", "undone"), FOREIGN)
def test_a_text_that_another_engine_replaces_is_told_and_sent_as_it_is(text: str, shown: str, undone: str) -> None:
    for written in (f"{text} of {{$inputs.sku}}", f"of {text}"):
        (finding,) = _payload({"a": written})
        assert codes((finding,)) == [("warning", "extension-ignored")]
        assert finding.message.endswith(f"is text here, and {undone}")
        assert shown in finding.message
        assert finding.fix.startswith("declare an input")


@pytest.mark.parametrize("text", ["$env.TOKEN", "{$env.TOKEN}", "{$datetime.iso8601}", "{$faker.string.email()}"])
def test_a_value_that_is_an_expression_of_another_engine_alone_is_refused(text: str) -> None:
    (finding,) = _payload({"a": text})
    assert codes((finding,)) == [("error", "invalid-expression")]
    assert finding.message.startswith(f"`{text}` is no runtime expression, and ")


def test_one_within_a_text_is_shown_with_the_braces_that_it_has() -> None:
    (finding,) = _payload({"a": "of {$env.TOKEN}"})
    assert finding.message == "`{$env.TOKEN}` is text here, and no variable of the environment is read"


def test_a_text_that_names_what_another_engine_keeps_is_told_with_the_output_to_write() -> None:
    (finding,) = _payload({"a": "${{ captures.id }}"})
    assert finding.message == "`${{ captures.id }}` is text here, and no value is kept under that name"
    assert finding.fix == "add it to `outputs` of its step, and write `$steps.<stepId>.outputs.<name>`"


_CHOICE: Final = "in it: no expression chooses or repeats"
TEMPLATES = (
    ("{{ inputs.sku | lower }}", "{{ inputs.sku | lower }}", "write `$inputs.sku`: no expression has filters"),
    ("a {{ inputs.sku|lower }}", "{{ inputs.sku|lower }}", "write `{$inputs.sku}`: no expression has filters"),
    (
        "{% if inputs.sku %}a{% endif %}", "{% if inputs.sku %}",
        f"write the text that is to be sent, or `{{$inputs.sku}}` {_CHOICE}",
    ),
    (
        "{%- for x in steps.find.outputs.id %}", "{%- for x in steps.find.outputs.id %}",
        f"write the text that is to be sent, or `{{$steps.find.outputs.id}}` {_CHOICE}",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "shown", "fix"), TEMPLATES)
def test_a_template_that_does_more_with_what_exists_is_told_as_a_whole(text: str, shown: str, fix: str) -> None:
    assert _told(_payload({"a": text})) == [("warning", shown, fix)]


@pytest.mark.parametrize(
    ("tag", "undone"),
    [
        ("{% response 'body', 'req_1', '$.a[0].id' %}", "nothing is read of another request"),
        ("{% cookie 'https://a.example', 'sid' %}", "nothing is read of another request"),
        ("{% uuid 'v4' %}", "no value is made up"),
        ("{%- now 'iso-8601', '' %}", "no value is made up"),
        ('{% faker "guid" %}', "no value is made up"),
        ("{{$randomInt 1 9}}", "no value is made up"),
        ("{{$datetime iso8601}}", "no value is made up"),
        ("{{$processEnv TOKEN}}", "no variable of the environment is read"),
        ("{{ $dotenv %TOKEN }}", "no variable of the environment is read"),
    ],
)
def test_a_tag_that_a_client_fills_in_is_told_wherever_it_is_sent(tag: str, undone: str) -> None:
    for value in (tag, f"no {tag}"):
        (finding,) = _payload({"a": value})
        assert (finding.severity.value, finding.code) == ("warning", "extension-ignored")
        assert finding.message == f"`{tag}` is text here, and {undone}"


@pytest.mark.parametrize("text", ["{% if user %}a{% endif %}", "{% now 'Y' %}", "{% assign a = 'b' %}", "{% file %}"])
def test_a_tag_that_an_api_fills_in_is_text(text: str) -> None:
    assert _payload({"a": text}) == ()


@pytest.mark.parametrize(
    ("marker", "fix"),
    [
        ("#notnull", "compare with `!= null`"),
        ("##string", "compare with `!= null`"),
        ("#notpresent", "write `null` without quotes"),
        ("#ignore", "remove the condition"),
        ("#uuid", "write a criterion of its own, with `type: regex` and `condition: '^[0-9a-fA-F-]{36}$'`"),
        ("#regex ^a$", "write a criterion of its own, with `type: regex` and the pattern as its `condition`"),
    ],
)
def test_a_marker_that_is_compared_stands_for_no_value(marker: str, fix: str) -> None:
    (finding,) = validated({"successCriteria": [{"condition": f"$response.body#/id == '{marker}'"}]})
    assert codes((finding,)) == [("warning", "extension-ignored")]
    assert finding.message == f"`{marker}` is text here, and stands for no other value"
    assert finding.fix == fix


@pytest.mark.parametrize("text", ["#42", "#stringent", "#null is null", "uuid"])
def test_what_is_no_marker_is_compared_as_it_is(text: str) -> None:
    assert validated({"successCriteria": [{"condition": f"$response.body#/id == '{text}'"}]}) == ()
    assert _payload({"a": "#uuid"}) == ()


@pytest.mark.parametrize(("text", "shown", "undone"), FOREIGN)
def test_such_a_text_that_is_written_as_an_expression_is_refused(text: str, shown: str, undone: str) -> None:
    (finding,) = _payload({"a": text})
    is_as_expression = text[0] == "$" and text[1].isalpha()
    assert codes((finding,)) == [
        ("error", "invalid-expression") if is_as_expression else ("warning", "extension-ignored")
    ]
    assert finding.message.endswith(f"and {undone}")
    assert shown in finding.message


def test_a_text_that_stands_for_an_element_of_a_list_is_told() -> None:
    (finding,) = _payload({"a": "$forEach.item.id"})
    assert codes((finding,)) == [("error", "invalid-expression")]
    assert finding.message == "`$forEach.item.id` is no runtime expression, and no step is done for each of a list"
    assert finding.fix == "call the step once, or a workflow in a batch"


@pytest.mark.parametrize(
    "text",
    [
        "$math.2",
        "env.TOKEN",
        "file('a')",
        "{{$id}}",
        "to {{item}}",
        "{{ITEM}}",
    ],
)
def test_a_text_that_no_engine_replaces_is_text(text: str) -> None:
    assert _payload({"a": text}) == ()


@pytest.mark.parametrize("text", ["{{item}}", "{{ item.id }}", "${{ item }}", '{{ $node["a"].id }}', "{{ a | upper }}"])
def test_a_part_of_a_payload_that_is_nothing_but_a_template_is_told_unless_a_service_fills_it_in(text: str) -> None:
    (finding,) = _payload({"a": text})
    assert codes((finding,)) == [("warning", "expression-as-text")]
    assert finding.message == f"`{text}` is text here, and is sent as it is"
    assert [*_payload({"subject": text}), *_payload({"template": text})] == []


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("{{find.ids}}", "write `$steps.find.outputs.id`"),
        ("{{ find.outputs.ids }}", "write `$steps.find.outputs.id`"),
        ("{{both.id}}", "write `$steps.both.outputs.id` or `$inputs.both#/id`"),
    ],
)
def test_a_template_is_told_with_all_that_it_may_name(text: str, fix: str) -> None:
    both = {"stepId": "both", "operationId": "op", "outputs": {"id": "$statusCode"}}
    inputs = {"type": "object", "properties": {"both": {"type": "object"}}}
    step = {"requestBody": {"contentType": "application/json", "payload": {"a": text}}}
    find = {"stepId": "find", "operationId": "op", "outputs": {"id": "$statusCode"}}
    last = {"stepId": "last", "operationId": "op", **step}
    found = validated({}, workflow={"inputs": inputs, "steps": [find, both, last]})
    assert [each.fix for each in found if each.code == "expression-as-text"] == [fix]


@pytest.mark.parametrize("text", ["{$randomString}", "{$item.id}", "{$sha256(word)}"])
@pytest.mark.parametrize("around", ["", "a "])
def test_a_word_in_the_braces_of_an_expression_is_told(text: str, around: str) -> None:
    (finding,) = _payload({"a": around + text})
    assert codes((finding,)) == [("warning", "expression-as-text")]
    assert finding.message == f"`{text}` is text here, and is sent as it is"
    assert finding.fix == (
        "declare an input, and write `{$inputs.<name>}`: no expression begins like this, and none computes"
    )


@pytest.mark.parametrize(
    "text",
    [
        "query($id: ID!) { node(id: $id) {$fields} }",
        "${$name}",
        "{{$name}}",
        '<?php echo "{$name}" ?>',
        "{$name};",
        "#!/bin/sh\necho {$name}",
        "{$.name}",
        "{$1}",
        "a{$}",
        "{$set: 1}",
    ],
)
def test_braces_of_other_languages_are_text(text: str) -> None:
    assert _payload({"a": text}) == ()


def test_a_word_that_makes_a_value_up_elsewhere_is_no_expression() -> None:
    (finding,) = _payload({"a": "$randomUuid"})
    assert codes((finding,)) == [("error", "invalid-expression")]
    assert finding.message == "`$randomUuid` is no runtime expression, and no value is made up"
    assert finding.fix == "declare an input, and give it with `-i <name>=…`"


_NAME = st.text("ab$.", max_size=6)


@given(_NAME, _NAME)
def test_two_names_that_are_a_slip_apart_have_a_text_in_common(one: str, other: str) -> None:
    if is_slip(one, other):
        assert set(without_one(one)) & set(without_one(other))


@given(st.text("abc", min_size=2, max_size=6), st.integers(0, 4), st.sampled_from("abcd"))
def test_every_slip_is_one(text: str, index: int, put_in: str) -> None:
    index = min(index, len(text) - 2)
    before, one, two, after = text[:index], text[index], text[index + 1], text[index + 2 :]
    for slip in (
        before + two + after, before + put_in + one + two + after, before + put_in + two + after,
        before + two + one + after,
    ):  # fmt: skip
        assert is_slip(text, slip)
        assert is_slip(slip, text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("$.id", "$response.body#/id"),
        ("$['a'][0].b", "$response.body#/a/0/b"),
        ("$", "$response.body"),
    ],
)
def test_an_output_that_is_a_jsonpath_is_read_of_the_answer_where_there_is_one(text: str, written: str) -> None:
    finding = validated({"outputs": {"id": text}})[0]
    assert (finding.severity.value, finding.code) == ("warning", "repaired")
    assert finding.message.startswith(f"`{text}` is read as `{written}`: an output is an expression, and no text")
    (other,) = validated({}, workflow={"outputs": {"id": text}})
    assert (other.severity.value, other.code) == ("warning", "expression-as-text")
    assert other.message == f"`{text}` is text here, and is the output as it is"
    assert other.fix == "write `$steps.<stepId>.outputs.<name>`"


@pytest.mark.parametrize("text", ["$nothing.of.it", "$uuid", "$uuid()", "$body_of_it"])
def test_a_parameter_or_output_that_is_one_word_behind_a_sign_is_told(text: str) -> None:
    header = {"parameters": [{"name": "X-Note", "in": "header", "value": text}]}
    for found in (validated(header), validated({"outputs": {"a": text}})):
        codes_found = {each.code for each in found}
        assert codes_found <= {"expression-as-text", "extension-ignored", "invalid-expression"}
        assert len(found) == 1
    assert len(_payload({"a": text})) == 1
    assert len(validated({"requestBody": {"payload": {"a": 1}, "replacements": [_REPLACED | {"value": text}]}})) == 1


_REPLACED: Final = {"target": "/a"}


@pytest.mark.parametrize(
    "payload",
    [
        {"a": "$HOME", "b": "$AAPL", "stage": "$default", "version": "$LATEST", "c": "$5", "d": "$ a", "e": "us$"},
        {"password": "$ecret", "new_pin_token": "$wordfish", "clientSecret": "$abc-def"},
        {"$ref": "$defs.item", "items": [{"$dynamicRef": "$meta"}]},
        [{"$match": {"state": "open"}}, {"$group": {"_id": "$country", "sum": {"$sum": "$item.price"}}}],
        {"query": "$cart.name", "filterExpression": "$name", "sortField": "$created", "ticker": "$abc"},
    ],
    ids=str,
)
def test_a_word_of_a_payload_that_may_be_of_another_language_is_text(payload: Any) -> None:
    assert _payload(payload) == ()


def test_a_word_that_is_an_input_is_told_with_that_input() -> None:
    for text in ("$sku", "$item", "$prev.id"):
        (finding,) = _payload({"token": "a", "name": text})
        assert codes((finding,)) == [("warning", "expression-as-text")]
        assert finding.fix == "write `$inputs.sku`" or text != "$sku"


@pytest.mark.parametrize(
    ("text", "shown", "fix"),
    [
        ("so $inputs.nope", "$inputs.nope", "declare input `nope`, and write `{$inputs.nope}`"),
        ("${inputs.nope}", "${inputs.nope}", "declare input `nope`, and write `$inputs.nope`"),
        ("{{ inputs.nope }}", "{{ inputs.nope }}", "declare input `nope`, and write `$inputs.nope`"),
        ("a ${{ inputs.nope }}", "${{ inputs.nope }}", "declare input `nope`, and write `{$inputs.nope}`"),
        (
            "a {{steps.find.outputs.nope}}",
            "{{steps.find.outputs.nope}}",
            "give the step an output `nope`, and write `{$steps.find.outputs.nope}`",
        ),
    ],
)
def test_an_input_or_output_that_there_is_not_is_told_within_a_text(text: str, shown: str, fix: str) -> None:
    assert _told(_payload({"a": text})) == [("warning", shown, fix)]


@pytest.mark.parametrize(
    "text", ["on: push\nrun: a ${{ inputs.nope }}", "my.$inputs", "a\\$inputs.nope", "x$$inputs.no"]
)
def test_a_text_that_may_have_such_names_itself_is_text(text: str) -> None:
    assert _payload({"a": text}) == ()


def test_a_parameter_that_is_a_name_in_the_braces_of_templates_is_told() -> None:
    header = {"parameters": [{"name": "X-Note", "in": "header", "value": "{{item}}"}]}
    assert codes(validated(header)) == [("warning", "expression-as-text")]


def test_an_output_of_1_0_that_is_a_jsonpath_of_several_is_told_without_a_selector() -> None:
    (finding,) = validated({"outputs": {"id": "$..id"}}, arazzo="1.0.1")
    assert finding.fix == (
        "name one place of it by a JSON Pointer, as `$response.body#/items/0/id` does: no expression names several"
    )


@pytest.mark.parametrize("text", ["$5.00", "$ 5", "$$"])
def test_an_output_of_any_other_text_with_a_dollar_is_not_told(text: str) -> None:
    assert validated({"outputs": {"id": text}}) == ()


@pytest.mark.parametrize("text", ["a $.b", "ready", "", "${{ jobs.find.outputs.url }}"])
def test_an_output_that_is_a_text_is_told(text: str) -> None:
    (finding,) = validated({"outputs": {"id": text}})
    assert (finding.severity.value, finding.code) == ("warning", "output-constant")
    assert finding.fix == "write an expression, such as `$response.body`"
    (other,) = validated({}, workflow={"outputs": {"id": text}})
    assert other.fix == "write an expression, such as `$steps.<stepId>.outputs.<name>`"


def test_an_output_that_says_to_be_a_constant_is_not_told() -> None:
    assert validated({"outputs": {"id": {"x-arazzo-engine-value": "ready"}}}) == ()
    (finding,) = validated(
        {},
        workflow={"outputs": {"id": "$components.parameters.page.value"}},
        arazzo_components={"parameters": {"page": {"name": "page", "in": "query", "value": "a"}}},
    )
    assert finding.code == "repaired"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("data.items[0].id", "$response.body#/data/items/0/id"), ("v1.2", "$response.body"), ("so.", "$response.body")],
)
def test_an_output_that_may_be_a_part_of_the_answer_is_told_with_that_part(text: str, meant: str) -> None:
    (finding,) = validated({"outputs": {"id": text}})
    assert (finding.code, finding.fix) == ("output-constant", f"write an expression, such as `{meant}`")


def test_an_output_that_was_meant_as_an_expression_is_told_once() -> None:
    (finding,) = validated({"outputs": {"id": "{{ sku }}"}})
    assert finding.code == "expression-as-text"


def test_an_expression_without_quotes_is_told_once() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    findings = validated({"requestBody": {"payload": {"a": {"$inputs.other": None}}}}, operation)
    assert [each.code for each in findings] == ["invalid-expression"]
    findings = validated({"requestBody": {"payload": {"a": {"$inputs.count": None}}}}, operation)
    assert [each.code for each in findings] == ["repaired", "type-refused"]


def test_each_expression_that_a_text_was_meant_to_hold_is_told() -> None:
    payload = {"profile": "text $inputs.sku, count $inputs.count"}
    found = validated({"requestBody": {"payload": payload}})
    assert [(each.code, each.fix) for each in found] == [
        ("expression-as-text", "write `{$inputs.sku}`"),
        ("expression-as-text", "write `{$inputs.count}`"),
    ]
    columns = [each.location.column for each in found if each.location is not None]
    assert columns == sorted(set(columns))


@pytest.mark.parametrize("text", ["“dune”", "„dune“", "”dune”", "\u2018dune\u2019", "\u201adune\u2019"])
def test_a_value_between_typographic_quotes_is_told_to_be_sent_with_them(text: str) -> None:
    for found in (_payload({"id": [text]}), validated({"parameters": [{"name": "q", "in": "query", "value": text}]})):
        assert codes(found) == [("warning", "quotes-sent")]
        assert found[0].fix == "write `dune`"


def test_a_value_between_typographic_quotes_that_is_refused_is_told_once() -> None:
    described = {"name": "q", "in": "query", "schema": {"type": "string", "enum": ["pdf", "zpl"]}}
    (finding,) = validated(
        {"parameters": [{"name": "q", "in": "query", "value": "“pdf”"}]}, {"parameters": [described]}
    )
    assert (finding.code, finding.fix) == ("literal-refused", "write `pdf`")


@pytest.mark.parametrize(
    "payload",
    [
        {"message": "“dune”"}, {"quoteOfTheDay": "“Hello.”"}, {"a": "“To be or not”"}, {"a": "he said “yes”"},
        {"a": "“yes” and “no”"}, {"a": "“”"}, {"a": "it\u2019s"}, {"texts": ["“dune”"]}, {"html": "“dune”"},
    ],
    ids=str,
)  # fmt: skip
def test_quotes_of_what_a_person_reads_are_its_own(payload: Any) -> None:
    assert _payload(payload) == ()


@pytest.mark.parametrize("name", ["subject", "html", "template", "emailTemplate"])
def test_a_name_in_braces_alone_under_a_template_is_sent_as_it_is_and_told_where_it_exists(name: str) -> None:
    assert _told(_payload({name: "{{sku}}"})) == [("warning", "{{sku}}", "write `$inputs.sku`")]
    assert _payload({name: "{{colour}}"}) == _payload({name: "Dear {{sku}}, <b>{{ sku }}</b>"}) == ()


def test_a_comment_of_markup_is_for_whoever_reads_it() -> None:
    assert _payload({"a": "<!-- {{sku}} is filled in --><a/>"}) == ()
    assert len(_payload({"a": "<!-- {{sku}} is filled in --><a>{{ sku }}</a>"})) == 1


@pytest.mark.parametrize("name", ["sku.$", "jsonPath", "OutputPath", "expression"])
def test_a_path_under_a_member_that_holds_one_is_sent_as_it_is(name: str) -> None:
    assert _payload({"states": {name: "$.inputs.sku"}}) == ()


def test_a_file_of_several_lines_has_what_another_engine_replaces() -> None:
    assert _payload({"file": "a: ${{ secrets.KEY }}\nb: 1\n"}) == ()
    assert codes(_payload({"file": "a: ${{ secrets.KEY }}"})) == [("warning", "extension-ignored")]
