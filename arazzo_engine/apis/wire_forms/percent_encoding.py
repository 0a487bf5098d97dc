"""Percent-encoding: which characters of a value stay as they are, in each place of a URL and in a form.

Decides nothing about styles. Every encoder takes a text and returns ASCII; text that is not Unicode is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote, quote_plus

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    Encoder: TypeAlias = Callable[[str], str]

_TRIPLE: Final = lazy_pattern("(%[0-9A-Fa-f]{2})")


def encode_component(text: str) -> str:
    """Return the text with everything but the unreserved characters of RFC 3986 encoded."""
    try:
        return quote(text, safe="")
    except UnicodeEncodeError as error:
        raise _not_unicode() from error


def encode_form(text: str | bytes) -> str:
    """Return a text, or bytes, as a name or value of ``application/x-www-form-urlencoded``, a space as ``+``."""
    try:
        return quote_plus(text, safe="")
    except UnicodeEncodeError as error:
        raise _not_unicode() from error


def encode_foreign(text: str) -> str:
    """Return a URL or a part of one with only those characters encoded that no URL can have.

    RFC 3987, section 3.1: "Convert each character to a sequence of one or more octets using UTF-8" and to "%HH".

    >>> encode_foreign("/ü é?a=[%20]")
    '/%C3%BC%20%C3%A9?a=[%20]'
    """
    try:
        return quote(text, safe="/:?#[]@!$&'()*+,;=%")
    except UnicodeEncodeError as error:
        raise _not_unicode() from error


def _leave(characters: str) -> Encoder:
    # "allows RFC3986's reserved character set, as well as percent-encoded triples, to pass through unchanged"
    def encode(text: str) -> str:
        try:
            parts = (
                part if index % 2 else quote(part, safe=characters) for index, part in enumerate(_TRIPLE.split(text))
            )
            return "".join(parts)
        except UnicodeEncodeError as error:
            raise _not_unicode() from error

    return encode


# "Applications are still responsible for percent-encoding reserved characters that are not allowed in the query string
# ([, ], #), or have a special meaning in application/x-www-form-urlencoded (-, &, +)"; `-` is unreserved
encode_reserved_in_query: Final = _leave(":/?@!$'()*,;=")
# "MUST NOT contain any unescaped "generic syntax" characters described by RFC3986: forward slashes (/), question marks
# (?), or hashes (#)"
encode_reserved_in_path: Final = _leave(":@!$&'()*+,;=")
# a query that is whole already: only what no query can hold is encoded
encode_whole_query: Final = _leave(":/?@!$'()*,;=&+")


def _not_unicode() -> ArazzoError:
    return ArazzoError(diagnose("value-unsendable", "the value is not Unicode text"))
