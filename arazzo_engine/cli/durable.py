"""``arazzo run --durable`` and what goes on with a run: executing it in this process, or leaving it to workers.

Decides what a person is told of a run that can be resumed. What is kept, and how, is the durable wing's.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.opening import open_program
from arazzo_engine.cli.options import make_engine
from arazzo_engine.cli.running import observer, progress_of
from arazzo_engine.cli.telling.advice import Advice, database_named, with_database
from arazzo_engine.cli.terminal.person import somebody
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.durability.carrying import Watching
from arazzo_engine.durability.hosting import Host, RunLeft, open_place, telling_unavailable
from arazzo_engine.durability.orders import order_of
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.recording import record_run
from arazzo_engine.durability.runs import check_id, enqueue, start
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.signals import signals_interrupt
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.recording.places import check_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.cli.opening import Asked
    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.carrying import Carried
    from arazzo_engine.durability.ledger import Ledger
    from arazzo_engine.durability.orders import Order
    from arazzo_engine.durability.places import Place


class Durably(Struct, frozen=True):
    """How a run is kept: its id, the database, and how long this process stays with it, in seconds; or not at all.

    ``record`` is where its recording goes, which is made of what is kept when this process leaves it.
    """

    run_id: str | None = None
    url: str | None = None
    timeout: float | None = None
    is_detached: bool = False
    record: str | None = None


def run_durably(options: dict[str, Any], asked: Asked, output: Output, durably: Durably) -> int:
    """Start a run and stay with it; raises ``ArazzoError``."""
    if asked.every:
        message = "`--all` and `--durable` exclude each other: each run that is kept is one workflow"
        raise ArazzoError(diagnose("option-invalid", message, fix="name one with `--workflow`"))
    deadline = Deadline(durably.timeout)
    order, texts = ordered({**options, "timeout": durably.timeout}, asked, output, deadline)
    # an id that is empty is refused: a shell's variable that is not set would be a run of its own each time
    run_id = order.seed if durably.run_id is None else durably.run_id
    check_id(run_id)
    if durably.record is not None:
        check_place(durably.record)
    if durably.is_detached:
        _leave(run_id, order, texts, find_place(durably.url))
        output.write(run_id if output.format_ == "text" else json.dumps({"runId": run_id}))
        return ExitCode.SUCCESS
    with Host(find_place(durably.url)) as host:
        code = Stay(host, run_id, output, deadline).until_end(lambda: start(host, run_id, order, texts.by_digest))
        return code if durably.record is None else _recorded(host, run_id, durably.record) or code


def _recorded(host: Host, run_id: str, place: str) -> int:
    """Record a run that has ended, and return 0 when that is done."""
    try:
        record_run(host.ledger, run_id, place)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)
    return 0


def _leave(run_id: str, order: Order, texts: Texts, place: Place) -> None:
    """Put a run into the queue."""
    with closing(open_place(place)) as ledger, telling_unavailable(place):
        enqueue(ledger, run_id, order, texts.by_digest)


def ordered(options: dict[str, Any], asked: Asked, output: Output, deadline: Deadline) -> tuple[Order, Texts]:
    """Check everything that can be known, and return the run that is to be made, with its documents.

    Raises ``ArazzoError``.
    """
    kept, texts = Library(), Texts()
    with make_engine(**options, person=somebody()) as given, watched_by(deadline.remaining):
        engine = given.for_document(asked.document, base=asked.base)
        opened = open_program(engine, asked, output, deadline, library=kept)
        prepared = opened.program.prepare(opened.program.workflow_ids, opened.given)
        output.warn(prepared.warnings)
        settled = prepared.settle(deadline)
        output.masker.learn(settled.settings.access.credentials.values())
        return order_of(engine, settled, kept, texts), texts


@contextmanager
def watching(output: Output, run_id: str, deadline: Deadline) -> Iterator[Watching]:
    """Show a run that is kept for as long as somebody looks on."""
    with progress_of(output, run_id=run_id) as progress:
        yield Watching(observer(output, progress), deadline)


class Stay(Struct, frozen=True):
    """A process that stays with a run until it ends, or until it is interrupted."""

    host: Host
    run_id: str
    output: Output
    deadline: Deadline = field(default_factory=Deadline)

    def until_end(self, go: Callable[[], Carried]) -> int:
        """Execute the run in this process, and tell how it ended; an interruption pauses it."""
        with signals_interrupt():
            try:
                with (
                    telling_unavailable(self.host.place),
                    watching(self.output, self.run_id, self.deadline) as self.host.watching[self.run_id],
                ):
                    carried = go()
            except KeyboardInterrupt:
                self.host.ledger.stop(self.run_id)
                self.output.reports.close((), self.output.masker)
                tell(with_database(f"paused: `arazzo runs resume {self.run_id}` goes on with it"), err=True)
                return ExitCode.RESUMABLE
            except RunLeft as left:
                self.output.refuse(left.diagnostics)
                return ExitCode.RESUMABLE
            return tell_carried(self.run_id, carried, self.output, self.host.ledger)


_NOT_THROUGH: Final = frozenset({RunStatus.STOPPED, RunStatus.PAUSED, RunStatus.IN_DOUBT})


def tell_carried(run_id: str, carried: Carried, output: Output, ledger: Ledger) -> int:
    """Tell how a run ended, or how far it came, and return the exit code."""
    output.masker.learn(carried.report.secrets)
    output.advice = Advice(has_again=False)
    code = output.finish((carried.report,))
    _tell_next(run_id, carried, ledger)
    return code


def _tell_next(run_id: str, carried: Carried, ledger: Ledger) -> None:
    """Tell what can be done with a run that is not through, and what is known of a request in doubt."""
    gives_up = carried.report.status in _NOT_THROUGH and ledger.run(run_id).is_cancelled
    if carried.doubt is not None and carried.report.is_unsettled:
        late = ledger.late_of(run_id, carried.doubt["place"])
        if late is not None and "response" in late:
            tell(f"its answer came after the run was taken over: {late['response']['status']}", err=True)
        tell(
            "\n".join(("settle it, once you know:", *_ways(run_id, carried.doubt.get("reads"), gives_up=gives_up))),
            err=True,
        )
    elif carried.report.status in _NOT_THROUGH and not gives_up:
        tell(f"go on: arazzo runs resume {run_id}{database_named()}", err=True)


def _ways(run_id: str, reads: str | None, *, gives_up: bool) -> Iterator[str]:
    """Yield the commands that settle a request in doubt, each with what it says; some steps read the answer."""
    happened = "--happened --response FILE" if reads else "--happened"
    ways = {
        happened: "it happened, and FILE has the answer" if reads else "it happened",
        "--send-again": "it did not happen, or does no harm twice: send it now",
        "--did-not-happen": "it did not happen: the step has failed, and what the document says of that follows",
    }
    if gives_up:
        ways.pop("--send-again")
    width = max(map(len, ways))
    for option, meaning in ways.items():
        yield f"  arazzo runs resolve {run_id}{database_named()} {option:<{width}}  {meaning}"
