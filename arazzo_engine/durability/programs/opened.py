"""Programs that stay open: runs that were ordered alike have one program and one engine, with its connections.

Decides which orders are alike, and how many programs stay open. A run takes nothing from another one but that: its
tokens are its own, since what it asks for is recorded in order.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import field

from arazzo_engine.durability.carrying import engine_of, program_of
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.durability.orders import Order
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.program import Program

# how many stay open that no run is at
_MOST: Final = 8
# in what orders of one kind differ
_OF_ONE_RUN: Final = {"inputs": {}, "files": (), "started_at": 0.0, "seed": ""}


class _Kind(SilentState):
    """A program and its engine, once somebody has opened them, and how many runs are at it."""

    runs: int = 0
    opened: list[tuple[Engine, Program]] = field(default_factory=list)
    opening: threading.Lock = field(default_factory=threading.Lock)


class OpenPrograms(SilentState):
    """The programs that a process has open, the one that was used last at the end; they may ``record`` their runs."""

    record: str | None = None
    kinds: dict[bytes, _Kind] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def of(self, order: Order, texts: Callable[[], Mapping[str, bytes]]) -> Iterator[Program]:
        """Give the program of an order for as long as the block lasts; ``texts`` are asked for when it is opened.

        Raises ``ArazzoError``.
        """
        kind = self._taken(_name_of(order))
        try:
            with kind.opening:
                if not kind.opened:
                    kind.opened.append(_open(order, texts(), self.record))
            yield kind.opened[0][1]
        finally:
            self._give_back(kind)

    def _taken(self, name: bytes) -> _Kind:
        with self._lock:
            kind = self.kinds.pop(name, None) or _Kind()
            self.kinds[name] = kind
            kind.runs += 1
            return kind

    def _give_back(self, kind: _Kind) -> None:
        with self._lock:
            kind.runs -= 1
            idle = [name for name, each in self.kinds.items() if not each.runs]
            surplus = [self.kinds.pop(name) for name in idle[: max(0, len(self.kinds) - _MOST)]]
        _close(surplus)

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            kinds = list(self.kinds.values())
            self.kinds.clear()
        _close(kinds)


def _name_of(order: Order) -> bytes:
    alike = msgspec.structs.replace(order, **_OF_ONE_RUN)
    return hashlib.sha256(msgspec.json.encode(alike, order="sorted")).digest()


def _open(order: Order, texts: Mapping[str, bytes], record: str | None) -> tuple[Engine, Program]:
    with ExitStack() as undone:
        engine = undone.enter_context(engine_of(order, record))
        program = program_of(engine, order, texts)
        undone.pop_all()
    return engine, program


def _close(kinds: list[_Kind]) -> None:
    for kind in kinds:
        for engine, _ in kind.opened:
            engine.close()
