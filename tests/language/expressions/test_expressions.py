"""The grammar of runtime expressions, what each looks up, and what is only text."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import ABSENT, NOT_RUN
from arazzo_engine.language.expressions.grammar import (
    ExpressionError,
    Root,
    looks_like_expression,
    parse_expression,
)
from arazzo_engine.language.expressions.scope import Scope, WorkflowValues
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.language.objects import SourceDescription

_JSON = (("Content-Type", "application/json"), ("X-Two", "a"), ("x-two", "b"))
SCOPE = Scope(
    inputs={"name": "Ann", "a.b": 1, "$top": 2, "include[]": 3, "user": {"tags": ["x", "y"], "a/b": None}},
    steps={"login": {"token": "t", "user": {"id": 7}}, "failed": {}},
    workflows={"other": WorkflowValues({"who": "Bob"}, {"sum": 4})},
    outputs={"total": [1, 2]},
    sources={"api": SourceDescription(at=None, name="api", url="api.yaml")},  # type: ignore[arg-type]  # its place is not asked for
    self_uri="https://example.com/me",
    request=Request("GET", "https://x.example/a?b=c", (("Accept", "*/*"),), b"{}", {"q": 1}, {"id": "9"}, {"b": "c"}),
    response=Response(200, _JSON, b'{"items": [{"id": 1}], "": 0, "none": null}'),
)

_SUCCEEDED = "an answer has a `$statusCode`: write `$statusCode >= 200 && $statusCode < 300` as the condition"
_NO_CHOICE = (
    "Arazzo has no conditional expression: give the value as an input, with a `default`, or choose a step by `criteria`"
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$url", "https://x.example/a?b=c"),
        ("$method", "GET"),
        ("$statusCode", 200),
        ("$self", "https://example.com/me"),
        ("$request.header.accept", "*/*"),
        ("$request.query.b", "c"),
        ("$request.query.B", ABSENT),
        ("$request.path.id", "9"),
        ("$request.body", {"q": 1}),
        ("$request.body#/q", 1),
        ("$response.header.content-type", "application/json"),
        ("$response.header.X-TWO", "a, b"),
        ("$response.header.nope", ABSENT),
        ("$response.body#/items/0/id", 1),
        ("$response.body#/items/00/id", ABSENT),
        ("$response.body#/items/1", ABSENT),
        ("$response.body#/none", None),
        ("$response.body#/none/more", ABSENT),
        ("$response.body#/", 0),
        ("$inputs.name", "Ann"),
        ("$inputs.a.b", 1),
        ("$inputs.$top", 2),
        ("$inputs.include[]", 3),
        ("$inputs.user#/tags/1", "y"),
        ("$inputs.user#/a~1b", None),
        ("$inputs.nope", ABSENT),
        ("$outputs.total#/1", 2),
        ("$steps.login.outputs.token", "t"),
        ("$steps.login.outputs.user#/id", 7),
        ("$steps.login.outputs.nope", ABSENT),
        ("$steps.failed.outputs.token", ABSENT),
        ("$steps.never.outputs.token", NOT_RUN),
        ("$workflows.other.inputs.who", "Bob"),
        ("$workflows.other.outputs.sum", 4),
        ("$workflows.never.outputs.sum", NOT_RUN),
        ("$sourceDescriptions.api.url", "api.yaml"),
        ("$sourceDescriptions.api.type", ABSENT),
        ("$sourceDescriptions.api.getPets", ABSENT),
    ],
)
def test_an_expression_looks_its_value_up(text: str, value: object) -> None:
    found = parse_expression(text).evaluate(SCOPE)
    assert found == value
    assert type(found) is type(value)


def test_before_anything_was_sent_there_is_no_exchange() -> None:
    for text in ("$url", "$method", "$statusCode", "$request.body", "$response.body", "$response.header.x", "$self"):
        assert parse_expression(text).evaluate(Scope()) is ABSENT


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("${response.statusCode}", "write `$statusCode`"),
        ("${inputs.sku}", "write `$inputs.sku`"),
        ("${ $steps.find.outputs.id }", "write `$steps.find.outputs.id`"),
        (
            "$workflows.buy.summary",
            "write the text itself: an expression names its inputs and `$workflows.buy.outputs.<name>` alone",
        ),
        (
            "$workflow.outputs.total",
            (
                "write `$outputs.total` for an output of the workflow that the step calls,"
                " or `$workflows.<workflowId>.outputs.total`"
            ),
        ),
        ("$workflow.inputs.sku", "write `$inputs.sku`"),
        ("$workflows.inputs.sku#/a", "write `$inputs.sku#/a`"),
        ("$workflow.steps.a.outputs.b", "write `$steps.a.outputs.b`"),
        ("$workflow.buy.outputs.total", "did you mean `$workflows`?"),
        ("$workflows.buy.orderId", "write `$workflows.buy.outputs.orderId`"),
        (
            "$sourceDescriptions.child#/workflows/0",
            (
                "write `$sourceDescriptions.child.<id>` where a workflow or an operation is named, and "
                "`$sourceDescriptions.child.url` for where it is"
            ),
        ),
        ("$components.verifier", "write the value itself, or give it as an input: a component is no value"),
        ("$components.x-maps.m", "write the value itself, or give it as an input: a component is no value"),
        ("$response.bdy", "did you mean `$response.body`?"),
        ("$response.headers.X", "did you mean `$response.header.X`?"),
        ("$response.header", "write `$response.header.<name>`: each is named by itself"),
        ("$request.query", "write `$request.query.<name>`: each is named by itself"),
        ("$step.a.outputs.b", "did you mean `$steps`?"),
        (
            "$steps.a.b",
            (
                "write `$steps.a.outputs.b`, and add `b: $response.body#/b` to the `outputs` of step `a` "
                "if none is called so"
            ),
        ),
        (
            "$steps.a.json.items[0].id",
            "add `id: $response.body#/items/0/id` to the `outputs` of step `a`, and write `$steps.a.outputs.id`",
        ),
        ("$steps.a.captures.b", "write `$steps.a.outputs.b`, and have `b` among the `outputs` of step `a`"),
        ("$response.ok", _SUCCEEDED),
        ("$response.isSuccess", _SUCCEEDED),
        ("$response.okay", "write `$response.body#/okay`"),
        ("$response.statusText", "write `$statusCode`: the words beside it are not read"),
        ("$response.rawBody", "write `$response.body`"),
        ("$response.schema.id", "no expression gives a schema: the value that came is `$response.body#/id`"),
        (
            "$response.schema.properties.id",
            "no expression gives a schema: the value that came is `$response.body#/id`",
        ),
        ("$response.body[:id]", "write `$response.body#/id`"),
        ("$steps.a.outputs", "write `$steps.a.outputs.<name>`, and give step `a` an output of that name"),
        ("$inputs.page + 1", "Arazzo has no arithmetic: give the result as an input, or take it from an answer"),
        ("$steps.a.outputs.n*2", "Arazzo has no arithmetic: give the result as an input, or take it from an answer"),
        (
            "$inputs.level ?? 'low'",
            _NO_CHOICE,
        ),
        (
            "$steps.a.outputs.n > 0 ? 'x' : 'y'",
            _NO_CHOICE,
        ),
        ("$steps.a", "write `$steps.a.outputs.<name>`, and give step `a` an output of that name"),
        ("$outputs[0].id", "`$outputs` are named, not numbered: write `$steps.<stepId>.outputs.<name>#/0/id`"),
        ("$inputs['sku']", "write `$inputs.sku`"),
        ("$response[0].id", "write `$response.body#/0/id`"),
        ("$response.statusCode", "write `$statusCode`"),
        ("$response.body/id", "write `$response.body#/id`"),
        (
            "$.jobId",
            (
                "`$.jobId` is a JSONPath: write `$response.body#/jobId`, "
                "or give it `context: $response.body` and `type: jsonpath`"
            ),
        ),
        ("inputs.sku", "write `$inputs.sku`"),
        ("#/components/parameters/id", "write `$components.parameters.id`"),
        (
            "$response.body.items[*].id",
            (
                "a JSON Pointer names one place; write "
                "`{context: $response.body, selector: '$.items[*].id', type: jsonpath}` to select several"
            ),
        ),
        (
            "$steps.a.outputs.b[0].length",
            (
                "an expression cannot count: as a criterion, write `context: $steps.a.outputs.b`, `type: jsonpath`, "
                "`condition: $[?length($[0]) > 0]`"
            ),
        ),
        ("$steps.a.outputs.b[0].c", "write `$steps.a.outputs.b#/0/c`"),
        ("$steps.a.outputs.b (optional)", "use `$steps.a.outputs.b`"),
        ("$response.body.items[0]", "write `$response.body#/items/0`"),
        ("$response.body#items", "write `$response.body#/items`"),
        ("$inputs", "write `$inputs.<name>`"),
        ("$statuscode", "did you mean `$statusCode`?"),
        ("$url/path", "use `$url`"),
        ("$components.parameter.a", "did you mean `$components.parameters.a`?"),
        ("$workflows.a.output.b", "did you mean `$workflows.a.outputs.b`?"),
        ("$response.body.total > 0", "a value is no condition: compare `$response.body.total` in a criterion"),
        (
            "$response.body[?(@.a=='x')].id",
            (
                "a JSON Pointer names one place; write "
                "`{context: $response.body, selector: '$[?(@.a==\"x\")].id', type: jsonpath}` to select several"
            ),
        ),
        (
            "$steps.a.response.body.items[0].id",
            "add `id: $response.body#/items/0/id` to the `outputs` of step `a`, and write `$steps.a.outputs.id`",
        ),
        (
            "$steps.a.response.body#/items/0/id",
            "add `id: $response.body#/items/0/id` to the `outputs` of step `a`, and write `$steps.a.outputs.id`",
        ),
        (
            "$steps.a.response.header.X-Id",
            "add `X-Id: $response.header.X-Id` to the `outputs` of step `a`, and write `$steps.a.outputs.X-Id`",
        ),
        (
            "$steps.a.statusCode",
            "add `statusCode: $statusCode` to the `outputs` of step `a`, and write `$steps.a.outputs.statusCode`",
        ),
        (
            "$steps.a.response.statusCode",
            "add `statusCode: $statusCode` to the `outputs` of step `a`, and write `$steps.a.outputs.statusCode`",
        ),
        (
            "$response.cookies.a",
            "of an answer there are its `$statusCode`, its headers and its body: `$response.header.Set-Cookie`",
        ),
        ("$response.body#/a~2", ""),
        ("$response.body#/{a}", ""),
        ("$responseBody.items[0].id", "did you mean `$response.body#/items/0/id`?"),
        ("$responseHeader.ETag", "did you mean `$response.header.ETag`?"),
        ("$workflowInputs.a", "write `$inputs.a`"),
        (
            "$inputs.a | $inputs.b",
            (
                "Arazzo has no choice of two values: give `$inputs.a` to one step and `$inputs.b` to another, and"
                " choose by `criteria`"
            ),
        ),
    ],
)
def test_what_is_no_expression_is_told_with_what_to_write(text: str, fix: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text)
    assert refused.value.fix == fix
    assert 0 <= refused.value.start < refused.value.end <= len(text) + 1


@pytest.mark.parametrize(
    "text", ["$5.00", "{id}", "$unknown", "$unknown.x", "$", "", "US$inputs.x", "$urls", "$methodology"]
)
def test_text_that_only_looks_like_an_expression_is_text(text: str) -> None:
    assert not looks_like_expression(text)


@pytest.mark.parametrize(
    "text", ["$inputs.x", "$step.x", "$response", "$url", "$statuscode", "$input.x", "$respons.body"]
)
def test_text_that_is_meant_as_an_expression_is_recognized(text: str) -> None:
    assert looks_like_expression(text)


_NAMES = st.text("abcXYZ019-_", min_size=1, max_size=8)
_POINTERS = st.none() | st.lists(st.text("ab01/~ é", max_size=4), max_size=3).map(tuple)
_EXPRESSIONS = st.one_of(
    st.tuples(st.sampled_from([Root.URL, Root.METHOD, Root.STATUS_CODE, Root.SELF]), st.just(()), st.none()),
    st.tuples(st.sampled_from([Root.INPUTS, Root.OUTPUTS]), st.tuples(_NAMES), _POINTERS),
    st.tuples(st.just(Root.STEPS), st.tuples(_NAMES, st.just("outputs"), _NAMES), _POINTERS),
    st.tuples(st.just(Root.WORKFLOWS), st.tuples(_NAMES, st.sampled_from(["inputs", "outputs"]), _NAMES), _POINTERS),
    st.tuples(st.just(Root.RESPONSE), st.tuples(st.just("body")), _POINTERS),
    st.tuples(st.just(Root.REQUEST), st.tuples(st.sampled_from(["query", "path"]), _NAMES), st.none()),
)


@given(_EXPRESSIONS)
def test_an_expression_that_is_written_and_parsed_is_the_same(
    parts: tuple[Root, tuple[str, ...], tuple[str, ...] | None],
) -> None:
    root, names, pointer = parts
    written = ".".join((root.value, *names)) + ("" if pointer is None else "#" + render_pointer(pointer))
    parsed = parse_expression(written)
    assert (parsed.root, parsed.names, parsed.pointer) == parts


@given(st.text() | st.text("$.#{}[]~/ inputsresponsebodyheader01").map(lambda text: "$" + text))
def test_no_text_makes_the_parser_raise_anything_but_its_own_error(text: str) -> None:
    with suppress(ExpressionError):
        parse_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        *(f"$steps.{name}.outputs.a#/0/b" for name in ("query", "path", "header")),
        *(f"$inputs.{name}#/0/b" for name in ("query", "path", "header")),
        "$outputs.query#/0/b",
        "$workflows.path.outputs.a#/0/b",
    ],
)
def test_a_pointer_may_follow_what_is_named_like_a_place_of_parameters(text: str) -> None:
    assert parse_expression(text).pointer == ("0", "b")


@pytest.mark.parametrize("text", ["$request.header.a#/0", "$response.header.query/0"])
def test_nothing_follows_the_name_of_a_parameter_or_header(text: str) -> None:
    with suppress(ExpressionError):
        assert parse_expression(text).pointer is None
