"""What a run is started from, as one JSON value: with it, any process anywhere goes on with the run.

Decides what is remembered of an engine, and what cannot be. Documents are remembered by their content: the order names
each text by its hash, and whoever keeps the order keeps the texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.files import files_in
from arazzo_engine.recording.beginning import Meant, Text, Texts  # noqa: TC001 - msgspec reads the types of fields
from arazzo_engine.recording.files import read_files, with_files
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

# in bytes: they are kept with the order, in one piece
LARGEST_FILES: Final = 16_000_000
_UNKEPT: Final = {"transport": "a transport", "clock": "a clock", "auth": "functions that sign"}


class Order(Silent, frozen=True):
    """A run to be made: its document and everything it read, its inputs and options, when it began and its seed.

    ``files`` are the inputs that hold files, which are written out in them.
    """

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
    files: tuple[str, ...] = ()

    def given(self) -> dict[str, Any]:
        """Return the inputs as they were given."""
        return {name: read_files(each) if name in self.files else each for name, each in self.inputs.items()}

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
    check_kept(engine)
    _check_size(call.inputs)
    return Order(
        document=prepared.ready.linked.workflows[call.key].description.at.document.uri,
        workflow_id=call.key.workflow_id,
        inputs=with_files(dict(call.inputs)),
        texts=written_texts(kept, texts),
        meant=written_sources(kept),
        options=options_of(engine),
        access=write_access(prepared.settings.access),
        started_at=prepared.means.around.clock.now(),
        seed=prepared.means.around.draw(),
        name=prepared.ready.linked.workflows[call.key].description.at.document.name,
        files=tuple(name for name, each in call.inputs.items() if any(files_in(each))),
    )


def check_kept(engine: Engine) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for an engine with what another process could not have."""
    for name, what in _UNKEPT.items():
        if getattr(engine, name):
            message = f"a durable run cannot go on with {what}: another process does not have it"
            raise ArazzoError(diagnose("option-invalid", message, fix=f"leave out `{name}`"))


def kept_of(order: Order, texts: Mapping[str, bytes]) -> Library:
    """Return the documents of an order, so that nothing else is read."""
    return library_of(order.texts, order.meant, texts)


def _check_size(inputs: Mapping[str, JsonValue]) -> None:
    size = sum(each.size for each in files_in(dict(inputs)))
    if size > LARGEST_FILES:
        message = f"a durable run keeps files of {LARGEST_FILES:,} bytes at most, and its inputs hold {size:,}"
        raise ArazzoError(diagnose("option-invalid", message, fix="run it without `--durable`"))


def read_access(order: Order) -> Access:
    """Return who asks, and where, as it was when the run was started."""
    return access_of(order.access)
