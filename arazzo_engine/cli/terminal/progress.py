"""What a person sees while a run goes on: a table that fills, a line for each step, and on a terminal what is done now.

Decides when something is written, and whether it stays: on a terminal the table is painted a few times a second,
whatever happens meanwhile; a pipe gets each line once. It only tells: nothing that a run does depends on it.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Self

import click
from msgspec import Struct, field

from arazzo_engine.cli.terminal.abilities import has_colours, is_ascii, paints
from arazzo_engine.cli.terminal.region import Region
from arazzo_engine.printable import bold, in_line
from arazzo_engine.reporting.events import Event, RunStarted, StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.lines.marks import OPENED, in_ascii
from arazzo_engine.reporting.screen.layout import (
    Columns,
    columns_for,
    folded,
    footer,
    heading,
    how_far,
    lay_out,
    lay_out_live,
)
from arazzo_engine.reporting.screen.outline import Outline, outline_of
from arazzo_engine.reporting.screen.rows import Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.step_report import StepReport

# between two pictures, in seconds: often enough for a person, and seldom enough for a run of many steps
_BETWEEN: Final = 0.1
# the heading, what is done now and how far it is have lines of their own
_OTHER_LINES: Final = 5


class Look(Struct, frozen=True):
    """How a run is shown. ``names_workflows`` is for several runs, each of which is told with its workflow.

    ``is_still`` is for a terminal that others write to as well, ``run_id`` for a run that is kept. ``said`` stands in
    the heading; ``exchange`` makes the text that is told of each attempt.
    """

    names_workflows: bool = False
    is_still: bool = False
    run_id: str = ""
    said: tuple[str, ...] = ()
    exchange: Callable[[StepReport], str] | None = None


class Progress(Struct):
    """An observer that writes to stderr."""

    masker: Masker
    look: Look = Look()
    table: Table | None = None
    outline: Outline = Outline("", "")
    _region: Region | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _over: threading.Event = field(default_factory=threading.Event)
    _ticker: threading.Thread | None = None
    _painted_at: float = 0.0
    _began: float = 0.0
    _has_begun: bool = False
    _has_colours: bool = False
    _is_ascii: bool = False

    def __enter__(self) -> Self:
        # a run that is kept goes on in another thread, where click knows nothing of the command
        self._has_colours, self._is_ascii = has_colours(sys.stderr), is_ascii(sys.stderr)
        if not self.look.is_still and paints(sys.stderr):
            self._region = Region(sys.stderr, self._has_colours, self._is_ascii)
            self._ticker = threading.Thread(target=self._tick, daemon=True)
            self._ticker.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._ticker is not None:
            self._ticker.join()
        self._leave()

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        with self._lock:
            self._take(event)
            if self._region is not None and time.monotonic() - self._painted_at > _BETWEEN:
                self._paint()

    def _take(self, event: Event) -> None:
        now = time.monotonic()
        match event:
            case RunStarted():
                self._begin(event, now)
            case StepStarted() if self.table is not None:
                for row in self.table.begin(event, now):
                    self._write_row(row)
            case Waiting() if self.table is not None:
                self.table.wait(event, now)
            case StepFinished() if self.table is not None:
                self._finish(event)
            case _:
                pass

    def _begin(self, event: RunStarted, now: float) -> None:
        self._leave()
        self.outline = Outline("", "") if event.scene is None else outline_of(event.scene)
        self.table, self._began = Table(self.masker, event.scene, self.outline.steps), now
        if self._has_begun:
            self._write("")
        elif event.scene is not None:
            said = (*self.look.said, *([f"run {in_line(self.look.run_id)}"] if self.look.run_id else []))
            self._write(self.masker.text(heading(self.outline, self._width(), said)))
        if self.look.names_workflows:
            self._write(f"{OPENED} {bold(in_line(event.workflow_id))}")
        if not self._has_begun or self.look.names_workflows:
            self._write("")
        self._has_begun = True

    def _finish(self, event: StepFinished) -> None:
        assert self.table is not None  # noqa: S101 - for the type checker
        row = self.table.finish(event)
        text = "" if self.look.exchange is None else self.look.exchange(event.report)
        if text:
            self._write(text)
        # what a workflow did that was called has been told, line by line
        if row is not None and not (row.calls and row.is_shown and row.kind is Kind.PASSED and not row.notes):
            self._write_row(row)
        if text:
            self._write("")

    def _write_row(self, row: Row) -> None:
        """Write a row that stays, where the table is not painted as a whole."""
        if self._keeps_rows:
            return
        columns = columns_for(self.outline, self._width())
        self._write("\n".join(lay_out(row, columns)))

    @property
    def _keeps_rows(self) -> bool:
        """Whether all rows are painted, and not written one by one."""
        return self._region is not None and self.look.exchange is None

    def _write(self, text: str) -> None:
        if self._region is None:
            text = in_ascii(text) if self._is_ascii else text
            click.echo(text, err=True, color=self._has_colours)
        else:
            self._region.above(text)

    def _width(self) -> int | None:
        """Return how wide a line may be, ``None`` where there is no end."""
        return None if self._region is None else self._region.size()[0] - 1

    # --- the picture ---

    def _tick(self) -> None:
        while not self._over.wait(_BETWEEN):
            with self._lock:
                self._paint()

    def _paint(self) -> None:
        table, region = self.table, self._region
        if table is None or region is None or self._over.is_set():
            return
        now = self._painted_at = time.monotonic()
        total, lines = region.size()
        width = total - 1
        columns = self._columns(table, width, lines)
        live, said = self._live(table, columns, now)
        done = sum(not each.is_open and each.kind is not Kind.GROUP for each in table.rows)
        far = how_far(done, self.outline.count, now - self._began)
        shown = self._rows(table, columns, lines, live) if self._keeps_rows else live
        region.paint([*shown, footer(far, said, width)])

    def _live(self, table: Table, columns: Columns, now: float) -> tuple[list[str], str]:
        """Return the line of what is done now, and what has no place in it."""
        current = table.current
        if current is None or current.kind is not Kind.RUNNING:
            return [], ""
        line, said = lay_out_live(current, columns, now, int(now / _BETWEEN))
        return [line], said

    def _rows(self, table: Table, columns: Columns, lines: int, live: list[str]) -> list[str]:
        """Return the last rows, as many as have a place, and a line for those before them."""
        taken: list[list[str]] = []
        room = _most(lines)
        for row in reversed(table.rows):
            told = live if live and row is table.current else lay_out(row, columns)
            room -= len(told)
            if room < 0:
                break
            taken.append(told)
        before = table.rows[: len(table.rows) - len(taken)]
        told_before = [folded(before, columns)] if before else []
        return [*told_before, *(line for told in reversed(taken) for line in told)]

    def _columns(self, table: Table, width: int, lines: int) -> Columns:
        widest = max((len(each.target) for each in table.rows[-_most(lines) :]), default=0)
        return columns_for(self.outline, width, widest)

    def _leave(self) -> None:
        """Leave the table as it is."""
        table, region = self.table, self._region
        if table is None or region is None:
            return
        total, lines = region.size()
        columns = self._columns(table, total - 1, lines)
        region.leave(self._rows(table, columns, lines, []) if self._keeps_rows else [])
        self.table = None


def _most(lines: int) -> int:
    """Return how many lines of a table have a place on a terminal of so many."""
    return max(1, lines - _OTHER_LINES)


class Unseen(Struct, frozen=True):
    """Who tells nothing of a run."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        pass

    def __call__(self, event: Event) -> None:
        """Take an event."""
