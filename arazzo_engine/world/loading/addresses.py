"""What a URL of the network says of a file: the path that it has in a repository, and the API that answers there.

Decides it by the form of the URL and by the servers that a description names. Nothing is fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from arazzo_engine.documents.values import as_mapping
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Document

# a branch is named alone, or in full
_REF: Final = r"(?:refs/(?:heads|tags)/)?[^/]+"
_REPOSITORIES: Final = {
    "raw.githubusercontent.com": lazy_pattern(rf"/[^/]+/[^/]+/{_REF}/(.+)"),
    "github.com": lazy_pattern(rf"/[^/]+/[^/]+/(?:blob|raw)/{_REF}/(.+)"),
    "gitlab.com": lazy_pattern(rf"/.+/-/(?:blob|raw)/{_REF}/(.+)"),
}


def path_in_repository(uri: str) -> str:
    """Return the path of a file that a URL names in a repository, an empty one when it names none.

    >>> path_in_repository("https://raw.githubusercontent.com/acme/shop/main/apis/shop.yaml")
    'apis/shop.yaml'
    >>> path_in_repository("https://github.com/acme/shop/blob/refs/heads/main/shop.yaml?raw=true")
    'shop.yaml'
    >>> path_in_repository("https://acme.test/shop/main/shop.yaml")
    ''
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    pattern = _REPOSITORIES.get((parts.hostname or "").removeprefix("www."))
    match = pattern.fullmatch(parts.path) if pattern is not None else None
    path = unquote(match[1]) if match else ""
    return "" if ".." in path.split("/") or path.startswith("/") else path


def has_server(document: Document | None, uri: str) -> bool:
    """Whether a description says that its API is at a URL, and not only below it."""
    return document is not None and uri.rstrip("/") in (each.rstrip("/") for each in _servers(document))


def _servers(document: Document) -> Iterator[str]:
    content = document.content
    servers = content.at(("servers",))
    for each in servers if isinstance(servers, list) else ():
        url = as_mapping(each).get("url")
        if isinstance(url, str):
            yield url
    host, base, schemes = (content.at((name,)) for name in ("host", "basePath", "schemes"))
    if isinstance(host, str):
        for scheme in schemes if isinstance(schemes, list) and schemes else ("https", "http"):
            yield f"{scheme}://{host}{base if isinstance(base, str) else ''}"
