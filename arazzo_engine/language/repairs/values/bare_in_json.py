"""Expressions that stand in JSON as text, outside its quotes and without their braces.

Decides by the text alone: as it is written it is no JSON, and with the braces it is. Within quotes it may be a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_BARE: Final = lazy_pattern(r'"(?:[^"\\]|\\.)*"|(?<!\{)(?P<bare>\$[a-z][^\s,{}\]"]*)')
_EMBEDDED: Final = lazy_pattern(r"\{\$[^{}]*\}")


def add_braces_in_json(value: JsonValue, names: Names) -> str | None:
    """``{"ids": $inputs.ids}`` as a text is ``{"ids": {$inputs.ids}}``: an expression in a text stands in braces."""
    if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["} or "$" not in value:
        return None
    written = _BARE.sub(
        lambda match: f"{{{match['bare']}}}" if match["bare"] and names.know_text(match["bare"]) else match[0], value
    )
    return written if written != value and _is_json(written) else None


def _is_json(text: str) -> bool:
    try:
        parse_json(_EMBEDDED.sub("null", text))
    except MalformedText:
        return False
    return True
