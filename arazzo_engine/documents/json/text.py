"""JSON texts (RFC 8259), parsed by the standard library.

Decides what is refused beyond the syntax: duplicate keys, constants that are not JSON, numbers and depths that cannot
be held. Which document the text belongs to, and whether it may be something else than JSON, is not known here.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.depth import nests_deeper
from arazzo_engine.documents.json.mistakes import explain_json
from arazzo_engine.documents.malformed import MalformedText, NotJson, RepeatedKeys
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue

# A string, a bracket, a separator, or everything else that stands together: a number or a name
TOKEN: Final = lazy_pattern(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)

# Half of a pair that may stand for one character
_SURROGATE: Final = lazy_pattern(r"\\u[dD][89a-fA-F]")

_NOT_FINITE: Final = "a number must be finite in JSON"


def parse_json(text: str, depth: int) -> JsonValue:
    """Return the value of a JSON text that nests at most ``depth`` deep.

    Raises ``NotJson``, ``MalformedText`` (``malformed-json``, ``document-too-deep``), ``RepeatedKeys``.
    """
    parsed = parse_message(text, depth)
    if parsed.repeats:
        raise RepeatedKeys
    return parsed.value


def is_json(text: str) -> bool:
    """Whether the standard library reads a text as JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class ParsedMessage(Struct, frozen=True):
    """The value of a JSON text; ``repeats`` says whether an object names a member twice: the last one counts."""

    value: JsonValue
    repeats: bool


def parse_message(text: str, depth: int) -> ParsedMessage:
    """Return the value of a JSON text as ``parse_json`` does, but bear repeated keys: JSON only advises against them.

    Raises ``NotJson``, ``MalformedText`` (``malformed-json``, ``document-too-deep``).
    """
    refusals = _Refusals()
    try:
        value = json.loads(
            text,
            object_pairs_hook=refusals.members,
            parse_float=refusals.number,
            parse_constant=refusals.constant,
        )
    except json.JSONDecodeError as error:
        raise NotJson("malformed-json", *explain_json(text, error)) from error
    except RecursionError as error:
        raise _too_deep(text, depth) from error
    except ValueError as error:
        raise _too_many_digits(text) from error
    if nests_deeper(value, depth):
        raise _too_deep(text, depth)
    refusals.check(text)
    if _SURROGATE.search(text):
        _refuse_half_characters(text)
    return ParsedMessage(value, refusals.repeats)


class _Refusals:
    """What a text holds that is well-formed for the standard library, but is not accepted."""

    __slots__ = ("numbers", "repeats")

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.repeats = False

    def members(self, pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        members = dict(pairs)
        # RFC 8259, section 4: "The names within an object SHOULD be unique."
        if len(members) != len(pairs):
            self.repeats = True
        return members

    def number(self, literal: str) -> float:
        number = float(literal)
        if math.isinf(number):
            self.numbers.append(literal)
        return number

    def constant(self, name: str) -> None:
        # RFC 8259, section 6: "Numeric values that cannot be represented in the grammar below (such as Infinity
        # and NaN) are not permitted."
        self.numbers.append(name)

    def check(self, text: str) -> None:
        if self.numbers:
            raise _not_finite(text, self.numbers[0])


def _not_finite(text: str, literal: str) -> MalformedText:
    offset = next((start for start, token in tokens(text) if token == literal), 0)
    shown = literal if len(literal) <= 20 else f"{literal[:20]}…"  # noqa: PLR2004 - enough to recognise it
    return MalformedText("malformed-json", f"`{shown}`: {_NOT_FINITE}", offset, "write a finite number, or `null`")


def _refuse_half_characters(text: str) -> None:
    # RFC 8259, section 8.2: "bit sequences that cannot encode Unicode characters; for example, "\uDEAD""
    for start, part in tokens(text):
        decoded = json.loads(part) if _SURROGATE.search(part) else ""
        if any("\ud800" <= each <= "\udfff" for each in decoded):
            message = "a string holds half of a surrogate pair, which is no character"
            raise MalformedText("malformed-json", message, start, "write the character itself")


def _too_many_digits(text: str) -> MalformedText:
    # the interpreter refuses to convert integers of more than some 4,000 digits, as that takes quadratic time
    offset = next((start for start, token in tokens(text) if len(token) > 600 and token[0] in "-0123456789"), 0)  # noqa: PLR2004 - the least limit that Python lets anyone set is 640 digits
    return MalformedText("malformed-json", "a number has too many digits", offset, "write it as a string")


def _too_deep(text: str, limit: int) -> MalformedText:
    depth = offset = 0
    for start, part in tokens(text):
        depth += (part in "[{") - (part in "]}")
        if depth > limit:
            offset = start
            break
    return MalformedText("document-too-deep", f"the document nests deeper than {limit}", offset)


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield the strings, brackets and separators of a text, and what stands together between them, with offsets."""
    return ((match.start(), match[0]) for match in TOKEN.finditer(text))
