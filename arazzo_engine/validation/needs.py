"""The credentials that the steps of a document need: which steps need each, and where it comes from.

Decides the state of each need; how it is told is decided elsewhere, and no value of a credential is in it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.operations import Operation, parameter_key
from arazzo_engine.apis.security.requirements import choose_security, given_out_schemes, located
from arazzo_engine.apis.security.schemes import MUTUAL_TLS, is_undefined, kind_of, place_of
from arazzo_engine.apis.servers import server_url
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.validation.checking import distinct
from arazzo_engine.validation.origins import shown_origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import SecurityRequirement, SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import Parameter


class State(Enum):
    """Where the credential of a step comes from."""

    OWN = "the step sets it"
    FOUND = "the user gave it"
    LOGIN = "the step gives it out"
    UNDEFINED = "nobody can give it"
    OTHER = "something else satisfies the operation"
    MISSING = "nothing does"


class Needing(Struct, frozen=True):
    """A step that needs something, with the scopes that it needs of it, and the id of its workflow."""

    workflow_id: str
    linked: LinkedStep
    scopes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a person knows it by: two workflows may have a step of one name."""
        return f"{self.workflow_id}.{self.linked.step.step_id}"


class Need(Struct, frozen=True):
    """A security scheme of a source, and the steps whose operations name it."""

    source: str
    scheme: SecurityScheme
    steps: list[Needing] = field(default_factory=list)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that all the steps together need."""
        return tuple(dict.fromkeys(scope for step in self.steps for scope in step.scopes))


def needs_of(linked: LinkedDescription) -> tuple[Need, ...]:
    """Return what the steps need, in the order in which they need it."""
    needs: dict[tuple[str, str], Need] = {}
    for workflow in linked.workflows.values():
        for step in workflow.steps:
            for requirement in _requirements(step):
                needing = Needing(workflow.key.workflow_id, step, requirement.scopes)
                source = step.target.source if isinstance(step.target, Operation) else ""
                key = (source, requirement.scheme.name)
                needs.setdefault(key, Need(source, requirement.scheme)).steps.append(needing)
    return tuple(needs.values())


def problems_of_needs(needs: tuple[Need, ...], access: Access) -> Iterator[Diagnostic]:
    """Yield what is missing, and what was given and cannot be used."""
    return distinct(problem for need in needs for step in need.steps for problem in _problems_of(step.linked, access))


def steps_in(need: Need, access: Access, state: State) -> tuple[Needing, ...]:
    """Return the steps for which the need is in a state."""
    return tuple(each for each in need.steps if _state_of(need, each.linked, access) is state)


def instead_of(need: Need) -> dict[str, tuple[Needing, ...]]:
    """Return what else satisfies operations, each with the steps that it does for."""
    found: dict[str, tuple[Needing, ...]] = {}
    for step in need.steps:
        for way in dict.fromkeys(_other_ways(need.scheme, step.linked)):
            found[way] = (*found.get(way, ()), step)
    return found


def _other_ways(scheme: SecurityScheme, step: LinkedStep) -> Iterator[str]:
    for alternative in step.target.security if isinstance(step.target, Operation) else ():
        names = [requirement.scheme.name for requirement in alternative]
        defined = [each.scheme.name for each in alternative if not is_undefined(each.scheme)]
        if scheme.name not in names and (defined or not names):
            yield " and ".join(defined) or "nothing at all"


def origins_of(need: Need, access: Access) -> tuple[str, ...]:
    """Return the origins that get the credential; none for a server that nobody has named yet."""
    found: dict[str, None] = {}
    for operation in _operations(need):
        try:
            found[shown_origin(server_url(operation, access))] = None
        except ArazzoError:
            # what is wrong with it is told before a run
            continue
    return tuple(found)


def schemes_at(need: Need, access: Access) -> tuple[SecurityScheme, ...]:
    """Return the scheme with the endpoints that it has for each of the servers."""
    return tuple(dict.fromkeys(located(need.scheme, operation, access) for operation in _operations(need)))


def _operations(need: Need) -> Iterator[Operation]:
    yield from (step.linked.target for step in need.steps if isinstance(step.linked.target, Operation))


def key_of(parameter: Parameter) -> tuple[str, str]:
    """Return where a parameter stands, as a scheme says where its credential does."""
    return parameter_key(parameter.name, parameter.location or "")


def _state_of(need: Need, step: LinkedStep, access: Access) -> State:
    if place_of(need.scheme) in [key_of(each) for each in step.parameters]:
        return State.OWN
    if is_undefined(need.scheme):
        return State.UNDEFINED
    is_given = access.credentials.find(need.source, need.scheme.name) is not None
    if is_given or (kind_of(need.scheme) == MUTUAL_TLS and access.has_client_certificate):
        return State.FOUND
    if _gives_out(need, step, access):
        return State.LOGIN
    return State.MISSING if _problems_of(step, access) else State.OTHER


def _gives_out(need: Need, step: LinkedStep, access: Access) -> bool:
    target = step.target
    return isinstance(target, Operation) and need.scheme in given_out_schemes(target, step.given, access)


def _requirements(step: LinkedStep) -> Iterator[SecurityRequirement]:
    if isinstance(step.target, Operation) and not step.target.is_open:
        for alternative in step.target.security:
            yield from alternative


def _problems_of(step: LinkedStep, access: Access) -> tuple[Diagnostic, ...]:
    if not isinstance(step.target, Operation):
        return ()
    try:
        choose_security(step.target, step.given, access)
    except ArazzoError as error:
        return error.diagnostics
    return ()
