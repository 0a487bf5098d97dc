"""``arazzo auth``: every credential a document needs, whether it is there, and each way to give it.

It shows where a credential was found, and never the credential.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct, field

from arazzo_engine.apis.operations import Operation, SecurityRequirement
from arazzo_engine.apis.security import choose_security, ways_to_give
from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import Loading, loading_options
from arazzo_engine.cli.printable import printable
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linked import LinkedStep
    from arazzo_engine.apis.operations import SecurityScheme
    from arazzo_engine.apis.security import Credentials
    from arazzo_engine.world.preparing import Checked


@click.command("auth", short_help="List the credentials a document needs, and every way to give them.")
@click.argument("location", metavar="DOC")
@loading_options
@click.option("--auth", "given", metavar="[SOURCE.]SCHEME=VALUE", multiple=True, help="A credential.")
@click.option("--auth-file", metavar="FILE", help="A YAML file with credentials.")
def command(location: str, given: tuple[str, ...], auth_file: str | None, *, loading: Loading) -> int:
    """List every credential that the steps of the Arazzo document DOC need. No value is ever shown."""
    from arazzo_engine.cli.running import schemes_of
    from arazzo_engine.world.credentials import read_credentials
    from arazzo_engine.world.preparing import check_document

    try:
        loader = loading.loader()
        checked = check_document(loader.load_entry(location), loader)
        if checked.errors:
            raise ArazzoError(*checked.errors)
        credentials = read_credentials(given, auth_file, schemes_of(checked))
    except ArazzoError as error:
        from arazzo_engine.cli.diagnostics_text import render_diagnostics

        click.echo(render_diagnostics(error.diagnostics), err=True)
        return exit_code_for(error.diagnostics)
    needs = _needs(checked)
    blocks = ["\n".join(_describe(need, credentials)) for need in needs]
    click.echo(printable("\n\n".join(blocks) if blocks else "no step needs a credential"))
    missing = any(not _is_satisfied(step, credentials) for need in needs for step in need.steps)
    return ExitCode.USAGE if missing else ExitCode.SUCCESS


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


def _describe(need: _Need, credentials: Credentials) -> Iterator[str]:
    scheme = need.scheme
    kind = " ".join(part for part in (scheme.type, scheme.scheme) if part)
    where = f", {scheme.location} `{scheme.parameter_name}`" if scheme.location else ""
    yield f"{scheme.name} of {need.source}  ({kind}{where})"
    yield f"  needed by: {', '.join(dict.fromkeys(step.step.step_id for step in need.steps))}"
    yield f"  state:     {_state(need, credentials)}"
    yield "  give it with one of:"
    yield from (f"    {way}" for way in ways_to_give(need.source, scheme))


def _state(need: _Need, credentials: Credentials) -> str:
    found = credentials.find(need.source, need.scheme.name)
    if found is not None:
        return f"found in {found.origin}"
    unsatisfied = [step.step.step_id for step in need.steps if not _is_satisfied(step, credentials)]
    if not unsatisfied:
        return "set by the steps themselves"
    return f"missing for {', '.join(unsatisfied)}"


def _is_satisfied(step: LinkedStep, credentials: Credentials) -> bool:
    if not isinstance(step.target, Operation):
        return True
    names = tuple((each.name, each.location or "") for each in step.parameters)
    try:
        choose_security(step.target, names, credentials)
    except ArazzoError:
        return False
    return True
