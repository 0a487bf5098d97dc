"""The replies to effects as JSON values, complete to the byte, and back: what is recorded of a run.

Decides nothing about a run. Whatever is written here can hold secrets: only what is sealed may keep it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from arazzo_engine.apis.security.grants import Token
from arazzo_engine.language.messages.answers import Answer, NoResponse
from arazzo_engine.language.messages.contents import chunks_of
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Signed

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

SENT_BEFORE: Final = "sentBefore"


def write_answer(answer: Answer) -> dict[str, JsonValue]:
    """Return the answer to a ``Send`` as a JSON value."""
    written: dict[str, Any] = {
        "startedAt": answer.started_at,
        "elapsed": answer.elapsed,
        "hops": answer.hops,
        "notes": list(answer.notes),
    }
    kind = "response" if isinstance(answer.result, Response) else "noResponse"
    written[kind] = msgspec.to_builtins(answer.result)
    if answer.followed is not None:
        written["followed"] = _write_request(answer.followed)
    if answer.sent_before:
        written[SENT_BEFORE] = answer.sent_before
    return written


def read_answer(written: Any) -> Answer:  # noqa: ANN401 - what was written above
    """Return the answer that was written."""
    result: Response | NoResponse = (
        msgspec.convert(written["response"], Response)
        if "response" in written
        else msgspec.convert(written["noResponse"], NoResponse)
    )
    followed = _read_request(written["followed"]) if "followed" in written else None
    notes, before = tuple(written["notes"]), written.get(SENT_BEFORE, 0)
    return Answer(result, written["startedAt"], written["elapsed"], written["hops"], notes, followed, before)


def write_token(token: Token | None) -> JsonValue:
    """Return a token as a JSON value."""
    return None if token is None else msgspec.to_builtins(token)


def read_token(written: JsonValue) -> Token | None:
    """Return the token that was written."""
    return None if written is None else msgspec.convert(written, Token)


def write_signed(signed: Signed) -> JsonValue:
    """Return what signs a request as a JSON value."""
    return {"headers": [list(each) for each in signed.headers], "problem": signed.problem}


def read_signed(written: Any) -> Signed:  # noqa: ANN401 - what was written above
    """Return what was written of it."""
    return Signed(tuple((name, value) for name, value in written["headers"]), written["problem"])


def outline_of(request: Request) -> dict[str, JsonValue]:
    """Return what tells a request from another one: all of it, the body by its hash."""
    digest = hashlib.sha256()
    for chunk in chunks_of(request.content):
        digest.update(chunk)
    headers = [list(each) for each in request.headers]
    return {"method": request.method, "url": request.url, "headers": headers, "body": digest.hexdigest()}


def _write_request(request: Request) -> JsonValue:
    content = base64.b64encode(bytes(request.content)).decode("ascii")
    headers = [list(each) for each in request.headers]
    return {"method": request.method, "url": request.url, "headers": headers, "content": content}


def _read_request(written: Any) -> Request:  # noqa: ANN401 - what was written above
    headers = tuple((name, value) for name, value in written["headers"])
    return Request(written["method"], written["url"], headers, base64.b64decode(written["content"]))
