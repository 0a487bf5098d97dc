"""What is found of a document with a new version of an API, and was not found with the one before.

Decides which findings are the same, and which step one belongs to. What is wrong either way is nobody's news, and what
is no longer wrong breaks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.validation.changes.narrowing import FIX, narrowed_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.documents.document import Document


class State(Struct, frozen=True):
    """A document linked with one version of an API, what was found, and the name of the source description."""

    linked: LinkedDescription
    findings: tuple[Diagnostic, ...]
    source: str

    def operations(self) -> Iterator[Operation]:
        """Yield the operations of the API that steps call."""
        yield from (each for each in self.linked.operations() if each.source == self.source)


class Change(Struct, frozen=True):
    """What breaks: a code and a message, of a step, of a workflow as a whole, or, without either, of the API itself."""

    workflow_id: str
    step_id: str
    code: str
    message: str
    fix: str = ""
    location: Location | None = None


class Unread(Exception):  # noqa: N818 - a state of a description
    """The new version could not be read, so nothing is known of it; ``diagnostics`` say why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics


def find_changes(before: State, after: State) -> tuple[Change, ...]:
    """Return what breaks, in the order of the document; raises ``Unread``."""
    steps = _Steps({each.at.document.name: each.at.document for each in after.linked.descriptions()})
    known = {steps.key(each, before) for each in before.findings}
    new = tuple(each for each in after.findings if steps.key(each, after) not in known)
    _check_read(before, after, tuple(each for each in new if each.is_error))
    found = [steps.change(each) for each in new if steps.is_of_a_step(each) or each.is_error]
    found += (
        Change(each.workflow_id, each.step_id, "value-gone", each.message, FIX, each.template.at.location())
        for each in narrowed_values(before.linked, after.linked)
    )
    return tuple(sorted(found, key=_place))


def _check_read(before: State, after: State, new: tuple[Diagnostic, ...]) -> None:
    """Raise ``Unread`` when there is nothing left of the API, and something of the description is wrong."""
    elsewhere = tuple(each for each in new if _tokens(each)[:1] != ("workflows",))
    if elsewhere and any(before.operations()) and not any(after.operations()):
        raise Unread(elsewhere)


def _place(change: Change) -> tuple[str, int, int, str]:
    at = change.location
    return ("", 0, 0, change.message) if at is None else (at.uri, at.line, at.column, change.message)


def _tokens(finding: Diagnostic) -> tuple[str, ...]:
    return () if finding.location is None else tuple(parse_pointer(finding.location.pointer))


class _Steps(Struct, frozen=True):
    """The Arazzo documents by name: which step stands where."""

    documents: Mapping[str, Document]

    def key(self, finding: Diagnostic, state: State) -> tuple[str, ...]:
        """Return what tells a finding from another one, whichever version of the API it is about."""
        text = finding.message
        # a description is called by its file, which is another one for each version
        for name in {each.at.document.name for each in state.operations()}:
            text = text.replace(name, state.source)
        return (*self._of(finding), finding.code, text)

    def is_of_a_step(self, finding: Diagnostic) -> bool:
        """Whether a finding is about a workflow, and not about the description."""
        return self._of(finding) != ("", "")

    def change(self, finding: Diagnostic) -> Change:
        """Return what a finding says of a step."""
        return Change(*self._of(finding), finding.code, finding.message, finding.fix, finding.location)

    def _of(self, finding: Diagnostic) -> tuple[str, str]:
        """Return the ids of the workflow and the step that a finding is about, each empty when there is none."""
        document = None if finding.location is None else self.documents.get(finding.location.uri)
        tokens = _tokens(finding)
        if document is None or len(tokens) < 2 or tokens[0] != "workflows":  # noqa: PLR2004 - `/workflows/0`
            return "", ""
        workflow = _element(as_mapping(document.value).get("workflows"), tokens[1])
        is_of_a_step = len(tokens) > 3 and tokens[2] == "steps"  # noqa: PLR2004 - `/workflows/0/steps/0`
        step = _element(workflow.get("steps"), tokens[3]) if is_of_a_step else {}
        return str(workflow.get("workflowId", "")), str(step.get("stepId", ""))


def _element(value: object, index: str) -> Mapping[str, object]:
    elements = as_list(value)
    return as_mapping(elements[int(index)]) if index.isdecimal() and int(index) < len(elements) else {}
