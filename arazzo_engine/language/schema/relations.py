"""What the fields of one object have to do with each other: which exclude each other, and which need another one.

Each clause stands beside the relation that says it. An object that is not in the table has no such relation.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.language.fixed_fields import TARGETS
from arazzo_engine.language.queries.expression_types import SELECTOR_LANGUAGES
from arazzo_engine.language.schema.forms import Schema, versions


def relations_of(name: str, *, version_1_1: bool) -> list[Schema]:
    """Return what an object of that name must fulfil beside the form of each of its fields."""
    if name == "Expression Type Object":
        return _versions(version_1_1=version_1_1)
    return _RELATIONS.get(name, [])


def _needs(field: str, *others: str) -> Schema:
    return {"dependentRequired": {field: list(others)}}


def _not_with(field: str, other: str) -> Schema:
    return {"not": {"required": [field, other]}}


def _when(type_: str, then: Schema) -> Schema:
    return {"if": {"required": ["type"], "properties": {"type": {"const": type_}}}, "then": then}


def _one_of(*fields: str) -> Schema:
    return {"oneOf": [{"required": [each]} for each in fields]}


def _versions(*, version_1_1: bool) -> list[Schema]:
    return [
        _when(each, {"properties": {"version": {"enum": list(versions(each, version_1_1=version_1_1))}}})
        for each in SELECTOR_LANGUAGES
    ]


# "In all other scenarios (e.g., a step specifies an `operationId`), the `in` field MUST be specified."
_WITH_LOCATION: Final[Schema] = {
    "if": {"required": ["workflowId"]},
    "else": {
        "properties": {
            "parameters": {"items": {"if": {"required": ["reference"]}, "else": {"required": ["name", "in", "value"]}}}
        }
    },
}
_ACTION: Final = [
    # "This field is mutually exclusive to `stepId`."
    _not_with("workflowId", "stepId"),
    _when("goto", _one_of("workflowId", "stepId")),
    # "A list of parameters that MUST be passed to a workflow as referenced by `workflowId`."
    _needs("parameters", "workflowId"),
    # "The `in` field MUST NOT be used."
    {"properties": {"parameters": {"items": {"not": {"required": ["in"]}}}}},
]
_RELATIONS: Final[dict[str, list[Schema]]] = {
    "Step Object": [
        # "This field is mutually exclusive of the `operationPath` and `workflowId` fields respectively."
        _one_of(*TARGETS),
        _WITH_LOCATION,
        _not_with("requestBody", "workflowId"),
        _not_with("action", "workflowId"),
        _not_with("action", "operationPath"),
        _needs("channelPath", "action"),
        # "Only applicable to `asyncapi` steps with action `receive`"
        {
            "if": {"required": ["correlationId"]},
            "then": {"required": ["action"], "properties": {"action": {"const": "receive"}}},
        },
    ],
    "Success Action Object": _ACTION,
    "Failure Action Object": _ACTION,
    # "If `type` is specified, then the `context` MUST be provided"
    "Criterion Object": [_needs("type", "context")],
    # a target "MUST be resolved against the request body": without a payload there is none
    "Request Body Object": [
        {
            "if": {"required": ["replacements"], "properties": {"replacements": {"minItems": 1}}},
            "then": {"required": ["payload"]},
        }
    ],
}
