"""The nodes of a JSON text, from its tokens, without recursion. The text is known to be JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.editing.nodes import Node, Style
from arazzo_engine.documents.json.text import TOKEN

if TYPE_CHECKING:
    from re import Match

_OPENING: Final = {"{": Style.FLOW_MAPPING, "[": Style.FLOW_SEQUENCE}


def json_nodes(text: str) -> Node | None:
    """Return the root of a text."""
    root: Node | None = None
    waiting: list[Node] = []
    for match in TOKEN.finditer(text):
        if match[0] in {",", ":"}:
            continue
        if match[0] in {"}", "]"}:
            waiting.pop().end = match.end()
            continue
        node = _node(match)
        root = root or node
        if waiting:
            owner = waiting[-1]
            is_key = owner.style is Style.FLOW_MAPPING and len(owner.keys) == len(owner.values)
            (owner.keys if is_key else owner.values).append(node)
        if match[0] in _OPENING:
            waiting.append(node)
    return root


def _node(match: Match[str]) -> Node:
    token, start, end = match[0], match.start(), match.end()
    if token[0] == '"':
        return Node(Style.DOUBLE, start, start, end, json.loads(token, strict=False))
    return Node(_OPENING.get(token, Style.PLAIN), start, start, end, token)
