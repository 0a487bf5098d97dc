"""Answers held to their operation: the value that each was read as, and the headers that it promised.

Decides what an answer has to have. What HTTP says of a message goes before what is described.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.messages.exchange import WITHOUT_CONTENT, header
from arazzo_engine.world.contracts.headers import WIRE, Promised, header_values, promised_headers
from arazzo_engine.world.contracts.matching import answer_of
from arazzo_engine.world.contracts.values.bodies import BodyValue, read_body, with_its_shape
from arazzo_engine.world.contracts.values.readings import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType
    from arazzo_engine.language.messages.exchange import Request, Response
    from arazzo_engine.world.contracts.telling import Telling

# RFC 9110, section 15.3.7: "transferring one or more parts of the selected representation"
_PARTIAL: Final = 206
# an empty body is a text, a form without members, no values in a row
_MAY_BE_EMPTY: Final = frozenset({BodyKind.TEXT, BodyKind.FORM, BodyKind.SEQUENCE, BodyKind.BINARY})


def check_answer(telling: Telling, request: Request, response: Response) -> Iterator[Diagnostic]:
    """Yield what is wrong with an answer: what HTTP says of a message goes before what is described."""
    described = answer_of(telling.operation, response.status)
    if described is None:
        yield _undocumented(telling, response.status)
        return
    for promised in promised_headers(telling.operation, described, telling.contracts.resolver):
        yield from _header(telling, promised, response)
    # RFC 9110, section 9.3.2: "the server MUST NOT send content in the response" to HEAD
    if request.method.upper() == "HEAD" or response.status in WITHOUT_CONTENT or not described.media_types:
        return
    yield from _content(telling, response, described.media_types)


def _content(telling: Telling, response: Response, documented: tuple[MediaType, ...]) -> Iterator[Diagnostic]:
    what, came = "the answer's body", response.content_type
    if not response.content:
        names = [came] if came else [each.name for each in documented]
        if not any(kind_of_body(each) in _MAY_BE_EMPTY for each in names):
            yield telling.finding(f"{what} is documented and did not come", telling.operation.at.key_location())
            return
    if response.status == _PARTIAL:
        yield telling.unchecked("a part of a body")
    elif came is None and response.content:
        # RFC 9110, section 8.3: without Content-Type, "the recipient MAY either assume a media type of
        # "application/octet-stream" or examine the data to determine its type"
        yield telling.unchecked("a body without a `Content-Type`")
    elif came is not None:
        shaped = documented
        if kind_of_body(came) is BodyKind.XML:
            shaped = tuple(with_its_shape(each, telling.contracts.resolver) for each in documented)
        yield from telling.body(what, came, shaped, lambda each: read_body(response.content, came, each))


def _header(telling: Telling, promised: Promised, response: Response) -> Iterator[Diagnostic]:
    subject = f"the answer's header `{promised.name}`"
    text = header(response.headers, promised.name)
    if text is None:
        if promised.required:
            yield telling.finding(f"{subject} is required and did not come", promised.at.key_location())
        return
    if promised.schema is None:
        return
    values = header_values(text, promised)
    if not values:
        yield telling.finding(f"{subject} is not the JSON that it is described as", promised.at.key_location())
        return
    wire = EXACT if promised.is_json else WIRE
    yield from telling.judged(subject, promised.schema, [BodyValue(each, wire) for each in values])


def _undocumented(telling: Telling, status: int) -> Diagnostic:
    message = f"operation `{telling.operation.label}` documents no answer with status {status}"
    listed = ", ".join(each.status for each in telling.operation.responses)
    fix = f"it documents {listed}" if listed else "document the answers of the operation"
    return diagnose("response-undocumented", message, telling.operation.at.key_location(), fix=fix)
