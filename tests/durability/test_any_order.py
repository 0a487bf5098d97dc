"""Runs that are started, killed, resumed, cancelled, settled and taken over in any order, by real processes.

Every process is one of its own, which SIGKILL ends at an instant that is drawn; the database is SQLite, and the server
is real. Whatever the order: nobody is charged twice without a person's word, a result that was given once is the same
ever after, and what is in doubt is settled by a person only. In the end, nothing is lost.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import places
import pytest
from cryptography.fernet import Fernet
from forking import Forker
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from loopback import Recorded, RecordingServer, Reply

from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.ledger import FLEET
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.runs import State, look, settle, state_of
from arazzo_engine.durability.steps import Said, Settlement
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.recording.replies import write_answer

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.ledger import KeptRun, Ledger

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

_EXAMPLES: Final = int(os.environ.get("ORDERS", "8"))
_RUNS: Final = ("order-1", "order-2")
_KEY: Final = Fernet.generate_key().decode()
# in seconds
_LOOK: Final = 0.02
# a run has no more instants than these
_INSTANTS: Final = st.none() | st.integers(1, 14)
_KILLED: Final = -signal.SIGKILL
# a worker that is told to end may just have begun
_ENDED: Final = {0, 130, _KILLED, -signal.SIGTERM}
_OVER: Final = {State.SUCCEEDED, State.FAILED, State.CANCELLED}


class _Shop(RecordingServer):
    """Answers each charge with a receipt of its own; one charge can be left without an answer, or held back."""

    def __init__(self) -> None:
        super().__init__()
        self.is_mute = False
        self.held: tuple[threading.Event, threading.Event] | None = None

    def answer(self, request: Recorded) -> Reply:
        self.script(request.method, request.path, self._reply(request))
        return super().answer(request)

    def _reply(self, request: Recorded) -> Reply:
        held, self.held = self.held, None
        reply = Reply(200, body={"id": "item-1", "price": 3.5})
        if request.method == "POST":
            reply = Reply.close() if self.is_mute else Reply(201, body=_receipt(f"order-{request.json['amount']}"))
            self.is_mute = False
        return reply if held is None else reply.telling(held[0]).after(held[1])

    @property
    def charges(self) -> Counter[str]:
        """How often each run was charged."""
        return Counter(f"order-{each.json['amount']}" for each in self.requests if each.method == "POST")


def _receipt(run: str) -> dict[str, JsonValue]:
    return {"receipt": f"receipt of {run}"}


class _AnyOrder(RuleBasedStateMachine):
    """Two runs, and whatever can be done with them; ``words`` counts how often a person had one sent again."""

    forker: Forker
    folder: Path
    empty: Path

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.empty, self.home / "state")
        self.environment = {"ARAZZO_STATE_DIR": str(self.home / "state"), "TOLD": str(self.home / "told.txt")}
        self.ledger: Ledger = open_place(find_place(environment=self.environment))
        self.shop = _Shop()
        self.shop.__enter__()
        self.words: Counter[str] = Counter()
        self.ended: dict[str, object] = {}
        self.doubted: set[str] = set()
        self.cancelled: set[str] = set()
        # a process that is held within a request, and what lets it go on
        self.zombie: tuple[int, threading.Event] | None = None

    def _run(self, *command: str, dies_at: int | None = None) -> int:
        code = self.forker.run(command, self.environment, dies_at)
        assert code in {0, 1, 2, 5, _KILLED}, (command, self._told())
        return code

    def _known(self) -> dict[str, KeptRun]:
        return {each.run_id: each for each in self.ledger.runs()}

    def _start(self, run: str, *options: str) -> tuple[str, ...]:
        given = ("-i", "token=secret", "-i", "item=book", "-i", f"amount={run[-1]}")
        command = ("run", str(places.SHOP / "orders.arazzo.yaml"), *given, "--server", self.shop.url)
        return (*command, "--durable", "--run-id", run, *options)

    @rule(run=st.sampled_from(_RUNS), dies_at=_INSTANTS)
    def start(self, run: str, dies_at: int | None) -> None:
        self._run(*self._start(run), dies_at=dies_at)

    @rule(run=st.sampled_from(_RUNS))
    def leave_it_to_workers(self, run: str) -> None:
        self._run(*self._start(run, "--detach"))

    @rule(run=st.sampled_from(_RUNS), dies_at=_INSTANTS)
    def resume(self, run: str, dies_at: int | None) -> None:
        self._run("runs", "resume", run, dies_at=dies_at)

    @rule(run=st.sampled_from(_RUNS), deed=st.sampled_from(["pause", "cancel"]))
    def stop(self, run: str, deed: str) -> None:
        if self._run("runs", deed, run) == 0 and deed == "cancel":
            self.cancelled.add(run)

    @rule()
    def lose_the_answer_of_the_next_charge(self) -> None:
        self.shop.is_mute = True

    @precondition(lambda self: self.zombie is None)
    @rule(run=st.sampled_from(_RUNS), deed=st.sampled_from(["start", "resume"]))
    def be_held_within_a_request(self, run: str, deed: str) -> None:
        """A process is not answered, if it comes to a request at all."""
        arrived, released = self.shop.held = threading.Event(), threading.Event()
        command = self._start(run) if deed == "start" else ("runs", "resume", run)
        process = self.forker.start(command, self.environment)
        while not arrived.wait(_LOOK):
            if not self.forker.is_running(process):
                self.shop.held = None
                return
        self.zombie = (process, released)

    @precondition(lambda self: self.zombie is not None)
    @rule()
    def wake_up(self) -> None:
        """The answer comes, whoever goes on with the run by now."""
        assert self.zombie is not None
        process, released = self.zombie
        self.zombie = None
        released.set()
        assert self.forker.wait(process) in {0, 1, 5}

    @rule(deaths=st.lists(st.integers(1, 14), max_size=2))
    def let_workers_work(self, deaths: list[int]) -> None:
        """Workers take what is in the queue, each until it dies, and the last one until nothing is left."""
        for number, dies_at in enumerate((*deaths, None)):
            process = self.forker.start(self._worker(f"worker-{number}"), self.environment, dies_at)
            while self.forker.is_running(process):
                if not self._is_at_work():
                    os.kill(process, signal.SIGTERM)
                    assert self.forker.wait(process) in _ENDED
                    break
                threading.Event().wait(_LOOK)

    def _worker(self, name: str) -> tuple[str, ...]:
        return ("worker", "--name", name, "--poll", "0.05", "--lost-after", "0.5", "--grace", "5")

    def _is_at_work(self) -> bool:
        """Whether there is a run that a worker has, or could take."""
        return any(
            each.status in {"ENQUEUED", "PENDING"} and (each.queue == FLEET or each.executor.startswith("worker"))
            for each in self.ledger.runs()
        )

    @rule(run=st.sampled_from(_RUNS), said=st.sampled_from(Said), dies_at=_INSTANTS)
    def settle(self, run: str, said: Said, dies_at: int | None) -> None:
        """A person says what became of a request: the truth, where it is said that it happened."""
        if said is Said.HAPPENED and not self.shop.charges[run]:
            return
        known = self._known().get(run)
        if known is None or state_of(known) is not State.IN_DOUBT:
            # of a run that died with its request under way, the doubt shows once somebody looks
            is_heard = self._run("runs", "resolve", run, f"--{said}") != 2
            assert not is_heard or (known is not None and state_of(known) is State.INTERRUPTED)
            self.words[run] += is_heard and said is Said.SEND_AGAIN
            return
        settle(self.ledger, run, Settlement(said, _answered(run) if said is Said.HAPPENED else None))
        self.words[run] += said is Said.SEND_AGAIN
        self.doubted.discard(run)
        self._run("runs", "resume", run, dies_at=dies_at)

    @invariant()
    def nobody_is_charged_twice_without_a_word(self) -> None:
        for run, count in self.shop.charges.items():
            assert count <= 1 + self.words[run], (run, self._told())

    @invariant()
    def what_was_told_stands(self) -> None:
        known = self._known()
        for run, kept in known.items():
            state = state_of(kept)
            assert run not in self.doubted or state in {State.IN_DOUBT, State.CANCELLED}, (run, state, self._told())
            assert run not in self.cancelled or state is State.CANCELLED, (run, state, self._told())
            assert self.ended.get(run, kept.outcome) == kept.outcome, (run, self._told())
            if state is State.IN_DOUBT:
                self.doubted.add(run)
            if state in {State.SUCCEEDED, State.FAILED}:
                self.ended[run] = kept.outcome

    def _told(self) -> str:
        told = self.home / "told.txt"
        return told.read_text() if told.exists() else ""

    def teardown(self) -> None:
        """Bring each run to its end: a person goes on with it, and says what is so."""
        if self.zombie is not None:
            self.wake_up()
        for run in self._known():
            self._end(run)
        self.ledger.close()
        self.shop.__exit__(None, None, None)
        shutil.rmtree(self.home)

    def _end(self, run: str) -> None:
        for _ in range(4):
            state = state_of(self.ledger.run(run))
            if state in _OVER:
                break
            if state is State.IN_DOUBT:
                self.settle(run, Said.HAPPENED if self.shop.charges[run] else Said.SEND_AGAIN, None)
            else:
                self._run("runs", "resume", run)
        kept = self.ledger.run(run)
        assert state_of(kept) in _OVER, (run, state_of(kept), self._told())
        if state_of(kept) is State.SUCCEEDED:
            assert look(self.ledger, kept).report.outputs == _receipt(run)
            assert self.shop.charges[run] >= 1
        self.nobody_is_charged_twice_without_a_word()


def _answered(run: str) -> JsonValue:
    content = json.dumps(_receipt(run)).encode()
    return write_answer(Answer(Response(201, (("Content-Type", "application/json"),), content), 0.0, 0.0))


def test_in_whatever_order_nobody_is_charged_twice_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARAZZO_STATE_KEY", _KEY)
    _AnyOrder.folder, _AnyOrder.empty = tmp_path, tmp_path / "empty"
    open_place(find_place(environment={"ARAZZO_STATE_DIR": str(_AnyOrder.empty)})).close()
    with Forker() as _AnyOrder.forker:
        run_state_machine_as_test(
            _AnyOrder,
            settings=settings(
                max_examples=_EXAMPLES,
                stateful_step_count=8,
                # what processes do is not the same twice: nothing is gained by making an example smaller
                phases=(Phase.generate,),
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
