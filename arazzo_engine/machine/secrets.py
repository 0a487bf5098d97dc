"""Which inputs and outputs are secret: those that flow into a credential, however far they travel.

Found from the linked description, before a run, so that a token is known as a secret from the moment a step
returns it. Masking itself happens where things are printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.apis.linked import LinkedStep, WorkflowKey
from arazzo_engine.apis.operations import Operation
from arazzo_engine.language.expressions import Root
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.validation.hidden_inputs import hidden_inputs, hidden_values, hides

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions import RuntimeExpression
    from arazzo_engine.language.scope import Values
    from arazzo_engine.language.templates import Template

_CREDENTIAL_HEADERS: Final = frozenset({"authorization", "proxy-authorization"})
# A secret is named by its workflow and either an input or an output of a step or of the workflow itself
_Name: TypeAlias = tuple[WorkflowKey, str, str]
_INPUT: Final = "inputs"
_OUTPUT: Final = "outputs"


class Secrets(Struct, frozen=True):
    """The names of all secret inputs and outputs of a linked description.

    ``hiding`` are the workflows whose schema of inputs hides something.
    """

    names: frozenset[_Name] = field(default_factory=frozenset)
    hiding: frozenset[WorkflowKey] = field(default_factory=frozenset)

    def inputs_of(self, workflow: LinkedWorkflow, inputs: Values) -> tuple[str, ...]:
        """Return the secret values among a workflow's inputs: those that become credentials, and hidden ones."""
        named = (value for name, value in inputs.items() if (workflow.key, _INPUT, name) in self.names)
        hidden = hidden_values(workflow, inputs) if workflow.key in self.hiding else ()
        return _texts((*named, *hidden))

    def values_of(self, key: WorkflowKey, step_id: str, outputs: Values) -> tuple[str, ...]:
        """Return the secret values among a step's outputs."""
        return _texts(value for name, value in outputs.items() if (key, f"steps.{step_id}", name) in self.names)


def find_secrets(linked: LinkedDescription) -> Secrets:
    """Follow every credential in the linked workflows back to the inputs and outputs it comes from."""
    search = _Search(linked)
    hiding = frozenset(key for key, workflow in linked.workflows.items() if hides(workflow))
    for key in hiding:
        for name in hidden_inputs(linked.workflows[key]):
            search.follow_input(key, name)
    for key, workflow in linked.workflows.items():
        for step in workflow.steps:
            for template in _credential_templates(step):
                search.add_template(key, template)
    search.follow_all()
    return Secrets(frozenset(search.found), hiding)


def _credential_templates(linked: LinkedStep) -> Iterator[Template]:
    if not isinstance(linked.target, Operation):
        return
    places = {
        (str(requirement.scheme.location), requirement.scheme.parameter_name.lower())
        for alternative in linked.target.security
        for requirement in alternative
        if requirement.scheme.location is not None
    }
    for parameter in linked.parameters:
        name = parameter.name.lower()
        if (parameter.location, name) in places or (parameter.location == "header" and name in _CREDENTIAL_HEADERS):
            yield parameter.value


class _Search(Struct):
    linked: LinkedDescription
    found: set[_Name] = field(default_factory=set)
    _waiting: list[_Name] = field(default_factory=list)

    def add(self, name: _Name) -> None:
        if name not in self.found:
            self.found.add(name)
            self._waiting.append(name)

    def add_template(self, key: WorkflowKey, template: Template) -> None:
        for each in expressions_in(template):
            self._add_expression(key, each.expression)

    def follow_all(self) -> None:
        while self._waiting:
            key, kind, name = self._waiting.pop()
            if kind == _INPUT:
                self.follow_input(key, name)
            else:
                self._follow_output(key, kind, name)

    def _add_expression(self, key: WorkflowKey, expression: RuntimeExpression) -> None:
        names = expression.names
        match expression.root:
            case Root.INPUTS:
                self.add((key, _INPUT, names[0]))
            case Root.STEPS:
                self.add((key, f"steps.{names[0]}", names[2]))
            case Root.WORKFLOWS:
                self._add_of_workflow((WorkflowKey(key.document_uri, names[0]), names[1], names[2]))
            case _:
                pass

    def _add_of_workflow(self, name: _Name) -> None:
        """Add an input or output of a workflow: an output may be that of a workflow it transferred to."""
        key, kind, each = name
        for workflow in self.linked.transfers(key) if kind == _OUTPUT else (self.linked.workflows.get(key),):
            if workflow is not None:
                self.add((workflow.key, kind, each))

    def follow_input(self, key: WorkflowKey, name: str) -> None:
        """An input is secret, so what every caller passes for it is secret too."""
        for caller, workflow in self.linked.workflows.items():
            for template in _passed_to(key, name, workflow):
                self.add_template(caller, template)
            if _shares_inputs(key, workflow):
                self.add((caller, _INPUT, name))

    def _follow_output(self, key: WorkflowKey, kind: str, name: str) -> None:
        workflow = self.linked.workflows.get(key)
        if workflow is None:
            return
        if kind == _OUTPUT:
            self._follow_declared(key, (workflow.workflow.outputs or {}).get(name))
            return
        step = next((each for each in workflow.steps if f"steps.{each.step.step_id}" == kind), None)
        if step is None:
            return
        declared = (step.step.outputs or {}).get(name)
        self._follow_declared(key, declared)
        if isinstance(step.target, WorkflowKey):
            for called in _called_outputs(declared, name):
                self._add_of_workflow((step.target, _OUTPUT, called))

    def _follow_declared(self, key: WorkflowKey, template: Template | None) -> None:
        if template is not None:
            self.add_template(key, template)


def _called_outputs(declared: Template | None, name: str) -> Iterator[str]:
    if declared is None:
        yield name
        return
    for each in expressions_in(declared):
        if each.expression.root is Root.OUTPUTS:
            yield each.expression.names[0]


def _passed_to(key: WorkflowKey, name: str, caller: LinkedWorkflow) -> Iterator[Template]:
    for linked in caller.steps:
        if linked.target == key:
            yield from (parameter.value for parameter in linked.parameters if parameter.name == name)
        for action in linked.actions:
            if action.workflow_id is not None and caller.references.get(action.workflow_id) == key:
                yield from (parameter.value for parameter in action.parameters if parameter.name == name)


def _shares_inputs(key: WorkflowKey, caller: LinkedWorkflow) -> bool:
    """Whether a workflow gets the caller's inputs of the same names: by ``dependsOn``, and by actions."""
    named = [*caller.workflow.depends_on, *(each.workflow_id for step in caller.steps for each in step.actions)]
    return any(reference is not None and caller.references.get(reference) == key for reference in named)


def _texts(values: Iterable[JsonValue]) -> tuple[str, ...]:
    return tuple(text for value in values for text in _leaves(value))


def _leaves(value: JsonValue) -> Iterator[str]:
    match value:
        case dict():
            for member in value.values():
                yield from _leaves(member)
        case list():
            for element in value:
                yield from _leaves(element)
        case str():
            yield value
        case bool() | None:
            pass
        case _:
            yield str(value)
