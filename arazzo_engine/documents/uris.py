"""URIs (RFC 3986), resolved and split without exceptions: what is no URI stays as it is, and leads nowhere.

The texts come from documents, so nothing is known about them.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final, TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

from arazzo_engine.patterns import lazy_pattern

# A scheme, a host and a port; the port of a scheme that has no usual one is not known
Origin: TypeAlias = tuple[str, str, int | None]
# the port of a scheme when a URI names none
PORTS: Final = {"http": 80, "https": 443}
# the schemes of what is on the network
WEB: Final = frozenset(PORTS)
_EXAMPLE: Final = lazy_pattern(r"(?:.+\.)?(?:example\.(?:com|net|org)|example|invalid)")
_DOTS: Final = frozenset({".", ".."})


def resolve_uri(base: str, reference: str) -> str:
    """Return a reference resolved against a base URI.

    >>> resolve_uri("https://example.com/a/b", "../c#d"), resolve_uri("https://example.com/a/b", "http://[")
    ('https://example.com/c#d', 'http://[')
    """
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def without_fragment(uri: str) -> str:
    """Return the URI of the whole document."""
    return uri.partition("#")[0]


def scheme_of(uri: str) -> str:
    """Return the scheme in lower case, ``""`` when there is none."""
    try:
        return urlsplit(uri).scheme
    except ValueError:
        return ""


def origin_of(uri: str) -> Origin | None:
    """Return scheme, host and port, as RFC 6454 compares origins; ``None`` for what is no URI, which has none.

    >>> origin_of("HTTPS://Api.example.com/v1"), origin_of("http://127.0.0.1:80_80/")
    (('https', 'api.example.com', 443), None)
    """
    try:
        parts = urlsplit(uri)
        return parts.scheme, (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None


def is_loopback(uri: str) -> bool:
    """Whether a URI leads to this machine, by its address or by the one name of it.

    >>> [is_loopback(f"http://{each}/") for each in ("localhost:1", "127.0.0.1", "[::1]", "127.0.0.1.example.com")]
    [True, True, True, False]
    """
    host = (origin_of(uri) or ("", "", None))[1]
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_placeholder(uri: str) -> bool:
    """Whether a URI of the network can lead to no document: it has no path, or a host that is there for examples.

    RFC 2606 names the hosts.

    >>> [is_placeholder(each) for each in ("https://tbd.com", "https://api.example.com/x.yaml", "https://tbd.com/x.yaml")]
    [True, True, False]
    """
    host = (origin_of(uri) or ("", "", None))[1]
    return path_of(uri) in {"", "/"} or _EXAMPLE.fullmatch(host) is not None


def has_user(uri: str) -> bool:
    """Whether a URI names a user before its host; what cannot be split may.

    >>> has_user("https://api.example.com@evil.example/x"), has_user("https://api.example.com/@me")
    (True, False)
    """
    try:
        return "@" in urlsplit(uri).netloc
    except ValueError:
        return True


def path_of(uri: str) -> str:
    """Return the path, encoded as it is; ``""`` when there is none, or none that a system could have."""
    try:
        path = urlsplit(uri).path
    except ValueError:
        return ""
    return "" if "\0" in path or "%00" in path else path


def has_dot_segment(path: str) -> bool:
    """Whether a path has a segment that leads out of the path before it.

    RFC 3986, section 6.2.2.3, removes ``.`` and ``..``, encoded or not, and some servers do so before a ``;``, too. A
    slash that is encoded ends no segment.

    >>> [has_dot_segment(path) for path in ("/a/%2e./b", "/..;x/b", "/a%2F..%2Fb", "/a/...", "/.well-known/a..b")]
    [True, True, False, False, False]
    """
    if "." not in path and "%2e" not in path and "%2E" not in path:
        return False  # no dot, and none that is encoded: most paths
    return any(unquote(segment.partition(";")[0]) in _DOTS for segment in path.split("/"))


def without_dot_segments(path: str) -> str:
    """Return a path that begins with a slash as RFC 3986, section 5.2.4, shortens it; a slash at its end is left out.

    >>> without_dot_segments("/a/./b/%2E%2E/c/"), without_dot_segments("/../..")
    ('/a/c', '')
    """
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        decoded = unquote(segment)
        if decoded not in _DOTS:
            kept.append(segment)
        elif decoded == "..":
            del kept[-1:]
    return "".join(f"/{segment}" for segment in kept).rstrip("/")
