"""Following redirects, when the user asks for it: which request comes next, and what of the first it may carry.

Decides without sending anything, and tells origins apart by the addresses that would be connected to. To another
origin goes nothing but what every request has: no credential, no cookie, no body, since any of them may be a secret
that was meant for the first origin alone.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from msgspec.structs import replace

from arazzo_engine.documents.uris import has_user, origin_of
from arazzo_engine.language.messages.exchange import Headers, Request, Response, header
from arazzo_engine.world.http.addresses import read_url
from arazzo_engine.world.http.failures import RefusedError

MOST_REDIRECTS: Final = 10
_STATUSES: Final = frozenset({301, 302, 303, 307, 308})
_OF_THE_BODY: Final = frozenset({"content-type", "content-length", "content-encoding"})
_FOR_ANYONE: Final = frozenset({"accept", "accept-encoding", "accept-language", "user-agent"})


def next_request(request: Request, response: Response) -> Request | None:
    """Return the request that a redirect asks for, ``None`` when the response is to be taken as it is."""
    location = header(response.headers, "location")
    if response.status not in _STATUSES or not location:
        return None
    try:
        url = urldefrag(urljoin(request.url, location)).url
        is_same_origin = read_url(url)[0] == read_url(request.url)[0]
    except (ValueError, RefusedError):
        return None
    # RFC 9110, section 4.2.4: a recipient "SHOULD parse for userinfo and treat its presence as an error; it is likely
    # being used to obscure the authority"
    if has_user(url):
        return None
    asked = _with_method(request, response.status)
    if is_same_origin:
        return replace(asked, url=url)
    # a body may hold credentials, and a request that changes something is not for a server that nobody named
    if asked.content or asked.method not in {"GET", "HEAD"}:
        return None
    return replace(asked, url=url, headers=_only(asked.headers, _FOR_ANYONE))


def changes_of(request: Request, status: int, following: Request) -> tuple[str, ...]:
    """Return what a reader should know of a redirect that was followed with another method than was asked for."""
    if request.method == following.method:
        return ()
    origins = origin_of(request.url), origin_of(following.url)
    where = "" if origins[0] == origins[1] else f" to another origin, {_named(following.url)}"
    sent = f"the {request.method} was answered with {status}, and became a {following.method}{where}"
    return (f"{sent}, without its body: what came is the answer to that",)


def _named(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _with_method(request: Request, status: int) -> Request:
    # RFC 9110, section 15.4.4: 303 "redirects the user agent to a different resource", to be retrieved with GET;
    # sections 15.4.2 and 15.4.3: "a user agent MAY change the request method from POST to GET"
    changes = (status == 303 and request.method != "HEAD") or (status in {301, 302} and request.method == "POST")  # noqa: PLR2004 - statuses
    if not changes:
        return request
    kept = tuple(each for each in request.headers if each[0].lower() not in _OF_THE_BODY)
    return replace(request, method="GET", content=b"", headers=kept)


def _only(headers: Headers, names: frozenset[str]) -> Headers:
    return tuple(each for each in headers if each[0].lower() in names)
