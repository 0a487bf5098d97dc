"""A run that dies at any instant goes on where its record ends, and charges nobody twice.

The process is one of this test's, so that every instant of a run can be tried; the server is real.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import hypothesis.strategies as st
import pytest
from crashing import Disk, Killed, MortalSteps
from hypothesis import HealthCheck, given, settings
from loopback import Reply
from msgspec.structs import replace

from arazzo_engine import Engine
from arazzo_engine.durability.carrying import Carried, Task, Watching, carry_out
from arazzo_engine.durability.orders import Order, order_of, read_order
from arazzo_engine.durability.steps import Said, Settlement
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.loading.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

    from arazzo_engine.documents.values import JsonValue

_RETRYING: Final = """
arazzo: 1.1.0
info: { title: Pay, version: 1.0.0 }
sourceDescriptions: [{ name: api, url: api.yaml, type: openapi }]
workflows:
- workflowId: pay
  inputs: { type: object, required: [amount], properties: { amount: { type: integer } } }
  steps:
  - stepId: poll
    operationId: job
    successCriteria: [{ condition: $response.body#/state == 'done' }]
    onFailure: [{ name: again, type: retry, retryAfter: 0.01, retryLimit: 5 }]
    outputs: { item: $response.body#/item }
  - stepId: charge
    operationId: charge
    requestBody: { payload: { amount: $inputs.amount, item: $steps.poll.outputs.item } }
    outputs: { receipt: $response.body#/receipt }
  - stepId: mark
    operationId: mark
    requestBody: { payload: { receipt: $steps.charge.outputs.receipt } }
  outputs: { receipt: $steps.charge.outputs.receipt }
"""
_API: Final = """
openapi: 3.1.0
info: { title: Pay, version: 1.0.0 }
paths:
  /job: { get: { operationId: job, responses: { '200': { description: ok } } } }
  /charges:
    post:
      operationId: charge
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: ok } }
  /mark:
    put:
      operationId: mark
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '204': { description: ok } }
"""
_RECEIPT: Final[JsonValue] = {"receipt": "receipt-1"}


class _Started:
    """A run as it was ordered, and what of it outlives every process."""

    def __init__(self, order: Order, texts: dict[str, bytes]) -> None:
        self.order, self.texts, self.disk = order, texts, Disk()

    def carry_on(self, dies_at: int | None = None) -> tuple[Carried, int]:
        """Begin or go on in a process of its own, and return what came of it, and how many instants it lived."""
        order = read_order(json.loads(json.dumps(self.order.to_json())))
        steps = MortalSteps(self.disk, dies_at)
        carried = carry_out(Task(order, self.texts, "run-1"), steps, Watching())
        return carried, steps.instant

    def settle(self, carried: Carried, settlement: Settlement) -> None:
        """Say what became of the request that the run ended on."""
        assert carried.doubt is not None
        self.disk.settlements[carried.doubt["place"]] = settlement


@pytest.fixture
def started(tmp_path: Path, server: RecordingServer) -> _Started:
    (tmp_path / "api.yaml").write_text(_API)
    (tmp_path / "pay.arazzo.yaml").write_text(_RETRYING)
    with Engine(servers=server.url) as engine:
        kept, texts = Library(), Texts()
        program = engine.open(tmp_path / "pay.arazzo.yaml", library=kept)
        order = order_of(engine, program.prepare(("pay",), GivenInputs({"amount": 250})), kept, texts)
    return _Started(order, texts.by_digest)


@pytest.fixture(autouse=True)
def _script(server: RecordingServer) -> None:
    _play(server)


def _play(server: RecordingServer) -> None:
    server.requests.clear()
    waiting, done = Reply(200, body={"state": "waiting"}), Reply(200, body={"state": "done", "item": "i-1"})
    server.script("GET", "/job", waiting, waiting, done)
    server.script("POST", "/charges", Reply(201, body=_RECEIPT))
    server.script("PUT", "/mark", Reply(204))


def _sent(server: RecordingServer, method: str) -> int:
    return sum(each.method == method for each in server.requests)


def _told(carried: Carried) -> JsonValue:
    """Return the report without the times, which differ from run to run."""
    report = carried.report.to_json(Masker())
    for step in report["steps"]:
        del step["startedAt"], step["seconds"]
    return report


def test_a_run_that_nothing_ends_charges_once(started: _Started, server: RecordingServer) -> None:
    carried, _ = started.carry_on()
    assert carried.report.status is RunStatus.SUCCEEDED
    assert carried.report.outputs == _RECEIPT
    assert _sent(server, "POST") == 1


def test_a_run_that_is_over_is_told_again_without_a_request(started: _Started, server: RecordingServer) -> None:
    first, _ = started.carry_on()
    count = len(server.requests)
    again, instants = started.carry_on()
    assert again.report.to_json(Masker()) == first.report.to_json(Masker())
    assert (len(server.requests), instants) == (count, 0)


def test_a_run_that_dies_at_any_instant_charges_at_most_once(started: _Started, server: RecordingServer) -> None:
    whole, instants = started.carry_on()
    outcomes = []
    for instant in range(1, instants + 1):
        started.disk = Disk()
        _play(server)
        with pytest.raises(Killed):
            started.carry_on(dies_at=instant)
        carried, _ = started.carry_on()
        outcomes.append(carried.report.status)
        charges = _sent(server, "POST")
        if carried.report.status is RunStatus.IN_DOUBT:
            started.settle(carried, Settlement(Said.SEND_AGAIN if charges == 0 else Said.HAPPENED, _answer(charges)))
            carried, _ = started.carry_on()
        assert _sent(server, "POST") == 1
        assert carried.report.outputs == whole.report.outputs
    # right after the intent, and after the request: everything else goes on by itself
    assert outcomes.count(RunStatus.IN_DOUBT) == 2
    assert set(outcomes) == {RunStatus.IN_DOUBT, RunStatus.SUCCEEDED}


def _answer(charges: int) -> JsonValue:
    if not charges:
        return None
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.recording.replies import write_answer

    response = Response(201, (("Content-Type", "application/json"),), json.dumps(_RECEIPT).encode())
    return write_answer(Answer(response, 0.0, 0.0))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(deaths=st.lists(st.integers(1, 8), max_size=12))
def test_a_run_that_dies_again_and_again_charges_once(
    started: _Started, server: RecordingServer, deaths: list[int]
) -> None:
    started.disk = Disk()
    _play(server)
    for instant in (*deaths, None, None):
        try:
            carried, _ = started.carry_on(dies_at=instant)
        except Killed:
            continue
        if carried.report.status is RunStatus.IN_DOUBT:
            # the person knows what the server knows
            charges = _sent(server, "POST")
            started.settle(carried, Settlement(Said.HAPPENED if charges else Said.SEND_AGAIN, _answer(charges)))
    carried, _ = started.carry_on()
    assert carried.report.outputs == _RECEIPT
    assert _sent(server, "POST") == 1


def test_a_request_that_did_not_happen_has_failed_its_step(started: _Started, server: RecordingServer) -> None:
    _, instants = started.carry_on()
    started.disk = Disk()
    _play(server)
    in_doubt = _until_in_doubt(started, server, instants)
    started.settle(in_doubt, Settlement(Said.DID_NOT_HAPPEN))
    carried, _ = started.carry_on()
    assert carried.report.status is RunStatus.FAILED
    assert carried.report.steps[-1].step_id == "charge"


def _until_in_doubt(started: _Started, server: RecordingServer, instants: int) -> Carried:
    for instant in range(1, instants + 1):
        started.disk = Disk()
        _play(server)
        with pytest.raises(Killed):
            started.carry_on(dies_at=instant)
        carried, _ = started.carry_on()
        if carried.report.status is RunStatus.IN_DOUBT:
            return carried
    raise AssertionError("the run was never in doubt")


def test_what_is_asked_of_a_run_in_doubt_sends_nothing(started: _Started, server: RecordingServer) -> None:
    _, instants = started.carry_on()
    first = _until_in_doubt(started, server, instants)
    count = len(server.requests)
    again, _ = started.carry_on()
    assert again.report.status is first.report.status is RunStatus.IN_DOUBT
    assert again.doubt == first.doubt
    assert len(server.requests) == count


def test_another_document_that_would_send_something_else_is_refused(started: _Started, server: RecordingServer) -> None:
    with pytest.raises(Killed):
        started.carry_on(dies_at=6)
    count = len(server.requests)
    edited = {
        digest: each.replace(
            b"operationId: job\n", b"operationId: job\n    parameters: [{ name: q, in: query, value: 1 }]\n"
        )
        for digest, each in started.texts.items()
    }
    started.texts = edited
    carried, _ = started.carry_on()
    (problem,) = (each for each in carried.report.diagnostics if each.code == "run-differs")
    assert "step `poll` differs in its url (" in problem.message
    assert len(server.requests) == count
    assert replace(carried.report).status is RunStatus.STOPPED
