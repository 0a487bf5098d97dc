"""Preparing a run: open the document, link it, check it, complete the inputs. Everything before the first request.

Decides the order of the stages and collects what they find, so that a person sees every problem at once. Nothing is
sent here but the loading of documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.linking.linking import link
from arazzo_engine.apis.security.access import Access
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.reading import garbage_collector_off
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.machine.logins import with_logins
from arazzo_engine.machine.requests.known import KnownCall, check_known, check_literals
from arazzo_engine.validation.access import check_given_out, check_schemes, check_servers, check_undefined
from arazzo_engine.validation.checking import check, check_accesses, distinct
from arazzo_engine.validation.flow.waits import overlong_waits
from arazzo_engine.validation.inputs.given import (
    GivenInputs,
    check_input_schema,
    check_inputs,
    unknown_inputs,
    unread_files,
)
from arazzo_engine.validation.inputs.handing import check_dependencies, taken_inputs
from arazzo_engine.validation.reached import of_missing, of_unopened, stopping
from arazzo_engine.validation.types.meant.lone_elements import with_lone_elements
from arazzo_engine.validation.types.meant.named_members import with_named_members
from arazzo_engine.vocabulary import any_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow, WorkflowKey
    from arazzo_engine.apis.linking.sources import SourceLoader
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import ArazzoDescription
    from arazzo_engine.language.reading.description import DescriptionReading
    from arazzo_engine.machine.interpreter import Call
    from arazzo_engine.machine.settings import Settings

# what is found where a value is not what it is named, and how it is read then
_READINGS: Final = (("type-refused", with_named_members), ("pointer-nowhere", with_lone_elements))
_NO_WORKFLOW: Final = "write a workflow with a `workflowId` and `steps` into the document"


class Checked(Struct, frozen=True):
    """A document that was read, linked and checked, and everything that was found."""

    description: ArazzoDescription
    linked: LinkedDescription
    problems: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The problems that keep it from being run."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The problems, and what the user may put right without changing the document."""
        workflows, rules = self.linked.workflows.values(), (check_servers, check_schemes)
        access = (problem for rule in rules for workflow in workflows for problem in rule(workflow))
        unsent = (*check_undefined(workflows, Access()), *check_given_out(workflows, Access()))
        return tuple(distinct((*self.problems, *access, *unsent)))

    def waiting(self, longest: float) -> Checked:
        """Return the same, with what is to be said of a document whose runs wait so many seconds at most."""
        found = tuple(overlong_waits(self.linked.workflows.values(), longest))
        return replace(self, problems=tuple(distinct((*self.problems, *found)))) if found else self

    def workflow(self, workflow_id: str) -> LinkedWorkflow:
        """Return a linked workflow of the document."""
        return self.linked.workflow(workflow_id)


class Ready(Struct, frozen=True):
    """Workflows that can run: each with its complete inputs, and what should be said before."""

    linked: LinkedDescription
    calls: tuple[Call, ...]
    warnings: tuple[Diagnostic, ...]

    @property
    def workflows(self) -> tuple[LinkedWorkflow, ...]:
        """Every workflow that the runs can come to, each once."""
        return self.linked.reachable(call.key for call in self.calls)


def check_document(document: Document, loader: SourceLoader, workflow_ids: Sequence[str] | None = None) -> Checked:
    """Read, link and check the named workflows, all when ``None``; an error that they cannot reach is a warning.

    Raises ``ArazzoError`` when the document is no Arazzo Description; every other problem is in the result.
    """
    with garbage_collector_off():
        reading = read_description(document)
        if workflow_ids is None or {*workflow_ids} >= {*reading.description.workflow_ids}:
            return _check(reading, loader, None)
        checked = _check(reading, loader, workflow_ids)
        others = (each.as_warning() for each in _check(reading, loader, None).errors)
        return replace(checked, problems=tuple(distinct((*checked.problems, *others))))


def _check(reading: DescriptionReading, loader: SourceLoader, workflow_ids: Sequence[str] | None) -> Checked:
    linking = link(reading.description, loader, workflow_ids)
    linked, found = _checked(with_logins(linking.linked))
    workflows = linked.workflows.values()
    of_texts: Sequence[Diagnostic] = (*reading.problems, *linking.readings)
    of_sources = of_missing(linking)
    if workflow_ids is not None:
        of_texts, of_sources = tuple(stopping(of_texts, linking)), of_unopened(linking)
    # what could not be read has no value that could be tried
    flaws = reading.description.at.document.flaws
    unread = {each.location.uri for each in of_texts if each.is_error and each.location and each not in flaws}
    read = (workflow for workflow in workflows if workflow.description.at.document.name not in unread)
    # nor has what is wrong already at its place
    told = {_place(each) for each in found if each.is_error} - {None}
    literals = (each for workflow in read for each in check_literals(workflow) if _place(each) not in told)
    problems = tuple(distinct(_agreeing((*of_texts, *of_sources, *linking.problems, *found, *literals))))
    return Checked(reading.description, linked, problems)


def _agreeing(problems: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the problems; what a reading would write where an error says it leads nowhere is mended as that error says.

    The two are one matter by their codes and their place: what is written there is all that stands there.
    """
    nowhere = {_place(each): each for each in problems if each.code == "pointer-nowhere" and each.is_error}
    for each in problems:
        error = nowhere.get(_place(each)) if each.code == "repaired" and each.edits else None
        yield each if error is None else replace(each, fix=error.fix, edits=())


def _place(problem: Diagnostic) -> tuple[str, str] | None:
    return None if problem.location is None else (problem.location.uri, problem.location.pointer)


def _checked(linked: LinkedDescription) -> tuple[LinkedDescription, tuple[Diagnostic, ...]]:
    """Return the description as it is run, and what is wrong with it."""
    found, said = check(linked.workflows.values(), linked), tuple[Diagnostic, ...]()
    for code, reading in _READINGS:
        if any(each.code == code for each in found):
            linked, told = reading(linked)
            found, said = check(linked.workflows.values(), linked) if told else found, (*said, *told)
    return linked, (*said, *found)


def choose_readable(reading: DescriptionReading, workflow_id: str | None) -> str:
    """Return the workflow to run of a description that was read.

    Raises ``ArazzoError``: where no workflow could be read, with what is wrong with the document.
    """
    errors = [each for each in reading.problems if each.is_error]
    if errors and not len(reading.description.workflow_ids):
        raise ArazzoError(*errors)
    return choose_workflow(reading.description, workflow_id)


def choose_workflow(description: ArazzoDescription, workflow_id: str | None) -> str:
    """Return the workflow to run: the one named, or the only one.

    Raises ``ArazzoError`` (``workflow-not-found``, ``workflow-not-chosen``).
    """
    ids = description.workflow_ids
    if workflow_id is None and len(ids) == 1:
        return ids.names[0]
    if workflow_id is None:
        message = f"{description.at.document.name} has {len(ids)} workflows, and none was chosen"
        fix = f"name one with `--workflow`, or ask for `--all`: {listed(ids)}" if len(ids) else _NO_WORKFLOW
        raise ArazzoError(diagnose("workflow-not-chosen", message, fix=fix))
    if workflow_id not in ids:
        message = f"{description.at.document.name} has no workflow `{workflow_id}`"
        fix = did_you_mean(workflow_id, ids) or any_of("use {}", ids, otherwise=_NO_WORKFLOW)
        raise ArazzoError(diagnose("workflow-not-found", message, fix=fix))
    return workflow_id


def independent_workflows(linked: LinkedDescription) -> tuple[str, ...]:
    """Return the workflows that no other one leads to: running them runs everything, and nothing twice."""
    entry = linked.entry
    keys = [linked.key(workflow.workflow_id) for workflow in entry.workflows]
    led_to = {other for key in keys for other in linked.workflows[key].references.values() if other != key}
    independent = [key for key in keys if key not in led_to]
    # workflows that lead only to each other: the first of them stands for the circle
    reached: set[WorkflowKey] = set()
    linked.reachable(independent, reached)
    chosen = set(independent)
    for key in keys:
        if key not in reached:
            chosen.add(key)
            linked.reachable([key], reached)
    return tuple(key.workflow_id for key in keys if key in chosen)


class Reached(Struct, frozen=True):
    """What is known of runs before their inputs: their workflows and settings, and what is wrong with the access."""

    workflow_ids: tuple[str, ...]
    settings: Settings
    problems: tuple[Diagnostic, ...]


def reach(checked: Checked, workflow_ids: Iterable[str], settings: Settings) -> Reached:
    """Return what is known of runs of workflows before their inputs."""
    ids = tuple(workflow_ids)
    reachable = checked.linked.reachable(checked.workflow(each).key for each in ids)
    return Reached(ids, settings, check_accesses(reachable, settings.access))


def make_ready(checked: Checked, workflow_ids: Iterable[str], given: GivenInputs, settings: Settings) -> Ready:
    """Return the calls of the workflows with their complete inputs.

    Raises ``ArazzoError`` with every error of the document, the inputs and the credentials.
    """
    return complete_ready(checked, reach(checked, workflow_ids, settings), given)


def complete_ready(checked: Checked, reached: Reached, given: GivenInputs) -> Ready:
    """Do the same for workflows of which all but the inputs is known; raises the same."""
    from arazzo_engine.machine.interpreter import Call  # noqa: PLC0415 - only for what is run

    ids = reached.workflow_ids
    workflows = [checked.workflow(each) for each in ids]
    problems = [*checked.problems, *_unknown_to_all(checked.linked, workflows, given), *unread_files(given)]
    calls = []
    for workflow in workflows:
        if check_input_schema(workflow):
            continue  # the document's own problem, which is told already
        try:
            own = _own_inputs(checked.linked, workflow, given, len(ids))
            complete = check_inputs(workflow, own)
            begun = replace(own, values=complete)
            problems.extend(check_dependencies(checked.linked, workflow, begun, {each.key for each in workflows}))
            defaulted = tuple(sorted(complete.keys() - own.values.keys()))
            calls.append(Call(workflow.key, complete, defaulted=defaulted, made_up=own.made_up & complete.keys()))
        except ArazzoError as error:
            problems.extend(error.diagnostics)
    problems.extend(reached.problems)
    if not checked.errors:
        known = [KnownCall(call.key, call.inputs) for call in calls]
        problems.extend(check_known(checked.linked, known, reached.settings.limits))
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        raise ArazzoError(*distinct(problems))
    return Ready(checked.linked, tuple(calls), tuple(distinct(problems)))


def _own_inputs(linked: LinkedDescription, workflow: LinkedWorkflow, given: GivenInputs, count: int) -> GivenInputs:
    """Return what is given to one workflow: everything when it is the only one, else the inputs it takes."""
    own = given.of(workflow.key.workflow_id)
    return own if count == 1 else own.only(taken_inputs(linked, workflow))


def _unknown_to_all(
    linked: LinkedDescription, workflows: Sequence[LinkedWorkflow], given: GivenInputs
) -> list[Diagnostic]:
    known = {name for workflow in workflows for name in taken_inputs(linked, workflow)}
    rest = given.only(given.values.keys() - known)
    return list(unknown_inputs(workflows[0], rest)) if workflows and rest.values else []
