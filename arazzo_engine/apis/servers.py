"""The server that an operation's requests go to: the user's, or the description's with its variables filled in.

Decides one absolute URL, or says what the user has to give. A description on disk has no host of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NoReturn

from arazzo_engine.apis.wire_forms.percent_encoding import encode_foreign
from arazzo_engine.diagnostics import ArazzoError, diagnose, did_you_mean
from arazzo_engine.documents.uris import WEB, Origin, origin_of, resolve_uri, scheme_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation, Server
    from arazzo_engine.apis.security.access import Access

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_BEGINNING: Final = re.compile(r"https?://(?P<authority>[^/?#]+)", re.IGNORECASE)
# a name, one of another alphabet too, or an address; and a port
_AUTHORITY: Final = re.compile(
    r"(?:[^@\s]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[\w\-]+(?:\.[\w\-]+)*\.?)(?::(?P<port>[0-9]{0,9}))?"
)
_LAST_PORT: Final = 65_535


def server_url(operation: Operation, access: Access) -> str:
    """Return the URL that the operation's path is appended to, without a slash at its end.

    Raises ``ArazzoError`` (``option-invalid``, ``server-variable``, ``server-relative``, ``server-missing``).
    """
    override = access.server_for(operation.source)
    if override is not None:
        if reason := why_no_url(override):
            message = f"the server given for operation `{operation.label}` {reason}"
            raise ArazzoError(diagnose("option-invalid", message, fix=_fix(operation)))
        return _encoded(override)
    server = operation.servers[0]
    url = _fill(server, access.variables_for(operation.source), operation)
    if not scheme_of(url) and not _BEGINNING.match(url):
        url = _resolve(url, server, operation)
    if reason := why_no_url(url):
        # what stands before an `@` is not for showing
        shown = "" if "@" in url else f": `{url}`"
        message = f"the server of operation `{operation.label}` {reason}{shown}"
        raise ArazzoError(diagnose("server-missing", message, server.at.location(), fix=_fix(operation)))
    return _encoded(url)


@lru_cache(128)
def why_no_url(url: str) -> str:
    """Return why requests cannot be sent to a URL, to follow its name; nothing when they can.

    >>> why_no_url("https://api.example.com/v1"), why_no_url("http://127.0.0.1:99999")
    ('', 'has no port from 1 to 65535')
    """
    match = _BEGINNING.match(url)
    if match is None:
        return "is no http or https URL"
    if "@" in match["authority"]:
        return "has a user or a password in it, which would be shown and never sent"
    authority = _AUTHORITY.fullmatch(match["authority"])
    if authority is None or any(len(label) > 63 for label in authority["host"].split(".")):  # noqa: PLR2004 - RFC 1035, section 2.3.4
        return "has a host that is no name or address"
    if authority["port"] and not 0 < int(authority["port"]) <= _LAST_PORT:
        return f"has no port from 1 to {_LAST_PORT}"
    return ""


@lru_cache(128)
def _encoded(url: str) -> str:
    match = _BEGINNING.match(url)
    end = 0 if match is None else match.end()
    return url[:end] + encode_foreign(url[end:]).rstrip("/")


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


def variables_of(operation: Operation) -> tuple[str, ...]:
    """Return the names of the variables in the URL of the operation's server."""
    return tuple(dict.fromkeys(_VARIABLE.findall(operation.servers[0].url)))


def _fill(server: Server, variables: Mapping[str, str], operation: Operation) -> str:
    known = {variable.name: variable for variable in server.variables}

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        variable = known.get(name)
        value = variables.get(name, None if variable is None else variable.default)
        if value is None:
            fix = f"give it with `--server-var {operation.source}.{name}=…`"
            _refuse(server, f"the server's variable `{name}` has no value", fix)
        if variable is not None and variable.enum and value not in variable.enum:
            listed = ", ".join(f"`{each}`" for each in variable.enum)
            fix = did_you_mean(value, variable.enum) or f"use one of {listed}"
            _refuse(server, f"the server's variable `{name}` is `{value}`, which is none of {listed}", fix)
        return value

    return _VARIABLE.sub(value_of, server.url)


def _refuse(server: Server, message: str, fix: str) -> NoReturn:
    raise ArazzoError(diagnose("server-variable", message, server.at.location(), fix=fix))


def _resolve(url: str, server: Server, operation: Operation) -> str:
    # "This URL supports Server Variables and MAY be relative, to indicate that the host location is relative to the
    # location where the document containing the Server Object is being served."
    if scheme_of(operation.description_uri) not in WEB:
        message = f"the server of source description `{operation.source}` is `{url}`, relative to a file"
        raise ArazzoError(diagnose("server-relative", message, server.at.location(), fix=_fix(operation)))
    return resolve_uri(operation.description_uri, url)


def _fix(operation: Operation) -> str:
    return f"name the server with `--server {operation.source}=https://…`"
