"""URIs (RFC 3986), resolved and split without exceptions: what is no URI stays as it is, and leads nowhere.

The texts come from documents, so nothing is known about them.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


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


def origin_of(uri: str) -> tuple[str, str]:
    """Return the scheme and the authority, in lower case."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.lower()


def path_of(uri: str) -> str:
    """Return the path, encoded as it is; ``""`` when there is none, or none that a system could have."""
    try:
        path = urlsplit(uri).path
    except ValueError:
        return ""
    return "" if "\0" in path or "%00" in path else path
