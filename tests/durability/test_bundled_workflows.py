"""The bundled workflows, each killed at every instant of its run: nothing is done twice, and the end is the same.

The server is a real one that answers as the APIs' descriptions say; the process is one of this test's, so that each
instant can be tried.
"""

from __future__ import annotations

from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

import places
import pytest
from crashing import Disk, Killed, MortalSteps

from arazzo_engine import Engine
from arazzo_engine.durability.carrying import Carried, Task, Watching, carry_out
from arazzo_engine.durability.orders import Order, order_of
from arazzo_engine.durability.steps import Said, Settlement
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.recording.replies import write_answer
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.mocking.answering import mock_of

if TYPE_CHECKING:
    from arazzo_engine.world.mocking.answering import Mock
    from arazzo_engine.world.program import Program

_BUNDLED: Final = {
    "bill-customer-location": "viam/arazzo/viam-bill-customer-location-workflow.yml",
    "book-trip": "travel/arazzo/travel-book-trip-workflow.yml",
    "export-report": "reports/arazzo/reports-export-workflow.yml",
}
_SAFE: Final = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}


class _Apis:
    """A server with the APIs of a document; ``asked`` are the requests, with the answers that it gave."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.forget()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def forget(self) -> None:
        """Begin anew."""
        self.mock: Mock = mock_of([self._program])
        self.asked: list[tuple[str, str, bytes, Response]] = []

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(apis) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, f"http://apis{self.path}", tuple(self.headers.items()), body)
                response = apis.mock.answer(request).response
                apis.asked.append((self.command, self.path, body, response))
                self.send_response(response.status)
                for name, value in (*response.headers, ("Content-Length", str(len(response.content)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(response.content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the names that the library calls

            def log_message(self, *_: object) -> None:
                """Tell nothing."""

        return Handler


class _Ordered:
    """A run that was ordered, and what of it outlives every process."""

    def __init__(self, document: str, workflow: str, apis: _Apis) -> None:
        self._order, self._texts = _order(document, workflow, apis)
        self._apis = apis
        self.disk = Disk()

    def carry_on(self, dies_at: int | None = None) -> tuple[Carried, int]:
        """Go on in a process of its own."""
        steps = MortalSteps(self.disk, dies_at)
        return carry_out(Task(self._order, self._texts, "run-1"), steps, Watching()), steps.instant

    def settled(self) -> tuple[Carried, int]:
        """Go on to the end, a person saying of each doubt what the server knows; return how many there were."""
        doubts = 0
        carried, _ = self.carry_on()
        while carried.report.status is RunStatus.IN_DOUBT:
            doubts += 1
            assert carried.doubt is not None
            self.disk.settlements[carried.doubt["place"]] = self._known(carried)
            carried, _ = self.carry_on()
        return carried, doubts

    def _known(self, carried: Carried) -> Settlement:
        # a workflow that was called ends after its last step
        request = next(each.request for each in reversed(carried.report.steps) if each.request is not None)
        path = urlsplit(request.url).path
        answer = next((each[3] for each in self._apis.asked if each[:2] == (request.method, path)), None)
        if answer is None:
            return Settlement(Said.SEND_AGAIN)
        return Settlement(Said.HAPPENED, write_answer(Answer(answer, 0.0, 0.0)))


def _order(document: str, workflow: str, apis: _Apis) -> tuple[Order, dict[str, bytes]]:
    servers = {name: f"{apis.url}/{name}" for name in apis.mock.routes.prefixes}
    with Engine(servers=servers) as engine:
        kept, texts = Library(), Texts()
        program = engine.open(document, library=kept)
        filled = program.filled(workflow, None)
        return order_of(engine, program.prepare((workflow,), filled.given), kept, texts), texts.by_digest


def _unsafe(apis: _Apis) -> Counter[tuple[str, str, bytes]]:
    return Counter(each[:3] for each in apis.asked if each[0] not in _SAFE)


def _told(carried: Carried) -> Any:
    """Return how a run ended; a poll that is made again may be answered sooner than it was."""
    report = carried.report.to_json()
    done = {each["stepId"]: each.get("outputs") for each in report["steps"] if each["status"] == "succeeded"}
    return report["status"], report["outputs"], done


@pytest.mark.parametrize("workflow", _BUNDLED)
def test_a_run_killed_at_any_instant_ends_the_same_and_does_nothing_twice(workflow: str) -> None:
    document = str(places.ROOT / "specs" / _BUNDLED[workflow])
    with Engine() as engine:
        program = engine.load(document)
    with _Apis(program) as apis:
        ordered = _Ordered(document, workflow, apis)
        whole, instants = ordered.carry_on()
        assert whole.report.succeeded, whole.report
        once = _unsafe(apis)
        doubts = 0
        for instant in range(1, instants + 1):
            ordered.disk = Disk()
            apis.forget()
            with pytest.raises(Killed):
                ordered.carry_on(dies_at=instant)
            carried, found = ordered.settled()
            doubts += found
            assert _told(carried) == _told(whole)
            assert _unsafe(apis) == once
    # each unsafe request was in doubt twice: after its intent, and after it was sent
    assert doubts == 2 * sum(once.values())
