"""What is remembered of a run so that it can be made again elsewhere: its documents, its options, who asks and where.

Decides what of an engine matters to what a run does. Values only; where they are kept is not known here.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.recording.beginning import Meant, Text
from arazzo_engine.world.loading.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.recording.beginning import Texts

_PATHS: Final = ("ca_bundle", "cert", "key", "token_store")
# what decides what is sent and when the run ends; who asks, and where, is in the access
DECIDING: Final = (
    *("no_auth", "assume_idempotent", "step_timeout", "retry_unsafe", "check", "strict"),
    *("max_steps", "max_nesting", "max_wait", "max_value", "max_report"),
)
# and how it travels
_TRAVELLING: Final = (
    *("sources", "source_dirs", "servers", "server_vars", "allow_hosts", "redirect_uri"),
    *("insecure", "proxy", "http2", "follow_redirects", "connect_retries", "max_response"),
)


def options_of(engine: object) -> dict[str, Any]:
    """Return the options that a run goes on with in another process."""
    kept = deciding_options(engine) | {name: _plain(getattr(engine, name)) for name in _TRAVELLING}
    paths = {name: getattr(engine, name) for name in _PATHS}
    return kept | {name: None if path is None else _absolute(path) for name, path in paths.items()}


def deciding_options(engine: object) -> dict[str, Any]:
    """Return the options that decide what a run does, whatever it is answered."""
    return {name: _plain(getattr(engine, name)) for name in DECIDING}


def _absolute(path: str | PathLike[str]) -> str:
    return path if path == "keyring" else str(Path(path).absolute())


def _plain(value: object) -> Any:  # noqa: ANN401 - any option
    if isinstance(value, PathLike):
        return str(Path(value).absolute())
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def written_texts(kept: Library, texts: Texts) -> tuple[Text, ...]:
    """Return the texts of documents by their hashes; what is in them is added to ``texts``."""
    read = kept.texts.items()
    return tuple(Text(uri, found, texts.add(content), kept.names.get(found, "")) for uri, (found, content) in read)


def written_sources(kept: Library) -> tuple[Meant, ...]:
    """Return the sources that were found elsewhere than they say."""
    return tuple(Meant(*at, *found) for at, found in kept.meant.items())


def library_of(texts: Iterable[Text], sources: Iterable[Meant], contents: Mapping[str, bytes]) -> Library:
    """Return documents that were written down, so that nothing else is read."""
    written = tuple(texts)
    found = {uri: (each.found, contents[each.digest]) for each in written for uri in (each.found, each.uri)}
    meant = {(each.document, each.name): (each.uri, each.url, each.reason) for each in sources}
    return Library(found, meant, is_whole=True, names={each.found: each.name for each in written if each.name})


def write_access(access: Access) -> dict[str, Any]:
    """Return who asks, and where, as a JSON value. It holds secrets."""
    credentials = [[*at, msgspec.to_builtins(each)] for at, each in access.credentials.by_scheme.items()]
    return {
        "servers": dict(access.servers),
        "server_variables": dict(access.server_variables),
        "allowed_hosts": list(access.allowed_hosts),
        "has_client_certificate": access.has_client_certificate,
        "signed": sorted(access.signed),
        "credentials": credentials,
    }


def access_of(written: Mapping[str, Any]) -> Access:
    """Return what was written of it."""
    by_scheme = {(source, scheme): msgspec.convert(each, Credential) for source, scheme, each in written["credentials"]}
    return Access(
        servers=written["servers"],
        server_variables=written["server_variables"],
        allowed_hosts=tuple(written["allowed_hosts"]),
        has_client_certificate=written["has_client_certificate"],
        credentials=Credentials(by_scheme),
        signed=frozenset(written.get("signed", ())),
    )
