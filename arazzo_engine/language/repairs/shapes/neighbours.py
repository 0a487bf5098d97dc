"""What neighbouring formats write where Arazzo has another form: a property that is `required: true`, and more.

Looks at whole documents, where an object alone does not say what is meant: the property's name stands above it, and
the step that follows beside it. What could mean two things is left for the reader to tell.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.repairs.names import entries, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

CONTINUE: Final = "continueOnError"
_REQUIRED: Final = "required"
_GO_ON: Final = "go-on"
# with these, more may be meant than that the next step follows
_ACTIONS: Final = ("successActions", "failureActions")


class Requirement(Struct, frozen=True):
    """A property that says itself whether it is required: where that stands, and whether it is."""

    pointer: Pointer
    is_required: bool


class Requirements(Struct, frozen=True):
    """A schema of inputs with such properties, and as JSON Schema has it."""

    pointer: Pointer
    written: JsonValue
    found: tuple[Requirement, ...]


def requirements(document: JsonValue) -> Iterator[Requirements]:
    """Yield each schema of inputs that has properties which are `required: true` or `required: false`."""
    components = members(members(document, "components"), "inputs")
    roots: list[tuple[Pointer, JsonValue]] = [
        (("components", "inputs", name), schema) for name, schema in components.items()
    ]
    for index, workflow in enumerate(entries(document, "workflows")):
        roots.append((("workflows", str(index), "inputs"), members(workflow, "inputs")))
    for pointer, schema in roots:
        found: list[Requirement] = []
        written = _listed(schema, pointer, found)
        if found:
            yield Requirements(pointer, written, tuple(found))


def _listed(schema: JsonValue, at: Pointer, found: list[Requirement]) -> JsonValue:
    """Return a schema with the required properties in its list, and note what says so by itself."""
    if not isinstance(schema, dict):
        return schema
    copy, properties = dict(schema), members(schema, "properties")
    own = [name for name, each in properties.items() if _says_so(name, each, schema.get(_REQUIRED, []))]
    found += [Requirement((*at, "properties", name, _REQUIRED), properties[name][_REQUIRED]) for name in own]
    if properties:
        bare = {name: _without(each, _REQUIRED) if name in own else each for name, each in properties.items()}
        copy["properties"] = {name: _listed(each, (*at, "properties", name), found) for name, each in bare.items()}
    if "items" in schema:
        copy["items"] = _listed(schema["items"], (*at, "items"), found)
    known = entries(schema, _REQUIRED)
    added = [name for name in properties if name in own and properties[name][_REQUIRED] and name not in known]
    return {**copy, _REQUIRED: [*known, *added]} if added else copy


def _says_so(name: str, schema: JsonValue, listed: JsonValue) -> bool:
    """Whether a property says that it is required, or is not, and the list beside it does not say otherwise."""
    said = schema.get(_REQUIRED) if isinstance(schema, dict) else None
    return isinstance(said, bool) and isinstance(listed, list) and (said or name not in listed)


def _without(value: dict[str, JsonValue], name: str) -> dict[str, JsonValue]:
    return {each: inner for each, inner in value.items() if each != name}


class Continuing(Struct, frozen=True):
    """A step that goes on when it fails: where it stands, the action that says so, and the step with it."""

    pointer: Pointer
    action: dict[str, JsonValue]
    written: JsonValue


def continuing(document: JsonValue) -> Iterator[Continuing]:
    """Yield each step that is `continueOnError: true`, where nothing else is done after it than the next step."""
    for index, workflow in enumerate(entries(document, "workflows")):
        steps = entries(workflow, "steps")
        is_alone = not any(name in workflow for name in _ACTIONS) if isinstance(workflow, dict) else False
        for number, (step, following) in enumerate(itertools.pairwise(steps)):
            action = _going_on(step, following) if is_alone else None
            if action is not None:
                failing = [*entries(step, "onFailure"), action]
                written = {**_without(step, CONTINUE), "onFailure": failing}
                yield Continuing(("workflows", str(index), "steps", str(number)), action, written)


def _going_on(step: JsonValue, following: JsonValue) -> dict[str, JsonValue] | None:
    if not isinstance(step, dict) or step.get(CONTINUE) is not True or "onSuccess" in step:
        return None
    after = following.get("stepId") if isinstance(following, dict) else None
    failing = step.get("onFailure", [])
    if not isinstance(after, str) or not isinstance(failing, list) or not all(map(_leaves_others, failing)):
        return None
    taken = [each.get("name") for each in failing if isinstance(each, dict)]
    name = f"{_GO_ON}-to-{after}" if _GO_ON in taken else _GO_ON
    return {"name": name, "type": "goto", "stepId": after}


def _leaves_others(action: JsonValue) -> bool:
    """Whether an action is no last one: a retry comes to an end, and another one has criteria that may not hold."""
    is_read = isinstance(action, dict) and "reference" not in action and "$ref" not in action
    return is_read and (action.get("type") == "retry" or bool(entries(action, "criteria")))
