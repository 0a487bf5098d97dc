"""Where a request goes: the host and port to connect to, and the target to ask for. From a URL, by RFC 3986.

Decides which URLs can be used at all. The target is taken exactly as it was built, and what stands before it is read
once for all the requests to the same place. Nothing here connects to anything.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct

from arazzo_engine.apis.hosts import encode_host, host_name
from arazzo_engine.documents.uris import PORTS
from arazzo_engine.language.messages.answers import Failure
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.http.failures import RefusedError

_LONGEST: Final = 65_536
_LAST_PORT: Final = 65_535
# RFC 3986, section 3: "URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ]"
_URL: Final = lazy_pattern(r"((?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://[^/?#]*)?)([^#]*)")
# section 3.2: "authority = [ userinfo "@" ] host [ ":" port ]"
_AUTHORITY: Final = lazy_pattern(r"(?:.*@)?(\[.*\]|[^:@]*):?(.*)")
_CONTROL: Final = lazy_pattern(r"[\x00-\x1f\x7f]")
# what else `int` would read is no port to any other reader
_PORT: Final = lazy_pattern("-?[0-9]{1,9}")


class Address(Struct, frozen=True):
    """A server, as HTTP wants it; ``port`` is ``None`` for the usual one, ``name`` what a ``Host`` header says."""

    scheme: bytes
    host: bytes
    port: int | None
    name: bytes

    @property
    def is_secure(self) -> bool:
        """Whether it is to be asked over TLS."""
        return self.scheme == b"https"

    @property
    def number(self) -> int:
        """The port to connect to."""
        return self.port or PORTS[self.scheme.decode()]


def read_url(url: str) -> tuple[Address, bytes]:
    """Return the server of a URL and the target to ask it for; raises ``RefusedError`` for one that cannot be used."""
    if len(url) > _LONGEST:
        raise _unusable("URL too long")
    if (control := _CONTROL.search(url)) is not None:
        raise _unusable(f"invalid non-printable ASCII character in URL, {control[0]!r} at position {control.start()}")
    parts = _URL.match(url)
    start, target = parts.groups() if parts is not None else ("", "")
    address = _read_start(start)
    return address, (target if target.startswith("/") else f"/{target}").encode("ascii")


@lru_cache(maxsize=256)
def _read_start(start: str) -> Address:
    """Read scheme and authority: a run asks the same few servers again and again."""
    before, _, rest = start.partition(":")
    scheme = before.lower()
    authority = _AUTHORITY.fullmatch(rest.removeprefix("//"))
    host, given_port = authority.groups() if authority is not None else ("", "")
    encoded, port = _encode_host(host), _read_port(given_port, scheme)
    if scheme not in PORTS:
        raise _unusable("it is neither http nor https")
    if not encoded:
        raise _unusable("it has no host")
    if port is not None and not 0 < port <= _LAST_PORT:
        raise _unusable(f"there is no port {port}")
    return Address(scheme.encode(), encoded.encode("ascii"), port, host_name(encoded, port).encode("ascii"))


def _encode_host(host: str) -> str:
    try:
        return encode_host(host)
    except ValueError as error:
        raise _unusable(str(error)) from error


def _read_port(port: str, scheme: str) -> int | None:
    if port and not _PORT.fullmatch(port):
        raise _unusable("invalid port")
    number = int(port) if port else None
    return None if number == PORTS.get(scheme) else number


def _unusable(reason: str) -> RefusedError:
    return RefusedError(Failure.PROTOCOL, f"the URL cannot be used: {reason}")
