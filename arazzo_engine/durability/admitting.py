"""Permits: leave to send one request to a server that has a limit.

A permit is an order in the queue of the limit, which the engine beneath takes from it when the limit allows, in
whichever process. Where only so many may be sent at once, whoever has taken it holds it until the request is answered,
or ``hold`` seconds are over. Whoever waits for one looks after those of processes that are gone.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from dbos import DBOS
from msgspec import Struct

from arazzo_engine.durability.kept.patience import patiently
from arazzo_engine.durability.kept.permits import DONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.kept.limits import Limit
    from arazzo_engine.durability.ledger import Ledger

# in seconds: how soon a permit is looked for, first and after a while; how often somebody asks whether to go on waiting
_LOOKS: Final = (0.02, 0.25)
_CARE: Final = 2.0


class Asker(Struct, frozen=True):
    """Who asks for permits. ``check`` is called now and then, and raises what ends the waiting."""

    process: str
    check: Callable[[], object]


@contextmanager
def admitted(ledger: Ledger, limit: Limit, hold: float, asker: Asker) -> Iterator[None]:
    """Wait until a request may be sent, and hold the permit until the block ends."""
    permits, holds = ledger.permits, limit.concurrency is not None
    permit = patiently(lambda: permits.ask(asker.process, limit.queue, hold if holds else 0.0))
    is_granted = False
    try:
        is_granted = _wait(ledger, limit, permit, asker.check)
        yield
    finally:
        if not is_granted:
            patiently(lambda: permits.withdraw(permit))
        elif holds:
            patiently(lambda: permits.give_back(permit))


def _wait(ledger: Ledger, limit: Limit, permit: str, check: Callable[[], object]) -> bool:
    """Return whether the permit was granted; it is not when the limit is gone."""
    look, longest = _LOOKS
    asked = time.monotonic()
    while not patiently(lambda: ledger.permits.is_granted(permit)):
        if time.monotonic() - asked > _CARE:
            asked = time.monotonic()
            if not patiently(lambda: ledger.limits.is_in_force(limit)):
                return False
            patiently(lambda: ledger.permits.tidy(limit.queue))
        check()
        time.sleep(look)
        look = min(2 * look, longest)
    return True


def hold_permit(_ledger: Ledger, given: list[Any]) -> JsonValue:
    """Hold a permit for so many seconds, or until it is given back."""
    (seconds,) = given
    if seconds:
        DBOS.recv(DONE, timeout_seconds=seconds)
    return None
