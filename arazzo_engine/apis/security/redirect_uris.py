"""The redirect URI of a login: the page on this machine that a browser is sent to when a person has logged in.

Decides which URIs can be served here: http on loopback, at any port or at the one that is named, with any path. A
server may know one only, so it is the user's to say. Nothing is served here.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern

# the addresses of each host; RFC 8252, section 8.3: "the use of "localhost" is NOT RECOMMENDED", but some know it alone
_ADDRESSES: Final = {
    "127.0.0.1": ("127.0.0.1",),
    "[::1]": ("::1",),
    "localhost": ("127.0.0.1", "::1"),
}
_FORM: Final = lazy_pattern(
    r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([1-9][0-9]{0,4}))?((?:/[^\s?#\\\x00-\x20\x7f]*)?)"
)
_LAST_PORT: Final = 65_535


class RedirectUri(Struct, frozen=True):
    """Where a login leads; the ``port`` 0 is any that is free."""

    host: str
    port: int
    path: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses to listen on."""
        return _ADDRESSES[self.host]

    def at(self, port: int) -> str:
        """Return the URI with the port that is listened on."""
        return f"http://{self.host}:{port}{self.path}"


# RFC 8252, section 7.3: "http://127.0.0.1:{port}/{path}", and "the client [...] MUST allow any port"
ANY_PORT: Final = RedirectUri("127.0.0.1", 0, "/callback")


def read_redirect_uri(text: str) -> RedirectUri | None:
    """Return the redirect URI that a text names, ``None`` for one that cannot be served on this machine.

    >>> read_redirect_uri("http://localhost:8400/done"), read_redirect_uri("https://example.com/done")
    (RedirectUri(host='localhost', port=8400, path='/done'), None)
    """
    found = _FORM.fullmatch(text)
    port = int(found[2] or 0) if found and text.isascii() else -1
    return RedirectUri(found[1], port, found[3]) if found and 0 <= port <= _LAST_PORT else None
