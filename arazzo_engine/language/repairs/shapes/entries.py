"""Repairs of entries of lists that are no objects: a component that is named alone, an action or a status by its word.

Each function takes an entry as it is written and gives the object that it should have been, or ``None``. A word that
could be one of two things is left for the reader to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.repairs.shapes.lists import CALLS
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

# RFC 9110, section 15
_STATUSES: Final = range(100, 600)
_STATUS: Final = frozenset({"statusCode", "status", "status_code", "httpStatus"})
_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
# how the method and the path of an operation are called, and what they stand in
_ROUTE: Final = (("method", "httpMethod", "verb"), ("path", "url", "uri", "endpoint", "route"))
_AROUND: Final = ("request", "operation", "call", "http")
_STATUS_ALONE: Final = lazy_pattern(r"\s*[1-5]\d\d\s*")
_TYPES: Final = ("end", "retry")
_PLACES: Final = ("path", "query", "header", "cookie")
_COMPONENT: Final = lazy_pattern(
    r"(?:\$components\.|#/components/)(parameters|successActions|failureActions)[./]([\w.\-]+)"
)


def refer_to_component(kind: Kind, value: JsonValue) -> JsonValue:
    """``$components.parameters.page`` in a list of parameters is ``reference: $components.parameters.page``."""
    match = _COMPONENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or (match[1] == "parameters") is not (kind is Kind.PARAMETER_OBJECT):
        return None
    return {"reference": f"$components.{match[1]}.{match[2]}"}


def is_entry_alone(kind: Kind, text: str) -> bool:
    """Whether a text that stands in the place of a list is sure to be an entry of one."""
    return refer_to_component(kind, text) is not None or (kind is Kind.ACTION and text in _TYPES)


def name_action(value: JsonValue, names: Names) -> JsonValue:
    """``end`` in a list of actions is ``type: end``, and the id of a step is ``type: goto`` with that ``stepId``."""
    if not isinstance(value, str):
        return None
    word = value.strip().casefold()
    is_step, is_workflow = value in names.steps, value in names.workflows
    if word in _TYPES:
        return None if is_step or is_workflow else {"type": word}
    if is_step is is_workflow:
        return None
    return {"type": "goto", ("stepId" if is_step else "workflowId"): value}


def name_route(value: JsonValue, _names: Names) -> JsonValue:
    """``method: GET`` and ``path: /items`` of a step are the route ``GET /items``, which names its operation."""
    if not isinstance(value, dict) or not value.keys().isdisjoint(CALLS):
        return None
    around = next((name for name in _AROUND if _is_route(value.get(name))), None)
    owner = value if around is None else as_mapping(value[around])
    names = [next((name for name in each if name in owner), "") for each in _ROUTE]
    method, path = (owner.get(name) for name in names)
    if not _is_method(method) or not isinstance(path, str) or not _is_bare_path(path):
        return None
    gone = names if around is None else [around]
    route = {"operationPath": f"{method.upper()} {path}"}
    kept = {name: each for name, each in value.items() if name not in gone}
    return {"stepId": kept.pop("stepId"), **route, **kept} if "stepId" in kept else {**route, **kept}


def join_method(value: JsonValue, _names: Names) -> JsonValue:
    """``operationPath: /items`` with ``method: get`` is ``GET /items``, and a pointer ends with its method."""
    if not isinstance(value, dict) or [each for each in CALLS if each in value] != ["operationPath"]:
        return None
    names = [each for each in _ROUTE[0] if each in value]
    if len(names) != 1:
        return None
    path, method = value["operationPath"], value[names[0]]
    named = _path_with(method, path) if isinstance(path, str) and _is_method(method) else ""
    kept = {name: each for name, each in value.items() if name != names[0]}
    return {**kept, "operationPath": named} if named else None


def _path_with(method: str, path: str) -> str:
    """Return what names the operation of a path with a method, nothing where the path says what it is."""
    if _is_bare_path(path):
        return f"{method.upper()} {path}"
    pointer = path.rpartition("#/paths/")[2] if "#/paths/" in path else ""
    above, _, last = pointer.rpartition("/")
    if pointer and not above:
        return f"{path}/{method.lower()}"
    return path if above and "/" not in above and last == method.lower() else ""


def _is_method(value: JsonValue) -> TypeGuard[str]:
    return isinstance(value, str) and value.casefold() in _METHODS


def _is_bare_path(text: str) -> bool:
    return text.startswith("/") and " " not in text


def _is_route(asked: JsonValue) -> bool:
    return isinstance(asked, dict) and len(asked) == len(_ROUTE) and not any(map(asked.keys().isdisjoint, _ROUTE))


def compare_status(value: JsonValue, _names: Names) -> JsonValue:
    """``200`` and ``statusCode: 200`` in a list of criteria are ``condition: $statusCode == 200``."""
    if isinstance(value, dict):
        if len(value) == 1 and not _STATUS.isdisjoint(value):
            return compare_status(next(iter(value.values())), _names)
        found = value.get("condition")
        if value.get("type", "simple") != "simple":
            return None  # a pattern, or a query
        if isinstance(found, str) and is_status_alone(found) and "context" not in value:
            return {**value, "condition": f"$statusCode == {found.strip()}"}
        is_status_of_answer = is_status(found) and "context" not in value
        return {**value, "condition": f"$statusCode == {found}"} if is_status_of_answer else None
    return {"condition": f"$statusCode == {value}"} if is_status(value) else None


def is_status_alone(text: str) -> bool:
    """Whether a condition is nothing but a status, which would hold whatever comes."""
    return _STATUS_ALONE.fullmatch(text) is not None


def write_condition(value: JsonValue, _names: Names) -> JsonValue:
    """``condition: true`` is ``condition: 'true'``, and so is a number beside a context: a condition is a text."""
    found = value.get("condition") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(found, int) or value.get("type", "simple") != "simple":
        return None
    if isinstance(found, bool):
        return {**value, "condition": str(found).lower()}
    return {**value, "condition": str(found)} if "context" in value else None


def is_status(value: JsonValue) -> bool:
    """Whether a value is the status of an answer."""
    return type(value) is int and value in _STATUSES


def name_by_place(value: JsonValue, _names: Names) -> JsonValue:
    """``{header: X-Token, value: a}`` is ``{name: X-Token, in: header, value: a}``."""
    places = [each for each in _PLACES if isinstance(value, dict) and isinstance(value.get(each), str)]
    if not isinstance(value, dict) or len(places) != 1 or value.keys() != {places[0], "value"}:
        return None
    return {"name": value[places[0]], "in": places[0], "value": value["value"]}
