"""Values that are kept once under their names, in the database of runs.

A note is an order for the engine beneath that nobody carries out: so it is kept, sealed and found as a run is, and
there is no table of our own. The first note of a name stands, whoever writes a second one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.durability.kept.sealing import wrong_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dbos import DBOSClient

    from arazzo_engine.documents.values import JsonValue

NOTE: Final = "arazzo.note"
# nobody listens to this queue
NOTES: Final = "arazzo.notes"


class Notes:
    """The notes of a database."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    def keep(self, name: str, value: JsonValue) -> Any:  # noqa: ANN401 - whatever was kept
        """Keep a value under a name, and return the one that is kept: the first."""
        self._client.enqueue({"workflow_name": NOTE, "queue_name": NOTES, "workflow_id": name}, value)
        return self.read(name)

    def read(self, name: str) -> Any:  # noqa: ANN401 - whatever was kept
        """Return the value that is kept under a name, or ``None``."""
        found = self._client.list_workflows(workflow_ids=[name], name=NOTE, load_output=False)
        return _value(found[0].input) if found and found[0].input else None

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what is kept under some names, where something is."""
        wanted = list(names)
        found = self._client.list_workflows(workflow_ids=wanted, name=NOTE, load_output=False) if wanted else []
        return {each.workflow_id: _value(each.input) for each in found if each.input}

    def replace(self, name: str, value: JsonValue) -> None:
        """Keep a value in place of the one before it."""
        self.forget(name)
        self.keep(name, value)

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""
        self._client.delete_workflows([name])

    def known(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of the names under which something is kept."""
        wanted = list(names)
        if not wanted:
            # without a name, the engine beneath lists everything
            return frozenset()
        kept = self._client.list_workflows(workflow_ids=wanted, name=NOTE, load_input=False, load_output=False)
        return frozenset(each.workflow_id for each in kept)

    def beginning_with(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with a text."""
        kept = self._client.list_workflows(workflow_id_prefix=prefix, name=NOTE, load_input=False, load_output=False)
        return tuple(each.workflow_id for each in kept)


def _value(given: Any) -> Any:  # noqa: ANN401 - whatever was kept
    """Return what was kept; the engine beneath gives what it cannot open as it stands, in a text."""
    if isinstance(given, str):
        raise ArazzoError(wrong_key())
    return given["args"][0]
