"""Which of the documented media types and answers a message is described by.

Decides by names alone: media types compare without case and parameters, the narrowest that fits first, and an answer by
its status, then its range, then ``default``. An answer that redirects led to elsewhere is described by nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arazzo_engine.language.messages.payloads import media_type

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import MediaType, Operation, ResponseDescription
    from arazzo_engine.language.messages.exchange import Request


def matching(content_type: str, documented: tuple[MediaType, ...]) -> tuple[MediaType, ...]:
    """Return the documented media types that describe a body: several, when only their parameters differ."""
    wanted = media_type(content_type)
    main = wanted.partition("/")[0]
    suffix = wanted.rpartition("+")[2] if "+" in wanted else ""
    for name in (wanted, f"{main}/*+{suffix}", f"{main}/*", "*/*"):
        found = tuple(each for each in documented if media_type(each.name) == name)
        if found:
            same = tuple(each for each in found if _parameters(each.name) <= _parameters(content_type))
            # one whose own parameters are all there says more than one that has none
            return (max(same, key=lambda each: len(_parameters(each.name))),) if same else found
    return ()


def answer_of(operation: Operation, status: int) -> ResponseDescription | None:
    """Return the documented answer of a status."""
    by_status = {each.status.upper(): each for each in operation.responses}
    # "If a response is defined using an explicit code, the explicit code definition takes precedence over the range"
    names = (str(status), f"{status // 100}XX", "DEFAULT")
    return next((by_status[name] for name in names if name in by_status), None)


def is_of_the_same(request: Request, followed: Request | None) -> bool:
    """Whether what redirects led to is still what was asked: the same method, and the same path, whatever the host."""
    if followed is None:
        return True
    paths = (urlsplit(each.url).path.rstrip("/") for each in (request, followed))
    return request.method == followed.method and len(set(paths)) == 1


def _parameters(content_type: str) -> frozenset[tuple[str, str]]:
    parts = (each.partition("=") for each in content_type.split(";")[1:])
    return frozenset((name.strip().lower(), value.strip().strip('"').lower()) for name, _, value in parts)
