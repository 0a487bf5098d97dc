"""Permits in the database: orders in the queue of a limit, each named after the process that asks for it.

Decides what becomes of permits whose process is gone: one that is surely gone sends nothing any more, so they are
given back. Of one that is only lost, the request may still be under way: what it holds is held on by another process.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from arazzo_engine.durability.kept.living import is_gone

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbos import DBOSClient, WorkflowStatus

# lets one request be sent to a server that has a limit
PERMIT: Final = "arazzo.permit"
# what a process says, and where, when its request is answered
DONE: Final = "done"
_WAITS: Final = ("ENQUEUED", "DELAYED")


class Permits:
    """The permits of a database. ``lost`` says which of some processes give no sign of life any more."""

    def __init__(self, client: DBOSClient, lost: Callable[[frozenset[str]], frozenset[str]], version: str) -> None:
        self._client = client
        self._lost = lost
        self._version = version

    def ask(self, process: str, queue: str, hold: float) -> str:
        """Ask for a permit for a process, and return its name."""
        permit = f"permit {process} {secrets.token_hex(12)}"
        self._client.enqueue(
            {"workflow_name": PERMIT, "queue_name": queue, "workflow_id": permit, "app_version": self._version}, hold
        )
        return permit

    def is_granted(self, permit: str) -> bool:
        """Whether a permit was taken from its queue."""
        found = self._client.list_workflows(workflow_ids=[permit], load_input=False, load_output=False)
        return any(each.status not in _WAITS for each in found)

    def give_back(self, permit: str) -> None:
        """Have whoever holds a permit hold it no longer."""
        self._client.send(permit, DONE, DONE)

    def withdraw(self, permit: str) -> None:
        """Have nobody grant a permit any more."""
        self._client.cancel_workflow(permit)

    def held_by(self, process: str) -> frozenset[str]:
        """Return the permits that a process holds, whoever asked for them."""
        found = self._client.list_workflows(
            name=PERMIT, executor_id=process, status="PENDING", load_input=False, load_output=False
        )
        return frozenset(each.workflow_id for each in found)

    def tidy(self, queue: str) -> None:
        """Take care of the permits of a limit whose processes are gone."""
        found = self._client.list_workflows(
            name=PERMIT, queue_name=queue, status=[*_WAITS, "PENDING"], load_input=False, load_output=False
        )
        processes = {_asking(each) for each in found} | {each.executor_id or "" for each in found}
        lost = self._lost(frozenset(processes) - {""})
        for each in found:
            if is_gone(_asking(each)) or (each.status in _WAITS and _asking(each) in lost):
                self.withdraw(each.workflow_id)
            elif each.status == "PENDING" and (is_gone(each.executor_id or "") or each.executor_id in lost):
                self._client.resume_workflow(each.workflow_id, queue_name=queue)


def _asking(permit: WorkflowStatus) -> str:
    return permit.workflow_id.split(" ")[1] if permit.workflow_id.count(" ") > 1 else ""
