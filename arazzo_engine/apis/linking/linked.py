"""A linked description: every step joined to the operation or workflow it calls, its lists merged.

Values only: linking makes them, the checks read them, the interpreter runs them.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.linking.reach import Reach
from arazzo_engine.apis.schemas.answers import accepting
from arazzo_engine.apis.wire_forms.content_types import inner_kind, kind_of_payload, request_media_type
from arazzo_engine.language.expressions.strings import ExpressionString
from arazzo_engine.language.objects import ActionType
from arazzo_engine.language.templates import Literal
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import (
        Action,
        ArazzoDescription,
        Criterion,
        FailureAction,
        Parameter,
        SourceDescription,
        Step,
        StepReference,
        SuccessAction,
        Workflow,
    )
    from arazzo_engine.language.templates import Template

# a name that was not found is compared with so many
_MOST_NAMES: Final = 200


class WorkflowKey(Struct, frozen=True):
    """A workflow among all documents of a run: its document's URI and its id."""

    document_uri: str
    workflow_id: str


class StepKey(Struct, frozen=True):
    """A step among all workflows of a run."""

    workflow: WorkflowKey
    step_id: str


class StepDependency(Struct, frozen=True):
    """A step that must have completed before another one, and the reference that says so."""

    reference: StepReference
    key: StepKey


class Unresolved(Struct, frozen=True):
    """What a step calls could not be found, or was not looked for. Such a step can be checked but never run.

    One ``of_messages`` calls an operation or a channel of AsyncAPI.
    """

    of_messages: bool = False


Target: TypeAlias = Operation | WorkflowKey | Unresolved


class LinkedStep(Struct, frozen=True):
    """A step with what it calls, and with the workflow's parameters and actions merged into its own.

    ``depends_on`` are the steps that must have completed before it, as its ``dependsOn`` declares. ``idempotent`` is
    what somebody says of its request, whatever the method: that it may be sent again, or may not. ``unread`` names the
    fields of the step, the workflow's with them, that hold what could not be read.
    """

    step: Step
    target: Target
    parameters: tuple[Parameter, ...]
    on_success: tuple[SuccessAction, ...]
    on_failure: tuple[FailureAction, ...]
    depends_on: tuple[StepDependency, ...] = ()
    idempotent: bool | None = None
    unread: frozenset[str] = frozenset()

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """The name and location of each parameter that the step sets, and of the cookies in its ``Cookie`` header."""
        own = tuple((each.name, each.location or "") for each in self.parameters)
        return own + tuple((name, In.COOKIE) for each in self.parameters for name in _cookies(each))

    @property
    def content_type(self) -> str | None:
        """The media type that the step says itself of its body, ``""`` when only an expression knows it."""
        body = self.step.request_body
        if body is not None and body.content_type:
            return body.content_type
        return self._header("content-type")

    @property
    def accept(self) -> str | None:
        """The media types that the step says itself of its answer, ``""`` when only an expression knows them."""
        return self._header("accept")

    def _header(self, name: str) -> str | None:
        named = [each.value for each in self.parameters if is_header(each, name)]
        texts = [each.value for each in named if isinstance(each, Literal) and isinstance(each.value, str)]
        return texts[0] if texts else "" if named else None

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions of success and of failure, the workflow's among them."""
        return (*self.on_success, *self.on_failure)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The success criteria, then those of the actions."""
        return (*self.step.success_criteria, *(each for action in self.actions for each in action.criteria))


def as_answered(linked: LinkedStep, operation: Operation) -> Operation:
    """Return the operation of a step with the answers of the media type that the text of the step accepts."""
    return accepting(operation, linked.accept) if linked.accept else operation


def content_type_of(linked: LinkedStep, operation: Operation, payload: Template) -> str:
    """Return the media type that a payload is sent as, as far as the text of its step decides it."""
    given = linked.content_type or None
    return request_media_type(given, operation, kind_of_payload(payload), inner_kind(payload))


def is_header(parameter: Parameter, name: str) -> bool:
    """Whether a parameter is the header of a name, which is in small letters."""
    return parameter.location == In.HEADER and parameter.name.lower() == name


def _cookies(parameter: Parameter) -> Iterator[str]:
    """Yield the names of the cookies that a header of the step writes out."""
    if not is_header(parameter, "cookie"):
        return
    match parameter.value:
        case Literal(value=str() as text):
            pairs = text
        case ExpressionString(parts):
            # whatever stands in a value, it ends no pair
            pairs = "".join(each if isinstance(each, str) else "_" for each in parts)
        case _:
            return
    yield from (name.strip() for name, sign, _ in (each.partition("=") for each in pairs.split(";")) if sign)


class LinkedWorkflow(Struct, frozen=True, weakref=True, eq=False):
    """A workflow with its steps in the order they run. It is equal to itself alone, so that it can be looked up.

    ``references`` leads from each workflow reference in its text (``login``, ``$sourceDescriptions.x.login``)
    to the workflow meant; ``indexes`` from each step id to its index. ``inputs`` is the schema of its inputs,
    with what it refers to in other documents.
    """

    key: WorkflowKey
    workflow: Workflow
    description: ArazzoDescription
    sources: Mapping[str, SourceDescription]
    steps: tuple[LinkedStep, ...]
    references: Mapping[str, WorkflowKey]
    indexes: Mapping[str, int]
    inputs: JsonValue = None

    def operations(self) -> Iterator[Operation]:
        """Yield the operation of each step that calls one."""
        yield from (step.target for step in self.steps if isinstance(step.target, Operation))

    @property
    def transfers(self) -> tuple[WorkflowKey, ...]:
        """The workflows that a ``goto`` of its steps leads to."""
        named = (
            self.references.get(action.workflow_id or "")
            for step in self.steps
            for action in step.actions
            if action.type is ActionType.GOTO
        )
        return tuple(key for key in named if key is not None)


class LinkedDescription(Struct, frozen=True, dict=True, weakref=True, eq=False):
    """Everything a run can reach from the entry document, linked. It is equal to itself alone.

    ``aliases`` leads from the name that a source has in a called document to that of the same source above it.
    """

    entry: ArazzoDescription
    workflows: Mapping[WorkflowKey, LinkedWorkflow]
    resolver: Resolver
    aliases: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def called(self) -> frozenset[WorkflowKey]:
        """The workflows that steps call."""
        steps = (step for workflow in self.workflows.values() for step in workflow.steps)
        return frozenset(step.target for step in steps if isinstance(step.target, WorkflowKey))

    def key(self, workflow_id: str) -> WorkflowKey:
        """Return the key of a workflow of the entry document."""
        return WorkflowKey(self.entry.at.document.uri, workflow_id)

    def workflow(self, workflow_id: str) -> LinkedWorkflow:
        """Return a workflow of the entry document."""
        return self.workflows[self.key(workflow_id)]

    def descriptions(self) -> tuple[ArazzoDescription, ...]:
        """Return the documents that the linked workflows stand in, each once."""
        return tuple({id(each.description): each.description for each in self.workflows.values()}.values())

    def operations(self) -> Iterator[Operation]:
        """Yield the operation of each step that calls one."""
        for workflow in self.workflows.values():
            yield from workflow.operations()

    def reachable(
        self, keys: Iterable[WorkflowKey], seen: set[WorkflowKey] | None = None
    ) -> tuple[LinkedWorkflow, ...]:
        """Return workflows and all that they can lead to, by steps, actions and ``dependsOn``, each once.

        Of those ``seen`` none is returned; what is returned is added to them.
        """
        return tuple(self.workflows[key] for key in self._leading.from_all(keys, seen) if key in self.workflows)

    def leads_back(self, key: WorkflowKey, other: WorkflowKey) -> bool:
        """Whether a workflow that leads to another one is led back to by it."""
        return self._leading.leads_back(key, other)

    def named(self, workflow: LinkedWorkflow, workflow_id: str) -> WorkflowKey | None:
        """Return what ``$workflows.<id>`` means in a workflow: of its own document, or of one that a step there calls.

        "$workflows.foo.outputs.bar" says nothing of documents: an id that the own one does not have is that of a
        workflow it refers to, unless several documents have one.
        """
        uri = workflow.key.document_uri
        if workflow.description.workflow(workflow_id) is not None:
            return WorkflowKey(uri, workflow_id)
        keys = self._named_elsewhere.get((uri, workflow_id), frozenset())
        return next(iter(keys)) if len(keys) == 1 else None

    def documents_naming(self, key: WorkflowKey) -> tuple[str, ...]:
        """Return the URIs of the documents in which ``$workflows.<id>`` means a workflow."""
        return (key.document_uri, *self._naming.get(key, ()))

    def has_output(self, key: WorkflowKey, name: str) -> bool:
        """Whether a workflow, or one that it can transfer its control to, has an output of that name."""
        return self._transferring.can_reach(key, self._declaring.get(name, 0))

    def output_names(self, key: WorkflowKey) -> Vocabulary:
        """Return the names of the outputs that a workflow can have, of very many only some."""
        if key not in self._known_outputs:
            names = (name for each in self._transferring.from_all([key]) for name in self._outputs_of(each))
            self._known_outputs[key] = Vocabulary(tuple(islice(names, _MOST_NAMES)))
        return self._known_outputs[key]

    def _outputs_of(self, key: WorkflowKey) -> Iterable[str]:
        workflow = self.workflows.get(key)
        return () if workflow is None else workflow.workflow.outputs or ()

    @cached_property
    def _named_elsewhere(self) -> dict[tuple[str, str], frozenset[WorkflowKey]]:
        """The workflows of other documents that those of a document refer to, by its URI and their id."""
        found: dict[tuple[str, str], frozenset[WorkflowKey]] = {}
        for key, workflow in self.workflows.items():
            for other in workflow.references.values():
                if other.document_uri != key.document_uri:
                    name = (key.document_uri, other.workflow_id)
                    found[name] = found.get(name, frozenset()) | {other}
        return found

    @cached_property
    def _naming(self) -> dict[WorkflowKey, list[str]]:
        descriptions = {each.at.document.uri: each for each in self.descriptions()}
        naming: dict[WorkflowKey, list[str]] = {}
        for (uri, workflow_id), keys in self._named_elsewhere.items():
            if len(keys) == 1 and descriptions[uri].workflow(workflow_id) is None:
                naming.setdefault(next(iter(keys)), []).append(uri)
        return naming

    @cached_property
    def _known_outputs(self) -> dict[WorkflowKey, Vocabulary]:
        return {}

    @cached_property
    def _leading(self) -> Reach[WorkflowKey]:
        return Reach({key: tuple(each.references.values()) for key, each in self.workflows.items()})

    @cached_property
    def _transferring(self) -> Reach[WorkflowKey]:
        # "a one-way transfer of workflow control": the outputs are then those of the other workflow
        return Reach({key: each.transfers for key, each in self.workflows.items()})

    @cached_property
    def _declaring(self) -> dict[str, int]:
        declaring: dict[str, list[WorkflowKey]] = {}
        for key in self.workflows:
            for name in self._outputs_of(key):
                declaring.setdefault(name, []).append(key)
        return {name: self._transferring.bits(keys) for name, keys in declaring.items()}
