"""What a rehearsal makes up so that a run can be shown without anything being given: inputs, credentials, servers.

Nothing is made up for a run that sends requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.security.authorization import gets_token
from arazzo_engine.apis.security.credentials import MADE_UP, Credential, Credentials
from arazzo_engine.apis.servers import server_url
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.machine.effects import Signed
from arazzo_engine.simulation.putting import Putter
from arazzo_engine.simulation.reads import readings_of
from arazzo_engine.simulation.samples import BYTES, sample
from arazzo_engine.simulation.schema_ways import Ways
from arazzo_engine.validation.inputs.schemas import declared_inputs, properties_of, required_inputs, with_defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.language.expressions.scope import Values
    from arazzo_engine.machine.effects import Sign
    from arazzo_engine.simulation.reads import Read
    from arazzo_engine.validation.inputs.given import GivenInputs

# it has the form of a key, and of a user and a password
_CREDENTIAL: Final = Credential("rehearsal:rehearsal", MADE_UP)
_TOKEN: Final = Credential("rehearsal", MADE_UP)
_SERVER: Final = "https://rehearsal.invalid"


def fill_inputs(
    linked: LinkedDescription, workflow_ids: tuple[str, ...], given: GivenInputs
) -> tuple[GivenInputs, Values]:
    """Return the inputs with those made up from their schemas that nobody gave and that are required or read."""
    made_up: dict[str, JsonValue] = {}
    readings = readings_of(linked).inputs
    for workflow_id in workflow_ids:
        workflow = linked.workflow(workflow_id)
        read = {name: reads for (key, name), reads in readings.items() if key == workflow.key}
        known = with_defaults(workflow, {})
        needed = required_inputs(workflow) | (read.keys() & declared_inputs(workflow)) - as_mapping(known).keys()
        for name in sorted(needed - given.values.keys()):
            made_up[name] = _make_up(name, workflow, linked, read.get(name, []))
    return replace(given, values={**given.values, **made_up}, made_up=frozenset(made_up)), made_up


def _make_up(name: str, workflow: LinkedWorkflow, linked: LinkedDescription, reads: list[Read]) -> JsonValue:
    schema = Schema(workflow.workflow.at, properties_of(workflow).get(name, {}))
    value: Value = sample(schema, linked.resolver)
    # a name of its own tells one made-up text from another, and a secret from what is none
    is_free = isinstance(schema.value, dict) and not schema.value.keys() & {"maxLength", "pattern", "enum", "const"}
    if value == "sample" and is_free:
        value = f"sample-{name}"
    ways = Ways(linked.resolver)
    if isinstance(value, str) and any(ways.is_bytes(read.schema) for read in reads if not read.path):
        return BYTES
    putter = Putter(ways)
    for read in sorted(reads, key=lambda each: each.schema is None):
        value = putter.let_exist(value, schema, read)
    return None if value is ABSENT else value


def fill_access(linked: LinkedDescription, access: Access) -> Access:
    """Return the access with a credential for every scheme and a server for every source that lack one."""
    made_up = {
        (source, scheme.name): _CREDENTIAL
        for source, scheme in _schemes(linked)
        if access.credentials.find(source, scheme.name) is None
    }
    credentials = Credentials({**access.credentials.by_scheme, **made_up})
    access = replace(access, credentials=credentials, has_client_certificate=True)
    servers = dict(access.servers)
    for operation in linked.operations():
        try:
            server_url(operation, access)
        except ArazzoError as error:
            # a mistake of the description is told, and nothing is made up for it
            if not any(each.code == "api-malformed" for each in error.diagnostics):
                servers[operation.source] = _SERVER
    return fill_tokens(linked, replace(access, servers=servers))


def fill_tokens(linked: LinkedDescription, access: Access) -> Access:
    """Return the access with a token wherever one would have to be got, so that no token endpoint is asked."""
    tokens = {
        (source, scheme.name): _TOKEN
        for source, scheme in _schemes(linked)
        if gets_token(scheme, access.credentials.find(source, scheme.name))
    }
    return replace(access, credentials=Credentials({**access.credentials.by_scheme, **tokens}))


def sign_made_up(effect: Sign) -> Signed:
    """Return a signature that nothing but the header of is right."""
    return Signed(((effect.signature.header, _TOKEN.value),))


def _schemes(linked: LinkedDescription) -> Iterator[tuple[str, SecurityScheme]]:
    for operation in linked.operations():
        for requirement in operation.requirements:
            yield operation.source, requirement.scheme
