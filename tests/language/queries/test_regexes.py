"""Patterns of ECMA-262: what they match, what is no pattern, and that none of them hangs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.regexes import RegexQuery, compile_pattern
from arazzo_engine.language.queries.work import LONGEST_QUERY

MATCHES = (
    # searched, not anchored
    ("b", "abc"),
    (r"^2\d{2}$", "200"),
    ("^$", ""),
    # the classes of ECMA-262
    (r"^\d\w\s$", "1_\u00a0"),
    (r"^\S\D\W$", "a-."),
    (r"^[\d-]+$", "1-2"),
    (r"^[^\W\d]$", "_"),
    (r"^[\S]$", "é"),
    (r"^\s$", "\ufeff"),
    ("^.$", "\x85"),
    ("^[^]$", "\n"),
    # escapes
    (r"^\/\.\-\@$", "/.-@"),
    (r"^\u0041\x42\u{43}\u{1F600}$", "ABC\U0001f600"),
    (r"^\uD83D\uDE00$", "\U0001f600"),
    (r"^\t\n\v\f\r\0\cJ$", "\t\n\v\f\r\0\n"),
    (r"^[\b]$", "\b"),
    (r"\bword\b", "a word."),
    (r"\Bord", "word"),
    # groups
    (r"^(?<year>\d{4})-(?:\d{2})$", "2024-12"),
    (r"^(?<q>['\"]).*\k<q>$", "'x'"),
    (r"^(a)\1$", "aa"),
    (r"^(?:(a)|b)\1$", "b"),
    (r"^\1(a)$", "a"),
    (r"^(?=.*\d)(?!.*x).{3}$", "ab1"),
    (r"(?<=\$)\d+(?<!0)", "$15"),
    # braces and brackets that are text, as in Annex B
    ("^a{x}]$", "a{x}]"),
    ("^a{,2}$", "a{,2}"),
    ("^[a-c_-]{2,}?$", "b-"),
    (r"^\p{Lu}\p{Script=Greek}$", "A\u03b1"),
    ("^[-[&&~~||]+$", "[&~|-"),
    ("^é$", "é"),
    # the last that is allowed
    ("^a{2,2}$", "aa"),
    ("^[a-a]$", "a"),
    ("^a{1000}$", "a" * 1000),
    (r"^\u{10FFFF}$", "\U0010ffff"),
    (r"^\uD800\uDC00\uDBFF\uDFFF$", "\U00010000\U0010ffff"),
    ("a" * LONGEST_QUERY, "a" * LONGEST_QUERY),
)
MATCHES_NOT = (
    ("^a$", "a\n"),
    ("^b", "a\nb"),
    (r"^\d$", "\u0661"),
    (r"^\w$", "é"),
    (r"\b", "é"),
    ("^.$", "\n"),
    ("^.$", "\u2028"),
    ("[]", "a"),
    (r"(?=.)a\b", "a1"),
    (r"(?=.)\b", "\u00e9"),
    ("a", "A"),
    (r"^(?<q>['\"]).*\k<q>$", "'x\""),
)
NO_PATTERNS = (
    ("(a", 0, "not closed"),
    ("a)", 1, "closes no group"),
    ("[a", 0, "not closed"),
    ("[b-a]", 2, "backwards"),
    ("*a", 0, "nothing to repeat"),
    ("a**", 2, "nothing to repeat"),
    ("a++", 2, "nothing to repeat"),
    ("^*", 1, "nothing to repeat"),
    ("(?=a)*", 5, "nothing to repeat"),
    ("a{2,1}", 1, "counts down"),
    ("a{1001}", 1, "more than 1000 times"),
    ("((a{100}){100}){100}", 9, "more than 1000 times"),
    (r"\A", 0, "means nothing"),
    (r"a\Z", 1, "means nothing"),
    (r"\1", 0, "names no group"),
    (r"\k<n>", 0, "names no group"),
    (r"\ka", 0, "name of a group"),
    ("(?i)a", 0, "must be followed by"),
    ("(?P<n>a)", 0, "must be followed by"),
    ("(?<n>a)(?<n>b)", 10, "two groups"),
    (r"\u{110000}", 0, "no character"),
    ("a\\", 1, "ends with a backslash"),
    ("(" * 200 + ")" * 200, 100, "nest deeper"),
)


@pytest.mark.parametrize(("pattern", "text"), MATCHES)
def test_a_pattern_matches_as_in_ecma_262(pattern: str, text: str) -> None:
    assert compile_pattern(pattern).search(text)


@pytest.mark.parametrize(("pattern", "text"), MATCHES_NOT)
def test_a_pattern_matches_no_more_than_in_ecma_262(pattern: str, text: str) -> None:
    assert not compile_pattern(pattern).search(text)


@pytest.mark.parametrize(("pattern", "start", "message"), NO_PATTERNS)
def test_what_is_no_pattern_is_refused_at_its_place(pattern: str, start: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as refused:
        compile_pattern(pattern)
    assert refused.value.span is not None
    assert refused.value.span[0] == start


def test_a_pattern_that_backtracks_for_ever_elsewhere_is_searched_in_linear_time() -> None:
    assert not compile_pattern("^(a+)+$").search("a" * 100_000 + "b")


def test_a_pattern_that_needs_backtracking_is_stopped_at_the_deadline() -> None:
    with pytest.raises(EvaluationError, match="stopped after"):
        compile_pattern(r"(?=(a+))(a+)+$x").search("a" * 5_000 + "b")


def test_half_of_a_surrogate_pair_is_told_and_not_raised() -> None:
    with pytest.raises(EvaluationError, match="surrogate"):
        compile_pattern("a").search("\ud800")


@pytest.mark.parametrize(
    ("context", "explanation"),
    [
        (200, "200 matches"),
        (True, "true matches"),
        ("x" * 200, "<string of 200 characters> matches"),
        ({"a": 1}, "the JSON text of <object of 1 member> matches"),
    ],
)
def test_a_context_is_searched_as_text(context: object, explanation: str) -> None:
    assert RegexQuery(".").judge(context).explanation == explanation


@given(st.text(alphabet="ab01(){}[]|*+?^$.\\dwsk<>:=!-,/é\n", max_size=20), st.text(max_size=10))
def test_no_text_makes_a_pattern_raise_anything_but_its_own_errors(pattern: str, text: str) -> None:
    with suppress(QueryError, EvaluationError):
        compile_pattern(pattern).search(text)


@given(st.text(max_size=20))
def test_an_escaped_text_matches_itself_alone(text: str) -> None:
    pattern = "".join(f"\\u{{{ord(char):x}}}" for char in text)
    assert compile_pattern(f"^{pattern}$").search(text)
    assert not compile_pattern(f"^{pattern}$").search(text + "x")


@pytest.mark.parametrize("pattern", ["a{%s}", "a{1,%s}", "a{%s,%s}", r"(a)\%s"])
def test_a_number_of_thousands_of_digits_is_no_bug(pattern: str) -> None:
    with pytest.raises(QueryError):
        compile_pattern(pattern.replace("%s", "9" * 5000))
