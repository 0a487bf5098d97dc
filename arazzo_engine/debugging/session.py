"""A session: where somebody stands in a run, where it is to stop, and what can be seen there.

Decides the moment at which an order ends. It moves among the moments that are known; when an order leads beyond them,
it is ``waiting`` for the run to come to more. Whether the run may go on there is decided by whoever follows it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.debugging.breakpoints import DIFFERENCE, FINDING, Breakpoints
from arazzo_engine.debugging.evaluating import Evaluated, Sees
from arazzo_engine.debugging.moments import Kind
from arazzo_engine.debugging.orders import BACKWARD, JUMPS, Order, has_arrived
from arazzo_engine.debugging.places import Index
from arazzo_engine.debugging.walk import begin_walk
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.debugging.history import Found, History
    from arazzo_engine.debugging.moments import Moment
    from arazzo_engine.debugging.walk import Opened, Walk
    from arazzo_engine.reporting.masking import Masker


class Reason(StrEnum):
    """Why a run stands still."""

    ENTRY = "entry"
    STEP = "step"
    BREAKPOINT = "breakpoint"
    DIFFERENCE = "difference"
    UNSAFE = "unsafe request"
    PAUSE = "pause"
    START = "start"
    END = "end"


class Stop(Struct, frozen=True):
    """A stop: why, and the breakpoints that were met."""

    reason: Reason
    breakpoints: tuple[int, ...] = ()


class _Waiting(Struct, frozen=True):
    """An order that leads beyond what is known, and where it was given."""

    order: Order
    origin: Moment


class Session(SilentState):
    """Somebody looks at a run. ``cursor`` is the index of the moment, ``-1`` before the first.

    With ``asks_first``, a run that is really made stands still before each unsafe request.
    """

    history: History
    masker: Masker
    breakpoints: Breakpoints
    walk: Walk
    asks_first: bool = False
    cursor: int = -1
    waiting: _Waiting | None = None
    noted: set[int] = field(default_factory=set)

    # --- moving ---

    def move(self, order: Order) -> Stop | None:
        """Carry out an order; ``None`` says that it leads beyond what is known by now."""
        moments = self.history.moments
        if order in BACKWARD:
            return self._move_back(order)
        origin = moments[self.cursor] if self.cursor >= 0 else moments[0]
        self.waiting = _Waiting(order, origin)
        return self.arrive()

    def arrive(self) -> Stop | None:
        """Go on with the order that is waiting, as far as there are moments; ``None`` when it waits for more."""
        while self.waiting is not None and self.cursor + 1 < len(self.history.moments):
            stop = self._found_late(self.waiting)
            if stop is None:
                self.cursor += 1
                stop = self._stop_at(self.cursor, self.waiting)
            if stop is not None:
                self.waiting = None
                return stop
        return None

    def enter(self) -> Stop:
        """Stand at the first moment."""
        self.cursor = 0
        return Stop(Reason.ENTRY)

    def next_difference(self) -> Stop | None:
        """Stand at the next moment that differs from what was recorded; ``None`` when there is none behind this one."""
        for index in range(self.cursor + 1, len(self.history.moments)):
            if any(each.code == DIFFERENCE for each in self.history.found_at(index)):
                self.cursor = index
                return Stop(Reason.DIFFERENCE)
        return None

    def pause(self) -> Stop:
        """Stand at the last moment that is known, whatever was asked for."""
        self.waiting = None
        self.cursor = len(self.history.moments) - 1
        return Stop(Reason.PAUSE)

    def _found_late(self, waiting: _Waiting) -> Stop | None:
        """Return the stop at the moment where one stands, when something was found of it after it was passed."""
        found = self.history.found_at(self.cursor) if self.cursor >= 0 else ()
        if not found or self.cursor in self.noted:
            return None
        self.noted.add(self.cursor)
        if waiting.origin is self.moment or waiting.order in JUMPS:
            return None
        caught = [each for each in self.breakpoints.by_number.values() if each.caught in {DIFFERENCE, FINDING}]
        met = tuple(each.number for each in caught if each.catches(found))
        return Stop(Reason.BREAKPOINT, met) if met else None

    def _stop_at(self, index: int, waiting: _Waiting) -> Stop | None:
        moment, order = self.history.moments[index], waiting.order
        if order not in JUMPS:
            met = self._met(index)
            if met:
                return Stop(Reason.BREAKPOINT, met)
        if self.needs_word(index):
            return Stop(Reason.UNSAFE)
        if has_arrived(order, waiting.origin, moment):
            return Stop(Reason.END if moment.kind is Kind.ENDED else Reason.STEP)
        return Stop(Reason.END) if moment.kind is Kind.ENDED else None

    def _met(self, index: int) -> tuple[int, ...]:
        """Return the breakpoints that are met at a moment."""
        moment = self.history.moments[index]
        near = [each for each in self.breakpoints.by_number.values() if each.is_at(moment)]
        found = self.history.found_at(index)
        near = [each for each in near if each.catches(found)]
        if not near:
            return ()
        if any(each.condition is not None for each in near):
            self._walk_to(index)
        return tuple(each.number for each in near if each.condition is None or each.holds(self.walk.scope()))

    def _move_back(self, order: Order) -> Stop:
        self.waiting = None
        end = max(0, self.cursor)
        hits = ((index, self._met(index)) for index in range(end)) if order is Order.GO_BACK else ()
        met = [each for each in hits if each[1]]
        if met:
            self.cursor, numbers = met[-1]
            return Stop(Reason.BREAKPOINT, numbers)
        self.cursor = end - 1 if order is Order.BACK and end else 0
        return Stop(Reason.STEP if order is Order.BACK and end else Reason.START)

    def needs_word(self, index: int | None = None) -> bool:
        """Whether a moment is that of an unsafe request which would leave if the run went on."""
        at = self.cursor if index is None else index
        moments = self.history.moments
        return self.asks_first and at == len(moments) - 1 and moments[at].is_unsafe

    # --- seeing ---

    @property
    def moment(self) -> Moment:
        """The moment where one stands."""
        return self.history.moments[self.cursor]

    @property
    def is_past(self) -> bool:
        """Whether the run has come further than the moment where one stands."""
        return self.cursor < len(self.history.moments) - 1

    @property
    def found(self) -> tuple[Found, ...]:
        """What was found at the moment where one stands."""
        return self.history.found_at(self.cursor)

    def look(self) -> Walk:
        """Return the run as it is at the moment where one stands."""
        self._walk_to(self.cursor)
        return self.walk

    def frames(self) -> tuple[Opened, ...]:
        """Return the attempts that are open, the innermost first."""
        return self.look().frames

    def sees(self, frame: int = 0) -> Sees:
        """Return what expressions can see in one of the frames."""
        frames = self.frames()
        sight = frames[frame].sight if frame < len(frames) else None
        return Sees(self.walk.scope(frame), None if sight is None else sight.workflow, self.masker)

    def evaluate(self, asked: str, frame: int = 0) -> Evaluated:
        """Return what an expression or a condition gives here; raises ``NotUnderstoodError``."""
        return self.sees(frame).evaluate(asked)

    def _walk_to(self, index: int) -> None:
        number = self.history.moments[index].number
        if self.walk.at > number:
            self.walk.run.close()
            self.walk = begin_walk(self.history, self.masker)
        self.walk.to(number)


def open_session(history: History, linked: LinkedDescription, masker: Masker, *, asks_first: bool = False) -> Session:
    """Return a session of runs, of which nothing has happened yet."""
    return Session(history, masker, Breakpoints(Index(linked)), begin_walk(history, masker), asks_first)
