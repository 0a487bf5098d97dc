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
# CommonMark 6.1 and 4.5: a span of code ends at a blank line, a fenced block does not; `\\`` begins neither
_MARKS: Final = lazy_pattern(r"(\\?)(`+)|\n[ \t]*\n")
_FENCE: Final = 3


def unsafe_markup(text: JsonValue) -> tuple[str, tuple[int, int]] | None:
    """Return what in a text would run, and where it is, or ``None``.

    >>> unsafe_markup("see <b>below</b>") is None
    True
    >>> unsafe_markup("[here](javascript:alert(1))")
    ('a link that is a script', (7, 18))
    >>> unsafe_markup("no `<script>` is allowed") is None
    True
    """
    if not isinstance(text, str) or not ("<" in text or "avascript:" in text.lower()):
        return None
    shown = _without_code(text)
    for what, pattern in _UNSAFE:
        if match := pattern.search(shown):
            return what, match.span(match.re.groups)
    return None


def _without_code(text: str) -> str:
    """Return a text with blanks for its code, which is shown as it is written."""
    pieces, done, opened = [], 0, None
    for mark in _MARKS.finditer(text):
        ticks = mark[2] or ""
        if opened is None:
            opened = mark if ticks and not mark[1] else None
        elif ticks == opened[2]:
            pieces += [text[done : opened.end()], " " * (mark.start(2) - opened.end())]
            done, opened = mark.start(2), None
        elif not ticks and len(opened[2]) < _FENCE:
            opened = None
    return "".join((*pieces, text[done:]))
