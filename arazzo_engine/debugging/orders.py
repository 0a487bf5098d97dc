"""The ways to go on from a moment, forward and back, and at which moments each of them has arrived.

Decides nothing about breakpoints: whatever the order, a run stops at one on the way.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from arazzo_engine.debugging.moments import Kind

if TYPE_CHECKING:
    from arazzo_engine.debugging.moments import Moment

_WHOLE_STEPS: Final = frozenset({Kind.STEP, Kind.JUDGED, Kind.ENDED})


class Order(StrEnum):
    """What was asked for."""

    STEP = "step"
    NEXT = "next"
    OUT = "out"
    GO_ON = "go on"
    BACK = "back"
    GO_BACK = "go back"
    START = "start"
    END = "end"


BACKWARD: Final = frozenset({Order.BACK, Order.GO_BACK, Order.START})
# a jump passes breakpoints
JUMPS: Final = frozenset({Order.START, Order.END, Order.BACK})


def has_arrived(order: Order, origin: Moment, moment: Moment) -> bool:
    """Whether an order that was given at ``origin`` is carried out at a moment."""
    match order:
        case Order.STEP | Order.BACK:
            return True
        case Order.NEXT:
            return moment.kind in _WHOLE_STEPS and moment.depth <= origin.depth
        case Order.OUT:
            return moment.kind in _WHOLE_STEPS and moment.depth < origin.depth
        case _:
            return False
