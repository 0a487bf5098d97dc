"""What a run is started from, as one JSON value: with it, any process anywhere goes on with the run.

Decides what is remembered of an engine, and what cannot be. Documents are remembered by their content: the order names
each text by its hash, and whoever keeps the order keeps the texts.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import msgspec

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.files import File
from arazzo_engine.recording.beginning import Meant, Text, Texts  # noqa: TC001 - msgspec reads the types of fields
from arazzo_engine.typed import Silent
from arazzo_engine.world.recording.remembered import (
    access_of,
    library_of,
    options_of,
    write_access,
    written_sources,
    written_texts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.loading.library import Library
    from arazzo_engine.world.running import Prepared

_UNKEPT: Final = {"transport": "a transport", "clock": "a clock", "auth": "functions that sign"}


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
        options=options_of(engine),
        access=write_access(prepared.settings.access),
        started_at=prepared.means.around.clock.now(),
        seed=prepared.means.around.draw(),
        name=prepared.ready.linked.workflows[call.key].description.at.document.name,
    )


def kept_of(order: Order, texts: Mapping[str, bytes]) -> Library:
    """Return the documents of an order, so that nothing else is read."""
    return library_of(order.texts, order.meant, texts)


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


def read_access(order: Order) -> Access:
    """Return who asks, and where, as it was when the run was started."""
    return access_of(order.access)
