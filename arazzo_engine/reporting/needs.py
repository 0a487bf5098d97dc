"""The credentials that a document needs, as text and as JSON: each with its steps, its state and every way to give it.

It shows where a credential was found, and never the credential.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.security.schemes import MUTUAL_TLS, environment_names, is_run, kind_of, place_of, ways_to_give
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.printable import printable
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.refusals_json import diagnostic_as_json
from arazzo_engine.secret_names import hide_in_urls
from arazzo_engine.validation.needs import Need, Needing, State, instead_of, key_of, origins_of, schemes_at, steps_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import OAuthFlow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue

_NO_SERVER: Final = "a server that is not known: name it with `--server {source}=https://…`"


def render_needs(needs: Sequence[Need], access: Access) -> str:
    """Return the text of all needs, and what is missing."""
    blocks = ["\n".join(_describe(need, access)) for need in needs]
    missing = [need for need in needs if steps_in(need, access, State.MISSING)]
    return hide_in_urls(printable("\n\n".join((*blocks, _summarize(missing, is_any=bool(needs))))))


def _summarize(missing: list[Need], *, is_any: bool) -> str:
    if not is_any:
        return "no step needs a credential"
    listed = ", ".join(f"{need.scheme.name} of {need.source}" for need in missing)
    return f"missing: {listed}" if missing else "nothing is missing"


def _describe(need: Need, access: Access) -> Iterator[str]:
    scheme = need.scheme
    kind = " ".join(part for part in (scheme.type, scheme.scheme) if part)
    where = f", {scheme.location} `{scheme.parameter_name}`" if scheme.location else ""
    yield f"{scheme.name} of {need.source}  ({kind}{where})"
    yield f"  needed by: {_listed(need.steps)}"
    if need.scopes:
        yield f"  scopes:    {', '.join(need.scopes)}"
    if len(steps_in(need, access, State.UNDEFINED)) < len(need.steps):
        yield f"  sent to:   {', '.join(origins_of(need, access)) or _NO_SERVER.format(source=quote(need.source))}"
    yield from _describe_endpoints(need, access)
    instead = instead_of(need)
    if instead:
        yield f"  instead:   {', or '.join(_with_steps(way, steps, need) for way, steps in instead.items())}"
    yield f"  state:     {'; '.join(_describe_state(need, access))}"
    # what the steps set themselves is sent, whatever else is given
    is_set = len(steps_in(need, access, State.OWN)) == len(need.steps)
    ways = () if is_set else ways_to_give(need.source, scheme)
    if ways:
        yield "  give it with one of:"
        yield from (f"    {way}" for way in ways)


def _with_steps(way: str, steps: tuple[Needing, ...], need: Need) -> str:
    return way if len(steps) == len(need.steps) else f"{way} (for {_listed(steps)} alone)"


def _describe_endpoints(need: Need, access: Access) -> Iterator[str]:
    flows = dict.fromkeys(flow for scheme in schemes_at(need, access) for flow in scheme.flows)
    heads = ("  flows:     ", *("             " for _ in flows))
    for head, flow in zip(heads, flows, strict=False):
        places = (f"{name} {url}" for name, url in _endpoints_of(flow).items())
        yield f"{head}{flow.grant}" + "".join(f", {each}" for each in places)
    metadata = _metadata_urls(need, access)
    if metadata:
        yield f"  metadata:  {', '.join(metadata)}"


def _endpoints_of(flow: OAuthFlow) -> dict[str, str]:
    """Return the URLs of a flow, by the names that OpenAPI has for them."""
    named = {
        "authorizationUrl": flow.authorization_url,
        "deviceAuthorizationUrl": flow.device_authorization_url,
        "tokenUrl": flow.token_url,
        "refreshUrl": flow.refresh_url,
    }
    # what follows a `?` may be a secret
    return {name: url.partition("?")[0] for name, url in named.items() if url}


def _metadata_urls(need: Need, access: Access) -> tuple[str, ...]:
    """Return where a provider says its endpoints."""
    urls = (scheme.metadata_url.partition("?")[0] for scheme in schemes_at(need, access))
    return tuple(dict.fromkeys(filter(None, urls)))


def _listed(steps: Iterable[Needing]) -> str:
    return ", ".join(dict.fromkeys(step.name for step in steps))


def _describe_state(need: Need, access: Access) -> Iterator[str]:
    own, found, login, undefined, other, missing = (steps_in(need, access, state) for state in State)
    credential = access.credentials.find(need.source, need.scheme.name)
    origin = "the client's certificate" if credential is None else credential.origin

    def some(steps: tuple[Needing, ...]) -> str:
        return "" if len(steps) == len(need.steps) else f" for {_listed(steps)}"

    if found:
        yield f"found in {origin}{some(found)}"
    if own:
        unsent = "" if credential is None else f", so what was found in {origin} is not sent there"
        yield f"set by the steps themselves{_from_what(need, own)}{some(own)}{unsent}"
    if login:
        yield f"given out{some(login)}, and so not sent there"
    if undefined:
        yield f"not defined by the description{some(undefined)}: nothing says how it is sent"
    if other:
        yield f"not needed{some(other)}: something else satisfies it"
    if missing:
        yield f"missing for {_listed(missing)}"


def _from_what(need: Need, steps: tuple[Needing, ...]) -> str:
    """Return the expressions that the steps take it from; what is written in the document may be the secret itself."""
    parameters = [each for step in steps for each in step.linked.parameters if key_of(each) == place_of(need.scheme)]
    found = dict.fromkeys(str(each.expression) for parameter in parameters for each in expressions_in(parameter.value))
    return f", from {', '.join(f'`{each}`' for each in found)}" if found else ""


# --- as JSON ---


def needs_as_json(needs: Sequence[Need], access: Access, diagnostics: Iterable[Diagnostic] = ()) -> JsonValue:
    """Return all needs, the schemes for which something is missing, and what was given and cannot be used."""
    missing = [need for need in needs if steps_in(need, access, State.MISSING)]
    return Masker().value(
        {
            "credentials": [_need(need, access) for need in needs],
            "missing": [{"source": need.source, "scheme": need.scheme.name} for need in missing],
            "diagnostics": [diagnostic_as_json(each) for each in diagnostics],
        }
    )


def _need(need: Need, access: Access) -> dict[str, JsonValue]:
    scheme, credential = need.scheme, access.credentials.find(need.source, need.scheme.name)
    instead = [way for way, steps in instead_of(need).items() if len(steps) == len(need.steps)]
    return {
        "source": need.source,
        "scheme": scheme.name,
        "kind": kind_of(scheme),
        "in": None if scheme.location is None else scheme.location.value,
        "name": scheme.parameter_name or None,
        "steps": _steps(need, access),
        "scopes": list(need.scopes),
        "origins": list(origins_of(need, access)),
        "flows": _flows(need, access),
        "metadataUrls": list(_metadata_urls(need, access)),
        "instead": instead,
        "foundIn": None if credential is None else credential.origin,
        "environment": _environment(need),
        "ways": list(ways_to_give(need.source, scheme)),
    }


def _steps(need: Need, access: Access) -> list[JsonValue]:
    states = {each.name: state.name.lower() for state in State for each in steps_in(need, access, state)}
    return [
        {
            "workflowId": each.workflow_id,
            "stepId": each.linked.step.step_id,
            "state": states[each.name],
            "scopes": list(each.scopes),
        }
        for each in need.steps
    ]


def _flows(need: Need, access: Access) -> list[JsonValue]:
    flows = dict.fromkeys(flow for scheme in schemes_at(need, access) for flow in scheme.flows)
    return [{"flow": flow.grant, **_endpoints_of(flow)} for flow in flows]


def _environment(need: Need) -> list[JsonValue]:
    is_given = is_run(need.scheme) and kind_of(need.scheme) != MUTUAL_TLS
    return list(environment_names(need.source, need.scheme.name)) if is_given else []
