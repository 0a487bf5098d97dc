"""A run that is cancelled in an event loop hands out its report, with the step that was cut off."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from loopback import RecordingServer, Reply
from scripted import AsyncScriptedWorld, ScriptedWorld, document, make_workflows_ready, step, workflow

import arazzo_engine
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.reporting.events import RunFinished
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.world.drivers.driving import drive_async

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport

_SHOP: Final = Path(__file__).resolve().parents[2] / "shop" / "orders.arazzo.yaml"
_INPUTS: Final = {"token": "t", "item": "book", "amount": 2}


class _Hanging(AsyncScriptedWorld):
    """Answers the first step; the second one's answer never comes."""

    def __init__(self) -> None:
        super().__init__(ScriptedWorld())
        self.hangs = asyncio.Event()

    async def send(self, effect: Send) -> Answer:
        # it gives no way to the loop before it hangs, so no time that is up comes first
        answered = self.world.send(effect)
        if effect.request.url.endswith("/b"):
            self.hangs.set()
            await asyncio.Event().wait()
        return answered


class _Observer:
    def __init__(self) -> None:
        self.reports: list[RunReport] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.reports.append(event.report)


def _driven(world: _Hanging, observer: _Observer) -> Awaitable[RunReport]:
    ready = make_workflows_ready(document(workflow(step("a"), step("b"), step("c"))))
    return drive_async(run(Session(ready.linked), ready.calls[0], "run"), world, observer)


async def _wait_for(world: _Hanging, observer: _Observer) -> None:
    # as long as the first step may ever take
    await asyncio.wait_for(_driven(world, observer), 1.0)


async def _timeout(world: _Hanging, observer: _Observer) -> None:
    async def end(limit: asyncio.Timeout) -> None:
        await world.hangs.wait()
        limit.reschedule(asyncio.get_running_loop().time())

    async with asyncio.timeout(None) as limit:
        ending = asyncio.create_task(end(limit))
        await _driven(world, observer)
    await ending


async def _cancel(world: _Hanging, observer: _Observer) -> None:
    task = asyncio.ensure_future(_driven(world, observer))
    await world.hangs.wait()
    task.cancel()
    await task


async def _fail_beside(world: _Hanging, observer: _Observer) -> None:
    """Fail in a task group, which cancels the run; what the task of the run raised has to be asked for."""

    async def fail() -> None:
        await world.hangs.wait()
        raise LookupError

    async def driven() -> None:
        await _driven(world, observer)

    with pytest.raises(ExceptionGroup):  # noqa: PT012 - the group is what raises
        async with asyncio.TaskGroup() as group:
            task = group.create_task(driven())
            group.create_task(fail())
    task.result()


@pytest.mark.parametrize(
    ("cancel", "error"),
    [
        (_wait_for, TimeoutError),
        (_timeout, TimeoutError),
        (_cancel, asyncio.CancelledError),
        (_fail_beside, asyncio.CancelledError),
    ],
)
def test_a_cancelled_run_hands_out_its_report(
    cancel: Callable[[_Hanging, _Observer], Awaitable[None]], error: type[BaseException]
) -> None:
    async def catch() -> tuple[BaseException, _Hanging]:
        world = _Hanging()
        with pytest.raises(error) as caught:
            await cancel(world, observer)
        return caught.value, world

    observer = _Observer()
    caught, world = asyncio.run(catch())
    report = arazzo_engine.report_of(caught)
    assert report is not None
    assert isinstance(world.world, ScriptedWorld)
    assert world.world.calls == "ab"
    assert report.status is RunStatus.IN_DOUBT
    assert [each.step_id for each in report.steps] == ["a", "b"]
    assert [each.code for each in report.diagnostics] == ["request-in-doubt", "interrupted"]
    # observers have it as well
    (told,) = observer.reports
    assert (told.status, told.steps) == (report.status, report.steps)


def test_ctrl_c_in_an_event_loop_hands_out_the_report() -> None:
    class Interrupted(_Hanging):
        async def send(self, effect: Send) -> Answer:
            if effect.request.url.endswith("/b"):
                asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
            return await super().send(effect)

    async def main() -> None:
        await _driven(Interrupted(), _Observer())

    with pytest.raises(KeyboardInterrupt) as interrupted:
        asyncio.run(main())
    report = arazzo_engine.report_of(interrupted.value)
    assert report is not None
    assert (report.status, len(report.steps)) == (RunStatus.IN_DOUBT, 2)


class _Arrived(threading.Event):
    """Held back by the server; says in the loop that the request has arrived."""

    def __init__(self, loop: asyncio.AbstractEventLoop, arrived: asyncio.Event) -> None:
        super().__init__()
        self._loop, self._arrived = loop, arrived

    def wait(self, timeout: float | None = None) -> bool:
        self._loop.call_soon_threadsafe(self._arrived.set)
        return super().wait(timeout)


def test_a_charge_that_is_cancelled_on_its_way_is_in_doubt(server: RecordingServer) -> None:
    async def catch() -> BaseException:
        arrived = asyncio.Event()
        held = _Arrived(asyncio.get_running_loop(), arrived)
        server.script("GET", "/items/book", Reply(200, body={"id": 1}))
        server.script("POST", "/charges", Reply(201, body={"receipt": "r"}).after(held))
        run = arazzo_engine.run_async(str(_SHOP), inputs=_INPUTS, servers={"": server.url})
        task = asyncio.ensure_future(run)
        await arrived.wait()
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as cancelled:
            return cancelled
        finally:
            held.set()
        raise AssertionError

    report = arazzo_engine.report_of(asyncio.run(catch()))
    assert report is not None
    assert report.status is RunStatus.IN_DOUBT
    find, charge = report.steps
    assert (find.status.value, charge.status.value) == ("succeeded", "failed")
    assert charge.request is not None
    assert charge.request.method == "POST"
    assert len(server.requests) == 2


def test_a_request_that_is_cancelled_before_it_could_leave_was_not_sent() -> None:
    async def catch(listener: socket.socket) -> BaseException:
        # it takes connections, and says nothing of TLS
        silent = f"https://127.0.0.1:{listener.getsockname()[1]}"
        run = arazzo_engine.run_async(str(_SHOP), inputs=_INPUTS, servers={"": silent})
        task = asyncio.ensure_future(run)
        with (await asyncio.to_thread(listener.accept))[0] as connection:
            await asyncio.to_thread(connection.recv, 1)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError as cancelled:
                return cancelled
        raise AssertionError

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20.0)
        report = arazzo_engine.report_of(asyncio.run(catch(listener)))
    assert report is not None
    reason = "the request was not sent, because the run was stopped"
    assert report.steps[-1].response == NoResponse(Failure.INTERRUPTED, reason, sent=False)
