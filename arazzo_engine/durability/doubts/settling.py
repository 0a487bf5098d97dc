"""What a person says of a request in doubt, as it is given: one word, and the answer that it got, if that is known.

Decides which words and files are taken. What follows from it is decided by ``asking``, and then by the machine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.secret_texts import read_secret_document
from arazzo_engine.durability.steps import Said, Settlement
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Headers, Response, header
from arazzo_engine.recording.replies import write_answer

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Place

_FIELDS: Final = ("status", "headers", "body")
_LOWEST, _HIGHEST = 200, 599


def settlement_of(said: str, response: str | None, now: float) -> Settlement:
    """Return what a person says; ``response`` is the file with the answer, ``now`` when it is said.

    Raises ``ArazzoError`` (``answer-invalid``) for a file that has none.
    """
    if Said(said) is not Said.HAPPENED or response is None:
        return Settlement(Said(said), at=now)
    result = _response(*_read(response))
    return Settlement(Said.HAPPENED, write_answer(Answer(result, now, 0.0)), now)


def _read(location: str) -> tuple[dict[str, Any], Place]:
    try:
        content = Path(location).read_bytes()
    except OSError as error:
        message = f"the answer cannot be read: {location}: {error.strerror}"
        raise ArazzoError(diagnose("answer-invalid", message, fix="name an existing file")) from error
    document = read_secret_document(content, Path(location).absolute().as_uri(), location)
    if not isinstance(document.value, dict):
        raise ArazzoError(_malformed("the answer must be an object", document.root()))
    return document.value, document.root()


def _response(found: dict[str, Any], at: Place) -> Response:
    for name in found:
        if name not in _FIELDS:
            raise ArazzoError(_malformed(f"an answer has no field `{name}`", at.child(name)))
    status, headers = found.get("status"), found.get("headers") or {}
    if type(status) is not int or not _LOWEST <= status <= _HIGHEST:
        message = f"the `status` of an answer is a number from {_LOWEST} to {_HIGHEST}"
        raise ArazzoError(_malformed(message, at.child("status") if "status" in found else at))
    if not isinstance(headers, dict) or not all(isinstance(each, str) for each in headers.values()):
        raise ArazzoError(_malformed("the `headers` of an answer are texts by their names", at.child("headers")))
    given: Headers = tuple(headers.items())
    if "body" not in found:
        return Response(status, given)
    if isinstance(found["body"], str) and header(given, "content-type") is not None:
        return Response(status, given, found["body"].encode())
    typed = () if header(given, "content-type") is not None else (("Content-Type", "application/json"),)
    return Response(status, (*typed, *given), json.dumps(found["body"]).encode())


def _malformed(message: str, at: Place) -> Diagnostic:
    fix = "write `{status: 201, headers: {}, body: {}}`, with what is known of each"
    return diagnose("answer-invalid", message, at.location(), fix=fix)
