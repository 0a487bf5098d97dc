"""The processes that take runs from the queue, and those that people stay with, with their signs of life.

A worker has a row among the notes, and gives a sign of life by writing to it. Decides when one is lost. All times are
those of the database, so that no two machines need have the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.durability.kept.notes import NOTES

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

_WORKER: Final = "worker"
# in seconds: how often a worker gives a sign of life, and after how long without one it is lost
BEAT: Final = 5.0
LOST_AFTER: Final = 30.0


class Worker(Struct, frozen=True):
    """A worker: its name, which is that of what executes its runs, its process, and when it last gave a sign of life.

    ``token`` tells one process from another of the same name.
    """

    name: str
    host: str = ""
    pid: int = 0
    token: str = ""
    is_leaving: bool = False
    seen_at: float = 0.0
    lost_after: float = LOST_AFTER

    def is_lost(self, now: float) -> bool:
        """Whether it has given no sign of life for too long."""
        return now - self.seen_at > self.lost_after


class Workers:
    """The workers of a database, or processes of another kind."""

    def __init__(self, client: DBOSClient, kind: str = _WORKER) -> None:
        self._client = client
        self._kind = f"arazzo.{kind}"
        self._prefix = f"{kind} "

    def enter(self, worker: Worker) -> None:
        """Make the row of a worker, in place of one that had its name."""
        options: Any = {"workflow_name": self._kind, "queue_name": NOTES, "workflow_id": self._row(worker.name)}
        self._client.enqueue(options)
        self.beat(worker)

    def beat(self, worker: Worker) -> None:
        """Give a sign of life."""
        told = {
            "host": worker.host,
            "pid": worker.pid,
            "token": worker.token,
            "isLeaving": worker.is_leaving,
            "lostAfter": worker.lost_after,
        }
        self._client.update_workflow_attributes(self._row(worker.name), told)

    def leave(self, name: str) -> None:
        """Forget a worker, which has left nothing behind."""
        self._client.delete_workflows([self._row(name)])

    def all(self) -> tuple[Worker, ...]:
        """Return the workers, by their names."""
        rows = self._client.list_workflows(name=self._kind, load_input=False, load_output=False)
        return tuple(sorted(map(self._worker, rows), key=lambda each: each.name))

    def are_there(self) -> bool:
        """Whether one of them gives signs of life, and takes runs."""
        workers = self.all()
        now = self.now() if workers else 0.0
        return any(not each.is_lost(now) and not each.is_leaving for each in workers)

    def now(self) -> float:
        """Return the time of the database."""
        clock = "the clock"
        self._client.enqueue({"workflow_name": "arazzo.clock", "queue_name": NOTES, "workflow_id": clock})
        self._client.update_workflow_attributes(clock, None)
        (row,) = self._client.list_workflows(workflow_ids=[clock], load_input=False, load_output=False)
        return (row.updated_at or 0) / 1000

    def _row(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def _worker(self, row: WorkflowStatus) -> Worker:
        told: Any = row.attributes or {}
        return Worker(
            row.workflow_id.removeprefix(self._prefix),
            told.get("host", ""),
            told.get("pid", 0),
            told.get("token", ""),
            told.get("isLeaving", False),
            (row.updated_at or 0) / 1000,
            told.get("lostAfter", LOST_AFTER),
        )
