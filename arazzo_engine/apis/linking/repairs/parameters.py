"""Repairs of the parameters of a step, which need the operation: a name or a place that only one parameter can have.

The same rule as for other repairs: exactly one reading, and a warning says what to write. What an operation requires
and allows one value for is sent where the step is silent. Whether anything is missing then is for the checks to say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.http_names import why_unsendable
from arazzo_engine.apis.descriptions.operations import In, parameter_key
from arazzo_engine.apis.descriptions.paths import placeholder_of, placeholders, query_placeholders, split_path
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.misplaced_members import misplaced_members
from arazzo_engine.apis.security.requirements import satisfies
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, diagnose
from arazzo_engine.documents.pointers import is_within
from arazzo_engine.documents.values import ABSENT, Value, as_list, as_mapping
from arazzo_engine.language.conditions.comparison import is_number
from arazzo_engine.language.objects import Parameter
from arazzo_engine.language.reading.actions import OF_URL
from arazzo_engine.language.templates import Literal
from arazzo_engine.spelling import near_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.edits import Edit
    from arazzo_engine.language.objects import Step

# a schema may list itself
_DEEPEST: Final = 8
_PLACES: Final = frozenset(map(str, In))
_ONLY_PLACE: Final = "it is the only placeholder that has no value, and the only parameter without one"
_SAME_WORDS: Final = "the two differ in case, `-` and `_` only"
_ONLY_NAME: Final = "the operation has one parameter of that name"
_QUALIFIED: Final = "a Link Object names the place so, and a parameter by `in`"
_IN_URL: Final = frozenset({In.PATH, In.QUERY})
_IN_URL_ONCE: Final = "the operation has one parameter of that name in its URL"
_PLACE: Final = "the operation has a parameter of that name there, and none where the step puts it"


def as_described(
    step: Step, parameters: tuple[Parameter, ...], operation: Operation, problems: list[Diagnostic]
) -> tuple[Parameter, ...]:
    """Return the parameters of a step, each with the name and the place that the operation has for it."""
    found = parameters
    for repair in (_qualified, _placed, _located, _moved, _renamed):
        for parameter, corrected, problem in repair(step, found, operation):
            others = [each for each in found if each is not parameter]
            found = tuple(corrected if each is parameter else each for each in found)
            problems.append(_repeated(step, corrected, others) or problem)
    return found


def _repeated(step: Step, corrected: Parameter, others: Sequence[Parameter]) -> Diagnostic | None:
    """Return that a list has a parameter twice as it is read: which one is meant nobody knows.

    One of the step stands in place of one of the workflow.
    """
    key = parameter_key(corrected.name, corrected.location or "")
    own = {each.at for each in step.parameters}
    beside = (each for each in others if (each.at in own) == (corrected.at in own))
    first = next((each for each in beside if parameter_key(each.name, each.location or "") == key), None)
    if first is None or first.at == corrected.at:
        return None
    message = f"`parameters` has parameter `{corrected.name}` in `{corrected.location}` twice"
    related = (Related("the other one", first.at),)
    return diagnose("id-duplicate", message, corrected.at.location(), fix="remove one of them", related=related)


def _qualified(
    step: Step, parameters: Sequence[Parameter], operation: Operation
) -> Iterator[tuple[Parameter, Parameter, Diagnostic]]:
    """Yield each parameter ``path.id`` that says no place, where the operation has one ``id`` in its path.

    OpenAPI, Link Object: "The parameter name can be qualified using the parameter location".
    """
    for parameter in _without_place(parameters):
        place, _, name = parameter.name.partition(".")
        has_whole = any(each.name == parameter.name for each in operation.parameters)
        if place in _PLACES and not has_whole and _declares(operation, name, place):
            message = f"parameter `{parameter.name}` is read as `{name}` in `{place}`: {_QUALIFIED}"
            edits = [*_own_edits(step, parameter, "name", name), *_own_edits(step, parameter, "in", place)]
            fix, at = f"write `name: {name}, in: {place}`", parameter.at.location()
            problem = diagnose("repaired", message, at, fix=fix, edits=edits, kind=_QUALIFIED)
            yield parameter, replace(parameter, name=name, location=place), problem


def _declares(operation: Operation, name: str, place: str) -> bool:
    """Whether an operation has a parameter in a place, or a placeholder of that name in its path."""
    described = (each for each in operation.parameters if each.location == place)
    in_path = place == In.PATH and placeholder_of(name, placeholders(split_path(operation.path)[0])) is not None
    return in_path or any(_is_named(each, name) for each in described)


def _without_place(parameters: Sequence[Parameter]) -> Iterator[Parameter]:
    for parameter in parameters:
        written = parameter.at.document.content.at(parameter.at.pointer)
        if parameter.location is None and not (isinstance(written, dict) and "in" in written):
            yield parameter


def _placed(
    step: Step, parameters: Sequence[Parameter], operation: Operation
) -> Iterator[tuple[Parameter, Parameter, Diagnostic]]:
    """Yield each parameter that says no place, and has the name of one parameter of the operation."""
    path, query = map(placeholders, split_path(operation.path))
    for parameter in _without_place(parameters):
        name = parameter.name
        places = {each.location for each in operation.parameters if _is_named(each, name)}
        places |= {In.PATH} if placeholder_of(name, path) else set()
        places |= {In.QUERY} if name in query else set()
        if len(places) == 1:
            place = str(places.pop())
            edits = _own_edits(step, parameter, "in", place)
            message = f"parameter `{name}` has no `in`, and is read as one in `{place}`: {_ONLY_NAME}"
            at = parameter.at.location()
            problem = diagnose("repaired", message, at, fix=f"add `in: {place}`", edits=edits, kind=_ONLY_NAME)
            yield parameter, replace(parameter, location=place), problem


def _located(
    step: Step, parameters: Sequence[Parameter], operation: Operation
) -> Iterator[tuple[Parameter, Parameter, Diagnostic]]:
    """Yield each parameter that stands in the URL, with the part of it that the operation has it in."""
    path, query = map(placeholders, split_path(operation.path))
    for parameter in parameters:
        name, found = parameter.name, parameter.location
        if found not in OF_URL:
            continue
        places = {each.location for each in operation.parameters if each.name == name and each.location in _IN_URL}
        places |= {In.PATH} if placeholder_of(name, path) else set()
        places |= {In.QUERY} if name in query else set()
        at = parameter.at.child("in").location()
        if len(places) != 1:
            message = f"`in` is `{found}`, which is no place of a parameter"
            fix = "write `in: path` or `in: query`"
            in_query = replace(parameter, location=str(In.QUERY))
            yield parameter, in_query, diagnose("field-value", message, at, fix=fix)
            continue
        place = str(places.pop())
        message = f"`in: {found}` of `{name}` is read as `in: {place}`: {_IN_URL_ONCE}"
        edits = _own_edits(step, parameter, "in", place)
        problem = diagnose("repaired", message, at, fix=f"write `in: {place}`", edits=edits, kind=_IN_URL_ONCE)
        yield parameter, replace(parameter, location=place), problem


def _own_edits(step: Step, parameter: Parameter, field: str, value: str) -> list[Edit]:
    """Return what writes a field of a parameter; one that several steps share may be another one in each."""
    is_own = is_within(parameter.at.pointer, step.at.pointer)
    return [parameter.at.child(field).written(value, before="value")] if is_own else []


def _is_named(described: ParameterDescription, name: str) -> bool:
    return parameter_key(described.name, described.location) == parameter_key(name, described.location)


def _moved(
    step: Step, parameters: Sequence[Parameter], operation: Operation
) -> Iterator[tuple[Parameter, Parameter, Diagnostic]]:
    """Yield each parameter of the step whose name the operation requires in another place, and has in no other."""
    declared = {parameter_key(each.name, each.location) for each in operation.parameters}
    missing = [*_missing(parameters, operation)]
    templated = query_placeholders(operation.path)
    for parameter in step.parameters:
        # a word that is no place is told as one, and what stands in the query of a path may be given in either place
        if parameter.location not in _PLACES or parameter.name in templated:
            continue
        if parameter_key(parameter.name, parameter.location) in declared:
            continue
        places = [location for name, location in missing if name == parameter.name and location != parameter.location]
        if len(places) == 1:
            message = f"`in: {parameter.location}` of `{parameter.name}` is read as `in: {places[0]}`: {_PLACE}"
            at = parameter.at.child("in").location()
            edits = _own_edits(step, parameter, "in", str(places[0]))
            problem = diagnose("repaired", message, at, fix=f"write `in: {places[0]}`", edits=edits)
            yield parameter, replace(parameter, location=str(places[0])), problem


def _missing(parameters: Sequence[Parameter], operation: Operation) -> Iterator[tuple[str, In]]:
    """Yield the name and the place of each parameter that the operation requires and nothing sets."""
    given = {parameter_key(each.name, each.location or "") for each in parameters}
    path = placeholders(split_path(operation.path)[0])
    filled = {placeholder_of(each.name, path) for each in parameters if each.location == In.PATH}
    yield from ((name.strip("+"), In.PATH) for name in path if name not in filled)
    for each in operation.parameters:
        is_missing = each.required and parameter_key(each.name, each.location) not in given
        if each.location is not In.PATH and is_missing and not satisfies(operation, each):
            yield each.name, each.location


def _renamed(
    step: Step, parameters: Sequence[Parameter], operation: Operation
) -> Iterator[tuple[Parameter, Parameter, Diagnostic]]:
    """Yield each path parameter of the step that can only be meant for one placeholder of another name."""
    wanted = placeholders(split_path(operation.path)[0])
    given = [each for each in parameters if each.location == In.PATH]
    free = [name for name in wanted if name not in {placeholder_of(each.name, wanted) for each in given}]
    lost = [each for each in step.parameters if each.location == In.PATH and placeholder_of(each.name, wanted) is None]
    is_only_one = len(wanted) == len(given) == len(free) == len(lost) == 1
    for parameter in lost:
        alike = [name for name in free if _words(name) == _words(parameter.name)]
        rivals = [each for each in lost if _words(each.name) == _words(parameter.name)]
        if not is_only_one and (len(alike) != 1 or len(rivals) != 1):
            continue
        name = (alike or free)[0].strip("+")
        reason = _SAME_WORDS if alike else _ONLY_PLACE
        message = f"path parameter `{parameter.name}` is read as `{name}`: {reason}"
        at = parameter.at.child("name").location()
        edits = _own_edits(step, parameter, "name", name)
        problem = diagnose("repaired", message, at, fix=f"write `name: {name}`", edits=edits)
        yield parameter, replace(parameter, name=name), problem


def _words(name: str) -> str:
    return name.replace("_", "").replace("-", "").strip("+").casefold()


def with_only_values(
    step: Step, parameters: tuple[Parameter, ...], described: tuple[Operation, Resolver], problems: list[Diagnostic]
) -> tuple[Parameter, ...]:
    """Return the parameters with those that the operation requires, of which the step says nothing and one value is."""
    operation, resolver = described
    missing = {parameter_key(*each) for each in _missing(parameters, operation)}
    misplaced = misplaced_members(step, operation)
    added: list[Parameter] = []
    entries: list[JsonValue] = []
    for each in operation.parameters:
        is_missing = parameter_key(each.name, each.location) in missing
        # one that is nearly of that name was meant to be it, and what it says would not be sent
        is_silent = is_missing and near_name(each.name, _unknown(step, each, operation)) is None
        is_silent = is_silent and each.name not in misplaced and not why_unsendable(each.location, each.name)
        value = _only_value(each, resolver) if is_silent else ABSENT
        if value is not ABSENT:
            added.append(Parameter(each.at, each.name, Literal(value, each.at), str(each.location)))
            entries.append({"name": each.name, "in": str(each.location), "value": value})
            problems.append(_told(step, each, value, _written_with(step, entries)))
    return (*parameters, *added)


def _unknown(step: Step, missing: ParameterDescription, operation: Operation) -> tuple[str, ...]:
    """Return the names that a step gives in the place of a missing parameter, and the operation does not have."""
    described = {parameter_key(each.name, each.location) for each in operation.parameters}
    given = (each for each in step.parameters if each.location == missing.location)
    return tuple(each.name for each in given if parameter_key(each.name, missing.location) not in described)


def _written_with(step: Step, entries: Sequence[JsonValue]) -> Edit:
    """Return what writes the parameters of a step with others behind them."""
    at = step.at.child("parameters")
    return at.written([*as_list(at.document.content.at(at.pointer)), *entries])


def _told(step: Step, description: ParameterDescription, value: Value, edit: Edit) -> Diagnostic:
    written = json.dumps(value, ensure_ascii=False)
    named = f"{description.location} parameter `{description.name}`"
    sent = f"`{written}` is sent, the value that its description names"
    message = f"step `{step.step_id}` does not set {named}, which must be given: {sent}"
    entry = f"{{name: {description.name}, in: {description.location}, value: {written}}}"
    related = (Related("declared here", description.at),)
    at = step.at.child("stepId").location()
    return diagnose("repaired", message, at, fix=f"add `{entry}` to `parameters`", related=related, edits=[edit])


def _only_value(description: ParameterDescription, resolver: Resolver) -> Value:
    """Return the only value that a parameter can have, or its default; ``ABSENT`` when there is neither."""
    described = description.content or description
    if described.schema is None:
        return ABSENT
    value = _fixed(described.schema.at, resolver)
    schema = as_mapping(_read(described.schema.at, resolver))
    items, least = schema.get("items", ABSENT), schema.get("minItems", 0)
    # a list that has several elements may have any number of them
    if value is ABSENT and items is not ABSENT and is_number(least) and least <= 1:
        element = _fixed(described.schema.at.child("items"), resolver, with_default=False)
        return ABSENT if element is ABSENT else [element]
    return value


def _fixed(at: Place, resolver: Resolver, *, with_default: bool = True, depth: int = 0) -> Value:
    schema = as_mapping(_read(at, resolver))
    enum = schema.get("enum")
    if "const" in schema:
        return schema["const"]
    if isinstance(enum, list) and len(enum) == 1:
        return enum[0]
    parts = as_list(schema.get("allOf")) if depth < _DEEPEST else []
    places = (at.child("allOf", index) for index in range(len(parts)))
    found = (_fixed(place, resolver, with_default=with_default, depth=depth + 1) for place in places)
    value = next((each for each in found if each is not ABSENT), ABSENT)
    default = schema.get("default") if with_default and value is ABSENT else None
    return value if default is None else default


def _read(at: Place, resolver: Resolver) -> Value:
    try:
        return value_at(resolver.resolve(at))
    except ArazzoError:
        return ABSENT  # what cannot be followed says nothing here, and is told where it matters
