"""Assertions as test files have them: ``jsonpath "$.state" == "done"``, ``header "ETag" exists``, ``status 201``.

Decides the condition that says the same, as words of a fix: of a JSONPath that names one part, of a header, of the
status. What else such a file can ask has other criteria.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.judgements import quoted
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re

_SUBJECT: Final = (
    r"(?:(?P<how>jsonpath|header)\s+(?P<mark>[\"'`])(?P<of>(?:(?!(?P=mark)).)+)(?P=mark)|(?P<whole>status|body))"
)
_ASSERTION: Final = lazy_pattern(
    rf"\s*{_SUBJECT}\s+(?:(?P<not>not)\s+)?(?:(?P<there>exists)|(?P<sign>==|!=|<=?|>=?)\s*(?P<value>\S.*?))\s*"
)
_ASKED: Final = lazy_pattern(rf"\s*{_SUBJECT}\s+")
_TEXT: Final = lazy_pattern(r"\"([^\"\\]*)\"|'([^'\\]*)'|`([^`]*)`")
_PLAIN: Final = lazy_pattern(r"-?\d+(?:\.\d+)?|true|false|null")
_NUMBER: Final = lazy_pattern(r"'?\d+'?")
_NAME: Final = lazy_pattern(r"[A-Za-z0-9_\-]+")
_WHOLE: Final = {"status": "$statusCode", "body": "$response.body"}
_LONGEST: Final = 2_000
# the same of Karate, and the first line of an answer: `status 201`, `HTTP/1.1 201`, `match response.id == '#notnull'`
_STEP: Final = lazy_pattern(
    r"\s*(?:\*\s*|(?:[Tt]hen|[Aa]nd)\s+)?(?:(?:status(?:\s+code)?|HTTP(?:/[\d.]+)?)\s+(?P<status>[1-5]\d\d)"
    r"|match\s+response(?P<of>(?:\.[\w\-]+|\[\d+\])+)\s*(?P<sign>==|!=)\s*(?P<value>\S.*?))\s*"
)
_MARKER: Final = lazy_pattern(r"(['\"])##?(?P<word>notnull|present|null|notpresent)\1")
_SIGNS: Final = {"notnull": "!=", "present": "!=", "null": "==", "notpresent": "=="}
_OPPOSITE: Final = {"==": "!=", "!=": "=="}


def as_condition(text: str) -> str:
    """Return the condition that an assertion is, empty for what is none.

    >>> as_condition('jsonpath "$.items[0].state" == "done"'), as_condition('header "ETag" exists')
    ("$response.body#/items/0/state == 'done'", '$response.header.ETag != null')
    """
    if len(text) <= _LONGEST and (step := _STEP.fullmatch(text)):
        return _of_step(step)
    match = _ASSERTION.fullmatch(text) if len(text) <= _LONGEST else None
    subject = "" if match is None else _expression(match)
    if match is None or not subject:
        return ""
    if match["there"]:
        return f"{subject} {'==' if match['not'] else '!='} null"
    value = _literal(match["value"])
    if match["whole"] == "status" and value and not _NUMBER.fullmatch(value):
        subject = "$response.body#/status"  # no status of an answer is a word
    condition = f"{subject} {match['sign']} {value}" if value else ""
    return f"!({condition})" if condition and match["not"] else condition


def _of_step(match: re.Match[str]) -> str:
    """Return what a step of Karate asks; what a text is like, as `#string`, no simple condition can ask."""
    if match["status"]:
        return f"$statusCode == {match['status']}"
    subject, sign = f"$response.body#{as_pointer(match['of'])}", match["sign"]
    if marker := _MARKER.fullmatch(match["value"]):
        meant = _SIGNS[marker["word"]]
        return f"{subject} {meant if sign == '==' else _OPPOSITE[meant]} null"
    value = _literal(match["value"])
    return f"{subject} {sign} {value}" if value and not value.startswith("'#") else ""


def with_expression(text: str) -> str:
    """Return an assertion with the expression of what it asks, whatever it asks of that; empty for what is none.

    >>> with_expression('jsonpath "$.name" contains "a"')
    '$response.body#/name contains "a"'
    """
    match = _ASKED.match(text) if len(text) <= _LONGEST else None
    subject = "" if match is None else _expression(match)
    return f"{subject} {text[match.end() :]}" if match is not None and subject else ""


def as_expression(text: str) -> str:
    """Return the expression of what a capture reads, empty for what is none.

    >>> as_expression('jsonpath "$.id"')
    '$response.body#/id'
    """
    # a word alone may be the name of a member
    match = _ASKED.fullmatch(f"{text} ") if len(text) <= _LONGEST else None
    return _expression(match) if match is not None and match["how"] else ""


def _expression(match: re.Match[str]) -> str:
    if match["whole"]:
        return _WHOLE[match["whole"]]
    if match["how"] == "header":
        return f"$response.header.{match['of']}" if _NAME.fullmatch(match["of"]) else ""
    pointer = as_pointer(match["of"].removeprefix("$")) if match["of"].startswith("$") else ""
    return f"$response.body#{pointer}" if pointer else ""


def _literal(written: str) -> str:
    if _PLAIN.fullmatch(written):
        return written
    text = _TEXT.fullmatch(written)
    return "" if text is None else quoted(next(each for each in text.groups() if each is not None))
