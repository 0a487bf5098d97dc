"""What a rehearsal makes up of the access: servers, values for their variables, credentials, tokens and signatures.

Only what is missing is made up. What is given and would keep a run from its first request keeps a rehearsal from it.
"""

from __future__ import annotations

from contextlib import suppress
from shlex import quote
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.security.authorization import gets_token
from arazzo_engine.apis.security.credentials import MADE_UP, Credential, Credentials
from arazzo_engine.apis.security.requirements import BEARER, certified_schemes, choose_security, used_credentials
from arazzo_engine.apis.security.schemes import MUTUAL_TLS, is_run, kind_of
from arazzo_engine.apis.server_templates import variable_names
from arazzo_engine.apis.servers import server_url
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.uris import resolve_uri
from arazzo_engine.machine.effects import Signed, TraceContext
from arazzo_engine.validation.checking import check_accesses

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import SecurityScheme, Server
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.machine.effects import Sign

# it has the form of a key, and of a user and a password
_CREDENTIAL: Final = Credential("rehearsal:rehearsal", MADE_UP)
_TOKEN: Final = Credential("rehearsal", MADE_UP)
# no part of it is a made-up credential, which is hidden wherever it stands
_HOST: Final = "server.invalid"
_VALUE: Final = "rehearsal"
# what the user has not said yet; anything else that is wrong was said
_MISSING_SERVER: Final = frozenset({"server-missing", "server-relative"})
_MISSING_CREDENTIAL: Final = "credential-missing"


# a source and a scheme of it
_Named: TypeAlias = tuple[str, str]


class MadeUpAccess(Struct, frozen=True):
    """An access, and what of it is made up: servers by source, variables of servers and credentials by full name.

    Each credential is one that is used, with what every operation that uses it would take in its stead; so is each
    scheme for which a certificate is made up. ``problems`` are what is wrong with what is not made up.
    """

    access: Access
    servers: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()
    certificates: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield what is made up, one line for each thing, with the option that gives it to a run."""
        for source, url in self.servers.items():
            yield f"server of {source} = {url}  (a run needs `--server {quote(source)}=https://…`)"
        for name, value in self.variables.items():
            yield f"server variable {name} = {value}  (a run needs `--server-var {name}=…`)"
        for name, others in self.credentials.items():
            instead = f" or, in its stead, {' or '.join(others)}" if others else ""
            yield f"credential {name}  (a run needs one{instead}: `arazzo auth` lists the ways to give it)"
        for name in self.certificates:
            yield f"certificate of the client for {name}  (a run needs `--cert FILE --key FILE`)"


def fill_access(workflows: Sequence[LinkedWorkflow], access: Access) -> MadeUpAccess:
    """Return the access with what is missing of it, so that the workflows can reach their APIs."""
    operations = [each for workflow in workflows for each in workflow.operations()]
    variables = dict(_variables(operations, access))
    served = replace(access, server_variables={**access.server_variables, **variables})
    servers = dict(_servers(operations, served))
    served = replace(served, servers={**served.servers, **servers})
    problems = (each for each in check_accesses(workflows, served) if each.code != _MISSING_CREDENTIAL)
    steps = [step for workflow in workflows for step in workflow.steps if [*_lacking(step, served)]]
    filled, lacking = _proven(steps, served)
    used = _used(steps, filled, lacking)
    certificates = () if access.has_client_certificate else tuple(dict.fromkeys(_certified(steps, filled)))
    errors = tuple(each for each in problems if each.is_error)
    return MadeUpAccess(_with_tokens(operations, filled), servers, variables, used, errors, certificates)


def _proven(steps: Sequence[LinkedStep], access: Access) -> tuple[Access, Collection[_Named]]:
    """Return the access with all that these steps lack to prove who is asking, and the schemes of what is made up."""
    lacking = [each for step in steps for each in _lacking(step, access)]
    named = dict.fromkeys((source, scheme.name) for source, scheme in lacking if kind_of(scheme) != MUTUAL_TLS)
    credentials = Credentials({**access.credentials.by_scheme, **dict.fromkeys(named, _CREDENTIAL)})
    # one that nothing asks for would have another alternative chosen
    is_certified = access.has_client_certificate or any(kind_of(each) == MUTUAL_TLS for _, each in lacking)
    return replace(access, credentials=credentials, has_client_certificate=is_certified), named.keys()


def _certified(steps: Sequence[LinkedStep], access: Access) -> Iterator[str]:
    """Yield the schemes of these steps that a certificate satisfies."""
    for step in steps:
        if isinstance(step.target, Operation):
            with suppress(ArazzoError):
                for scheme in certified_schemes(step.target, step.given, access):
                    yield f"{step.target.source}.{scheme.name}"


def _used(steps: Sequence[LinkedStep], access: Access, lacking: Collection[_Named]) -> dict[str, tuple[str, ...]]:
    """Return the credentials made up that these steps use, each with what all of them take in its stead."""
    found: dict[str, list[str]] = {}
    for step in steps:
        if isinstance(step.target, Operation):
            chosen, others = _ways(step, step.target, access)
            for name in (f"{source}.{name}" for source, name in chosen if (source, name) in lacking):
                found[name] = [each for each in found.get(name, others) if each in others]
    return {name: tuple(others) for name, others in found.items()}


def _ways(step: LinkedStep, operation: Operation, access: Access) -> tuple[list[_Named], list[str]]:
    """Return the credentials that a step uses, and each alternative that has none of them."""
    source = operation.source
    try:
        chosen = [(source, each.requirement.scheme.name) for each in used_credentials(operation, step.given, access)]
    except ArazzoError:
        chosen = [(source, scheme.name) for _, scheme in _schemes([operation])]
    known = [each for each in operation.security if all(is_run(one.scheme) for one in each)]
    ways = [[(source, each.scheme.name) for each in alternative] for alternative in known]
    return chosen, [" and ".join(map(".".join, way)) for way in ways if way and not {*way} & {*chosen}]


def fill_tokens(linked: LinkedDescription, access: Access) -> Access:
    """Return the access with a token wherever one would have to be got, so that no token endpoint is asked."""
    return _with_tokens(linked.operations(), access)


def sign_made_up(effect: Sign) -> Signed:
    """Return a signature that nothing but the header of is right, and the headers of a trace as they are."""
    if isinstance(effect.signature, TraceContext):
        return Signed(effect.signature.headers)
    return Signed(((effect.signature.header, _TOKEN.value),))


def _with_tokens(operations: Iterable[Operation], access: Access) -> Access:
    tokens = {
        (source, scheme.name): _TOKEN
        for source, scheme in _schemes(operations)
        if _becomes_token(scheme, access.credentials.find(source, scheme.name))
    }
    return replace(access, credentials=Credentials({**access.credentials.by_scheme, **tokens}))


def _becomes_token(scheme: SecurityScheme, credential: Credential | None) -> bool:
    # one token may serve both of two schemes
    is_made_up = kind_of(scheme) == BEARER and credential is _CREDENTIAL
    return is_made_up or gets_token(scheme, credential)


def _schemes(operations: Iterable[Operation]) -> Iterator[tuple[str, SecurityScheme]]:
    for operation in operations:
        for requirement in operation.requirements:
            yield operation.source, requirement.scheme


def _variables(operations: Iterable[Operation], access: Access) -> Iterator[tuple[str, str]]:
    """Yield a value for each variable of a server that has none."""
    for operation in operations:
        given = access.variables_for(operation.source)
        if access.server_for(operation.source) is None:
            for name, value in _open_variables(operation.servers[0]):
                if name not in given:
                    yield f"{operation.source}.{name}", value


def _open_variables(server: Server) -> Iterator[tuple[str, str]]:
    described = {each.name: each for each in server.variables}
    for name in variable_names(server):
        variable = described.get(name)
        if variable is None or variable.default is None:
            yield name, variable.enum[0] if variable is not None and variable.enum else _VALUE


def _servers(operations: Iterable[Operation], access: Access) -> Iterator[tuple[str, str]]:
    """Yield a server for each source that has none; a mistake of the description is told, and none made up for it."""
    for operation in operations:
        try:
            server_url(operation, access)
        except ArazzoError as error:
            if {each.code for each in error.diagnostics} <= _MISSING_SERVER:
                yield operation.source, _server_like(operation.servers[0].url, access)


def _server_like(written: str, access: Access) -> str:
    """Return a server with the path of one that is relative, on a host that is allowed."""
    host = next(iter(access.allowed_hosts), _HOST)
    path = written if written.startswith("/") and "{" not in written else "/"
    return resolve_uri(f"https://{host.replace('*', _VALUE)}/", path).rstrip("/")


def _lacking(step: LinkedStep, access: Access) -> Iterator[tuple[str, SecurityScheme]]:
    """Yield the schemes for which a step's operation has no credential, where nothing that is given satisfies it."""
    if not isinstance(step.target, Operation):
        return
    try:
        choose_security(step.target, step.given, access)
    except ArazzoError:
        for source, scheme in _schemes([step.target]):
            # one that is not defined is not sent, and neither is what the step gives out itself
            is_sent = is_run(scheme) and scheme.name not in step.target.given_out
            if is_sent and access.credentials.find(source, scheme.name) is None:
                yield source, scheme
