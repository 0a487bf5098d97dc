"""How an input is declared that a workflow uses and does not declare: what stands in its schema that was meant to.

Decides the words of a fix, and whether a schema that allows other inputs says something of this one. Whether an input
may be used at all is decided by who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import Related, nearest
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import is_slip
from arazzo_engine.validation.inputs.whole_schemas import inputs_of
from arazzo_engine.words import is_count

if TYPE_CHECKING:
    from collections.abc import Collection

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue

_COMPONENT: Final = lazy_pattern(r"(?:#/|\$)?components[./]inputs[./]([A-Za-z0-9.\-_]+)")
# a name, and what is to be done with its value: `birth:yyyy-MM-dd`, `tags|join`
_WITH_MORE: Final = lazy_pattern(r"([A-Za-z0-9_.\-]+)\s*[^\sA-Za-z0-9_.\-].*")


# what may refuse members that the schema beside it has
_CLOSING: Final = ("additionalProperties", "unevaluatedProperties", "propertyNames", "maxProperties")

_JSON_TYPES: Final = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})


def fix_undeclared(linked: LinkedWorkflow, name: str) -> str:
    """Return how to declare an input that a workflow uses."""
    written = linked.workflow.inputs
    schema = as_mapping(written)
    if name in schema and name not in inputs_of(linked).declared:
        return f"put `{name}` under `properties` of the workflow's `inputs`: {declared(name, schema[name])}"
    for keyword in ("reference", "$ref"):
        component = _COMPONENT.fullmatch(str(schema.get(keyword)))
        if component and (keyword == "reference" or not str(schema[keyword]).startswith("#")):
            return f"write `inputs: {{$ref: '#/components/inputs/{component[1]}'}}`"
    declare = _beside_reference(linked, name) or f"declare `{name}` in the workflow's `inputs`"
    if made := _made_of_another(inputs_of(linked).declared, name):
        return made
    closest = nearest(name, inputs_of(linked).names)
    if closest is None:
        return declare
    meant = f"did you mean `{closest}`?"
    # another name that is alike may be another input
    one, other = name.casefold(), closest.casefold()
    return meant if one == other or is_slip(one, other) else f"{meant} If not, {declare}"


def _made_of_another(declared: Collection[str], name: str) -> str:
    """Return the fix for the name of an input with more around it; empty for any other name."""
    base, _, last = name.rpartition(".")
    if is_count(last) and base in declared:
        return f"no expression counts or measures a value: give the result as an input beside `{base}`"
    more = _WITH_MORE.fullmatch(name)
    if more is not None and more[1] in declared:
        return f"no expression makes another value of one: write `$inputs.{more[1]}`, or give the result as an input"
    return f"did you mean `{last}`?" if last != name and last in declared else ""


def _beside_reference(linked: LinkedWorkflow, name: str) -> str:
    """Return how to declare an input beside a schema that stands in another document, where nothing can be added.

    A schema of its name, of whose members the workflow uses none, is that of the input itself.
    """
    reference = as_mapping(linked.workflow.inputs).get("$ref")
    found = inputs_of(linked)
    is_closed = any(each in part for part in found.parts for each in _CLOSING)
    if not isinstance(reference, str) or reference.startswith("#") or is_closed:
        return ""
    schema = f"{{$ref: {write_scalar(reference, in_flow=True)}}}"
    own, key = f"required: [{name}], properties", write_scalar(name, in_flow=True)
    used = json_text(value_at(linked.workflow.at))
    is_it = reference.rpartition("/")[2].casefold() == name.casefold()
    if is_it and not any(f"$inputs.{each}" in used for each in found.declared):
        return f"write `inputs: {{type: object, {own}: {{{key}: {schema}}}}}`"
    return f"write `inputs: {{allOf: [{schema}], {own}: {{{key}: {{}}}}}}`"


def like_input(linked: LinkedWorkflow, name: str) -> tuple[Related, ...]:
    """Return the place of the input that is most like a name, nothing where none is or it stands elsewhere."""
    near, properties = nearest(name, inputs_of(linked).names), place_of_inputs(linked).child("properties")
    if near is None or near not in as_mapping(properties.document.content.at(properties.pointer)):
        return ()
    return (Related(f"`{near}` is this input", properties.child(near).key_location()),)


def place_of_inputs(linked: LinkedWorkflow) -> Place:
    """Return where the schema of the inputs is written: in the workflow, or in the component that it refers to."""
    inputs = linked.workflow.at.child("inputs")
    component = _COMPONENT.fullmatch(str(as_mapping(linked.workflow.inputs).get("$ref")))
    return inputs if component is None else Place(inputs.document, ("components", "inputs", component[1]))


def is_described(linked: LinkedWorkflow, name: str) -> bool:
    """Whether a schema for names of a kind, or for every other name, describes the input."""
    for part in inputs_of(linked).parts:
        if any(_matches(pattern, name) for pattern in as_mapping(part.get("patternProperties"))):
            return True
        if any(as_mapping(part.get(each)) for each in ("additionalProperties", "unevaluatedProperties")):
            return True
        if name in as_list(part.get("required")):
            return True
    return False


def _matches(pattern: str, name: str) -> bool:
    import jsonschema_rs  # noqa: PLC0415 - 30 ms that a workflow without such inputs does not pay

    try:
        return not jsonschema_rs.is_valid({"not": {"pattern": pattern}}, name)
    except (ValueError, jsonschema_rs.ValidationError):
        return True


def declared(name: str, schema: JsonValue) -> str:
    """Return how an input is declared, by its name and by what there is of its schema: a type, or what it is without.

    >>> declared("id", "integer"), declared("id", "abc"), declared("id", 3)
    ('`properties: {id: {type: integer}}`', '`properties: {id: {default: abc}}`', '`properties: {id: {default: 3}}`')
    """
    kind = schema if isinstance(schema, str) else as_mapping(schema).get("type")
    if isinstance(schema, str | int | float) and kind not in _JSON_TYPES:
        return f"`properties: {{{name}: {{default: {write_scalar(schema, in_flow=True)}}}}}`"
    kind = kind if isinstance(kind, str) else "string"
    return f"`properties: {{{name}: {{type: {kind}}}}}`"
