"""The server that an operation's requests go to: the user's, or the description's with its variables filled in.

Decides one absolute URL, or says what the user has to give. A description on disk has no host of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.server_templates import fill
from arazzo_engine.apis.urls import BaseUrl, read_base, why_no_base
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.uris import WEB, Origin, origin_of, resolve_uri, scheme_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from arazzo_engine.apis.descriptions.operations import Operation, Server
    from arazzo_engine.apis.security.access import Access

_BEGINNINGS: Final = tuple(f"{each}://" for each in WEB)


def server_of(operation: Operation, access: Access) -> BaseUrl:
    """Return where the requests of an operation go.

    Raises ``ArazzoError`` (``option-invalid``, ``server-variable``, ``server-relative``, ``server-missing``,
    ``api-malformed``).
    """
    override = access.server_for(operation.source)
    if override is not None:
        if reason := why_no_base(override):
            message = f"the server given for operation `{operation.label}` {reason}"
            raise ArazzoError(diagnose("option-invalid", message, fix=_fix(operation)))
        return read_base(override)
    server = operation.servers[0]
    if server.problem is not None:
        raise ArazzoError(server.problem)
    url = fill(server, access.variables_for(operation.source), operation.source)
    if not scheme_of(url) and not url.lower().startswith(_BEGINNINGS):
        url = _resolve(url, server, operation)
    if reason := why_no_base(url):
        raise ArazzoError(_unusable(url, reason, server, operation))
    return read_base(url)


def server_url(operation: Operation, access: Access) -> str:
    """Return the same as a text; raises the same."""
    return str(server_of(operation, access))


def _unusable(url: str, reason: str, server: Server, operation: Operation) -> Diagnostic:
    # what stands before an `@` is not for showing
    shown = "" if "@" in url else f": `{url}`"
    message = f"the server of operation `{operation.label}` {reason}{shown}"
    return diagnose("server-missing", message, server.at.location(), fix=_fix(operation))


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether a request may go to a URL: to any when no host is named, else to those named and no other.

    >>> is_allowed("https://api.example.com/x", ["*.example.com"]), is_allowed("https://example.com/", ["other.com"])
    (True, False)
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
    name = name.strip("[]")
    is_host = host.endswith(name[1:]) if name.startswith("*.") else host == name
    return is_host and wanted in {"", str(port)}


def _resolve(url: str, server: Server, operation: Operation) -> str:
    # "This URL supports Server Variables and MAY be relative, to indicate that the host location is relative to the
    # location where the document containing the Server Object is being served."
    if scheme_of(operation.description_uri) not in WEB:
        message = f"the server of source description `{operation.source}` is `{url}`, relative to a file"
        raise ArazzoError(diagnose("server-relative", message, server.at.location(), fix=_fix(operation)))
    return resolve_uri(operation.description_uri, url)


def _fix(operation: Operation) -> str:
    return f"name the server with `--server {operation.source}=https://…`"
