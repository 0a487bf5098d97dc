"""The answers of a rehearsal: from the descriptions, and such that the workflow goes where its author meant it to.

Decides which documented response a step gets, so that the criteria pass and everything that is read later is there, and
how loops end: what keeps one going is answered once, then what leaves it. Whatever is made up beyond the description is
told, and what cannot be satisfied is answered as it is documented. How an answer is filled is for ``shaping``.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.idempotency import keys_asked_for
from arazzo_engine.apis.linking.linked import StepKey
from arazzo_engine.apis.linking.step_names import full_name
from arazzo_engine.apis.schemas.answers import accepting
from arazzo_engine.apis.schemas.asked_forms import told_forms, two_forms
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.messages.answers import Failure
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.reporting.events import RunStarted, StepFinished
from arazzo_engine.simulation.answers import (
    Draft,
    draft_with,
    drafts_of,
    failures_of,
    given_draft,
    whole_draft,
)
from arazzo_engine.simulation.cues import Cues, Fails, GivenAnswer, no_response
from arazzo_engine.simulation.fitting.elements import keeps
from arazzo_engine.simulation.fitting.refusals import refused_of
from arazzo_engine.simulation.goals import (
    ANYWHERE,
    ERRORS,
    SUCCESSES,
    Goal,
    action_after,
    asks_body,
    branches_of,
    goals_of,
    succeeds,
    ways_to_fail,
)
from arazzo_engine.simulation.paths.statuses import with_asked_statuses, with_usual_statuses
from arazzo_engine.simulation.paths.varying import Lean
from arazzo_engine.simulation.paths.ways import NO_ANSWER, ways_to, why_missed
from arazzo_engine.simulation.reading.reads import Reads
from arazzo_engine.simulation.reading.tracing import readings_of
from arazzo_engine.simulation.schema_ways import Ways
from arazzo_engine.simulation.shaping import Made, Shaper, notes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Request, Response
    from arazzo_engine.machine.effects import Asked, Send
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.simulation.paths.aims import Aim
    from arazzo_engine.simulation.paths.walk import Walk


# stands where no answer is made
_NOTHING: Final = Draft(200)


class Staged(Struct, frozen=True):
    """An answer, or none, what of it no description says, and how many seconds it takes."""

    result: Response | NoResponse
    notes: tuple[str, ...] = ()
    elapsed: float = 0.0


class Stage(Struct, dict=True):
    """Answers the requests of a rehearsal, as the cues say.

    In the run that is rehearsed now, ``visits`` counts how often each step has asked, ``entered`` how often it was come
    to: what is told to fail does so until it is left; ``followed`` are the actions that its successes had so far.
    ``ahead`` is how many seconds were only said to pass, those of waits among them where ``waits_pass``. With a
    ``walk``, answers lead to what it still has to show; its first run, and one without it, leads as the ``lean`` says.
    A trial keeps what it ``tried``, and tells nothing of it.
    """

    linked: LinkedDescription
    cues: Cues = field(default_factory=Cues)
    visits: dict[StepKey, int] = field(default_factory=dict)
    entered: dict[StepKey, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    followed: dict[StepKey, set[str]] = field(default_factory=dict)
    drafted: dict[int, tuple[Operation, tuple[Draft, ...]]] = field(default_factory=dict)
    accepted: dict[tuple[int, str], Operation] = field(default_factory=dict)
    ahead: float = 0.0
    waits_pass: bool = False
    walk: Walk | None = None
    lean: Lean = Lean()
    tried: list[Made] | None = None

    def begin(self) -> None:
        """Begin another run."""
        self.visits.clear()
        self.entered.clear()
        self.followed.clear()

    def answer(self, effect: Send) -> Staged:
        """Return the answer to a step's request."""
        if effect.operation is None or effect.asked is None:
            raise TypeError("a rehearsal makes up its tokens, so none is asked for")
        asked = effect.asked
        key = StepKey(asked.workflow.key, asked.step.step.step_id)
        self.visits[key] = self.visits.get(key, 0) + 1
        self.entered[key] = self.entered.get(key, 0) + (asked.attempt == 1)
        self.reached.add(full_name(key))
        cue = self._cue(key)
        elapsed = cue.delay if isinstance(cue, GivenAnswer) else 0.0
        made = self._play(asked, self._accepting(effect.operation, effect.request), key, cue)
        self._note_action(asked, key, made)
        if self.tried is not None:
            self.tried.append(made)
            return Staged(made.without or made.draft.response(), elapsed=elapsed)
        refused = refused_of(effect, effect.operation, self.linked.resolver)
        keys = (_of_key(each) for each in keys_asked_for(effect.operation, asked.step.given))
        told = (*notes_of(made), *self._shaper.unfit(made), *refused, *keys)
        notes = tuple(note for note in told if f"{key}{note}" not in self.told)
        self.told.update(f"{key}{note}" for note in notes)
        response = None if made.without is not None else made.draft.response()
        if self.walk is not None:
            self.walk.hear(asked, response)
        return Staged(response or made.without or made.draft.response(), notes, elapsed)

    def _note_action(self, asked: Asked, key: StepKey, made: Made) -> None:
        """Note which action follows an answer, where that may be another one the next time."""
        if made.without is None and asked.step.on_success:
            scope = asked.scope_with(made.draft.response())
            action = action_after(asked.step, scope) if succeeds(asked.step, made.draft.status, scope) else None
            self.followed.setdefault(key, set()).update([] if action is None else [action.name])

    def trial(self, lean: Lean) -> Stage:
        """Return a stage for a trial of where this one may lean, which makes the same answers."""
        return Stage(self.linked, self.cues, drafted=self.drafted, accepted=self.accepted, lean=lean, tried=[])

    def bent(self) -> int:
        """Count the answers of a trial that are not as they are described."""
        return sum(any((*notes_of(made), *self._shaper.unfit(made))) for made in self.tried or ())

    def wait(self, seconds: float) -> None:
        """Let time be said to pass."""
        if self.waits_pass:
            self.ahead += seconds

    def see(self, event: Event) -> None:
        """Know what happens: a run that begins knows nothing of those before it."""
        if isinstance(event, RunStarted):
            self.begin()
        if self.walk is not None and isinstance(event, StepFinished):
            self.walk.see(event.report)

    def is_told_of(self, key: StepKey) -> bool:
        """Whether anything is said of how a step is answered."""
        name = full_name(key)
        return name in self.cues.failing or name in self.cues.answers

    def unused(self) -> tuple[str, ...]:
        """Return the steps that were to be answered in a certain way, and asked for nothing."""
        return tuple(name for name in {**self.cues.failing, **self.cues.answers} if name not in self.reached)

    def _cue(self, key: StepKey) -> Fails | GivenAnswer | None:
        """Return what is said of this request; a failure goes before the answers of its step."""
        name = full_name(key)
        fails = self.cues.failing.get(name) if self.entered[key] == 1 else None
        answers = self.cues.answers.get(name)
        return fails or (None if answers is None else answers.answer(self.visits[key]))

    def _play(self, asked: Asked, operation: Operation, key: StepKey, cue: Fails | GivenAnswer | None) -> Made:
        reads = self._reads_now(asked, key)
        if cue is not None and cue.without is not None:
            return Made(_NOTHING, {}, without=cue.without)
        match cue:
            case Fails():
                drafts = self._failures(operation, cue)
                made = self._choose(ways_to_fail(asked.step), asked, drafts, Reads())
                why = f"the step did not fail: its criteria accept {drafts[-1].status}"
                return made or self._missed(asked, drafts[-1], why)
            case GivenAnswer(is_whole=True):
                return Made(whole_draft(cue), {})
            case GivenAnswer():
                drafts = tuple(given_draft(each, cue) for each in self._possible(operation, asked, cue.status))
                made = self._choose(goals_of(asked, self.visits[key], self.linked), asked, drafts, reads)
                return made or self._shaper.shape(drafts[0], ANYWHERE, asked, reads)
            case None if self.walk is not None:
                return self._walk(self.walk, asked, operation, key)
            case None:
                return self._lead(asked, operation, key)
            case _:
                assert_never(cue)

    def _lead(self, asked: Asked, operation: Operation, key: StepKey) -> Made:
        """Return the answer that leads where the workflow means to go: a documented one, else one that it asks for."""
        reads, drafts = self._reads_now(asked, key), self._possible(operation, asked, None)
        for possible in (drafts, tuple(with_usual_statuses(drafts, asked.step))):
            made = self._choose(self._goals(asked, key, self.visits[key]), asked, possible, reads)
            if made is not None:
                return made
        return self._missed(asked, drafts[0], "no answer was found that the step's criteria accept")

    def _walk(self, walk: Walk, asked: Asked, operation: Operation, key: StepKey) -> Made:
        for aim in walk.aims(key, asked.attempt):
            made = self._aimed(aim, asked, operation, key)
            if made is not None:
                walk.took(aim)
                return made
            walk.miss(aim, why_missed(asked.step, aim))
        drafts = self._possible(operation, asked, None)
        # what keeps a loop going is shown by the first run, or by an aim
        visit = self.visits[key] + (walk.runs > 1)
        made = self._choose(self._goals(asked, key, visit), asked, drafts, self._reads_now(asked, key))
        return made or self._missed(asked, drafts[0], "no answer was found that the step's criteria accept")

    def _aimed(self, aim: Aim, asked: Asked, operation: Operation, key: StepKey) -> Made | None:
        possible = self._possible(operation, asked, None)
        failures = () if aim.is_success else failures_of(operation, self.linked.resolver)
        goals = tuple(ways_to(asked.step, aim))
        reads = self._reads_now(asked, key)
        made = self._choose(goals, asked, _one_of_each_status((*failures, *possible)), reads)
        if made is not None and made.beyond and failures:
            # what an action asks of a body is better answered where the description has it
            described = self._choose(goals, asked, possible, reads)
            made = described if described is not None and not described.beyond else made
        if (
            made is None
            and not aim.is_success
            and any(goal.is_met(NO_ANSWER, asked.scope_with(None)) for goal in goals)
        ):
            return Made(_NOTHING, {}, without=no_response(Failure.CONNECT))
        return made

    def _failures(self, operation: Operation, fails: Fails) -> tuple[Draft, ...]:
        if fails.status is None:
            return failures_of(operation, self.linked.resolver)
        return (draft_with(fails.status, operation, self.linked.resolver),)

    def _possible(self, operation: Operation, asked: Asked, status: int | None) -> tuple[Draft, ...]:
        if status is None:
            return with_asked_statuses(self._drafts(operation), asked.step)
        return (draft_with(status, operation, self.linked.resolver),)

    def _missed(self, asked: Asked, draft: Draft, why: str) -> Made:
        """Return an answer that leads nowhere that was wanted, and why."""
        forms = two_forms(asked.step.step.success_criteria)
        why = why if forms is None else f"{why}: {told_forms(*forms)}"
        return replace(self._shaper.shape(draft, ANYWHERE, asked, Reads()), missed=why)

    @cached_property
    def _reads(self) -> dict[StepKey, Reads]:
        return readings_of(self.linked).answers

    def _goals(self, asked: Asked, key: StepKey, visit: int) -> Iterator[Goal]:
        """Yield where a step may go: where this run leans, then as ever."""
        if self._leans and key in self.lean.aims:
            yield from ways_to(asked.step, self.lean.aims[key])
        yield from goals_of(asked, visit, self.linked, self.followed.get(key, ()))

    @property
    def _leans(self) -> bool:
        return self.walk is None or self.walk.runs <= 1

    def _reads_now(self, asked: Asked, key: StepKey) -> Reads:
        scope = asked.scope_with(None)

        def now(reads: Reads) -> Reads:
            return reads.at_visit(self.visits[key], asked.workflow.key, scope)

        reads = now(self._reads.get(key, Reads()))
        varied = self.lean.answers if self._leans else {}
        if self.walk is not None and self.walk.variation is not None:
            varied = self.walk.variation.answers
        return reads.followed_by(now(varied[key])) if key in varied else reads

    @cached_property
    def _shaper(self) -> Shaper:
        return Shaper(self.linked, Ways(self.linked.resolver))

    def _accepting(self, operation: Operation, request: Request) -> Operation:
        key = id(operation), header(request.headers, "accept") or ""
        if key not in self.accepted:
            self.accepted[key] = accepting(operation, key[1])
        return self.accepted[key]

    def _drafts(self, operation: Operation) -> tuple[Draft, ...]:
        """Return what an operation answers; it is asked for by each step that calls it."""
        key = id(operation)
        if key not in self.drafted:
            self.drafted[key] = (operation, drafts_of(operation, self.linked.resolver))
        return self.drafted[key][1]

    def _choose(self, goals: Iterable[Goal], asked: Asked, drafts: tuple[Draft, ...], reads: Reads) -> Made | None:
        for goal in goals:
            made: Made | None = None
            for each in self._meeting(goal, asked, drafts, reads):
                if keeps(each.draft.body, reads) or (goal.by_error is not None and each.draft.status in ERRORS):
                    return each
                made = made or each
            if made is not None:
                return made
        return None

    def _meeting(self, goal: Goal, asked: Asked, drafts: tuple[Draft, ...], reads: Reads) -> Iterator[Made]:
        """Yield the answers that meet a goal by one of its alternatives."""
        for branch in branches_of(goal):
            made = self._described_by_error(branch, asked, drafts)
            if made is not None:
                yield made
            for draft in drafts:
                go_on()
                for made in self._shapes(draft, branch, asked, reads):
                    if branch.is_met(made.draft.status, asked.scope_with(made.draft.response())):
                        yield made

    def _described_by_error(self, goal: Goal, asked: Asked, drafts: tuple[Draft, ...]) -> Made | None:
        """Return the error that is described with what a goal asks for, where no success is."""
        if goal.by_error is None or not any(map(asks_body, goal.passing)):
            return None
        for is_met, statuses in ((goal.is_met, SUCCESSES), (goal.by_error, ERRORS)):
            shaped = (self._shaper.shape(each, goal, asked, Reads()) for each in drafts if each.status in statuses)
            described = (each for each in shaped if not each.beyond)
            met = (each for each in described if is_met(each.draft.status, asked.scope_with(each.draft.response())))
            made = next(met, None)
            if made is not None:
                return made if statuses is ERRORS else None
        return None

    def _shapes(self, draft: Draft, goal: Goal, asked: Asked, reads: Reads) -> Iterator[Made]:
        """Yield a draft by each other example that has all that is wanted where the first has not, and by that."""
        made = self._shaper.shape(draft, goal, asked, reads)
        for body in draft.others if made.draft.body != draft.body else ():
            other = self._shaper.shape(replace(draft, body=body), goal, asked, reads)
            if other.draft.body == body:
                yield other
        yield made


def in_time(staged: Staged, timeout: float | None) -> Staged:
    """Return an answer, or none where it takes longer than it is waited for."""
    if timeout is None or staged.elapsed <= timeout:
        return staged
    late = no_response(Failure.TIMEOUT, f"no answer within {timeout:.3g} s")
    return Staged(late, staged.notes, timeout)


def _one_of_each_status(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return the first draft of each status, which is the better one, in their order."""
    first: dict[int, Draft] = {}
    for each in drafts:
        first.setdefault(each.status, each)
    return tuple(first.values())


def _of_key(name: str) -> str:
    return f"`{name}` is required and no step gives it: one is made up here, and by a run, too"
