"""What is said of operators and queries of other languages: exactly what to write instead."""

from __future__ import annotations

from typing import Final

import pytest

from arazzo_engine.language.conditions.foreign import fix_operator
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.expressions.grammar import ExpressionError
from arazzo_engine.language.queries.compiling import compile_query
from arazzo_engine.language.queries.expression_types import RFC9535, ExpressionType, Language
from arazzo_engine.language.queries.foreign import fix_query
from arazzo_engine.language.queries.regexes import compile_pattern

_OWN = "write a criterion of its own: "
_TAGS = (
    "`context: $response.body#/tags`, `type: regex`, `condition: 'new'`; "
    "of a list, `type: jsonpath` and `condition: $[?@ == 'new']`"
)
_IDS = (
    "`context: $response.body#/ids`, `type: regex`, `condition: '3'`; "
    "of a list, `type: jsonpath` and `condition: $[?@ == 3]`"
)
_LOCATION = "`context: $response.header.Location`, `type: regex`, `condition: 'items'`"
_FLAGS = "; a pattern has no flags: write a letter of either case as `[aA]`"
OPERATORS = (
    ("$response.body.name matches '^a'", "`context: $response.body#/name`, `type: regex`, `condition: '^a'`"),
    ("$response.body#/a =~ /x[0-9]/i",
     f"`context: $response.body#/a`, `type: regex`, `condition: 'x[0-9]'`{_FLAGS}"),
    ("{$response.body.name} startsWith 'a'", "`context: $response.body#/name`, `type: regex`, `condition: '^a'`"),
    ("contains({$url}, 'x')", "`context: $url`, `type: regex`, `condition: 'x'`"),
    ("$statusCode == /^2../", "`context: $statusCode`, `type: regex`, `condition: '^2..'`"),
    ("$response.body#/a == /^x/i", f"`context: $response.body#/a`, `type: regex`, `condition: '^x'`{_FLAGS}"),
    ("$response.body#/a =~ /x[/]y/", "`context: $response.body#/a`, `type: regex`, `condition: 'x[/]y'`"),
    ("$statusCode != /^2../", "`context: $statusCode`, `type: regex`, `condition: '^(?!2..)'`"),
    ("$response.body['a b'][0].startsWith('x.')",
     "`context: $response.body#/a b/0`, `type: regex`, `condition: '^x\\.'`"),
    ('endsWith($url, "x")', "`context: $url`, `type: regex`, `condition: 'x$'`"),
    ("$response.header.Location contains /items/", _LOCATION),
    ("$statusCode == 200 && $response.body#/tags contains new", _TAGS),
    ("$response.body#/ids includes 3", _IDS),
    ("!contains($response.body#/a, 'x')",
     "`context: $response.body#/a`, `type: regex`, and a pattern that it matches"),
)  # fmt: skip


@pytest.mark.parametrize(("found", "written"), OPERATORS)
def test_an_operator_that_there_is_not_is_told_with_the_criterion_to_write(found: str, written: str) -> None:
    assert fix_operator(found) == _OWN + written
    with pytest.raises(ExpressionError) as refusal:
        parse_condition(found)
    assert refusal.value.fix == _OWN + written


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("$statusCode.equals(200)", "$statusCode == 200"),
        ("!$response.body.state.equals('open')", "$response.body.state != 'open'"),
        ('$response.body#/state.equalsIgnoreCase("open")', "$response.body#/state == 'open'"),
        ("$steps.a.outputs.b.toBe($inputs.b)", "$steps.a.outputs.b == $inputs.b"),
    ],
)
def test_a_method_that_compares_is_told_with_the_operator(found: str, written: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse_condition(found)
    assert refusal.value.fix == f"write `{written}`: there are no methods"
    parse_condition(written)


_NAME = "`context: $response.body#/name`, `type: regex`, "


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("$response.body.name matches '^a' || $response.body#/name endsWith 'b'", f"{_NAME}`condition: '^a|b$'`"),
        (
            "$response.body.tags contains 'a' or $response.body.tags has 'b'",
            _TAGS.replace("'new'`;", "'a|b'`;").replace("@ == 'new'", "@ == 'a' || @ == 'b'"),
        ),
        (
            "$statusCode =~ /^20x/ || $statusCode =~ /^3/",
            r"`context: $statusCode`, `type: regex`, `condition: '^20\d|^3'`",
        ),
        # parentheses beside it, and what stands in quotes
        ("$response.body.name matches '^a' && ($url == 'a' || $url == 'b')", f"{_NAME}`condition: '^a'`"),
        ("($url == 'a' || $url == 'b') && $response.body.name matches '^a'", f"{_NAME}`condition: '^a'`"),
        ("$url == 'a || b' && $response.body.name matches 'a||b'", f"{_NAME}`condition: 'a||b'`"),
    ],
)
def test_alternatives_are_one_pattern_where_one_value_is_asked(found: str, written: str) -> None:
    assert fix_operator(found) == _OWN + written


@pytest.mark.parametrize(
    "text",
    [
        "$response.body.name matches '^a' || $statusCode == 404",
        "$statusCode == 404 || $response.body.name matches '^a' && $url == 'x'",
        "$url == 'x' && ($statusCode == 404 or $response.body.name.startsWith('a'))",
        "$url == 'x' || ($response.body#/b == 1 && contains($response.body.name, 'a'))",
        "$response.body.name matches '^a' || $response.body.other matches '^a'",
        "$response.body.name matches '^a' || !$response.body.name matches '^b'",
        "$response.body.name =~ /^a/ || $response.body.name !~ /^b/",
    ],
)
def test_no_criterion_of_its_own_is_given_for_one_side_of_an_alternative(text: str) -> None:
    fix = fix_operator(text)
    assert fix.startswith("all criteria must hold")
    with pytest.raises(ExpressionError) as refusal:
        parse_condition(text)
    assert refusal.value.fix == fix


_STATUS = _OWN + "`context: $statusCode`, `type: regex`, `condition: '^2..'`"
SIGNS = (
    ("{} =~ /^2../", "=~", _STATUS),
    ("{}=~/^2../ && $url == 'a'", "=~", _STATUS),
    ("{} ~= /^2../", "~=", _STATUS),
    ("{} ~ /^2../", "~", _STATUS),
    ("({} =~ '^2..')", "=~", _STATUS),
    ("{} !~ /^2../", "!~", _STATUS.replace("^2..", "^(?!2..)")),
    ("{} !~ /2|3/", "!~", _STATUS.replace("^2..", r"^(?![\s\S]*(?:2|3))")),
    # other languages have it as `!=`
    ("{} /= /^2../", "/=", _STATUS + ", or `condition: '^(?!2..)'` where it must not match"),
    ("{} /= 200", "/=", "write `!=`"),
    # the pattern has no end
    ("{} =~ /2", "=~", "compare by `==`, `!=`, `<`, `<=`, `>` or `>=`"),
    ("{} ~ 200", "~", "compare by `==`, `!=`, `<`, `<=`, `>` or `>=`"),
)


@pytest.mark.parametrize("value", ["$statusCode", "{$statusCode}"])
@pytest.mark.parametrize(("found", "sign", "fix"), SIGNS)
def test_a_sign_that_is_no_operator_is_the_cause_with_braces_around_its_value_and_without(
    found: str, sign: str, fix: str, value: str
) -> None:
    text = found.replace("{}", value)
    with pytest.raises(ExpressionError) as refusal:
        parse_condition(text)
    error = refusal.value
    assert (error.message, text[error.start : error.end], error.fix) == (f"`{sign}` is no operator", sign, fix)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ("{$statusCode} + 1 == 3", "the condition ends before `+ 1 == 3`, which cannot follow"),
        ("{$response.body#/a~1b} == 1 2", "the condition ends before `2`, which cannot follow"),
        ("$url == /items/", "`/items/` is not a value"),
    ],
)
def test_braces_that_are_read_and_a_stroke_that_no_operator_has_are_not_the_cause(found: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse_condition(found)
    assert refusal.value.message == message


@pytest.mark.parametrize(("text", "holds"), [("404", True), ("200", False), ("12", True)])
def test_the_pattern_that_is_given_for_a_denied_one_matches_where_that_finds_nothing(text: str, holds: bool) -> None:
    for pattern in ("^(?!2..)", r"^(?![\s\S]*(?:^2..))"):
        assert compile_pattern(pattern).search(text) is holds


@pytest.mark.parametrize("text", ["$statusCode == 200", "typeof $url == 'string'", "x" * 5_000])
def test_nothing_is_said_of_other_mistakes(text: str) -> None:
    assert fix_operator(text) == ""


QUERIES = (
    ("items.0.id", "write `$.items[0].id`"),
    ("items.#.id", "write `$.items[*].id`"),
    ("item-s.#", "write `$.item-s[*]`".replace(".item-s", "['item-s']")),
    ('items.#(id=="3").name', "write `$.items[?@.id == '3'].name`"),
    ("items.#(id>3)#.name", "write `$.items[?@.id > 3].name`"),
    ("$.items.#.id", "write `$.items[*].id`"),
    ("items.#.id == 5", "write `$.items[?@.id == 5]`"),
    ('items.#(state=="done").id == 5', "write `$.items[?@.state == 'done' && @.id == 5]`"),
    ("$.items.# > 0", "write `$[?length($.items) > 0]`"),
    # of elements within elements no filter says it in one comparison
    ("items.#.tags.#.id == 3", ""),
    ('items.0.id == "x"', "write `$[?$.items[0].id == 'x']`"),
    ("$.items contains 3", "write `$[?search($.items, '3')]`, or of a list `$.items[?@ == 3]`"),
    ("$.name matches '^a'", "write `$[?search($.name, '^a')]`"),
    ("$.name =~ /a/", "write `$[?search($.name, 'a')]`"),
    # what begins in the context is no context
    ("$.name !~ /a/", ""),
    ("$.[", ""),
    ("x" * 5_000, ""),
)


@pytest.mark.parametrize(("found", "fix"), QUERIES)
def test_a_query_of_another_language_is_told_as_jsonpath_writes_it(found: str, fix: str) -> None:
    assert fix_query(found) == fix


@pytest.mark.parametrize(
    ("found", "fix"),
    [
        ("$[?(@property == 'x')]", "write `$['x']`: a filter sees values, and no names of members"),
        ('$.tags[?@property === "a b"]', "write `$.tags['a b']`: a filter sees values, and no names of members"),
        ("$[?(@property == '$inputs.n')]", "write `$['{$inputs.n}']`: a filter sees values, and no names of members"),
        (
            "$[?(@property == 'x')] empty true",
            "ask for a member by its name, as `$['…']` does: a filter sees values, and no names",
        ),
    ],
)
def test_the_name_of_a_member_is_asked_for_as_that_member(found: str, fix: str) -> None:
    assert fix_query(found) == fix


_EMPTY: Final = "write `$url == null || $url == ''` of a text, or `$url.length == 0` of a list"
_FILLED: Final = "write `$url != null && $url != ''` of a text, or `$url.length > 0` of a list"


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        *((each, _EMPTY) for each in ("string.IsNullOrEmpty($url)", "isEmpty($url)", "$url.isBlank()", "$url isEmpty")),
        *((each, _EMPTY) for each in ("$url is empty", "$url is_empty", "!StringUtils.isNotBlank($url)")),
        *((each, _FILLED) for each in ("!string.IsNullOrWhiteSpace($url)", "not isEmpty($url)", "!$url.isEmpty()")),
        *((each, _FILLED) for each in ("$url not isEmpty", "$url is not empty", "StringUtils.isNotBlank( $url )")),
    ],
)
def test_whether_a_value_is_empty_is_told_as_a_comparison(written: str, fix: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(written)
    assert raised.value.fix == fix


@pytest.mark.parametrize("written", ["isEmpty($url, 1)", "isEmpty($url) && nope", "emptied($url)"])
def test_another_function_is_no_question_of_emptiness(written: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(written)
    assert "== ''" not in raised.value.fix


@pytest.mark.parametrize("name", ["time", "duration", "responseTime", "elapsed_ms", "latency"])
def test_how_long_an_answer_took_is_told_as_a_timeout(name: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(f"$response.{name} < 500")
    assert raised.value.fix == (
        "for how long a step may take, write its `timeout`, in milliseconds, which exists since Arazzo 1.1.0"
    )


_TIMEOUT = "for how long a step may take, write its `timeout`, in milliseconds, which exists since Arazzo 1.1.0"


@pytest.mark.parametrize(
    "written", ["responseTime", "response_time_ms", "r.timings.duration", "pm.response.responseTime", "resp.elapsed"]
)
def test_how_long_an_answer_took_in_the_words_of_other_tools_is_told_as_a_timeout(written: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(f"{written} < 500")
    assert raised.value.fix == _TIMEOUT


@pytest.mark.parametrize("word", ["duration", "time", "elapsed_ms"])
def test_a_word_that_the_answer_may_have_too_is_told_as_both(word: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(f"{word} < 500")
    assert raised.value.fix == f"{_TIMEOUT}; for what the answer says, write `$response.body#/{word}`"


@pytest.mark.parametrize("word", ["status", "statusCode", "code"])
def test_a_method_of_the_status_is_told_as_a_comparison_of_the_status(word: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(f"$response.{word}.equals(201)")
    assert raised.value.fix == "write `$statusCode == 201`: there are no methods"


@pytest.mark.parametrize("word", ["else", "Otherwise", "default"])
def test_what_is_taken_otherwise_has_no_criteria(word: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_condition(word)
    assert raised.value.fix == "remove `criteria`: an action without any is taken where none before it is"


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        ("items.#.id == 5", "$.items[?@.id == 5]"),
        ("$response.body.items.#(state==\"done\").id == 'a'", "$.items[?@.state == 'done' && @.id == 'a']"),
        ("$response.body.items.# >= 2", "$[?length($.items) >= 2]"),
        ('$response.body.items.#(state=="done")', "$.items[?@.state == 'done']"),
    ],
)
def test_a_condition_over_elements_as_gjson_has_it_is_told_as_a_query(condition: str, query: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_condition(condition)
    fields = f"`context: $response.body`, `type: jsonpath`, `condition: {query}`"
    assert refused.value.fix == f"write a criterion of its own: {fields}"
    compile_query(ExpressionType(Language.JSONPATH, RFC9535), query)
