"""The parts of a multipart body: each with its name, its headers and its content, also of one within another.

Decides how forgiving it is read: whatever stands between two boundaries is a part, as one that is not looked into could
hold a secret. Nothing here says what is one.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.wire_forms.content_types import boundary_of
from arazzo_engine.language.messages.exchange import Headers, header
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST: Final = 4
# what follows so many is one part
_MOST: Final = 10_000
_NAME: Final = lazy_pattern(r'[;\s]name\*?=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)
_HEAD: Final = lazy_pattern(rb"\r?\n\r?\n")
# "each body part is preceded by a boundary delimiter line" (RFC 2046, section 5.1.1), where no header says which
_FIRST_LINE: Final = lazy_pattern(rb"(?:\A|\n)--([^\r\n]{1,70}?)[ \t]*\r?\n")


class Part(Silent, frozen=True):
    """A part of a body; the name of a field is empty where it has none."""

    name: str
    headers: Headers
    content: bytes


def parts_of(headers: Headers, content: bytes, depth: int = 0) -> Iterator[Part]:
    """Yield the parts of a body, itself where it is not multipart."""
    content_type = header(headers, "content-type") or ""
    boundary = _boundary(content_type, content) if media_type(content_type).startswith("multipart/") else None
    if boundary is None or depth == _DEEPEST:
        yield Part(_name(headers), headers, content)
        return
    for each in content.split(b"--" + boundary, _MOST)[1:]:
        if not each.startswith(b"--"):
            yield from parts_of(*_opened(each), depth + 1)


def _boundary(content_type: str, content: bytes) -> bytes | None:
    named = boundary_of(content_type)
    if named:
        return named.encode("utf-8", errors="replace")
    found = _FIRST_LINE.search(content)
    return found[1] if found else None


def _opened(part: bytes) -> tuple[Headers, bytes]:
    """Return the headers of a part and what follows them, decoded where it is said to be base64."""
    end = _HEAD.search(part)
    head, content = (part[: end.start()], part[end.end() :]) if end else (b"", part)
    lines = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", errors="replace")).splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    headers = tuple((name.strip(), value.strip()) for name, _, value in pairs)
    content = content.removesuffix(b"\n").removesuffix(b"\r")
    if (header(headers, "content-transfer-encoding") or "").strip().lower() == "base64":
        content = _decoded(content)
    return headers, content


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error:
        return content


def _name(headers: Headers) -> str:
    found = _NAME.search(header(headers, "content-disposition") or "")
    return (found[1] or found[2] or "") if found else ""
