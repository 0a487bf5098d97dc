"""What a capture has of messages that came packed: their bodies unpacked, as far as somebody can look into them.

Decides which bodies are left out: a body that nobody can look into may hold a secret. What is passed on is not touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.world.http.content_codings import TooLargeError, unpack
from arazzo_engine.world.http.wire import DEFAULT_CEILING

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import Answer

_Message = TypeVar("_Message", Request, Response)
_CODING: Final = "content-encoding"
_TOO_LARGE: Final = f"the body is larger than {DEFAULT_CEILING:,} bytes once it is unpacked: it is left out"
_NO_TEXT: Final = "; it is no text, and left out"


def unpacked_request(request: Request) -> tuple[Request, tuple[str, ...]]:
    """Return a request with its body unpacked, and what is to be told of that; its header says so no more."""
    found, problem = _unpacked(request)
    if found.content == request.content:
        return request, _told("request", problem)
    headers = tuple(each for each in request.headers if each[0].lower() != _CODING)
    return replace(found, headers=headers), _told("request", problem)


def unpacked_answer(answer: Answer) -> Answer:
    """Return an answer with its body unpacked, which its notes tell of where there is more to say."""
    if not isinstance(answer.result, Response):
        return answer
    found, problem = _unpacked(answer.result)
    return replace(answer, result=found, notes=(*answer.notes, *_told("answer", problem)))


def _told(which: str, problem: str) -> tuple[str, ...]:
    return (f"{which}: {problem}",) if problem else ()


def _unpacked(message: _Message) -> tuple[_Message, str]:
    coding, content = header(message.headers, _CODING), bytes(message.content)
    if coding is None:
        return message, ""
    try:
        found = unpack(content, coding, DEFAULT_CEILING)
    except TooLargeError:
        return replace(message, content=b""), _TOO_LARGE
    if found.problem is not None and found.content and not _is_text(found.content):
        return replace(message, content=b""), found.problem + _NO_TEXT
    return replace(message, content=found.content), found.problem or ""


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
