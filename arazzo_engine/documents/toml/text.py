"""From a text to the value of its TOML, by the standard library, and in plain words why it is none.

Decides nothing about what the value is for. What a text is that is no TOML is told without a part of it.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from arazzo_engine.documents.depth import DEEPEST, nests_deeper
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.patterns import lazy_pattern

CODE: Final = "malformed-toml"
_PLACE: Final = lazy_pattern(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TWICE: Final = ("a key stands twice in one table", "remove one of the two")
_OPEN: Final = ("a bracket is not closed", "close every bracket that was opened")
_QUOTE: Final = ("a string is not closed", "close it with the quote that it begins with")
_CONTROL: Final = ("a string is not closed on its line, or holds a control character", _QUOTE[1])
_ESCAPE: Final = ("a string holds a backslash that escapes nothing", "put the text in single quotes")
# how the parser's words begin → what to say and how to fix it
_SAYINGS: Final = {
    "Cannot overwrite": _TWICE,
    "Cannot mutate": _TWICE,
    "Cannot redefine": _TWICE,
    "Duplicate inline": _TWICE,
    "Cannot declare": ("a table is declared twice", "put all that it holds into one of the two"),
    "Unclosed": _OPEN,
    "Expected ']": _OPEN,
    "Unterminated string": _QUOTE,
    "Expected \"'": _QUOTE,
    "Expected '\"": _QUOTE,
    "Illegal character": _CONTROL,
    "Found invalid": _CONTROL,
    "Unescaped": _ESCAPE,
    "Escaped": _ESCAPE,
    "Invalid hex": _ESCAPE,
    "Invalid value": ("what stands here is no value", "put a text in quotes"),
    "Invalid date": ("what stands here is no date", "put a text in quotes"),
    "Invalid initial": ("what stands here is no key", "put the key in quotes"),
    "Invalid statement": ("this is neither a key nor a table", "write `key = value`, or `[table]`"),
    "Expected '='": ("a key has no `=` after it", "write `key = value`"),
    "Expected newline": ("something follows the end of a value", "put each key on a line of its own"),
}
_TOO_DEEP: Final = ("it nests too deep", 0, "nest less")
_OTHER: Final = ("the text is not TOML", "write `key = value`, each on a line of its own")


def read_toml(text: str) -> dict[str, Any]:
    """Return the value of a text in TOML; raises ``MalformedText`` with the place of the mistake."""
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        message, fix = next((each for start, each in _SAYINGS.items() if told.startswith(start)), _OTHER)
        raise MalformedText(CODE, message, _offset(told, text), fix) from error
    except RecursionError as error:
        raise MalformedText(CODE, *_TOO_DEEP) from error
    # a key with many dots nests without a bracket
    if nests_deeper(value, DEEPEST):
        raise MalformedText(CODE, *_TOO_DEEP)
    return value


def _offset(told: str, text: str) -> int:
    found = _PLACE.search(told)
    if found is None or found[1] is None:
        return len(text.rstrip())
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return starts[int(found[1]) - 1] + int(found[2]) - 1
