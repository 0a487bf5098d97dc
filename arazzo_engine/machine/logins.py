"""Which steps give out the credential that their own operation asks for, and so can be sent without it.

A description that names security once for all of its operations names it for the login, too. A step is one only where
nothing speaks against it: what it is answered with becomes the credential of later steps under the same scheme of the
same source, no step before it has that credential, and it sends a secret of its own, such as a password. A request for
a further token, which has none, is not taken for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.security.schemes import kind_of, place_of
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.machine.secret_places import secret_templates
from arazzo_engine.machine.secrets import Origins
from arazzo_engine.secret_names import is_secret_undescribed
from arazzo_engine.validation.inputs.hidden import hidden_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow, WorkflowKey
    from arazzo_engine.language.objects import Parameter
    from arazzo_engine.language.templates import Template

# a source and a scheme of it; a workflow and a step of it
_Named: TypeAlias = tuple[str, str]
_Step: TypeAlias = "tuple[WorkflowKey, str]"
# nobody gives out a user and a password
_TOKENS: Final = frozenset({"apiKey", "bearer", "oauth2", "openIdConnect"})


def with_logins(linked: LinkedDescription) -> LinkedDescription:
    """Return the same where each step that gives out what its own operation asks for says so."""
    given_out = _given_out(linked)
    if not given_out:
        return linked

    def opened(key: WorkflowKey, step: LinkedStep) -> LinkedStep:
        names = given_out.get((key, step.step.step_id))
        if names is None or not isinstance(step.target, Operation) or not _is_all(step.target, names):
            return step
        return replace(step, target=replace(step.target, given_out=frozenset(names)))

    workflows = {
        key: replace(workflow, steps=tuple(opened(key, step) for step in workflow.steps))
        if any((key, step.step.step_id) in given_out for step in workflow.steps)
        else workflow
        for key, workflow in linked.workflows.items()
    }
    return replace(linked, workflows=workflows)


def _is_all(operation: Operation, names: set[str]) -> bool:
    """Whether no alternative asks for other credentials alone, which may be those of a login."""
    return all(any(each.scheme.name in names for each in way) for way in operation.security if way)


class _Found(Struct):
    """What is sent as the credential of a scheme, and the steps that ask for one which no step has had so far."""

    sent: dict[_Named, list[tuple[WorkflowKey, Template]]] = field(default_factory=dict)
    asking: dict[_Named, set[_Step]] = field(default_factory=dict)

    def add(self, workflow: LinkedWorkflow) -> None:
        had: set[_Named] = set()
        for step in workflow.steps:
            had |= {*self._add_step(workflow.key, step, had)}

    def _add_step(self, key: WorkflowKey, step: LinkedStep, had: set[_Named]) -> Iterator[_Named]:
        """Yield the schemes whose credential the step sends."""
        for named, scheme in _asked(step):
            sent = [each.value for each in step.parameters if _is_sent_as(each, scheme, step)]
            if sent:
                self.sent.setdefault(named, []).extend((key, each) for each in sent)
                yield named
            elif named not in had and kind_of(scheme) in _TOKENS:
                self.asking.setdefault(named, set()).add((key, step.step.step_id))


def _asked(step: LinkedStep) -> Iterator[tuple[_Named, SecurityScheme]]:
    operation = step.target
    if isinstance(operation, Operation) and not operation.is_open:
        for scheme in {each.scheme.name: each.scheme for each in operation.requirements}.values():
            yield (operation.source, scheme.name), scheme


def _is_sent_as(parameter: Parameter, scheme: SecurityScheme, step: LinkedStep) -> bool:
    place, own = place_of(scheme), parameter_key(parameter.name, parameter.location or "")
    if place is not None and place[0] == In.COOKIE and own == (In.HEADER, "cookie"):
        return place in [parameter_key(*each) for each in step.given]
    return own == place


def _given_out(linked: LinkedDescription) -> dict[_Step, set[str]]:
    """Return the schemes whose credential a step gives out and asks for, by the step."""
    found = _Found()
    for workflow in linked.workflows.values():
        found.add(workflow)
    given_out: dict[_Step, set[str]] = {}
    for named in found.asking.keys() & found.sent.keys():
        origins = Origins(linked)
        for key, template in found.sent[named]:
            origins.add_template(key, template)
        origins.follow_all()
        for step in found.asking[named] & origins.answers.keys():
            if _has_secret(linked.workflows[step[0]], step[1]):
                given_out.setdefault(step, set()).add(named[1])
    return given_out


def _has_secret(workflow: LinkedWorkflow, step_id: str) -> bool:
    """Whether a step sends what proves who is asking: something that is named like a secret, or a hidden input."""
    step = workflow.steps[workflow.indexes[step_id]]
    if any(True for _ in secret_templates(step)):
        return True
    expressions = (each.expression for template in _sent(step) for each in expressions_in(template))
    inputs = {each.names[0] for each in expressions if each.root is Root.INPUTS}
    return any(map(is_secret_undescribed, inputs)) or not inputs.isdisjoint(hidden_inputs(workflow))


def _sent(step: LinkedStep) -> Iterator[Template]:
    yield from (each.value for each in step.parameters)
    body = step.step.request_body
    if body is not None:
        yield from () if body.payload is None else (body.payload,)
        yield from (each.value for each in body.replacements)
