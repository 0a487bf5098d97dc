"""What of an exchange is secret where no document says so: by more names than elsewhere, and by what secrets look like.

Decides it for what was captured of other clients, and rather hides too much: a stand-in is the same everywhere, and a
secret that shows cannot be taken back. What names say that are secret everywhere is decided by ``known_secrets``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from arazzo_engine.language.messages.charsets import decode_text
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.payloads import is_xml, media_type
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.recording.hiding.parts import parts_of
from arazzo_engine.reporting.messages.named_secrets import secrets_of_body, texts_of
from arazzo_engine.secret_names import is_secret_header, is_secret_query_undescribed, is_secret_undescribed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Headers
    from arazzo_engine.recording.hiding.parts import Part

_FORM: Final = "application/x-www-form-urlencoded"
# what it looks like, whatever it is called: a JWT, and what follows a scheme
_SHAPES: Final = {
    "eyJ": lazy_pattern(r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){2,4})"),
    "earer": lazy_pattern(r"(?<![A-Za-z])[Bb]earer(?:\s|%20|\+)+([A-Za-z0-9._~+/-]{16,}=*)"),
    "asic": lazy_pattern(r"(?<![A-Za-z])[Bb]asic(?:\s|%20|\+)+([A-Za-z0-9._~+/-]{16,}=*)"),
}
_PRIVATE_KEY: Final = "PRIVATE KEY-----"
_END_OF_KEY: Final = "-----END"
# an object that gives a value a name, as lists of settings and of headers have them
_NAMING: Final = ("name", "key", "field", "header", "id", "parameter")
_GIVING: Final = ("value", "values", "content")
_NAMED_ELEMENT: Final = lazy_pattern(r"""\s(?:name|key|id)=["']([\w.-]{1,60})["'][^<>]{0,500}+>([^<>]{1,9999}+)</""")
_URL: Final = lazy_pattern(r"""\?[^\s"'<>\\]{3,9999}""")


def undescribed_secrets(request: Request, answer: Answer) -> tuple[str, ...]:
    """Return the texts of an exchange that must not be captured, besides those that are secret everywhere."""
    found = [*_in_query(urlsplit(request.url).query), *_in_message(request.headers, bytes(request.content))]
    if isinstance(answer.result, Response):
        found += _in_message(answer.result.headers, answer.result.content)
    return texts_of([*found, *_in_text(request.url)])


def _in_message(headers: Headers, content: bytes) -> Iterator[Any]:
    for _, value in headers:
        yield from _in_text(value)
    if not content:
        return
    for part in parts_of(headers, content):
        text = decode_text(part.content, header(part.headers, "content-type") or "")
        if part.name and is_secret_undescribed(part.name):
            yield text
        else:
            yield from _in_part(part, text)


def _in_part(part: Part, text: str) -> Iterator[Any]:
    body = Response(0, part.headers, part.content)
    yield from secrets_of_body(body)
    content_type = header(part.headers, "content-type") or ""
    if media_type(content_type) == _FORM:
        yield from _in_query(text)
    elif is_xml(content_type) or media_type(content_type) == "text/html":
        yield from (value.strip() for name, value in _NAMED_ELEMENT.findall(text) if is_secret_undescribed(name))
    elif isinstance(body.payload, dict | list):
        yield from _in_value(body.payload)
        return
    yield from _in_text(text)


def _in_value(value: Any) -> Iterator[Any]:  # noqa: ANN401 - a JSON value
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield from (each[name] for name in each if _is_text(each[name]) and is_secret_undescribed(name, each))
            yield from _named_in(each)
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, str):
            yield from _in_text(each)


def _named_in(members: dict[str, Any]) -> Iterator[Any]:
    names = (members[each] for each in _NAMING if isinstance(members.get(each), str))
    if any(is_secret_undescribed(name) or is_secret_header(name) for name in names):
        yield from (members[each] for each in _GIVING if each in members)


def _is_text(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _in_query(query: str) -> Iterator[str]:
    """Yield the secrets in a query or a form, as they are written there and as they are meant."""
    written = [each.partition("=") for each in query.split("&")]
    names = [unquote(name) for name, _, _ in written]
    for name, _, value in written:
        if value and is_secret_query_undescribed(unquote(name), names):
            yield from dict.fromkeys((value, unquote(value), unquote(value.replace("+", " "))))


def _in_text(text: str) -> Iterator[str]:
    """Yield what looks like a secret in a text, and what names say to be one in the URLs in it."""
    for anchor, shape in _SHAPES.items():
        yield from shape.findall(text) if anchor in text else ()
    for after in text.split(_PRIVATE_KEY)[1:]:
        key, end, _ = after.partition(_END_OF_KEY)
        yield from (key.strip(),) if end else ()
    for found in _URL.findall(text) if "?" in text and "=" in text else ():
        yield from _in_query(found[1:].partition("#")[0])
