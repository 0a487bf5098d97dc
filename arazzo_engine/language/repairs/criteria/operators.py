"""Repairs of operators of other languages in a JSONPath, or in a comparison that stands where a query should.

Decides that they are meant where what is written with those of JSONPath is a query, or what another repair reads as
one; a query of its own stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.queries.compiling import is_query
from arazzo_engine.language.queries.jsonpath.unquoted import with_quotes_in_query
from arazzo_engine.language.repairs.criteria.queries import EMBEDDED, JSONPATH, RFC_9535
from arazzo_engine.language.repairs.criteria.query_strings import is_read
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_LONGEST: Final = 2_000
_STRING: Final = r"(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
# comparisons in the words of other languages
SIGNS: Final = {"eq": "==", "ne": "!=", "gt": ">", "gte": ">=", "ge": ">=", "lt": "<", "lte": "<=", "le": "<="}
_WRITTEN: Final = {
    "===": "==",
    "!==": "!=",
    "<>": "!=",
    "=": "==",
    "and": "&&",
    "or": "||",
    "equals": "==",
    **SIGNS,
}
_OPERATORS: Final = lazy_pattern(
    rf"{_STRING}|===|!==|<>|(?<![=!<>~])=(?![=~>])|(?<=[\s)'\"\]])(?:and|or)(?=[\s(@$!])"
    r"|(?<=\s)(?:equals|eq|ne|gte?|ge|lte?|le)(?=\s)",
    re.DOTALL | re.IGNORECASE,
)
_ONE_VALUE: Final = r"(?:'[^'\\]*'|\"[^\"\\]*\"|-?\d+(?:\.\d+)?|true|false|null)"
_LISTED_VALUE: Final = lazy_pattern(_ONE_VALUE)
_LISTED: Final = lazy_pattern(
    rf"(?P<of>[@$][\w.\[\]'\"\-]*)\s+(?P<not>not\s+|n)?in\s*\[\s*(?P<values>{_ONE_VALUE}(?:\s*,\s*{_ONE_VALUE})*)\s*\]|{_STRING}",
    re.IGNORECASE,
)


def write_operators(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$.items[?(@.id === 1 and @.kind in ['a', 'b'])]`` has the operators of JSONPath in its filter."""
    text, type_ = criterion.get("condition"), criterion.get("type")
    if not isinstance(text, str) or type_ not in RFC_9535 or len(text) > _LONGEST:
        return None
    written = _OPERATORS.sub(_operator, _LISTED.sub(_each, text))
    # a query of its own, or one that is none in this form either, stays as it is
    if written == text or is_query(EMBEDDED.sub("x", text), JSONPATH):
        return None
    # texts without quotes are repaired after this
    quoted = EMBEDDED.sub("x", with_quotes_in_query(written, names.inputs or ()))
    return {**criterion, "condition": written} if is_read({**criterion, "condition": quoted}, quoted, names) else None


def _operator(match: re.Match[str]) -> str:
    return match["string"] or _WRITTEN[match[0].casefold().strip()]


def _each(match: re.Match[str]) -> str:
    if match["string"]:
        return match["string"]
    sign, joined = ("!=", " && ") if match["not"] else ("==", " || ")
    values = _LISTED_VALUE.findall(match["values"])
    of = match["of"]
    return f"({joined.join(f'{of} {sign} {each}' for each in values)})"
