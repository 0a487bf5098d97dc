"""Reads the subset of YAML that case files are written in, so that the runner needs the standard library alone.

The subset: block mappings and sequences (indented deeper than what holds them), one-line scalars, ``|``, ``|-``, ``>``
and ``>-`` texts, comments, and flow values that are JSON. What YAML 1.1 and 1.2 read differently is refused. A test
compares the result with a full YAML parser for every case.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any  # whatever a JSON text can hold

_ENTRY: Final = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[A-Za-z$_/][^#]*?):(?:[ ]+(.*))?$""")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None}
# what a YAML 1.1 parser makes a boolean, a number, a date or null
_AMBIGUOUS: Final = re.compile(
    r"(?i:y|n|yes|no|on|off|~|true|false|null)|[-+.]?[0-9][-0-9_.:eExXa-fA-F+TtZz]*|[-+]?\.(?i:inf|nan)|<<|="
)
# a text of dots and digits with more than one dot is text to every parser: "1.1.0"
_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


class NotInSubsetError(ValueError):
    """A line that is not in the subset; the text says which, and what to write instead."""


def read_yaml(text: str, name: str = "case.yaml") -> Json:
    """Return the value of a text; raises ``NotInSubsetError`` with ``name`` and the line."""
    return _Reader(text, name).read()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._lines = text.splitlines()
        self._name = name
        self._at = 0

    def read(self) -> Json:
        indent = self._next_indent()
        value = self._block(0) if indent is not None else None
        if self._next_indent() is not None:
            raise self._mistake("this line is indented differently from its neighbours")
        return value

    def _mistake(self, what: str) -> NotInSubsetError:
        return NotInSubsetError(f"{self._name}:{self._at + 1}: {what}")

    def _next_indent(self) -> int | None:
        """Go to the next line that says something, and return its indentation, ``None`` at the end."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            content = line.lstrip(" ")
            if content.startswith("\t"):
                raise self._mistake("indent with spaces")
            if content and not content.startswith("#"):
                return len(line) - len(content)
            self._at += 1
        return None

    def _block(self, indent: int) -> Json:
        content = self._lines[self._at][indent:]
        return self._sequence(indent) if _is_item(content) else self._mapping(indent)

    def _sequence(self, indent: int) -> list[Json]:
        values = []
        while self._next_indent() == indent and _is_item(self._lines[self._at][indent:]):
            rest = self._lines[self._at][indent + 1 :].lstrip(" ")
            start = len(self._lines[self._at]) - len(rest)
            if rest and (_is_item(rest) or (rest[0] not in "{[" and _ENTRY.match(rest))):
                self._lines[self._at] = " " * start + rest
                values.append(self._block(start))
            else:
                values.append(self._value(rest, indent))
        return values

    def _mapping(self, indent: int) -> dict[str, Json]:
        values: dict[str, Json] = {}
        while self._next_indent() == indent:
            match = _ENTRY.match(self._lines[self._at][indent:])
            if match is None:
                raise self._mistake("expected `key: value`")
            key = self._scalar(match[1])
            if not isinstance(key, str) or key in values:
                raise self._mistake(f"the key {match[1]} is no text, or stands here twice")
            values[key] = self._value((match[2] or "").strip(), indent)
        return values

    def _value(self, text: str, indent: int) -> Json:
        """Return the value that begins with ``text`` on this line, and go behind it."""
        if text in {"|", "|-", ">", ">-"}:
            return self._text_block(text, indent)
        if text.startswith(("{", "[")):
            return self._flow(text, indent)
        if text and not text.startswith("#"):
            value = self._scalar(text)
            self._at += 1
            return value
        self._at += 1
        inner = self._next_indent()
        return self._block(inner) if inner is not None and inner > indent else None

    def _text_block(self, style: str, indent: int) -> str:
        self._at += 1
        lines = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            lines.append(line)
            self._at += 1
        while lines and not lines[-1].strip():
            lines.pop()
        margin = len(lines[0]) - len(lines[0].lstrip(" ")) if lines else 0
        shifted = [line[margin:] for line in lines]
        if style.startswith(">"):
            if any(not line or line.startswith(" ") for line in shifted):
                raise self._mistake("a folded text is one paragraph")
            shifted = [" ".join(shifted)]
        return "\n".join(shifted) + ("" if style.endswith("-") or not lines else "\n")

    def _flow(self, text: str, indent: int) -> Json:
        first = self._at
        self._at += 1
        parts = [text]
        while (inner := self._next_indent()) is not None and inner > indent:
            parts.append(self._lines[self._at].strip())
            self._at += 1
        try:
            return json.loads("\n".join(parts))
        except ValueError as error:
            self._at = first
            raise self._mistake(f"a value in brackets is written as JSON: {error}") from error

    def _scalar(self, text: str) -> Json:
        if text.startswith('"'):
            try:
                value, end = json.JSONDecoder().raw_decode(text)
            except ValueError as error:
                raise self._mistake(f"not a JSON string: {error}") from error
            return self._only_comment(value, text[end:])
        if text.startswith("'"):
            match = re.match(r"'((?:[^']|'')*)'", text)
            if match is None:
                raise self._mistake("the quote is not closed")
            return self._only_comment(match[1].replace("''", "'"), text[match.end() :])
        return self._plain(text.partition(" #")[0].strip())

    def _only_comment(self, value: Json, rest: str) -> Json:
        if rest.strip() and not rest.lstrip().startswith("#"):
            raise self._mistake("text after the closing quote")
        return value

    def _plain(self, text: str) -> Json:
        if text in _WORDS:
            return _WORDS[text]
        if _NUMBER.fullmatch(text):
            return json.loads(text)
        if text[0] in "&*!|>%@`,?-:]}#" or ": " in text or text.endswith(":"):
            raise self._mistake(f"quote this text: {text}")
        if _AMBIGUOUS.fullmatch(text) and not _VERSION.fullmatch(text):
            raise self._mistake(f"quote this text, parsers disagree on what it is: {text}")
        return text


def _is_item(content: str) -> bool:
    return content == "-" or content.startswith("- ")
