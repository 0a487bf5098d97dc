"""The JSON Schema of a workflow's inputs: made whole with the components it refers to, and read for names and defaults.

Decides which inputs a workflow declares and what an input that is not given becomes. Whether inputs fit the schema
is decided by ``inputs``.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.pointers import parse_pointer, resolve_pointer
from arazzo_engine.documents.values import ABSENT, JsonValue
from arazzo_engine.language.payloads import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linked import LinkedWorkflow

# A schema that refers to itself is followed as far as the inputs go, and never further than this
_DEEPEST: Final = 64


def whole_schema(linked: LinkedWorkflow) -> JsonValue:
    """Return the workflow's schema in a document of its own, where references to the components lead somewhere.

    The components stand at the place that ``#/components/inputs/x`` names, and in ``$defs`` for the sake of their
    ``$anchor`` s, which are found only there.
    """
    inputs = True if linked.workflow.inputs is None else linked.workflow.inputs
    components = dict(linked.description.components.inputs)
    if not components:
        return inputs
    schema = inputs if isinstance(inputs, dict) else {"not": {}} if inputs is False else {}
    shared = {f"components.inputs.{name}": component for name, component in components.items()}
    return {**schema, "$defs": {**shared, **schema.get("$defs", {})}, "components": {"inputs": components}}


def declared_inputs(linked: LinkedWorkflow) -> frozenset[str]:
    """Return the names of the inputs that the workflow's schema has properties for."""
    return frozenset(properties_of(linked))


def required_inputs(linked: LinkedWorkflow) -> frozenset[str]:
    """Return the names of the inputs that must be given: those required that have no default."""
    root = whole_schema(linked)
    properties = properties_of(linked)
    required = [part["required"] for part in _parts(root, root) if isinstance(part.get("required"), list)]
    names = {name for names in required for name in names if isinstance(name, str)}
    return frozenset(name for name in names if "default" not in _as_mapping(properties.get(name)))


def properties_of(linked: LinkedWorkflow) -> dict[str, JsonValue]:
    """Return the schema of each declared input, references followed."""
    root = whole_schema(linked)
    found: dict[str, JsonValue] = {}
    for part in _parts(root, root):
        for name, schema in _mapping(part, "properties").items():
            found.setdefault(name, _follow(schema, root))
    return found


def is_open(linked: LinkedWorkflow) -> bool:
    """Whether the schema speaks of inputs that it does not name, so that an unknown one is no mistake."""
    root = whole_schema(linked)
    return any(
        isinstance(part.get(keyword), dict) and bool(part[keyword])
        for part in _parts(root, root)
        for keyword in ("patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames")
    )


def with_defaults(linked: LinkedWorkflow, inputs: JsonValue) -> JsonValue:
    """Return the inputs with the defaults of the schema, at every level, where nothing was given."""
    root = whole_schema(linked)
    return _complete(root, inputs, root, 0)


def input_from_text(linked: LinkedWorkflow, name: str, text: str) -> JsonValue:
    """Return an input given as text, converted by the type that the schema gives it.

    Text that is not of that type stays text: the check of the inputs then says what is wrong with it.
    """
    schema = properties_of(linked).get(name, {})
    types = schema.get("type") if isinstance(schema, dict) else None
    if types == "string":
        return text
    try:
        value = parse_json(text)
    except MalformedText:
        return text
    wanted = [types] if isinstance(types, str) else types
    return value if not isinstance(wanted, list) or _TYPES[type(value)] & set(map(str, wanted)) else text


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


def _complete(schema: JsonValue, value: JsonValue, root: JsonValue, depth: int) -> JsonValue:
    if depth > _DEEPEST:
        return value
    for part in _parts(schema, root):
        if isinstance(value, dict):
            value = _complete_object(part, value, root, depth + 1)
        elif isinstance(value, list):
            value = _complete_list(part, value, root, depth + 1)
    return value


def _complete_object(
    schema: dict[str, JsonValue], value: dict[str, JsonValue], root: JsonValue, depth: int
) -> JsonValue:
    completed = dict(value)
    for name, member in _mapping(schema, "properties").items():
        default = next((part["default"] for part in _parts(member, root) if "default" in part), ABSENT)
        if name in completed:
            completed[name] = _complete(member, completed[name], root, depth)
        elif default is not ABSENT:
            completed[name] = _complete(member, deepcopy(default), root, depth)
    return completed


def _complete_list(schema: dict[str, JsonValue], value: list[JsonValue], root: JsonValue, depth: int) -> JsonValue:
    first = schema.get("prefixItems")
    prefix = first if isinstance(first, list) else []
    rest = schema.get("items", True)
    return [
        _complete(prefix[index] if index < len(prefix) else rest, element, root, depth)
        for index, element in enumerate(value)
    ]


def _parts(schema: JsonValue, root: JsonValue, depth: int = 0) -> Iterator[dict[str, JsonValue]]:
    """Yield the schema and every schema that holds together with it: what it refers to, and ``allOf``."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    yield schema
    if "$ref" in schema:
        yield from _parts(_target(schema["$ref"], root), root, depth + 1)
    together = schema.get("allOf")
    for each in together if isinstance(together, list) else []:
        yield from _parts(each, root, depth + 1)


def _follow(schema: JsonValue, root: JsonValue) -> JsonValue:
    merged: dict[str, JsonValue] = {}
    for part in _parts(schema, root):
        merged = {**part, **merged}
    return merged if isinstance(schema, dict) else schema


def _target(reference: JsonValue, root: JsonValue) -> JsonValue:
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    if reference.startswith("#/"):
        try:
            return resolve_pointer(root, parse_pointer(reference[1:]))
        except ValueError:
            return None
    anchored = (each for each in _mapping(root, "$defs").values() if isinstance(each, dict))
    return next((each for each in anchored if each.get("$anchor") == reference[1:]), None)


def _as_mapping(schema: JsonValue) -> dict[str, JsonValue]:
    return schema if isinstance(schema, dict) else {}


def _mapping(schema: JsonValue, keyword: str) -> dict[str, JsonValue]:
    value = schema.get(keyword) if isinstance(schema, dict) else None
    return value if isinstance(value, dict) else {}
