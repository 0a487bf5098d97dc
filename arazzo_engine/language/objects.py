"""The objects of an Arazzo Description, one class for each, with the specification's own names.

Values only: what the reader produced from a document, 1.0.x and 1.1.x alike. Reusable Objects are already
replaced by what they refer to. Every object knows its place. Nothing here reads, checks or runs.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.conditions.condition import Condition
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.language.queries.expression_types import ExpressionType, Language
    from arazzo_engine.language.templates import Template


class SourceType(StrEnum):
    """The type of a source description."""

    OPENAPI = "openapi"
    ASYNCAPI = "asyncapi"
    ARAZZO = "arazzo"


class ActionType(StrEnum):
    """What an action does; ``retry`` belongs to failure actions only."""

    END = "end"
    GOTO = "goto"
    RETRY = "retry"


class Info(Struct, frozen=True):
    """The metadata of a description."""

    at: Place
    title: str
    version: str
    summary: str = ""
    description: str = ""


class SourceDescription(Struct, frozen=True):
    """A named description that the workflows use; ``type`` is ``None`` when the document leaves it open."""

    at: Place
    name: str
    url: str
    type: SourceType | None = None


class Parameter(Struct, frozen=True):
    """A value for an operation's parameter, or for a workflow's input when it has no location (``in``)."""

    at: Place
    name: str
    value: Template
    location: str | None = None


class PayloadReplacement(Struct, frozen=True):
    """A place in a payload and the value to set there; ``query`` is the target, ready to be resolved."""

    at: Place
    target: str
    value: Template
    target_selector_type: ExpressionType | None = None
    query: QueryTemplate | None = None

    @property
    def language(self) -> Language | None:
        """What its target is written in, ``None`` where that is nothing that selects."""
        return None if self.query is None else self.query.type.type

    @property
    def place(self) -> Pointer | None:
        """The one place that its target names, ``None`` where a value decides which, or what is there."""
        return None if self.query is None else self.query.place


class RequestBody(Struct, frozen=True):
    """The body a step sends; ``payload`` is ``None`` when the object has none."""

    at: Place
    content_type: str | None = None
    payload: Template | None = None
    replacements: tuple[PayloadReplacement, ...] = ()


class Criterion(Struct, frozen=True):
    """One assertion: ``simple`` is its parsed condition, or ``query`` the query of another type.

    One that ``wants_nothing`` holds when its query selects nothing.
    """

    at: Place
    condition: str
    type: ExpressionType
    context: RuntimeExpression | None = None
    simple: Condition | None = None
    query: QueryTemplate | None = None
    wants_nothing: bool = False

    def asks_body_by(self, language: Language) -> bool:
        """Whether it asks the body of its step's answer, or a part of it, by a query in a language."""
        return self.type.type is language and self.context is not None and self.context.is_of_answer_body


class _ActionFields(Struct, frozen=True):
    """What actions of success and of failure both say; ``unread`` is as that of a step."""

    at: Place
    name: str
    type: ActionType
    workflow_id: str | None = None
    step_id: str | None = None
    parameters: tuple[Parameter, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    unread: frozenset[str] = frozenset()


class SuccessAction(_ActionFields, frozen=True):
    """What to do when a step has succeeded and the criteria hold."""


class FailureAction(_ActionFields, frozen=True):
    """What to do when a step has failed and the criteria hold; ``retry_after`` is in seconds."""

    retry_after: float | None = None
    retry_limit: int | None = None


Action: TypeAlias = SuccessAction | FailureAction


class StepReference(Struct, frozen=True):
    """A step named by ``dependsOn``: ``workflow`` is the reference to its workflow, ``None`` for the same one."""

    at: Place
    text: str
    step_id: str
    workflow: str | None = None


class WrittenRequest(Struct, frozen=True):
    """A request that a step writes out itself: where it goes, and what its URL asks for. No description has it."""

    at: Place
    method: str
    server: str
    path: str
    parameters: tuple[Parameter, ...] = ()

    @property
    def url(self) -> str:
        """Where it goes, without what it asks for there."""
        return f"{self.server}{self.path}"


class Step(Struct, frozen=True):
    """One call to an operation or to a workflow; ``timeout`` is in milliseconds.

    ``unread`` names the fields that hold what could not be read, which is noted: of what is missing there nobody knows
    whether it is.
    """

    at: Place
    step_id: str
    description: str = ""
    operation_id: str | None = None
    operation_path: str | None = None
    channel_path: str | None = None
    workflow_id: str | None = None
    written_request: WrittenRequest | None = None
    parameters: tuple[Parameter, ...] = ()
    request_body: RequestBody | None = None
    success_criteria: tuple[Criterion, ...] = ()
    on_success: tuple[SuccessAction, ...] = ()
    on_failure: tuple[FailureAction, ...] = ()
    outputs: Mapping[str, Template] | None = None
    timeout: int | None = None
    correlation_id: JsonValue = None
    action: str | None = None
    depends_on: tuple[StepReference, ...] = ()
    unread: frozenset[str] = frozenset()

    @property
    def actions(self) -> tuple[Action, ...]:
        """The step's own actions, of success and of failure."""
        return (*self.on_success, *self.on_failure)


class Workflow(Struct, frozen=True, dict=True):
    """A sequence of steps with inputs (a JSON Schema, ``None`` when not declared) and outputs.

    ``unread`` is as that of a step.
    """

    at: Place
    workflow_id: str
    steps: tuple[Step, ...]
    summary: str = ""
    description: str = ""
    inputs: JsonValue = None
    depends_on: tuple[str, ...] = ()
    success_actions: tuple[SuccessAction, ...] = ()
    failure_actions: tuple[FailureAction, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    outputs: Mapping[str, Template] | None = None
    unread: frozenset[str] = frozenset()

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions that hold for all steps."""
        return (*self.success_actions, *self.failure_actions)

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or ``None``."""
        return self._by_id.get(step_id)

    @cached_property
    def step_ids(self) -> Vocabulary:
        """The ids of the steps."""
        return Vocabulary(tuple(step.step_id for step in self.steps))

    @cached_property
    def are_steps_known(self) -> bool:
        """Whether every step could be read and has its own id, so that one of another id is certainly not there."""
        return "steps" not in self.unread and self.are_ids_sure

    @cached_property
    def are_ids_sure(self) -> bool:
        """Whether every step has an id that no other one has."""
        return len({step.step_id for step in self.steps if step.step_id}) == len(self.steps)

    @cached_property
    def ids_twice(self) -> frozenset[str]:
        """The ids that several steps have."""
        counted = Counter(step.step_id for step in self.steps)
        return frozenset(step_id for step_id, count in counted.items() if count > 1)

    @cached_property
    def _by_id(self) -> dict[str, Step]:
        # the first of several with one id
        return {step.step_id: step for step in reversed(self.steps)}


class Components(Struct, frozen=True, dict=True):
    """The reusable objects of a document, by their keys."""

    at: Place
    inputs: Mapping[str, JsonValue]
    parameters: Mapping[str, Parameter]
    success_actions: Mapping[str, SuccessAction]
    failure_actions: Mapping[str, FailureAction]

    @cached_property
    def input_names(self) -> Vocabulary:
        """The names of the schemas of inputs."""
        return Vocabulary(tuple(self.inputs))


class ArazzoDescription(Struct, frozen=True, dict=True, weakref=True, eq=False):
    """One Arazzo document: ``version`` is its ``arazzo`` field, ``self_uri`` its ``$self``."""

    at: Place
    version: str
    info: Info
    source_descriptions: tuple[SourceDescription, ...]
    workflows: tuple[Workflow, ...]
    components: Components
    self_uri: str | None = None

    def workflow(self, workflow_id: str) -> Workflow | None:
        """Return the workflow of that id, or ``None``."""
        return self._by_id.get(workflow_id)

    def source(self, name: str) -> SourceDescription | None:
        """Return the source description of that name, or ``None``."""
        return self._by_name.get(name)

    @cached_property
    def workflow_ids(self) -> Vocabulary:
        """The ids of the workflows."""
        return Vocabulary(tuple(each.workflow_id for each in self.workflows))

    @cached_property
    def source_names(self) -> Vocabulary:
        """The names of the source descriptions."""
        return Vocabulary(tuple(each.name for each in self.source_descriptions))

    @cached_property
    def _by_id(self) -> dict[str, Workflow]:
        # the first of several with one id
        return {each.workflow_id: each for each in reversed(self.workflows)}

    @cached_property
    def _by_name(self) -> dict[str, SourceDescription]:
        return {each.name: each for each in reversed(self.source_descriptions)}
