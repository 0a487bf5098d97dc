"""Criteria in a query language, in whole runs: what passes, what fails and why, what is refused before a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.criteria import CriterionResult

XML = """<r><i id="a'b" n="1"/><i id="c" n="2"/></r>"""
BODY = {"status": "ready", "items": [{"id": "a'b", "n": 1}, {"id": "c", "n": 2}], "none": [], "xml": XML}


def criterion(condition: str, type_: Any, context: str = "$response.body") -> dict[str, Any]:
    return {"context": context, "type": type_, "condition": condition}


def text(*criteria: dict[str, Any]) -> str:
    inputs = {"type": "object", "properties": {"x": {}}}
    return document(workflow(step("a", successCriteria=list(criteria)), inputs=inputs))


def judge(condition: str, type_: Any, context: str = "$response.body", **inputs: Any) -> CriterionResult:
    world = ScriptedWorld({"a": [answer(200, BODY)]})
    return run_scripted(text(criterion(condition, type_, context)), world, inputs).steps[0].criteria[0]


def refused(condition: str, type_: Any) -> Diagnostic:
    world = ScriptedWorld()
    with pytest.raises(ArazzoError) as error:
        run_scripted(text(criterion(condition, type_)), world)
    assert not world.sent
    (diagnostic,) = error.value.diagnostics
    return diagnostic


DRAFT = {"type": "jsonpath", "version": "draft-goessner-dispatch-jsonpath-00"}
JUDGED = (
    (r"^2\d{2}$", "regex", "$statusCode", "200 matches"),
    ("READY", "regex", "$response.body#/status", "'ready' does not match"),
    ("ready", "regex", "$response.body", "the JSON text of <object of 4 members> matches"),
    ("x", "regex", "$response.body#/nothing", "context `$response.body#/nothing` is absent"),
    ("$.status", "jsonpath", "$response.body", "selects 'ready'"),
    ("$.items[*]", "jsonpath", "$response.body", "selects 2 nodes"),
    ("$.none[*]", "jsonpath", "$response.body", "selects nothing in <object of 4 members>"),
    ("$[?@.n > 1].id", "jsonpath", "$response.body#/items", "selects 'c'"),
    (
        "$[?count(@.items) > 0]",
        "jsonpath",
        "$response.body",
        (
            "selects nothing in <object of 4 members> "
            "(`$[?…]` looks at the members of an object, not at the object itself)"
        ),
    ),
    ("$[?$.status == '@']", "jsonpath", "$response.body", "selects nothing in <object of 4 members>"),
    ("$", "jsonpath", "$response.body#/status", "'ready': the context is text, not a JSON object or array"),
    ("/r/i/@n = 2", "xpath", "$response.body#/xml", "is true"),
    ("/r/x", {"type": "xpath", "version": "xpath-20"}, "$response.body#/status", "'ready': the context is not XML: "),
    ("$.status", DRAFT, "$response.body", "selects 'ready'"),
    ("$.x", "jsonpath", "$response.body#/nothing", "context `$response.body#/nothing` is absent"),
    ("$.status", {"type": "jsonpath", "version": "rfc9535"}, "$response.body", "selects 'ready'"),
)


@pytest.mark.parametrize(("condition", "type_", "context", "explanation"), JUDGED)
def test_a_criterion_is_judged_and_explained(condition: str, type_: Any, context: str, explanation: str) -> None:
    result = judge(condition, type_, context)
    assert result.explanation.startswith(explanation)
    passing = ("is true", " matches", "selects 'ready'", "selects 2 nodes", "selects 'c'")
    assert result.passed is explanation.endswith(passing)


EMBEDDED = (
    # a value inside a string literal stays text of that literal
    ("$.items[?@.id == '{$inputs.x}']", "jsonpath", "a'b", True),
    ('$.items[?@.id == "{$inputs.x}"]', "jsonpath", "a'b", True),
    ("$.items[?@.id == '{$inputs.x}']", "jsonpath", "' || @.id != '", False),
    ("$.items[?@.id == '{$inputs.x}']", "jsonpath", "c\\", False),
    ("$.items[?@.id == '{$inputs.x}']", "jsonpath", "c\n", False),
    # outside one it is a number or a name
    ("$.items[?@.n == {$inputs.x}]", "jsonpath", 2, True),
    ("$.items[{$inputs.x}]", "jsonpath", 0, True),
    ("$.{$inputs.x}", "jsonpath", "status", True),
    ("$.items[?@.n == {$inputs.x}]", "jsonpath", "3 || true == true", False),
    ("$.{$inputs.x}", "jsonpath", "none,*", False),
    ("/r/i[@id = '{$inputs.x}']", "xpath", "a'b", True),
    ("/r/i[@id = '{$inputs.x}']", "xpath", "' or '1' = '1", False),
    ("/r/i[@n > {$inputs.x}]", "xpath", 1, True),
    ("/r/i[@n > {$inputs.x}]", "xpath", "5] | /r[1", False),
    ("/r/{$inputs.x}", "xpath", "i", True),
    ("(: it's :) /r/i[@n > {$inputs.x}]", "xpath", 1, True),
    ("/r/i[@id = '{$inputs.x}']", {"type": "xpath", "version": "xpath-10"}, "c", True),
    ("/r/i[@id = '{$inputs.x}']", {"type": "xpath", "version": "xpath-10"}, "a'b", False),
    # a pattern stands in a pattern as it is
    ("^({$inputs.x})y$", "regex", "rea?d|b", False),
    ("({$inputs.x})y", "regex", "rea?d|b", True),
    ("({$inputs.x})y", "regex", "(", False),
)


@pytest.mark.parametrize(("condition", "type_", "value", "passed"), EMBEDDED)
def test_a_value_does_not_change_the_query_it_stands_in(condition: str, type_: Any, value: Any, passed: bool) -> None:
    result = judge(condition, type_, "$response.body#/xml" if "xpath" in str(type_) else "$response.body", x=value)
    assert result.passed is passed


def test_the_value_that_a_query_was_given_is_shown() -> None:
    shown = judge("$.items[?@.n == {$inputs.x}].id", "jsonpath", x=2)
    assert shown.explanation == "selects 'c', where {$inputs.x} is 2"
    refusal = judge("$.items[?@.n == {$inputs.x}]", "jsonpath", x="2 || 1")
    assert "must be one number or one name" in refusal.explanation


def test_a_query_with_a_value_that_is_not_there_fails_and_says_so() -> None:
    result = judge("$.items[?@.n == {$inputs.x}]", "jsonpath")
    assert not result.passed
    assert result.explanation == "<object of 4 members>: `$inputs.x` is absent"


REFUSED = (
    ("(a", "regex", "this group is not closed"),
    ("$.a[", "jsonpath", "JSONPath is not valid: un"),
    ("$.a !~ 'x'", "jsonpath", "JSONPath is not valid"),
    ("$[?@.a = {$inputs.x}]", "jsonpath", "unexpected"),
    ("/a/b[", "xpath", "unexpected end of source"),
    ("/a/b[@x = '{$inputs.x}'", "xpath", "XPath is not valid"),
    ("doc('{$inputs.x}')", "xpath", "it reads what is outside"),
    ("let $a := 1 return $a", {"type": "xpath", "version": "xpath-20"}, "XPath is not valid"),
    ("{$inputs.x}", "jsonpath", "JSONPath is not valid"),
)


@pytest.mark.parametrize(("condition", "type_", "message"), REFUSED)
def test_what_is_no_query_is_refused_before_the_first_request(condition: str, type_: Any, message: str) -> None:
    diagnostic = refused(condition, type_)
    assert diagnostic.code == "invalid-query"
    assert message in diagnostic.message
    assert diagnostic.location is not None
    assert '"condition"' in diagnostic.location.source


def test_an_expression_in_a_query_is_checked_like_any_other() -> None:
    assert refused("$[?@.a == '{$inputs.y}']", "jsonpath").code == "unknown-input"
    assert refused("^{$response.bdy}$", "regex").code == "invalid-expression"
    assert refused("^{$steps.b.outputs.x}$", "regex").code == "unknown-step"


def test_a_criterion_of_an_action_may_be_a_query() -> None:
    action = {"name": "again", "type": "retry", "criteria": [criterion("$.status", "jsonpath")]}
    world = ScriptedWorld({"a": [answer(500, BODY), answer(200)]})
    report = run_scripted(document(workflow(step("a", onFailure=[action]))), world)
    assert report.succeeded
    assert world.calls == "aa"
