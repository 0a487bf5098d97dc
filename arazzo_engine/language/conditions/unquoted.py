"""Text without quotes on the right of `==` or `!=` in a simple condition: `== Berlin Hauptbahnhof`, `== 2025-04-14`.

Decides what is sure to be such a text, which a repair puts in quotes, and what seems to be one, of which the fix says
so. What could be a number, a list, a sum, a function or a comparison of another language is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.judgements import quoted
from arazzo_engine.language.conditions.references import read_reference
from arazzo_engine.language.expressions.grammar import ExpressionError
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST: Final = 2_000
_SIDES: Final = lazy_pattern(r"\s*(?P<of>\$\S+?)\s*(?P<sign>[=!]=)\s*(?P<text>[^\s=!].*?)\s*", re.DOTALL)
# text in quotes, or what joins comparisons
_JOINS: Final = lazy_pattern(r"'[^']*'|\"[^\"]*\"|(&&|\|\|)")
# what no plain text has: a part of a condition, of an object or of a list, a sum, a remark, or an expression
_SIGNS: Final = lazy_pattern(
    r"[$'\"`|{}()\n<>]|[=!]=|&&|\s[&=+*%?]\s|\d\s+[-/]\s|\s[-/]\s+\d|\s(?://|#)|^[\[!&*]|[\[\]]$"
)
# a word in angle brackets, as tools write where a value should come, or a remark in parentheses
_ENCLOSED: Final = lazy_pattern(r"</?\w[^<>]*>|(?<=\s)\([^()]*\)")
_FUNCTION: Final = lazy_pattern(r"[a-z]\w*\s*\(.*", re.DOTALL)
# a number in another notation, a range, a difference, several numbers, or the statuses of a class
_NUMBERS: Final = lazy_pattern(
    r"[+.]?\d[\d,_]*(?:[.,]\d+)?|\d+\s*(?:-|\.{2,3}|\u2013)\s*\d+|[\d\s.]+(?:[,\s][\d\s.]+)+|[1-5]\d?[xX*]+"
    r"|\w+\s+[-/]\s+\w+"
)
_LITERAL_FIRST: Final = lazy_pattern(r"(?i:true|false|null|none|nil|undefined)\b|(?:not|in|is|empty|exists)\b")
# an expression that lacks its sign
_NAME: Final = lazy_pattern(
    r"(?:(?:steps|workflows)\.[\w\-]+\.outputs|inputs|re(?:sponse|quest)\.(?:body|header))\b[.#][^\s=<>!&|()'\"]+"
)
_JOINING: Final = lazy_pattern(r"\b(?:and|or|not|xor)\b", re.IGNORECASE)
# a pattern of another language, or a path that ends in a stroke
_BETWEEN_STROKES: Final = lazy_pattern(r"/(?:[^/\\]|\\.)+/[gims]{0,2}")
# a text between the quotes that word processors set
_TYPESET: Final = lazy_pattern(r"[\u2018\u201c]([^\u2018-\u201d]*)[\u2019\u201d]")
_LIST: Final = lazy_pattern(r"[^\s,]+(?:\s*,\s*[^\s,]+)+")


def with_quotes(text: str, is_condition: Callable[[str], bool]) -> str | None:
    """Return a condition with each such text in single quotes, ``None`` when that alone does not make it one.

    >>> with_quotes("$response.body#/a == 2025-04-14", lambda text: text.endswith("'"))
    "$response.body#/a == '2025-04-14'"
    """
    if len(text) > _LONGEST:
        return None
    written = [each if index % 2 or is_condition(each) else _quoted(each) for index, each in enumerate(_parts(text))]
    if None in written:
        return None
    changed = "".join(each or "" for each in written)
    return changed if is_condition(changed) else None


def fix_unquoted(text: str) -> str:
    """Return what to write where the right side of a condition seems to be such a text, ``""`` where it does not.

    >>> fix_unquoted("$response.body#/a == Bed and Breakfast")
    "put it in single quotes: `'Bed and Breakfast'`, or join comparisons with `&&` or `||`"
    """
    sides = None if len(text) > _LONGEST else _sides(text)
    if sides is None:
        return ""
    fix = f"put it in single quotes: `{quoted(sides['text'])}`"
    if _BETWEEN_STROKES.fullmatch(sides["text"]):
        return f"{fix}, or give a pattern a criterion of its own, with a `context` and `type: regex`"
    return f"{fix}, or join comparisons with `&&` or `||`" if _JOINING.search(sides["text"]) else fix


def is_unquoted(text: str) -> bool:
    """Whether what a value is compared with can only be a text.

    >>> is_unquoted("No such thing"), is_unquoted("2025-04-14"), is_unquoted("None"), is_unquoted("a and b")
    (True, True, False, False)
    """
    has_two_readings = _JOINING.search(text) or _LIST.fullmatch(text) or _BETWEEN_STROKES.fullmatch(text)
    return _may_be_text(text) and not has_two_readings


def lacks_sign(text: str) -> bool:
    """Whether a text would be an expression if it began with `$`.

    >>> lacks_sign("steps.find.outputs.id"), lacks_sign("inputs")
    (True, False)
    """
    return _NAME.fullmatch(text) is not None


def _parts(text: str) -> list[str]:
    """Return the comparisons of a condition, with the signs between them."""
    parts: list[str] = []
    done = 0
    for match in _JOINS.finditer(text):
        if match[1]:
            parts += [text[done : match.start()], match[1]]
            done = match.end()
    return [*parts, text[done:]]


def _quoted(comparison: str) -> str | None:
    sides = _sides(comparison)
    if sides is None or not is_unquoted(sides["text"]):
        return None
    start, end = sides.span("text")
    typeset = _TYPESET.fullmatch(sides["text"])
    text = sides["text"] if typeset is None else typeset[1]
    return f"{comparison[:start]}{quoted(text)}{comparison[end:]}"


def _sides(comparison: str) -> re.Match[str] | None:
    """Return the sides of a comparison of an expression with a text that has no quotes."""
    match = _SIDES.fullmatch(comparison)
    # a status is a number
    if match is None or match["of"] == "$statusCode" or not _is_reference(match["of"]):
        return None
    return match if _may_be_text(match["text"]) else None


def _may_be_text(found: str) -> bool:
    text = _ENCLOSED.sub("-", found)
    is_other = _NUMBERS.fullmatch(text) or _FUNCTION.fullmatch(found) or lacks_sign(found)
    return not (is_other or _SIGNS.search(text) or _LITERAL_FIRST.match(text))


def _is_reference(text: str) -> bool:
    try:
        return read_reference(text, 0).span[1] == len(text)
    except ExpressionError:
        return False
