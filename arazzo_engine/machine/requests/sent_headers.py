"""The headers that a request has beside those of its step: its host, how long it is, and what every request says.

Decides all of them before a request is planned, sent or reported, so that each of the three shows the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.own_headers import EXPECTING_A_BODY

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Headers, Request

_LENGTHS: Final = frozenset({"content-length", "transfer-encoding"})


def sent_headers(request: Request, host: str, of_every_request: Headers) -> Headers:
    """Return the headers of a request as it goes out; those that it has already stay as they are."""
    own = request.headers
    names = {name.lower() for name, _ in own}
    # RFC 9110, section 7.2: "A user agent that sends Host SHOULD send it as the first field"
    first = (("Host", host),) if "host" not in names else tuple(each for each in own if each[0].lower() == "host")
    rest = own if "host" not in names else tuple(each for each in own if each[0].lower() != "host")
    rest = (*rest, *(each for each in of_every_request if each[0].lower() not in names))
    if not names.isdisjoint(_LENGTHS) or not (request.content or request.method in EXPECTING_A_BODY):
        return (*first, *rest)
    # RFC 9110, section 8.6: "a user agent SHOULD send Content-Length in a request"
    return (*first, *rest, ("Content-Length", str(len(request.content))))
