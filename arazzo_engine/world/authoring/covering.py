"""What recordings exercised of an API and of their workflows: each is replayed, and what comes by is counted.

Decides which source description of a document the API is, and which of its operations a request was for: that of the
same method and the same path, however its parameters are called there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.descriptions.operations import parameter_key
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.recording.covering.covered import Covered, Drift, Exercised, Walked
from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished
from arazzo_engine.simulation.paths.covering import coverage_of, path_of
from arazzo_engine.simulation.paths.walk import walk_of
from arazzo_engine.vocabulary import listed
from arazzo_engine.world.contracts.checking import Contract
from arazzo_engine.world.contracts.installed import check_installed
from arazzo_engine.world.contracts.matching import answer_of, is_of_the_same
from arazzo_engine.world.contracts.telling import Contracts
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.replaying.programs import Programs
from arazzo_engine.world.replaying.replayed import Watching
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Send
    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.simulation.paths.coverage import Path
    from arazzo_engine.simulation.paths.walk import Walk

_PARAMETER: Final = lazy_pattern(r"\{[^{}]*\}")
_BODY: Final = "body"
_NO_API: Final = "name a document with a step that calls an operation of an OpenAPI description"
_UNCHECKED: Final = "contract-unchecked"


class Counted(Struct):
    """What was counted of one operation."""

    operation: Operation
    requests: int = 0
    parameters: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def exercised(self) -> Exercised:
        """Return what was exercised of it."""
        each = self.operation
        at = each.at.key_location()
        return Exercised(each.label, each.method, each.path, at, self.requests, self.parameters, self.statuses)


class _Ways(Struct):
    """A workflow of a document, and the paths that were taken through it, each once."""

    document: str
    workflow_id: str
    walk: Walk
    paths: dict[Path, None] = field(default_factory=dict)


class Covering(Watching):
    """Counts what recordings exercise of an API, which documents know by the name of a source."""

    def __init__(self, location: str, source: str | None) -> None:
        check_installed()
        # what a description on disk refers to is on disk, too
        loader = Loader(offline=scheme_of(location) not in {"http", "https"})
        self.location = location
        self.source = source
        self.description = loader.load_entry(location)
        api = open_api(source or "api", self.description, loader)
        self.contract = Contract(Contracts(api.resolver))
        self.counted = {_shape(each): _counted(each) for each in api.readable_operations()}
        if not self.counted:
            message = f"there is no operation in {location}"
            raise ArazzoError(diagnose("operation-not-found", message, fix="name an OpenAPI description"))
        self.found: dict[tuple[str, str, str], Drift] = {}
        self.unknown: dict[str, int] = {}
        self.ways: dict[tuple[str, str, str], _Ways] = {}
        self.notes: list[str] = []
        self.programs = Programs()
        self.recordings = self.differing = 0

    def add(self, recording: Recording) -> None:
        """Replay a recording and count what it exercises; raises ``ArazzoError`` when it cannot be replayed."""
        comparison = replay(recording, watching=self, programs=self.programs).comparison
        self.recordings += 1
        if comparison.cut:
            self.notes.append(f"{recording.name} counts as far as it goes: {comparison.cut}")
        if not comparison.is_same:
            self.differing += 1
            self.notes.append(f"{recording.name} counts as far as its replay is the same: `arazzo replay` tells more")

    def begin(self, recording: Recording, linked: LinkedDescription) -> None:
        """Know what is replayed."""
        self.recording, self.linked = recording, linked
        self.name = _source_of(linked, self.description, self.source)
        self.way: _Ways | None = None

    def hear(self, effect: Send, answer: Answer) -> None:
        """Count a request and its answer."""
        operation, asked = effect.operation, effect.asked
        if operation is None or asked is None:
            return
        if self.way is not None:
            self.way.walk.hear(asked, answer.result if isinstance(answer.result, Response) else None)
        if operation.source != self.name:
            return
        counted = self.counted.get(_shape(operation))
        if counted is None:
            key = f"{operation.method} {operation.path}"
            self.unknown[key] = self.unknown.get(key, 0) + 1
            return
        _count_request(counted, effect)
        first = f"{self.recording.name}, {asked.workflow.key.workflow_id}.{asked.step.step.step_id}"
        self._keep(self._look_at(counted, effect, answer), first)

    def see(self, event: Event) -> None:
        """Know which workflow runs, and which way it takes."""
        if isinstance(event, RunStarted):
            self.way = self._way(event.workflow_id)
        elif self.way is not None and isinstance(event, StepFinished):
            self.way.walk.see(event.report)
        elif self.way is not None and isinstance(event, RunFinished):
            self.way.paths[path_of(event.report)] = None

    def covered(self) -> Covered:
        """Return what was exercised by all of them."""
        drifted = tuple(each for each in self.found.values() if each.code != _UNCHECKED)
        unchecked = tuple(each for each in self.found.values() if each.code == _UNCHECKED)
        operations = tuple(each.exercised() for each in self.counted.values())
        walked = tuple(map(_walked, self.ways.values()))
        notes = tuple(self.notes)
        told = (operations, drifted, unchecked, self.unknown, walked, notes, self.differing)
        return Covered(self.location, self.recordings, *told)

    def _look_at(self, counted: Counted, effect: Send, answer: Answer) -> tuple[Diagnostic, ...]:
        """Count the status of an answer, and return how it differs from what is described."""
        operation, response = counted.operation, answer.result
        if not isinstance(response, Response):
            return ()
        if not is_of_the_same(effect.request, answer.followed):
            return (self.contract.answered_elsewhere(operation),)
        described = answer_of(operation, response.status)
        if described is not None:
            counted.statuses[described.status] += 1
        return self.contract.check_response(operation, effect.request, response)

    def _keep(self, found: Iterable[Diagnostic], first: str) -> None:
        for each in found:
            key = each.code, each.message, str(each.location)
            known = self.found.get(key, Drift(each.code, each.message, each.location, 0, first))
            self.found[key] = replace(known, times=known.times + 1)

    def _way(self, workflow_id: str) -> _Ways:
        beginning = self.recording.beginning
        # a document that was edited since is another one
        key = beginning.document, "".join(each.digest for each in beginning.texts[:1]), workflow_id
        if key not in self.ways:
            walk = walk_of(self.linked.reachable([self.linked.key(workflow_id)]))
            self.ways[key] = _Ways(beginning.name, workflow_id, walk)
        return self.ways[key]


def _walked(ways: _Ways) -> Walked:
    coverage = coverage_of(ways.workflow_id, ways.walk, ())
    return Walked(ways.document, replace(coverage, paths=tuple(ways.paths)))


def _shape(operation: Operation) -> tuple[str, str]:
    return operation.method, _PARAMETER.sub("{}", operation.path)


def _counted(operation: Operation) -> Counted:
    names = [_named(each.name, each.location) for each in operation.parameters]
    names += [_BODY] if operation.request_body is not None else []
    statuses = dict.fromkeys((each.status for each in operation.responses), 0)
    return Counted(operation, 0, dict.fromkeys(names, 0), statuses)


def _named(name: str, location: str) -> str:
    where, known = parameter_key(name, location)
    return f"{where} {known}"


def _count_request(counted: Counted, effect: Send) -> None:
    counted.requests += 1
    sent = dict.fromkeys(_named(each.name, each.location) for each, _ in effect.parameters)
    if effect.request.payload is not ABSENT:
        sent[_BODY] = None
    for name in counted.parameters.keys() & sent.keys():
        counted.parameters[name] += 1


def _source_of(linked: LinkedDescription, description: Document, wanted: str | None) -> str:
    """Return the name of the source description that an API is: the one that is named, the only one, or its like.

    Raises ``ArazzoError`` (``option-invalid``).
    """
    used = {each.source: each.description_uri for each in linked.operations() if each.is_described}
    if wanted is not None:
        if wanted not in used:
            message = f"no step calls a source description `{wanted}`"
            fix = f"name another with `--source`: {listed(used)}" if used else _NO_API
            raise ArazzoError(diagnose("option-invalid", message, fix=fix))
        return wanted
    title = _title(description)
    alike = [name for name, uri in used.items() if title and _title(linked.resolver.documents.get(uri)) == title]
    names = alike if len(used) > 1 else [*used]
    if len(names) != 1:
        message = f"steps call {len(used)} APIs, and it is not said which of them this is"
        fix = f"name it with `--source`: {listed(used)}" if used else _NO_API
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    return names[0]


def _title(description: Document) -> str:
    title = description.content.at(("info", "title"))
    return title if isinstance(title, str) else ""
