"""Assertions as programs have them: `statusCode(201)`, `expect(res.status).toBe(200)`, `assert len(items) > 0`.

Decides which condition such an assertion is, as words of a fix. A library may do more than its call says in words:
what is not in the tables below is none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.conditions.judgements import quoted
from arazzo_engine.language.conditions.library_values import ANSWER, LONGEST, NAME, TEXT, as_value, at_path
from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

# what is called is a status, with its number or in words
_WORDS_OF_STATUS: Final = {
    "isok": 200,
    "iscreated": 201,
    "isaccepted": 202,
    "isnocontent": 204,
    "isbadrequest": 400,
    "isunauthorized": 401,
    "isforbidden": 403,
    "isnotfound": 404,
    "isconflict": 409,
}
_CHAIN: Final = r"\.?(?:(?:then|and|assertThat|expect)\(\)\.)*"
_BY_STATUS: Final = lazy_pattern(
    rf"(?:{_CHAIN}(?:statusCode|status|expectStatus\(\)\.isEqualTo|assertStatus|toHaveStatus)"
    rf"|{ANSWER}\.(?:to\.have\.status|assertStatus|should\.have\.status)|expect\({ANSWER}\)\.to(?:\.|\s)have_?(?:http_)?\.?status"
    rf"|(?:andExpect\()?status\(\)\.is)\s*\(\s*(?:(?:is|equalTo)\(\s*)?(?P<status>[1-5]\d\d)\s*\){{1,3}}"
    r"|Status\s+Should\s+Be\s+(?P<robot>[1-5]\d\d)|expect\(\s*(?P<expected>[1-5]\d\d)\s*\)"
)
_SHOULD: Final = lazy_pattern(
    r"its\(\s*['\"]status['\"]\s*\)\.should\(\s*['\"](?:eq|equal)['\"]\s*,\s*(?P<status>\d{3})\s*\)"
)
_SUCCEEDED: Final = lazy_pattern(
    rf"{ANSWER}\.[iI]s_?[sS]uccess(?:ful|StatusCode)?(?:\(\))?|expect\(\s*{ANSWER}\.ok(?:\(\))?\s*\)\.(?:toBeTruthy\(\)|toBe\(true\))"
    rf"|{ANSWER}\.(?:ok(?:\(\))?|success\?)"
)
_BY_WORD: Final = lazy_pattern(r"(?:andExpect\()?(?:status|expectStatus)\(\)\.(?P<word>is[A-Z]\w+)\(\)\)?")
# what a matcher asks, each with its sign
_SIGNS: Final = {
    **dict.fromkeys(("is", "equalto", "equals", "equal", "eq", "eql", "isequalto", "tobe", "toequal"), "=="),
    **dict.fromkeys(("tostrictequal", "strictequal", "equalsto", "must_equal", "deepequal", "same", "be"), "=="),
    **dict.fromkeys(("greaterthan", "above", "gt", "tobegreaterthan", "isgreaterthan", "greater"), ">"),
    **dict.fromkeys(("greaterthanorequalto", "least", "gte", "tobegreaterthanorequal"), ">="),
    **dict.fromkeys(("lessthan", "below", "lt", "tobelessthan", "islessthan"), "<"),
    **dict.fromkeys(("lessthanorequalto", "most", "lte", "tobelessthanorequal"), "<="),
    **dict.fromkeys(("containsstring", "contains", "tocontain", "include", "hasitem"), "contains"),
}
_OF_NULL: Final = {
    **dict.fromkeys(("notnullvalue", "isnotnull", "tobedefined", "exist", "present?", "notnull", "not_nil"), "!= null"),
    **dict.fromkeys(("isdefined", "isset", "defined", "assertnotempty", "assertnotnull"), "!= null"),
    **dict.fromkeys(("nullvalue", "isnull", "tobenull", "tobeundefined", "nil?", "null", "undefined"), "== null"),
    **dict.fromkeys(("be_nil", "nil", "isundefined"), "== null"),
    "positive?": "> 0",
    "negative?": "< 0",
    "zero?": "== 0",
    "tobetruthy": "== true",
    "tobefalsy": "== false",
}
_CONTENT_TYPE: Final = lazy_pattern(rf"{_CHAIN}contentType\(\s*(?:ContentType\.(?P<word>[A-Z]+)|(?P<type>{TEXT}))\s*\)")
_MEDIA_TYPES: Final = {"JSON": "application/json", "XML": "application/xml", "TEXT": "text/plain", "HTML": "text/html"}
_OPPOSITE: Final = {"==": "!=", "!=": "==", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}
_LITERAL: Final = rf"(?:{TEXT}|-?\d+(?:\.\d+)?[LfFdD]?|[A-Za-z]+(?:\.\w+)?)"
_VALUE: Final = r"(?P<of>[^\s,](?:[^\n,]*?[^\s,=!<>])??)"
_MATCHER: Final = rf"(?P<deny>not\()?(?P<how>\w+)\(\s*(?P<what>{_LITERAL})?\s*\)\)?"
_FORMS: Final = (
    # `body("x", equalTo("y"))`, of which the first is a path or the name of a header
    lazy_pattern(rf"{_CHAIN}(?P<part>body|header|jsonPath)\(\s*(?P<named>{TEXT})\s*,\s*{_MATCHER}\s*\)"),
    # `expect(x).to.equal(y)`, `assertThat(x).isEqualTo(y)`, `expect(x).to eq(y)`
    lazy_pattern(
        rf"(?:\w+\.)?(?:expect|assertThat|assert_that)\(\s*{_VALUE}\s*\)(?P<words>(?:[.\s]\s*(?:to|be|is|not|not_to|have|deep|a|an))*)"
        rf"[.\s]\s*(?P<how>\w+)(?:\s*\(\s*(?P<what>{_LITERAL})?\s*\)|\s+(?P<bare>{_LITERAL}))?"
    ),
    lazy_pattern(rf"(?:assertThat|assert_that)\(\s*{_VALUE}\s*,\s*{_MATCHER}\s*\)"),
    # `assertEquals(201, x)`, `assert_equal 201, x`, and the other way round
    lazy_pattern(
        rf"(?:\w+\.)?assert(?P<words>_?[nN]ot)?_?(?:\.)?(?P<how>[eE]quals?|strictEqual|deepEqual)s?\s*\(?\s*"
        rf"(?:(?P<what>{_LITERAL})\s*,\s*{_VALUE}|(?P<first>[^\n,]+?)\s*,\s*(?P<bare>{_LITERAL}))\s*\)?"
    ),
    lazy_pattern(
        r"Should\s+(?P<words>Not\s+)?Be\s+(?P<how>Equal)(?:\s+As\s+\w+)?\s+"
        rf"(?P<of>\S+(?:\(\)\S*)?)\s+(?P<what>{_LITERAL})"
    ),
    # `x.eql?(y)`, `x.should == y`
    lazy_pattern(
        rf"{_VALUE}\.(?P<how>equals|eql|equal|eq|isEqualTo|must_equal)\??(?:\s*\(\s*(?P<what>{_LITERAL})\s*\)|\s+(?P<bare>{_LITERAL}))"
    ),
    lazy_pattern(rf"{_VALUE}\.(?P<how>(?:nil|present|positive|negative|zero)\?)"),
    lazy_pattern(rf"{_VALUE}\s+(?P<how>isDefined|isUndefined|isNull|isNotNull|isTruthy|isFalsy)"),
    lazy_pattern(rf"{_VALUE}\.(?P<how>gt|lt|gte|lte|is)\(\s*(?P<what>{_LITERAL})\s*\)"),
    lazy_pattern(rf"(?P<words>!\s*)?(?P<how>isset|defined|assertNotEmpty|assertNotNull)\(\s*{_VALUE}\s*\)"),
    lazy_pattern(rf"(?:\w+\.)?assert_?(?P<how>[nN]ot_?[nN](?:ull|il)|[nN]ull|[nN]il)\s*\(?\s*{_VALUE}\s*\)?"),
    lazy_pattern(rf"(?P<how>typeof)\s+{_VALUE}\s*(?P<sign>[!=]==?)\s*(?P<what>'undefined'|\"undefined\")"),
)
_COMPARED: Final = lazy_pattern(rf"{_VALUE}\s*(?:\.should\s*)?(?P<sign>===?|!==?|[<>]=?)\s*(?P<what>{_LITERAL})")
# what stands before a whole condition
_ASSERT: Final = lazy_pattern(
    r"(?:assert|expect|assertTrue|assert_true|assert\.ok|pm\.expect)(?:\s+(?P<said>.+)|\(\s*(?P<within>.+)\s*\))"
)
_OF_SUITE: Final = lazy_pattern(r"^(?:\$this->|self\.)(?=assert)")
# what is told where an assertion does not hold
_REMARK: Final = lazy_pattern(r"\s*,\s*[^,()]*$")
_TOOK: Final = lazy_pattern(rf"{_CHAIN}(?:time|responseTime)\(.*\)|expect\(\s*{ANSWER}\.(?:responseTime|duration)\b.*")
_OF_TYPE: Final = lazy_pattern(
    rf"!?\s*Array\.isArray\(\s*(?P<list>[^()]+)\s*\)|typeof\s+\(?\s*(?P<of>[^\s=!]+?)\s*\)?\s*[!=]==?\s*{TEXT}"
    r"|(?P<instance>\S+)\s+instanceof\s+\w+|isinstance\(\s*(?P<of_class>.+?)\s*,\s*[\w.]+\s*\)"
    r"|(?:\w+\.)?expect\(\s*(?P<expected>.+?)\s*\)\.to\.be\.(?:an?|instanceof|instanceOf)\(.*\)"
)
_OF_JQ: Final = lazy_pattern(r"(?:\.[A-Za-z_]\w*(?:\[\d+\])*)+")
_STATUS_IN_WORDS: Final = lazy_pattern(r"(?:HttpStatusCode|HttpStatus|StatusCodes?)\.(?P<word>\w+)")
_NULLS: Final = frozenset({"null", "none", "nil", "undefined"})
_PLAIN: Final = frozenset({"true", "false"})


_NOT: Final = frozenset({"not", "!", "_not", "not_to"})
# how many there are: `len(x) > 0`, `x.length > 0`, `expect(x).toHaveLength(3)`, `body("x", hasSize(3))`
_COUNTED: Final = (
    lazy_pattern(rf"(?:len|count|size|sizeof)\(\s*{_VALUE}\s*\)\s*(?P<sign>===?|!==?|[<>]=?)\s*(?P<count>\d+)"),
    lazy_pattern(rf"{_VALUE}\.(?:length|size|count)(?:\(\))?\s*(?P<sign>===?|!==?|[<>]=?)\s*(?P<count>\d+)"),
    lazy_pattern(
        rf"(?:\w+\.)?expect\(\s*{_VALUE}\s*\)\.(?:to\.)?(?:toHaveLength|have\.length(?:Of)?)\(\s*(?P<count>\d+)\s*\)"
    ),
    lazy_pattern(rf"expect\(\s*{_VALUE}\.length\s*\)\.(?:to\.)?(?:toBe|toEqual|equal|eq|eql)\(\s*(?P<count>\d+)\s*\)"),
    lazy_pattern(rf"{_CHAIN}body\(\s*(?P<named>{TEXT})\s*,\s*hasSize\(\s*(?P<count>\d+)\s*\)\s*\)"),
)
# a member that there must be: `"id" in x`, `expect(x).to.have.property("id")`
_MEMBER: Final = (
    lazy_pattern(rf"(?P<name>{TEXT})\s+(?P<deny>not\s+)?in\s+{_VALUE}"),
    lazy_pattern(
        rf"(?:\w+\.)?expect\(\s*{_VALUE}\s*\)\.(?P<deny>not\.)?(?:to\.)?(?P<deny2>not\.)?(?:have\.property|toHaveProperty)\(\s*(?P<name>{TEXT})\s*\)"
    ),
)
# one of several statuses
_ANY_STATUS: Final = lazy_pattern(
    rf"(?:{ANSWER}\.)?status\.(?:in|oneOf|is)\(\s*(?P<all>[1-5]\d\d(?:\s*,\s*[1-5]\d\d)*)\s*\)"
)


# `===` is `==` here, and `!==` is `!=`
_SIGN: Final = 2


class Assertion(Struct, frozen=True):
    """What an assertion asks: a condition, or nothing that one can say, because of the time or the type it asks for.

    The condition may have the operator ``contains``, which is said by a pattern.
    """

    condition: str = ""
    is_of_time: bool = False
    type_of: str = ""


def as_assertion(text: str) -> Assertion | None:
    """Return what an assertion asks, ``None`` for what is none.

    >>> as_assertion("statusCode(201)").condition, as_assertion('body("a.b", equalTo("x"))').condition
    ('$statusCode == 201', "$response.body#/a/b == 'x'")
    """
    written = _OF_SUITE.sub("", text.strip().rstrip(";").rstrip())
    if len(written) > LONGEST:
        return None
    if _TOOK.fullmatch(written):
        return Assertion(is_of_time=True)
    found = (say(written) for say in (_of_status, _of_content_type, _of_count, _of_member, _of_forms))
    if condition := next(filter(None, found), ""):
        return Assertion(condition)
    if of_type := _OF_TYPE.fullmatch(written):
        return Assertion(type_of=_value(next(filter(None, of_type.groups()))) or "$response.body")
    said = _ASSERT.fullmatch(written)
    inner = "" if said is None else _REMARK.sub("", said["said"] or said["within"])
    return as_assertion(inner) or _as_it_is(inner) if inner else None


def _as_it_is(condition: str) -> Assertion | None:
    """Return what is asserted where it is a comparison of an expression already."""
    match = _COMPARED.fullmatch(condition)
    return None if match is None or not _value(match["of"]) else Assertion(_compared(match))


def _of_status(text: str) -> str:
    if _SUCCEEDED.fullmatch(text):
        return "$statusCode >= 200 && $statusCode < 300"
    if several := _ANY_STATUS.fullmatch(text):
        return " || ".join(f"$statusCode == {each.strip()}" for each in several["all"].split(","))
    match = _BY_STATUS.fullmatch(text) or _SHOULD.fullmatch(text)
    word = _BY_WORD.fullmatch(text)
    status = _WORDS_OF_STATUS.get(word["word"].lower()) if word is not None else None
    if match is not None:
        status = next(filter(None, match.groups()))
    return "" if status is None else f"$statusCode == {status}"


def _match_of(forms: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """Return the match of the first form that a whole text has."""
    return next((found for form in forms if (found := form.fullmatch(text)) is not None), None)


def _of_count(text: str) -> str:
    match = _match_of(_COUNTED, text)
    if match is None:
        return ""
    groups = match.groupdict()
    value = at_path(groups["named"][1:-1]) if groups.get("named") else _value(groups["of"])
    return f"{value}.length {(groups.get('sign') or '==')[:_SIGN]} {groups['count']}" if value else ""


def _of_member(text: str) -> str:
    match = _match_of(_MEMBER, text)
    value = "" if match is None else _value(match["of"])
    if match is None or not value or not NAME.fullmatch(match["name"][1:-1]):
        return ""
    is_denied = any(each for name, each in match.groupdict().items() if name.startswith("deny"))
    return f"{value}{'/' if '#' in value else '#/'}{match['name'][1:-1]} {'==' if is_denied else '!='} null"


def _of_content_type(text: str) -> str:
    match = _CONTENT_TYPE.fullmatch(text)
    name = "" if match is None else (match["type"] or "")[1:-1] or _MEDIA_TYPES.get(match["word"], "")
    return f"$response.header.Content-Type contains '{name}'" if name else ""


def _of_forms(text: str) -> str:
    match = _match_of(_FORMS, text)
    if match is not None:
        return _asked(match)
    compared = _COMPARED.fullmatch(text)
    # what begins with an expression is a condition already
    if compared is None or (compared["of"].startswith("$") and is_expression(compared["of"])):
        return ""
    return _compared(compared)


def _compared(match: re.Match[str]) -> str:
    value, what = _value(match["of"]), _literal(match["what"])
    return f"{value} {match['sign'][:_SIGN]} {what}" if value and what else ""


def _asked(match: re.Match[str]) -> str:
    found = match.groupdict()
    how = found["how"].lower()
    value = _part(found) if found.get("part") else _value(found.get("of") or found.get("first") or "")
    words = (found.get("words") or "").lower().replace(".", " ").split()
    is_denied = not _NOT.isdisjoint(words) or found.get("deny") is not None
    if how == "typeof":
        return f"{value} {found['sign'][:_SIGN]} null" if value else ""
    if how in _OF_NULL and value:
        sign, _, what = _OF_NULL[how].partition(" ")
    else:
        sign, what = _SIGNS.get(how, ""), _literal(found.get("what") or found.get("bare") or "")
    sign = _OPPOSITE.get(sign, "") if is_denied else sign
    return f"{value} {sign} {what}" if value and sign and what else ""


def _part(found: dict[str, str | None]) -> str:
    named = (found["named"] or "")[1:-1]
    if found["part"] == "header":
        return f"$response.header.{named}" if NAME.fullmatch(named) else ""
    return at_path(named)


def _value(text: str) -> str:
    text = text.strip()
    if _OF_JQ.fullmatch(text):
        return f"$response.body#{as_pointer(text)}"
    return as_value(text) or (text if text.startswith("$") and is_expression(text) else "")


def _literal(written: str) -> str:
    if written[:1] in {"'", '"'}:
        return quoted(written[1:-1])
    if status := _STATUS_IN_WORDS.fullmatch(written):
        return str(_WORDS_OF_STATUS.get(f"is{status['word'].replace('_', '').lower()}", ""))
    word = written.lower()
    if word in _NULLS or word in _PLAIN:
        return "null" if word in _NULLS else word
    return written.rstrip("LfFdD") if written[:1].isdigit() or written[:1] == "-" else ""
