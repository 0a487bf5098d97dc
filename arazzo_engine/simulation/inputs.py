"""What a rehearsal makes up of the inputs: those that are required or read, and were not given.

Decides one value for all the places that an input goes to, also in the workflows to which it is handed on. Nothing is
made up for a run that sends requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.machine.secrets import find_secrets
from arazzo_engine.simulation.fitting.exclusions import left_out
from arazzo_engine.simulation.fitting.fitting_names import taken_together
from arazzo_engine.simulation.fitting.meeting import Meeting, targets_by_path
from arazzo_engine.simulation.fitting.places import settled, value_at
from arazzo_engine.simulation.putting import Putter
from arazzo_engine.simulation.queries.jsonpath import Demand
from arazzo_engine.simulation.reading.reads import Read, filled
from arazzo_engine.simulation.reading.schemas import input_schema
from arazzo_engine.simulation.reading.tracing import readings_of
from arazzo_engine.simulation.samples import BYTES
from arazzo_engine.simulation.schema_ways import Ways
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.validation.inputs.handing import takers_of
from arazzo_engine.validation.inputs.schemas import declared_inputs, properties_of, required_inputs, with_defaults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow, WorkflowKey
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.language.expressions.scope import Values
    from arazzo_engine.machine.secrets import Secrets
    from arazzo_engine.simulation.paths.varying import Variation

# what tells of an object that it is one
_SAYING: Final = frozenset({"type", "properties", "additionalProperties", "required", "enum"})


def fill_inputs(linked: LinkedDescription, workflow_ids: tuple[str, ...], given: GivenInputs) -> GivenInputs:
    """Return the inputs with those made up from their schemas that nobody gave and that are required or read.

    A value is for all workflows that take it; one that does not take it gets one of its own.
    """
    filling = _Filling(linked, readings_of(linked).inputs, Ways(linked.resolver), find_secrets(linked))
    made_up: dict[str, JsonValue] = {}
    own = dict(given.own)
    for workflow_id in workflow_ids:
        workflow = linked.workflow(workflow_id)
        for name, value in filling.made_for(workflow, given.of(workflow_id), made_up).items():
            if made_up.setdefault(name, value) != value:
                owned = own.get(workflow_id, GivenInputs({}))
                names = owned.made_up | {name}
                own[workflow_id] = replace(owned, values={**owned.values, name: value}, made_up=names)
    return replace(given, values={**given.values, **made_up}, made_up=frozenset(made_up), own=own)


def varied_inputs(linked: LinkedDescription, key: WorkflowKey, inputs: Values, variation: Variation) -> Values:
    """Return the inputs of a workflow as a variation needs them, as far as their schemas allow it."""
    ways, varied = Ways(linked.resolver), dict(inputs)
    for (taker, name), reads in variation.inputs.items():
        schema = input_schema(linked, key, name)
        if taker != key or schema is None:
            continue
        putter, value = Putter(ways), inputs.get(name, ABSENT)
        for read in reads:
            for demand in read.demands:
                value = putter.let_hold(value, schema, demand, read.by)
        if value is not ABSENT and Meeting(ways, schema, ()).takes(value):
            varied[name] = value
    return varied


class _Filling(Struct, frozen=True):
    linked: LinkedDescription
    readings: Mapping[tuple[WorkflowKey, str], list[Read]]
    ways: Ways
    secrets: Secrets

    def made_for(
        self, workflow: LinkedWorkflow, given: GivenInputs, others: Mapping[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Return what is made up for a workflow, beside what was given and what others have: what it takes together."""
        known = {**as_mapping(with_defaults(workflow, {})), **given.values, **others}
        made: dict[str, JsonValue] = {}
        for name, taker in self.missing(workflow, given):
            made[name] = self.make_up(name, workflow, taker, {**known, **made})
        return taken_together(
            workflow, known, made, lambda name: self.make_up(name, workflow, workflow, {**known, **made})
        )

    def missing(self, workflow: LinkedWorkflow, given: GivenInputs) -> Iterator[tuple[str, LinkedWorkflow]]:
        """Yield the name of each input that is missing, with the workflow that declares it."""
        known = {*given.values, *as_mapping(with_defaults(workflow, {}))}
        for taker in takers_of(self.linked, workflow):
            read = {name for key, name in self.readings if key == taker.key}
            defaulted = as_mapping(with_defaults(taker, {})).keys()
            optional = (read & declared_inputs(taker)) - required_inputs(taker) - defaulted
            needed = required_inputs(taker) | optional - left_out(taker, frozenset(optional - known), self.ways)
            for name in sorted(needed - known, key=lambda each: (self._is_asked(taker, each), each)):
                yield name, taker
            known |= needed

    def _is_asked(self, taker: LinkedWorkflow, name: str) -> bool:
        """Whether an input is asked by a query that other inputs have to be known for."""
        return any(each.queries for each in self.readings.get((taker.key, name), ()))

    def make_up(
        self, name: str, workflow: LinkedWorkflow, taker: LinkedWorkflow, known: Mapping[str, JsonValue]
    ) -> JsonValue:
        """Return a value for an input beside those that are known: one that another workflow takes where it fits."""
        start = known.get(name, ABSENT)
        schema = Schema(taker.workflow.at, properties_of(taker).get(name, {}))
        reads = list(self._reads(name, workflow, known))
        is_taken = start is not ABSENT and Meeting(self.ways, schema, ()).takes(start)
        value = start if is_taken else self.ways.sample(schema)
        if isinstance(value, str) and any(self.ways.is_bytes(read.schema) for read in reads if not read.path):
            return BYTES
        putter = Putter(self.ways)
        there: list[Read] = []
        # of the very many that may be at one place, one
        places: dict[Pointer, Read] = {}
        for read in sorted(reads, key=lambda each: each.schema is None):
            made = putter.let_exist(value, schema, read)
            # of alternatives that exclude each other, the one that is needed first
            if all(_is_there(made, each) for each in places.values()):
                value = made
                there.append(read)
                places.setdefault(read.path, read)
            value = putter.let_be_alone(value, schema, read)
            if self.ways.is_bytes(read.schema):
                value = putter.let_hold(value, schema, Demand(read.path, "==", BYTES), read.by)
        if value == {} and self._is_unknown(schema) and not any(each.path for each in reads):
            # nobody says what it is: a text can stand wherever it goes
            value = "sample"
        secret = frozenset() if value is ABSENT else self.secrets.paths_of(taker, name, value)
        for path in sorted(secret):
            value = putter.let_be_secret(value, schema, path, (name, *path)[-1])
        value = value if () in secret else _with_own_text(value, name, schema)
        for path, targets in targets_by_path(there, self.ways):
            value = putter.let_fit(value, schema, path, targets)
        value = self._with_bytes(value, schema, there, putter)
        for read in there:
            for demand in () if read.leaves else read.demands:
                value = putter.let_hold(value, schema, demand, read.by)
        return None if value is ABSENT else value

    def _with_bytes(self, value: Value, schema: Schema, reads: list[Read], putter: Putter) -> Value:
        """Return an object whose members are the base64 of bytes where it is sent as a whole, and bytes are described.

        Only what is made up of nothing that is said becomes so.
        """
        for name, read in ((name, read) for name in as_mapping(value) for read in reads if not read.path):
            if as_mapping(value)[name] == "sample" and self.ways.is_bytes(self.ways.at(read.schema, (name,))):
                value = putter.let_hold(value, schema, Demand((name,), "==", BYTES), read.by)
        return value

    def _is_unknown(self, schema: Schema) -> bool:
        """Whether a schema says neither what a value is nor what it is made of."""
        return self.ways.is_invented(schema) and not any(
            _SAYING & part.value.keys() for part in self.ways.parts(schema)
        )

    def _reads(self, name: str, workflow: LinkedWorkflow, known: Mapping[str, JsonValue]) -> Iterator[Read]:
        scope = Scope(inputs=known)
        for taker in takers_of(self.linked, workflow):
            reads = (filled(each, taker.key, scope) for each in self.readings.get((taker.key, name), ()))
            yield from (each for each in reads if each is not None)
            schema = input_schema(self.linked, taker.key, name)
            if schema is not None and taker is not workflow:
                yield Read((), f"$inputs.{name}", schema)


def _is_there(value: Value, read: Read) -> bool:
    return value_at(value, settled(value, read.path)) is not ABSENT


def _with_own_text(value: Value, name: str, schema: Schema) -> Value:
    # a name of its own tells one made-up text from another
    is_free = isinstance(schema.value, dict) and not schema.value.keys() & {"maxLength", "pattern", "enum", "const"}
    return f"sample-{name}" if value == "sample" and is_free else value
