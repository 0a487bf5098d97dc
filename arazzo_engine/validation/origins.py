"""One credential at several origins: told before a run, because whoever has one of them could use it at the others.

Decides where each credential goes, by the servers and the token endpoints that are known. What was given for each by
itself, and what `--allow-host` names one by one, is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.security.authorization import TokenNeed, authorize
from arazzo_engine.apis.security.credentials import MADE_UP, Credential
from arazzo_engine.apis.security.requirements import used_credentials
from arazzo_engine.apis.servers import is_allowed, server_url
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, diagnose
from arazzo_engine.documents.uris import PORTS, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.apis.security.requirements import Used
    from arazzo_engine.documents.document import Place

_ITSELF: Final = "the credential for {name}{origin} goes to {many} origins: {origins}"
_TOKENS: Final = "the tokens that the credential for {name}{origin} gets go to {many} origins: {origins}"
_CLIENT: Final = "the credential for {name}{origin} goes to token endpoints of {many} origins: {origins}"
# A credential, and what of it is sent
_Sent: TypeAlias = tuple[Credential, str]


class _Use(Struct, frozen=True):
    """The first step that takes a credential to an origin, and the scheme it is for."""

    step: LinkedStep
    source: str
    scheme: SecurityScheme


def check_origins(workflows: Iterable[LinkedWorkflow], access: Access) -> Iterator[Diagnostic]:
    """Yield a warning for each credential that goes to several origins."""
    sent: dict[_Sent, dict[str, _Use]] = {}
    for step in (each for workflow in workflows for each in workflow.steps):
        if isinstance(step.target, Operation):
            for what, url, use in _uses(step, step.target, access):
                sent.setdefault(what, {}).setdefault(shown_origin(url), use)
    for (credential, text), uses in sent.items():
        if len(uses) > 1 and credential.origin != MADE_UP and not _are_meant(uses, access):
            yield _shared(credential, text, uses)


def check_names(workflows: Iterable[LinkedWorkflow], access: Access) -> Iterator[Diagnostic]:
    """Yield what is wrong when two schemes have one name, so that nobody can say for which of them a credential is."""
    named: dict[tuple[str, str], Place | str] = {}
    for step in (each for workflow in workflows for each in workflow.steps):
        uses = _uses(step, step.target, access) if isinstance(step.target, Operation) else ()
        for _, _, use in uses:
            scheme = use.scheme
            if named.setdefault((use.source, scheme.name), _described(scheme)) != _described(scheme):
                called = f"two security schemes of `{use.source}` are called `{scheme.name}`"
                message = f"{called}, and a credential for one would go to both"
                fix = "give one of them another name in its description, or set it with a step parameter"
                yield diagnose("unsupported-feature", message, scheme.at.location(), fix=fix)


def _described(scheme: SecurityScheme) -> Place | str:
    """Return what tells a scheme from another one of its name: keys that are named after their parameters are one."""
    return scheme.name if scheme.location is not None and scheme.parameter_name == scheme.name else scheme.at


def _uses(step: LinkedStep, operation: Operation, access: Access) -> Iterator[tuple[_Sent, str, _Use]]:
    try:
        server = server_url(operation, access)
        used = [(each, tuple(_places(each, server))) for each in used_credentials(operation, step.given, access)]
    except ArazzoError:
        # told where access is checked
        return
    for each, places in used:
        use = _Use(step, operation.source, each.requirement.scheme)
        yield from (((each.credential, text), url, use) for text, url in places)


def _places(used: Used, server: str) -> Iterator[tuple[str, str]]:
    need = authorize(used.requirement, used.credential).need
    if isinstance(need, TokenNeed):
        yield _TOKENS, server
        yield from ((_CLIENT, url) for url in need.endpoints[:1])
    else:
        yield _ITSELF, server


def shown_origin(url: str) -> str:
    """Return the origin of a URL as a person writes it, without the usual port.

    >>> shown_origin("HTTPS://Api.example.com:443/v1"), shown_origin("http://[::1]:8080/x?y")
    ('https://api.example.com', 'http://[::1]:8080')
    """
    scheme, host, port = origin_of(url) or ("", "", None)
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if port in {None, PORTS.get(scheme)} else f":{port}")


def _are_meant(origins: Iterable[str], access: Access) -> bool:
    named = [each for each in access.allowed_hosts if not each.startswith("*")]
    return bool(named) and all(is_allowed(origin, named) for origin in origins)


def _shared(credential: Credential, text: str, uses: Mapping[str, _Use]) -> Diagnostic:
    name = " and ".join(dict.fromkeys(f"`{use.scheme.name}`" for use in uses.values()))
    origin = f" from {credential.origin}" if credential.origin else ""
    listed = ", ".join(f"`{each}`" for each in uses)
    message = text.format(name=name, origin=origin, many=len(uses), origins=listed)
    sources = dict.fromkeys((use.source, use.scheme.name) for use in uses.values())
    own = " and ".join(f"`--auth {source}.{scheme}=…`" for source, scheme in sources)
    meant = "name each host with `--allow-host` if all of them may have it"
    fix = f"give each its own with {own}, or {meant}" if len(sources) > 1 else f"{meant}, or one server with `--server`"
    related = [Related(f"goes to {each}", use.step.step.at.child("stepId")) for each, use in uses.items()]
    at = next(iter(uses.values())).scheme.at.location()
    return diagnose("credential-shared", message, at, fix=fix, related=related)
