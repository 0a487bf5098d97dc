"""Repairs of regex criteria: the pattern stands alone, without what its context names already and without delimiters.

Decides by the sign that stands between the two. A pattern that begins with `$` asks for what stands behind the end, and
never matches, so that nothing else can be meant; nor does one that asks for something before the beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_ASKED: Final = lazy_pattern(
    r"\s*\{?(?P<left>\$[^\s{}=~]+)\}?\s*(?:(?P<sign>===?|=~|~=|~|\bmatches\b)\s*(?P<pattern>\S(?:.*\S)?)\s*)?"
)
_QUOTED: Final = (("'", "'"), ('"', '"'), ("/", "/"))
# what makes a text a pattern: a dot alone may be one of the text
_SIGNS_OF_PATTERNS: Final = lazy_pattern(r"[\^$*+?()\[\]{}|\\]")
_EQUALS: Final = frozenset({"==", "==="})
_QUERY: Final = frozenset({"context", "type"})


def drop_left_side(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$response.body#/next == ^https`` of that context is ``^https``: a regex criterion is a pattern."""
    text, context = criterion.get("condition"), criterion.get("context")
    if criterion.get("type") != "regex" or not isinstance(text, str) or not isinstance(context, str):
        return None
    found = _ASKED.fullmatch(text)
    if found is None or not _is_of(found["left"], context):
        return None
    if found["pattern"] is None:
        # alone, it says that there is something
        return _simple(criterion, f"{context} != null") if text.strip() == context else None
    pattern = _bare(found["pattern"])
    if found["sign"] in _EQUALS and _SIGNS_OF_PATTERNS.search(pattern) is None:
        return _simple(criterion, f"{found['left']} == {found['pattern']}")
    return {**criterion, "context": found["left"], "condition": pattern}


def drop_delimiters(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    r"""``/^2\d\d$/`` is ``^2\d\d$``: nothing stands before the beginning or behind the end."""
    text = criterion.get("condition")
    if criterion.get("type") != "regex" or not isinstance(text, str):
        return None
    pattern = _bare(text.strip())
    is_anchored = pattern.startswith("^") or (pattern.endswith("$") and not pattern.endswith("\\$"))
    # an anchor is of one of several alternatives, or of nothing
    is_of_all = "|" not in pattern and pattern[1:2] not in {*"?*+{"}
    return {**criterion, "condition": pattern} if pattern != text.strip() and is_anchored and is_of_all else None


def _is_of(left: str, context: str) -> bool:
    """Whether what stands on the left is the context, or a part of it."""
    return left == context or (left.startswith(context) and left[len(context)] in "#./[")


def _simple(criterion: dict[str, JsonValue], condition: str) -> dict[str, JsonValue]:
    return {**{name: each for name, each in criterion.items() if name not in _QUERY}, "condition": condition}


def _bare(pattern: str) -> str:
    is_quoted = len(pattern) > 1 and (pattern[0], pattern[-1]) in _QUOTED
    return pattern[1:-1] if is_quoted else pattern
