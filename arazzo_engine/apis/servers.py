"""The server that an operation's requests go to: the user's, or the description's with its variables filled in.

Decides one absolute URL, or says what the user has to give. A description on disk has no host of its own.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Final, Protocol

from arazzo_engine.apis.hosts import encode_host
from arazzo_engine.apis.server_templates import fill
from arazzo_engine.apis.urls import BaseUrl, read_base, why_no_base
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import WEB, Origin, origin_of, resolve_uri, scheme_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation, Server

_BEGINNINGS: Final = tuple(f"{each}://" for each in WEB)


class Named(Protocol):
    """What the user says of servers."""

    def variables_for(self, source: str) -> Mapping[str, str]:
        """Return the values for the variables of a source description's servers, by name."""
        ...

    def server_for(self, source: str) -> str | None:
        """Return the server to use for a source description, instead of its own."""
        ...


def server_of(operation: Operation, named: Named) -> BaseUrl:
    """Return where the requests of an operation go.

    Raises ``ArazzoError`` (``option-invalid``, ``server-variable``, ``server-relative``, ``server-missing``,
    ``api-malformed``).
    """
    return read_base(_written(operation, named))


def endpoint_of(url: str, operation: Operation, named: Named) -> str:
    """Return a URL that a security scheme has for an operation; raises the same when it is relative."""
    # "Unless specified otherwise, relative references are resolved using the URLs defined in the Server Object as a
    # Base URI": never against the place of the description, which may be anybody's
    return url if scheme_of(url) else resolve_uri(_written(operation, named), url)


def _written(operation: Operation, named: Named) -> str:
    """Return the URL of the server as it is written, with a slash at its end or without."""
    override = named.server_for(operation.source)
    if override is not None:
        if reason := why_no_base(override):
            message = f"the server given for operation `{operation.label}` {reason}"
            raise ArazzoError(diagnose("option-invalid", message, fix=_fix(operation)))
        return override
    server = operation.servers[0]
    if server.problem is not None:
        raise ArazzoError(server.problem)
    url = fill(server, named.variables_for(operation.source), operation.source)
    if not scheme_of(url) and not url.lower().startswith(_BEGINNINGS):
        url = _resolve(url, server, operation)
    if reason := why_no_base(url):
        # what stands before an `@` is not for showing
        shown = "" if "@" in url else f": `{url}`"
        message = f"the server of operation `{operation.label}` {reason}{shown}"
        raise ArazzoError(diagnose("server-missing", message, server.at.location(), fix=_fix(operation)))
    return url


def server_url(operation: Operation, named: Named) -> str:
    """Return the same as ``server_of`` as a text; raises the same."""
    return str(server_of(operation, named))


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether a request may go to a URL: to any when no host is named, else to those named and no other.

    >>> is_allowed("https://api.example.com/x", ["*.example.com"]), is_allowed("https://example.com/", ["other.com"])
    (True, False)
    >>> is_allowed("https://api.xn--bcher-kva.example", ["*.Bücher.example"])
    True
    """
    if not hosts:
        return True
    origin = origin_of(url)
    return origin is not None and any(_matches(each.lower(), origin) for each in hosts)


def _matches(pattern: str, origin: Origin) -> bool:
    _, host, port = origin
    name, colon, wanted = pattern.rpartition(":")
    if not colon or pattern.endswith("]"):
        name, wanted = pattern, ""
    below, name = name.startswith("*."), _in_ascii(name.removeprefix("*.").strip("[]"))
    host = _in_ascii(host)
    is_host = host.endswith(f".{name}") if below else host == name
    return is_host and wanted in {"", str(port)}


def _in_ascii(name: str) -> str:
    try:
        return name if name.isascii() else encode_host(name)
    except ValueError:
        return name


def _resolve(url: str, server: Server, operation: Operation) -> str:
    # "This URL supports Server Variables and MAY be relative, to indicate that the host location is relative to the
    # location where the document containing the Server Object is being served."
    home = server.at.document.uri
    if scheme_of(home) not in WEB:
        message = f"the server of source description `{operation.source}` is `{url}`, relative to a file"
        if server.at == server.at.document.root():
            # "If the `servers` field is not provided, or is an empty array, the default value would be a Server Object
            # with a url value of `/`."
            message = f"source description `{operation.source}` names no server, so it is `/`, relative to a file"
        raise ArazzoError(diagnose("server-relative", message, server.at.location(), fix=_fix(operation)))
    return resolve_uri(home, url)


def _fix(operation: Operation) -> str:
    return f"name the server with `--server {quote(operation.source)}=https://…`"
