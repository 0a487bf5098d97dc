"""Requests and answers as JSON, and back: the one form that they have in plans, in reports and in the events of a run.

A body is a text: what is none is described in it, and ``bodyBytes`` has the bytes in base64 or, of many, their digest.
In a plan, a request is whole. In a report, of each body no more than the beginning is told, masked before it is cut.
Which texts are secret is decided elsewhere.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from msgspec import UNSET, Struct, UnsetType, convert

from arazzo_engine.apis.wire_forms.body_texts import body_text, charset_of_body, described_bytes
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.files import LARGEST_SHOWN
from arazzo_engine.secret_names import MASK

if TYPE_CHECKING:
    from arazzo_engine.language.messages.contents import Content
    from arazzo_engine.language.messages.exchange import Headers
    from arazzo_engine.reporting.masking import Masker

# how much of an answer is looked at: what is masked may be longer than what is left of it
LOOKED_AT: Final = 2 * LARGEST_SHOWN
# no secret is written longer than this: one that was cut in two is in the last characters that were looked at
_LONGEST: Final = LARGEST_SHOWN // 4


class Form(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """An object of the report."""


class HeaderForm(Form, frozen=True):
    """A header, in its place among the others."""

    name: str
    value: str


_TEXT: Final = HeaderForm(name="Content-Type", value="text/plain; charset=utf-8")


class BytesForm(Form, frozen=True):
    """What is known of a body that is no text, or not whole: its length, and the bytes or their digest."""

    length: int
    base64: str | UnsetType = UNSET
    sha256: str | UnsetType = UNSET


class RequestForm(Form, frozen=True):
    """What was sent, or would be."""

    method: str
    url: str
    headers: list[HeaderForm] = []
    body: str = ""
    body_bytes: BytesForm | UnsetType = UNSET


class ResponseForm(Form, frozen=True):
    """What came, or why nothing came, and what became of the request then."""

    status: int | None
    headers: list[HeaderForm] | UnsetType = UNSET
    body: str | UnsetType | None = UNSET
    body_bytes: BytesForm | UnsetType = UNSET
    failure: Failure | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    sent: bool | UnsetType = UNSET
    processed: bool | UnsetType | None = UNSET


class EvaluationForm(Form, frozen=True):
    """How a value was found, where it went, and of a criterion whether it passed."""

    where: str
    expression: str
    value: str
    passed: bool | UnsetType = UNSET


class Told(Struct, frozen=True):
    """The forms that a report was read from, for those that it is written in again: they say all that is known."""

    request: RequestForm | None = None
    response: ResponseForm | None = None
    trace: list[EvaluationForm] | UnsetType = UNSET


# --- from values to their forms ---


def request_form(request: Request | None, masker: Masker | None = None) -> RequestForm | None:
    """Return the form of a request, whole and not masked; with a masker, its body is masked and cut."""
    if request is None:
        return None
    content_type = header(request.headers, "content-type") or ""
    text = body_text(request.content, content_type)
    body, known = text, _bytes_form(request.content, content_type)
    if masker is not None and known is UNSET:
        body, known = _cut(text, request.content, masker)
    return RequestForm(
        method=request.method, url=request.url, headers=_headers_form(request.headers), body=body, body_bytes=known
    )


def response_form(response: Response | NoResponse | None, masker: Masker) -> ResponseForm | None:
    """Return the form of an answer, whose body is masked and cut."""
    if response is None:
        return None
    if isinstance(response, Response):
        return _answer_form(response, masker)
    # nobody knows whether a request in doubt was acted upon
    processed = None if response.is_in_doubt else False
    return ResponseForm(
        status=None, failure=response.failure, reason=response.reason, sent=response.sent, processed=processed
    )


def _answer_form(response: Response, masker: Masker) -> ResponseForm:
    content_type = response.content_type or ""
    text = body_text(response.content, content_type)
    known = _bytes_form(response.content, content_type)
    body, known = (masker.text(text), known) if isinstance(known, BytesForm) else _cut(text, response.content, masker)
    headers = [HeaderForm(name=name, value=without_cookie(name, value)) for name, value in response.headers]
    return ResponseForm(status=response.status, headers=headers, body=body, body_bytes=known)


def _cut(text: str, content: Content, masker: Masker) -> tuple[str, BytesForm | UnsetType]:
    """Return the beginning of a text, masked, and of one that was cut how long it is and its digest, if it is there."""
    # what is cut must be masked first: a part of a secret could not be recognised any more
    body = masker.text(text[:LOOKED_AT])
    if len(text) <= LOOKED_AT and len(body) <= LARGEST_SHOWN:
        return body, UNSET
    end = len(body) if len(text) <= LOOKED_AT else max(0, len(body) - _LONGEST)
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which few need

    digest = sha256(content).hexdigest() if isinstance(content, bytes) else UNSET
    return body[: min(LARGEST_SHOWN, end)], BytesForm(length=len(content), sha256=digest)


def _headers_form(headers: Headers) -> list[HeaderForm]:
    return [HeaderForm(name=name, value=value) for name, value in headers]


def _bytes_form(content: Content, content_type: str) -> BytesForm | UnsetType:
    described = described_bytes(content, content_type)
    return UNSET if described is None else convert(described, BytesForm)


def without_cookie(name: str, value: str) -> str:
    """Return a header's value without the cookie that it sets: any may be one that says who is asking."""
    if name.lower() != "set-cookie":
        return value
    pair, semicolon, attributes = value.partition(";")
    cookie, is_set, _ = pair.partition("=")
    return f"{cookie}={MASK}{semicolon}{attributes}" if is_set else MASK


# --- and back ---


def request_of(form: RequestForm | None) -> Request | None:
    """Return the request that a form was made of, as far as it was written down."""
    if form is None:
        return None
    headers, content = _message_of(form.headers, form.body, form.body_bytes)
    return Request(form.method, form.url, headers, content)


def response_of(form: ResponseForm | None) -> Response | NoResponse | None:
    """Return the answer that a form was made of, as far as it was written down."""
    if form is None:
        return None
    if form.status is not None:
        # what an earlier release wrote down of a body was text, whatever the body was
        told = [_TEXT] if isinstance(form.headers, UnsetType) else form.headers
        body = form.body if isinstance(form.body, str) else ""
        return Response(form.status, *_message_of(told, body, form.body_bytes))
    failure = Failure.PROTOCOL if isinstance(form.failure, UnsetType) else form.failure
    reason = "" if isinstance(form.reason, UnsetType) else form.reason
    is_sent = form.sent is not False
    return NoResponse(failure, reason, is_sent, processed=not (is_sent and form.processed is False))


def _message_of(told: list[HeaderForm], body: str, known: BytesForm | UnsetType) -> tuple[Headers, bytes]:
    """Return the headers and the body of a message; a body that can be told only in words is that text."""
    headers = tuple((each.name, each.value) for each in told)
    if isinstance(known, BytesForm) and isinstance(known.base64, str):
        try:
            return headers, base64.b64decode(known.base64, validate=True)
        except binascii.Error:
            # a part of it was masked
            pass
    is_whole = isinstance(known, UnsetType)
    charset = charset_of_body(header(headers, "content-type") or "") if is_whole else "utf-8"
    try:
        return (headers if is_whole else _as_text(headers)), body.encode(charset)
    except UnicodeEncodeError:
        return _as_text(headers), body.encode("utf-8", errors="backslashreplace")


def _as_text(headers: Headers) -> Headers:
    return (*(each for each in headers if each[0].lower() != "content-type"), (_TEXT.name, _TEXT.value))
