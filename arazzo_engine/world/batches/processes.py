"""A batch in several processes of one machine: each runs its share of the rows, and tells how far it is.

Decides which row is whose, and what becomes of an interruption: this process passes it on, so that one word of a person
is one word to each. The processes are forked when everything is open and checked. They share the files, to which each
appends whole lines, and the lock on them: when this process is gone, they finish what is under way and end.
"""

from __future__ import annotations

import os
import select
import signal
import struct
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

import msgspec
from msgspec import Struct, field

from arazzo_engine.reporting.batches.summary import Summary
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.world.batches.rows import Row

_LENGTH: Final = struct.Struct(">I")
_LARGEST_READ: Final = 65_536
# in seconds
_BETWEEN: Final = 0.1
# in seconds: a signal that came just before somebody waits is seen when they look up
_LOOK: Final = 0.1


# Works off a share, tells how far it is, and returns its exit code
Work: TypeAlias = "Callable[[Share, Callable[[Summary], None]], int]"


class Share(Struct, frozen=True):
    """Which rows are run here: each ``of``-th, from a place on."""

    place: int = 0
    of: int = 1

    def has(self, row: Row) -> bool:
        """Whether a row is one of them."""
        return row.number % self.of == self.place


class Telling(SilentState):
    """Tells how far a share is: from time to time, and at once when a row did not succeed."""

    told: Callable[[Summary], None]
    _next: float = 0.0
    _unsuccessful: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, summary: Summary) -> None:
        """Tell it, if it is time to; raises ``BrokenPipeError`` when nobody is there any more."""
        with self._lock:
            now = time.monotonic()
            if now >= self._next or summary.unsuccessful > self._unsuccessful:
                self._next, self._unsuccessful = now + _BETWEEN, summary.unsuccessful
                self.told(summary)


class Member(SilentState):
    """A process of a batch, seen from the one that started it: what it told last, and its code when it has ended."""

    pid: int
    pipe: int
    summary: Summary
    code: int | None = None
    _came: bytearray = field(default_factory=bytearray)

    def hear(self) -> bool:
        """Take what the process tells, and return whether it may tell more."""
        came = os.read(self.pipe, _LARGEST_READ)
        self._came += came
        while len(self._came) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._came)[0]
            if len(self._came) < end:
                break
            self.summary = msgspec.msgpack.decode(self._came[_LENGTH.size : end], type=Summary)
            del self._came[:end]
        if not came:
            os.close(self.pipe)
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return bool(came)


class Team(SilentState):
    """The processes of a batch. ``watch`` is told of all of them together, and says whether they are to go on."""

    members: list[Member]
    watch: Callable[[Summary], bool]
    is_interrupted: bool = False

    @property
    def summary(self) -> Summary:
        """How far all of them are."""
        return Summary.of_all([each.summary for each in self.members])

    @property
    def codes(self) -> tuple[int, ...]:
        """The exit codes, which are negative where a signal ended a process."""
        return tuple(each.code or 0 for each in self.members)

    def run(self, when_interrupted: Callable[[], None]) -> None:
        """Wait until all processes have ended."""
        is_told_to_end = False
        while waiting := {each.pipe: each for each in self.members if each.code is None}:
            try:
                for pipe in select.select(list(waiting), [], [], _LOOK)[0]:
                    waiting[pipe].hear()
                if not self.watch(self.summary) and not is_told_to_end:
                    is_told_to_end = True
                    self._interrupt()
            except KeyboardInterrupt:
                if not self.is_interrupted:
                    when_interrupted()
                self.is_interrupted = True
                self._interrupt()

    def _interrupt(self) -> None:
        for each in self.members:
            if each.code is None:
                with suppress(ProcessLookupError):
                    os.kill(each.pid, signal.SIGINT)


def start_team(
    size: int,
    summary: Summary,
    work: Work,
    watch: Callable[[Summary], bool],
) -> Team:
    """Start so many processes, each of which works off its share and returns its exit code."""
    members: list[Member] = []
    for place in range(size):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            for other in (reading, *(each.pipe for each in members)):
                os.close(other)
            _be_member(Share(place, size), writing, work)
        os.close(writing)
        members.append(Member(pid, reading, summary))
    return Team(members, watch)


def _be_member(share: Share, pipe: int, work: Work) -> NoReturn:
    """Work off a share in a process that was just forked, and end it."""
    # what a terminal sends to all processes of a command is passed on by the one that started them
    os.setpgid(0, 0)

    def tell(summary: Summary) -> None:
        content = msgspec.msgpack.encode(summary)
        rest = memoryview(_LENGTH.pack(len(content)) + content)
        while rest:
            rest = rest[os.write(pipe, rest) :]

    code = 1
    try:
        code = work(share, tell)
    finally:
        sys.stderr.flush()
        os._exit(code)
