"""JSON Pointer (RFC 6901): from text to reference tokens and back, and from tokens to the value they name.

A pointer inside the engine is the tuple of its unescaped tokens; the text form is for people and documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.documents.values import ABSENT, JsonValue, Value
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

Pointer: TypeAlias = tuple[str, ...]

# RFC 6901, section 4: "%x30 / ( %x31-39 *(%x30-39) )", so that "01" is not an index
_ARRAY_INDEX: Final = lazy_pattern(r"0|[1-9][0-9]*")
_BAD_ESCAPE: Final = lazy_pattern(r"~(?![01])")


def is_within(pointer: Pointer, top: Pointer) -> bool:
    """Whether a pointer names what another one does, or something below it.

    >>> is_within(("a", "0", "b"), ("a", "0")), is_within(("a", "1"), ("a", "0"))
    (True, False)
    """
    return pointer[: len(top)] == top


def parse_pointer(text: str) -> Pointer:
    """Return the reference tokens of ``text``.

    Raises ``ValueError`` when the text is not a JSON Pointer (RFC 6901, section 3).

    >>> parse_pointer("/paths/~1pets/get")
    ('paths', '/pets', 'get')
    """
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(f"a JSON Pointer begins with `/`: `{text}`")
    if _BAD_ESCAPE.search(text):
        raise ValueError(f"`~` in a JSON Pointer must be followed by `0` or `1`: `{text}`")
    # RFC 6901, section 4: "first transforming any occurrence of the sequence '~1' to '/', and then
    # transforming any occurrence of the sequence '~0' to '~'"
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text[1:].split("/"))


def render_pointer(tokens: Iterable[str]) -> str:
    """Return the text of a pointer.

    >>> render_pointer(("paths", "/pets", "get"))
    '/paths/~1pets/get'
    """
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)


def resolve_pointer(value: JsonValue, tokens: Iterable[str]) -> Value:
    """Return the value that the tokens name within ``value``, or ``ABSENT``."""
    for token in tokens:
        value = step_into(value, token)
        if value is ABSENT:
            return ABSENT
    return value


def resolve_lone(value: JsonValue, tokens: Iterable[str], lone: Container[int]) -> Value:
    """Return the same where tokens at some depths are the lone element of a list, and nothing in another value.

    >>> [resolve_lone(each, ("0", "id"), {0}) for each in ([{"id": 1}], {"id": 2}, [{"id": 1}, {"id": 2}])]
    [1, 2, <Nothing.ABSENT: 'absent'>]
    """
    for depth, token in enumerate(tokens):
        if depth in lone and not isinstance(value, list):
            continue
        if depth in lone and len(value) != 1:
            return ABSENT
        value = step_into(value, token)
        if value is ABSENT:
            return ABSENT
    return value


def step_into(value: JsonValue, token: str) -> Value:
    """Return the member or element of ``value`` that one reference token names, or ``ABSENT``."""
    match value:
        case dict():
            return value.get(token, ABSENT)
        case list() if _ARRAY_INDEX.fullmatch(token) and len(token) <= 10 and int(token) < len(value):  # noqa: PLR2004 - ten digits index any list, and int() stays cheap
            return value[int(token)]
        case _:
            return ABSENT
