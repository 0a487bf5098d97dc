"""How one scalar is written in YAML: without quotes where every reader takes it for the same text, else in quotes.

Decides it from the text alone and cautiously: what YAML 1.1 or a flow collection could take for something else is
quoted. A style that cannot hold a text is left for one that can.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.editing.nodes import Style
from arazzo_engine.documents.yaml.scalars import resolve_plain
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

# YAML 1.2.2, section 7.3.3: what begins a plain scalar, and may stand in one
_PLAIN: Final = lazy_pattern(
    r"(?![\s\-?:,\[\]{}#&*!|>'\"%@`])[^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]+(?<!\s)"
)
_ENDS_PLAIN: Final = lazy_pattern(r":(?:\s|$)|\s#")
_IN_FLOW: Final = lazy_pattern(r"[,\[\]{}:?]")
# yaml.org/type: what is no string to YAML 1.1, and is one to YAML 1.2
_YAML_1_1: Final = lazy_pattern(
    r"(?:y|n|yes|no|on|off|=|<<)|[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?|[-+]?0b[01_]+|[-+]?0x[0-9a-f_]+"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?\.?[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|\.\.\..*|---.*",
    re.IGNORECASE,
)
# what stands in single quotes as it is; a line end would be folded
_IN_SINGLE: Final = lazy_pattern(r"[^\x00-\x08\x0a-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*")
_UNSEEN: Final = lazy_pattern(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")


def write_scalar(value: JsonValue, style: Style = Style.PLAIN, *, in_flow: bool = False) -> str:
    """Return a scalar as YAML, in the style that it had if that can hold it, and in one line."""
    if not isinstance(value, str):
        return json.dumps(value)
    if style is Style.PLAIN and is_plain(value, in_flow=in_flow):
        return value
    if style is not Style.DOUBLE and _IN_SINGLE.fullmatch(value):
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value)


def is_plain(text: str, *, in_flow: bool) -> bool:
    """Whether a text is itself without quotes, for every reader of YAML."""
    return (
        _PLAIN.fullmatch(text) is not None
        and _ENDS_PLAIN.search(text) is None
        and not (in_flow and _IN_FLOW.search(text))
        and _YAML_1_1.fullmatch(text) is None
        and isinstance(resolve_plain(text), str)
    )


def double_quoted(text: str) -> str:
    """Return a text in double quotes, as both JSON and YAML read it; what nobody sees is escaped."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
