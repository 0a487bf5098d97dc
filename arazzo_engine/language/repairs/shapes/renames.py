"""Fields that are called otherwise: what an object lacks stands there under the name that other formats give it.

Decides by the name and the kind of its value, where the right field is not there. A name that may count in another way,
as ``attempts`` or ``delay``, is left for the reader to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.repairs.shapes.lists import CALLS
from arazzo_engine.language.repairs.shapes.places import FIELDS
from arazzo_engine.language.repairs.shapes.words import WORDS
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue

_CRITERIA: Final = ("criteria", "conditions", "assertions", "assert", "checks")
# by the field that is meant: the names that others give it, the likeliest first
_CALLED: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    Kind.SOURCE: {"name": ("id",), "url": ("path", "file", "location", "href", "uri")},
    Kind.WORKFLOW: {"workflowId": ("id", "name")},
    Kind.STEP: {
        "stepId": ("id", "name"),
        "operationId": ("operation", "operationRef", "operationName"),
        "operationPath": ("operationRef",),
        "successCriteria": _CRITERIA,
        "onSuccess": ("successActions",),
        "onFailure": ("failureActions",),
    },
    Kind.PARAMETER_OBJECT: {"name": ("key", "id", "param", "parameter"), "in": ("location", "place")},
    Kind.ACTION: {"type": ("action",), "retryLimit": ("maxRetries", "retries"), "criteria": _CRITERIA[1:]},
    Kind.CRITERION_OBJECT: {"condition": ("expression", "test", "assert")},
    Kind.BODY: {"contentType": ("mediaType",)},
    Kind.REPLACEMENT: {"target": ("pointer", "jsonPointer", "path")},
}
_OF_BODY: Final = frozenset(FIELDS[Kind.BODY].allowed(version_1_1=False))
_ID: Final = lazy_pattern(r"[A-Za-z0-9_\-]+")


def rename(kind: Kind, value: JsonValue) -> JsonValue:
    """``id: find`` of a step without a ``stepId`` is its ``stepId``, and ``step_id`` is so too."""
    if not isinstance(value, dict):
        return None
    meant = {**dict(_called_otherwise(kind, value)), **dict(_spelt_otherwise(kind, value))}
    if any(each in CALLS for each in meant.values()) and not value.keys().isdisjoint(CALLS):
        return None  # what the step does is said in another way
    if not meant or len(set(meant.values())) < len(meant):
        return None
    if kind is Kind.BODY and not {meant.get(name, name) for name in value} <= _OF_BODY:
        return None  # without a payload, what is beside it may be one
    return {meant.get(name, name): each for name, each in value.items()}


def _called_otherwise(kind: Kind, value: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    written = {_letters(name): name for name in value}
    for own, names in _CALLED.get(kind, {}).items():
        found = [written[_letters(name)] for name in names if _letters(name) in written]
        if own not in value and found and _fits(own, found[0], value[found[0]]):
            yield found[0], own


def _spelt_otherwise(kind: Kind, value: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    allowed = {_letters(name): name for name in FIELDS[kind].allowed(version_1_1=False)}
    for name in value:
        own = allowed.get(_letters(name))
        if own is not None and own not in value and not name.startswith("x-"):
            yield name, own


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()


def _is_id(value: JsonValue) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_list_of_criteria(value: JsonValue) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and "condition" in each for each in value)
    )


# the kind of value that a field has, where it is not any text
_FITS: Final[Mapping[str, Callable[[JsonValue], bool]]] = {
    **dict.fromkeys(("onSuccess", "onFailure"), lambda value: isinstance(value, list)),
    **dict.fromkeys(("successCriteria", "criteria"), _is_list_of_criteria),
    "retryLimit": lambda value: type(value) is int,
    "type": lambda value: value in WORDS[Kind.ACTION]["type"],
    "in": lambda value: value in ("path", "query", "header", "cookie"),
    "operationId": _is_id,
    "operationPath": lambda value: isinstance(value, str) and "#/paths/" in value,
    "target": lambda value: isinstance(value, str) and value.startswith("/"),
}


def _fits(own: str, name: str, value: JsonValue) -> bool:
    # a name for people may be any text
    fits = _is_id if _letters(name) == "name" else _FITS.get(own, lambda value: isinstance(value, str))
    return fits(value)
