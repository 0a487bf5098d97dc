"""The headers that a request has without its step: what the engine writes by itself, and what is the connection's.

Decides, from the name alone, which text each of them has, as far as that is known before a run. It is the one place
that does: whoever sends, checks, drafts or compares a request asks here. It knows nothing of what a description allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import ParameterDescription

VERSION: Final = "0.1.0"
ACCEPT: Final = "*/*"
USER_AGENT: Final = f"arazzo-engine/{VERSION}"
# always, and when their libraries are installed
_UNPACKED: Final = "gzip, deflate"
_WITH_LIBRARIES: Final = ("", ", br", ", zstd", ", br, zstd")

# the texts that each may have; none where the request decides it
_TEXTS: Final[dict[str, tuple[str, ...]]] = {
    "accept": (ACCEPT,),
    "accept-encoding": tuple(f"{_UNPACKED}{more}" for more in _WITH_LIBRARIES),
    "user-agent": (USER_AGENT,),
    # RFC 9112, section 9.3: HTTP/1.1 "defaults to the use of persistent connections", so that nothing says it
    "connection": ("keep-alive",),
    "host": (),
    "content-length": (),
}
# these go with a body, and a length with these methods even without one
_OF_A_BODY: Final = frozenset({"content-length", "content-type"})
EXPECTING_A_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
# by these an engine says which it is, and what it can unpack: another one says something else
OF_THE_ENGINE: Final = frozenset({"user-agent", "accept-encoding"})
# RFC 9110, section 7.6.1: what an intermediary removes before it forwards a request, so that no server can count on it
_OF_A_HOP: Final = frozenset(
    {"keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "http2-settings", "connection"}
)


def own_texts(name: str) -> tuple[str, ...]:
    """Return the texts that a header may have that no step gives; none where they are not known before the run."""
    return _TEXTS.get(name.lower(), ())


def is_own(parameter: ParameterDescription) -> bool:
    """Whether a described parameter is a header that a request has without its step; some of them with a body only."""
    return parameter.location is In.HEADER and parameter.name.lower() in {*_TEXTS, *_OF_A_BODY}


def goes_with_a_body(name: str) -> bool:
    """Whether a header says something of the body, and is not there without one."""
    return name.lower() in _OF_A_BODY


def is_of_a_hop(name: str) -> bool:
    """Whether a header is about one connection, of which there may be several on the way to the server."""
    return name.lower() in _OF_A_HOP
