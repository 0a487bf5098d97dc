"""Bytes as text: which charset the body of a message is in.

Decides by the byte order mark, the charset that is claimed, the XML declaration, and what JSON may be in at all. What
the text means is not known here.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

from arazzo_engine.documents.byte_order_marks import split_mark
from arazzo_engine.patterns import lazy_pattern

_XML_ENCODING: Final = lazy_pattern(r"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION: Final = 500
# a run meets the same few content types again and again
_KNOWN_TYPES: Final = 128
# the encodings of texts; Python knows others, which are no encodings of texts or slow on purpose
_CHARSETS: Final = lazy_pattern(
    r"ascii|utf-(8|16|16-le|16-be|32|32-le|32-be)|iso8859-\d+|cp\d+|koi8-[rtu]|mac-.+|shift_jis.*|euc_.+|gb.+|big5.*|"
    r"iso2022_.+|tis-620|hz|johab"
)
_CHARSET: Final = lazy_pattern(r'charset\s*=\s*"?([A-Za-z0-9_.:\-]+)', re.IGNORECASE)
# RFC 4627, section 3: "it is possible to determine whether an octet stream is UTF-8, UTF-16 (BE or LE), or UTF-32 (BE
# or LE) by looking at the pattern of nulls in the first four octets"; the longest that fits
_NULLS: Final = {
    (False, False, False, True): "utf-32-be",
    (True, False, False, False): "utf-32-le",
    (False, True): "utf-16-be",
    (True, False): "utf-16-le",
}


def decode_text(content: bytes, content_type: str = "", *, is_xml: bool = False, errors: str = "replace") -> str:
    """Return the text: by its byte order mark, by the charset that is claimed, by the XML declaration, or as UTF-8."""
    encoding, marked = split_mark(content)
    if encoding is not None:
        return marked.decode(encoding, errors=errors)
    declared = xml_encoding(content[:_DECLARATION].decode("latin-1")) if is_xml else None
    return content.decode(charset_of(content_type) or declared or "utf-8", errors=errors)


def decode_json(content: bytes, content_type: str) -> tuple[str, bool]:
    """Return the text of what claims to be JSON, and whether it is whole: other bytes become half characters.

    RFC 8259, section 11: "No "charset" parameter is defined for this registration. Adding one really has no effect on
    compliant recipients." So the one that is named counts only where the text is not in UTF-8.
    """
    encoding, marked = split_mark(content)
    if encoding is not None:
        return marked.decode(encoding), True
    for charset in filter(None, (_by_nulls(content), "utf-8", charset_of(content_type))):
        try:
            return content.decode(charset), True
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", errors="surrogateescape"), False


def _by_nulls(content: bytes) -> str | None:
    pattern = tuple(map(bool, content[:4]))
    return _NULLS.get(pattern) or _NULLS.get(pattern[:2])


def wide_charset(content: bytes) -> str | None:
    r"""Return the charset of a text whose characters have several bytes each, ``None`` for any other bytes.

    >>> wide_charset('{"a": 1}'.encode("utf-16")), wide_charset(b'{"a": 1}'), wide_charset(b"\x89PNG")
    ('UTF-16-LE', None, None)
    """
    found = split_mark(content)[0] or _by_nulls(content)
    return None if found == "UTF-8" else found


@lru_cache(_KNOWN_TYPES)
def charset_of(content_type: str) -> str | None:
    """Return the charset that a content type names, ``None`` when it names none that is known."""
    return known_charset(charset_name(content_type))


def charset_name(content_type: str) -> str:
    """Return the charset that a content type names, as it is written there; ``""`` when it names none."""
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def xml_encoding(text: str) -> str | None:
    """Return the encoding that an XML declaration names, ``None`` when it names none that is known."""
    return known_charset(xml_encoding_name(text))


def xml_encoding_name(text: str) -> str:
    """Return the encoding that an XML declaration names, as it is written there; ``""`` when it names none."""
    found = _XML_ENCODING.match(text)
    return found[1] if found else ""


def known_charset(name: str) -> str | None:
    """Return the one name that Python has for a charset, ``None`` for what is none of texts."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return found if _CHARSETS.fullmatch(found) else None
