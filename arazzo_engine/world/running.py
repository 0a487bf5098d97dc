"""Running what is prepared: from complete inputs to reports, with the driver that answers.

Decides what stands between a run and the world: the connections, the contracts, the deadline, the observers. What a
run does is the machine's to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.security.redirect_uris import ANY_PORT, RedirectUri
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.reporting.events import ignore
from arazzo_engine.validation.access import check_overrides
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.surroundings import Surroundings
from arazzo_engine.world.tracing.installed import unseen_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.machine.effects import Interaction
    from arazzo_engine.machine.interpreter import Call, Session
    from arazzo_engine.machine.settings import Limits, Settings
    from arazzo_engine.machine.tokens import Tokens
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.simulation.cues import Cues
    from arazzo_engine.simulation.paths.varying import Lean
    from arazzo_engine.simulation.staging import Stage
    from arazzo_engine.world.authorizing.desk import Desk, Person
    from arazzo_engine.world.authorizing.token_store import TokenStore
    from arazzo_engine.world.connections import Connections
    from arazzo_engine.world.contracts.holding import Held
    from arazzo_engine.world.drivers.driving import World
    from arazzo_engine.world.drivers.live import LiveWorld
    from arazzo_engine.world.drivers.signing import Signers
    from arazzo_engine.world.preparing import Ready
    from arazzo_engine.world.recording.recorder import Recorder, Recordings

Check = Literal["off", "warn", "error"]


class Means(Struct, frozen=True):
    """What an engine gives to the runs of its programs; the times are in seconds."""

    connections: Connections
    limits: Limits
    step_timeout: float
    timeout: float | None = None
    check: Check = "off"
    strict: bool = False
    warnings: tuple[Diagnostic, ...] = ()
    observe: Callable[[Event], None] = ignore
    person: Person | None = None
    around: Surroundings = Surroundings()
    retry_unsafe: bool = False
    redirect_uri: RedirectUri = ANY_PORT
    token_store: str | None = None
    signers: Signers = field(default_factory=dict)
    otel: bool = False
    trace_context: bool = False
    recordings: Recordings | None = None

    def live(self, deadline: Deadline, store: TokenStore | None = None) -> LiveWorld:
        """Return the live world until a deadline."""
        from arazzo_engine.world.drivers.live import LiveWorld  # noqa: PLC0415 - only for what is run

        return LiveWorld(self.connections.transport(), deadline, self.around, store, self.signers)

    def open_store(self) -> TokenStore | None:
        """Return the token store that the user names; raises ``ArazzoError`` (``option-invalid``)."""
        if self.token_store is None:
            return None
        from arazzo_engine.world.authorizing.token_store import open_store  # noqa: PLC0415 - few runs have one

        return open_store(self.token_store)

    def desk(self, deadline: Deadline, store: TokenStore | None) -> Desk:
        """Return what is asked before a run."""
        from arazzo_engine.world.authorizing.desk import Desk  # noqa: PLC0415 - few runs get tokens

        return Desk(
            self.live(deadline),
            self.step_timeout,
            time_left=deadline.remaining,
            redirect_uri=self.redirect_uri,
            store=store,
            now=self.around.clock.now,
        )


class Prepared(Struct, frozen=True):
    """Workflows with complete inputs, ready to be run, or with ``cues`` to be rehearsed.

    Without a ``run_id``, each run draws one.
    """

    ready: Ready
    settings: Settings
    means: Means
    tokens: Tokens
    cues: Cues | None = None
    run_id: str = ""
    store: TokenStore | None = None

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What should be said before the run."""
        unseen = unseen_spans() if self.means.otel else ()
        if self.cues is not None:
            return (*unseen, *self.ready.warnings)
        overrides = check_overrides(self.ready.workflows, self.settings.access)
        return (*unseen, *self.means.warnings, *overrides, *self.ready.warnings)

    def heeding_warnings(self) -> Prepared:
        """Return the same; raises ``ArazzoError`` when warnings are errors and there are any."""
        if self.means.strict and self.warnings:
            raise ArazzoError(*(warning.as_error() for warning in self.warnings))
        return self

    def settle(self, deadline: Deadline) -> Prepared:
        """Find what the tokens of the run need, and have a person grant what only a person can.

        Raises ``ArazzoError``.
        """
        access = self.settings.access
        if not access.credentials.by_scheme:
            return self
        from arazzo_engine.world.authorizing.settling import settle_access  # noqa: PLC0415 - few runs get tokens

        store = self.means.open_store()
        settled = settle_access(self.ready.workflows, access, self.means.desk(deadline, store), self.means.person)
        return replace(self.with_access(settled), store=store)

    def start(self, on_event: Callable[[Event], None] | None = None, deadline: Deadline | None = None) -> Runs:
        """Return the runs of the workflows; none runs again as another one's dependency.

        Raises ``ArazzoError`` (``option-invalid``) when they are to be recorded where nothing can be written.
        """
        deadline = deadline or Deadline()
        stage = None if self.cues is None else self._stage(self.cues)
        world = self.means.live(deadline, self.store) if stage is None else self._simulated(stage, deadline)
        recorder = self._recorder()
        return Runs(self, self.session(), world, on_event or self.means.observe, self.held(), deadline, stage, recorder)

    async def run_async(
        self, on_event: Callable[[Event], None] | None = None, deadline: Deadline | None = None
    ) -> RunReport:
        """Run the only workflow without blocking the event loop."""
        from arazzo_engine.world.drivers.driving import drive_async  # noqa: PLC0415 - only for what is run
        from arazzo_engine.world.drivers.live_async import AsyncLiveWorld  # noqa: PLC0415 - brings asyncio along

        (call,) = self.ready.calls
        transport = await self.means.connections.async_transport()
        deadline = deadline or Deadline()
        world = AsyncLiveWorld(transport, deadline, self.means.around, store=self.store, signers=self.means.signers)
        interaction, recorder = self.interaction(self.session(), call, self.held()), self._recorder()
        if recorder is not None:
            interaction = recorder.recorded(interaction)
        with watched_by(deadline.remaining):
            return await drive_async(interaction, world, on_event or self.means.observe)

    def with_access(self, access: Access) -> Prepared:
        """Return the same with another access."""
        return replace(self, settings=replace(self.settings, access=access))

    def named(self, run_id: str) -> Prepared:
        """Return the same for a run of this id."""
        return replace(self, run_id=run_id)

    def interactions(self) -> Iterator[tuple[Call, Interaction[RunReport], Held | None]]:
        """Yield each workflow with its run, of which nothing has happened yet, and what holds it to the contracts."""
        session, held = self.session(), self.held()
        yield from ((call, self.interaction(session, call, held), held) for call in self.ready.calls)

    def recorded_run(self) -> Interaction[RunReport]:
        """Return the run of the only workflow, recorded when it is to be.

        Raises ``ArazzoError`` (``option-invalid``) where no recording can be written.
        """
        ((_, interaction, _),) = self.interactions()
        recorder = self._recorder()
        return interaction if recorder is None else recorder.recorded(interaction)

    def interaction(self, session: Session, call: Call, held: Held | None = None) -> Interaction[RunReport]:
        """Return the run of a workflow, held to the contracts when something holds it."""
        from arazzo_engine.machine.interpreter import run  # noqa: PLC0415 - only for what is run

        interaction = run(session, call, self.run_id or self.means.around.draw())
        if held is not None:
            from arazzo_engine.world.contracts.holding import hold  # noqa: PLC0415 - few runs check

            interaction = hold(interaction, held)
        if self.means.otel:
            from arazzo_engine.world.tracing.tracing import trace_run  # noqa: PLC0415 - few runs make spans

            interaction = trace_run(interaction)
        return interaction

    def lean_of(self, call: Call, stage: Stage, deadline: Deadline) -> Lean:
        """Return where a rehearsal of a workflow leans; one that is told what fails goes where that leads."""
        from arazzo_engine.simulation.paths.leaning import Trial, lean_of  # noqa: PLC0415 - only for a rehearsal
        from arazzo_engine.simulation.paths.varying import Lean  # noqa: PLC0415 - the same
        from arazzo_engine.world.drivers.driving import drive  # noqa: PLC0415 - only for what is run

        unseen = replace(self, means=replace(self.means, otel=False), run_id="trial")

        def trial_of(lean: Lean) -> Trial:
            tried = stage.trial(lean)
            interaction = unseen.interaction(unseen.session(), call)
            return Trial(drive(interaction, self._simulated(tried, deadline)), tried.bent)

        if stage.cues.failing:
            return Lean()
        try:
            return lean_of(self.ready.linked, call.key, trial_of)
        except ArazzoError:
            # what interrupts a trial interrupts the rehearsal, which tells it
            return Lean()

    def _recorder(self) -> Recorder | None:
        """Return what records the runs, when they are to be."""
        if self.means.recordings is None:
            return None
        from arazzo_engine.world.recording import recorder  # noqa: PLC0415 - few runs are recorded

        began, rehearses = self.means.around.clock.now(), self.cues is not None
        session = recorder.Session(
            self.ready, self.settings, self.tokens, self.warnings, began, self.run_id, is_rehearsal=rehearses
        )
        return self.means.recordings.begin(session)

    def held(self) -> Held | None:
        """Return what holds the runs to the contracts, when they are to be checked."""
        if self.means.check == "off":
            return None
        from arazzo_engine.world.contracts.holding import Held, contract_of  # noqa: PLC0415 - few runs check

        return Held(contract_of(self.ready.linked), stops=self.means.check == "error")

    def session(self) -> Session:
        """Return what the runs share."""
        from arazzo_engine.machine.exchanges import Proofs  # noqa: PLC0415 - only for what is run
        from arazzo_engine.machine.interpreter import Session  # noqa: PLC0415 - the same

        return Session(self.ready.linked, self.settings, self.warnings, proofs=Proofs(self.tokens))

    def _stage(self, cues: Cues) -> Stage:
        from arazzo_engine.simulation.staging import Stage  # noqa: PLC0415 - only for a rehearsal

        return Stage(self.ready.linked, cues)

    def _simulated(self, stage: Stage, deadline: Deadline) -> World:
        from arazzo_engine.world.drivers.simulated import SimulatedWorld  # noqa: PLC0415 - only for a rehearsal

        return SimulatedWorld(stage, self.means.around, deadline)


class Runs(Struct, frozen=True):
    """The runs of one session, to be made one after the other; on a ``stage``, they are rehearsed.

    Each is ``followed`` by whoever stands between it and its driver.
    """

    prepared: Prepared
    session: Session
    world: World
    on_event: Callable[[Event], None]
    held: Held | None
    deadline: Deadline = field(default_factory=Deadline)
    stage: Stage | None = None
    recorder: Recorder | None = None
    followed: Callable[[Interaction[RunReport]], Interaction[RunReport]] | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The workflows to run, in order."""
        return self.prepared.ready.calls

    def run(self, call: Call) -> RunReport:
        """Run a workflow. What is raised carries the report: ``report_of`` finds it."""
        from arazzo_engine.world.drivers.driving import drive  # noqa: PLC0415 - only for what is run

        if self.stage is not None:
            with watched_by(self.deadline.remaining):
                self.stage.lean = self.prepared.lean_of(call, self.stage, self.deadline)
        interaction = self.prepared.interaction(self.session, call, self.held)
        if self.recorder is not None:
            interaction = self.recorder.recorded(interaction)
        if self.followed is not None:
            interaction = self.followed(interaction)
        with watched_by(self.deadline.remaining):
            return drive(interaction, self.world, self.on_event)

    def with_unused(self, report: RunReport) -> RunReport:
        """Return the report of the last of the runs, which tells the cues of steps that none of them came to."""
        found = tuple(map(_unused, () if self.stage is None else self.stage.unused()))
        return replace(report, diagnostics=(*report.diagnostics, *found)) if found else report


def _unused(name: str) -> Diagnostic:
    message = f"no request of step `{name}` was rehearsed, so what was given for it was not used"
    return diagnose("answer-unused", message, fix="look where the steps before it lead, or name another step")
