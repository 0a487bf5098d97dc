"""The simulated APIs of documents as one that answers requests, whoever sends them. No socket is opened here.

Decides the order: which operation, whether the request is right, what the workflow would ask of the answer, and what
was made before. It is a rehearsal whose requests come from outside.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.payloads import is_json, media_type, parse_payload
from arazzo_engine.machine.effects import Asked, Send
from arazzo_engine.mocking.places import Places, places_of
from arazzo_engine.mocking.requests import Given, checks_of, given_by_server, mistakes
from arazzo_engine.mocking.resources import Refused, Resources, Wanted, name_of
from arazzo_engine.mocking.routes import Found, Routes, routes_of
from arazzo_engine.mocking.turns import Caller, Turns
from arazzo_engine.simulation.answers import drafts_of
from arazzo_engine.simulation.cues import Cues
from arazzo_engine.simulation.paths.ways import action_followed
from arazzo_engine.simulation.staging import Stage
from arazzo_engine.world.contracts.holding import contract_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.apis.linking.linked import LinkedStep, WorkflowKey
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.mocking.requests import ParameterCheck
    from arazzo_engine.world.program import Program

_PROBLEM: Final = "application/problem+json"
_TOKEN: Final = {"access_token": "made-up", "token_type": "Bearer", "expires_in": 3600}
_OF_THE_REQUEST: Final = ("$request", "$url", "$method")
_MOST_KEYS: Final = 10_000


class Answered(Struct, frozen=True):
    """An answer, and for the log: which step or operation it was for, and what was wrong with the request."""

    response: Response
    name: str = ""
    mistakes: tuple[str, ...] = ()


class _Made(Struct, frozen=True):
    """An answer that was made, and whether the step that it is for has succeeded with it."""

    response: Response
    leads_on: bool = True


class Mock(Struct):
    """The APIs of programs, simulated; ``answered`` counts the answers by the step or operation they were for.

    ``stages`` are those of the APIs by their names, ``staged`` those of the workflows.
    """

    routes: Routes
    places: Places
    stages: dict[str, Stage]
    staged: dict[WorkflowKey, Stage]
    callers: dict[str, list[Caller]]
    token_paths: frozenset[str]
    turns: Turns = field(default_factory=Turns)
    resources: Resources = field(default_factory=Resources)
    answered: dict[str, int] = field(default_factory=dict)
    keys: dict[tuple[str, str], Response] = field(default_factory=dict)
    _checks: dict[str, tuple[ParameterCheck, ...]] = field(default_factory=dict)
    _fixed: dict[str, frozenset[str]] = field(default_factory=dict)
    _settled: dict[str, _Made] = field(default_factory=dict)

    def answer(self, request: Request) -> Answered:
        """Return the answer to a request; its URL may have any origin."""
        path, _, query = request.url.partition("://")[2].partition("#")[0].partition("?")
        path = f"/{path.partition('/')[2]}"
        problem = None
        if request.content:
            parsed = parse_payload(bytes(request.content), header(request.headers, "content-type"))
            problem, request = parsed.problem, replace(request, payload=parsed.value)
        if path in self.token_paths and request.method == "POST":
            return Answered(_json(200, _TOKEN), "token")
        found = self.routes.find(request.method, path)
        if not isinstance(found, Found):
            return _nowhere(found, request.method, path)
        given = parse_qs(query, keep_blank_values=True) if query else {}
        unread = None if problem is None else f"the body cannot be read: {problem}"
        wrong = tuple(self._mistakes(found, request, given)) if unread is None else (unread,)
        if wrong:
            status = 422 if any(each.startswith("the body") for each in wrong) else 400
            return Answered(_problem(status, "the request is not what its operation describes", wrong), mistakes=wrong)
        key = _idempotency_key(request)
        known = self.keys.get((path, key)) if key else None
        if known is not None:
            return Answered(known, "the same as before, by its key")
        answered = self._simulated(found, request, given)
        if key and answered.response.status < 500:  # noqa: PLR2004 - an error of a server is tried again
            self.keys[path, key] = answered.response
            if len(self.keys) > _MOST_KEYS:
                del self.keys[next(iter(self.keys))]
        return answered

    def step_names(self) -> list[str]:
        """Return the names of all steps that may ask."""
        return [each.name for callers in self.callers.values() for each in callers]

    def _mistakes(self, found: Found, request: Request, query: Mapping[str, list[str]]) -> Iterator[str]:
        stage, key = self.stages[found.operation.source], _key(found.operation)
        checks = self._checks.get(key)
        if checks is None:
            checks = self._checks[key] = checks_of(found.operation, stage.linked.resolver)
        contract = contract_of(stage.linked)

        def judge(description: ParameterDescription, value: JsonValue) -> Iterator[str]:
            told = contract.check_parameter(description, value, found.operation)
            return (each.message for each in told if each.code != "contract-unchecked")

        yield from mistakes(checks, Given(found, request, query), judge)
        if request.content:
            found_wrong = contract.check_body(request, found.operation)
            # what cannot be checked is no mistake of the client
            yield from (f"the body: {each.message}" for each in found_wrong if each.code != "contract-unchecked")

    def _simulated(self, found: Found, request: Request, query: Mapping[str, list[str]]) -> Answered:
        callers = self.callers.get(_key(found.operation))
        caller = self.turns.next_of(callers) if callers else None
        name = found.operation.label if caller is None else caller.name
        made = self._as_described(found.operation) if caller is None else self._for_step(caller, found, request)
        if caller is not None:
            self.turns.answered(caller, leads_on=made.leads_on)
        self.answered[name] = self.answered.get(name, 0) + 1
        if made.response.status < 200:  # noqa: PLR2004 - an answer that another one must follow
            told = f"operation `{found.operation.label}` describes no answer that ends an exchange"
            return Answered(_problem(501, told, ()), name, (told,))
        is_given = caller is not None and self.staged[caller.key].is_told_of(caller.step_key)
        response = self._remembered(self._wanted(found, request, query, is_given=is_given), request, made.response)
        if caller is None or not made.leads_on or response.status != made.response.status:
            return Answered(response, name)
        # what was made before must not take from an answer what the workflow asks of it
        holds = (
            response is made.response
            or action_followed(caller.step, response.status, _scope(caller, found, request, response))[0]
        )
        return Answered(response if holds else made.response, name)

    def _wanted(self, found: Found, request: Request, query: Mapping[str, list[str]], *, is_given: bool) -> Wanted:
        operation, key = found.operation, _key(found.operation)
        if key not in self._fixed:
            self._fixed[key] = given_by_server(operation, self.stages[operation.source].linked.resolver)
        place = self.places.of(operation, found.values)
        kind = media_type(header(request.headers, "content-type") or "")
        return Wanted(operation.method, place, request.payload, query, kind, self._fixed[key], is_given)

    def _as_described(self, operation: Operation) -> _Made:
        key = _key(operation)
        if key not in self._settled:
            (draft, *_) = drafts_of(operation, self.stages[operation.source].linked.resolver)
            self._settled[key] = _Made(draft.response())
        return self._settled[key]

    def _for_step(self, caller: Caller, found: Found, request: Request) -> _Made:
        """Return the answer for a step: from the second time on the same one, where nothing else was asked for."""
        if caller.name in self._settled:
            return self._settled[caller.name]
        stage, step, key = self.staged[caller.key], caller.step, caller.step_key
        asking = replace(request, path=found.values)

        def scope_with(response: Response | None) -> Scope:
            return _scope(caller, found, request, response)

        # what fails does so each time: it is never come to anew
        attempt = 1 if stage.visits.get(key) is None else 2
        asked = Asked(caller.workflow, step, attempt, scope_with)
        result = stage.answer(Send(asking, found.operation, asked=asked)).result
        response = result if isinstance(result, Response) else Response(503)
        made = _Made(response, action_followed(step, response.status, scope_with(response))[0])
        if stage.visits[key] > 1 and not stage.is_told_of(key) and not _reads_request(step):
            self._settled[caller.name] = made
        return made

    def _remembered(self, wanted: Wanted, request: Request, response: Response) -> Response:
        if not is_json(response.content_type or "") and response.content:
            return response
        body = self.resources.answer(wanted, response.payload)
        if isinstance(body, Refused):
            return _problem(body.status, body.why, ())
        if wanted.place.name is None and wanted.place.named is not None and wanted.method == "POST":
            response = _located(response, request, name_of(body, wanted.place))
        if not response.content or body is response.payload:
            return response
        return replace(response, content=_encode(body))


def _scope(caller: Caller, found: Found, request: Request, response: Response | None) -> Scope:
    asking = replace(request, path=found.values)
    return Scope(request=asking, response=response, sources=caller.workflow.sources)


def _located(response: Response, request: Request, name: str | None) -> Response:
    """Return an answer whose ``Location``, where one is described, is where the thing that was made can be read."""
    if name is None or header(response.headers, "location") is None:
        return response
    place = urlsplit(request.url)
    location = f"{place.path.rstrip('/')}/{quote(name, safe='')}"
    headers = ((given, location if given.lower() == "location" else value) for given, value in response.headers)
    return replace(response, headers=tuple(headers))


def mock_of(programs: list[Program]) -> Mock:
    """Return the APIs of programs, simulated; raises ``ArazzoError`` when an API cannot be read."""
    stages: dict[str, Stage] = {}
    staged: dict[WorkflowKey, Stage] = {}
    callers: dict[str, list[Caller]] = {}
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
            staged[workflow.key] = stage
            for place, step in enumerate(workflow.steps):
                if isinstance(step.target, Operation):
                    callers.setdefault(_key(step.target), []).append(Caller(workflow, step, place))
    places = places_of(operations.values())
    return Mock(routes_of(operations.values()), places, stages, staged, callers, frozenset(tokens - {""}))


def _all_operations(known: Iterator[Operation], documents: Any) -> Iterator[Operation]:  # noqa: ANN401 - the loader
    """Yield every operation of the descriptions that some operations are of."""
    apis = {(each.source, each.description_uri) for each in known if each.is_described}
    for source, uri in sorted(apis):
        yield from open_api(source, documents.get(uri), documents).readable_operations()


def _reads_request(step: LinkedStep) -> bool:
    """Whether the criteria of a step look at what was sent, so that an answer to it may depend on that."""
    return any(word in f"{each.condition} {each.context}" for each in step.criteria for word in _OF_THE_REQUEST)


def _encode(value: Any) -> bytes:  # noqa: ANN401 - a JSON value
    try:
        return msgspec.json.encode(value)
    except (OverflowError, ValueError, TypeError):
        # numbers of more digits than a machine's, and half characters
        return json.dumps(value).encode()


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
