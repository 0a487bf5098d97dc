"""The well-known ways in which a text fails to be JSON, told as a sentence with a fix.

Decides only what a person reads and where it points; that the text is no JSON has been decided by the parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import json
    import re

_WORD: Final = lazy_pattern(r"[^\s\[\]{},:\"']+")
_TRAILING_COMMA: Final = lazy_pattern(r",\s*\Z")
_PYTHON_WORDS: Final = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_AT_END: Final = ("the text ends too early", "close every bracket and string that was opened")

# The parser's words → what to say and how to fix it, where the text at that place need not be looked at
_SAYINGS: Final = {
    "Expecting ':' delimiter": ("a key has no `:` after it", "write `:` between a key and its value"),
    "Unterminated string": ("a string is not closed", "close the string with a double quote"),
    "Invalid control character": (
        "a string holds a line break or a control character",
        r"write `\n` for a line break and `\t` for a tab",
    ),
    "Invalid \\escape": ("a string holds a backslash that escapes nothing", r"write `\\` for a backslash"),
    "Invalid \\uXXXX escape": (
        r"`\u` is not followed by four hexadecimal digits",
        r"write four hexadecimal digits, or `\\u` for a backslash",
    ),
    "Extra data": ("something follows the end of the value", "remove it, or put everything in one object"),
}


def explain_json(text: str, error: json.JSONDecodeError) -> tuple[str, int, str]:
    """Return the message, the offset and the fix for what the parser refused."""
    offset = error.pos
    said, fix = _known(error.msg) or _at_value(text, offset)
    comma = _trailing_comma(text, offset)
    if comma is not None:
        said, offset, fix = "a comma follows the last entry", comma, "remove the trailing comma"
    elif error.msg.startswith("Expecting ',' delimiter"):
        said, offset, fix = _separator(text, offset)
    return f"the document is not JSON: {said}", offset, fix


def _known(problem: str) -> tuple[str, str] | None:
    return next((saying for start, saying in _SAYINGS.items() if problem.startswith(start)), None)


def _trailing_comma(text: str, offset: int) -> int | None:
    """Return where a comma stands that a closing bracket follows; parsers name the one place or the other."""
    rest = text[offset + 1 :].lstrip()[:1] if text[offset : offset + 1] == "," else text[offset : offset + 1]
    before = text[: offset + 1] if text[offset : offset + 1] == "," else text[:offset]
    found = _TRAILING_COMMA.search(before[-1000:])
    if not found or not rest or rest not in "]}":
        return None
    return before.rindex(",")


def _separator(text: str, offset: int) -> tuple[str, int, str]:
    if offset >= len(text):
        return _AT_END[0], offset, _AT_END[1]
    if text[:offset].rstrip().endswith('"') and _WORD.match(text, offset):
        return "text follows the end of a string", offset, r"write `\"` for a double quote inside a string"
    return "two entries have no comma between them", len(text[:offset].rstrip()), "add a comma here"


def _at_value(text: str, offset: int) -> tuple[str, str]:
    first = text[offset : offset + 1]
    word = _WORD.match(text, offset)
    if not first:
        return _AT_END
    if first == "'":
        return "a string is in single quotes", "put it in double quotes"
    if first == "#" or text.startswith(("//", "/*"), offset):
        return "JSON has no comments", "remove the comment"
    if word is None:
        return f"`{first}` stands where a value or a key must be", "remove it, or write what is missing before it"
    return _at_word(text, word)


def _at_word(text: str, word: re.Match[str]) -> tuple[str, str]:
    shown = word[0][:40]
    if text[word.end() :].lstrip()[:1] == ":":
        return f"the key `{shown}` is not in quotes", "put the key in double quotes"
    if word[0] in _PYTHON_WORDS:
        return f"`{shown}` is no JSON value", f"write `{_PYTHON_WORDS[word[0]]}`"
    return f"`{shown}` is no JSON value", "put text in double quotes"
