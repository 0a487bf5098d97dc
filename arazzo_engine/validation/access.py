"""Every operation can be reached: its server and its credentials are known, and requests may go there.

Decides what the user still has to give, from the operations that a workflow calls. Nothing is asked of any server.
"""

from __future__ import annotations

from itertools import islice
from shlex import quote
from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.authorization import TokenNeed
from arazzo_engine.apis.security.requirements import (
    awaits_credential,
    check_places,
    choose_security,
    given_out_schemes,
    undefined_schemes,
)
from arazzo_engine.apis.security.schemes import is_in_path
from arazzo_engine.apis.servers import is_allowed, server_of, server_url
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, Severity, diagnose, did_you_mean
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.templates import OPEN
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place


def check_access(workflow: LinkedWorkflow, access: Access) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each step whose server or credential the user has to give."""
    for step in workflow.steps:
        if isinstance(step.target, Operation):
            yield from _check_server(step.target, access)
            yield from _check_security(step, step.target, access)


def check_servers(workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield what is wrong with the servers of a description: a warning where the user may name another one."""
    for step in workflow.steps:
        problems = _check_server(step.target, Access()) if isinstance(step.target, Operation) else ()
        for problem in problems:
            if problem.code in {"server-missing", "server-relative"}:
                yield replace(problem, severity=Severity.WARNING)
            elif problem.code == "api-malformed":
                yield problem


def check_schemes(workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield what is wrong with the security of a description, where no alternative could ever be satisfied."""
    for step in workflow.steps:
        if not isinstance(step.target, Operation):
            continue
        yield from check_places(step.target, step.given)
        if not awaits_credential(step.target, step.given, Access()):
            problems = _check_security(step, step.target, Access())
            yield from (problem for problem in problems if problem.code == "api-malformed")


def check_undefined(workflows: Iterable[LinkedWorkflow], access: Access) -> Iterator[Diagnostic]:
    """Yield a warning for each scheme that a description does not define, and that requests are sent without."""
    found: dict[tuple[str, str], list[tuple[SecurityScheme, str]]] = {}
    for step in (each for workflow in workflows for each in workflow.steps):
        for scheme, label in _undefined_of(step, access):
            found.setdefault((scheme.at.document.uri, scheme.name), []).append((scheme, label))
    yield from (_undefined(each[0][0], [label for _, label in each]) for each in found.values())


def _undefined_of(step: LinkedStep, access: Access) -> Iterator[tuple[SecurityScheme, str]]:
    if isinstance(step.target, Operation):
        # what is missing or cannot be used is told by itself
        yield from ((each, step.target.label) for each in undefined_schemes(step.target, step.given, access))


def check_given_out(workflows: Iterable[LinkedWorkflow], access: Access) -> Iterator[Diagnostic]:
    """Yield a warning for each step that is sent without the credential that it gives out."""
    for step in (each for workflow in workflows for each in workflow.steps):
        if isinstance(step.target, Operation):
            schemes = given_out_schemes(step.target, step.given, access)
            yield from (_given_out(step, step.target, each) for each in schemes)


def check_overrides(workflows: Iterable[LinkedWorkflow], access: Access) -> Iterator[Diagnostic]:
    """Yield a warning for each source that goes to its own server while what seems to be the same one is led away.

    It seems so in another document by its name, by the host that it has in its description, or when no step calls what
    the user named.
    """
    operations = {each.source: each for workflow in workflows for each in workflow.operations()}
    named = [each for each in access.servers if each]
    own = {each.source: _own_origin(each, access) for each in operations.values()} if named else {}
    for source, operation in operations.items():
        if own.get(source) and access.server_for(source) is None:
            others = (each for each in named if _document_of(each) != _document_of(source))
            likely = (
                each for each in others if own.get(each, own[source]) == own[source] or _is_named_as(each, source)
            )
            yield from (_not_named(operation, each, access) for each in islice(likely, 1))


def _own_origin(operation: Operation, access: Access) -> str:
    """Return where an operation is without the servers that the user names; nothing when it has no place."""
    try:
        return server_of(operation, replace(access, servers={})).origin
    except ArazzoError:
        return ""


def _is_named_as(source: str, other: str) -> bool:
    return source.rpartition(".")[2] == other.rpartition(".")[2]


def _document_of(source: str) -> str:
    return source.rpartition(".")[0]


def _not_named(operation: Operation, other: str, access: Access) -> Diagnostic:
    source = operation.source
    message = (
        f"`--server` names `{other}` and not `{source}`, which is another description:"
        f" its requests go to `{server_url(operation, access)}`"
    )
    fix = f"name its server, too: `--server {quote(source)}=https://…`"
    return diagnose("server-not-named", message, operation.servers[0].at.location(), fix=fix)


def _check_server(operation: Operation, access: Access) -> Iterator[Diagnostic]:
    try:
        url = server_url(operation, access)
    except ArazzoError as error:
        yield from error.diagnostics
        return
    if not is_allowed(url, access.allowed_hosts):
        message = f"operation `{operation.label}` is at `{url}`, and `--allow-host` does not name that host"
        yield _not_allowed(message, operation.servers[0].at, access)


def _not_allowed(message: str, at: Place, access: Access) -> Diagnostic:
    listed = ", ".join(f"`{each}`" for each in access.allowed_hosts)
    return diagnose("host-not-allowed", message, at.location(), fix=f"add it with `--allow-host`; allowed are {listed}")


def _check_security(linked: LinkedStep, operation: Operation, access: Access) -> Iterator[Diagnostic]:
    try:
        need = choose_security(operation, linked.given, access).need
    except ArazzoError as error:
        yield from error.diagnostics
        return
    if isinstance(need, TokenNeed):
        yield from _check_endpoints(need, access)


def _undefined(scheme: SecurityScheme, operations: Iterable[str]) -> Diagnostic:
    labels = tuple(dict.fromkeys(operations))
    need, whose = ("operation {} needs", "its") if len(labels) == 1 else ("operations {} need", "their")
    needed = f"{need.format(listed(labels))} the security scheme `{scheme.name}`"
    without = f"{whose} requests are sent without it"
    if is_in_path(scheme):
        message = (
            f"{needed}, which stands in the path, and no step sets path parameter `{scheme.parameter_name}`: {without}"
        )
        fix = "write `in: query`, `in: header` or `in: cookie`, or leave the scheme out of their `security`"
        return diagnose("security-undefined", message, scheme.at.child("in").location(), fix=fix)
    message = f"{needed}, which is not defined: {without}"
    document = scheme.at.document.content
    defined = as_mapping(document.at(("components", "securitySchemes"))) or as_mapping(
        document.at(("securityDefinitions",))
    )
    fix = did_you_mean(scheme.name, defined) or f"define `{scheme.name}` in the description"
    return diagnose("security-undefined", message, scheme.at.key_location(), fix=fix)


def _given_out(step: LinkedStep, operation: Operation, scheme: SecurityScheme) -> Diagnostic:
    message = (
        f"operation `{operation.label}` asks for the credential `{scheme.name}`, which step `{step.step.step_id}` gives"
        " out to later ones: it is sent without it"
    )
    is_alone = {each.scheme.name for each in operation.requirements} <= operation.given_out
    without = (
        f"write `{OPEN}: none` in the step if it needs none"
        if is_alone
        else f"describe `{operation.label}` without `{scheme.name}` in its `security`"
    )
    fix = f"{without}, or give it one with `--auth {operation.source}.{scheme.name}=…`"
    related = (Related("asked for here", scheme.at),)
    return diagnose("credential-given-out", message, step.step.at.child("stepId").location(), fix=fix, related=related)


def _check_endpoints(need: TokenNeed, access: Access) -> Iterator[Diagnostic]:
    for url in need.endpoints:
        if not is_allowed(url, access.allowed_hosts):
            shown = url.partition("?")[0]
            message = f"`{need.scheme.name}` gets its token at `{shown}`, and `--allow-host` does not name that host"
            yield _not_allowed(message, need.scheme.at, access)
