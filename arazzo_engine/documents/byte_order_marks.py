"""Byte order marks: what the first bytes of a text say of its encoding.

Decides nothing about a text without one: what such a text is in depends on where it comes from.
"""

from __future__ import annotations

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)


def split_mark(content: bytes) -> tuple[str | None, bytes]:
    r"""Return the encoding that a mark names, ``None`` when there is none, and the bytes behind the mark.

    >>> split_mark(b"\xef\xbb\xbfa"), split_mark(b"a")
    (('UTF-8', b'a'), (None, b'a'))
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, content[len(mark) :]
    return None, content
