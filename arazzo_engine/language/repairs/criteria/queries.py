"""Repairs of queries: names of inputs and outputs without braces, a dot before a bracket, a count of what is selected.

Decides only of names that exist, and of what no query could mean otherwise. A value that stands alone in a query is put
in quotes when it is a text in any case, and in none when it is a number: where nobody knows, it is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.conditions.comparison import compare
from arazzo_engine.language.conditions.grammar import NOTHING, OWN
from arazzo_engine.language.queries.compiling import is_query
from arazzo_engine.language.queries.expression_types import VERSIONS, ExpressionType, Language, default_type
from arazzo_engine.language.queries.foreign import NAMED, PARTS
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_EXPRESSION: Final = lazy_pattern(NAMED)
EMBEDDED: Final = lazy_pattern(r"\{\$[^{}]*\}")
_OF_STEP: Final = lazy_pattern(r"\$steps\.([\w\-]+)")
RFC_9535: Final = ("jsonpath", {"type": "jsonpath", "version": "rfc9535"})
_DOTTED: Final = lazy_pattern(r"(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?<!\.)\.\s*\[", re.DOTALL)
# how many are selected, compared with a number; what they are of stands before it or within it
_COMPARED: Final = lazy_pattern(
    r"(?P<counted>.*\S)\s*(?P<sign>==|!=|<=|>=|(?<![<>=!])[<>])\s*(?P<count>\d{1,4})\s*", re.DOTALL
)
_COUNTED: Final = (
    lazy_pattern(r"\s*(\$.*)\.\s*(?:length|(?:length|size|count)\(\))\s*", re.DOTALL),
    lazy_pattern(r"\s*(?:count|length|size|len)\(\s*(\$.*)\)\s*", re.DOTALL),
    lazy_pattern(r"\s*(\$.*\S)\s*\|\s*(?:length|size|count)(?:\(\))?\s*", re.DOTALL),
)
# what a filter selects, compared with nothing at all; behind a further segment, its value is compared
_AGAINST_NOTHING: Final = lazy_pattern(
    r"(?P<query>.*\[\s*\?(?:[^\[\]'\"]|'[^']*'|\"[^\"]*\"|\[[^\[\]]*\])*\])"
    r"\s*(?P<sign>==|!=)\s*(?:null|undefined|\[\])\s*",
    re.DOTALL,
)
JSONPATH: Final = default_type(Language.JSONPATH)
_FILTERED: Final = lazy_pattern(r"\[\s*\?")
_NONE: Final = frozenset({("==", 0), ("<", 1), ("<=", 0)})
_ANY: Final = frozenset({(">", 0), (">=", 1), ("!=", 0)})
_INPUT: Final = "$inputs."
_LONGEST: Final = 2_000


def names_without_braces(text: JsonValue) -> bool:
    """Whether a query seems to name an input or output without braces; it may be one that does not exist."""
    return isinstance(text, str) and "$" in text and _EXPRESSION.search(text) is not None


def embed_in_criterion(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$[?@.a == $inputs.a]`` is ``$[?@.a == '{$inputs.a}']``, and ``^$inputs.a$`` is ``^{$inputs.a}$``."""
    return _embedded(criterion, "condition", names)


def embed_in_selector(selector: JsonValue, names: Names) -> dict[str, JsonValue] | None:
    """The same in the query of a selector, where no repair has made an expression of it."""
    return _embedded(selector, "selector", names) if isinstance(selector, dict) else None


def drop_dot(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$.items.[0]`` is ``$.items[0]``: a dot stands before a name."""
    text = criterion.get("condition")
    if not isinstance(text, str) or criterion.get("type") not in RFC_9535 or ".[" not in text:
        return None
    written = _DOTTED.sub(lambda match: match["string"] or "[", text)
    return {**criterion, "condition": written} if written != text else None


def ask_selected(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$.items[?@.a == 1].length > 0`` is ``$.items[?@.a == 1]``: a criterion holds when its query selects something.

    What holds of nothing as well, as ``< 3``, has no filter that would say so of an empty value.
    """
    found = _counting(criterion)
    if found is None or compare(found.sign, 0, found.count):
        return None
    is_any = (found.sign, found.count) in _ANY
    asked = found.query if is_any else f"$[?count({found.query}) {found.sign} {found.count}]"
    return {**criterion, "condition": asked}


def ask_none(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$[?@.a == 1].length == 0`` is ``$[?@.a == 1]`` that selects nothing, which only this engine can be asked."""
    found = _counting(criterion)
    is_none = found is not None and (found.sign, found.count) in _NONE
    return {**criterion, "condition": found.query, OWN: NOTHING} if found is not None and is_none else None


class _Counting(Struct, frozen=True):
    """How many values a query selects, compared with a number."""

    query: str
    sign: str
    count: int


def _counting(criterion: dict[str, JsonValue]) -> _Counting | None:
    """Return the comparison that stands in the place of a query, ``None`` where there is none."""
    text = criterion.get("condition")
    if not isinstance(text, str) or len(text) > _LONGEST or criterion.get("type") not in RFC_9535:
        return None
    if (found := _AGAINST_NOTHING.fullmatch(text)) is not None:
        query, count = _filtering(found["query"]), 0
    elif (found := _COMPARED.fullmatch(text)) is not None:
        query, count = _counted(found["counted"]), int(found["count"])
    else:
        return None
    return _Counting(query, found["sign"], count) if query else None


def _counted(text: str) -> str:
    """Return the query with a filter whose selected values a text counts, empty where there is none."""
    matches = [match for each in _COUNTED if (match := each.fullmatch(text)) is not None]
    return _filtering(matches[0][1]) if matches else ""


def _filtering(text: str) -> str:
    """Return a text that is a query with a filter, empty where it is none."""
    query = text.strip() if _FILTERED.search(text) is not None else ""
    return query if query and is_query(EMBEDDED.sub("0", query), JSONPATH) else ""


def _embedded(owner: dict[str, JsonValue], name: str, names: Names) -> dict[str, JsonValue] | None:
    text, type_ = owner.get(name), _type(owner.get("type"))
    if type_ is None or not isinstance(text, str) or len(text) > _LONGEST or not names_without_braces(text):
        return None
    if type_.type is Language.REGEX:
        written = _EXPRESSION.sub(_in_braces(names), text)
    else:
        written = PARTS.sub(lambda match: _part(match, names), text)
        # what is a query as it is has no name that stands alone
        if written == text or not is_query(EMBEDDED.sub("0", written), type_):
            return None
    return {**owner, name: written} if written != text else None


def _in_braces(names: Names) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{{{match[0]}}}" if _is_there(match[0], names) else match[0]


def _is_there(text: str, names: Names) -> bool:
    # a step that is missing is told where an expression is sure to be meant
    step = _OF_STEP.match(text)
    return (step is None or step[1] in names.steps) and names.know_text(text)


def _part(match: re.Match[str], names: Names) -> str:
    if match["string"]:
        return _EXPRESSION.sub(_in_braces(names), match["string"])
    name = match["named"].removeprefix(_INPUT)
    if name in names.texts:
        return f"'{{{match['named']}}}'"
    return f"{{{match['named']}}}" if name in names.numbers else match["named"]


def _type(type_: JsonValue) -> ExpressionType | None:
    """Return the language of a query, ``None`` where it is none that has values in its text."""
    if isinstance(type_, dict):
        language, version = type_.get("type"), type_.get("version")
    else:
        language, version = type_, None
    if language not in (Language.JSONPATH, Language.XPATH, Language.REGEX):
        return None
    language = Language(language)
    if version is None:
        return default_type(language)
    return ExpressionType(language, str(version)) if version in VERSIONS[language] else None
