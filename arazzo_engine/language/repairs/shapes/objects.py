"""Repairs of objects: fields that are empty, of another object, or of a shape that only one other is meant by.

Each function takes an object as it is written and gives it as it should have been, or ``None``. It adds nothing that
is not said already, and keeps whatever could be a misspelt field for the reader to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.repairs.names import ACTIONS
from arazzo_engine.language.repairs.shapes.entries import is_entry_alone, is_status
from arazzo_engine.language.repairs.shapes.places import LISTS, is_blank, is_empty, is_nowhere
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.language.repairs.values.outputs_in_words import is_in_words, value_in_words
from arazzo_engine.language.templates import OPEN, VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_REQUIRED: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.SOURCE: frozenset({"name", "url"}),
    Kind.WORKFLOW: frozenset({"workflowId", "steps"}),
    Kind.STEP: frozenset({"stepId"}),
    Kind.PARAMETER_OBJECT: frozenset({"name"}),
    Kind.ACTION: frozenset({"type"}),
    Kind.CRITERION_OBJECT: frozenset({"condition"}),
    Kind.BODY: frozenset(),
    Kind.REPLACEMENT: frozenset({"target"}),
}
# keywords that make an object a schema by itself, whatever else stands beside them
_ONLY_SCHEMAS: Final = frozenset(
    {
        *("type", "properties", "required", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "items", "enum"),
        *("const", "$ref", "$defs", "definitions", "additionalProperties", "patternProperties", "propertyNames"),
        *("unevaluatedProperties", "dependentSchemas", "dependentRequired", "reference"),
    }
)
_SECURITY: Final = "security"
_REMARKS: Final = frozenset(
    {
        *("description", "summary", "title", "displayName", "note", "notes", "comment", "comments", "rationale"),
        *("tag", "tags", "label", "labels", "category", "categories", "keywords", "meta", "metadata", "annotations"),
        *("deprecated", "version", "author", "authors", "owner", "owners", "externalDocs", "documentation"),
    }
)
# a version beside a query could be that of its language
_REMARKS_BY_A_QUERY: Final = _REMARKS - {"version"}
_OWN_ID: Final[Mapping[Kind, str]] = {Kind.STEP: "stepId", Kind.WORKFLOW: "workflowId"}
# what the description of the API says, or nobody: neither changes what is sent
_COPIED: Final = frozenset({"required", "schema", "example", "examples", "deprecated"})
# "If `successCriteria` is provided, it `MUST` contain at least one Criterion Object."
_NEVER_EMPTY: Final = ("successCriteria", "dependsOn")
# a value of a document may be no key of a set
_TYPES: Final = ("string", "integer", "number", "boolean", "array", "object")
_SAYS_NOTHING: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.SOURCE: _REMARKS,
    Kind.WORKFLOW: _REMARKS - {"summary", "description"},
    Kind.STEP: _REMARKS - {"description"},
    Kind.PARAMETER_OBJECT: _REMARKS | _COPIED,
    # an action gives nothing
    Kind.ACTION: _REMARKS | {"outputs", "message"},
    Kind.CRITERION_OBJECT: _REMARKS_BY_A_QUERY | {"name", "message"},
    Kind.BODY: _COPIED | {"description"},
    Kind.REPLACEMENT: _REMARKS_BY_A_QUERY,
}
# no path of an operation: without a slash, it names none
_GOES_TO: Final = {"step": "stepId", "workflow": "workflowId", "next": "stepId", "jump": "stepId"}
_TARGETS: Final = frozenset({"stepId", "workflowId"})


def drop_empty(kind: Kind, value: JsonValue) -> JsonValue:
    """``stepId: ''`` is no ``stepId``: a field without a value is one that was left out."""
    if not isinstance(value, dict):
        return None
    kept = {name: each for name, each in value.items() if name in _REQUIRED[kind] or not is_empty(name, each)}
    return kept if len(kept) < len(value) else None


def drop_blank_entries(kind: Kind, value: JsonValue) -> JsonValue:
    """``parameters: [{name: null, value: null}]`` is ``parameters: []``: an entry that says nothing was left out."""
    if not isinstance(value, dict):
        return None
    lists = {name: each for name, each in value.items() if name in LISTS.get(kind, {}) and isinstance(each, list)}
    kept = {name: [each for each in listed if not is_blank(LISTS[kind][name], each)] for name, listed in lists.items()}
    return {**value, **kept} if kept != lists else None


def drop_empty_lists(value: JsonValue, _names: Names) -> JsonValue:
    """``successCriteria: []`` of a step is none: a list that needs an entry and has none is one that was left out."""
    if not isinstance(value, dict):
        return None
    kept = {name: each for name, each in value.items() if each != [] or name not in _NEVER_EMPTY}
    return kept if len(kept) < len(value) else None


def list_alone(kind: Kind, value: JsonValue) -> JsonValue:
    """``dependsOn: find`` is ``dependsOn: [find]``: one entry is a list of one."""
    if not isinstance(value, dict):
        return None
    listed = {
        name: [_alone(value[name], of)] for name, of in LISTS.get(kind, {}).items() if _is_entry(value.get(name), of)
    }
    return {**value, **listed} if listed else None


def _alone(value: JsonValue, kind: Kind) -> JsonValue:
    """Return an entry as it stands in its list: a text is the condition of a criterion, which is told at once."""
    is_condition = kind is Kind.CRITERION_OBJECT and isinstance(value, str) and not is_status(value)
    return {"condition": value} if is_condition else value


def list_target_alone(value: JsonValue, names: Names) -> JsonValue:
    """``onFailure: find`` is ``onFailure: [find]``, where that is the id of a step or of a workflow."""
    if not isinstance(value, dict):
        return None
    ids = (names.steps, names.workflows)
    listed = {name: [each] for name, each in value.items() if name in ACTIONS and _is_id_of_one(each, ids)}
    return {**value, **listed} if listed else None


def _is_id_of_one(value: JsonValue, ids: tuple[Mapping[str, object], ...]) -> bool:
    return isinstance(value, str) and sum(value in each for each in ids) == 1


def _is_entry(value: JsonValue, kind: Kind) -> bool:
    match kind:
        case Kind.DEPENDENCY | Kind.WORKFLOW_ID:
            # several in one text are none of them
            return isinstance(value, str) and bool(value) and not {",", " "} & set(value)
        case Kind.CRITERION_OBJECT:
            is_alone = is_status(value) or (isinstance(value, str) and bool(value))
            return is_alone or (isinstance(value, dict) and "condition" in value)
        case Kind.ACTION | Kind.PARAMETER_OBJECT if isinstance(value, str):
            return is_entry_alone(kind, value)
        case Kind.ACTION if isinstance(value, dict) and isinstance(value.get("goto"), str):
            return True
        case _:
            # `name: …` could be the name of a parameter, and its value
            return isinstance(value, dict) and value.keys() >= _ENTRY.get(kind, {""})


_ENTRY: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.PARAMETER_OBJECT: frozenset({"name", "value"}),
    Kind.ACTION: frozenset({"type"}),
    Kind.REPLACEMENT: frozenset({"target", "value"}),
}


def join_outputs(value: JsonValue, _names: Names) -> JsonValue:
    """``outputs: [{id: …}]`` is ``outputs: {id: …}``: outputs are a map."""
    found = value.get("outputs") if isinstance(value, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) and each for each in found):
        return None
    named = [each for entry in found for each in _outputs_of(entry)]
    # an entry that has a name, a value and more is written in another way, and is not an output of each
    is_odd = any({"name", "value"} <= entry.keys() and not _is_named_value(entry) for entry in found)
    return None if is_odd or len(dict(named)) < len(named) else {**value, "outputs": dict(named)}


def _outputs_of(entry: dict[str, JsonValue]) -> list[tuple[str, JsonValue]]:
    return [(str(entry["name"]), entry["value"])] if _is_named_value(entry) else list(entry.items())


def _is_named_value(entry: dict[str, JsonValue]) -> bool:
    """Whether an entry says the name of an output and its value; both could be the names of outputs, too."""
    name, value = entry.get("name"), entry.get("value")
    is_both = isinstance(name, str) and not name.startswith("$") and isinstance(value, str) and value.startswith("$")
    return is_both and entry.keys() <= {"name", "value", "type", *_REMARKS}


def mark_remarks(kind: Kind, value: JsonValue) -> JsonValue:
    """``description`` in a parameter: what is for people only is an extension where no field is for it."""
    if not isinstance(value, dict):
        return None
    # without a payload, what is beside it may be one
    names = _SAYS_NOTHING[kind] if kind is not Kind.BODY or "payload" in value else frozenset()
    if kind is Kind.STEP and value.get("kind") in ("openapi", "asyncapi", "arazzo"):
        names |= {"kind"}
    if _OWN_ID.get(kind, "") in value and isinstance(value.get("name"), str):
        names |= {"name"}  # nothing names it so
    if kind is Kind.PARAMETER_OBJECT and value.get("type") in _TYPES:
        names |= {"type", "format"}
    marked = {name: f"x-{name}" for name in value if name in names and f"x-{name}" not in value}
    return {marked.get(name, name): each for name, each in value.items()} if marked else None


def drop_places(value: JsonValue, _names: Names) -> JsonValue:
    """``in: body`` of what a workflow is called with is none: its parameters are inputs, which have no place."""
    parameters = value.get("parameters") if isinstance(value, dict) and "workflowId" in value else None
    if not isinstance(parameters, list):
        return None
    written = [_without_place(each) for each in parameters]
    return {**value, "parameters": written} if written != parameters else None


def _without_place(parameter: JsonValue) -> JsonValue:
    if not is_nowhere(parameter):
        return parameter
    return {name: each for name, each in parameter.items() if name != "in"}


def describe_step(value: JsonValue, _names: Names) -> JsonValue:
    """``summary`` of a step is its ``description``: a step has no other."""
    if not isinstance(value, dict) or "description" in value or not isinstance(value.get("summary"), str):
        return None
    return {("description" if name == "summary" else name): each for name, each in value.items()}


def open_step(value: JsonValue, _names: Names) -> JsonValue:
    """``security: []`` of a step that sends is ``x-arazzo-engine-security: none``."""
    if not isinstance(value, dict) or value.get(_SECURITY) != [] or OPEN in value or "workflowId" in value:
        return None
    return dict((OPEN, "none") if name == _SECURITY else (name, each) for name, each in value.items())


def name_step(text: JsonValue, names: Names) -> JsonValue:
    """``$steps.find`` in ``dependsOn`` is ``find``."""
    step = text.removeprefix("$steps.") if isinstance(text, str) else ""
    return step if step != text and step in names.steps else None


def condition_alone(text: JsonValue, _names: Names) -> JsonValue:
    """``$statusCode == 200`` in a list of criteria is ``condition: $statusCode == 200``."""
    return {"condition": text} if isinstance(text, str) and text.strip() else None


def criterion_of_action(value: JsonValue, _names: Names) -> JsonValue:
    """``condition`` of an action is a criterion of it."""
    text = value.get("condition") if isinstance(value, dict) else None
    criteria = value.get("criteria", []) if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip() or not isinstance(criteria, list):
        return None
    kept = {name: each for name, each in value.items() if name != "condition"}
    return {**kept, "criteria": [*criteria, {"condition": text}]}


def target_of_action(value: JsonValue, names: Names) -> JsonValue:
    """``goto: find`` of an action is ``type: goto`` and ``stepId: find``; so is ``step`` beside ``type: goto``."""
    if not isinstance(value, dict) or not _TARGETS.isdisjoint(value):
        return None
    named = [name for name in ("goto", "step") if name in value]
    if len(named) != 1 or value.get("type", "goto") != "goto" or ("type" not in value and named == ["step"]):
        return None
    target = value[named[0]]
    if not isinstance(target, str) or (target not in names.steps) == (target not in names.workflows):
        return None
    kept = {name: each for name, each in value.items() if name not in {*named, "type"}}
    return {**kept, "type": "goto", ("stepId" if target in names.steps else "workflowId"): target}


def name_goto(value: JsonValue, _names: Names) -> JsonValue:
    """``type: step`` with a ``stepId`` is ``type: goto``: an action that names where it goes, goes there."""
    type_ = value.get("type") if isinstance(value, dict) else None
    target = _GOES_TO.get(type_) if isinstance(type_, str) else None
    if target is None or [name for name in _TARGETS if name in value] != [target]:
        return None
    return {**value, "type": "goto"}


def end_of_action(value: JsonValue, names: Names) -> JsonValue:
    """``type: goto`` with ``stepId: end`` is ``type: end``, where no step is called so."""
    if not isinstance(value, dict) or value.get("type") != "goto" or "workflowId" in value:
        return None
    target = value.get("stepId")
    if not isinstance(target, str) or target.casefold().lstrip("$") != "end" or target in names.steps:
        return None
    return {**{name: each for name, each in value.items() if name != "stepId"}, "type": "end"}


def declare_properties(value: JsonValue, _names: Names) -> JsonValue:
    """``inputs: {id: {type: string}}`` is ``inputs: {type: object, properties: {id: {type: string}}}``."""
    inputs = value.get("inputs") if isinstance(value, dict) else None
    inputs = _by_name(inputs) if isinstance(inputs, list) else inputs
    if not isinstance(inputs, dict) or not inputs or not _ONLY_SCHEMAS.isdisjoint(inputs):
        return None
    if not all(isinstance(each, dict) and "type" in each for each in inputs.values()):
        return None
    return {**value, "inputs": {"type": "object", "properties": inputs}}


def _by_name(inputs: list[JsonValue]) -> JsonValue:
    """Return the schemas of a list of inputs, each with its name in it, by their names."""
    if not all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in inputs):
        return None
    found = {each["name"]: {name: of for name, of in each.items() if name != "name"} for each in inputs}
    return found if len(found) == len(inputs) else None


def write_outputs(value: JsonValue, _names: Names) -> JsonValue:
    """``total: {value: $response.body#/total}`` is ``total: $response.body#/total``: an output is its value."""
    found = value.get("outputs") if isinstance(value, dict) else None
    if not isinstance(found, dict):
        return None
    written = {name: _value_of_output(each) for name, each in found.items()}
    return {**value, "outputs": written} if written != found else None


def _value_of_output(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return value
    is_described = "value" in value and value.keys() <= {"value", *_REMARKS, "type"}
    if is_described and isinstance(value["value"], str):
        return value["value"]
    said = value_in_words({name: each for name, each in value.items() if name not in _REMARKS})
    return value if said is None else said


def drop_empty_outputs(value: JsonValue, _names: Names) -> JsonValue:
    """``date:`` among the outputs is none: an output without a value is one that was left out."""
    found = value.get("outputs") if isinstance(value, dict) else None
    if not isinstance(found, dict) or None not in found.values():
        return None
    return {**value, "outputs": {name: each for name, each in found.items() if each is not None}}


def mark_constants(value: JsonValue, _names: Names) -> JsonValue:
    """``count: 2`` among the outputs is the number by an extension of this engine; a text is one by itself."""
    found = value.get("outputs") if isinstance(value, dict) else None
    if not isinstance(found, dict):
        return None
    marked = {name: {VALUE: each} for name, each in found.items() if isinstance(each, bool | int | float)}
    return {**value, "outputs": {**found, **marked}} if marked else None


def group_outputs(value: JsonValue, _names: Names) -> JsonValue:
    """An output that is an object of expressions is one by an extension of this engine."""
    found = value.get("outputs") if isinstance(value, dict) else None
    if not isinstance(found, dict):
        return None
    grouped = {name: {VALUE: each} for name, each in found.items() if isinstance(each, dict) and _is_group(each)}
    return {**value, "outputs": {**found, **grouped}} if grouped else None


def _is_group(value: dict[str, JsonValue]) -> bool:
    if not value or any(name.startswith(("$", "x-")) for name in value) or value.keys() & {"context", "selector"}:
        return False
    if is_in_words(value):
        return False  # the reader tells that an output is an expression
    return all(
        (isinstance(each, str) and each.startswith("$")) or (isinstance(each, dict) and _is_group(each))
        for each in value.values()
    )
