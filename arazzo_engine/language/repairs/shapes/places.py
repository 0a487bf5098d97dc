"""Where a document has objects and entries of another shape than the specification's.

Walks the bare JSON value by the objects of the specification, and yields only what a repair of shapes may look at: most
objects have nothing but their own fields, each of them with a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language import fixed_fields as fields
from arazzo_engine.language.repairs.names import Names, document_names, entries, members, workflow_names
from arazzo_engine.language.repairs.shapes.bodies import SENT, names_files, names_whole_file
from arazzo_engine.language.repairs.shapes.entries import is_status_alone
from arazzo_engine.language.repairs.shapes.lists import MAPS, MAPS_OF_DOCUMENT
from arazzo_engine.language.repairs.shapes.retries import is_retry
from arazzo_engine.language.repairs.shapes.sent_parameters import is_sent
from arazzo_engine.language.repairs.shapes.words import WORDS, is_odd_word
from arazzo_engine.language.repairs.sites import Kind, Site
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.fixed_fields import ObjectFields

FIELDS: Final[Mapping[Kind, ObjectFields]] = {
    Kind.DOCUMENT: fields.ARAZZO,
    Kind.INFO: fields.INFO,
    Kind.COMPONENTS: fields.COMPONENTS,
    Kind.SOURCE: fields.SOURCE_DESCRIPTION,
    Kind.WORKFLOW: fields.WORKFLOW,
    Kind.STEP: fields.STEP,
    Kind.PARAMETER_OBJECT: fields.PARAMETER,
    # the fields of both kinds of action
    Kind.ACTION: fields.FAILURE_ACTION,
    Kind.CRITERION_OBJECT: fields.CRITERION,
    Kind.BODY: fields.REQUEST_BODY,
    Kind.REPLACEMENT: fields.PAYLOAD_REPLACEMENT,
}
# fields whose entries are listed, and what the entries are
LISTS: Final[Mapping[Kind, Mapping[str, Kind]]] = {
    Kind.WORKFLOW: {
        "steps": Kind.STEP,
        "parameters": Kind.PARAMETER_OBJECT,
        "successActions": Kind.ACTION,
        "failureActions": Kind.ACTION,
        "dependsOn": Kind.WORKFLOW_ID,
    },
    Kind.STEP: {
        "parameters": Kind.PARAMETER_OBJECT,
        "successCriteria": Kind.CRITERION_OBJECT,
        "onSuccess": Kind.ACTION,
        "onFailure": Kind.ACTION,
        "dependsOn": Kind.DEPENDENCY,
    },
    Kind.ACTION: {"parameters": Kind.PARAMETER_OBJECT, "criteria": Kind.CRITERION_OBJECT},
    Kind.BODY: {"replacements": Kind.REPLACEMENT},
}
# what may be left out entry by entry: nothing is sent, done or waited for by it, where a step or a criterion is missed
_SPARED: Final = frozenset({Kind.PARAMETER_OBJECT, Kind.ACTION, Kind.REPLACEMENT, Kind.DEPENDENCY})
_KNOWN: Final = {kind: frozenset(of.allowed(version_1_1=True)) for kind, of in FIELDS.items()}
_EMPTY: Final = ("", None)
_WHOLE_VERSION: Final = lazy_pattern(r"\d+\.\d+\.\d+")
_GOES_TO: Final = ("step", "workflow", "next", "jump")
_FREE_WORDS: Final = frozenset({"in", "type"})
_NUMBERS: Final = frozenset({"retryAfter", "retryLimit", "timeout"})
_MEDIA_TYPES: Final = frozenset({"contentType"})
_FILLED_BY_ANYTHING: Final = frozenset({"value", "payload", "description", "summary"})


def is_nowhere(parameter: JsonValue) -> bool:
    """Whether a parameter says a place that no request has."""
    place = parameter.get("in") if isinstance(parameter, dict) else None
    return isinstance(place, str) and place not in WORDS[Kind.PARAMETER_OBJECT]["in"]


def _points_by_brackets(replacement: JsonValue) -> bool:
    target = replacement.get("target") if isinstance(replacement, dict) else None
    return isinstance(target, str) and target.startswith("/") and "[" in target


def shapes(document: JsonValue) -> Iterator[Site]:
    """Yield every object and entry of a document that may have another shape than it should."""
    around = document_names(document)
    yield from _of_the_document(document, around)
    yield from _misspelt(document, (), Kind.DOCUMENT, around)
    for name, kind in (("components", Kind.COMPONENTS), ("info", Kind.INFO)):
        yield from _misspelt(members(document, name), (name,), kind, around)
    yield from _maps(document, (), MAPS_OF_DOCUMENT, around)
    yield from _listed(document, (), {"sourceDescriptions": Kind.SOURCE}, around)
    for index, workflow in enumerate(entries(document, "workflows")):
        names = workflow_names(workflow, document, around)
        yield from _object(workflow, ("workflows", str(index)), Kind.WORKFLOW, names)
    components = members(document, "components")
    shelves = {"parameters": Kind.PARAMETER_OBJECT, "successActions": Kind.ACTION, "failureActions": Kind.ACTION}
    for shelf, kind in shelves.items():
        for name, each in members(components, shelf).items():
            yield from _object(each, ("components", shelf, name), kind, around)


def _of_the_document(document: JsonValue, names: Names) -> Iterator[Site]:
    version = document.get("arazzo") if isinstance(document, dict) else None
    if version is not None and (not isinstance(version, str) or not _WHOLE_VERSION.fullmatch(version)):
        yield Site(Kind.VERSION, version, ("arazzo",), names)
    info = members(document, "info")
    if any(isinstance(info.get(name), int | float) for name in ("title", "version")):
        yield Site(Kind.INFO, info, ("info",), names)


def _misspelt(value: JsonValue, at: Pointer, kind: Kind, names: Names) -> Iterator[Site]:
    """Yield an object of which nothing but the names of its fields is looked at."""
    if isinstance(value, dict) and any(name not in _KNOWN[kind] and not name.startswith("x-") for name in value):
        yield Site(kind, value, at, names)


def is_empty(name: str, value: JsonValue) -> bool:
    """Whether a field has no value, where it is one that needs one.

    Anything may be sent, and no text is a remark; what an extension means by nothing is its own.
    """
    return value in _EMPTY and name not in _FILLED_BY_ANYTHING and not name.startswith("x-")


def is_blank(kind: Kind, entry: JsonValue) -> bool:
    """Whether an entry of a list says nothing at all: it has no field with a value, and may as well not be there."""
    fields_of = entry.values() if isinstance(entry, dict) else (entry,)
    return kind in _SPARED and all(each in _EMPTY for each in fields_of)


def _has_blanks(kind: Kind, listed: JsonValue) -> bool:
    return isinstance(listed, list) and any(is_blank(kind, each) for each in listed)


def _object(value: JsonValue, at: Pointer, kind: Kind, names: Names) -> Iterator[Site]:
    if not isinstance(value, dict):
        if isinstance(value, str | int) and _is_odd_entry(value, kind):
            yield Site(kind, value, at, names)
        return
    if kind in {Kind.DEPENDENCY, Kind.WORKFLOW_ID}:
        return  # the reader tells that it must be a text
    if _is_odd(value, kind):
        yield Site(kind, value, at, names)
    yield from _maps(value, at, MAPS.get(kind, {}), names)
    yield from _listed(value, at, LISTS.get(kind, {}), names)
    if kind is Kind.STEP and "requestBody" in value:
        yield from _object(value["requestBody"], (*at, "requestBody"), Kind.BODY, names)


def _maps(owner: JsonValue, at: Pointer, maps: Mapping[str, Kind], names: Names) -> Iterator[Site]:
    for name, kind in maps.items():
        if members(owner, name):
            yield Site(kind, members(owner, name), (*at, name), names)


def _listed(owner: JsonValue, at: Pointer, lists: Mapping[str, Kind], names: Names) -> Iterator[Site]:
    for name, kind in lists.items():
        found = entries(owner, name)
        # where there are blanks, the others have their places when those are gone
        for index, each in enumerate(() if _has_blanks(kind, found) else found):
            yield from _object(each, (*at, name, str(index)), kind, names)


# what has one type of a few, or an object that says it with its version
_TYPED: Final = frozenset({Kind.SOURCE, Kind.CRITERION_OBJECT, Kind.REPLACEMENT})


def _is_odd(value: dict[str, JsonValue], kind: Kind) -> bool:
    lists = LISTS.get(kind, {})
    return any(
        (name not in _KNOWN[kind] and not name.startswith("x-"))
        or is_empty(name, each)
        or (name in lists and (not isinstance(each, list) or not each or _has_blanks(lists[name], each)))
        or (name == "inputs" and isinstance(each, dict) and "type" not in each and "properties" not in each)
        or (name == "inputs" and isinstance(each, list))
        or (name == "type" and kind is Kind.ACTION and each in _GOES_TO)
        or (name == "kind")
        or (kind in _TYPED and name in WORDS[kind] and each not in WORDS[kind][name])
        or (name == "condition" and (isinstance(each, int) or (isinstance(each, str) and is_status_alone(each))))
        or (name == "outputs" and (not isinstance(each, dict) or not all(isinstance(of, str) for of in each.values())))
        or (isinstance(each, str) and _is_odd_word(name, each))
        or (name == "parameters" and kind is Kind.STEP and isinstance(each, list) and any(map(is_sent, each)))
        or (name == "parameters" and "workflowId" in value and isinstance(each, list) and any(map(is_nowhere, each)))
        or (name == "replacements" and any(map(_points_by_brackets, each if isinstance(each, list) else ())))
        or (name == "onSuccess" and any(map(is_retry, each if isinstance(each, list) else ())))
        or (kind is Kind.BODY and name in SENT and names_files(each))
        or (kind is Kind.BODY and name == "payload" and names_whole_file(value))
        or (kind is Kind.BODY and name == "replacements" and isinstance(value.get("payload"), str))
        for name, each in value.items()
    )


def _is_odd_word(name: str, text: str) -> bool:
    """Whether a text is odd where it stands: in another case, a number, a media type without its slash, no pointer."""
    return (
        (name in _FREE_WORDS and is_odd_word(text))
        or name in _NUMBERS
        or (name in _MEDIA_TYPES and "/" not in text)
        or (name == "target" and not text.startswith("/"))
        or (name == "stepId" and text.casefold() in {"end", "$end"})
    )


def _is_odd_entry(value: str | int, kind: Kind) -> bool:
    match kind:
        case Kind.CRITERION_OBJECT:
            return True
        case Kind.ACTION | Kind.PARAMETER_OBJECT:
            return isinstance(value, str)
        case _:
            return kind is Kind.DEPENDENCY and isinstance(value, str) and value.startswith("$steps.")
