"""How many runs may wait for a worker: the engine beneath has no end of its queues, so one is kept beside them.

Decides whether the queue is full. What is in it already, and what goes back into it, stays there whatever the number:
nothing that was begun is refused. Who asks at the same moment as others may find room for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

    from arazzo_engine.durability.kept.notes import Notes

_LIMIT: Final = "limit of waiting runs"


class QueueFull(ArazzoError):  # noqa: N818 - a state of the queue, that passes
    """As many runs wait for a worker as may."""


class Waiting:
    """The runs that wait in a queue for a worker, by the name that they have there."""

    def __init__(self, client: DBOSClient, notes: Notes, queue: str, name: str) -> None:
        self._client = client
        self._notes = notes
        self._of: dict[str, Any] = {"queue_name": queue, "name": name, "status": "ENQUEUED"}

    @property
    def limit(self) -> int | None:
        """How many there may be, ``None`` for any number."""
        found: int | None = self._notes.read(_LIMIT)
        return found

    def put(self, limit: int) -> None:
        """Let no more wait than so many."""
        self._notes.replace(_LIMIT, limit)

    def remove(self) -> None:
        """Let any number wait."""
        self._notes.forget(_LIMIT)

    def count(self) -> int:
        """Return how many there are."""
        return len(self._listed())

    def is_full(self) -> bool:
        """Whether no more may wait."""
        limit = self.limit
        return limit is not None and bool(self._listed(limit=1, offset=limit - 1))

    def check_room(self) -> None:
        """Raise ``QueueFull`` (``queue-full``) when no more may wait."""
        if self.is_full():
            waiting = "1 run waits" if self.limit == 1 else f"{self.limit or 0:,} runs wait"
            message = f"the queue is full: {waiting} for a worker, and no more may"
            fix = "wait until some are taken, start another `arazzo worker`, or raise `arazzo limits set --waiting N`"
            raise QueueFull(diagnose("queue-full", message, fix=fix))

    def _listed(self, **options: Any) -> list[WorkflowStatus]:  # noqa: ANN401 - as the engine beneath takes them
        return self._client.list_queued_workflows(**self._of, load_input=False, load_output=False, **options)
