"""Where a document has the texts that repairs look at: expressions, values, criteria, operation paths.

Walks the bare JSON value by the objects of the specification, and says of each place what stands there and which names
it can use. Whatever is not of the type it should be is passed over: the reader tells it.
"""

from __future__ import annotations

import itertools
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.expressions.strings import unquoted
from arazzo_engine.language.repairs.names import (
    ACTIONS,
    Names,
    answered_names,
    document_names,
    ended_names,
    entries,
    members,
    step_names,
    workflow_names,
)
from arazzo_engine.language.repairs.values.reused_actions import chosen_after, leads_back, users_of_actions
from arazzo_engine.language.repairs.whole_objects import WHOLE
from arazzo_engine.language.sent_languages import may_be_of_language
from arazzo_engine.language.templates import VALUE
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


class Kind(Enum):
    """What stands at a place."""

    VALUE = "a value"
    ARGUMENT = "the value of a parameter that says no place"
    PARAMETER = "the value of a parameter"
    OUTPUT = "the value of an output"
    SELECTOR = "a selector"
    MAPPING = "a value in braces without quotes"
    CRITERION = "a criterion"
    OPERATION_ID = "an operation id"
    WORKFLOW_ID = "a workflow id"
    STEP_ID = "the id of a step, where another one or an action names it"
    OPERATION_PATH = "an operation path"
    REUSABLE = "a reusable object"
    # the objects themselves, as their repairs see them
    VERSION = "the version of Arazzo"
    DOCUMENT = "the document"
    INFO = "what is said of the document"
    COMPONENTS = "the reusable objects of the document"
    SOURCE = "a source description"
    WORKFLOW = "a workflow"
    STEP = "a step"
    PARAMETER_OBJECT = "a parameter"
    ACTION = "an action"
    CRITERION_OBJECT = "a criterion as an object"
    BODY = "a request body"
    REPLACEMENT = "a payload replacement"
    DEPENDENCY = "a step that another depends on"
    # what may be a map where a list should be
    SOURCES = "the source descriptions of a document"
    WORKFLOWS = "the workflows of a document"
    STEPS = "the steps of a workflow"
    ACTIONS = "the actions of a step or a workflow"


class Site(Struct, frozen=True):
    """One place: what stands there, as it is written, and the names it can use."""

    kind: Kind
    value: JsonValue
    pointer: Pointer
    names: Names


# what an expression begins with, or what other tools write around one
_BRACES: Final = lazy_pattern(r"[{#@%]\{|\A\{\s*(?:inputs|steps|workflows?)\.")
_MARKS: Final = ("$", "<%", "#(")
_PATH: Final = lazy_pattern(r"\$[.\[]")
_SELECTOR: Final = frozenset({"context", "selector", "type"})
_REUSABLE_ACTIONS: Final = ("successActions", "failureActions")
_NAMED_OTHERWISE: Final = frozenset({"name", "reference", "$ref"})
_REFERENCES: Final = (("operationId", Kind.OPERATION_ID), ("workflowId", Kind.WORKFLOW_ID))


def sites(document: JsonValue) -> Iterator[Site]:
    """Yield every place of a document that a repair may look at."""
    # Arazzo 1.0 has no Selector Object: what is sent there and looks like one is an object as any other
    has_selectors = not str(as_mapping(document).get("arazzo")).startswith("1.0")
    for site in _sites(document):
        if site.kind is not Kind.SELECTOR or has_selectors or _is_of_output(site.pointer):
            yield site
        else:
            yield from _members(as_mapping(site.value), site.pointer, site.names)


def _is_of_output(at: Pointer) -> bool:
    return at[0] == "workflows" and "outputs" in {at[2], *at[4:5]}


def _sites(document: JsonValue) -> Iterator[Site]:
    around = document_names(document)
    for index, workflow in enumerate(entries(document, "workflows")):
        names = workflow_names(workflow, document, around)
        at = ("workflows", str(index))
        yield from _outputs(workflow, at, names)
        yield from _shared(workflow, at, names)
        is_led_back = leads_back(workflow, document)
        for number, step in enumerate(entries(workflow, "steps")):
            if isinstance(step, dict):
                named = step_names(step, names)
                yield from _step(step, (*at, "steps", str(number)), named)
                answered = answered_names(step, named, is_led_back=is_led_back)
                yield from _answered(step, (*at, "steps", str(number)), answered)
        for number, each in enumerate(entries(workflow, "dependsOn")):
            if isinstance(each, str):
                yield Site(Kind.WORKFLOW_ID, each, (*at, "dependsOn", str(number)), names)
    components, users = members(document, "components"), users_of_actions(document)
    for shelf in ("parameters", "successActions", "failureActions"):
        for name, each in members(components, shelf).items():
            named = replace(around, ended=chosen_after(users.get((shelf, name), ())))
            yield from _action_or_parameter(each, ("components", shelf, name), named)


def unnamed_actions(document: JsonValue) -> Iterator[tuple[Pointer, str]]:
    """Yield where an action stands that has no name, and one for it that no other action of its list has."""
    for at, actions in _lists_of_actions(document):
        taken = {str(each.get("name")) for each in actions if isinstance(each, dict)}
        for index, each in enumerate(actions):
            if _lacks_name(each):
                names = (f"{each['type']}-{number}" for number in itertools.count(index + 1))
                name = next(name for name in names if name not in taken)
                taken.add(name)
                yield (*at, str(index)), name
    yield from _unnamed_components(document)


def _unnamed_components(document: JsonValue) -> Iterator[tuple[Pointer, str]]:
    """Yield the actions among the components that have no name: each is called as its key is."""
    shelves = ((shelf, members(members(document, "components"), shelf)) for shelf in _REUSABLE_ACTIONS)
    unnamed = [(shelf, key) for shelf, actions in shelves for key, each in actions.items() if _lacks_name(each)]
    lists = _lists_of_actions(document) if unnamed else ()
    taken = {str(each.get("name")) for _, actions in lists for each in actions if isinstance(each, dict)}
    for shelf, key in unnamed:
        names = itertools.chain([key], (f"{key}-{number}" for number in itertools.count(2)))
        yield ("components", shelf, key), next(name for name in names if name not in taken)


def _lacks_name(action: JsonValue) -> TypeGuard[dict[str, JsonValue]]:
    return isinstance(action, dict) and isinstance(action.get("type"), str) and not action.keys() & _NAMED_OTHERWISE


def _lists_of_actions(document: JsonValue) -> Iterator[tuple[Pointer, list[JsonValue]]]:
    for index, workflow in enumerate(entries(document, "workflows")):
        at = ("workflows", str(index))
        steps = (((*at, "steps", str(number)), step) for number, step in enumerate(entries(workflow, "steps")))
        for place, owner in ((at, workflow), *steps):
            yield from (((*place, name), entries(owner, name)) for name in ACTIONS)


def _outputs(owner: JsonValue, at: Pointer, names: Names) -> Iterator[Site]:
    for name, value in members(owner, "outputs").items():
        if isinstance(value, dict) and value.keys() == {VALUE} and isinstance(value[VALUE], dict):
            yield from _group(value[VALUE], (*at, "outputs", name, VALUE), names)
        elif isinstance(value, str):
            yield Site(Kind.OUTPUT, value, (*at, "outputs", name), names)
        else:
            yield from _value(value, (*at, "outputs", name), names)


def _group(value: dict[str, JsonValue], at: Pointer, names: Names) -> Iterator[Site]:
    """Yield the members of an output that is an object: a path is one of the answer, as it is of any output."""
    for name, member in value.items():
        if isinstance(member, str) and _PATH.match(member):
            yield Site(Kind.OUTPUT, member, (*at, name), names)
        elif isinstance(member, dict) and not member.keys() >= _SELECTOR:
            yield from _group(member, (*at, name), names)
        else:
            yield from _value(member, (*at, name), names)


def _shared(owner: JsonValue, at: Pointer, names: Names) -> Iterator[Site]:
    """Yield what workflows and steps both have, but for their outputs."""
    for name in ("parameters", *ACTIONS):
        named = ended_names(owner, name, names)
        for index, each in enumerate(entries(owner, name)):
            yield from _action_or_parameter(each, (*at, name, str(index)), named)


def _answered(step: dict[str, JsonValue], at: Pointer, names: Names) -> Iterator[Site]:
    """Yield what looks at the answer of a step."""
    yield from _outputs(step, at, names)
    yield from _criteria(step, "successCriteria", at, names)


def _step(step: dict[str, JsonValue], at: Pointer, names: Names) -> Iterator[Site]:
    yield from _references(step, at, names)
    if isinstance(step.get("operationPath"), str):
        yield Site(Kind.OPERATION_PATH, step["operationPath"], (*at, "operationPath"), names)
    yield from _shared(step, at, names)
    for index, each in enumerate(entries(step, "dependsOn")):
        if isinstance(each, str):
            yield Site(Kind.STEP_ID, each, (*at, "dependsOn", str(index)), names)
    yield from _value(step.get("correlationId"), (*at, "correlationId"), names)
    body = members(step, "requestBody")
    yield from _value(body.get("payload"), (*at, "requestBody", "payload"), names)
    for index, each in enumerate(entries(body, "replacements")):
        if isinstance(each, dict):
            yield from _value(each.get("value"), (*at, "requestBody", "replacements", str(index), "value"), names)


def _action_or_parameter(each: JsonValue, at: Pointer, names: Names) -> Iterator[Site]:
    if not isinstance(each, dict):
        return
    if "$ref" in each or "reference" in each:
        yield Site(Kind.REUSABLE, each, at, names)
    yield from _parameter(each, at, names)
    yield from _references(each, at, names)
    if isinstance(each.get("stepId"), str):
        yield Site(Kind.STEP_ID, each["stepId"], (*at, "stepId"), names)
    yield from _criteria(each, "criteria", at, names)
    for index, parameter in enumerate(entries(each, "parameters")):
        if isinstance(parameter, dict):
            if "$ref" in parameter or "reference" in parameter:
                yield Site(Kind.REUSABLE, parameter, (*at, "parameters", str(index)), names)
            yield from _parameter(parameter, (*at, "parameters", str(index)), names)


def has_marks(text: str) -> bool:
    """Whether something in a text may be meant as an expression; a text may be of many megabytes."""
    return any(mark in text for mark in _MARKS) or ("{" in text and _BRACES.search(text) is not None)


def _parameter(parameter: dict[str, JsonValue], at: Pointer, names: Names) -> Iterator[Site]:
    value = parameter.get("value")
    if isinstance(value, str):
        yield Site(Kind.PARAMETER if "in" in parameter else Kind.ARGUMENT, value, (*at, "value"), names)
    else:
        yield from _value(value, (*at, "value"), names)


def _references(owner: dict[str, JsonValue], at: Pointer, names: Names) -> Iterator[Site]:
    for name, kind in _REFERENCES:
        if isinstance(owner.get(name), str):
            yield Site(kind, owner[name], (*at, name), names)


def _criteria(owner: dict[str, JsonValue], name: str, at: Pointer, names: Names) -> Iterator[Site]:
    for index, each in enumerate(entries(owner, name)):
        if isinstance(each, dict):
            yield Site(Kind.CRITERION, each, (*at, name, str(index)), names)


def _value(value: JsonValue, at: Pointer, names: Names) -> Iterator[Site]:
    match value:
        case str() if has_marks(value):
            yield Site(Kind.VALUE, value, at, names)
        case dict() if unquoted(value) is not None:
            yield Site(Kind.MAPPING, value, at, names)
        case dict() if value.keys() >= _SELECTOR:
            yield Site(Kind.SELECTOR, value, at, names)
        case dict():
            yield from _members(value, at, names)
        case list():
            for index, element in enumerate(value):
                yield from _value(element, (*at, str(index)), names)
        case _:
            pass


def _members(value: Mapping[str, JsonValue], at: Pointer, names: Names) -> Iterator[Site]:
    for name, member in value.items():
        if isinstance(member, str) and may_be_of_language(name, member):
            continue  # it has two readings, and is sent as it is written
        # of a selector that lacks its type, the context is one value, and no object of all of them
        if not (name == "context" and "selector" in value and WHOLE.fullmatch(str(member))):
            yield from _value(member, (*at, name), names)
