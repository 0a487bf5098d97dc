"""The JSON Schema of an Arazzo document, put together from the reader's table of fixed fields.

Which fields an object has, which are required and since when is the reader's; what they are for and what form they
have, ``fields``; what they have to do with each other, ``relations``. So an editor asks for what ``validate`` asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language import fixed_fields
from arazzo_engine.language.schema.fields import FIELDS
from arazzo_engine.language.schema.forms import Schema, list_of, map_of, ref
from arazzo_engine.language.schema.relations import relations_of

if TYPE_CHECKING:
    from arazzo_engine.language.fixed_fields import ObjectFields

VERSIONS: Final = ("1.1", "1.0")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_OBJECTS: Final[dict[str, ObjectFields]] = {
    "info": fixed_fields.INFO,
    "sourceDescription": fixed_fields.SOURCE_DESCRIPTION,
    "workflow": fixed_fields.WORKFLOW,
    "step": fixed_fields.STEP,
    "parameter": fixed_fields.PARAMETER,
    "successAction": fixed_fields.SUCCESS_ACTION,
    "failureAction": fixed_fields.FAILURE_ACTION,
    "components": fixed_fields.COMPONENTS,
    "reusable": fixed_fields.REUSABLE,
    "criterion": fixed_fields.CRITERION,
    "expressionType": fixed_fields.EXPRESSION_TYPE,
    "requestBody": fixed_fields.REQUEST_BODY,
    "payloadReplacement": fixed_fields.PAYLOAD_REPLACEMENT,
}
# "Selector Objects" exist since 1.1
_SINCE_1_1: Final[dict[str, ObjectFields]] = {"selector": fixed_fields.SELECTOR}
_TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")
_SCHEMAS: Final[Schema] = {"type": "array", "minItems": 1, "items": ref("schema")}
# as much of JSON Schema as an editor needs to help with; `inputs` are held to all of it by `validate`
_JSON_SCHEMA: Final[Schema] = {
    "description": "A JSON Schema of 2020-12.",
    "type": ["object", "boolean"],
    "properties": {
        "type": {"if": {"type": "array"}, "then": list_of({"enum": [*_TYPES]}), "else": {"enum": [*_TYPES]}},
        "properties": {"type": "object", "additionalProperties": ref("schema")},
        "required": list_of({"type": "string"}),
        "items": ref("schema"),
        "enum": {"type": "array"},
        "default": {"description": "What the input is when it is not given."},
        "format": {"type": "string", "examples": ["date-time", "email", "password", "binary"]},
        "pattern": {"type": "string", "format": "regex"},
        "title": {"type": "string"},
        "description": {"type": "string"},
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), _SCHEMAS),
        **dict.fromkeys(("not", "additionalProperties"), ref("schema")),
        **{key: {"type": "number"} for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")},
        **{key: {"type": "integer", "minimum": 0} for key in ("minLength", "maxLength", "minItems", "maxItems")},
        "$ref": {"type": "string", "format": "uri-reference", "examples": ["#/components/inputs/order"]},
        "$defs": map_of(ref("schema")) | {"propertyNames": {}},
    },
}


def document_schema(version: str = VERSIONS[0]) -> Schema:
    """Return the JSON Schema (2020-12) of Arazzo documents of a version, ``1.1`` or ``1.0``.

    Raises ``ValueError`` for another version.
    """
    if version not in VERSIONS:
        raise ValueError(f"there is no schema of Arazzo {version}: name one of {', '.join(VERSIONS)}")
    version_1_1 = version == VERSIONS[0]
    objects = {**_OBJECTS, **(_SINCE_1_1 if version_1_1 else {})}
    return {
        "$schema": _DIALECT,
        "$id": f"urn:arazzo-engine:document:{version}",
        "title": f"An Arazzo document of version {version}",
        **_object_schema(fixed_fields.ARAZZO, version_1_1=version_1_1),
        "$defs": {
            **{name: _object_schema(each, version_1_1=version_1_1) for name, each in objects.items()},
            "schema": _JSON_SCHEMA,
        },
    }


def _object_schema(fields: ObjectFields, *, version_1_1: bool) -> Schema:
    described = FIELDS[fields.name]
    allowed = fields.allowed(version_1_1=version_1_1)
    relations = relations_of(fields.name, version_1_1=version_1_1)
    # "any properties added MUST be ignored"
    is_open = fields is fixed_fields.REUSABLE
    return {
        "type": "object",
        "properties": {name: described[name].schema(version_1_1=version_1_1) for name in allowed},
        "required": list(fields.required),
        **({} if is_open else {"patternProperties": {"^x-": {}}, "additionalProperties": False}),
        **({"allOf": relations} if relations else {}),
    }
