"""What a worker does beside runs: it wakes some, takes over others, and starts those of schedules.

Each is an order in the queue like any other, so exactly one worker carries it out, and another one when that is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.durability.hosting import Duty
from arazzo_engine.durability.kept.schedules import SCHEDULED
from arazzo_engine.durability.ledger import ALARM, RECOVERY
from arazzo_engine.durability.runs import start_scheduled

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.ledger import Ledger


def _wake(ledger: Ledger, given: list[Any]) -> JsonValue:
    ledger.ring(*given)
    return None


def _recover(ledger: Ledger, given: list[Any]) -> JsonValue:
    (worker,) = given
    for each in ledger.executed_by(worker):
        ledger.take_over(each, worker)
    return None


def _start(ledger: Ledger, given: list[Any]) -> JsonValue:
    at, context = given
    start_scheduled(ledger, at, context)
    return None


DUTIES: Final = (Duty(ALARM, _wake), Duty(RECOVERY, _recover), Duty(SCHEDULED, _start))
