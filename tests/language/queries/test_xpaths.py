"""XPath: what passes in each version, what is refused, what can be replaced, and the work that a query may do."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.xml_nodes import XmlQuery

XML = '<a xmlns:p="urn:p"><b n="1">x</b><b n="2">y<c/></b><p:q>5</p:q><d>0</d></a>'
MANY = "<a>" + '<b n="1">x</b>' * 2_000 + "</a>"
ALL = ("xpath-10", "xpath-20", "xpath-30", "xpath-31")
LATER = ALL[1:]

PASSES = (
    (ALL, "/a/b", True, "selects 2 nodes"),
    (ALL, "/a/b[@n='1']", True, "selects 'x'"),
    (ALL, "/a/z", False, "selects nothing in "),
    (ALL, "count(/a/b) > 1", True, "is true"),
    (ALL, "count(/a/b)", True, "is 2"),
    (ALL, "string(/a/d)", True, "is '0'"),
    (ALL, "number('x')", False, "is nan"),
    (ALL, "0", False, "is 0"),
    (ALL, "''", False, "is ''"),
    (ALL, "/a/d", True, "selects '0'"),
    (ALL, "//p:q", True, "selects '5'"),
    (ALL, "/a/doc", False, "selects nothing in "),
    (("xpath-10",), "1 div 0", True, "is inf"),
    # XPath 1.0, section 3.4, Booleans
    (("xpath-10",), "/a/b/@n = 1", True, "is true"),
    (("xpath-10",), "/a/b[@n = 2]", True, "selects 'y'"),
    (("xpath-10",), "string(/a/d) = 0", True, "is true"),
    (("xpath-10",), "1 = '1.0'", True, "is true"),
    (("xpath-10",), "'1' != 1", False, "is false"),
    (("xpath-10",), "'x' = 1", False, "is false"),
    (("xpath-10",), "/a/b = 'x'", True, "is true"),
    (("xpath-10",), "/a/b = /a/d", False, "is false"),
    (("xpath-10",), "'b' > 'a'", False, "is false"),
    (("xpath-10",), "'10' > '9'", True, "is true"),
    (("xpath-10",), "true() > 0", True, "is true"),
    (("xpath-10",), "true() >= 2", False, "is false"),
    (("xpath-10",), "/a/z = false()", True, "is true"),
    (("xpath-10",), "/a/b/c = true()", True, "is true"),
    (("xpath-10",), "/a/z < true()", True, "is true"),
    (("xpath-10",), "true() = 'x'", True, "is true"),
    (LATER, "//*:q = 5", True, "is true"),
    (LATER, "()", False, "selects nothing in "),
    (LATER, "matches('abc', '^a.c$')", True, "is true"),
    (LATER, "replace('abc', 'b(.)', '$1x')", True, "is 'acx'"),
    (LATER, "count(tokenize('a,b', ',')) eq 2", True, "is true"),
    (ALL[2:], "let $x := /a/b return count($x) = 2", True, "is true"),
    (("xpath-31",), "map{'k': 5}?k = 5", True, "is true"),
)


@pytest.mark.parametrize(
    ("version", "query", "passed", "explanation"), [(each, *row) for versions, *row in PASSES for each in versions]
)
def test_a_criterion_passes_by_the_effective_boolean_value(
    version: str,
    query: str,
    passed: bool,
    explanation: str,
) -> None:
    judgement = XmlQuery(version, query).judge(XML)
    assert judgement.passed is passed
    assert judgement.explanation.startswith(explanation)


# XPath 3.1, section 3.7.2, General Comparisons: two values without a type are texts; to XPath 1.0 they have an order as
# numbers
TEXTS = "<n><ten>10</ten><nine>9</nine><word>x</word><one>1</one><same>1.0</same></n>"
COMPARISONS = (
    (LATER, "/n/ten > /n/nine", False),
    (LATER, "/n/ten < /n/nine", True),
    (LATER, "/n/word > /n/ten", True),
    (LATER, "/n/one = /n/same", False),
    (LATER, "/n/ten > 9", True),
    (LATER, "number(/n/ten) > number(/n/nine)", True),
    (("xpath-10",), "/n/ten > /n/nine", True),
    (("xpath-10",), "/n/word > /n/ten", False),
)


@pytest.mark.parametrize(("versions", "query", "passed"), COMPARISONS)
def test_elements_compare_as_their_version_says(versions: tuple[str, ...], query: str, passed: bool) -> None:
    assert {XmlQuery(version, query).judge(TEXTS).passed for version in versions} == {passed}


FAILS = (
    ("xpath-31", "1 div 0", "Division by zero"),
    ("xpath-20", "(1, 2)", "no effective boolean value"),
    ("xpath-31", "map{1: 2}", "no effective boolean value"),
    ("xpath-31", "//z:q", "prefix 'z' is not declared"),
    ("xpath-31", "function-lookup(xs:QName('fn:doc'), 1)('x')", "`doc` is refused"),
)


@pytest.mark.parametrize(("version", "query", "reason"), FAILS)
def test_what_cannot_be_evaluated_fails_with_its_reason(version: str, query: str, reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason.replace("(", r"\(")):
        XmlQuery(version, query).judge(XML)


NO_QUERIES = (
    ("xpath-31", "/a/b["),
    ("xpath-31", "nothing()"),
    ("xpath-10", "matches('a', 'b')"),
    ("xpath-10", "(1, 2)"),
    ("xpath-20", "let $x := 1 return $x"),
    ("xpath-30", "map{1: 2}"),
    ("xpath-31", "(" * 3_000 + "1" + ")" * 3_000),
    ("xpath-31", "-" * 9_000 + "1"),
    ("xpath-31", "1" * 20_000),
    *(
        ("xpath-31", f"{call}")
        for call in (
            "doc('file:///etc/passwd')",
            "doc-available('x')",
            "collection()",
            "uri-collection()",
            "unparsed-text('file:///etc/passwd')",
            "unparsed-text-lines('x')",
            "json-doc('x')",
            "environment-variable('PATH')",
            "available-environment-variables()",
            "current-dateTime()",
            "random-number-generator()",
            "transform(map{})",
            "load-xquery-module('x')",
            "parse-xml('<a/>')",
        )
    ),
)


@pytest.mark.parametrize(("version", "query"), NO_QUERIES)
def test_what_is_no_query_or_reaches_outside_is_refused(version: str, query: str) -> None:
    with pytest.raises(QueryError):
        XmlQuery(version, query)


ENDLESS = (
    "for $i in 1 to 100000000 return $i",
    "count(1 to 100000000)",
    "string-join(for $i in 1 to 1000000 return 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '')",
    "let $a := 'xxxxxxxxxxxxxxxx' return " + "let $a := concat($a, $a) return " * 40 + "$a",
    "let $a := 99999 return " + "let $a := $a * $a return " * 40 + "$a",
    "(1 to 300000) = (400000 to 700000)",
    "distinct-values(1 to 100000)",
    "fold-left(1 to 60, 'xx', function($a, $b) { concat($a, $a) })",
    "let $f := function($f, $n) { $f($f, $n + 1) } return $f($f, 1)",
    "fold-left(1 to 20000, map{}, function($a, $b) { map:put($a, $b, 1) })",
    "math:pow(10, 100000000)",
    "math:exp10(100000000)",
    "round(5, -1000000000)",
    "replace('" + "a" * 5_000 + "b', '(?:(a+)+)\\1+x', '')",
    "//b[@n = //b/@n]",
    "//b/preceding::*",
)


@pytest.mark.parametrize("query", ENDLESS)
def test_a_query_that_would_not_end_is_stopped(query: str) -> None:
    with pytest.raises(EvaluationError):
        XmlQuery("xpath-31", query).judge(MANY)


@pytest.mark.parametrize("symbol", ["math:pow(1, {}) = 1", "round(0, {}) = 0", "round-half-to-even(0, {}) = 0"])
@pytest.mark.parametrize(
    ("exponent", "is_answered"),
    [("{}", True), ("-{}", True), ("{}1", False), ("-{}1", False), ("({} + 1)", False), ("(-1 - {})", False)],
)
def test_an_exponent_has_bounds_on_both_sides(symbol: str, exponent: str, *, is_answered: bool) -> None:
    query = XmlQuery("xpath-31", symbol.format(exponent.format(1000)))
    with nullcontext() if is_answered else pytest.raises(EvaluationError, match="exponent beyond 1000"):
        assert query.judge(XML).passed


@pytest.mark.parametrize("exponent", ["1001", "1001.0", "1001e0", "xs:double('1001')", "xs:decimal('1001')"])
def test_an_exponent_of_any_type_has_bounds(exponent: str) -> None:
    with pytest.raises(EvaluationError, match="exponent beyond 1000"):
        XmlQuery("xpath-31", f"math:pow(1, {exponent})").judge(XML)


def test_what_is_raised_has_no_bounds_of_an_exponent() -> None:
    assert XmlQuery("xpath-31", "math:pow(1001, 2) = 1002001").judge(XML).passed


def test_a_pattern_that_backtracks_for_ever_elsewhere_is_answered() -> None:
    query = XmlQuery("xpath-31", "matches('" + "a" * 60 + "b', '^(a+)+$')")
    with suppress(EvaluationError):
        assert not query.judge(XML).passed


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("{}", "the context is not XML"),
        ({"a": 1}, "it is no text"),
        ("<a>" * 100_000 + "</a>" * 100_000, "nests deeper"),
        ('<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>', "declares entities"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "declares entities"),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>', "declares entities"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a>&nbsp;</a>', "undefined entity"),
        ("<a>&x;</a>", "the context is not XML"),
        ("<a/>" + " " * 5_000_000, "longer than"),
    ],
)
def test_xml_that_is_not_read_fails_with_its_reason(xml: Any, reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason):
        XmlQuery("xpath-31", "/a").judge(xml)


@pytest.mark.parametrize(
    "document_type",
    [
        "<!DOCTYPE a>",
        '<!DOCTYPE a PUBLIC "-//X//A//EN" "http://127.0.0.1:1/a.dtd">',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE a [ ]>",
        "<!DOCTYPE a [<!ELEMENT a (#PCDATA)>]>",
    ],
)
def test_a_document_type_that_declares_no_entity_changes_nothing(document_type: str) -> None:
    text = f"{document_type}<a>1</a>"
    assert XmlQuery("xpath-31", "/a = 1").judge(text).passed
    assert XmlQuery("xpath-10", "/a = 1").judge(text).passed
    assert XmlQuery("xpath-31", "/a").replace(text, "2").endswith("<a>2</a>")


def test_names_without_a_prefix_are_in_no_namespace_and_the_explanation_says_so() -> None:
    judgement = XmlQuery("xpath-31", "/a").judge('<a xmlns="urn:a"/>')
    assert not judgement.passed
    assert "write `*:name`" in judgement.explanation
    assert XmlQuery("xpath-31", "/*:a").judge('<a xmlns="urn:a"/>').passed


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("/a/b[1]", ("x",)),
        ("/a/b/@n", ("1", "2")),
        ("/a/b[2]", ('<b n="2">y<c /></b>',)),
        ("count(/a/b)", (2,)),
        ("/a/d + 0.5", (0.5,)),
        ("/a/d = 0", (True,)),
        ("1.0", (1,)),
        ("xs:date('2020-01-02')", ("2020-01-02",)),
        ("/", (XML,)),
        ("/a/z", ()),
    ],
)  # fmt: skip
def test_an_item_becomes_a_json_value(query: str, values: tuple[Any, ...]) -> None:
    assert XmlQuery("xpath-31", query).select(XML) == values


@pytest.mark.parametrize("query", ["number('x')", "map{1: 2}", "count#1"])
def test_what_json_cannot_hold_is_no_value(query: str) -> None:
    with pytest.raises(EvaluationError):
        XmlQuery("xpath-31", query).select(XML)


@pytest.mark.parametrize(
    ("query", "value", "written"),
    [
        ("//id", "<&", '<s:E xmlns:s="urn:s" a="1"><id s:k="v">&lt;&amp;</id><t>x<u/>y</t></s:E>'),
        ("//id/text()", 7, '<s:E xmlns:s="urn:s" a="1"><id s:k="v">7</id><t>x<u/>y</t></s:E>'),
        ("//@s:k", '"', '<s:E xmlns:s="urn:s" a="1"><id s:k="&quot;">1</id><t>x<u/>y</t></s:E>'),
        ("/s:E/@a", None, '<s:E xmlns:s="urn:s" a="null"><id s:k="v">1</id><t>x<u/>y</t></s:E>'),
        ("//t", "z", '<s:E xmlns:s="urn:s" a="1"><id s:k="v">1</id><t>z</t></s:E>'),
        ("//id | //u", "z", '<s:E xmlns:s="urn:s" a="1"><id s:k="v">z</id><t>x<u>z</u>y</t></s:E>'),
    ],
)
def test_a_value_is_set_in_xml_and_the_rest_stays(query: str, value: Any, written: str) -> None:
    xml = '<?xml version="1.0"?>\n<!-- c --><s:E xmlns:s="urn:s" a="1"><id s:k="v">1</id><t>x<u/>y</t></s:E>'
    for version in ALL:
        assert XmlQuery(version, query).replace(xml, value) == f'<?xml version="1.0"?>\n<!-- c -->{written}'


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.sampled_from(["/a/b[1]", "/a/@x", "/a/d"]))
@example("a\r\n\tb", "/a/@x")
@example("a\r\n\tb", "/a/b[1]")
@example("\ue000\r", "/a/d")
def test_a_value_that_was_set_in_xml_is_read_as_it_was(value: str, query: str) -> None:
    with suppress(EvaluationError):
        written = XmlQuery("xpath-31", query).replace('<a x="" y="1&#10;2&#xE000;"><b>0</b><d>1&#13;2</d></a>', value)
        assert XmlQuery("xpath-31", query).select(written) == (value,)
        assert 'y="1&#10;2\ue000"' in written
        assert query == "/a/d" or "<d>1&#13;2</d>" in written


@pytest.mark.parametrize(
    ("query", "value"), [("//z", "v"), ("count(//b)", "v"), ("/a/b[2]/text()", "v"), ("/", "v"), ("/a/d", "\x00")]
)
def test_what_cannot_be_replaced_is_told(query: str, value: str) -> None:
    with pytest.raises(EvaluationError):
        XmlQuery("xpath-31", query).replace(XML, value)


def test_xml_that_leaves_no_character_for_private_use_is_not_written() -> None:
    with pytest.raises(EvaluationError, match="every character that is for private use"):
        XmlQuery("xpath-31", "/a/b").replace(f"<a><b/>{''.join(map(chr, range(0xE000, 0xF900)))}</a>", "x")


_DOUBLED = "".join(f"let $a{number + 1} := [$a{number}, $a{number}] return " for number in range(30))
_MAPS = "".join(f"let $a{number + 1} := map{{1: $a{number}, 2: $a{number}}} return " for number in range(30))


@pytest.mark.parametrize(
    "query",
    [
        f"let $a0 := [1] return {_DOUBLED}count(array:flatten($a30))",
        f"let $a0 := map{{}} return {_MAPS}deep-equal($a30, $a29)",
        "count(for $i in 1 to 100000 return number(/r))",
        "count(for $i in 1 to 100000 return (/r ! number()))",
        "count(for $i in 1 to 100000 return (/r ! string-length()))",
        "count(for $i in 1 to 100000 return codepoint-equal(/r, /r))",
        "count(for $i in 1 to 100000 return id('x'))",
        "count(for $i in 1 to 100000 return path(//a[1]))",
    ],
)
def test_what_is_read_without_being_given_is_counted_too(query: str) -> None:
    xml = f"<r>{'<a/>' * 300}{'x' * 50_000}</r>"
    with pytest.raises(EvaluationError, match="looks at too much"):
        XmlQuery("xpath-31", query).judge(xml)


def test_elements_that_stand_in_each_other_are_not_written_again_and_again() -> None:
    nested = f"{'<a>' * 100}{'x' * 1_000_000}<b/>{'</a>' * 100}"
    with pytest.raises(EvaluationError, match="looks at too much"):
        XmlQuery("xpath-31", "//a").select(nested)


@given(st.text(alphabet="/@*[]()ab1.,:'\"$=<>|-+ to", max_size=20), st.sampled_from(ALL))
def test_no_text_makes_a_query_raise_anything_but_its_own_errors(text: str, version: str) -> None:
    with suppress(QueryError, EvaluationError):
        XmlQuery(version, text).judge(XML)
