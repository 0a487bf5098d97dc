"""The record of a run, given again without a database and without a network: what was recorded, and then the end.

Decides that nothing happens which was not recorded.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.durability.asking import INTENT, RecordEnded, RunDiffers
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.ledger import Ledger
    from arazzo_engine.durability.steps import Settlement


# in seconds: how often somebody who follows a run looks for more
_LOOK: Final = 0.25


class ReplayedSteps(SilentState):
    """The steps of a run as they were recorded; ``given`` counts those that were given."""

    ledger: Ledger
    run_id: str
    record: Sequence[tuple[str, Any]]
    given: int = 0

    def run(self, name: str, make: Callable[[], JsonValue]) -> Any:  # noqa: ANN401 - whatever was recorded
        """Return what is recorded at this point; raises ``RecordEnded``, and ``RunDiffers`` for another point."""
        if self.given == len(self.record):
            if self.given and self.record[-1][0] == f"{name}{INTENT}":
                # the request may have left: that it is lost is all that is known
                return make()
            raise RecordEnded(diagnose("interrupted", "the run has not come further"))
        recorded, value = self.record[self.given]
        if recorded != name:
            message = f"the run would not go on as it went: it recorded `{recorded}`, and now comes to `{name}`"
            raise RunDiffers(diagnose("run-differs", message))
        self.given += 1
        return value

    def is_recorded(self, name: str) -> bool:
        """Whether the next point has this name."""
        return self.given < len(self.record) and self.record[self.given][0] == name

    def settlement_of(self, place: str) -> Settlement | None:
        """Return what a person has said of a request in doubt."""
        return self.ledger.settlement_of(self.run_id, place)

    def keep_late(self, place: str, answer: JsonValue) -> None:
        """Keep nothing: nothing is sent."""

    def is_nudged(self, place: str) -> bool:
        """Return whether to wait no longer: nothing takes time."""
        del place
        return True

    def admitted(self, url: str, hold: float) -> AbstractContextManager[None]:
        """Nothing is sent."""
        del url, hold
        return nullcontext()

    def sleep(self, place: str, seconds: float) -> None:
        """Do nothing: nothing takes time."""


class FollowedSteps(ReplayedSteps):
    """The steps of a run while another process records them: each is given when it is there.

    ``goes_on`` says whether there will be more.
    """

    goes_on: Callable[[], bool] = bool

    def run(self, name: str, make: Callable[[], JsonValue]) -> Any:  # noqa: ANN401 - whatever was recorded
        """Wait until this point is recorded; raises ``RecordEnded`` when it will not be."""
        self._wait()
        return super().run(name, make)

    def is_recorded(self, name: str) -> bool:
        """Wait until the next point is recorded, if it will be, and return whether it has this name."""
        self._wait()
        return super().is_recorded(name)

    def _wait(self) -> None:
        while self.given == len(self.record):
            there_is_more = self.goes_on()
            self.record = self.ledger.record_of(self.run_id)
            if self.given < len(self.record) or not there_is_more:
                break
            time.sleep(_LOOK)
