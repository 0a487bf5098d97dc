"""Names that HTTP can carry, and which of them are a request's own to have: of methods, headers and cookies.

Decides it from the name alone, so that it is known when a description is read. What is sent under a name is not known.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.patterns import lazy_pattern

# RFC 9110, section 5.6.2: "token = 1*tchar"
_TOKEN: Final = lazy_pattern(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# RFC 6265, section 4.2.1: pairs are joined by `; `, and `=` ends a name; brackets are in no token, and in many cookies
_COOKIE_NAME: Final = lazy_pattern(r"[!-~]+")
_ENDS_OF_COOKIES: Final = frozenset('=;,"')
_FRAMING: Final = "says where the body ends, which only who sends it knows"
_HOP: Final = "belongs to the connection, and not to the request"
_OF_THE_CONNECTION: Final = {
    # RFC 9112, section 6.3: a message with both "might indicate an attempt to perform request smuggling"
    "content-length": _FRAMING,
    "transfer-encoding": _FRAMING,
    "trailer": _FRAMING,
    # RFC 9110, section 7.6.1: "Intermediaries MUST parse a received Connection header field"
    **dict.fromkeys(("connection", "keep-alive", "proxy-connection", "te", "upgrade", "http2-settings"), _HOP),
    # RFC 9110, section 11.7.2: 'the Proxy-Authorization header field applies only to the next inbound proxy'
    "proxy-authorization": "is for a proxy, which `--proxy` names with its user and password; a server would get it",
    "expect": "asks for an answer before the body, which nobody waits for",
    "host": "is the server's, and another one may lead the request elsewhere",
}


def is_token(text: str) -> bool:
    """Whether a text can be a method, or the name of a header or of an authentication scheme."""
    return _TOKEN.fullmatch(text) is not None


def why_no_header(name: str) -> str:
    """Return why a request has no header of this name of its own, ``""`` when it can have one."""
    return _OF_THE_CONNECTION.get(name.lower(), "") if is_token(name) else "is no name of a header"


def why_no_cookie(name: str) -> str:
    """Return why no cookie can have a name as it is, ``""`` when one can."""
    is_name = _COOKIE_NAME.fullmatch(name) is not None and not _ENDS_OF_COOKIES & {*name}
    return "" if is_name else "is no name of a cookie"


def why_unsendable(location: In | None, name: str) -> str:
    """Return why nothing can be sent under a name in its place, ``""`` when it can; a query encodes any name."""
    match location:
        case In.HEADER:
            return why_no_header(name)
        case In.COOKIE:
            return why_no_cookie(name)
        case _:
            return ""
