"""Steps kept in a list, in a process that can be made to die: before a point is recorded, after it, or within it.

What the list holds outlives the death, as a database would; everything else is lost.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.steps import Settlement


class Killed(BaseException):
    """The process has died."""


class Disk(Struct):
    """What outlives a death: the points that were recorded, what people have said, what came too late."""

    record: list[tuple[str, str]] = field(default_factory=list)
    settlements: dict[str, Settlement] = field(default_factory=dict)
    late: dict[str, JsonValue] = field(default_factory=dict)


class MortalSteps(Struct):
    """The steps of a process; ``dies_at`` counts the instants of a run: each point has one before and one after it."""

    disk: Disk
    dies_at: int | None = None
    instant: int = 0
    at: int = 0

    def run(self, name: str, make: Callable[[], JsonValue]) -> Any:
        """Return what is recorded, or record what is made."""
        if self.at < len(self.disk.record):
            recorded, value = self.disk.record[self.at]
            assert recorded == name
            self.at += 1
            return json.loads(value)
        self._live()
        value = json.dumps(make())
        self._live()
        self.disk.record.append((name, value))
        self.at += 1
        return json.loads(value)

    def is_recorded(self, name: str) -> bool:
        """Whether the next point has this name."""
        return self.at < len(self.disk.record) and self.disk.record[self.at][0] == name

    def _live(self) -> None:
        self.instant += 1
        if self.instant == self.dies_at:
            raise Killed

    def settlement_of(self, place: str) -> Settlement | None:
        """Return what somebody has said."""
        return self.disk.settlements.get(place)

    def keep_late(self, place: str, answer: JsonValue) -> None:
        """Keep an answer."""
        self.disk.late[place] = answer

    def is_nudged(self, place: str) -> bool:
        """Nobody nudges it."""
        del place
        return False

    def admitted(self, url: str, hold: float) -> AbstractContextManager[None]:
        """Nobody has limited it."""
        del url, hold
        return nullcontext()

    def sleep(self, place: str, seconds: float) -> None:
        """Nobody else goes on with it."""
