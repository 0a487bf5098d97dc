"""Permits: leave to send one request to a server that has a limit.

A permit is an order in the queue of the limit, which the engine beneath takes from it when the limit allows. Where only
so many may be sent at once, whoever has taken it holds it until the request is answered, or ``hold`` seconds are over:
a worker that dies gives nothing back.
"""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from arazzo_engine.durability.kept.patience import patiently

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.durability.kept.limits import Limit
    from arazzo_engine.durability.ledger import Ledger

DONE: Final = "done"
# in seconds: how soon a permit is looked for, first and after a while; how often somebody asks whether to go on waiting
_LOOKS: Final = (0.02, 0.25)
_CARE: Final = 2.0


@contextmanager
def admitted(ledger: Ledger, limit: Limit, hold: float, check: Callable[[], object]) -> Iterator[None]:
    """Wait until a request may be sent, and hold the permit until the block ends.

    ``check`` is called now and then, and raises what ends the waiting.
    """
    permit = f"permit {secrets.token_hex(12)}"
    holds = limit.concurrency is not None
    patiently(lambda: ledger.ask_permit(permit, limit.queue, hold if holds else 0.0))
    is_granted = False
    try:
        is_granted = _wait(ledger, limit, permit, check)
        yield
    finally:
        if not is_granted:
            patiently(lambda: ledger.stop(permit))
        elif holds:
            patiently(lambda: ledger.client.send(permit, DONE, DONE))


def _wait(ledger: Ledger, limit: Limit, permit: str, check: Callable[[], object]) -> bool:
    """Return whether the permit was granted; it is not when the limit is gone."""
    look, longest = _LOOKS
    asked = time.monotonic()
    while not patiently(lambda: ledger.is_granted(permit)):
        if time.monotonic() - asked > _CARE:
            asked = time.monotonic()
            if not patiently(lambda: ledger.limits.is_in_force(limit)):
                return False
        check()
        time.sleep(look)
        look = min(2 * look, longest)
    return True
