"""What a rehearsal makes up of the inputs: those that are required or read, and were not given.

Nothing is made up for a run that sends requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.simulation.putting import Putter
from arazzo_engine.simulation.queries.jsonpath import Demand
from arazzo_engine.simulation.reads import readings_of
from arazzo_engine.simulation.samples import BYTES, sample
from arazzo_engine.simulation.schema_ways import Ways
from arazzo_engine.validation.inputs.schemas import declared_inputs, properties_of, required_inputs, with_defaults

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.simulation.reads import Read
    from arazzo_engine.validation.inputs.given import GivenInputs


def fill_inputs(linked: LinkedDescription, workflow_ids: tuple[str, ...], given: GivenInputs) -> GivenInputs:
    """Return the inputs with those made up from their schemas that nobody gave and that are required or read."""
    made_up: dict[str, JsonValue] = {}
    readings = readings_of(linked).inputs
    for workflow_id in workflow_ids:
        workflow = linked.workflow(workflow_id)
        read = {name: reads for (key, name), reads in readings.items() if key == workflow.key}
        known = with_defaults(workflow, {})
        needed = required_inputs(workflow) | (read.keys() & declared_inputs(workflow)) - as_mapping(known).keys()
        for name in sorted(needed - given.of(workflow_id).values.keys()):
            made_up[name] = _make_up(name, workflow, linked, read.get(name, []))
    return replace(given, values={**given.values, **made_up}, made_up=frozenset(made_up))


def _make_up(name: str, workflow: LinkedWorkflow, linked: LinkedDescription, reads: list[Read]) -> JsonValue:
    schema = Schema(workflow.workflow.at, properties_of(workflow).get(name, {}))
    value: Value = sample(schema, linked.resolver)
    ways = Ways(linked.resolver)
    if isinstance(value, str) and any(ways.is_bytes(read.schema) for read in reads if not read.path):
        return BYTES
    putter = Putter(ways)
    for read in sorted(reads, key=lambda each: each.schema is None):
        value = putter.let_exist(value, schema, read)
        value = putter.let_be_alone(value, schema, read)
        if ways.is_bytes(read.schema):
            value = putter.let_hold(value, schema, Demand(read.path, "==", BYTES), read.by)
    # a name of its own tells one made-up text from another, and a secret from what is none
    is_free = isinstance(schema.value, dict) and not schema.value.keys() & {"maxLength", "pattern", "enum", "const"}
    if value == "sample" and is_free:
        return f"sample-{name}"
    return None if value is ABSENT else value
