"""``arazzo auth``: every credential a document needs, whether it is there, and each way to give it.

It shows where a credential was found, and never the credential.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct, field

from arazzo_engine.apis.descriptions.operations import Operation, SecurityRequirement, parameter_key
from arazzo_engine.apis.security.requirements import choose_security
from arazzo_engine.apis.security.schemes import MUTUAL_TLS, kind_of, place_of, ways_to_give
from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import credential_options, loading_options, make_engine
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.printable import printable
from arazzo_engine.validation.checking import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import Parameter
    from arazzo_engine.world.preparing import Checked


@click.command("auth", short_help="List the credentials a document needs, and every way to give them.")
@click.argument("location", metavar="DOC")
@loading_options
@credential_options
def command(location: str, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """List every credential that the steps of the Arazzo document DOC need. No value is ever shown."""
    try:
        with make_engine(**options) as engine:
            program = engine.load(location)
        checked, access = program.checked, program.find_access()
    except ArazzoError as error:
        return _tell(tuple(each for each in error.diagnostics if each.is_error))
    needs = _needs(checked)
    blocks = ["\n".join(_describe(need, access)) for need in needs]
    unusable = tuple(each for each in _problems(needs, access) if each.code != "credential-missing")
    missing = [need for need in needs if _steps(need, access, _State.MISSING)]
    tell(printable("\n\n".join((*blocks, _summarize(missing, is_any=bool(needs))))))
    return _tell(unusable) if unusable else ExitCode.USAGE if missing else ExitCode.SUCCESS


def _tell(diagnostics: tuple[Diagnostic, ...]) -> ExitCode:
    from arazzo_engine.reporting.diagnostics_text import render_diagnostics

    tell(render_diagnostics(diagnostics), err=True)
    return exit_code_for(diagnostics)


def _summarize(missing: list[_Need], *, is_any: bool) -> str:
    if not is_any:
        return "no step needs a credential"
    listed = ", ".join(f"{need.scheme.name} of {need.source}" for need in missing)
    return f"missing: {listed}" if missing else "nothing is missing"


class _State(Enum):
    """Where the credential of a step comes from."""

    OWN = "the step sets it"
    FOUND = "the user gave it"
    OTHER = "something else satisfies the operation"
    MISSING = "nothing does"


class _Need(Struct, frozen=True):
    """A security scheme of a source, and the steps whose operations name it."""

    source: str
    scheme: SecurityScheme
    steps: list[LinkedStep] = field(default_factory=list)


def _needs(checked: Checked) -> tuple[_Need, ...]:
    needs: dict[tuple[str, str], _Need] = {}
    for workflow in checked.linked.workflows.values():
        for step in workflow.steps:
            for requirement in _requirements(step):
                source = step.target.source if isinstance(step.target, Operation) else ""
                key = (source, requirement.scheme.name)
                needs.setdefault(key, _Need(source, requirement.scheme)).steps.append(step)
    return tuple(needs.values())


def _requirements(step: LinkedStep) -> Iterator[SecurityRequirement]:
    if isinstance(step.target, Operation):
        for alternative in step.target.security:
            yield from alternative


def _describe(need: _Need, access: Access) -> Iterator[str]:
    scheme = need.scheme
    kind = " ".join(part for part in (scheme.type, scheme.scheme) if part)
    where = f", {scheme.location} `{scheme.parameter_name}`" if scheme.location else ""
    yield f"{scheme.name} of {need.source}  ({kind}{where})"
    yield f"  needed by: {_listed(need.steps)}"
    instead = dict.fromkeys(each for step in need.steps for each in _instead_of(scheme, step))
    if instead:
        yield f"  instead:   {', or '.join(instead)}"
    yield f"  state:     {'; '.join(_describe_state(need, access))}"
    # what the steps set themselves is sent, whatever else is given
    is_set = len(_steps(need, access, _State.OWN)) == len(need.steps)
    ways = () if is_set else ways_to_give(need.source, scheme)
    if ways:
        yield "  give it with one of:"
        yield from (f"    {way}" for way in ways)


def _listed(steps: Iterable[LinkedStep]) -> str:
    return ", ".join(dict.fromkeys(step.step.step_id for step in steps))


def _instead_of(scheme: SecurityScheme, step: LinkedStep) -> Iterator[str]:
    """Yield what else satisfies the step's operation."""
    for alternative in step.target.security if isinstance(step.target, Operation) else ():
        names = [requirement.scheme.name for requirement in alternative]
        if scheme.name not in names:
            yield " and ".join(names) or "nothing at all"


def _describe_state(need: _Need, access: Access) -> Iterator[str]:
    own, found, other, missing = (_steps(need, access, state) for state in _State)
    credential = access.credentials.find(need.source, need.scheme.name)
    origin = "the client's certificate" if credential is None else credential.origin

    def some(steps: tuple[LinkedStep, ...]) -> str:
        return "" if len(steps) == len(need.steps) else f" for {_listed(steps)}"

    if found:
        yield f"found in {origin}{some(found)}"
    if own:
        unsent = "" if credential is None else f", so what was found in {origin} is not sent there"
        yield f"set by the steps themselves{_from_what(need, own)}{some(own)}{unsent}"
    if other:
        yield f"not needed{some(other)}: something else satisfies it"
    if missing:
        yield f"missing for {_listed(missing)}"


def _from_what(need: _Need, steps: tuple[LinkedStep, ...]) -> str:
    """Return the expressions that the steps take it from; what is written in the document may be the secret itself."""
    parameters = [each for step in steps for each in step.parameters if _key(each) == place_of(need.scheme)]
    found = dict.fromkeys(str(each.expression) for parameter in parameters for each in expressions_in(parameter.value))
    return f", from {', '.join(f'`{each}`' for each in found)}" if found else ""


def _key(parameter: Parameter) -> tuple[str, str]:
    return parameter_key(parameter.name, parameter.location or "")


def _steps(need: _Need, access: Access, state: _State) -> tuple[LinkedStep, ...]:
    return tuple(step for step in need.steps if _state_of(need, step, access) is state)


def _state_of(need: _Need, step: LinkedStep, access: Access) -> _State:
    if place_of(need.scheme) in [_key(each) for each in step.parameters]:
        return _State.OWN
    is_given = access.credentials.find(need.source, need.scheme.name) is not None
    if is_given or (kind_of(need.scheme) == MUTUAL_TLS and access.has_client_certificate):
        return _State.FOUND
    return _State.MISSING if _problems_of(step, access) else _State.OTHER


def _problems(needs: tuple[_Need, ...], access: Access) -> Iterator[Diagnostic]:
    return distinct(problem for need in needs for step in need.steps for problem in _problems_of(step, access))


def _problems_of(step: LinkedStep, access: Access) -> tuple[Diagnostic, ...]:
    if not isinstance(step.target, Operation):
        return ()
    try:
        choose_security(step.target, step.given, access)
    except ArazzoError as error:
        return error.diagnostics
    return ()
