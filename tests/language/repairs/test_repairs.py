"""Repairs: each row of the table makes of its example what the table says, and leaves alone what has two readings."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from arazzo_engine.documents.reading import read_document
from arazzo_engine.edits import Applicability
from arazzo_engine.language.repairs.corrections import correct, repair
from arazzo_engine.language.repairs.names import Names, OwnStep, document_names
from arazzo_engine.language.repairs.repairing import read_repaired
from arazzo_engine.language.repairs.shapes.table import SHAPES
from arazzo_engine.language.repairs.sites import Kind, Site, sites
from arazzo_engine.language.repairs.soundness import is_sound
from arazzo_engine.language.repairs.table import (
    CONTINUING,
    OUTPUT_NAME,
    PARAMETER_IN_BODY,
    REPAIRS,
    REQUIREMENT,
    SCHEMA_REFERENCE,
    UNDECLARED_INPUTS,
    UNNAMED_ACTION,
    WRAPPED_BODY,
)
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.repairs.rows import Repair

_OBJECTS: Final = ("{}", "{context: ", "{total: ", "{x-arazzo-engine-value: ")
_PAGE: Final = places.ROOT / "docs" / "repairs.md"
_NAMES: Final = Names(
    inputs=frozenset({"token", "user", "a", "a.b"}),
    steps={"find": frozenset({"id", "item", "x", "x.y"}), "elsewhere": None, "ping": frozenset()},
    workflows={"other": frozenset({"total"})},
    outputs=frozenset({"total"}),
    sources=Vocabulary(("shop", "stock", "Stock")),
    only_openapi="shop",
    texts=frozenset({"item"}),
    workflow="here",
    aliases={("other", "$steps.sum.outputs.all"): "$workflows.other.outputs.total"},
    apis=frozenset({"shop"}),
    step_ids=Vocabulary(("find", "elsewhere", "twice", "Twice")),
    workflow_ids=Vocabulary(("other",)),
    components={"$components.parameters.page.value": "2"},
    callers={"findItem": "find"},
    called={("stock", "count"): "$steps.find", ("stock", "order"): "$steps.elsewhere"},
    given={("find", "$response.body#/id"): "id"},
    own=OwnStep("own", {"id": "$response.body#/id"}, {"id": "$response.body#/id"}),
    ended=OwnStep("own", {"page": "$response.body#/page"}),
)


def _written(found: Any, kind: Kind) -> Any:
    return correct(Site(kind, found, ("x",), _NAMES))[0]


def _read(text: str, kind: Kind) -> Any:
    is_yaml = (
        kind in {Kind.CRITERION, Kind.MAPPING, Kind.REUSABLE, Kind.WORKFLOWS}
        or text.startswith(_OBJECTS)
        or ": " in text
    )
    return read_document(text, "file:///criterion.yaml").value if is_yaml else text


@pytest.mark.parametrize("row", [*REPAIRS, *SHAPES], ids=lambda row: row.name)
def test_each_row_makes_of_its_example_what_the_table_says(row: Repair) -> None:
    kind = row.kinds[-1]
    site = Site(kind, _read(row.found, kind), ("x",), _NAMES)
    value, made = correct(site, frozenset({Applicability.SAFE, row.applicability}))
    assert value == _read(row.written, kind)
    assert row in made
    assert not is_sound(site)


@pytest.mark.parametrize("row", [*REPAIRS, *SHAPES], ids=lambda row: row.name)
def test_a_row_that_is_not_safe_is_not_made_when_a_document_is_read(row: Repair) -> None:
    kind = row.kinds[-1]
    _, made = correct(Site(kind, _read(row.found, kind), ("x",), _NAMES))
    assert (row in made) is (row.applicability is Applicability.SAFE)


@pytest.mark.parametrize("row", [*REPAIRS, *SHAPES], ids=lambda row: row.name)
def test_what_a_row_writes_is_repaired_no_further(row: Repair) -> None:
    kind = row.kinds[-1]
    assert correct(Site(kind, _read(row.written, kind), ("x",), _NAMES)) == (_read(row.written, kind), ())


VALUES = (
    # `size` and `count` are what many answers call a member
    ("$response.body.box.size", "$response.body#/box/size"),
    ("$steps.find.outputs.item.count", "$steps.find.outputs.item#/count"),
    ("$.response.body.items[0].id", "$response.body#/items/0/id"),
    ("$.response.header.Location", "$response.header.Location"),
    ("$.response.statusCode", "$statusCode"),
    ("$.inputs.token", "$inputs.token"),
    ("$.steps.find.outputs.item.id", "$steps.find.outputs.item#/id"),
    ("a {$.inputs.token}", "a {$inputs.token}"),
    ("$steps.find.outputs.item.a.0.b", "$steps.find.outputs.item#/a/0/b"),
    ("$steps.find.outputs.item['a b'][2]", "$steps.find.outputs.item#/a b/2"),
    ("$steps.find.outputs.item.a#/b", "$steps.find.outputs.item#/a/b"),
    ("$steps.find.item.a", "$steps.find.outputs.item#/a"),
    ("$steps.find.item[0].id (the first)", "$steps.find.outputs.item#/0/id"),
    ("$inputs.user.name", "$inputs.user#/name"),
    ("$outputs.total.sum", "$outputs.total#/sum"),
    ("$workflows.other.outputs.total.sum", "$workflows.other.outputs.total#/sum"),
    ("$response.body.items[0].id", "$response.body#/items/0/id"),
    ("$response.body#id", "$response.body#/id"),
    ("$response.body.id\n(of the item)", "$response.body#/id"),
    ("$request.body.a", "$request.body#/a"),
    ("$message.payload.a", "$message.payload#/a"),
    ("$response.headers.X-Total-Count", "$response.header.X-Total-Count"),
    ("$sourceDescriptions.Shop.url", "$sourceDescriptions.shop.url"),
    ("$steps.FIND.outputs.item[0].id", "$steps.find.outputs.item#/0/id"),
    ("$workflows.Other.outputs.total", "$workflows.other.outputs.total"),
    ("$response.header['X-Total-Count']", "$response.header.X-Total-Count"),
    ("$response.status", "$statusCode"),
    ("a {$response.body.id} and {$inputs.user.name}", "a {$response.body#/id} and {$inputs.user#/name}"),
    ("Token $steps.find.outputs.id.", "Token {$steps.find.outputs.id}."),
    ("{$inputs.token}:$inputs.token", "{$inputs.token}:{$inputs.token}"),
    ("$inputs.token $inputs.user", "{$inputs.token} {$inputs.user}"),
    ("$inputs.token, $steps.find.outputs.id and more", "{$inputs.token}, {$steps.find.outputs.id} and more"),
    ("{ $inputs.token }", "{$inputs.token}"),
    ("Bearer $steps.find.id", "Bearer {$steps.find.outputs.id}"),
    ("Bearer $steps.elsewhere.outputs.any", "Bearer {$steps.elsewhere.outputs.any}"),
    ("$response.header[Location]", "$response.header.Location"),
    ("$response.body##/id", "$response.body#/id"),
    ("Bearer {$workflow.inputs.token}", "Bearer {$inputs.token}"),
    ("$steps.find.response.body.id", "$steps.find.outputs.id"),
    ("$steps.find.body.id", "$steps.find.outputs.id"),
    ("$sourceDescriptions.stock.order.outputs.any#/a", "$steps.elsewhere.outputs.any#/a"),
    ("$sourceDescriptions.stock.workflows.order.outputs.any", "$steps.elsewhere.outputs.any"),
    ("$workflows.stock.order.outputs.any", "$steps.elsewhere.outputs.any"),
    ("$workflows.$sourceDescriptions.stock.order.outputs.any", "$steps.elsewhere.outputs.any"),
    ("for {$sourceDescriptions.stock.order.outputs.any}", "for {$steps.elsewhere.outputs.any}"),
    ("for $sourceDescriptions.stock.order.outputs.any", "for {$steps.elsewhere.outputs.any}"),
)


@pytest.mark.parametrize(("found", "written"), VALUES)
def test_a_value_with_one_reading_is_repaired(found: str, written: str) -> None:
    assert _written(found, Kind.PARAMETER) == written
    assert not is_sound(Site(Kind.PARAMETER, found, ("x",), _NAMES))


def _told(workflow: dict[str, Any]) -> Diagnostic:
    text = json.dumps({"arazzo": "1.1.0", "workflows": [{"workflowId": "w", **workflow}]})
    (problem,) = repair(read_document(text, "file:///a.json")).problems
    return problem


def test_of_a_text_of_several_lines_each_that_is_corrected_is_in_the_fix() -> None:
    lines = ('"a": "{$inputs.user.name}",', '"b": 1,', '"c": "{$inputs.user.id}",', '"d": {$response.body.id}')
    inputs = {"type": "object", "properties": {"user": {"type": "object"}}}
    problem = _told({"inputs": inputs, "steps": [{"requestBody": {"payload": "\n  ".join(("{", *lines)) + "\n}"}}]})
    assert problem.message == (
        '`"a": "{$inputs.user.name}",` is read as `"a": "{$inputs.user#/name}",`, and 2 more lines as well: '
        "the expression in braces is corrected"
    )
    assert problem.fix == (
        'write `"a": "{$inputs.user#/name}",`, `"c": "{$inputs.user#/id}",` and `"d": {$response.body#/id}`'
    )


def test_a_fix_is_never_cut() -> None:
    condition = " && ".join(f"$response.headers.X-{number} != null" for number in range(20))
    problem = _told({"inputs": True, "steps": [{"successCriteria": [{"condition": condition}]}]})
    assert problem.fix == f"write `condition: {condition.replace('headers', 'header')}`"
    assert "…" in problem.message


def test_a_condition_that_is_too_long_is_shown_with_the_option_that_it_needs() -> None:
    condition = json.dumps({f"member-{number}": number for number in range(100)})
    criterion = {"context": "$response.body", "type": "simple", "condition": condition}
    problem = _told({"inputs": True, "steps": [{"successCriteria": [criterion]}]})
    assert problem.fix == "write what `arazzo fix --unsafe` shows"


def test_what_is_too_long_to_write_by_hand_is_shown_by_a_command() -> None:
    payload = "\n".join(f'"{number}": "{{$inputs.user.name}}",' for number in range(50))
    inputs = {"type": "object", "properties": {"user": {"type": "object"}}}
    problem = _told({"inputs": inputs, "steps": [{"requestBody": {"payload": payload}}]})
    assert problem.fix == "write what `arazzo fix` shows"


def test_a_remark_on_a_line_of_its_own_is_told_whole() -> None:
    outputs = {"id": "$response.body.id\n(of the item)"}
    workflow = {"workflowId": "w", "inputs": True, "steps": [{"outputs": outputs}]}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    (problem,) = repair(read_document(text, "file:///a.json")).problems
    assert problem.message.startswith("`$response.body.id (of the item)` is read as `$response.body#/id`: ")


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ({"$inputs.token": None}, "$inputs.token"),
        ({"$input.token": None}, "$inputs.token"),
        ({"$steps.find.outputs.id": None}, "$steps.find.outputs.id"),
        ({"$steps.find.id": None}, "$steps.find.outputs.id"),
        ({"$response.body#/id": None}, "$response.body#/id"),
    ],
)
def test_an_expression_in_braces_without_quotes_is_that_expression(found: Any, written: str) -> None:
    assert _written(found, Kind.MAPPING) == written
    for other in ({**found, "$url": None}, dict.fromkeys(found, 1), {"$inputs.nowhere": None}, {"item": None}):
        assert _written(other, Kind.MAPPING) == other


@pytest.mark.parametrize(
    "step",
    [
        {"parameters": [{"name": "a", "in": "query", "value": {"$inputs.item": None}}]},
        {"parameters": [{"name": "a", "value": {"$inputs.item": None}}]},
        {"requestBody": {"payload": {"$inputs.item": None}}},
        {"requestBody": {"payload": {"a": [{"$inputs.item": None}]}}},
        {"outputs": {"a": {"$inputs.item": None}}},
    ],
    ids=str,
)
def test_no_value_is_an_expression_in_braces_without_quotes(step: dict[str, Any]) -> None:
    inputs = {"type": "object", "properties": {"item": {"type": "string"}}}
    workflow = {"workflowId": "w", "inputs": inputs, "steps": [{"stepId": "s", **step}]}
    repaired = repair(read_document(json.dumps({"arazzo": "1.1.0", "workflows": [workflow]}), "file:///a.json"))
    (problem,) = repaired.problems
    assert problem.message.startswith("`{$inputs.item}` is read as `$inputs.item`: ")
    assert problem.fix == "write `$inputs.item`"


LEFT_ALONE = (
    # computations
    "{ $inputs.token ? $inputs.token : x }",
    "{upper($inputs.token)}",
    # a JSONPath
    "$.response.id",
    "$.url",
    "$.inputs.nowhere",
    # names that are there, whatever else could be meant
    "$inputs.a.b",
    "$steps.find.outputs.x.y",
    # two readings: a part of `x`, or of `x.y`
    "$steps.find.outputs.x.y.z",
    "$inputs.a.b.c",
    # every element, in a text that has room for one
    "a {$steps.find.outputs.item[*].id}",
    # nothing of that name
    "$inputs.nothing.x",
    "$steps.find.outputs.nothing.x",
    "$steps.nowhere.outputs.id.x",
    "$steps.find.nothing",
    # one of two ids
    "$steps.TWICE.outputs.id",
    "$sourceDescriptions.STOCK.url",
    # it cannot be known what is there
    "$steps.elsewhere.outputs.id.x",
    # no expression's word, or no such name, or an expression that could go on
    "costs $5.00",
    "Bearer $inputs.nothing",
    "Bearer $inputs.user.name",
    "Bearer $token",
    "Bearer $steps.find.nothing",
    "concat('a', $steps.find.outputs.id)",
    "Bearer $steps.find.id.part",
    r"\$inputs.token",
    "$inputs.token and more",
    "$inputs.token $inputs.nothing",
    "$inputs.token || $inputs.user",
    "$inputs.token.x $inputs.user",
    # no output is that
    "$steps.find.response.body#/other",
    "$steps.find.response.header.id",
)


@pytest.mark.parametrize("found", LEFT_ALONE)
def test_a_value_without_exactly_one_reading_is_left_alone(found: str) -> None:
    assert _written(found, Kind.PARAMETER) == found


def test_an_expression_without_braces_in_the_text_of_an_output_stands_in_them() -> None:
    assert _written("$5 for $steps.find.outputs.id", Kind.OUTPUT) == "$5 for {$steps.find.outputs.id}"


OF_CALLED = (
    ("$workflow.outputs.total.sum[0]", "$outputs.total#/sum/0"),
    ("$workflows.outputs.total#/sum", "$outputs.total#/sum"),
    ("$workflow.outputs.nothing", "$workflow.outputs.nothing"),
)


@pytest.mark.parametrize(("found", "written"), OF_CALLED)
def test_an_output_of_the_called_workflow_needs_no_id(found: str, written: str) -> None:
    assert _written(found, Kind.OUTPUT) == written
    # before it is called, it has none
    assert _written(found, Kind.PARAMETER) == found


@pytest.mark.parametrize(
    "names", [{"workflows": {"outputs": frozenset({"total"})}}, {"outputs": None}, {"outputs": frozenset()}]
)
def test_an_output_that_may_be_of_another_workflow_is_left_alone(names: dict[str, Any]) -> None:
    site = Site(Kind.OUTPUT, "$workflow.outputs.total", ("x",), replace(_NAMES, **names))
    assert correct(site)[0] == "$workflow.outputs.total"


@pytest.mark.parametrize("found", ["the id is $inputs.token", '{"a":"$inputs.token"}'])
def test_an_expression_without_braces_in_a_payload_is_the_text_that_it_is(found: str) -> None:
    assert _written(found, Kind.VALUE) == found


QUERIES = (
    ("$.status == 'done'", "$[?$.status == 'done']"),
    ('$.a.b[0]["c"] >= 1.5', '$[?$.a.b[0]["c"] >= 1.5]'),
    ("$.a == 1 && ($.b == 2 || $.c < 3)", "$[?$.a == 1 && ($.b == 2 || $.c < 3)]"),
    ("$.items.length == 0", "$[?length($.items) == 0]"),
    ("$.length > 0", "$[?length($) > 0]"),
    ("0 < $.items.length", "$[?0 < length($.items)]"),
    ("$.id != null", "$[?($.id && $.id != null)]"),
    ("$.done == true && $.error == null", "$[?$.done == true && (!$.error || $.error == null)]"),
    ("$.id == '{$inputs.user}'", "$[?$.id == '{$inputs.user}']"),
)


@pytest.mark.parametrize(("found", "written"), QUERIES)
def test_a_comparison_becomes_a_filter(found: str, written: str) -> None:
    criterion = {"context": "$response.body", "type": "jsonpath", "condition": found}
    assert _written(criterion, Kind.CRITERION) == {**criterion, "condition": written}


NO_FILTER = (
    # which of the elements is not said
    "$.items[*].id == 1",
    # truth is not existence
    "$.ok && $.id == 1",
    "$.ok",
    "$.name =~ /x/",
    "$.a == 1 &&",
    "1 == 1",
)


@pytest.mark.parametrize("condition", NO_FILTER)
def test_what_no_filter_says_is_left_alone(condition: str) -> None:
    criterion = {"context": "$response.body", "type": "jsonpath", "condition": condition}
    assert _written(criterion, Kind.CRITERION) == criterion


_QUERY: Final = {"context": "$response.body", "type": "jsonpath"}
CONDITIONS = (
    ({**_QUERY, "condition": "$.status != 'failed'"}, {"condition": "$response.body#/status != 'failed'"}),
    ({**_QUERY, "condition": "$.error == null"}, {"condition": "$response.body#/error == null"}),
    ({**_QUERY, "condition": "$.a == $.b"}, {"condition": "$response.body#/a == $response.body#/b"}),
    ({**_QUERY, "condition": '$.state != "a" && $["x-y"][0] != "b"'},
     {"condition": "$response.body#/state != 'a' && $response.body#/x-y/0 != 'b'"}),
    ({**_QUERY, "context": "$inputs", "condition": "$.user.cancel != true"},
     {"condition": "$inputs.user#/cancel != true"}),
    ({**_QUERY, "context": "$inputs", "condition": "$.user == 'x'"}, {"condition": "$inputs.user == 'x'"}),
    ({**_QUERY, "context": "$response.body#/data", "condition": "$.state != 'a'"},
     {"condition": "$response.body#/data/state != 'a'"}),
    ({"type": "jsonpath", "condition": "$response.body[0]"}, {**_QUERY, "condition": "$[0]"}),
    ({"condition": "{$statusCode == 401}"}, {"condition": "$statusCode == 401"}),
    ({"condition": "{$statusCode} == 401 && {$response.body#/a} == 'x{$inputs.token}'"},
     {"condition": "$statusCode == 401 && $response.body#/a == 'x{$inputs.token}'"}),
    ({"condition": "$statusCode == '2xx'"}, {"condition": "($statusCode >= 200 && $statusCode < 300)"}),
    ({"condition": "2XX == $statusCode"}, {"condition": "($statusCode >= 200 && $statusCode < 300)"}),
    ({"condition": "$statusCode == '20*'"}, {"condition": "($statusCode >= 200 && $statusCode < 210)"}),
    ({"condition": "$statusCode == 2**"}, {"condition": "($statusCode >= 200 && $statusCode < 300)"}),
    ({"condition": "$statusCode != 40x"}, {"condition": "($statusCode < 400 || $statusCode >= 410)"}),
    ({"condition": "$statusCode == 200-299"}, {"condition": "($statusCode >= 200 && $statusCode <= 299)"}),
    ({"condition": "$statusCode != 400..499"}, {"condition": "($statusCode < 400 || $statusCode > 499)"}),
    ({"condition": "$statusCode == 200 || 201"}, {"condition": "$statusCode == 200 || $statusCode == 201"}),
    ({"condition": "$statusCode == [200, 201]"}, {"condition": "$statusCode == 200 || $statusCode == 201"}),
    ({"condition": "$response.body#/a == 'x' or \"y\""},
     {"condition": "$response.body#/a == 'x' || $response.body#/a == 'y'"}),
    ({"context": "$statusCode", "type": "simple", "condition": "200|201"},
     {"condition": "$statusCode == 200 || $statusCode == 201"}),
    ({"context": "$statusCode", "type": "regex", "condition": "^(4xx|50x)$"},
     {"context": "$statusCode", "type": "regex", "condition": "^(4\\d\\d|50\\d)$"}),
    ({"context": "$statusCode", "type": "regex", "condition": "2**"},
     {"context": "$statusCode", "type": "regex", "condition": "2\\d\\d"}),
    ({"condition": "$url == '$statusCode == 2XX'"}, {"condition": "$url == '$statusCode == 2XX'"}),
    ({"condition": "$statusCode == 200", "type": {"type": "simple"}}, {"condition": "$statusCode == 200"}),
    ({"condition": "{ $statusCode == 200 }"}, {"condition": "$statusCode == 200"}),
    ({"condition": "{ $statusCode } == 200"}, {"condition": "$statusCode == 200"}),
    # in YAML, braces without quotes are an object
    ({"condition": {"$statusCode == 200": None}}, {"condition": "$statusCode == 200"}),
    ({"condition": "$.a", "context": {"$response.body": None}, "type": "jsonpath"},
     {"condition": "$.a", "context": "$response.body", "type": "jsonpath"}),
    ({"condition": "^2", "context": "{ $statusCode }", "type": "regex"},
     {"condition": "^2", "context": "$statusCode", "type": "regex"}),
    ({"condition": "undefined != $response.body#/id"}, {"condition": "null != $response.body#/id"}),
    ({"condition": '!($.a == "x")', "context": "$response.body", "type": "jsonpath"},
     {"condition": "!($response.body#/a == 'x')"}),
    ({"condition": '!($.a == "x") && $.b == 1', "context": "$response.body", "type": "jsonpath"},
     {"condition": "$[?!($.a == 'x') && $.b == 1]", "context": "$response.body", "type": "jsonpath"}),
    ({"condition": "$statusCode != 4XX && $response.body#/a == '2XX'"},
     {"condition": "($statusCode < 400 || $statusCode >= 500) && $response.body#/a == '2XX'"}),
    ({"condition": '$response.body#/a in ["x", "y"]'},
     {"condition": "$response.body#/a == 'x' || $response.body#/a == 'y'"}),
    ({"condition": "$response.body#/a == undefined || $response.body#/b == 'undefined'"},
     {"condition": "$response.body#/a == null || $response.body#/b == 'undefined'"}),
    ({"condition": '$statusCode == 200 && $response.body.state == "ok"'},
     {"condition": "$statusCode == 200 && $response.body.state == 'ok'"}),
    ({"condition": '$response.body#/a == "x-{$inputs.token}"'},
     {"condition": "$response.body#/a == 'x-{$inputs.token}'"}),
    ({"condition": "$response.body#/name == \"it's\""}, {"condition": "$response.body#/name == 'it''s'"}),
    ({"condition": "$response.body#/id == $steps.find.id"},
     {"condition": "$response.body#/id == $steps.find.outputs.id"}),
    ({"condition": "$workflow.outputs.total > 1 && $workflow.inputs.token == 'a'"},
     {"condition": "$outputs.total > 1 && $inputs.token == 'a'"}),
    ({"context": "$statusCode", "condition": "< 300"}, {"condition": "$statusCode < 300"}),
    ({"condition": "$.response.body#/state == '$.inputs.a' && $.inputs.a == 1"},
     {"condition": "$response.body#/state == '$.inputs.a' && $inputs.a == 1"}),
    ({"condition": "$.response.id == 1"}, {"condition": "$response.body.response.id == 1"}),
    ({"context": "$response.body#/state", "type": "simple", "condition": "red"},
     {"condition": "$response.body#/state == 'red'"}),
    ({"context": "$inputs.a", "type": "simple", "condition": "sold out"}, {"condition": "$inputs.a == 'sold out'"}),
    ({"context": "$response.body.ok", "type": "simple", "condition": "true"},
     {"condition": "$response.body.ok == true"}),
    ({"context": "$response.body.id", "condition": "==", "value": "$steps.find.outputs.id"},
     {"condition": "$response.body.id == $steps.find.outputs.id"}),
    ({"context": "$response.body.id", "condition": "!=", "value": "a'b"}, {"condition": "$response.body.id != 'a''b'"}),
    ({"context": "$response.body", "type": "regex", "condition": "^{$steps.find.item.id}$"},
     {"context": "$response.body", "type": "regex", "condition": "^{$steps.find.outputs.item#/id}$"}),
)  # fmt: skip


@pytest.mark.parametrize(("found", "written"), CONDITIONS)
def test_a_criterion_with_one_reading_is_repaired(found: dict[str, Any], written: dict[str, Any]) -> None:
    assert _written(found, Kind.CRITERION) == written


_NEXT: Final = {"context": "$response.body#/next", "type": "regex"}
PATTERNS = (
    ("$response.body#/next == ^https://.*$", {**_NEXT, "condition": "^https://.*$"}),
    ("$response.body#/next =~ /^https/", {**_NEXT, "condition": "^https"}),
    ("{$response.body#/next} matches '^https'", {**_NEXT, "condition": "^https"}),
    ("$response.body#/next/0 =~ ^https", {**_NEXT, "context": "$response.body#/next/0", "condition": "^https"}),
    ("$response.body#/next == 'done'", {"condition": "$response.body#/next == 'done'"}),
    ("$response.body#/next", {"condition": "$response.body#/next != null"}),
    # an expression within the pattern, another value, a sign that denies
    ("{$response.body#/next}", {**_NEXT, "condition": "{$response.body#/next}"}),
    ("$response.body#/other == ^a", {**_NEXT, "condition": "$response.body#/other == ^a"}),
    ("$response.body#/next != ^a", {**_NEXT, "condition": "$response.body#/next != ^a"}),
    ("^a == b$", {**_NEXT, "condition": "^a == b$"}),
)


@pytest.mark.parametrize(("condition", "written"), PATTERNS)
def test_a_pattern_stands_without_what_its_context_names(condition: str, written: dict[str, Any]) -> None:
    assert _written({**_NEXT, "condition": condition}, Kind.CRITERION) == written


SELECTED = (
    ("$.items.[?(@.state=='open')].length > 0", "$.items[?(@.state=='open')]"),
    ("$.items[?@.a == '.[' && @.b].size() != 0", "$.items[?@.a == '.[' && @.b]"),
    ("count($.items[?@.a].id) >= 1", "$.items[?@.a].id"),
    ("$.items[?@.a].length >= 2", "$[?count($.items[?@.a]) >= 2]"),
    ("$.items[?@.a] | length >= 2", "$[?count($.items[?@.a]) >= 2]"),
    ("$.items[?@.a] != null", "$.items[?@.a]"),
    ("$.items[?@.a] != []", "$.items[?@.a]"),
    # behind a filter, a value is compared
    ("$.items[?@.a]['b'] != null", "$.items[?@.a]['b'] != null"),
    ("$.items[?@.a].tags[*] == []", "$.items[?@.a].tags[*] == []"),
    ("$.items.[0].['id']", "$.items[0]['id']"),
    # nothing is selected in an empty list, and a filter there tests nothing
    ("$.items[?@.a].length < 2", "$.items[?@.a].length < 2"),
    ("$..['a']", "$..['a']"),
    ("$.items[?@.a == 'x.[y']", "$.items[?@.a == 'x.[y']"),
)


@pytest.mark.parametrize(("condition", "written"), SELECTED)
def test_what_a_filter_passes_is_not_counted_but_selected(condition: str, written: str) -> None:
    criterion = {"context": "$response.body", "type": "jsonpath"}
    assert _written({**criterion, "condition": condition}, Kind.CRITERION) == {**criterion, "condition": written}


@pytest.mark.parametrize("condition", ["$[?@.a == 'x'].length == 0", "count($[?@.a == 'x']) < 1"])
def test_that_nothing_passes_a_filter_is_asked_of_this_engine_alone(condition: str) -> None:
    criterion = {"context": "$response.body", "type": "jsonpath"}
    written = {**criterion, "condition": "$[?@.a == 'x']", "x-arazzo-engine-condition": "nothing"}
    assert _written({**criterion, "condition": condition}, Kind.CRITERION) == written


ABOVE = (
    ("$response.body#/items", "$.length == 0", "$response.body", "$[?length($.items) == 0]"),
    ("$response.body#/a/0", "length($) == 0", "$response.body#/a", "$[?length($[0]) == 0]"),
    ("$response.body#/my-items", "$.length == 0 || $.x == 1", "$response.body",
     "$[?length($['my-items']) == 0 || $['my-items'].x == 1]"),
)  # fmt: skip


@pytest.mark.parametrize(("context", "condition", "above", "written"), ABOVE)
def test_an_empty_list_is_asked_of_by_what_it_stands_in(context: str, condition: str, above: str, written: str) -> None:
    found = {"context": context, "type": "jsonpath", "condition": condition}
    asked = {"context": above, "type": "jsonpath", "condition": written}
    assert _written(found, Kind.CRITERION) == asked
    assert _written(asked, Kind.CRITERION) == asked


def test_what_no_query_can_name_is_counted_by_the_engine_s_own_condition() -> None:
    found = {"context": "$response.body#/it's", "type": "jsonpath", "condition": "$.length == 0"}
    assert _written(found, Kind.CRITERION) == {"condition": "$response.body#/it's/length == 0", **_EXTENDED}


_EXTENDED: Final = {"x-arazzo-engine-condition": "extended"}
_BODY: Final = {"context": "$response.body", "type": "simple"}
OWN = (
    ({"condition": "[]", **_BODY}, "$response.body == []"),
    ({"condition": '{"a": [1]}', **_BODY}, '$response.body == {"a": [1]}'),
    ({"condition": '[{"t": "\\u003cb"}]', **_BODY}, '$response.body == [{"t": "\\u003cb"}]'),
    ({"condition": "!= {}", "context": "$response.body#/a"}, "$response.body#/a != {}"),
    ({"condition": "$.a.b == []", "context": "$response.body", "type": "jsonpath"}, "$response.body#/a/b == []"),
    ({"condition": '$statusCode == 200 && $response.body#/a == ["x"]'},
     '$statusCode == 200 && $response.body#/a == ["x"]'),
    ({"condition": '$response.body#/s == "x" || $response.body#/a == []'},
     "$response.body#/s == 'x' || $response.body#/a == []"),
    ({"condition": "$.length == 0", "context": "$response.body", "type": "jsonpath"}, "$response.body.length == 0"),
    ({"condition": "count($response.body.items) >= 2"}, "$response.body.items.length >= 2"),
    ({"condition": "$response.body#/items.size() > 0"}, "$response.body#/items/length > 0"),
    ({"condition": "$response.body#/items count > 0"}, "$response.body#/items/length > 0"),
    ({"condition": '$response.header.content-type != "text/html"'}, "$response.header.content-type != 'text/html'"),
    ({"condition": "$response.header.Content-Type != text/html"}, "$response.header.Content-Type != 'text/html'"),
    ({"condition": '$response.header.Content-Type == "application/json; charset=utf-8"'},
     "$response.header.Content-Type == 'application/json; charset=utf-8'"),
    ({"condition": "$response.header.Content-Type == text/html; charset=utf-8"},
     "$response.header.Content-Type == 'text/html; charset=utf-8'"),
    # as other languages write a list, and as YAML reads one without quotes
    ({"condition": "$response.body#/a != ['x', 'y']"}, '$response.body#/a != ["x", "y"]'),
    ({"condition": "$response.body#/a == {'b': ['x']} && $response.body#/c == 'x'"},
     """$response.body#/a == {"b": ["x"]} && $response.body#/c == 'x'"""),
    ({"condition": "$.a == ['x']", "context": "$response.body", "type": "jsonpath"}, '$response.body#/a == ["x"]'),
    ({"condition": [], **_BODY}, "$response.body == []"),
    ({"condition": {"a": ["x", None]}, "context": "$response.body"}, '$response.body == {"a": ["x", null]}'),
)  # fmt: skip


@pytest.mark.parametrize(("found", "condition"), OWN)
def test_what_no_condition_of_arazzo_says_is_one_of_the_engine_s_own(found: dict[str, Any], condition: str) -> None:
    written = {"condition": condition, **_EXTENDED}
    assert _written(found, Kind.CRITERION) == written
    assert _written(written, Kind.CRITERION) == written


ESCAPED = (
    ('$response.body#/a == "x\\ny"', "$response.body#/a == 'x\ny'"),
    ('$response.body#/a == "it\\\'s"', "$response.body#/a == 'it''s'"),
    ('$response.body#/a == "a \\"b\\""', "$response.body#/a == 'a \"b\"'"),
    ('$response.body#/a == "\\u003cb"', "$response.body#/a == '<b'"),
    ('$response.body#/a == "{a}"', "$response.body#/a == '{a}'"),
)


@pytest.mark.parametrize(("found", "written"), ESCAPED)
def test_what_is_escaped_between_double_quotes_is_that_character(found: str, written: str) -> None:
    assert _written({"condition": found}, Kind.CRITERION) == {"condition": written}


# the texts `token` and `item`, the number `count`, and `any`, of which nobody knows
_TYPED: Final = replace(
    _NAMES,
    inputs=frozenset({"token", "item", "count", "any"}),
    texts=frozenset({"token"}),
    numbers=frozenset({"count"}),
)
_DRAFT: Final = {"type": "jsonpath", "version": "draft-goessner-dispatch-jsonpath-00"}
WITHOUT_BRACES = (
    ("jsonpath", "$.items[?(@.sku == $inputs.token)]", "$.items[?(@.sku == '{$inputs.token}')]"),
    (_DRAFT, "$.items[?(@.sku == $inputs.token)]", "$.items[?(@.sku == '{$inputs.token}')]"),
    ("jsonpath", "$.items[?@.n > $inputs.count]", "$.items[?@.n > {$inputs.count}]"),
    ("jsonpath", "$.items[$inputs.count]", "$.items[{$inputs.count}]"),
    ("jsonpath", "$.items[?@.sku == '$inputs.any']", "$.items[?@.sku == '{$inputs.any}']"),
    ("jsonpath", '$.items[?@.sku == "$steps.find.outputs.id"]', '$.items[?@.sku == "{$steps.find.outputs.id}"]'),
    (
        "jsonpath",
        "$[?@.a == '{$inputs.any}' && @.b == '$inputs.any']",
        "$[?@.a == '{$inputs.any}' && @.b == '{$inputs.any}']",
    ),
    ("jsonpath", "$[?@.sku == '$steps.find.outputs.item#/a']", "$[?@.sku == '{$steps.find.outputs.item#/a}']"),
    ("regex", "^$inputs.any$", "^{$inputs.any}$"),
    ("regex", "^$steps.find.outputs.id\\.\\d+$", "^{$steps.find.outputs.id}\\.\\d+$"),
    ("xpath", "//item[@id = $inputs.token]", "//item[@id = '{$inputs.token}']"),
    ("xpath", "//item[@id = '$inputs.any']", "//item[@id = '{$inputs.any}']"),
)


@pytest.mark.parametrize(("type_", "found", "written"), WITHOUT_BRACES)
def test_an_expression_within_a_query_stands_in_braces(type_: Any, found: str, written: str) -> None:
    site = Site(Kind.CRITERION, {"context": "$response.body", "type": type_, "condition": found}, ("x",), _TYPED)
    assert not is_sound(site)
    value, _ = correct(site)
    assert value == {"context": "$response.body", "type": type_, "condition": written}
    assert correct(replace(site, value=value))[0] == value


@pytest.mark.parametrize(
    ("type_", "condition"),
    [
        # a text or a number
        ("jsonpath", "$.items[?@.sku == $inputs.any]"),
        ("jsonpath", "$.items[?@.sku == $steps.find.outputs.id]"),
        ("jsonpath", "$.items[?@.sku == '$inputs.other']"),
        ("jsonpath", "$.items[?@.sku == '$steps.missing.outputs.id']"),
        ("jsonpath", "$.items[?@.sku == '\\$inputs.token']"),
        ("regex", "^\\$inputs.token$"),
        ("regex", "^$inputs.token.name$"),
        # a variable of the query's own
        ("xpath", "for $inputs.token in //a return $inputs.token"),
    ],
)
def test_a_query_that_names_what_may_be_something_else_is_left_alone(type_: str, condition: str) -> None:
    found = {"context": "$response.body", "type": type_, "condition": condition}
    assert correct(Site(Kind.CRITERION, found, ("x",), _TYPED)) == (found, ())


UNQUOTED = (
    ("$response.body#/a == 2025-04-14T22:37:30.382Z", "$response.body#/a == '2025-04-14T22:37:30.382Z'"),
    ("$response.body#/a == 2025-04-14", "$response.body#/a == '2025-04-14'"),
    ("$response.body#/a == \u2018in use\u2019", "$response.body#/a == 'in use'"),
    (
        "$response.body#/a != \u201copen\u201d && $statusCode == 200",
        "$response.body#/a != 'open' && $statusCode == 200",
    ),
    ("$response.body#/a == Berlin Hauptbahnhof", "$response.body#/a == 'Berlin Hauptbahnhof'"),
    ("$response.body#/a == Berlin (Hbf)", "$response.body#/a == 'Berlin (Hbf)'"),
    ("$response.body#/a != 12 Station Road, York", "$response.body#/a != '12 Station Road, York'"),
    ("$response.body#/a == https://x.example/s?page=3&n=1", "$response.body#/a == 'https://x.example/s?page=3&n=1'"),
    ("$response.body#/a == 1.0.0", "$response.body#/a == '1.0.0'"),
    ("$response.body#/a == <value>", "$response.body#/a == '<value>'"),
    ("$response.body#/a == /api/v1", "$response.body#/a == '/api/v1'"),
    ("$response.body#/a == Hello World!", "$response.body#/a == 'Hello World!'"),
    ("$statusCode == 200 && $response.body#/a == two words", "$statusCode == 200 && $response.body#/a == 'two words'"),
)


@pytest.mark.parametrize(("found", "written"), UNQUOTED)
def test_a_text_that_lacks_its_quotes_stands_in_them(found: str, written: str) -> None:
    assert _written({"condition": found}, Kind.CRITERION) == {"condition": written}


def test_a_text_that_lacks_its_quotes_beside_a_context_stands_in_them() -> None:
    found = {"context": "$response.body#/a", "condition": "== two words"}
    assert _written(found, Kind.CRITERION) == {"condition": "$response.body#/a == 'two words'"}


CONDITIONS_LEFT_ALONE = (
    # a number, a list, a sum, a function, a comparison or a remark may be meant
    *(
        {"condition": f"$response.body#/a == {text}"}
        for text in (
            "1,000",
            ".5",
            "100-200",
            "5 - 3",
            "1 + 2",
            "price - discount",
            "red, blue",
            "200 201",
            "this or that",
            "length (items)",
            "now()",
            "true # always",
            "not found",
            "null or empty",
            "> 5",
            "two words || others",
            "two words)",
            "[one two]",
            "it's late",
            "price of $5",
            "this < that",
            # a pattern of another language, or a path
            "/done/",
            "/^do/i",
            r"/a\/b/",
        )
    ),
    {"condition": "$statusCode == 200 OK"},
    {"condition": "{$statusCode"},
    {"condition": "$response.body#/a in [x y]"},
    {"condition": "$response.body#/code == 2XX"},
    {"condition": "$statusCode > 2XX"},
    {"condition": "$statusCode != 404 || 500"},
    {"condition": "$statusCode == 200 && 201"},
    {"condition": "$statusCode =! 200"},
    {"context": "$statusCode", "type": "regex", "condition": "20*"},
    {"context": "$statusCode", "type": "regex", "condition": "^6xx$"},
    {"context": "$response.body#/code", "type": "regex", "condition": "2xx"},
    {"context": "anything", "condition": "$statusCode == 200"},
    # a word that asks something, a member or the name of a status, and a pattern
    {"context": "$response.body#/state", "type": "simple", "condition": "exists"},
    {"context": "$response.body#/state", "type": "simple", "condition": "is not empty"},
    {"context": "$response.body", "type": "simple", "condition": "state"},
    {"context": "$statusCode", "type": "simple", "condition": "success"},
    {"context": "$response.body#/state", "condition": "red"},
    {"type": "jsonpath", "condition": "$response.body.items[?@.id == $response.body.id]"},
    {"type": "jsonpath", "condition": "$.items[0]"},
    {"type": "jsonpath", "version": "2.0", "context": "$response.body", "condition": "$.items[0]"},
    {"condition": "$statusCode == 200"},
    {"condition": "$response.body#/a == True"},
    {"condition": '$response.body#/a == "\\n{$inputs.token}"'},
    {"condition": '$response.body#/a == "it\'s {$inputs.token}"'},
    {"condition": "$response.body#/a contains x"},
    {"condition": "$response.body#/a == x and more"},
    # two literals say nothing of what came
    {"condition": "200 == r.status"},
    {"condition": "$statusCode == 200 && 'done' == state"},
    {"condition": '"status" == "in progress"'},
    {"condition": '"in progress" == "status"'},
    {"context": "$response.body", "condition": "$statusCode == 200"},
    {"context": "$response.body", "type": "simple", "condition": '{"a": '},
    {"context": "$response.body", "type": "simple", "condition": '{"a": "{$inputs.token}"}'},
    {"context": "$response.body", "type": "simple", "condition": '{"a": NaN}'},
    {"context": "$response.body", "type": {"type": {}}, "condition": "a"},
    {"context": "$response.body", "type": {"type": []}, "condition": "a"},
    {"condition": '$response.body#/a == "\\q"'},
)


@pytest.mark.parametrize("found", CONDITIONS_LEFT_ALONE)
def test_a_criterion_without_exactly_one_reading_is_left_alone(found: dict[str, Any]) -> None:
    assert _written(found, Kind.CRITERION) == found


PATHS = (
    ("{$sourceDescriptions.shop.url}#/paths/~1items/get", None),
    ("$sourceDescriptions.shop#/paths/~1items/get", "{$sourceDescriptions.shop.url}#/paths/~1items/get"),
    ("$sourceDescriptions.shop.url#/paths/~1items/get", "{$sourceDescriptions.shop.url}#/paths/~1items/get"),
    ("SHOP#/paths/~1items~1{id}/get", "{$sourceDescriptions.shop.url}#/paths/~1items~1{id}/get"),
    ("DELETE {shop}./items/{id}", "{$sourceDescriptions.shop.url}#/paths/~1items~1{id}/delete"),
    ("#/paths/~1items/get", "{$sourceDescriptions.shop.url}#/paths/~1items/get"),
    ("./apis/shop.yaml#/paths/~1items/get", "{$sourceDescriptions.shop.url}#/paths/~1items/get"),
    ("stock.GET /items", "{$sourceDescriptions.stock.url}#/paths/~1items/get"),
    ("shop#/components/x", None),
    ("/items", None),
)


@pytest.mark.parametrize(("found", "written"), PATHS)
def test_an_operation_path_is_repaired_when_its_description_is_known(found: str, written: str | None) -> None:
    assert _written(found, Kind.OPERATION_PATH) == (written or found)


WORKFLOWS = (
    ("$workflows.other", "other"),
    ("$sourceDescriptions.SHOP.workflows.order", "$sourceDescriptions.shop.order"),
    ("$sourceDescriptions.stock.workflowId.order", "$sourceDescriptions.stock.order"),
    ("#/workflows/other", "other"),
    ("#/workflows/unknown", None),
    # an API has no workflows
    ("$sourceDescriptions.shop.other", "other"),
    ("$sourceDescriptions.shop.OTHER", "other"),
    ("$sourceDescriptions.stock.other", None),
    ("$sourceDescriptions.shop.nothing", None),
    ("OTHER", "other"),
    ("$workflows.nothing", None),
    ("$sourceDescriptions.nothing.workflows.order", None),
    ("other", None),
)


@pytest.mark.parametrize(("found", "written"), WORKFLOWS)
def test_a_reference_to_a_workflow_is_repaired_when_its_home_is_known(found: str, written: str | None) -> None:
    assert _written(found, Kind.WORKFLOW_ID) == (written or found)


def test_two_strings_that_can_be_no_names_are_strings() -> None:
    found = {"condition": r'$statusCode == 200 && "x\" == y" == "x\" == y"'}
    assert _written(found, Kind.CRITERION) == {"condition": "$statusCode == 200 && 'x\" == y' == 'x\" == y'"}


@pytest.mark.parametrize("found", ["$dependencies.other.total", "$dependency.other.outputs.total"])
def test_an_output_of_a_workflow_that_this_one_depends_on_is_named_by_that_workflow(found: str) -> None:
    assert _written(found, Kind.VALUE) == "$workflows.other.outputs.total"
    gone = found.replace("total", "gone")
    assert _written(gone, Kind.VALUE) == gone


def test_inputs_that_are_used_and_not_declared_must_be_given() -> None:
    text = """
arazzo: 1.1.0
workflows:
- workflowId: order
  summary: $inputs.not_this
  steps:
  - stepId: find
    parameters:
    - { name: a, in: query, value: $inputs.item }
    - { name: b, in: query, value: "x {$inputs.other#/id}" }
    - { name: c, in: query, value: $inputs.has.two.dots }
    successCriteria:
    - condition: $response.body.id == $inputs.third
"""
    repaired = repair(read_document(text, "file:///a.yaml"))
    schema = repaired.document.value["workflows"][0]["inputs"]
    assert schema == {
        "type": "object",
        "required": ["has.two.dots", "item", "other", "third"],
        "properties": {"has.two.dots": {}, "item": {}, "other": {}, "third": {}},
    }
    (problem,) = repaired.problems
    assert "`has.two.dots`, `item`, `other`, `third`" in problem.message


@pytest.mark.parametrize(
    ("inputs", "required"),
    [
        ({"type": "object", "properties": {"token": {"type": "string"}}}, ["item"]),
        ({"properties": {"token": {}}, "required": ["token"]}, ["token", "item"]),
        # one that is declared may be meant
        ({"properties": {"itme": {}}}, None),
        ({"properties": {"item_id": {}}}, None),
        # the schema knows of others, or of none
        ({"properties": {"token": {}}, "additionalProperties": False}, None),
        ({"allOf": [{"properties": {"token": {}}, "additionalProperties": {}}]}, None),
        ({"$ref": "#/components/inputs/gone"}, None),
        ({"$ref": "other.json"}, None),
        (True, None),
    ],
)
def test_an_input_that_a_schema_does_not_declare_must_be_given(inputs: Any, required: list[str] | None) -> None:
    parameters = [{"name": "a", "in": "query", "value": "$inputs.item"}]
    workflow = {"workflowId": "w", "inputs": inputs, "steps": [{"stepId": "s", "parameters": parameters}]}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    repaired, problems = read_repaired(read_document(text, "file:///a.json"))
    read = repaired.value["workflows"][0]["inputs"]
    if required is None:
        assert (read, problems) == (inputs, ())
        return
    assert (read["required"], read["properties"]["item"]) == (required, {})
    (problem,) = problems
    assert problem.message.startswith("the workflow uses `item` of its inputs and does not declare it: ")
    assert problem.fix == 'add `"item": {}` to its `properties`'


@pytest.mark.parametrize(
    "inputs",
    [
        {"$ref": "#/components/inputs/order"},
        {"allOf": [{"$ref": "#/components/inputs/order"}, {"properties": {"user": {}}}], "required": ["token"]},
        {"allOf": [{"properties": {"token": {}}}]},
    ],
)
def test_an_input_that_no_schema_declares_which_is_taken_in_must_be_given(inputs: Any) -> None:
    parameters = [{"name": each, "in": "query", "value": f"$inputs.{each}"} for each in ("item", "token")]
    workflow = {"workflowId": "w", "inputs": inputs, "steps": [{"stepId": "s", "parameters": parameters}]}
    components = {"inputs": {"order": {"type": "object", "properties": {"token": {"type": "string"}}}}}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow], "components": components})
    repaired, (problem,) = read_repaired(read_document(text, "file:///a.json"))
    required = [*inputs.get("required", []), "item"]
    assert repaired.value["workflows"][0]["inputs"] == inputs | {"required": required, "properties": {"item": {}}}
    assert problem.message.startswith("the workflow uses `item` of its inputs and does not declare it: ")
    assert problem.fix == f'add `"required": {json.dumps(required)}, "properties": {{"item": {{}}}}` to its `inputs`'


def test_an_input_that_only_shares_a_word_with_another_one_is_its_own() -> None:
    inputs: dict[str, Any] = {"properties": {"trip_date": {}, "bank_name": {}, "customer_name": {}}}
    used = ("trip_id", "passenger_name", "customer_nmae")
    parameters = [{"name": each, "in": "query", "value": f"$inputs.{each}"} for each in used]
    workflow = {"workflowId": "w", "inputs": inputs, "steps": [{"stepId": "s", "parameters": parameters}]}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    repaired, _ = read_repaired(read_document(text, "file:///a.json"))
    assert repaired.value["workflows"][0]["inputs"]["required"] == ["passenger_name", "trip_id"]


@pytest.mark.parametrize(("used", "is_declared"), [(("metodo", "metrico"), True), (("metodo",), False)])
def test_an_input_that_is_like_one_that_is_used_too_is_its_own(used: tuple[str, ...], *, is_declared: bool) -> None:
    parameters = [{"name": each, "in": "query", "value": f"$inputs.{each}"} for each in used]
    inputs: dict[str, Any] = {"properties": {"metrico": {}}}
    workflow = {"workflowId": "w", "inputs": inputs, "steps": [{"stepId": "s", "parameters": parameters}]}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    repaired, _ = read_repaired(read_document(text, "file:///a.json"))
    assert ("metodo" in repaired.value["workflows"][0]["inputs"]["properties"]) is is_declared


def test_of_a_step_that_is_not_there_it_is_told_that_it_is_missing() -> None:
    outputs = {"a": "$steps.gone.outputs.list.data[0].id"}
    workflow = {"workflowId": "w", "inputs": True, "steps": [{"stepId": "s"}], "outputs": outputs}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    read = repair(read_document(text, "file:///a.json")).document.value["workflows"][0]["outputs"]
    assert read == {"a": "$steps.gone.outputs.list#/data/0/id"}


def _named_by_operation(*steps: tuple[str, str], text: str = "$steps.getItem.outputs.id") -> Any:
    """Return what is read for an output of a workflow of steps, each given by its id and what it runs."""
    ran = [{"stepId": step, "operationId": runs, "outputs": {"id": "$response.body#/id"}} for step, runs in steps]
    value = {
        "sourceDescriptions": [{"name": "my.shop", "url": "shop.yaml", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": {}, "steps": ran, "outputs": {"id": text}}],
    }
    document = read_document(json.dumps(value), "file:///main.json")
    return repair(document).document.value["workflows"][0]["outputs"]["id"]


@pytest.mark.parametrize(
    ("steps", "step"),
    [
        ([("find", "getItem"), ("pay", "charge")], "find"),
        ([("find", "$sourceDescriptions.my.shop.getItem")], "find"),
        # two steps run it, a step has that id, or one has it in another case
        ([("find", "getItem"), ("again", "getItem")], "getItem"),
        ([("find", "getItem"), ("getItem", "charge")], "getItem"),
        ([("find", "getItem"), ("getitem", "charge")], "getitem"),
        ([("find", "other")], "getItem"),
    ],
)
def test_a_step_that_is_named_by_what_it_alone_runs(steps: list[tuple[str, str]], step: str) -> None:
    assert _named_by_operation(*steps) == f"$steps.{step}.outputs.id"


@pytest.mark.parametrize("text", ["$steps.getItem.outputs.id", None])
def test_the_step_that_is_named_by_what_it_runs_is_shown_for_its_id_may_be_misspelt(text: str | None) -> None:
    steps: list[dict[str, Any]] = [{"stepId": "getItm", "operationId": "getItem", "outputs": {"id": "$response.body"}}]
    if text is None:
        again = {"name": "a", "type": "goto", "stepId": "getItem"}
        steps.append({"stepId": "pay", "operationId": "pay", "onSuccess": [again]})
    outputs = {"id": text or "$steps.getItm.outputs.id"}
    value = {"workflows": [{"workflowId": "w", "steps": steps, "outputs": outputs}]}
    found = repair(read_document(json.dumps(value, indent=1), "file:///main.json")).problems
    (problem,) = (each for each in found if "getItm" in each.message)
    assert [(each.message, each.location.pointer) for each in problem.related] == [
        ("`getItm` is this step", "/workflows/0/steps/0/stepId")
    ]


@pytest.mark.parametrize(
    ("step", "outputs", "shown"),
    [
        ({}, {"id": "$steps.find.outputs.id"}, "/workflows/0/steps/0/stepId"),
        ({}, {"id": "$workflows.all.outputs.id"}, "/workflows/0/workflowId"),
        ({"operationId": "$sourceDescriptions.shop.find"}, {}, "/sourceDescriptions/0/name"),
        ({"onSuccess": [{"name": "a", "type": "goto", "stepId": "find"}]}, {}, "/workflows/0/steps/0/stepId"),
        ({"dependsOn": ["find"]}, {}, "/workflows/0/steps/0/stepId"),
        ({"workflowId": "all"}, {}, "/workflows/0/workflowId"),
    ],
)
def test_what_is_named_in_another_case_is_shown_for_its_name_may_be_misspelt(
    step: dict[str, Any], outputs: dict[str, Any], shown: str
) -> None:
    steps = [{"stepId": "Find", "operationId": "find", "outputs": {"id": "$response.body"}}, {"stepId": "b", **step}]
    value = {
        "sourceDescriptions": [{"name": "Shop", "url": "shop.json"}],
        "workflows": [{"workflowId": "All", "steps": steps, "outputs": {"id": "$steps.Find.outputs.id", **outputs}}],
    }
    (problem,) = repair(read_document(json.dumps(value, indent=1), "file:///main.json")).problems
    assert [each.location.pointer for each in problem.related] == [shown]


def test_the_schema_that_is_named_in_another_case_is_shown() -> None:
    value = {
        "workflows": [{"workflowId": "w", "inputs": {"$ref": "#/components/inputs/name"}, "steps": []}],
        "components": {"inputs": {"Name": {"type": "object"}}},
    }
    (problem,) = repair(read_document(json.dumps(value, indent=1), "file:///main.json")).problems
    assert [each.location.pointer for each in problem.related] == ["/components/inputs/Name"]


def test_a_step_that_is_named_by_what_it_runs_has_that_output() -> None:
    text = "$steps.getItem.outputs.name"
    assert _named_by_operation(("find", "getItem"), text=text) == text


def test_a_condition_a_context_and_a_target_name_a_step_by_what_it_runs() -> None:
    step = {
        "stepId": "find",
        "operationId": "getItem",
        "outputs": {"id": "$response.body#/id"},
        "successCriteria": [
            {"condition": "$statusCode == 200 && $steps.getItem.outputs.id != '$steps.getItem.outputs.id'"},
            {"context": "$steps.getItem.outputs.id", "type": "regex", "condition": "^a"},
        ],
        "onFailure": [{"name": "back", "type": "goto", "stepId": "getItem"}],
        "dependsOn": ["getItem"],
    }
    document = read_document(json.dumps({"workflows": [{"workflowId": "w", "steps": [step]}]}), "file:///main.json")
    (read,) = repair(document).document.value["workflows"][0]["steps"]
    assert [each.get("context", each["condition"]) for each in read["successCriteria"]] == [
        "$statusCode == 200 && $steps.find.outputs.id != '$steps.getItem.outputs.id'",
        "$steps.find.outputs.id",
    ]
    assert (read["onFailure"][0]["stepId"], read["dependsOn"]) == ("find", ["find"])


def test_an_action_without_a_name_gets_one_that_no_other_has() -> None:
    actions: list[Any] = [
        {"type": "end"},
        {"name": "end-1", "type": "end"},
        {"reference": "$components.successActions.a"},
        {"type": 1},
    ]
    step = {"stepId": "s", "onSuccess": actions}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [{"workflowId": "w", "inputs": True, "steps": [step]}]})
    repaired, problems = read_repaired(read_document(text, "file:///a.json"))
    assert repaired.value["workflows"][0]["steps"][0]["onSuccess"] == [{**actions[0], "name": "end-2"}, *actions[1:]]
    (problem,) = problems
    assert (
        problem.message == "the action has no `name`, and is called `end-2`: a name only tells one action from another"
    )
    assert problem.fix == "add `name: end-2`"


def test_an_action_of_the_components_without_a_name_is_called_as_its_key() -> None:
    shelves: dict[str, Any] = {
        "successActions": {"stop": {"type": "end"}, "on": {"type": "end"}, "kept": {"name": "other", "type": "end"}},
        "failureActions": {"again": {"type": "retry", "retryAfter": 1}, "odd": {"retryAfter": 1}, "none": None},
    }
    step = {"stepId": "s", "onSuccess": [{"reference": "$components.successActions.on"}, {"name": "on", "type": "end"}]}
    workflows = [{"workflowId": "w", "inputs": True, "steps": [step]}]
    text = json.dumps({"arazzo": "1.1.0", "workflows": workflows, "components": shelves})
    repaired, problems = read_repaired(read_document(text, "file:///a.json"))
    read = repaired.value["components"]
    assert [each.get("name") for each in read["successActions"].values()] == ["stop", "on-2", "other"]
    assert read["failureActions"]["again"] == {"name": "again", "type": "retry", "retryAfter": 1}
    assert [problem.fix for problem in problems] == [
        "add `name: stop`",
        "add `name: on-2`",
        "add `name: again`",
    ]


def test_a_document_without_mistakes_stays_the_same_document() -> None:
    document = read_document("arazzo: 1.1.0\nworkflows: []\n", "file:///a.yaml")
    assert repair(document).document is document


_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("$.{}[]#'\"ab =&|", max_size=12),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["workflows", "steps", "outputs", "inputs", "components", "parameters", "value", "criteria",
                         "successCriteria", "condition", "context", "type", "stepId", "requestBody", "operationPath",
                         "in", "name", "onFailure", "goto", "step", "target", "replacements", "payload", "body",
                         "content", "contentType", "headers", "query", "summary", "dependsOn", "retryAfter", "id",
                         "properties", "required", "description"]),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(deadline=None)
@given(_JSON, _JSON, _JSON)
def test_whatever_a_document_holds_it_is_repaired_or_left_alone(inputs: Any, step: Any, components: Any) -> None:
    workflow = {"workflowId": "a", "inputs": inputs, "steps": [step], "outputs": step}
    whole = {"arazzo": step, "info": inputs, "sourceDescriptions": [components], "workflows": [workflow]}
    text = json.dumps({**whole, "components": components})
    once = repair(read_document(text, "file:///a.json"))
    assert bool(once.problems) is (once.document.value != json.loads(text))
    for site in sites(json.loads(text)):
        assert not (is_sound(site) and correct(site)[1])


def _sureness(row: Repair) -> str:
    return f"{row.applicability}, with an extension of this engine" if row.is_own else row.applicability


_OF_DOCUMENTS = (
    *(SCHEMA_REFERENCE, REQUIREMENT, CONTINUING, PARAMETER_IN_BODY, WRAPPED_BODY),
    *(UNDECLARED_INPUTS, UNNAMED_ACTION, OUTPUT_NAME),
)


def _page() -> str:
    lines = []
    for row in (*SHAPES, *REPAIRS, *_OF_DOCUMENTS):
        lines += [
            f"### {row.name}",
            "",
            f"{row.reason[0].upper()}{row.reason[1:]}. *{_sureness(row)}*",
            "",
        ]
        lines += [
            "```yaml",
            *row.found.splitlines(),
            "```",
            "is read as",
            "```yaml",
            *row.written.splitlines(),
            "```",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def test_the_page_of_repairs_shows_the_table() -> None:
    before, mark, shown = _PAGE.read_text(encoding="utf-8").partition("## The repairs\n\n")
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(before + mark + _page(), encoding="utf-8")
        return
    assert shown == _page()


@pytest.mark.parametrize("found", ["$response.body#items/length", "$steps.find.outputs.item.size()"])
def test_the_number_of_elements_is_no_member_that_a_pointer_names(found: str) -> None:
    assert _written(found, Kind.VALUE) == found


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ({"$ref": "#/components/parameters/a.b"}, {"reference": "$components.parameters.a.b"}),
        ({"reference": "#/components/failureActions/a"}, {"reference": "$components.failureActions.a"}),
        ({"reference": "components.successActions.a"}, {"reference": "$components.successActions.a"}),
        ({"$ref": "$components.parameters.a", "value": 1}, {"reference": "$components.parameters.a", "value": 1}),
    ],
)
def test_a_component_is_named_by_an_expression(found: dict[str, Any], written: dict[str, Any]) -> None:
    assert _written(found, Kind.REUSABLE) == written


def test_the_value_beside_a_reference_is_corrected_with_it() -> None:
    parameter = {"$ref": "#/components/parameters/a", "value": "$response.body.id"}
    workflow = {"workflowId": "w", "inputs": True, "steps": [{"parameters": [parameter]}]}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    repaired = repair(read_document(text, "file:///a.json"))
    assert repaired.document.value["workflows"][0]["steps"][0]["parameters"] == [
        {"reference": "$components.parameters.a", "value": "$response.body#/id"}
    ]
    assert len(repaired.problems) == 2


@pytest.mark.parametrize(
    "found",
    [
        {"$ref": "other.yaml#/components/parameters/a"},
        {"$ref": "#/components/schemas/a"},
        {"$ref": "#/components/parameters/a", "in": "query"},
        {"$ref": "#/components/parameters/a", "reference": "$components.parameters.b"},
        {"reference": "$components.parameters.a", "x-note": "y"},
        {"$ref": 1},
    ],
)
def test_a_reference_with_two_readings_or_none_is_left_alone(found: dict[str, Any]) -> None:
    assert _written(found, Kind.REUSABLE) == found


def _declared(steps: str, around: str = "") -> Any:
    text = f"arazzo: 1.1.0\nworkflows:\n- workflowId: w\n  steps:\n{steps}{around}"
    return (
        repair(read_document(text, "file:///a.yaml")).document.value["workflows"][0].get("inputs", {}).get("required")
    )


@pytest.mark.parametrize(
    ("steps", "around", "names"),
    [
        ("  - {stepId: s, x-note: $inputs.a}\n", "", None),
        ("  - {stepId: s, description: $inputs.a}\n", "", None),
        ("  - {stepId: s, requestBody: {payload: {description: $inputs.a, summary: $inputs.b}}}\n", "", ["a", "b"]),
        ("  - {stepId: s, requestBody: {payload: {x-a: $inputs.a, condition: '{$inputs.b}'}}}\n", "", ["a", "b"]),
        ("  - {stepId: s, parameters: [{name: n, value: $inputs.a.b}]}\n", "", ["a.b"]),
        ("  - {stepId: s, outputs: {one: $inputs.a.b, all: $inputs.a}}\n", "", ["a"]),
        ("  - {stepId: s, parameters: [{name: n, value: 'Bearer $inputs.a'}]}\n", "", ["a"]),
        (
            "  - {stepId: s, requestBody: {replacements: [{target: '/{$inputs.a}', value: $inputs.b}]}}\n",
            "",
            ["a", "b"],
        ),
        (
            "  - {stepId: s, parameters: [{reference: $components.parameters.p}]}\n",
            "components: {parameters: {p: {name: n, value: $inputs.a}, unused: {name: n, value: $inputs.b}}}\n",
            ["a"],
        ),
        (
            "  - {stepId: s, onFailure: [{$ref: '#/components/failureActions/f'}]}\n",
            (
                "components:\n  parameters: {p: {name: n, value: $inputs.a}}\n  failureActions:\n"
                "    f: {parameters: [{reference: $components.parameters.p}], criteria: [{condition: $inputs.b}]}\n"
            ),
            ["a", "b"],
        ),
    ],
)
def test_what_is_arazzo_decides_which_inputs_a_workflow_uses(steps: str, around: str, names: Any) -> None:
    assert _declared(steps, around) == names


OTHER_OPERATORS = (
    ("$statusCode = 200", "$statusCode == 200"),
    ("$statusCode === 200 and $url !== 'a = b and c'", "$statusCode == 200 && $url != 'a = b and c'"),
    ("$statusCode <> 404 OR $response.body#/a is null", "$statusCode != 404 || $response.body#/a == null"),
    ("$response.body#/a exists", "$response.body#/a != null"),
    ("$response.body#/a Is Not Null", "$response.body#/a != null"),
)


@pytest.mark.parametrize(("found", "written"), OTHER_OPERATORS)
def test_an_operator_of_another_language_is_the_one_that_says_it(found: str, written: str) -> None:
    assert _written({"condition": found}, Kind.CRITERION) == {"condition": written}


_OLD: Final = {"type": "jsonpath", "version": "draft-goessner-dispatch-jsonpath-00"}
NAMED_IN_QUERIES = (
    ("$.id == $inputs.user", "jsonpath", "$response.body#/id == $inputs.user"),
    ("$.id == $steps.find.outputs.id && $.ok == true", "jsonpath",
     "$response.body#/id == $steps.find.outputs.id && $response.body#/ok == true"),
    ("#/name == Chocolate", "jsonpath", "$response.body#/name == 'Chocolate'"),
    ("$.status != null", _OLD, "$response.body#/status != null"),
    ('$.status == "done"', _OLD, "$response.body#/status == 'done'"),
)  # fmt: skip


@pytest.mark.parametrize(("found", "type_", "written"), NAMED_IN_QUERIES)
def test_a_comparison_that_no_filter_says_is_a_simple_condition(found: str, type_: Any, written: str) -> None:
    criterion = {"context": "$response.body", "type": type_, "condition": found}
    assert _written(criterion, Kind.CRITERION) == {"condition": written}


NAMED_OTHERWISE = (
    ("status == 404", "$statusCode == 404"),
    ("response.status_code == 200", "$statusCode == 200"),
    *(
        (f"{name} == 201", "$statusCode == 201")
        for name in ("responseStatus", "response_status", "responseCode", "httpCode", "http_status", "response.status")
    ),
    (
        "response.state == 'open' && response.item.id > 1",
        "$response.body.state == 'open' && $response.body.item.id > 1",
    ),
    ("responseStatus == 200 && response.status == 'open'", "$statusCode == 200 && $response.body.status == 'open'"),
    ("$status >= 200 && $response.statusCode < 300", "$statusCode >= 200 && $statusCode < 300"),
    ("$statusCode >= 200 && < 300", "$statusCode >= 200 && $statusCode < 300"),
    ("$statusCode >= 200 and < 300", "$statusCode >= 200 && $statusCode < 300"),
    ("$.state == 'done' && $[0].id == 1", "$response.body.state == 'done' && $response.body[0].id == 1"),
    ('response.body.state == "$.a"', "$response.body.state == '$.a'"),
    ("$response.header['X-Y'] == 'a'", "$response.header.X-Y == 'a'"),
    ("$response.headers['X-Y'] != null", "$response.header.X-Y != null"),
    ("200 <= $statusCode < 300", "200 <= $statusCode && $statusCode < 300"),
    ("$statusCode is 200", "$statusCode == 200"),
    ("$response.body.a is not 'x y'", "$response.body.a != 'x y'"),
    ("$response.body.a equals true", "$response.body.a == true"),
    ("$statusCode in (200, 201)", "$statusCode == 200 || $statusCode == 201"),
    ("$response.body.a is defined and not $response.body.b", "$response.body.a != null && !$response.body.b"),
    ("$response.body.a is not defined", "$response.body.a == null"),
)


@pytest.mark.parametrize(("found", "written"), NAMED_OTHERWISE)
def test_a_condition_names_what_an_answer_has(found: str, written: str) -> None:
    assert _written({"condition": found}, Kind.CRITERION) == {"condition": written}


@pytest.mark.parametrize(
    "condition",
    ["status == 'done'", "$status == 42", "code == 'E2001'", "responseStatus == 'done'", "$.a[?@.b]", "$..a == 1",
     "response.data.id == 1", "response.time < 200", "response.statusText == 'OK'"],
)  # fmt: skip
def test_what_may_be_a_member_or_a_query_is_no_status_and_no_body(condition: str) -> None:
    assert _written({"condition": condition}, Kind.CRITERION) == {"condition": condition}


@pytest.mark.parametrize("name", [{"shop": 1}, ["shop"], 1, None])
def test_a_source_whose_name_is_no_text_is_none_that_a_repair_knows(name: Any) -> None:
    sources = [{"name": name, "type": "arazzo"}, {"name": "shop", "type": "openapi"}, {"type": name}]
    assert document_names({"sourceDescriptions": sources}).apis == frozenset({"shop"})


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        ("$statusCode in [200, 201]", "$statusCode == 200 || $statusCode == 201"),
        ("$statusCode not in [500, 501]", "$statusCode != 500 && $statusCode != 501"),
        ("$response.body#/s NOT IN (a, 'b')", "$response.body#/s != 'a' && $response.body#/s != 'b'"),
        ("not $response.body#/n", "'!$response.body#/n'"),
        ('"a" == $response.body#/n', "'''a'' == $response.body#/n'"),
    ],
)
def test_a_condition_is_told_as_yaml_can_hold_it(condition: str, written: str) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [{"condition": condition}]}
    text = json.dumps({"arazzo": "1.0.1", "workflows": [{"workflowId": "w", "inputs": {}, "steps": [step]}]})
    _, problems = read_repaired(read_document(text, "file:///a.json"))
    assert [each.fix for each in problems] == [f"write `condition: {written}`"]


def test_what_a_step_was_answered_with_is_its_output_of_that_value() -> None:
    outputs = {"all": "$response.body", "id": "$response.body.item.id", "same": "$response.body#/item/id", "n": 3}
    later = {"stepId": "later", "outputs": {"a": "$steps.find.response.body#/item/id", "b": "$steps.find.body"}}
    workflow = {"workflowId": "w", "steps": [{"stepId": "find", "operationId": "a", "outputs": outputs}, later]}
    repaired = repair(read_document(json.dumps({"arazzo": "1.1.0", "workflows": [workflow]}), "file:///a.json"))
    steps = repaired.document.value["workflows"][0]["steps"]
    assert steps[1]["outputs"] == {"a": "$steps.find.outputs.id", "b": "$steps.find.outputs.all"}
