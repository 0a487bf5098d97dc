"""The credentials that a document needs, for a person: each with its steps, its state and every way to give it.

It shows where a credential was found, and never the credential.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.security.schemes import place_of, ways_to_give
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.printable import printable
from arazzo_engine.validation.needs import Need, Needing, State, instead_of, key_of, steps_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.security.access import Access


def render_needs(needs: Sequence[Need], access: Access) -> str:
    """Return the text of all needs, and what is missing."""
    blocks = ["\n".join(_describe(need, access)) for need in needs]
    missing = [need for need in needs if steps_in(need, access, State.MISSING)]
    return printable("\n\n".join((*blocks, _summarize(missing, is_any=bool(needs)))))


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
    instead = dict.fromkeys(each for step in need.steps for each in instead_of(scheme, step.linked))
    if instead:
        yield f"  instead:   {', or '.join(instead)}"
    yield f"  state:     {'; '.join(_describe_state(need, access))}"
    # what the steps set themselves is sent, whatever else is given
    is_set = len(steps_in(need, access, State.OWN)) == len(need.steps)
    ways = () if is_set else ways_to_give(need.source, scheme)
    if ways:
        yield "  give it with one of:"
        yield from (f"    {way}" for way in ways)


def _listed(steps: Iterable[Needing]) -> str:
    return ", ".join(dict.fromkeys(step.name for step in steps))


def _describe_state(need: Need, access: Access) -> Iterator[str]:
    own, found, other, missing = (steps_in(need, access, state) for state in State)
    credential = access.credentials.find(need.source, need.scheme.name)
    origin = "the client's certificate" if credential is None else credential.origin

    def some(steps: tuple[Needing, ...]) -> str:
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


def _from_what(need: Need, steps: tuple[Needing, ...]) -> str:
    """Return the expressions that the steps take it from; what is written in the document may be the secret itself."""
    parameters = [each for step in steps for each in step.linked.parameters if key_of(each) == place_of(need.scheme)]
    found = dict.fromkeys(str(each.expression) for parameter in parameters for each in expressions_in(parameter.value))
    return f", from {', '.join(f'`{each}`' for each in found)}" if found else ""
