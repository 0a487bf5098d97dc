"""What a new version of an API breaks of recorded runs: each is replayed with the API as it is, and with the new one.

Decides what is news: what is not so with the API as it is. Requests and answers are held to both versions, and what is
found only with the new one is told at its attempt, beside what is asked for and decided otherwise.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation, parameter_key
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.recording.comparing.comparison import Comparison, Row, Told
from arazzo_engine.recording.comparing.differences import Difference
from arazzo_engine.reporting.events import StepStarted
from arazzo_engine.world.contracts.holding import contract_of
from arazzo_engine.world.contracts.installed import check_installed
from arazzo_engine.world.contracts.matching import is_of_the_same
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.replaying.programs import Amended, Programs
from arazzo_engine.world.replaying.replayed import Watching
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.machine.effects import Asked, Send
    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.findings.changes import Compared

_UNCHECKED: Final = "contract-unchecked"


class Versions(Struct, frozen=True):
    """A document with its API as it is, and with the new version of it; ``source`` is the name of the API.

    ``renewed`` is the document linked with the new version, which may have errors.
    """

    before: Amended
    after: Amended
    source: str
    renewed: LinkedDescription
    programs: Programs = field(default_factory=Programs)


def versions_of(options: Mapping[str, Any], compared: Compared) -> Versions:
    """Return what recorded runs are replayed with, as the options of an engine say; raises ``ArazzoError``."""
    check_installed()
    sources = dict(options.get("sources", {}))
    renewed = {**sources, compared.source: compared.against}
    (before, _), (after, linked) = (_amended(options, compared.document, each) for each in (sources, renewed))
    return Versions(before, after, compared.source, linked)


def _amended(options: Mapping[str, Any], document: str, sources: dict[str, Any]) -> tuple[Amended, LinkedDescription]:
    library = Library()
    with Engine(**{**options, "sources": sources}) as engine:
        near = engine.for_document(document)
        linked = near.open(document, library=library).checked.linked
    # what the project of the document says of sources counts, too
    said = {name: each.value for name, each in near.standing.settings.table("sources").items()}
    named = {**said, **{name: str(each) for name, each in near.sources.items()}}
    return Amended(document, named, tuple(map(str, near.source_dirs)), library.texts), linked


def find_broken(recording: Recording, versions: Versions) -> Comparison:
    """Return what breaks of a recorded run; raises ``ArazzoError`` when it cannot be replayed with the API as it is."""
    before = _held(recording, versions, Holding(versions.source), versions.before)
    try:
        after = _held(recording, versions, Holding(versions.source), versions.after)
    except ArazzoError as refused:
        after = _not_begun(recording, versions, refused.diagnostics)
    known = {key: {each.difference for each in row.differences} for key, row in _numbered(before.rows)}
    for key, row in _numbered(after.rows):
        row.differences = [each for each in row.differences if each.difference not in known.get(key, ())]
    old = {each.difference for each in before.ending}
    after.ending = [each for each in after.ending if each.difference not in old]
    if before.stopped:
        message = f"{recording.name} cannot be compared: with the API as it is, the document does something else"
        fix = f"`arazzo replay {recording.name} --document DOC` tells what; record it anew"
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    return after


def _not_begun(recording: Recording, versions: Versions, findings: Iterable[Diagnostic]) -> Comparison:
    """Return why the run does not begin, and how what was asked and answered differs from the new version."""
    errors = [each for each in findings if each.is_error]
    told = [Told(Difference("the run", "begins", f"{each.code}: {each.message}"), each.location) for each in errors]
    held = _held(recording, versions, Holding(versions.source, versions.renewed), versions.before)
    return replace(held, ending=[*held.ending, *told], stopped="with the new version, the run does not begin")


def _numbered(rows: Iterable[Row]) -> Iterator[tuple[tuple[str, str, int, int], Row]]:
    """Yield attempts by what names them; a step that is come to again has attempts of the same numbers."""
    seen: Counter[tuple[str, str, int]] = Counter()
    for row in rows:
        key = row.workflow_id, row.step_id, row.attempt
        seen[key] += 1
        yield (*key, seen[key]), row


def _held(recording: Recording, versions: Versions, holding: Holding, amended: Amended) -> Comparison:
    """Return what differs when a recording is replayed, and how its exchanges differ from what is described."""
    comparison = replay(recording, amended, holding, versions.programs).comparison
    for index, told in holding.found:
        comparison.rows[index].differences.append(told)
    return comparison


class Holding(Watching):
    """Holds what is asked and answered to the descriptions that a recording is replayed with, or to ``others``.

    ``found`` is by the number of the attempt among all of them.
    """

    def __init__(self, source: str, others: LinkedDescription | None = None) -> None:
        self.source = source
        self.others = others
        self.begun = 0
        self.found: list[tuple[int, Told]] = []

    def begin(self, recording: Recording, linked: LinkedDescription) -> None:
        """Know the descriptions."""
        del recording
        self.contract = contract_of(self.others or linked)

    def see(self, event: Event) -> None:
        """Count the attempts."""
        self.begun += isinstance(event, StepStarted)

    def hear(self, effect: Send, answer: Answer) -> None:
        """Hold a request and its answer to their operation."""
        if effect.operation is None or effect.asked is None or effect.operation.source != self.source:
            return
        operation = effect.operation if self.others is None else _operation_of(effect.asked, self.others)
        if operation is None:
            # that it is gone is among the reasons why the run does not begin
            return
        self._keep("request", self.contract.check_request(_described(effect, operation), operation))
        if isinstance(answer.result, Response) and is_of_the_same(effect.request, answer.followed):
            self._keep("answer", self.contract.check_response(operation, effect.request, answer.result))

    def _keep(self, what: str, found: tuple[Diagnostic, ...]) -> None:
        for each in found:
            if each.code != _UNCHECKED:
                told = Told(Difference(f"{what}, as described", "fits", each.message), each.location)
                self.found.append((self.begun - 1, told))


def _operation_of(asked: Asked, linked: LinkedDescription) -> Operation | None:
    """Return the operation of a step where its document is linked with other descriptions."""
    workflow = linked.workflows.get(asked.workflow.key)
    steps = () if workflow is None else workflow.steps
    target = next((each.target for each in steps if each.step.step_id == asked.step.step.step_id), None)
    return target if isinstance(target, Operation) else None


def _described(effect: Send, operation: Operation) -> Send:
    """Return a request with what an operation says of its parameters."""
    known = {parameter_key(each.name, each.location): each for each in operation.parameters}
    given = ((known.get(parameter_key(each.name, each.location), each), value) for each, value in effect.parameters)
    return replace(effect, parameters=tuple(given))
