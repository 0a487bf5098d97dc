"""Repairs of criteria that compare a whole value, which no simple condition of the specification can.

They become conditions of the engine's own grammar, and say so by its extension. A filter of JSONPath could say some of
them: not an empty object or array, and nothing beyond the length that a query may have.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.grammar import EXTENDED, OWN, is_condition, is_own_condition
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.repairs.criteria.conditions import quoted_condition, simple_condition
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_SIGN: Final = lazy_pattern(r"\s*(?:==|!=)\s*[\[{]")
_VALUE: Final = lazy_pattern(r"(?<==)\s*[\[{].*[\]}]|^\s*[\[{].*[\]}]", re.DOTALL)
_QUERY: Final = lazy_pattern(r"\s*\$(?P<path>(?:\.[A-Za-z_]\w*)*)\s*(?P<rest>(?:==|!=)\s*[\[{].*)", re.DOTALL)


def compare_whole(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``context: $response.body`` and ``condition: {"a":1}`` is ``$response.body == {"a":1}``."""
    if OWN in criterion or not any(each in str(criterion.get("condition")) for each in "[{"):
        return None
    for candidate in dict.fromkeys(each for found in _candidates(criterion) for each in (found, _as_json(found))):
        written = candidate if is_own_condition(candidate) else quoted_condition(candidate, is_own=True)
        # an expression within a text of it would be compared as text
        if written is not None and "{$" not in written and not is_condition(written):
            kept = {name: each for name, each in criterion.items() if name not in {"context", "type"}}
            return {**kept, "condition": written, OWN: EXTENDED}
    return None


def _as_json(text: str) -> str:
    """Return a condition with a list or object whose texts are in single quotes as JSON has them."""

    def written(match: re.Match[str]) -> str:
        return match[0] if set(match[0]) & {'"', "\\"} else match[0].replace("'", '"')

    return _VALUE.sub(written, text)


def _candidates(criterion: dict[str, JsonValue]) -> Iterator[str]:
    context = criterion.get("context")
    if isinstance(criterion.get("condition"), dict | list) and isinstance(context, str):
        criterion = {**criterion, "condition": json.dumps(criterion["condition"], ensure_ascii=False)}
    text = criterion.get("condition")
    query = _QUERY.fullmatch(text) if isinstance(text, str) and criterion.get("type") == Language.JSONPATH else None
    if query is not None and isinstance(context, str):
        pointer = query["path"].replace(".", "/")
        yield f"{context}{'#' if pointer and '#' not in context else ''}{pointer} {query['rest']}"
    simple = simple_condition(criterion)
    if simple is None:
        return
    if context is None:
        yield simple
    elif isinstance(context, str):
        yield f"{context} {simple.strip()}" if _SIGN.match(simple) else f"{context} == {simple.strip()}"
