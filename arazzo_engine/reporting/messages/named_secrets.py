"""What of a message its names say to be secret: headers, cookies, members of bodies, parameters in texts.

Decides which texts a request and its answer give away that way, whether or not anything declares them. Masking them is
left to ``masking``. Of a long answer only the beginning is looked at, for no more of it is shown.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from math import inf
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from arazzo_engine.documents.values import Nothing
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.language.messages.files import EncodedBytes, File, secret_texts
from arazzo_engine.language.messages.payloads import is_xml, media_type
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.messages.json_forms import LOOKED_AT
from arazzo_engine.secret_names import is_secret_cookie, is_secret_header, is_secret_member, texts_of_proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Headers

# "credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]" (RFC 9110, section 11.4)
_WITH_SCHEME: Final = lazy_pattern(r"(bearer|basic|token|digest|apikey)\s+(.+)", re.IGNORECASE | re.DOTALL)
# a name and a value in a text that is nothing known: `token=x`, `"token": "x"`, `token: x`
_PAIR: Final = lazy_pattern(
    r"""(?<![A-Za-z0-9_.-])([A-Za-z][A-Za-z0-9_.-]{1,60})\\*["']?\s{0,4}[:=]\s{0,4}"""
    r"""(?:\\*["']([^"'\\]{1,9999})|([^\s"'\\&;,<>{}\[\]()]{1,9999}))"""
)
# prose has names, too (`token: expired`): what is no longer, opens nothing
_LEAST_QUOTED: Final = 8
_LONG: Final = 16
# what is shorter is no secret by its name alone
_LEAST: Final = 3
# in an object that is named like a secret, the members that say something about it
_ABOUT: Final = frozenset(
    {
        *("id", "identifier", "address", "url", "uri", "href", "at", "type", "kind", "name", "status", "state"),
        *("reason", "decision", "scope", "scopes", "date", "time", "description", "message", "currency", "created"),
        *("expires", "issuer", "audience"),
    }
)
_ELEMENT: Final = lazy_pattern(r"<(?:[\w.-]{1,60}:)?([A-Za-z][\w.-]{1,60})(?:\s[^<>]{0,500})?>\s*([^<>]{1,9999}?)\s*</")
_ATTRIBUTE: Final = lazy_pattern(r"""\s([A-Za-z][\w.-]{1,60})=["']([^"'<>]{1,9999})["']""")
_FIELD: Final = lazy_pattern(r"""\sname=["']([\w.-]{1,60})["'][^<>]{0,500}?\svalue=["']([^"'<>]{1,9999})["']""")
_DIGIT: Final = lazy_pattern(r"[0-9]")
_FORM: Final = "application/x-www-form-urlencoded"
_COOKIES: Final = frozenset({"cookie", "set-cookie"})


def named_secrets(
    request: Request | None,
    response: Response | NoResponse | None = None,
    outputs: Mapping[str, JsonValue] | None = None,
) -> tuple[str, ...]:
    """Return the texts that the names in a request, its answer and what is kept of it say to be secret."""
    return texts_of([*_in_request(request), *_in_response(response), *_in_value(dict(outputs or {}))])


def secrets_of_header(name: str, value: str) -> tuple[str, ...]:
    """Return the texts that a header gives away by its name, or by the names in it."""
    return texts_of(_in_headers(((name, value),)))


def secrets_of_body(message: Request | Response) -> tuple[str, ...]:
    """Return the texts that the names in a body say to be secret, however long it is."""
    if isinstance(message, Response):
        return texts_of(_in_body_of(message, inf))
    return () if isinstance(message.payload, Nothing) else texts_of(_in_value(message.payload, inf))


def secret_members(value: JsonValue) -> Iterator[JsonValue]:
    """Yield the values in a value whose names say that they are secret, at any depth."""
    match value:
        case dict():
            for name, member in value.items():
                if is_secret_member(name):
                    yield from secret_parts(member)
                else:
                    yield from secret_members(member)
        case list():
            for element in value:
                yield from secret_members(element)
        case _:
            pass


def texts_of(values: Iterable[JsonValue]) -> tuple[str, ...]:
    """Return the texts by which secret values are known: each of their parts, and what a scheme stands before."""
    leaves = (leaf for value in values for leaf in _leaves(value))
    return tuple(dict.fromkeys(text for leaf in leaves for text in _texts_of(leaf)))


def _leaves(value: JsonValue) -> Iterator[str | float]:
    match value:
        case dict():
            for member in value.values():
                yield from _leaves(member)
        case list():
            for element in value:
                yield from _leaves(element)
        # of two or three values nothing can be recognised: `true` in every answer would be masked
        case None | bool() | "":
            pass
        case File():
            yield from secret_texts(value)
        case _:
            yield value


def _texts_of(leaf: str | float) -> Iterator[str]:
    yield text_of(leaf)
    if isinstance(leaf, float):
        # as it stands in a body that is JSON
        yield repr(leaf)
    credentials = _WITH_SCHEME.fullmatch(leaf) if isinstance(leaf, str) else None
    if credentials is not None:
        yield credentials[2]
    if credentials is not None and credentials[1].lower() == "basic":
        yield from _user_and_password(credentials[2])


def _user_and_password(encoded: str) -> Iterator[str]:
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return
    _, _, password = pair.partition(":")
    # of neither a user nor a password, nothing is secret: a colon in every line would be masked
    yield from filter(None, (pair if pair != ":" else "", password))


def _in_request(request: Request | None) -> Iterator[JsonValue]:
    if request is not None:
        yield from _in_headers(request.headers)
        if not isinstance(request.payload, Nothing):
            yield from _in_value(request.payload)


def _in_response(response: Response | NoResponse | None) -> Iterator[JsonValue]:
    if not isinstance(response, Response):
        return
    yield from _in_headers(response.headers)
    yield from _in_body_of(response, LOOKED_AT)


def _in_body_of(response: Response, looked_at: float) -> Iterator[JsonValue]:
    payload, content_type = response.payload, response.content_type or ""
    if isinstance(payload, str) and not isinstance(payload, EncodedBytes):
        yield from _in_body(payload[: int(min(looked_at, len(payload)))], content_type)
    elif not isinstance(payload, Nothing):
        yield from _in_value(payload, looked_at)


def _in_headers(headers: Headers) -> Iterator[JsonValue]:
    for name, value in headers:
        if name.lower() in _COOKIES:
            yield from _in_cookies(value.split(";")[: 1 if name.lower() == "set-cookie" else None])
        elif is_secret_header(name):
            yield from texts_of_proof(value)
            yield value
        else:
            yield from _in_text(value)


def _in_cookies(pairs: list[str]) -> Iterator[str]:
    for pair in pairs:
        name, _, text = pair.strip().partition("=")
        if is_secret_cookie(name, text):
            yield text.strip('"')


def _in_value(value: JsonValue, looked_at: float = LOOKED_AT) -> Iterator[JsonValue]:
    """Yield what the names in a value say to be secret, in the order in which it is written."""
    seen = 0
    waiting = [("", value)]
    while waiting and seen < looked_at:
        name, each = waiting.pop()
        seen += len(name) + 1
        if is_secret_member(name):
            yield from secret_parts(each)
            continue
        match each:
            case dict():
                waiting.extend(pair for pair in reversed(each.items()) if not _is_word(pair[0], each))
            case list():
                waiting.extend(("", element) for element in reversed(each))
            case str():
                seen += len(each)
                yield from _in_text(each[: int(min(looked_at, len(each)))])
            case _:
                pass


def _is_word(name: str, beside: dict[str, JsonValue]) -> bool:
    """Whether a member is a piece of a text, of which a language model says how likely it was."""
    likely = beside.get("logprob") if name == "token" else None
    return isinstance(likely, int | float) and not isinstance(likely, bool)


def secret_parts(value: JsonValue) -> Iterator[JsonValue]:
    """Yield what is secret of a value that is named like one: itself, or the texts in it that could open something.

    An ``authorization`` may be that of a payment, with an amount and an id, and an ``access_token`` has a lifetime: to
    mask these wherever they stand would hide the rest of the report, and nothing else.
    """
    if isinstance(value, dict):
        yield from _in_secret_object(value)
        return
    for each in value if isinstance(value, list) else (value,):
        yield from secret_parts(each) if isinstance(each, dict | list) else filter(_is_told_apart, (each,))


def _in_secret_object(members: dict[str, JsonValue]) -> Iterator[JsonValue]:
    for name, member in members.items():
        if is_secret_member(name) or isinstance(member, dict):
            yield from secret_parts(member)
        elif isinstance(member, list):
            yield from _in_list_of_secret(member)
        elif isinstance(member, str) and not isinstance(member, File) and _may_open(name, member):
            yield member


def _in_list_of_secret(elements: list[JsonValue]) -> Iterator[JsonValue]:
    """Yield what is secret of a list in such an object: most often, it is what the secret allows (``actions``)."""
    for each in elements:
        if isinstance(each, dict):
            yield from _in_secret_object(each)
        elif isinstance(each, list):
            yield from _in_list_of_secret(each)
        elif isinstance(each, str) and len(each) >= _LONG and _DIGIT.search(each) and "://" not in each:
            yield each


def _is_told_apart(value: JsonValue) -> bool:
    """Whether a value is recognised elsewhere: `1` and `ok` stand everywhere, and mean something else."""
    return isinstance(value, File) or len(text_of(value)) >= _LEAST


def _may_open(name: str, text: str) -> bool:
    return len(text) >= _LEAST_QUOTED and not is_about_secrets(name) and "://" not in text


def is_about_secrets(name: str) -> bool:
    """Whether a member of an object that is named like a secret says something about it, and is none.

    >>> [name for name in ("value", "expires_at", "issuer", "keyId") if is_about_secrets(name)]
    ['expires_at', 'issuer', 'keyId']
    """
    return name.rpartition("_")[2].lower() in _ABOUT or name.endswith(("Id", "Url", "Uri", "At", "Type"))


def _in_body(text: str, content_type: str) -> Iterator[JsonValue]:
    """Yield what the names in a body that is a text say to be secret."""
    if media_type(content_type) == _FORM:
        yield from (value for name, value in parse_qsl(text) if is_secret_member(name))
    elif is_xml(content_type) or media_type(content_type) == "text/html":
        found = (each.groups() for pattern in (_ELEMENT, _ATTRIBUTE, _FIELD) for each in pattern.finditer(text))
        yield from (value for name, value in found if is_secret_member(name))
    yield from _in_text(text)


def _in_text(text: str) -> Iterator[JsonValue]:
    """Yield what a text gives away that is JSON, or holds names with their values."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            yield from _in_value(json.loads(text))
        except (ValueError, RecursionError):
            pass
        else:
            return
    for name, quoted, plain in _PAIR.findall(text):
        if is_secret_member(name) and (len(quoted) >= _LEAST_QUOTED or len(plain) >= _LONG):
            yield quoted or plain
