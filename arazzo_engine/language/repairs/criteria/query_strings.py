"""Repairs of texts without quotes in a JSONPath, in a filter or in a comparison that stands where a query should.

Decides that a text is meant where what is written with quotes is a query, or a comparison that another repair reads,
and nothing in reach has that text as its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.language.conditions.grammar import is_condition
from arazzo_engine.language.queries.compiling import is_query
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.unquoted import with_quotes_in_query
from arazzo_engine.language.repairs.criteria.comparisons import condition_of
from arazzo_engine.language.repairs.criteria.queries import JSONPATH, ask_none, ask_selected

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names


def quote_in_criterion(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$[?@.state == No such thing]`` is ``$[?@.state == 'No such thing']``."""
    text = criterion.get("condition")
    if not isinstance(text, str) or not _is_of_query(criterion, text) or is_query(text, JSONPATH):
        return None
    written = with_quotes_in_query(text, names.inputs or ())
    changed = {**criterion, "condition": written}
    return changed if written != text and is_read(changed, written, names) else None


def quote_in_selector(selector: JsonValue, names: Names) -> dict[str, JsonValue] | None:
    """The same in the query of a selector."""
    text = selector.get("selector") if isinstance(selector, dict) else None
    if not isinstance(selector, dict) or not isinstance(text, str) or not _is_jsonpath(selector.get("type")):
        return None
    written = text if is_query(text, JSONPATH) else with_quotes_in_query(text, names.inputs or ())
    return {**selector, "selector": written} if written != text and is_query(written, JSONPATH) else None


def _is_of_query(criterion: dict[str, JsonValue], text: str) -> bool:
    if "type" in criterion:
        return _is_jsonpath(criterion["type"])
    # what another repair reads as one
    return isinstance(criterion.get("context"), str) and text.startswith(("$.", "$["))


def _is_jsonpath(type_: JsonValue) -> bool:
    return (type_.get("type") if isinstance(type_, dict) else type_) == Language.JSONPATH


def is_read(criterion: dict[str, JsonValue], text: str, names: Names) -> bool:
    """Whether a text in the place of a query is one, or something that another repair reads."""
    if text.startswith("#/"):
        return is_condition(f"$response.body{text.replace(' #/', ' $response.body#/')}")
    if is_query(text, JSONPATH) or condition_of(text, lambda _: "$response.body") is not None:
        return True
    return (ask_selected(criterion, names) or ask_none(criterion, names)) is not None
