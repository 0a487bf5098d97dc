"""The time of a whole run bounds its requests and its waits, in a thread and in an event loop, and gives a report."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Final

import pytest
from loopback import RecordingServer, Reply
from scripted import answer, document, make_workflows_ready, step, workflow

from arazzo_engine.apis.security.access import Access
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.machine.endings import report_of
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Settings
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.driving import drive, drive_async
from arazzo_engine.world.drivers.live import LiveWorld
from arazzo_engine.world.drivers.live_async import AsyncLiveWorld
from arazzo_engine.world.http.transport import AsyncTransport, Transport

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.machine.effects import Interaction, Send
    from arazzo_engine.reporting.run_report import RunReport

_RETRY: Final = {"name": "again", "type": "retry", "retryAfter": 60, "retryLimit": 1}
_BOTH: Final = pytest.mark.parametrize("is_async", [False, True], ids=["thread", "loop"])


class _Sender:
    """Answers at once."""

    def __init__(self, result: Response) -> None:
        self.result = result
        self.sent: list[Send] = []

    def send(self, effect: Send) -> Answer:
        self.sent.append(effect)
        return Answer(self.result, 0.0, 0.0)


class _AsyncSender:
    def __init__(self, sender: _Sender) -> None:
        self.sender = sender

    async def send(self, effect: Send) -> Answer:
        return self.sender.send(effect)


def _interaction(*steps: dict[str, Any], server: str = "") -> Interaction[RunReport]:
    access = Access(servers={"": server} if server else {})
    ready = make_workflows_ready(document(workflow(*steps)))
    return run(Session(ready.linked, Settings(access)), ready.calls[0], "run")


def _run(interaction: Interaction[RunReport], sender: _Sender, deadline: Deadline, *, is_async: bool) -> RunReport:
    if is_async:
        return asyncio.run(drive_async(interaction, AsyncLiveWorld(_AsyncSender(sender), deadline)))
    return drive(interaction, LiveWorld(sender, deadline))


@_BOTH
def test_a_run_without_time_sends_nothing(is_async: bool) -> None:
    sender = _Sender(answer())
    report = _run(_interaction(step("a")), sender, Deadline(1e-9), is_async=is_async)
    assert (report.status, sender.sent) == (RunStatus.STOPPED, [])
    assert [each.code for each in report.diagnostics] == ["run-time-limit"]
    (told,) = report.steps
    assert isinstance(told.response, NoResponse)
    assert not told.response.sent


@_BOTH
def test_a_wait_ends_with_the_time_of_the_run(is_async: bool) -> None:
    sender = _Sender(answer(503))
    interaction = _interaction(step("a", onFailure=[_RETRY]))
    report = _run(interaction, sender, Deadline(0.3), is_async=is_async)
    assert (report.status, len(sender.sent)) == (RunStatus.STOPPED, 1)
    assert [each.code for each in report.diagnostics] == ["run-time-limit"]
    assert [(each.step_id, each.response) for each in report.steps] == [("a", answer(503))]


@_BOTH
def test_a_request_ends_with_the_time_of_the_run(server: RecordingServer, is_async: bool) -> None:
    released = threading.Event()
    server.script("POST", "/a", Reply(200).after(released))

    async def run_async() -> RunReport:
        async with AsyncTransport() as transport:
            return await drive_async(interaction, AsyncLiveWorld(transport, deadline))

    def run_sync() -> RunReport:
        with Transport() as transport:
            return drive(interaction, LiveWorld(transport, deadline))

    interaction, deadline = _interaction(step("a"), server=server.url), Deadline(0.3)
    report = asyncio.run(run_async()) if is_async else run_sync()
    released.set()
    assert report.status is RunStatus.IN_DOUBT
    assert [each.code for each in report.diagnostics] == ["request-in-doubt", "run-time-limit"]
    assert len(server.requests) == 1


class _Deaf:
    """Sends for ever, whatever time it is given."""

    async def send(self, effect: Send) -> Answer:
        del effect
        await asyncio.Event().wait()
        raise AssertionError


def test_a_sender_that_heeds_no_time_is_not_waited_for() -> None:
    interaction = _interaction(step("a"))
    report = asyncio.run(drive_async(interaction, AsyncLiveWorld(_Deaf(), Deadline(0.3), grace=0.01)))
    assert report.status is RunStatus.IN_DOUBT
    (told,) = report.steps
    assert isinstance(told.response, NoResponse)
    assert (told.response.failure, told.response.sent) == (Failure.TIMEOUT, True)


def test_what_a_sender_raises_itself_is_no_time_that_has_passed() -> None:
    class Raising:
        async def send(self, effect: Send) -> Answer:
            raise TimeoutError(str(effect.timeout))

    with pytest.raises(TimeoutError) as raised:
        asyncio.run(drive_async(_interaction(step("a")), AsyncLiveWorld(Raising(), Deadline(60.0))))
    report = report_of(raised.value)
    assert report is not None
    assert [each.code for each in report.diagnostics] == ["request-in-doubt", "engine-bug"]
