"""Which errors stop a workflow: those at a place that it can reach. The errors of other places are warnings.

Decides what the linked workflows reach in each document: themselves, the components and the sources that they name, and
whatever stands outside of workflows, components and sources. What is wrong is decided by others.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.apis.linking.linking import Linking
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.objects import ArazzoDescription

_SOURCE: Final = lazy_pattern(r"\$sourceDescriptions\.([A-Za-z0-9_\-]+)")
_MISSING: Final = "source-not-found"


class _Reach(Struct, frozen=True, dict=True):
    """What the linked workflows of one document reach in it."""

    description: ArazzoDescription
    workflows: Sequence[LinkedWorkflow]

    def has(self, pointer: Pointer) -> bool:
        match pointer:
            case ("workflows", index, *_):
                return self._id_at(index) in {each.workflow.workflow_id for each in self.workflows}
            case ("components", kind, name, *_):
                return self._names(kind, name)
            case ("sourceDescriptions", index, *_):
                source = as_mapping(value_at(self.description.at.child("sourceDescriptions", index)))
                return self.uses(str(source.get("name")))
            case _:
                return True

    def uses(self, source: str) -> bool:
        """Whether a source is named, or looked into for an operation that is named without its source."""
        return self._looks_everywhere or any(source in _SOURCE.findall(text) for text in self._texts)

    def _id_at(self, index: str) -> Value:
        # one of two workflows with the same id is reached with the other
        return as_mapping(value_at(self.description.at.child("workflows", index))).get("workflowId")

    def _names(self, kind: str, name: str) -> bool:
        written = (f"$components.{kind}.{name}", f"#/components/{kind}/{name}")
        return any(text.startswith(written) for text in self._texts)

    @cached_property
    def _looks_everywhere(self) -> bool:
        steps = (each.step for workflow in self.workflows for each in workflow.steps)
        called = (each for each in steps if each.workflow_id is None and each.written_request is None)
        named = (each.operation_id or each.operation_path for each in called)
        return any(not _SOURCE.match((each or "").removeprefix("{")) for each in named)

    @cached_property
    def _texts(self) -> frozenset[str]:
        """Every text of the workflows, and of the components, which may name others."""
        places = [each.workflow.at for each in self.workflows]
        texts = {text for place in places for text in _texts_in(value_at(place))}
        return frozenset(texts | set(_texts_in(value_at(self.description.at.child("components")))))


def stopping(problems: Iterable[Diagnostic], linking: Linking) -> Iterator[Diagnostic]:
    """Yield the problems of documents that were read; an error that no linked workflow can reach as a warning.

    A warning that none can reach is not of what is done, and left out.
    """
    reaches = {each.description.at.document.name: each for each in _reaches(linking.linked)}
    for problem in problems:
        at = problem.location
        reach = None if at is None else reaches.get(at.uri)
        is_of_another = at is not None and reach is None and at.uri in linking.documents
        is_out_of_reach = at is not None and reach is not None and not reach.has(parse_pointer(at.pointer))
        if not (is_of_another or is_out_of_reach):
            yield problem
        elif problem.is_error:
            yield problem.as_warning()


def of_unopened(linking: Linking) -> Iterator[Diagnostic]:
    """Yield why sources could not be opened; for one that no linked workflow looks into, as a warning."""
    for problem, is_used in _unopened(linking):
        yield problem if is_used else problem.as_warning()


def of_missing(linking: Linking) -> Iterator[Diagnostic]:
    """Do the same for all workflows: what is there and wrong is an error, whoever looks into it."""
    for problem, is_used in _unopened(linking):
        yield problem if is_used or problem.code != _MISSING else problem.as_warning()


def _unopened(linking: Linking) -> Iterator[tuple[Diagnostic, bool]]:
    reaches = {each.description.at.document.uri: each for each in _reaches(linking.linked)}
    for (owner, name), problems in linking.unopened.items():
        is_used = owner in reaches and reaches[owner].uses(name)
        yield from ((each, is_used) for each in problems)


def _reaches(linked: LinkedDescription) -> Iterator[_Reach]:
    by_document: dict[str, list[LinkedWorkflow]] = {}
    for workflow in linked.workflows.values():
        by_document.setdefault(workflow.key.document_uri, []).append(workflow)
    yield from (_Reach(each[0].description, each) for each in by_document.values())


def _texts_in(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for member in value.values():
                yield from _texts_in(member)
        case list():
            for element in value:
                yield from _texts_in(element)
        case _:
            pass
