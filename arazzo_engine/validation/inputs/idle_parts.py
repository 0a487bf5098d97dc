"""Whether each part of the schema of an input can have an effect, and whether any value fits it.

Decides only about what stands in one schema, where its own ``type`` is certain: values that it never has, keywords that
ask nothing of it, names that must be there and are nowhere described. What inputs fit is decided by ``given``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.impossible import why_nothing_fits
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, did_you_mean, nearest
from arazzo_engine.documents.values import as_integer, as_list
from arazzo_engine.language.reading.markup import READ_BY_PEOPLE, unsafe_markup
from arazzo_engine.validation.inputs.schemas import TYPES
from arazzo_engine.validation.inputs.subschemas import every_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import ArazzoDescription

_Schema = dict[str, "JsonValue"]
_NUMBERS: Final = frozenset({"number", "integer"})
# JSON Schema 2020-12, Validation, sections 6.2 to 6.5, and Core, section 10.3: a keyword that "applies only to" a type
_FOR: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"), frozenset({"array"})),
    **dict.fromkeys(
        ("properties", "patternProperties", "required", "minProperties", "maxProperties"), frozenset({"object"})
    ),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), frozenset({"string"})),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _NUMBERS),
}
_BOUNDS: Final = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
# what need not hold of a value
_EXCLUDED: Final = frozenset({"not", "if"})
_FITTING: Final[dict[str, str]] = {
    "enum": "list the values that are meant, or remove `enum`",
    "allOf": "write `anyOf` if each of the types is meant, or correct them",
    **dict.fromkeys(
        ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"),
        "correct the two; they may be swapped",
    ),
}
# what may describe members beside `properties`
_OTHERS: Final = frozenset(
    {
        *("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "then", "else", "not", "dependentSchemas"),
        *("patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames"),
    }
)


def check_idle_parts(workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield a warning for each part of the schema of a workflow's inputs that can have no effect."""
    yield from _idle_in(workflow.workflow.inputs, workflow.workflow.at.child("inputs"))


def check_idle_components(description: ArazzoDescription) -> Iterator[Diagnostic]:
    """Yield the same for the schemas among the components of a document."""
    for name, schema in description.components.inputs.items():
        yield from _idle_in(schema, description.components.at.child("inputs", name))


def _idle_in(root: JsonValue, at: Place) -> Iterator[Diagnostic]:
    for path, schema in every_schema(root):
        there = at.child(*path)
        yield from _unfulfilled(path, schema, there)
        yield from _unfit_values(schema, there)
        yield from _repeated_values(schema, there)
        yield from _foreign_keywords(schema, there)
        yield from _doubled_bounds(schema, there)
        yield from _unsafe_texts(schema, there)
        # the inputs themselves are looked at by `required`
        if path:
            yield from _undeclared_members(schema, there)


def _unfulfilled(path: tuple[str | int, ...], schema: _Schema, at: Place) -> Iterator[Diagnostic]:
    """Yield a warning for a schema that no value fits, where one has to.

    ``{not: {}}`` says what ``false`` says: that nothing is to stand there.
    """
    keyword, why = ("", "") if _EXCLUDED & set(path) else why_nothing_fits(schema)
    if why and keyword in _FITTING:
        message = f"no value fits this schema: {why}"
        yield diagnose("schema-unfulfillable", message, at.child(keyword).location(), fix=_FITTING[keyword])


def _types_of(schema: _Schema) -> frozenset[str]:
    """Return the types that a schema allows, none where it does not say."""
    written = schema.get("type")
    types = [written] if isinstance(written, str) else as_list(written)
    return frozenset(map(str, types))


def _types_of_value(value: JsonValue) -> frozenset[str]:
    # JSON Schema 2020-12, Validation, section 6.1.1: "any number with a zero fractional part" is an integer
    return TYPES[type(as_integer(value))] if isinstance(value, float) else TYPES[type(value)]


def _unfit_values(schema: _Schema, at: Place) -> Iterator[Diagnostic]:
    types = _types_of(schema)
    values = [(at.child("enum", index), "enum", each) for index, each in enumerate(as_list(schema.get("enum")))]
    if "const" in schema:
        values.append((at.child("const"), "const", schema["const"]))
    written = ", ".join(sorted(types))
    unfit = [each for each in values if types and not _types_of_value(each[2]) & types]
    if len(unfit) == len(values) > 1:
        # the one that is wrong is the type
        fitting = sorted(frozenset.intersection(*(_types_of_value(value) for *_, value in values)))
        fix = f"write `type: {fitting[0]}`, or correct the values" if fitting else "correct the `type`, or the values"
        yield _idle(f"none of the listed values is of `type: {written}`", at.child("type"), fix)
        return
    for place, keyword, value in unfit:
        message = f"`{keyword}` has {_shown(value)}, which is never of `type: {written}`"
        yield _idle(message, place, "correct the value or the `type`")


def _repeated_values(schema: _Schema, at: Place) -> Iterator[Diagnostic]:
    seen = set()
    for index, value in enumerate(as_list(schema.get("enum"))):
        written = json.dumps(value, sort_keys=True)
        if written in seen:
            yield _idle(f"`enum` has {_shown(value)} twice", at.child("enum", index), "remove one of them")
        seen.add(written)


def _foreign_keywords(schema: _Schema, at: Place) -> Iterator[Diagnostic]:
    types = _types_of(schema)
    for keyword in schema if types else ():
        wanted = _FOR.get(keyword)
        if wanted and not wanted & types:
            kinds = " or ".join(sorted(wanted, reverse=True))
            message = f"`{keyword}` asks nothing of `type: {', '.join(sorted(types))}`"
            yield _idle(message, at.child(keyword), f"write `type: {kinds}` if that is meant, or remove `{keyword}`")


def _doubled_bounds(schema: _Schema, at: Place) -> Iterator[Diagnostic]:
    for inclusive, exclusive in _BOUNDS:
        bounds = schema.get(inclusive), schema.get(exclusive)
        if all(isinstance(each, int | float) and not isinstance(each, bool) for each in bounds):
            message = f"`{inclusive}` and `{exclusive}` bound the same side, and one of them decides nothing"
            yield _idle(message, at.child(exclusive), "keep the one that is meant")


def _undeclared_members(schema: _Schema, at: Place) -> Iterator[Diagnostic]:
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties or _OTHERS & schema.keys():
        return
    for index, name in enumerate(as_list(schema.get("required"))):
        if isinstance(name, str) and name not in properties:
            message = f"`required` names member `{name}`, which `properties` does not declare"
            fix = did_you_mean(name, map(str, properties)) or f"add `{name}` to the `properties`"
            near, where = nearest(name, map(str, properties)), at.child("required", index).location()
            shown = () if near is None else (Related(f"`{near}` is here", at.child("properties", near).key_location()),)
            yield diagnose("input-undeclared", message, where, fix=fix, related=shown)


def _unsafe_texts(schema: _Schema, at: Place) -> Iterator[Diagnostic]:
    for name in READ_BY_PEOPLE & schema.keys():
        if found := unsafe_markup(schema[name]):
            what, span = found
            location = at.child(name).location(span)
            yield diagnose("markup-unsafe", f"`{name}` has {what}", location, fix="write it as text")


def _shown(value: JsonValue) -> str:
    return f"`{value}`" if isinstance(value, str) else json.dumps(value)


def _idle(message: str, at: Place, fix: str) -> Diagnostic:
    return diagnose("schema-part-idle", message, at.location(), fix=fix)
