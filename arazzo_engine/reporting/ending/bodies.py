"""Bodies of messages as a person reads them: a text as it is, masked before it is cut; of bytes how many, and which.

Decides how much of a body is shown. No part of a secret is left over by a cut.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.wire_forms.body_texts import body_text, bytes_text
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.language.messages.files import EncodedBytes
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.printable import one_line, printable

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Request, Response
    from arazzo_engine.reporting.masking import Masker

_EXCERPT: Final = 500
# their base64 is no longer than the excerpt of a text
_MOST_BYTES: Final = 256
# enough for the excerpt however much of it is masked
_LOOKED_AT: Final = 65_536
# half characters, and the mark that readers of a text drop: what was written down is read back the same
_UNENCODABLE: Final = lazy_pattern("[\ud800-\udfff\ufeff]")


def body_excerpt(response: Response, masker: Masker) -> str:
    """Return the beginning of a response's body on one line, masked before it is cut."""
    return one_line(_response_text(response, masker), _EXCERPT)


def sent_excerpt(request: Request, masker: Masker) -> str:
    """Return the beginning of a request's body on one line, masked before it is cut."""
    return one_line(_request_text(request, masker), _EXCERPT)


def body_lines(message: Request | Response, masker: Masker, most: int) -> list[str]:
    """Return the beginning of a body as it is, of no more than so many characters; a cut is told."""
    from_answer = not hasattr(message, "method")
    text = _response_whole(message, masker) if from_answer else _request_text(message, masker)  # type: ignore[arg-type]  # which of the two it is was just asked
    shown = printable(text[:most])
    lines = shown.split("\n") if shown else []
    size = len(message.content)
    return [*lines, f"… cut after {most:,} characters; the body has {size:,} bytes"] if len(text) > most else lines


def _request_text(request: Request, masker: Masker) -> str:
    if not request.content:
        return ""
    text = body_text(request.content, header(request.headers, "content-type") or "")
    return _encodable(masker.text(text[:_LOOKED_AT]))


def _response_text(response: Response, masker: Masker) -> str:
    """Return a body whose JSON stands on one line."""
    payload = response.payload
    if not response.content or _is_of_bytes(response):
        return _response_whole(response, masker)
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return _encodable(masker.text(text[:_LOOKED_AT]))


def _response_whole(response: Response, masker: Masker) -> str:
    """Return a body as it came."""
    content_type = response.content_type or ""
    if not response.content:
        return ""
    if _is_of_bytes(response):
        what = f" of {media_type(content_type) or 'an unknown type'}"
        return masker.text(bytes_text(response.content, what, _MOST_BYTES))
    text = body_text(response.content[: 4 * _LOOKED_AT], content_type)
    return _encodable(masker.text(text[:_LOOKED_AT]))


def _is_of_bytes(response: Response) -> bool:
    payload = response.payload
    return isinstance(payload, EncodedBytes) or (isinstance(payload, str) and _is_binary(response))


def _encodable(text: str) -> str:
    return _UNENCODABLE.sub(lambda match: ascii(match[0])[1:-1], text)


def _is_binary(response: Response) -> bool:
    try:
        response.content[:_LOOKED_AT].decode(
            "utf-8", errors="strict" if len(response.content) <= _LOOKED_AT else "ignore"
        )
    except UnicodeDecodeError:
        return True
    return False
