"""The inputs of a row, completed with those that all rows have in common, and checked before anything is sent.

Decides which of the two wins: what stands in the row. Whatever is wrong is told with the place in the rows.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location
from arazzo_engine.reporting.messages.named_secrets import texts_of
from arazzo_engine.typed import SilentState
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.loading.input_files import read_input_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.world.authorizing.token_store import TokenStore
    from arazzo_engine.world.batches.rows import Row, Source
    from arazzo_engine.world.preparing import Reached
    from arazzo_engine.world.program import Program
    from arazzo_engine.world.running import Prepared


class Preparing(Protocol):
    """What prepares the runs of rows."""

    @property
    def shown(self) -> str:
        """What the rows are called in messages."""
        ...

    def prepare(self, row: Row) -> Prepared:
        """Return the run of a row, of which everything is checked; raises ``ArazzoError`` with every finding."""
        ...


class RowInputs(Struct, frozen=True, dict=True, eq=False):
    """What makes a prepared run of a row: the program, what all rows have in common, and where the rows are.

    ``read`` reads the files that a row names.
    """

    program: Program
    common: GivenInputs
    source: Source
    store: TokenStore | None = None
    read: Callable[[GivenInputs, Iterable[LinkedWorkflow], str], GivenInputs] = read_input_files

    @property
    def shown(self) -> str:
        """What the rows are called in messages."""
        return self.source.shown

    def prepare(self, row: Row) -> Prepared:
        """Return the run of a row, of which everything is checked; raises ``ArazzoError`` with every finding."""
        if row.problem is not None:
            raise ArazzoError(row.problem)
        try:
            return self._prepared(self._given(row))
        except ArazzoError:
            # where things stand is looked up only when something is to be told
            places, at = row.places(), Location(self.shown, row.line)
        try:
            given = self._given(row)
            return self._prepared(replace(given, places={**given.places, **places}, row=at))
        except ArazzoError as error:
            raise ArazzoError(*self._of_row(error.diagnostics, row)) from error

    def settled(self, prepared: Prepared, deadline: Deadline) -> RowInputs:
        """Return the same with what the tokens of the runs need, which is found, or granted by a person, once for all.

        Raises ``ArazzoError``.
        """
        settled = prepared.settle(deadline)
        access = settled.settings.access
        program = replace(self.program, find_access=lambda: access)
        return replace(self, program=program, store=settled.store)

    def _prepared(self, given: GivenInputs) -> Prepared:
        prepared = self.program.prepare_reached(self._reached, given)
        return prepared if self.store is None else replace(prepared, store=self.store)

    @cached_property
    def _reached(self) -> Reached:
        """What is the same for all rows."""
        hidden = tuple(texts_of(self.common.secrets))
        return self.program.reach(self.program.workflow_ids, hidden)

    @cached_property
    def _workflows(self) -> tuple[LinkedWorkflow, ...]:
        return tuple(map(self.program.checked.workflow, self.program.workflow_ids))

    def _given(self, row: Row) -> GivenInputs:
        common, names = self.common, row.inputs.keys()
        own = self.read(GivenInputs(row.inputs), self._workflows, self.source.name)
        return replace(
            common,
            values={**common.values, **own.values},
            texts=common.texts - names,
            hidden=common.hidden - names,
            places={name: each for name, each in common.places.items() if name not in names},
            unread=(common.unread - names) | own.unread,
        )

    def _of_row(self, diagnostics: tuple[Diagnostic, ...], row: Row) -> tuple[Diagnostic, ...]:
        at = Location(self.shown, row.line)
        errors = [each for each in diagnostics if each.is_error]
        return tuple(each if each.location is not None else replace(each, location=at) for each in errors)


class Settling(SilentState):
    """The same for rows that were not checked: what the tokens of the runs need is found with the first that is right.

    ``learn`` is told the credentials.
    """

    inputs: RowInputs
    learn: Callable[[Iterable[str]], None]
    _is_settled: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def shown(self) -> str:
        """What the rows are called in messages."""
        return self.inputs.shown

    def prepare(self, row: Row) -> Prepared:
        """Return the run of a row; raises ``ArazzoError``, when its tokens cannot be had, too."""
        prepared = self.inputs.prepare(row)
        if self._is_settled:
            return prepared
        with self._lock:
            if not self._is_settled:
                self.inputs = self.inputs.settled(prepared, Deadline())
                self._is_settled = True
        prepared = self.inputs.prepare(row)
        self.learn(prepared.settings.access.credentials.values())
        return prepared
