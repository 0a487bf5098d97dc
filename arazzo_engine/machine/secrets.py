"""Which inputs and outputs are secret: those that flow into a credential, however far they travel.

Found from the linked description, before a run, so that a token is known as a secret from the moment a step
returns it. A secret value is secret in each of its parts; where only a part flows into a credential, which a pointer
names, what stands beside it is none. Masking itself happens where things are printed.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.linking.linked import LinkedStep, WorkflowKey
from arazzo_engine.documents.pointers import Pointer, render_pointer, resolve_pointer
from arazzo_engine.documents.values import Nothing
from arazzo_engine.language.expressions.grammar import Root, RuntimeExpression
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, Selector, evaluate_if_there, expressions_in
from arazzo_engine.machine.secret_places import is_declared_secret, literals_in, secret_templates
from arazzo_engine.reporting.messages.named_secrets import secret_members, texts_of
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.typed import Silent
from arazzo_engine.validation.inputs.hidden import hidden_parts, hidden_values, hides
from arazzo_engine.validation.inputs.schemas import declared_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope, Values
    from arazzo_engine.language.objects import Action
    from arazzo_engine.language.templates import Template

# A secret is named by its workflow and either an input or an output of a step or of the workflow itself, and is a part
# of that, or all of it
_Place: TypeAlias = tuple[WorkflowKey, str, str]
_Name: TypeAlias = tuple[WorkflowKey, str, str, Pointer]
_ALL: Final[Pointer] = ()
# a workflow that hands itself a part of its input has no end of them: of more, all is secret
_MOST_PARTS: Final = 16
_INPUT: Final = "inputs"
_STEPS: Final = "steps."
_OUTPUT: Final = "outputs"
_WITH_PARTS: Final = frozenset({Root.INPUTS, Root.STEPS, Root.WORKFLOWS, Root.OUTPUTS})
_MESSAGES: Final = frozenset({Root.REQUEST, Root.RESPONSE})
# a text beside a secret that is at least so long may be one itself
_LONG: Final = 16


class Secrets(Silent, frozen=True):
    """What is secret in a linked description: parts of inputs and outputs, hidden inputs, and parts of answers.

    ``hiding`` are the workflows whose schema of inputs hides something; ``literals`` are what a workflow writes itself.
    ``answers`` holds, by workflow and step, what the step's answer gives to a secret: known even when the step fails.
    """

    parts: Mapping[_Place, frozenset[Pointer]] = field(default_factory=dict)
    hiding: frozenset[WorkflowKey] = field(default_factory=frozenset)
    answers: Mapping[tuple[WorkflowKey, str], tuple[Template, ...]] = field(default_factory=dict)
    literals: Mapping[WorkflowKey, tuple[JsonValue, ...]] = field(default_factory=dict)

    def inputs_of(self, workflow: LinkedWorkflow, inputs: Values) -> tuple[str, ...]:
        """Return the secret texts among a workflow's inputs, and those that it writes itself."""
        used = (part for name, value in inputs.items() for part in self._in((workflow.key, _INPUT, name), value))
        hidden = hidden_values(workflow, inputs) if workflow.key in self.hiding else ()
        named = (*_named(workflow, inputs), *secret_members(dict(inputs)))
        return texts_of((*used, *hidden, *named, *self.literals.get(workflow.key, ())))

    def paths_of(self, workflow: LinkedWorkflow, name: str, value: JsonValue) -> frozenset[Pointer]:
        """Return where the value of an input is a secret; nothing leads to all of it."""
        is_hidden = workflow.key in self.hiding and value in hidden_values(workflow, {name: value})
        is_hidden = is_hidden or (is_secret_member(name) and name in declared_inputs(workflow))
        return frozenset({_ALL}) if is_hidden else self.parts.get((workflow.key, _INPUT, name), frozenset())

    def _in(self, place: _Place, value: JsonValue) -> Iterator[JsonValue]:
        found = (resolve_pointer(value, part) for part in self.parts.get(place, ()))
        return (each for each in found if not isinstance(each, Nothing))

    def read_of(self, key: WorkflowKey, step_id: str) -> Iterator[RuntimeExpression]:
        """Yield what is read of the step's answer to be a secret."""
        for template in self.answers.get((key, step_id), ()):
            yield from (each.expression for each in expressions_in(template))

    def has_answer(self, key: WorkflowKey, step_id: str) -> bool:
        """Whether parts of the step's answer are secret."""
        return (key, step_id) in self.answers

    def values_of(self, key: WorkflowKey, step_id: str, outputs: Values, scope: Scope) -> tuple[str, ...]:
        """Return the secret texts among a step's outputs and in the answer that ``scope`` holds."""
        place = f"{_STEPS}{step_id}"
        found = [part for name, value in outputs.items() for part in self._in((key, place, name), value)]
        answered = (evaluate_if_there(each, scope) for each in self.answers.get((key, step_id), ()))
        return texts_of([*found, *(value for value in answered if not isinstance(value, Nothing))])


def _named(workflow: LinkedWorkflow, inputs: Values) -> Iterator[JsonValue]:
    """Yield the inputs that are secret for their name.

    Of an object that says which of its members are, what else is short has to be seen; what is long may open something.
    """
    for name in filter(is_secret_member, declared_inputs(workflow)):
        value = inputs.get(name)
        if not isinstance(value, dict) or not any(map(is_secret_member, value)):
            yield value
        else:
            yield from (each for each in value.values() if isinstance(each, dict | list) or len(str(each)) >= _LONG)


@lru_cache(16)
def find_secrets(linked: LinkedDescription) -> Secrets:
    """Follow every credential in the linked workflows back to the inputs and outputs it comes from."""
    search = Origins(linked)
    hiding = frozenset(key for key, workflow in linked.workflows.items() if hides(workflow))
    for key in hiding:
        for name, *part in hidden_parts(linked.workflows[key]):
            search.follow_input(key, name, tuple(part))
    for key, workflow in linked.workflows.items():
        for name in filter(is_secret_member, declared_inputs(workflow)):
            search.follow_input(key, name, _ALL)
        for step in workflow.steps:
            for template in secret_templates(step):
                search.add_template(key, template)
                search.literals.setdefault(key, []).extend(literals_in(template))
            search.add_declared(key, step)
    search.follow_all()
    answers = {place: tuple(each) for place, each in search.answers.items()}
    parts = {place: frozenset(each) for place, each in search.found.items()}
    return Secrets(parts, hiding, answers, {key: tuple(each) for key, each in search.literals.items()})


class Origins(Struct, dict=True):
    """What something comes from, followed back through all workflows: names, and parts of answers by their step."""

    linked: LinkedDescription
    found: dict[_Place, set[Pointer]] = field(default_factory=dict)
    answers: dict[tuple[WorkflowKey, str], list[Template]] = field(default_factory=dict)
    literals: dict[WorkflowKey, list[JsonValue]] = field(default_factory=dict)
    _waiting: list[_Name] = field(default_factory=list)

    def add(self, name: _Name) -> None:
        """Add a part of an input or output that it comes from."""
        key, kind, own, part = name
        known = self.found.setdefault((key, kind, own), set())
        if part in known or _ALL in known:
            return
        part = part if len(known) < _MOST_PARTS else _ALL
        known.add(part)
        self._waiting.append((key, kind, own, part))

    def add_declared(self, key: WorkflowKey, linked: LinkedStep) -> None:
        """Take the outputs of a step that it declares to be secret."""
        for name, template in (linked.step.outputs or {}).items():
            if is_declared_secret(linked.step, name):
                self.add((key, f"{_STEPS}{linked.step.step_id}", name, _ALL))
                self._add_answer(key, linked, template)

    def add_template(self, key: WorkflowKey, template: Template) -> None:
        """Add what a value of a workflow is made of."""
        for each in expressions_in(template):
            names, part = each.expression.names, _part(each)
            match each.expression.root:
                case Root.INPUTS:
                    self.add((key, _INPUT, names[0], part))
                case Root.STEPS:
                    self.add((key, f"{_STEPS}{names[0]}", names[2], part))
                case Root.WORKFLOWS:
                    named = self.linked.named(self.linked.workflows[key], names[0])
                    if named is not None:
                        self._add_of_workflow((named, names[1], names[2], part))
                case _:
                    pass

    def _add_of_workflow(self, name: _Name) -> None:
        """Add an input or output of a workflow."""
        if name[0] in self.linked.workflows:
            self.add(name)

    def follow_all(self) -> None:
        """Add what the names that were added come from, until nothing new is found."""
        while self._waiting:
            key, kind, name, part = self._waiting.pop()
            if kind == _INPUT:
                self.follow_input(key, name, part)
            else:
                self._follow_output((key, kind, name), part)

    def follow_input(self, key: WorkflowKey, name: str, part: Pointer) -> None:
        """A part of an input is secret, so what every caller passes for it is secret too."""
        for caller, linked in self._callers.get(key, ()):
            for parameter in linked.parameters:
                if parameter.name == name:
                    self.add_template(caller, within(parameter.value, part))
        for caller, linked, action in self._actions.get(key, ()):
            self._follow_action((caller, _INPUT, name, part), linked, action)
        # workflows that depend on it hand it the inputs that both declare
        for caller in self._dependents.get(key, ()):
            self.add((caller, _INPUT, name, part))

    def _follow_action(self, shared: _Name, linked: LinkedStep, action: Action) -> None:
        caller, _, name, part = shared
        passed = [parameter.value for parameter in action.parameters if parameter.name == name]
        for template in passed:
            self._add_answer(caller, linked, within(template, part))
        if not passed:
            # the workflow gets the inputs of the same name
            self.add(shared)

    @cached_property
    def _callers(self) -> dict[WorkflowKey, list[tuple[WorkflowKey, LinkedStep]]]:
        found: dict[WorkflowKey, list[tuple[WorkflowKey, LinkedStep]]] = {}
        for caller, workflow in self.linked.workflows.items():
            for linked in workflow.steps:
                if isinstance(linked.target, WorkflowKey):
                    found.setdefault(linked.target, []).append((caller, linked))
        return found

    @cached_property
    def _actions(self) -> dict[WorkflowKey, list[tuple[WorkflowKey, LinkedStep, Action]]]:
        found: dict[WorkflowKey, list[tuple[WorkflowKey, LinkedStep, Action]]] = {}
        for caller, workflow in self.linked.workflows.items():
            for linked in workflow.steps:
                for action in linked.actions:
                    if action.workflow_id is not None and (key := workflow.references.get(action.workflow_id)):
                        found.setdefault(key, []).append((caller, linked, action))
        return found

    @cached_property
    def _dependents(self) -> dict[WorkflowKey, list[WorkflowKey]]:
        found: dict[WorkflowKey, list[WorkflowKey]] = {}
        for caller, workflow in self.linked.workflows.items():
            for reference in workflow.workflow.depends_on:
                if (key := workflow.references.get(reference)) is not None:
                    found.setdefault(key, []).append(caller)
        return found

    def _follow_output(self, place: _Place, part: Pointer) -> None:
        key, kind, name = place
        workflow = self.linked.workflows.get(key)
        if workflow is None:
            return
        if kind == _OUTPUT:
            declared = (workflow.workflow.outputs or {}).get(name)
            if declared is not None:
                self.add_template(key, within(declared, part))
            # an output may be that of a workflow it transferred to
            for other in workflow.transfers:
                self._add_of_workflow((other, kind, name, part))
            return
        index = workflow.indexes.get(kind.removeprefix(_STEPS))
        if index is None:
            return
        step = workflow.steps[index]
        declared = (step.step.outputs or {}).get(name)
        if declared is not None:
            self._add_answer(key, step, within(declared, part))
        elif isinstance(step.target, WorkflowKey):
            self._add_of_workflow((step.target, _OUTPUT, name, part))

    def _add_answer(self, key: WorkflowKey, step: LinkedStep, template: Template) -> None:
        """What is evaluated when the step was answered is secret: its expressions, and the answer's parts they name."""
        self.add_template(key, template)
        self.answers.setdefault((key, step.step.step_id), []).extend(_values_in(template))
        if isinstance(step.target, WorkflowKey):
            for each in expressions_in(template):
                if each.expression.root is Root.OUTPUTS:
                    self._add_of_workflow((step.target, _OUTPUT, each.expression.names[0], _part(each)))


def _values_in(template: Template) -> Iterator[Template]:
    """Yield what a template puts together: a token in a longer text is a secret by itself."""
    match template:
        case Expression() | Selector():
            yield template
        case ExpressionString():
            yield from (part for part in template.parts if isinstance(part, Expression))
        case ObjectTemplate():
            for member in template.members.values():
                yield from _values_in(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from _values_in(element)
        case _:
            pass


def _part(named: Expression) -> Pointer:
    """Return which part of an input or output an expression names; a list whose only element is meant is all of it."""
    return _ALL if named.expression.lone else named.expression.pointer or _ALL


def within(template: Template, part: Pointer) -> Template:
    """Return what gives a part of a template's value, where the template says that; else the template itself."""
    match template:
        case ObjectTemplate(members=members) if part and part[0] in members:
            return within(members[part[0]], part[1:])
        case Expression(expression=named) if part and not named.lone and _has_parts(named):
            pointer = (*(named.pointer or ()), *part)
            text = f"{named.text.partition('#')[0]}#{render_pointer(pointer)}"
            return replace(template, expression=RuntimeExpression(text, named.root, named.names, pointer))
        case _:
            return template


def _has_parts(named: RuntimeExpression) -> bool:
    return named.root in _WITH_PARTS or (named.root in _MESSAGES and named.names == ("body",))
