"""A request that may be sent again since somebody says so, or gave it a key: it is, and how often is told.

The process is one of this test's, so that every instant of a run can be tried; the server is real.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from crashing import Disk, Killed, MortalSteps
from loopback import Reply

from arazzo_engine import Engine
from arazzo_engine.durability.carrying import Carried, Task, Watching, carry_out
from arazzo_engine.durability.orders import Order, order_of
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.loading.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

_DOCUMENT: Final = """
arazzo: 1.1.0
info: { title: Pay, version: 1.0.0 }
sourceDescriptions: [{ name: api, url: api.yaml, type: openapi }]
workflows:
- workflowId: pay
  steps:
  - stepId: find
    operationId: find
  - stepId: charge
    operationId: charge
"""
_API: Final = """
openapi: 3.1.0
info: { title: Pay, version: 1.0.0 }
paths:
  /item: { get: { operationId: find, responses: { '200': { description: ok } } } }
  /charges:
    post:
      operationId: charge
      parameters: [{ name: Idempotency-Key, in: header, schema: { type: string } }]
      responses: { '201': { description: ok } }
"""
_KEY: Final = "parameters: [{ name: Idempotency-Key, in: header, schema: { type: string } }]"
_SAID: Final = "x-arazzo-engine-idempotent: true"
_LOST: Final = "it may have been sent by a process that ended before an answer was recorded, and is sent again"


class _Started:
    """A run as it was ordered, and what of it outlives every process."""

    def __init__(self, folder: Path, server: RecordingServer, api: str, **options: Any) -> None:
        (folder / "api.yaml").write_text(api)
        (folder / "pay.arazzo.yaml").write_text(_DOCUMENT)
        self.server, self.disk = server, Disk()
        with Engine(servers=server.url, **options) as engine:
            kept, texts = Library(), Texts()
            program = engine.open(folder / "pay.arazzo.yaml", library=kept)
            self.order: Order = order_of(engine, program.prepare(("pay",), GivenInputs({})), kept, texts)
        self.texts = texts.by_digest

    def carry_on(self, dies_at: int | None = None) -> tuple[Carried, int]:
        """Go on in a process of its own, and return what came of it, and how many instants it lived."""
        steps = MortalSteps(self.disk, dies_at)
        return carry_out(Task(self.order, self.texts, "run-1"), steps, Watching()), steps.instant

    def sent(self) -> list[str]:
        """Return the key of each charge that has arrived."""
        posts = [each for each in self.server.requests if each.method == "POST"]
        return [dict(each.headers).get("Idempotency-Key", "") for each in posts]


@pytest.fixture(autouse=True)
def _script(server: RecordingServer) -> None:
    server.script("GET", "/item", Reply(200, body={}))
    server.script("POST", "/charges", Reply(201, body={}))


@pytest.mark.parametrize(
    ("api", "options", "how"),
    [
        (_API, {}, "with `Idempotency-Key: {key}`"),
        (_API.replace(_KEY, _SAID), {}, "since it is said to be idempotent"),
        (_API.replace(_KEY, ""), {"assume_idempotent": ("charge",)}, "since it is said to be idempotent"),
    ],
)
def test_it_is_sent_again_wherever_its_process_died_and_how_often_is_told(
    api: str, options: dict[str, Any], how: str, tmp_path: Path, server: RecordingServer
) -> None:
    started = _Started(tmp_path, server, api, **options)
    _, instants = started.carry_on()
    told = []
    for instant in range(1, instants + 1):
        started.disk = Disk()
        server.requests.clear()
        with pytest.raises(Killed):
            started.carry_on(dies_at=instant)
        carried, _ = started.carry_on()
        assert carried.report.status is RunStatus.SUCCEEDED
        step = carried.report.to_json(Masker())["steps"][-1]
        keys = started.sent()
        told.append(step.get("sentBefore", 0))
        # each that arrived is told, and with one key
        assert len(set(keys)) == 1
        assert len(keys) <= 1 + told[-1]
        assert step["notes"] == [f"{_LOST} {how.format(key=keys[0])}"] * told[-1]
    # right after the intent, and after the request; before them nothing was sent, and after them it is answered
    assert sorted(told) == [0] * (instants - 2) + [1] * 2


def test_each_time_that_it_may_have_been_sent_is_told(tmp_path: Path, server: RecordingServer) -> None:
    started = _Started(tmp_path, server, _API)
    # the request is in the fifth instant of a process that begins, and in the third or so of one that goes on
    for dies_at in (6, 4, 4):
        with pytest.raises(Killed):
            started.carry_on(dies_at=dies_at)
    carried, _ = started.carry_on()
    step = carried.report.to_json(Masker())["steps"][-1]
    keys = started.sent()
    assert len(set(keys)) == 1
    assert 1 + step["sentBefore"] >= len(keys) >= 3
    names = [name for name, _ in started.disk.record]
    assert names[:5] == ["1 find", "2 charge: intent", "2 charge", "2 charge, turn 2: intent", "2 charge, turn 2"]


def test_what_an_earlier_engine_has_recorded_without_an_intent_goes_on(tmp_path: Path, server: RecordingServer) -> None:
    started = _Started(tmp_path, server, _API)
    whole, _ = started.carry_on()
    started.disk.record = [each for each in started.disk.record if not each[0].endswith(": intent")]
    earlier = list(started.disk.record)
    again, _ = started.carry_on()
    assert again.report.to_json(Masker()) == whole.report.to_json(Masker())
    # one that was begun before its charge gets an intent from now on
    started.disk.record = earlier[:1]
    started.carry_on()
    assert [name for name, _ in started.disk.record] == ["1 find", "2 charge: intent", "2 charge"]


def test_what_may_be_sent_again_by_its_method_needs_no_intent(tmp_path: Path, server: RecordingServer) -> None:
    server.script("PUT", "/charges", Reply(201, body={}))
    started = _Started(tmp_path, server, _API.replace("post:", "put:"))
    started.carry_on()
    assert [name for name, _ in started.disk.record] == ["1 find", "2 charge"]


def test_another_key_than_that_of_the_first_time_is_never_sent(tmp_path: Path, server: RecordingServer) -> None:
    started = _Started(tmp_path, server, _API)
    with pytest.raises(Killed):
        started.carry_on(dies_at=6)
    name, value = started.disk.record[1]
    intent = json.loads(value)
    headers = [[each, "another" if each == "Idempotency-Key" else of] for each, of in intent["asked"]["headers"]]
    started.disk.record[1] = name, json.dumps({"asked": intent["asked"] | {"headers": headers}})
    carried, _ = started.carry_on()
    (told,) = (each for each in carried.report.diagnostics if each.code == "run-differs")
    assert told.message.endswith("step `charge` differs in its header `idempotency-key`")
    assert len(started.sent()) == 1
