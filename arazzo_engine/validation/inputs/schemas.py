"""The JSON Schema of a workflow's inputs, read for names and defaults.

Decides what an input that is not given becomes, and what one is that is given as text. How the schema is made whole is
decided by ``whole_schemas``, whether inputs fit it by ``given``.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from msgspec import Struct

from arazzo_engine.apis.linking.uses import uses_in
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import ABSENT, JsonValue, as_integer, as_list, as_mapping
from arazzo_engine.language.expressions.grammar import Root as Origin
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.validation.inputs.subschemas import Root, together
from arazzo_engine.validation.inputs.whole_schemas import inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.document import Place

# A schema that refers to itself is followed as far as the inputs go, and never further than this
_DEEPEST: Final = 64
_MOST_VALUES: Final = 10_000
_DESCRIBED: Final[WeakKeyDictionary[LinkedWorkflow, frozenset[str]]] = WeakKeyDictionary()


def whole_schema(linked: LinkedWorkflow) -> Root:
    """Return the workflow's schema in a document of its own, where references lead somewhere."""
    return inputs_of(linked).root


def declared_inputs(linked: LinkedWorkflow) -> frozenset[str]:
    """Return the names of the inputs that the workflow's schema has properties for, in any of its alternatives."""
    return inputs_of(linked).declared


def required_inputs(linked: LinkedWorkflow) -> frozenset[str]:
    """Return the names of the inputs that must be given: those required that have no default."""
    return inputs_of(linked).required


def properties_of(linked: LinkedWorkflow) -> dict[str, JsonValue]:
    """Return the schema of each declared input, references followed."""
    return inputs_of(linked).properties


def schema_at(linked: LinkedWorkflow, path: Iterable[str | None]) -> dict[str, JsonValue]:
    """Return what the schema says of a member of the inputs, references followed; ``None`` leads to an element."""
    root = whole_schema(linked)
    found: list[dict[str, JsonValue]] = list(together(root.value, root))
    for name in path:
        inner = [each.get("items") if name is None else as_mapping(each.get("properties")).get(name) for each in found]
        found = [part for each in inner for part in together(each, root)]
    merged: dict[str, JsonValue] = {}
    for part in reversed(found):
        merged |= part
    return merged


def described_parts(linked: LinkedWorkflow) -> frozenset[str]:
    """Return the workflow's expressions of parts of inputs that its schema describes, each name on the way to them."""
    if linked not in _DESCRIBED:
        found = (each for use in uses_in(linked) for each in use.readings if each.root is Origin.INPUTS)
        parts = ((each.text, (*each.names, *each.pointer)) for each in found if each.pointer)
        _DESCRIBED[linked] = frozenset(text for text, path in parts if _describes(linked, path))
    return _DESCRIBED[linked]


def _describes(linked: LinkedWorkflow, path: Iterable[str]) -> bool:
    root = whole_schema(linked)
    found = [root.value]
    for name in path:
        members = [as_mapping(part.get("properties")) for each in found for part in together(each, root)]
        found = [each[name] for each in members if name in each]
    return bool(found)


def is_open(linked: LinkedWorkflow) -> bool:
    """Whether the schema speaks of inputs that it does not name, so that an unknown one is no mistake."""
    return inputs_of(linked).is_open


def with_defaults(linked: LinkedWorkflow, inputs: JsonValue) -> JsonValue:
    """Return the inputs with the defaults of the schema, at every level, where nothing was given.

    Raises ``ArazzoError`` (``input-schema-invalid``) when the defaults lead to others without an end.
    """
    root = whole_schema(linked)
    return _Completion(root, linked.workflow.at.child("inputs")).complete(root.value, inputs, 0)


def input_from_text(linked: LinkedWorkflow, name: str, text: str) -> JsonValue:
    """Return an input given as text: as it is where the schema asks for a string, else the value of its JSON.

    Text that is no JSON stays text: the check of the inputs then says what is wrong with it.
    """
    return value_from_text(as_mapping(properties_of(linked).get(name)), text)


def value_from_text(schema: Mapping[str, JsonValue], text: str) -> JsonValue:
    """Return a value given as text, as ``input_from_text`` does, by its own schema."""
    types = schema.get("type")
    if types == "string":
        return text
    try:
        value = parse_json(text)
    except MalformedText:
        return text
    wanted = set(map(str, types)) if isinstance(types, list) else set()
    return text if "string" in wanted and not TYPES[type(value)] & wanted else value


# the types of JSON Schema that a Python value of this type has
TYPES: Final[dict[type, frozenset[str]]] = {
    type(None): frozenset({"null"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    str: frozenset({"string"}),
    list: frozenset({"array"}),
    dict: frozenset({"object"}),
}


class _Completion(Struct):
    """Puts defaults where nothing was given, as far as ``left`` values go: defaults may lead to others."""

    root: Root
    at: Place
    left: int = _MOST_VALUES

    def complete(self, schema: JsonValue, value: JsonValue, depth: int) -> JsonValue:
        self.left -= 1
        if self.left < 0 or depth > _DEEPEST:
            message = f"completing the inputs with their defaults does not end within {_MOST_VALUES} values"
            fix = "remove a `default` that stands in a schema which refers to itself"
            raise ArazzoError(diagnose("input-schema-invalid", message, self.at.location(), fix=fix))
        for part in together(schema, self.root):
            if isinstance(value, float) and part.get("type") == "integer":
                value = as_integer(value)
            elif isinstance(value, dict):
                value = self._complete_object(part, value, depth + 1)
            elif isinstance(value, list):
                value = self._complete_list(part, value, depth + 1)
        return value

    def _complete_object(self, schema: dict[str, JsonValue], value: dict[str, JsonValue], depth: int) -> JsonValue:
        completed = dict(value)
        properties = as_mapping(schema.get("properties"))
        for name, member in properties.items():
            default = next((part["default"] for part in together(member, self.root) if "default" in part), ABSENT)
            if name in completed:
                completed[name] = self.complete(member, completed[name], depth)
            elif default is not ABSENT:
                completed[name] = self.complete(member, deepcopy(default), depth)
        if isinstance(schema.get("additionalProperties"), dict) and "patternProperties" not in schema:
            for name in value.keys() - properties.keys():
                completed[name] = self.complete(schema["additionalProperties"], value[name], depth)
        return completed

    def _complete_list(self, schema: dict[str, JsonValue], value: list[JsonValue], depth: int) -> JsonValue:
        prefix = as_list(schema.get("prefixItems"))
        rest = schema.get("items", True)
        return [
            self.complete(prefix[index] if index < len(prefix) else rest, element, depth)
            for index, element in enumerate(value)
        ]
