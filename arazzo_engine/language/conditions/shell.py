"""Tests as shells have them: ``[ "$statusCode" -eq 200 ]``, ``$response.body#/count -gt 0``.

Decides the condition that such a test is, as words of a fix: its operators of letters, its brackets and its quotes.
What a shell asks of files, and what it matches, no condition can say. Whether the result is one is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.judgements import quoted
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re

_SIGNS: Final = {
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "ge": ">=",
    "lt": "<",
    "le": "<=",
    "and": "&&",
    "a": "&&",
    "or": "||",
    "o": "||",
}
_EMPTY: Final = {"n": "({0} != null && {0} != '')", "z": "({0} == null || {0} == '')"}
_BRACKETS: Final = lazy_pattern(r"\s*(?:\[\[\s(?P<double>.*)\s\]\]|\[\s(?P<single>.*)\s\]|test\s+(?P<word>\S.*?))\s*")
_TOKEN: Final = lazy_pattern(
    r"(?P<text>'[^']*'|\"[^\"\\]*\")"
    r"|(?<!\S)-(?P<empty>[nz])\s+(?P<of>\"[^\"\\]*\"|[^\s\"']+)"
    r"|(?<!\S)-(?P<sign>[A-Za-z]{1,3})(?!\S)"
    r"|(?<=\s)(?P<equal>=)(?=\s)"
)
_EXPRESSION: Final = lazy_pattern(r"\$\{?(?P<name>[^\s{}\"']+)\}?")
_LONGEST: Final = 2_000


def as_condition(text: str) -> str:
    """Return the condition that the test of a shell is, empty for what is none.

    >>> as_condition('[ "$statusCode" -eq 200 ]'), as_condition("$statusCode == 200")
    ('$statusCode == 200', '')
    """
    if len(text) > _LONGEST:
        return ""
    match = _BRACKETS.fullmatch(text)
    inner = text if match is None else next(each for each in match.groups() if each is not None)
    tokens = list(_TOKEN.finditer(inner))
    is_test = any(each["sign"] or each["empty"] or (match is not None and each["equal"]) for each in tokens)
    if not is_test or any(each["sign"] and each["sign"].casefold() not in _SIGNS for each in tokens):
        return ""
    return _TOKEN.sub(_written, inner).strip()


def _written(token: re.Match[str]) -> str:
    if token["sign"]:
        return _SIGNS[token["sign"].casefold()]
    if token["empty"]:
        return _EMPTY[token["empty"]].format(_value(token["of"]))
    return "==" if token["equal"] else _value(token["text"])


def _value(written: str) -> str:
    """Return a value of a shell: an expression needs no quotes, and a text has single ones."""
    if written[0] == "'":
        return written
    inner = written.strip('"')
    expression = _EXPRESSION.fullmatch(inner)
    if expression is not None:
        return f"${expression['name']}"
    return quoted(inner) if written[0] == '"' else written
