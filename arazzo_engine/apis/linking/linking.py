"""Linking: joining every step of the workflows a run can reach to the operation or workflow it calls.

Decides what each name refers to, and notes every name that refers to nothing or to too much. Whether a
linked step can be run is for the checks to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import Resolver
from arazzo_engine.apis.left_out import told_once
from arazzo_engine.apis.linking.inputs.outer_schemas import with_outer_schemas
from arazzo_engine.apis.linking.linked import (
    LinkedDescription,
    LinkedStep,
    LinkedWorkflow,
    StepDependency,
    StepKey,
    Target,
    Unresolved,
    WorkflowKey,
)
from arazzo_engine.apis.linking.merging import has_place, merge_actions, merge_parameters, unread_of_all_steps
from arazzo_engine.apis.linking.operation_references import find_operation
from arazzo_engine.apis.linking.operations.first_visits import with_first_visits
from arazzo_engine.apis.linking.operations.opening import MessagesError, UnknownOperationError, refused_messages
from arazzo_engine.apis.linking.operations.sent_parameters import with_sent_parameters
from arazzo_engine.apis.linking.operations.wrapped_bodies import with_unwrapped_body
from arazzo_engine.apis.linking.repairs.comma_lists import with_lists
from arazzo_engine.apis.linking.repairs.credentials import with_credentials
from arazzo_engine.apis.linking.repairs.filters import Filters
from arazzo_engine.apis.linking.repairs.operations import told
from arazzo_engine.apis.linking.repairs.parameters import as_described, with_only_values
from arazzo_engine.apis.linking.repairs.quoted_values import with_values_of_texts
from arazzo_engine.apis.linking.repairs.strangers import as_stranger
from arazzo_engine.apis.linking.repairs.texts_as_bytes import with_bytes_of_texts
from arazzo_engine.apis.linking.repairs.written_texts import with_bytes_of_written_texts
from arazzo_engine.apis.linking.repairs.xml_roots import without_doubled_root
from arazzo_engine.apis.linking.said_of_steps import as_said, idempotence_of
from arazzo_engine.apis.linking.sources import AsyncApi, SourceLoader, Sources
from arazzo_engine.apis.linking.step_order import order_steps
from arazzo_engine.apis.linking.taken import qualified
from arazzo_engine.apis.linking.workflow_indexes import BY_ID, at_index
from arazzo_engine.apis.schemas.alternatives import Alternatives
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.pointers import is_within
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.declarations import like_source, like_step, like_workflow, workflow_of_step
from arazzo_engine.language.expressions.grammar import ExpressionError, Root, parse_expression
from arazzo_engine.language.objects import ArazzoDescription
from arazzo_engine.vocabulary import Vocabulary, any_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Parameter, Step, StepReference, Workflow

# what begins so is a value of a run, however it goes on
_OF_A_RUN: Final = ("$steps.", "$inputs.", "$outputs.", "$request.", "$response.")


class Linking(Struct, frozen=True):
    """What linking gave: the linked description, and every problem with a name or a source.

    ``readings`` is what was found in the other documents when they were read, ``documents`` has the names of all;
    ``unopened`` are the problems of sources, by document and name.
    """

    linked: LinkedDescription
    problems: tuple[Diagnostic, ...]
    readings: tuple[Diagnostic, ...] = ()
    documents: frozenset[str] = frozenset()
    unopened: Mapping[tuple[str, str], tuple[Diagnostic, ...]] = field(default_factory=dict)


def link(description: ArazzoDescription, loader: SourceLoader, workflow_ids: Iterable[str] | None = None) -> Linking:
    """Link the named workflows (all when ``None``) and everything they can lead to.

    A step whose target cannot be found is noted and ``Unresolved``: a description with an error among its problems
    must not be run.
    """
    linker = _Linker(Sources(loader), Filters(Alternatives(Parts(Resolver(loader)))))
    linker.sources.remember(description)
    uri = description.at.document.uri
    wanted = [each.workflow_id for each in description.workflows] if workflow_ids is None else list(workflow_ids)
    linker.sources.of(description)
    for workflow_id in wanted:
        linker.reach(WorkflowKey(uri, workflow_id), description)
    linker.link_all()
    linked = LinkedDescription(description, linker.workflows, linker.resolver, linker.sources.apis.aliases)
    sources = linker.sources
    return Linking(linked, told_once(linker.problems), tuple(sources.problems), sources.documents, sources.unopened)


class _Linker(Struct):
    sources: Sources
    filters: Filters
    problems: list[Diagnostic] = field(default_factory=list)
    workflows: dict[WorkflowKey, LinkedWorkflow] = field(default_factory=dict)
    _reached: dict[WorkflowKey, tuple[ArazzoDescription, Workflow]] = field(default_factory=dict)
    _not_run: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def resolver(self) -> Resolver:
        """What follows references, and knows where the sources were read from."""
        return Resolver(self.sources.loader, self.sources.places)

    def reach(self, key: WorkflowKey, description: ArazzoDescription) -> None:
        """Remember that the run can come to this workflow."""
        workflow = description.workflow(key.workflow_id)
        if workflow is not None and key not in self._reached:
            self._reached[key] = (description, workflow)

    def link_all(self) -> None:
        """Link what was reached, and what that reaches, until nothing new is."""
        while waiting := [key for key in self._reached if key not in self.workflows]:
            for key in waiting:
                self.workflows[key] = self._link_workflow(key, *self._reached[key])

    def _link_workflow(self, key: WorkflowKey, description: ArazzoDescription, workflow: Workflow) -> LinkedWorkflow:
        references = self._link_references(description, workflow)
        written = [self._link_step(step, (key, workflow), description, references) for step in workflow.steps]
        steps = order_steps(written, key)
        inputs = with_outer_schemas(workflow.inputs, workflow.at.child("inputs"), description, self.resolver)
        self.problems.extend(inputs.problems)
        linked = LinkedWorkflow(
            key=key,
            workflow=workflow,
            description=description,
            sources={source.name: source for source in description.source_descriptions},
            steps=steps,
            references=references,
            indexes={linked.step.step_id: index for index, linked in enumerate(steps)},
            inputs=inputs.schema,
        )
        parts = Parts(Resolver(self.sources.loader))
        linked = with_bytes_of_texts(linked, parts, self.problems)
        return with_bytes_of_written_texts(linked, parts, self.problems)

    def _link_step(
        self,
        step: Step,
        owner: tuple[WorkflowKey, Workflow],
        description: ArazzoDescription,
        references: dict[str, WorkflowKey],
    ) -> LinkedStep:
        key, workflow = owner
        go_on()
        target = as_said(step, self._link_target(step, description, references), self.problems)
        step = with_sent_parameters(step, target, self.filters.schemas.parts, self.problems)
        step = with_unwrapped_body(step, target, self.filters.schemas, self.problems)
        parameters = self._parameters(step, workflow, target)
        unread = step.unread | unread_of_all_steps(workflow)
        # a parameter that could not be read may be the credential
        if isinstance(target, Operation) and "parameters" not in unread:
            target, asked = with_credentials(step, workflow.steps, parameters, target)
            self.problems.extend(asked)
            target = as_stranger(step, parameters, target, self.problems)
        linked = LinkedStep(
            step=step,
            target=target,
            parameters=parameters,
            on_success=merge_actions(step.on_success, workflow.success_actions),
            on_failure=merge_actions(step.on_failure, workflow.failure_actions),
            depends_on=tuple(self._link_dependencies(step, key, description)),
            idempotent=idempotence_of(step, target, self.problems),
            unread=unread,
        )
        meant = with_values_of_texts(linked, self.filters.schemas, self.problems)
        visited = with_first_visits(without_doubled_root(meant, self.problems), self.filters.schemas)
        return self.filters.as_meant(visited, self.problems)

    def _parameters(self, step: Step, workflow: Workflow, target: Target) -> tuple[Parameter, ...]:
        merged = merge_parameters(
            step, [each for each in workflow.parameters if has_place(each, step, (workflow, target))]
        )
        if not isinstance(target, Operation):
            return merged
        described = as_described(step, merged, target, self.problems)
        whole = with_only_values(step, described, (target, Resolver(self.sources.loader)), self.problems)
        return with_lists(whole, target, self.filters.schemas, self.problems)

    def _link_dependencies(
        self, step: Step, key: WorkflowKey, description: ArazzoDescription
    ) -> Iterator[StepDependency]:
        for reference in step.depends_on:
            workflow_reference = key.workflow_id if reference.workflow is None else reference.workflow
            try:
                home, workflow_id = self._find_workflow(workflow_reference, reference.at, description)
                _check_step_exists(reference, home, workflow_id)
            except ArazzoError as error:
                self.problems.extend(error.diagnostics)
                continue
            # "`dependsOn` only establishes a prerequisite relationship for the current step and does not trigger
            # execution of the referenced steps", so nothing is reached through it
            needed = WorkflowKey(home.at.document.uri, workflow_id)
            yield StepDependency(reference, StepKey(needed, reference.step_id))

    def _link_target(self, step: Step, description: ArazzoDescription, references: dict[str, WorkflowKey]) -> Target:
        if step.workflow_id is not None:
            return references.get(step.workflow_id, Unresolved())
        try:
            found = find_operation(step, self.sources.of(description), description)
        except ArazzoError as error:
            return self._unresolved(step, description, error)
        known = {(each.code, each.location) for each in self.problems}
        skipped = (each for each in found.operation.skipped if (each.code, each.location) not in known)
        self.problems += (*found.warnings, *skipped)
        return found.operation

    def _unresolved(self, step: Step, description: ArazzoDescription, error: ArazzoError) -> Unresolved:
        found = self._as_message(step, description, error)
        if isinstance(found, MessagesError):
            # the first of its steps says of a workflow that it is not run
            workflow = (step.at.document.uri, *step.at.pointer[:2])
            if workflow not in self._not_run:
                self.problems.extend(found.diagnostics)
            self._not_run.add(workflow)
        elif fix := self._fix_workflow(step, description, found):
            self.problems.extend(replace(each, fix=fix, edits=()) for each in found.diagnostics)
        elif isinstance(found, UnknownOperationError):
            fix = self.sources.where_defined(description, found.sources, found.operation_id)
            self.problems.append(replace(found.problem, fix=fix) if fix else found.problem)
        else:
            self.problems.extend(found.diagnostics)
        return Unresolved(of_messages=isinstance(found, MessagesError))

    def _fix_workflow(self, step: Step, description: ArazzoDescription, error: ArazzoError) -> str:
        """Return what to write where a workflow is named as an operation is, empty where no such workflow is."""
        named = step.operation_id or ""
        if not any(each.code == "operation-not-found" for each in error.diagnostics):
            return ""
        # a workflow that is named like its operation does not call itself
        if _owner_of(step.at, description) == named:
            return ""
        if description.workflow(named) is not None:
            return f"`{named}` is a workflow: write `workflowId: {named}`"
        sources = self.sources.of(description).items()
        homes = {name: each for name, each in sources if isinstance(each, ArazzoDescription)}
        written = [f"$sourceDescriptions.{name}.{each}" for name, home in homes.items() for each in home.workflow_ids]
        meant = [each for each in written if each in (named, f"$sourceDescriptions.{each.split('.')[1]}.{named}")]
        return f"`{named}` is a workflow: write `workflowId: {meant[0]}`" if len(meant) == 1 else ""

    def _as_message(self, step: Step, description: ArazzoDescription, error: ArazzoError) -> ArazzoError:
        """Return the error of an operation that no description of OpenAPI has and one of AsyncAPI has, or the same."""
        named = step.operation_id if any(each.code == "operation-not-found" for each in error.diagnostics) else None
        owner = named and self.sources.owner_of_message(description, named)
        what = f"operation `{named}` is of source description `{owner}`, which is AsyncAPI"
        return refused_messages(step.at.child("operationId"), what) if owner else error

    def _link_references(self, description: ArazzoDescription, workflow: Workflow) -> dict[str, WorkflowKey]:
        references: dict[str, WorkflowKey] = {}
        for reference, at in _workflow_references(workflow):
            if reference in references:
                continue
            try:
                home, workflow_id = self._find_workflow(reference, at, description)
            except ArazzoError as error:
                self.problems.extend(error.diagnostics)
                continue
            references[reference] = WorkflowKey(home.at.document.uri, workflow_id)
            self.reach(references[reference], home)
        return references

    def _find_workflow(
        self, reference: str, at: Place, description: ArazzoDescription
    ) -> tuple[ArazzoDescription, str]:
        found = at_index(reference, description, self.sources.of(description))
        if found is not None and found.home is not None:
            meant = _workflow_in(found.home, found.workflow_id, at)
            self.problems.extend(told(reference, found.written, BY_ID, at))
            return meant
        reference = reference if found is None else found.written
        if not reference.startswith("$"):
            return _workflow_in(description, reference, at)
        source_name, workflow_id = qualified(reference, description.source_names) or _split_reference(reference, at)
        source = self.sources.of(description).get(source_name)
        if description.source(source_name) is None:
            message = f"`{reference}` names source description `{source_name}`, which does not exist"
            names = description.source_names
            add = f"add `{source_name}` to the `sourceDescriptions`"
            fix = did_you_mean(source_name, names) or any_of("use {}", names, otherwise=add)
            related = like_source(description, source_name)
            raise ArazzoError(diagnose("unknown-source", message, at.location(), fix=fix, related=related))
        if source is None:
            raise ArazzoError  # the source's own problem is already noted
        if not isinstance(source, ArazzoDescription):
            kind = "asyncapi" if isinstance(source, AsyncApi) else "openapi"
            message = f"`{reference}` names a workflow in source description `{source_name}`, which is {kind}"
            fix = f"name a workflow of this document: {listed(description.workflow_ids)}"
            raise ArazzoError(diagnose("unknown-workflow", message, at.location(), fix=fix))
        return _workflow_in(source, workflow_id, at)


def _workflow_references(workflow: Workflow) -> Iterator[tuple[str, Place]]:
    """Yield every workflow that a workflow names, as written, with its place."""
    for index, reference in enumerate(workflow.depends_on):
        yield reference, workflow.at.child("dependsOn", index)
    for step in workflow.steps:
        if step.workflow_id is not None:
            yield step.workflow_id, step.at.child("workflowId")
        for action in step.actions:
            if action.workflow_id is not None:
                yield action.workflow_id, action.at.child("workflowId")
    for action in workflow.actions:
        if action.workflow_id is not None:
            yield action.workflow_id, action.at.child("workflowId")


def _check_step_exists(reference: StepReference, home: ArazzoDescription, workflow_id: str) -> None:
    workflow = home.workflow(workflow_id)
    ids = Vocabulary(()) if workflow is None else workflow.step_ids
    if workflow is not None and not workflow.are_steps_known:
        return  # one that could not be read, or has no id of its own, may be the one; that is noted already
    if reference.step_id not in ids:
        # "Each value provided MUST be a `stepId`."
        message = f"`{reference.text}` names step `{reference.step_id}`, which workflow `{workflow_id}` does not have"
        owner = workflow_of_step(home, reference.step_id)
        others = _other_steps(workflow, reference.at)
        meant = did_you_mean(reference.step_id, others)
        fix = meant or any_of("use {}", others, otherwise="remove it")
        if owner is not None:
            fix = f"it is a step of workflow `{owner}`: write `$workflows.{owner}.steps.{reference.step_id}`"
        clause = "Arazzo 1.1.0, Step Object, dependsOn"
        at, related = reference.at.location(), like_step(workflow, reference.step_id, others)
        raise ArazzoError(diagnose("unknown-step", message, at, fix=fix, clause=clause, related=related))


def _other_steps(workflow: Workflow | None, at: Place) -> Vocabulary:
    """Return the steps of a workflow that a step at a place may depend on: none depends on itself."""
    steps = () if workflow is None else workflow.steps
    return Vocabulary(tuple(each.step_id for each in steps if not is_within(at.pointer, each.at.pointer)))


def _workflow_in(description: ArazzoDescription, workflow_id: str, at: Place) -> tuple[ArazzoDescription, str]:
    if description.workflow(workflow_id) is not None:
        return description, workflow_id
    message = f"`{workflow_id}` is no workflow of {description.at.document.name}"
    others = _others(description, at)
    fix = did_you_mean(workflow_id, others) or any_of("use {}", others, otherwise="remove it")
    related = like_workflow(description, workflow_id)
    raise ArazzoError(diagnose("unknown-workflow", message, at.location(), fix=fix, related=related))


def _owner_of(at: Place, description: ArazzoDescription) -> str | None:
    """Return the id of the workflow that a place is in; one that could not be read has none, and no place in it."""
    if at.document is not description.at.document:
        return None
    owners = (each.workflow_id for each in description.workflows if each.at.pointer == at.pointer[:2])
    return next(owners, None)


def _others(description: ArazzoDescription, at: Place) -> Vocabulary:
    """Return the workflows that may be meant at a place: what a workflow depends on is not that workflow."""
    if at.pointer[2:3] != ("dependsOn",):
        return description.workflow_ids
    own = _owner_of(at, description)
    return Vocabulary(tuple(each for each in description.workflow_ids if each != own))


def _split_reference(reference: str, at: Place) -> tuple[str, str]:
    # "the `workflowId` MUST be specified using a Runtime Expression (e.g., `$sourceDescriptions.<name>.<workflowId>`)"
    try:
        expression = None if reference.startswith(_OF_A_RUN) else parse_expression(reference)
    except ExpressionError as error:
        raise ArazzoError(
            diagnose("invalid-expression", error.message, at.location((error.start, error.end)), fix=error.fix)
        ) from error
    if expression is None or expression.root is not Root.SOURCE_DESCRIPTIONS:
        fix = "use a workflowId, or `$sourceDescriptions.<name>.<workflowId>`"
        raise ArazzoError(
            diagnose("unknown-workflow", f"`{reference}` does not name a workflow", at.location(), fix=fix)
        )
    name, workflow_id = expression.names
    return name, workflow_id
