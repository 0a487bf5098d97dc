"""Where every node of a JSON text stands, from its tokens, without recursion.

The text is known to be JSON: nothing is refused here, and what the nodes mean is not known.
"""

from __future__ import annotations

import json
from typing import Final

from arazzo_engine.documents.json.text import TOKEN
from arazzo_engine.documents.outline import Kind, Outline
from arazzo_engine.documents.watch import go_on

_AT_ONCE: Final = 10_000


def outline_json(text: str) -> Outline:
    """Return the outline of a text that is well-formed."""
    outline = Outline()
    open_rows: list[int] = []
    for number, match in enumerate(TOKEN.finditer(text)):
        if number % _AT_ONCE == 0:
            go_on()
        part, start, end = match[0], match.start(), match.end()
        if part == "{":
            open_rows.append(outline.add(Kind.MAPPING, start, end))
        elif part == "[":
            open_rows.append(outline.add(Kind.SEQUENCE, start, end))
        elif part in {"}", "]"}:
            outline.close(open_rows.pop(), end)
        elif part[0] == '"':
            outline.add(Kind.SCALAR, start + 1, end - 1, _string(part))
        elif part not in {",", ":"}:
            outline.add(Kind.SCALAR, start, end, part)
    return outline


def _string(literal: str) -> str:
    decoded: str = json.loads(literal, strict=False) if "\\" in literal else literal[1:-1]
    return decoded
