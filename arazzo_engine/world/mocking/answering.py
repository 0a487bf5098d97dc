"""The simulated APIs of documents as one that answers requests, whoever sends them. No socket is opened here.

Decides the order: which operation, whether the request is right, what the workflow would ask of the answer, and what
was made before. It is a rehearsal whose requests come from outside.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import StepKey
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.payloads import is_json, parse_payload
from arazzo_engine.machine.effects import Asked, Send
from arazzo_engine.mocking.requests import mistakes
from arazzo_engine.mocking.resources import GONE, Resources
from arazzo_engine.mocking.routes import Found, Routes, routes_of
from arazzo_engine.simulation.answers import drafts_of
from arazzo_engine.simulation.cues import Cues
from arazzo_engine.simulation.staging import Stage
from arazzo_engine.world.contracts.holding import contract_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.world.program import Program

_PROBLEM: Final = "application/problem+json"
_TOKEN: Final = {"access_token": "made-up", "token_type": "Bearer", "expires_in": 3600}
_MOST_KEYS: Final = 10_000


class Answered(Struct, frozen=True):
    """An answer, and for the log: which step or operation it was for, and what was wrong with the request."""

    response: Response
    name: str = ""
    mistakes: tuple[str, ...] = ()


class Mock(Struct):
    """The APIs of programs, simulated; ``answered`` counts the answers by the step or operation they were for."""

    routes: Routes
    stages: dict[str, Stage]
    callers: dict[str, list[tuple[LinkedWorkflow, LinkedStep]]]
    token_paths: frozenset[str]
    resources: Resources = field(default_factory=Resources)
    answered: dict[str, int] = field(default_factory=dict)
    keys: dict[tuple[str, str], Response] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def answer(self, request: Request) -> Answered:
        """Return the answer to a request; its URL may have any origin."""
        path = urlsplit(request.url).path
        content_type = header(request.headers, "content-type")
        request = replace(request, payload=parse_payload(bytes(request.content), content_type).value)
        if path in self.token_paths and request.method == "POST":
            return Answered(_json(200, _TOKEN), "token")
        found = self.routes.find(request.method, path)
        if not isinstance(found, Found):
            return _nowhere(found, request.method, path)
        wrong = tuple(self._mistakes(found, request))
        if wrong:
            status = 422 if any("body" in each for each in wrong) else 400
            return Answered(_problem(status, "the request is not what its operation describes", wrong), mistakes=wrong)
        key = _idempotency_key(request)
        known = self.keys.get((path, key)) if key else None
        if known is not None:
            return Answered(known, "the same as before, by its key")
        answered = self._simulated(found, request, path)
        if key and len(self.keys) < _MOST_KEYS and answered.response.status < 500:  # noqa: PLR2004 - an error of a server is tried again
            self.keys[path, key] = answered.response
        return answered

    def step_names(self) -> list[str]:
        """Return the names of all steps that may ask."""
        pairs = (pair for pairs in self.callers.values() for pair in pairs)
        return [f"{workflow.workflow.workflow_id}.{step.step.step_id}" for workflow, step in pairs]

    def _mistakes(self, found: Found, request: Request) -> Iterator[str]:
        query = parse_qs(urlsplit(request.url).query, keep_blank_values=True)
        stage = self.stages[found.operation.source]
        yield from mistakes(found, request, query, stage.linked.resolver)
        if request.content:
            contract = contract_of(stage.linked)
            for each in contract.check_body(request, found.operation):
                yield f"the body: {each.message}"

    def _simulated(self, found: Found, request: Request, path: str) -> Answered:
        operation = found.operation
        stage = self.stages[operation.source]
        caller = self._caller(operation)
        if caller is None:
            (draft, *_) = drafts_of(operation, stage.linked.resolver)
            name, response = operation.label, draft.response()
        else:
            name, response = self._for_step(stage, caller, operation, replace(request, path=found.values))
        self.answered[name] = self.answered.get(name, 0) + 1
        return Answered(self._remembered(found, request, path, response), name)

    def _caller(self, operation: Operation) -> tuple[LinkedWorkflow, LinkedStep] | None:
        """Return the step that a request is most likely for: of those that call the operation, one after the other."""
        callers = self.callers.get(_key(operation))
        if not callers:
            return None
        # a step is asked again and again until its answer leads on
        turn = self._next.get(_key(operation), 0)
        return callers[min(turn, len(callers) - 1)]

    def _for_step(
        self, stage: Stage, caller: tuple[LinkedWorkflow, LinkedStep], operation: Operation, request: Request
    ) -> tuple[str, Response]:
        workflow, step = caller
        key = StepKey(workflow.key, step.step.step_id)
        name = f"{workflow.workflow.workflow_id}.{step.step.step_id}"

        def scope_with(response: Response | None) -> Scope:
            return Scope(request=request, response=response, sources=workflow.sources)

        # what fails does so each time: it is never come to anew
        attempt = 1 if stage.visits.get(key) is None else 2
        sent = Send(request, operation, asked=Asked(workflow, step, attempt, scope_with))
        result = stage.answer(sent).result
        response = result if isinstance(result, Response) else Response(503)
        if response.status < 400:  # noqa: PLR2004 - an answer that leads on
            self._next[_key(operation)] = self._next.get(_key(operation), 0) + (stage.visits[key] > 1)
        return name, response

    def _remembered(self, found: Found, request: Request, path: str, response: Response) -> Response:
        if not is_json(response.content_type or "") and response.content:
            return response
        body = self.resources.answer(found, path.rstrip("/"), request.payload, response.payload)
        if body is GONE:
            return _problem(404, f"there is no {path}", ())
        if not response.content or body is response.payload:
            return response
        return replace(response, content=json.dumps(body, ensure_ascii=False).encode())


def mock_of(programs: list[Program]) -> Mock:
    """Return the APIs of programs, simulated; raises ``ArazzoError`` when an API cannot be read."""
    stages: dict[str, Stage] = {}
    callers: dict[str, list[tuple[LinkedWorkflow, LinkedStep]]] = {}
    operations: dict[str, Operation] = {}
    tokens: set[str] = set()
    for program in programs:
        linked = program.checked.linked
        stage = Stage(linked, program.cues or Cues())
        for operation in linked.operations():
            stages.setdefault(operation.source, stage)
        for each in _all_operations(linked.operations(), linked.resolver.documents):
            operations.setdefault(_key(each), each)
            tokens |= {urlsplit(flow.token_url).path for need in each.requirements for flow in need.scheme.flows}
        for workflow in linked.workflows.values():
            for step in workflow.steps:
                if isinstance(step.target, Operation):
                    callers.setdefault(_key(step.target), []).append((workflow, step))
    return Mock(routes_of(operations.values()), stages, callers, frozenset(tokens - {""}))


def _all_operations(known: Iterator[Operation], documents: Any) -> Iterator[Operation]:  # noqa: ANN401 - the loader
    """Yield every operation of the descriptions that some operations are of."""
    apis = {(each.source, each.description_uri) for each in known}
    for source, uri in sorted(apis):
        yield from open_api(source, documents.get(uri), documents).readable_operations()


def _key(operation: Operation) -> str:
    return f"{operation.source} {operation.method} {operation.path}"


def _idempotency_key(request: Request) -> str:
    return header(request.headers, "idempotency-key") or ""


def _nowhere(methods: tuple[str, ...], method: str, path: str) -> Answered:
    if methods:
        told = f"{path} takes {', '.join(methods)}, not {method}"
        response = _problem(405, told, ())
        return Answered(replace(response, headers=(*response.headers, ("Allow", ", ".join(methods)))), mistakes=(told,))
    told = f"no operation of the descriptions is at {path}"
    return Answered(_problem(404, told, ()), mistakes=(told,))


def _problem(status: int, title: str, details: tuple[str, ...]) -> Response:
    value: dict[str, Any] = {"status": status, "title": title}
    return _json(status, {**value, "errors": [*details]} if details else value, _PROBLEM)


def _json(status: int, value: Any, media_type: str = "application/json") -> Response:  # noqa: ANN401 - a JSON value
    return Response(status, (("Content-Type", media_type),), json.dumps(value, ensure_ascii=False).encode())
