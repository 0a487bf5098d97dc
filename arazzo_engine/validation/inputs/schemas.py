"""The JSON Schema of a workflow's inputs: made whole with the components it refers to, and read for names and defaults.

Decides which inputs a workflow declares and what an input that is not given becomes. Whether inputs fit the schema
is decided by ``inputs``.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import ABSENT, JsonValue, as_integer, as_list, as_mapping
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.validation.inputs.number_formats import with_number_formats
from arazzo_engine.validation.inputs.subschemas import REFERENCES, all_that_apply, every_schema, together

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.document import Place

# A schema that refers to itself is followed as far as the inputs go, and never further than this
_DEEPEST: Final = 64
_MOST_VALUES: Final = 10_000
# what is known of a workflow is asked again for every run of it
_KNOWN_WORKFLOWS: Final = 64


@lru_cache(_KNOWN_WORKFLOWS)
def whole_schema(linked: LinkedWorkflow) -> JsonValue:
    """Return the workflow's schema in a document of its own, where references lead somewhere.

    The components stand at the place that ``#/components/inputs/x`` names, and in ``$defs`` for the sake of their
    ``$anchor`` s, which are found only there.
    """
    inputs = True if linked.workflow.inputs is None else with_number_formats(linked.workflow.inputs)
    components = {name: with_number_formats(each) for name, each in linked.description.components.inputs.items()}
    schema = inputs if isinstance(inputs, dict) else {"not": {}} if inputs is False else {}
    around: dict[str, JsonValue] = {}
    if components:
        shared = {f"components.inputs.{name}": component for name, component in components.items()}
        around = {"$defs": {**shared, **as_mapping(schema.get("$defs"))}, "components": {"inputs": components}}
    if any(_leads_to_workflows(part) for part in (schema, *components.values())):
        written = as_list(linked.description.at.document.value["workflows"])
        around["workflows"] = [{"inputs": with_number_formats(as_mapping(each).get("inputs"))} for each in written]
    return {**schema, **around} if around else inputs


def _leads_to_workflows(schema: JsonValue) -> bool:
    references = (part.get(name) for _, part in every_schema(schema) for name in REFERENCES)
    return any(isinstance(each, str) and each.startswith("#/workflows/") for each in references)


@lru_cache(_KNOWN_WORKFLOWS)
def declared_inputs(linked: LinkedWorkflow) -> frozenset[str]:
    """Return the names of the inputs that the workflow's schema has properties for, in any of its alternatives."""
    root = whole_schema(linked)
    return frozenset(name for part in all_that_apply([root], root) for name in as_mapping(part.get("properties")))


def required_inputs(linked: LinkedWorkflow) -> frozenset[str]:
    """Return the names of the inputs that must be given: those required that have no default."""
    root = whole_schema(linked)
    properties = properties_of(linked)
    required = [part["required"] for part in together(root, root) if isinstance(part.get("required"), list)]
    names = {name for names in required for name in names if isinstance(name, str)}
    return frozenset(name for name in names if "default" not in as_mapping(properties.get(name)))


def properties_of(linked: LinkedWorkflow) -> dict[str, JsonValue]:
    """Return the schema of each declared input, references followed."""
    root = whole_schema(linked)
    found: dict[str, JsonValue] = {}
    for part in together(root, root):
        for name, schema in as_mapping(part.get("properties")).items():
            found.setdefault(name, _follow(schema, root))
    return found


def is_open(linked: LinkedWorkflow) -> bool:
    """Whether the schema speaks of inputs that it does not name, so that an unknown one is no mistake."""
    root = whole_schema(linked)
    return any(
        part.get(keyword) is True or isinstance(part.get(keyword), dict)
        for part in together(root, root)
        for keyword in ("patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames")
    )


def with_defaults(linked: LinkedWorkflow, inputs: JsonValue) -> JsonValue:
    """Return the inputs with the defaults of the schema, at every level, where nothing was given.

    Raises ``ArazzoError`` (``input-schema-invalid``) when the defaults lead to others without an end.
    """
    root = whole_schema(linked)
    return _Completion(root, linked.workflow.at.child("inputs")).complete(root, inputs, 0)


def input_from_text(linked: LinkedWorkflow, name: str, text: str) -> JsonValue:
    """Return an input given as text: as it is where the schema asks for a string, else the value of its JSON.

    Text that is no JSON stays text: the check of the inputs then says what is wrong with it.
    """
    schema = properties_of(linked).get(name, {})
    types = schema.get("type") if isinstance(schema, dict) else None
    if types == "string":
        return text
    try:
        value = parse_json(text)
    except MalformedText:
        return text
    wanted = set(map(str, types)) if isinstance(types, list) else set()
    return text if "string" in wanted and not _TYPES[type(value)] & wanted else value


# the types of JSON Schema that a Python value of this type has
_TYPES: Final[dict[type, frozenset[str]]] = {
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

    root: JsonValue
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


def _follow(schema: JsonValue, root: JsonValue) -> JsonValue:
    merged: dict[str, JsonValue] = {}
    for part in together(schema, root):
        merged = {**part, **merged}
    return merged if isinstance(schema, dict) else schema
