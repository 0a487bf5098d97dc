"""Security Requirement Objects: which alternative of an operation is used, and what is said when none can be.

Decides from the credentials and from what the step sets itself, and names every way to give a credential that is
missing. How a credential is written is decided by ``authorization``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, assert_never
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import parameter_key
from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.authorization import SecurityChoice, Signature, authorize
from arazzo_engine.apis.security.schemes import MUTUAL_TLS, OAUTH, is_run, is_undefined, kind_of, place_of, ways_to_give
from arazzo_engine.apis.servers import endpoint_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import (
        Operation,
        ParameterDescription,
        SecurityRequirement,
        SecurityScheme,
    )
    from arazzo_engine.apis.security.credentials import Credential

BEARER: Final = "bearer"
# RFC 6750, section 2.1: each of them is sent as `Authorization: Bearer` with a token
_TOKENS: Final = OAUTH | {BEARER}
_ENDPOINTS: Final = ("token_url", "refresh_url", "authorization_url", "device_authorization_url")
# The name and location of a parameter that a step sets
Given: TypeAlias = tuple[str, str]
# What is asked for together
_Alternative: TypeAlias = "Sequence[SecurityRequirement]"


class _Available(Struct, frozen=True):
    """What there is to satisfy security with: the places that the step sets, and the credentials."""

    operation: Operation
    places: frozenset[tuple[str, str]]
    access: Access

    def find(self, scheme: SecurityScheme) -> Credential | None:
        """Return the credential that must be added, ``None`` when the step sets its place or there is none."""
        if place_of(scheme) in self.places or not is_run(scheme) or self.signs(scheme):
            return None
        # the connection proves who is asking: nothing of it stands in the request
        if kind_of(scheme) == MUTUAL_TLS:
            return None
        return self.access.credentials.find(self.operation.source, scheme.name)

    def signs(self, scheme: SecurityScheme) -> bool:
        """Whether a function of the user's signs for a scheme, and not the step."""
        return place_of(scheme) not in self.places and self.access.is_signed(self.operation.source, scheme.name)

    def located(self, requirement: SecurityRequirement) -> SecurityRequirement:
        """Return the same with every endpoint of its scheme as an absolute URL, as far as there is a server."""
        return replace(requirement, scheme=located(requirement.scheme, self.operation, self.access))

    def lacking(self, alternative: Iterable[SecurityRequirement]) -> tuple[SecurityScheme, ...]:
        """Return the schemes of an alternative that nothing satisfies.

        One that the description only names is left out, but is no alternative by itself where another can be used.
        """
        schemes = tuple(requirement.scheme for requirement in alternative)
        lacking = self._lacking(alternative)
        undefined = self.undefined(alternative)
        is_nothing_known = bool(undefined) and len(undefined) == len(schemes)
        return undefined if is_nothing_known and self._has_usable() else lacking

    def _lacking(self, alternative: Iterable[SecurityRequirement]) -> tuple[SecurityScheme, ...]:
        """Return the schemes that nothing satisfies: of those that one token serves, the first, and none with one."""
        located = [self.located(each).scheme for each in alternative]
        served = [each for each in located if not is_undefined(each) and self._is_satisfied(each)]
        found: list[SecurityScheme] = []
        for scheme in located:
            if not self._is_satisfied(scheme) and not any(_serves(each, scheme) for each in (*served, *found)):
                found.append(scheme)
        return tuple(found)

    def _has_usable(self) -> bool:
        """Whether an alternative is defined, and can be written."""
        return any(
            all(is_run(each.scheme) for each in alternative) and not any(_clashes(alternative, self))
            for alternative in self.operation.security
        )

    def rank(self, alternative: Sequence[SecurityRequirement]) -> tuple[bool, bool, bool]:
        """Return by what an alternative comes after others."""
        return bool(self.undefined(alternative)), bool(self.given_out(alternative)), not alternative

    def undefined(self, alternative: Iterable[SecurityRequirement]) -> tuple[SecurityScheme, ...]:
        """Return the schemes of an alternative that the description only names, and the step does not satisfy."""
        schemes = (requirement.scheme for requirement in alternative)
        return tuple(each for each in schemes if is_undefined(each) and not self._is_proven(each))

    def _is_proven(self, scheme: SecurityScheme) -> bool:
        return self.signs(scheme) or place_of(scheme) in self.places

    def given_out(self, alternative: Iterable[SecurityRequirement]) -> tuple[SecurityScheme, ...]:
        """Return the schemes of an alternative that nothing satisfies but that the step gives them out itself."""
        schemes = (each.scheme for each in alternative if each.scheme.name in self.operation.given_out)
        return tuple(each for each in schemes if not self._is_proven(each) and self.find(each) is None)

    def proof(self, requirement: SecurityRequirement) -> Used | Signature | None:
        """Return what must be added to a request for a scheme, ``None`` when nothing must."""
        credential = self.find(requirement.scheme)
        if credential is not None:
            return Used(self.located(requirement), credential)
        return Signature(self.operation.source, requirement.scheme) if self.signs(requirement.scheme) else None

    def _is_satisfied(self, scheme: SecurityScheme) -> bool:
        # nobody can say how: what the description does not tell is left out, and that is told
        if self._is_proven(scheme) or is_undefined(scheme) or scheme.name in self.operation.given_out:
            return True
        if kind_of(scheme) == MUTUAL_TLS:
            return self.access.has_client_certificate
        return self.find(scheme) is not None


def located(scheme: SecurityScheme, operation: Operation, access: Access) -> SecurityScheme:
    """Return a scheme with every endpoint as an absolute URL, as far as there is a server."""

    def locate(url: str) -> str:
        try:
            return url and endpoint_of(url, operation, access)
        except ArazzoError:
            # that there is no server is told for the operation itself
            return url

    flows = tuple(replace(flow, **{name: locate(getattr(flow, name)) for name in _ENDPOINTS}) for flow in scheme.flows)
    return replace(scheme, flows=flows, metadata_url=locate(scheme.metadata_url))


class Used(Struct, frozen=True):
    """A credential that an operation gets, and what for; the endpoints are absolute as far as there is a server."""

    requirement: SecurityRequirement
    credential: Credential


def choose_security(operation: Operation, given: Sequence[Given], access: Access) -> SecurityChoice:
    """Return what satisfies the operation's security.

    "Only one of the Security Requirement Objects need to be satisfied": the first alternative of which everything is
    there, by a credential or by a parameter of the step. Raises ``ArazzoError``: ``credential-missing``,
    ``credential-malformed``, ``unsupported-feature``, ``api-malformed``.
    """
    joined = SecurityChoice()
    for proof in _proofs(operation, given, access):
        match proof:
            case Signature():
                joined = joined.joined(SecurityChoice(signatures=(proof,)))
            case Used():
                joined = joined.joined(authorize(proof.requirement, proof.credential))
            case _:
                assert_never(proof)
    return joined


def used_credentials(operation: Operation, given: Sequence[Given], access: Access) -> Iterator[Used]:
    """Yield the credentials of the alternative that is chosen; raises the same, but for ``credential-malformed``."""
    yield from (each for each in _proofs(operation, given, access) if isinstance(each, Used))


def _proofs(operation: Operation, given: Sequence[Given], access: Access) -> tuple[Used | Signature, ...]:
    if operation.is_open or not operation.security:
        return ()
    available = _available(operation, given, access)
    return tuple(_used(_chosen(available), available))


def awaits_credential(operation: Operation, given: Sequence[Given], access: Access) -> bool:
    """Whether nothing is missing but a credential, which somebody may give."""
    available = _available(operation, given, access)
    lacking = [] if operation.is_open else [available.lacking(alternative) for alternative in operation.security]
    return all(lacking) and any(all(map(is_run, schemes)) for schemes in lacking)


def undefined_schemes(operation: Operation, given: Sequence[Given], access: Access) -> tuple[SecurityScheme, ...]:
    """Return the schemes that a request is sent without, as the description does not define them.

    Where something else is missing, they are those that it is sent without whatever is given.
    """
    if operation.is_open or not operation.security:
        return ()
    available = _available(operation, given, access)
    satisfied = _satisfied(available)
    return available.undefined(_best(satisfied, available)) if satisfied else undefined_anyway(operation, given)


def undefined_anyway(operation: Operation, given: Sequence[Given]) -> tuple[SecurityScheme, ...]:
    """Return the schemes that a request is sent without, whatever credentials there are."""
    available = _available(operation, given, Access())
    named = [available.undefined(each) for each in sorted(operation.security, key=available.rank)]
    return named[0] if named and all(named) and not operation.is_open else ()


def given_out_schemes(operation: Operation, given: Sequence[Given], access: Access) -> tuple[SecurityScheme, ...]:
    """Return the schemes that a request is sent without, as what it is answered with is their credential.

    Where something else is missing, those that every alternative is sent without.
    """
    if not operation.given_out or operation.is_open:
        return ()
    available = _available(operation, given, access)
    satisfied = _satisfied(available)
    if satisfied:
        return available.given_out(_best(satisfied, available))
    ways = [available.given_out(each) for each in sorted(operation.security, key=available.rank)]
    return ways[0] if all(ways) else ()


def certified_schemes(operation: Operation, given: Sequence[Given], access: Access) -> tuple[SecurityScheme, ...]:
    """Return the schemes that a certificate of the client satisfies; raises the same."""
    if operation.is_open or not operation.security:
        return ()
    schemes = (each.scheme for each in _chosen(_available(operation, given, access)))
    return tuple(each for each in schemes if kind_of(each) == MUTUAL_TLS)


def _available(operation: Operation, given: Sequence[Given], access: Access) -> _Available:
    return _Available(operation, frozenset(parameter_key(name, location) for name, location in given), access)


def _chosen(available: _Available) -> _Alternative:
    satisfied = _satisfied(available)
    if not satisfied:
        raise ArazzoError(*_missing(available))
    return _best(satisfied, available)


def _satisfied(available: _Available) -> list[_Alternative]:
    # an alternative that needs nothing is for those who have nothing, and one that nobody can satisfy the last
    order = sorted(available.operation.security, key=available.rank)
    # "all schemes MUST be satisfied for a request to be authorized"
    return [alternative for alternative in order if not available.lacking(alternative)]


def _best(satisfied: Sequence[_Alternative], available: _Available) -> _Alternative:
    # one that cannot be written is passed over where another one can
    return next((each for each in satisfied if not any(_clashes(each, available))), satisfied[0])


def _clashes(alternative: Sequence[SecurityRequirement], available: _Available) -> Iterator[Diagnostic]:
    """Yield why an alternative can never be written: two of its schemes have one place, and no token serves both."""
    taken: dict[tuple[str, str] | None, SecurityScheme] = {}
    for requirement in alternative:
        scheme = available.located(requirement).scheme
        place = place_of(scheme)
        if place is None or place in available.places or is_undefined(scheme):
            continue
        if place in taken and not _is_one(taken[place], scheme):
            yield _clash(taken[place], scheme, available.operation)
        taken.setdefault(place, scheme)


def check_places(operation: Operation, given: Sequence[Given]) -> Iterator[Diagnostic]:
    """Yield why no alternative of an operation can be written, whatever credentials there are."""
    available = _available(operation, given, Access())
    clashes = [tuple(_clashes(alternative, available)) for alternative in operation.security]
    if clashes and all(clashes) and not operation.is_open:
        yield clashes[0][0]


def satisfies(operation: Operation, description: ParameterDescription) -> bool:
    """Whether a parameter is the place of one of the operation's credentials."""
    places = {place_of(requirement.scheme) for requirement in operation.requirements}
    return parameter_key(description.name, description.location) in places


def _used(alternative: Sequence[SecurityRequirement], available: _Available) -> Iterator[Used | Signature]:
    taken: dict[tuple[str, str] | None, Used | Signature] = {}
    for requirement in alternative:
        proof, place = available.proof(requirement), place_of(requirement.scheme)
        if proof is not None:
            taken[place] = _as_one(taken[place], proof, available.operation) if place in taken else proof
    for proof in taken.values():
        yield _for_all(proof, alternative) if isinstance(proof, Used) else proof


def _for_all(used: Used, alternative: Sequence[SecurityRequirement]) -> Used:
    """Return a token with the scopes of all schemes that it serves."""
    place = place_of(used.requirement.scheme)
    along = [each for each in alternative if place_of(each.scheme) == place and kind_of(each.scheme) in OAUTH]
    scopes = dict.fromkeys((*used.requirement.scopes, *(scope for each in along for scope in each.scopes)))
    return replace(used, requirement=replace(used.requirement, scopes=tuple(scopes)))


def _as_one(first: Used | Signature, second: Used | Signature, operation: Operation) -> Used:
    """Return the credential that serves two schemes in one place."""
    one, other = _scheme_of(first), _scheme_of(second)
    if not (
        _is_one(one, other)
        and isinstance(first, Used)
        and isinstance(second, Used)
        and first.credential == second.credential
    ):
        raise ArazzoError(_clash(one, other, operation))
    return first


def _serves(one: SecurityScheme, other: SecurityScheme) -> bool:
    place = place_of(one)
    return place is not None and place == place_of(other) and _is_one(one, other)


def _is_one(one: SecurityScheme, other: SecurityScheme) -> bool:
    """Whether one token can serve two schemes: a header has one, and it is that of a server which both name.

    `bearer` does not say where its token is from.
    """
    kinds = {kind_of(one), kind_of(other)}
    if len(kinds) == 1 and (one.flows, one.metadata_url) == (other.flows, other.metadata_url):
        return True
    return kinds <= _TOKENS and (BEARER in kinds or not _servers(one).isdisjoint(_servers(other)))


def _servers(scheme: SecurityScheme) -> frozenset[str]:
    """Return the hosts that give out the tokens of a scheme."""
    urls = (scheme.metadata_url, *(getattr(flow, name) for flow in scheme.flows for name in _ENDPOINTS))
    return frozenset(filter(None, map(_host, urls)))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _scheme_of(proof: Used | Signature) -> SecurityScheme:
    return proof.requirement.scheme if isinstance(proof, Used) else proof.scheme


def _clash(first: SecurityScheme, second: SecurityScheme, operation: Operation) -> Diagnostic:
    message = f"operation `{operation.label}` needs `{first.name}` and `{second.name}` in one and the same place"
    name, location = (
        (second.parameter_name, second.location) if second.type == "apiKey" else ("Authorization", "header")
    )
    fix = f"set {location} `{name}` with a step parameter"
    return diagnose("unsupported-feature", message, second.at.location(), fix=fix)


def _missing(available: _Available) -> Iterator[Diagnostic]:
    """Yield what is missing of the alternatives that a credential can satisfy, or why none can."""
    lacking = [available.lacking(alternative) for alternative in available.operation.security]
    usable = [schemes for schemes in lacking if all(map(is_run, schemes))]
    if usable:
        yield _credential_missing(usable, available.operation)
        return
    for scheme in {each.name: each for schemes in lacking for each in schemes if not is_run(each)}.values():
        yield _not_run(scheme, available.operation)


def _credential_missing(alternatives: Sequence[Sequence[SecurityScheme]], operation: Operation) -> Diagnostic:
    wanted = ", or ".join(" and ".join(f"`{each.name}`" for each in schemes) for schemes in alternatives)
    schemes = {each.name: each for schemes in alternatives for each in schemes}
    is_one = len(schemes) == 1
    message = (
        f"operation `{operation.label}` of `{operation.source}` needs the credential{'' if is_one else 's'} {wanted}"
    )
    fixes = [
        ("give it with " if is_one else f"give `{name}` with ") + _listed(operation, schemes[name]) for name in schemes
    ]
    location = next(iter(schemes.values())).at.location()
    return diagnose("credential-missing", message, location, fix="; ".join(fixes))


def _listed(operation: Operation, scheme: SecurityScheme) -> str:
    ways = ways_to_give(operation.source, scheme)
    return ", or ".join(ways)


def _not_run(scheme: SecurityScheme, operation: Operation) -> Diagnostic:
    if scheme.problem is not None:
        return scheme.problem
    if scheme.type == "apiKey":
        message = f"the security scheme `{scheme.name}` does not say which header, query parameter or cookie it is"
        fix = "give it a `name`, and an `in`: `query`, `header` or `cookie`"
        return diagnose("api-malformed", message, scheme.at.location(), fix=fix)
    kind = " ".join(part for part in (scheme.type, scheme.scheme) if part)
    message = f"operation `{operation.label}` needs `{scheme.name}`, and security of type `{kind}` is not run yet"
    step = "".join(f"give it with {way}, or " for way in ways_to_give(operation.source, scheme))
    fix = f"{step}sign it in Python with `Engine(auth={{'{operation.source}.{scheme.name}': …}})`"
    return diagnose("unsupported-feature", message, scheme.at.location(), fix=fix)
