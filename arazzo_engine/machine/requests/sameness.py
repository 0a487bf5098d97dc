"""Whether two requests ask for the same thing, however each of them was written.

Decides it by value: members of a JSON object, fields of a form and parameters of a query have no order, and spaces in
JSON say nothing. Who asks is not looked at, nor what becomes of a request that is the same as another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.uris import origin_of
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.contents import Pieces
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.language.messages.payloads import is_json, is_xml, media_type, parse_json

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Request

_FORM = "application/x-www-form-urlencoded"


def is_same_request(one: Request, other: Request) -> bool:
    """Whether two requests ask the same of the same server."""
    if one.method != other.method or _place(one.url) != _place(other.url):
        return False
    return one.content == other.content or _body(one) == _body(other)


def _place(url: str) -> object:
    parts = urlsplit(url)
    return origin_of(url), parts.path, _fields(parts.query)


def _fields(text: str) -> list[tuple[str, str]]:
    # the order of several values of one name may mean something
    return sorted(parse_qsl(text, keep_blank_values=True), key=lambda field: field[0])


def _body(request: Request) -> object:
    content_type = header(request.headers, "content-type") or ""
    name = media_type(content_type)
    if isinstance(request.content, Pieces):
        # files are the same by their digests
        return name, request.content if request.payload is ABSENT else _comparable(request.payload)
    if is_json(content_type):
        return name, _json_value(request.content)
    if name == _FORM:
        return name, _fields(request.content.decode("latin-1"))
    is_written_from_value = name.startswith("multipart/") or is_xml(content_type)
    # a boundary is drawn by whoever writes it
    if is_written_from_value and request.payload is not ABSENT and not isinstance(request.payload, str):
        return name, _comparable(request.payload)
    return name, request.content


def _json_value(content: bytes) -> object:
    try:
        return _comparable(parse_json(content.decode()))
    except (MalformedText, UnicodeDecodeError):
        return content


def _comparable(value: object) -> object:
    """Return a value that is equal to that of another only when JSON has them for equal: Python takes true for 1."""
    match value:
        case bool():
            return str, value
        case dict():
            return {name: _comparable(member) for name, member in value.items()}
        case list():
            return [_comparable(element) for element in value]
        case _:
            return value
