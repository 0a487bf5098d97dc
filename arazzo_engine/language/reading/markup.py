"""What in a text for people would run in the browser that shows it: a script, an event handler, a link that is code.

Decides only whether a text has such a part, and where. CommonMark allows it; who renders a description may not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

READ_BY_PEOPLE: Final = frozenset({"title", "summary", "description"})
# what each is called, and how it is found; none of them goes back over what it has read
_UNSAFE: Final = (
    ("a `<script>`", lazy_pattern(r"<script\b", re.IGNORECASE)),
    ("an event handler", lazy_pattern(r"<[a-z][^<>]*?\s(on[a-z]+)\s*=", re.IGNORECASE)),
    ("a link that is a script", lazy_pattern(r"(?:\]\(|\b(?:href|src)\s*=)\s*[\"']?(javascript:)", re.IGNORECASE)),
)


def unsafe_markup(text: JsonValue) -> tuple[str, tuple[int, int]] | None:
    """Return what in a text would run, and where it is, or ``None``.

    >>> unsafe_markup("see <b>below</b>") is None
    True
    >>> unsafe_markup("[here](javascript:alert(1))")
    ('a link that is a script', (7, 18))
    """
    if not isinstance(text, str) or not ("<" in text or "avascript:" in text.lower()):
        return None
    for what, pattern in _UNSAFE:
        if match := pattern.search(text):
            return what, match.span(match.re.groups)
    return None
