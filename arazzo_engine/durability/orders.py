"""What a run is started from, as one JSON value: with it, any process anywhere goes on with the run.

Decides what is remembered of an engine, and what cannot be. Documents are remembered by their content: the order names
each text by its hash, and whoever keeps the order keeps the texts.
"""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct, field

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.files import File
from arazzo_engine.typed import Silent
from arazzo_engine.world.loading.library import Library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.running import Prepared

# what a run goes on with of the options of the engine that started it; who asks, and where, is in the access
_PATHS: Final = ("ca_bundle", "cert", "key", "token_store")
_REMEMBERED: Final = (
    *(
        "sources",
        "source_dirs",
        "servers",
        "server_vars",
        "allow_hosts",
        "no_auth",
        "assume_idempotent",
        "redirect_uri",
    ),
    *("insecure", "proxy", "http2", "follow_redirects", "connect_retries", "max_response", "step_timeout"),
    *("max_steps", "max_nesting", "max_wait", "max_value", "max_report", "retry_unsafe", "check", "strict"),
    *("otel", "trace_context"),
)
_UNKEPT: Final = {"transport": "a transport", "clock": "a clock", "auth": "functions that sign"}


class Text(Struct, frozen=True):
    """A text that was read at a URI: where it was found, and its hash."""

    uri: str
    found: str
    digest: str


class Meant(Struct, frozen=True):
    """A source that was found elsewhere than it says."""

    document: str
    name: str
    uri: str
    url: str
    reason: str


class Order(Silent, frozen=True):
    """A run to be made: its document and everything it read, its inputs and options, when it began and its seed."""

    document: str
    workflow_id: str
    inputs: dict[str, Any]
    texts: tuple[Text, ...]
    meant: tuple[Meant, ...]
    options: dict[str, Any]
    access: dict[str, Any]
    started_at: float
    seed: str
    name: str = ""
    version: int = 1

    def to_json(self) -> JsonValue:
        """Return the order as a JSON value. It holds secrets."""
        value: JsonValue = msgspec.to_builtins(self)
        return value


class Texts(Struct):
    """Texts by their hash."""

    by_digest: dict[str, bytes] = field(default_factory=dict)

    def add(self, content: bytes) -> str:
        """Keep a text and return its hash."""
        digest = hashlib.sha256(content).hexdigest()
        self.by_digest[digest] = content
        return digest


def read_order(value: object) -> Order:
    """Return the order that was written."""
    return msgspec.convert(value, Order)


def order_of(engine: Engine, prepared: Prepared, kept: Library, texts: Texts) -> Order:
    """Return the order of a run that is prepared; its texts are added to ``texts``.

    Raises ``ArazzoError`` (``option-invalid``) for what another process could not go on with.
    """
    (call,) = prepared.ready.calls
    for name, what in _UNKEPT.items():
        if getattr(engine, name):
            message = f"a durable run cannot go on with {what}: another process does not have it"
            raise ArazzoError(diagnose("option-invalid", message, fix=f"leave out `{name}`"))
    return Order(
        document=prepared.ready.linked.workflows[call.key].description.at.document.uri,
        workflow_id=call.key.workflow_id,
        inputs=_checked(call.inputs),
        texts=written_texts(kept, texts),
        meant=written_sources(kept),
        options=_options(engine),
        access=_write_access(prepared.settings.access),
        started_at=prepared.means.around.clock.now(),
        seed=prepared.means.around.draw(),
        name=prepared.ready.linked.workflows[call.key].description.at.document.name,
    )


def written_texts(kept: Library, texts: Texts) -> tuple[Text, ...]:
    """Return the texts of documents by their hashes; what is in them is added to ``texts``."""
    return tuple(Text(uri, found, texts.add(content)) for uri, (found, content) in kept.texts.items())


def written_sources(kept: Library) -> tuple[Meant, ...]:
    """Return the sources that were found elsewhere than they say."""
    return tuple(Meant(*at, *found) for at, found in kept.meant.items())


def kept_of(order: Order, texts: Mapping[str, bytes]) -> Library:
    """Return the documents of an order, so that nothing else is read."""
    found = {uri: (each.found, texts[each.digest]) for each in order.texts for uri in (each.found, each.uri)}
    meant = {(each.document, each.name): (each.uri, each.url, each.reason) for each in order.meant}
    return Library(found, meant, is_whole=True)


def _options(engine: Engine) -> dict[str, Any]:
    kept = {name: _plain(getattr(engine, name)) for name in _REMEMBERED}
    paths = {name: getattr(engine, name) for name in _PATHS}
    return kept | {name: None if path is None else _absolute(path) for name, path in paths.items()}


def _absolute(path: str | PathLike[str]) -> str:
    return path if path == "keyring" else str(Path(path).absolute())


def _plain(value: object) -> Any:  # noqa: ANN401 - any option
    if isinstance(value, PathLike):
        return str(Path(value).absolute())
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _checked(inputs: Mapping[str, JsonValue]) -> dict[str, Any]:
    for name, value in inputs.items():
        if _holds_file(value):
            message = f"a durable run cannot keep input `{name}`, which is a file"
            raise ArazzoError(diagnose("option-invalid", message, fix="run it without `--durable`"))
    return dict(inputs)


def _holds_file(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_file, value.values()))
    return isinstance(value, File | bytes | PathLike) or (isinstance(value, list) and any(map(_holds_file, value)))


def _write_access(access: Access) -> dict[str, Any]:
    credentials = [[*at, msgspec.to_builtins(each)] for at, each in access.credentials.by_scheme.items()]
    return {
        "servers": dict(access.servers),
        "server_variables": dict(access.server_variables),
        "allowed_hosts": list(access.allowed_hosts),
        "has_client_certificate": access.has_client_certificate,
        "credentials": credentials,
    }


def read_access(order: Order) -> Access:
    """Return who asks, and where, as it was when the run was started."""
    written = dict(order.access)
    by_scheme = {(source, scheme): msgspec.convert(each, Credential) for source, scheme, each in written["credentials"]}
    return Access(
        servers=written["servers"],
        server_variables=written["server_variables"],
        allowed_hosts=tuple(written["allowed_hosts"]),
        has_client_certificate=written["has_client_certificate"],
        credentials=Credentials(by_scheme),
    )
