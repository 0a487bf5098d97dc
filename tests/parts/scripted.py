"""Runs of the pure core against a scripted world: the operations ``a`` to ``h``, each with its answers in order."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.apis.security.authorization import Signature
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import Signed
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.preparing import Ready, check_document, make_ready

if TYPE_CHECKING:
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.documents.document import Document
    from arazzo_engine.machine.effects import Keep, Recall, Send, Sign
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.drivers.driving import World

OPERATIONS: Final = "abcdefgh"
DOWN: Final = NoResponse(Failure.CONNECT, "nobody is there", sent=False)


def _api() -> Document:
    paths: dict[str, Any] = {f"/{name}": {"post": {"operationId": name, "responses": {}}} for name in OPERATIONS}
    paths["/things/{id}"] = {"get": {"operationId": "getThing", "responses": {}}}
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
    paths["/payments"] = {
        "post": {"operationId": "pay", "parameters": [key], "responses": {}},
        "get": {"operationId": "findPayments", "responses": {}},
    }
    paths["/payments/{id}"] = {
        "get": {"operationId": "findPayment", "responses": {}},
        "delete": {"operationId": "cancel", "responses": {}},
    }
    value = {"openapi": "3.1.0", "info": {}, "servers": [{"url": "https://x.example"}], "paths": paths}
    return read_document(json.dumps(value), "file:///api.json")


class OneSource(SourceLoader):
    """A loader that gives the same description for every source."""

    api = _api()

    def get(self, uri: str) -> Document:
        raise ArazzoError(diagnose("reference-not-found", f"`{uri}` is not there"))

    def load_source(self, source: object, base_uri: str) -> Document:
        del source, base_uri
        return self.api


def answer(status: int = 200, body: Any = None, **headers: str) -> Response:
    """Return a response with a JSON body."""
    content = b"" if body is None else json.dumps(body).encode()
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(status, (("Content-Type", "application/json"), *given), content)


@dataclass
class ScriptedWorld:
    """Answers each operation with its responses in order, the last one again and again.

    Time passes by waiting, and by ``takes`` seconds for each answer; one that comes too late is a timeout.
    """

    answers: dict[str, list[Response | NoResponse]] = field(default_factory=dict)
    now: float = 1_000_000.0
    takes: float = 0.0
    sent: list[Send] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    drawn: int = 0
    kept: list[Keep] = field(default_factory=list)

    def send(self, effect: Send) -> Answer:
        self.sent.append(effect)
        script = self.answers.get(_called(effect), [answer()])
        result = script.pop(0) if len(script) > 1 else script[0]
        started, timeout = self.now, effect.timeout
        if timeout is not None and timeout < self.takes:
            self.now += timeout
            return Answer(NoResponse(Failure.TIMEOUT, "nothing came in time"), started, timeout)
        self.now += self.takes
        return Answer(result, started, self.takes)

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds

    def emit(self, event: Event) -> float:
        self.events.append(event)
        return self.now

    def draw(self) -> str:
        self.drawn += 1
        return f"{self.drawn:032x}"

    def keep(self, effect: Keep) -> str:
        self.kept.append(effect)
        return ""

    def recall(self, effect: Recall) -> Token | None:
        kept = [each.token for each in self.kept if each.entry == effect.entry]
        return kept[-1] if kept else None

    def sign(self, effect: Sign) -> Signed:
        assert isinstance(effect.signature, Signature)
        return Signed(((effect.signature.header, "signed"),))

    @property
    def calls(self) -> str:
        """The operations that were sent, in order."""
        return "".join(map(_called, self.sent))


class AsyncScriptedWorld:
    """The scripted world for an event loop: it gives way to the loop before every answer."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def send(self, effect: Send) -> Answer:
        await asyncio.sleep(0)
        return self.world.send(effect)

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.world.wait(seconds)

    def emit(self, event: Event) -> float:
        return self.world.emit(event)

    def draw(self) -> str:
        return self.world.draw()

    async def keep(self, effect: Keep) -> str:
        return self.world.keep(effect)

    async def recall(self, effect: Recall) -> Token | None:
        return self.world.recall(effect)

    async def sign(self, effect: Sign) -> Signed:
        await asyncio.sleep(0)
        return self.world.sign(effect)


def _called(effect: Send) -> str:
    assert effect.operation is not None
    return effect.operation.operation_id or ""


def document(*workflows: dict[str, Any], version: str = "1.1.0", **rest: Any) -> str:
    """Return the text of an Arazzo document over the scripted API."""
    value = {
        "arazzo": version,
        "info": {"title": "Scripted", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": list(workflows),
        **rest,
    }
    return json.dumps(value, indent=1)


def workflow(*steps: dict[str, Any], name: str = "main", **rest: Any) -> dict[str, Any]:
    """Return a workflow."""
    return {"workflowId": name, "steps": list(steps), **rest}


def step(operation: str, **rest: Any) -> dict[str, Any]:
    """Return a step that calls an operation and has its name."""
    return {"stepId": operation, "operationId": operation, **rest}


def make_workflows_ready(
    text: str,
    name: str = "main",
    inputs: dict[str, Any] | None = None,
    settings: Settings = Settings(),  # noqa: B008 - a frozen value
) -> Ready:
    """Read, link and check a document, and return the workflow ready to run."""
    checked = check_document(read_document(text, "file:///main.json"), OneSource())
    return make_ready(checked, [name], GivenInputs(inputs or {}), settings)


def run_scripted(
    text: str,
    world: ScriptedWorld,
    inputs: dict[str, Any] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> RunReport:
    """Run the workflow ``main`` of a document."""
    settings = Settings(limits=limits)
    ready = make_workflows_ready(text, inputs=inputs, settings=settings)
    return drive(run(Session(ready.linked, settings), ready.calls[0], "run"), world)
