"""The repair of workflows that use inputs and do not declare them: each input they use is one that must be given.

An input that no schema knows could be left out silently; one that is required stops the run before its first request.
Only what is Arazzo is looked at: a description or an extension is none, and a member of a payload is data whatever it
is called. The components that a workflow refers to are its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import nearest
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.expressions.grammar import ExpressionError, Root, parse_expression
from arazzo_engine.language.repairs.names import entries, members, parts_of
from arazzo_engine.language.repairs.references import named_component
from arazzo_engine.language.repairs.sites import Kind, sites
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import near_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.sites import Site

_BRACES: Final = lazy_pattern(r"\{(\$inputs\.[^{}]*)\}")
# in a text without braces, or in a condition that is none yet: a name that could go on is not decided here
_BARE: Final = lazy_pattern(r"\$inputs\.([A-Za-z0-9_\-]+)(?![\w.\[\-$@])")
# a schema that says nothing of inputs that it does not name
_PLAIN: Final = frozenset({"type", "required", "properties", "description", "title", "$schema", "examples", "example"})
_JOINING: Final = frozenset({"$ref", "allOf"})
_PARAMETERS: Final = frozenset({Kind.ARGUMENT, Kind.PARAMETER})
_SHELVES: Final = ("parameters", "successActions", "failureActions")


def declare_inputs(workflow: JsonValue, document: JsonValue = None) -> dict[str, JsonValue] | None:
    """Return the schema of the inputs that a workflow uses, ``None`` when it has one that declares them."""
    if not isinstance(workflow, dict):
        return None
    inputs = workflow.get("inputs", {})
    declared = _declared(inputs, document) if "inputs" in workflow else {}
    if declared is None:
        return None
    used = set(_used(workflow, members(document, "components")))
    known = used | declared.keys()
    names = sorted(name for name in used if not _is_member(name, known))
    missing = [name for name in names if name not in declared and not _is_slip(name, declared, used)]
    if not missing:
        return None
    given = given_as_inputs(workflow)
    needed = entries(inputs, "required")
    required = [*needed, *(name for name in missing if name not in given and name not in needed)]
    properties = {**members(inputs, "properties"), **{name: given.get(name, {}) for name in missing}}
    own_type = {} if inputs.keys() & _JOINING else {"type": "object"}
    of_required = {"required": required} if required else {}
    return {**own_type, **inputs, **of_required, "properties": properties}


def given_as_inputs(workflow: JsonValue) -> dict[str, JsonValue]:
    """Return the schema of each input that a workflow gives a value to among its parameters, where none can be for it.

    A parameter without `in` is an input of a workflow that a step calls, and no step calls one. That it is none of this
    workflow is told where parameters are checked.
    """
    if any(isinstance(step, dict) and "workflowId" in step for step in entries(workflow, "steps")):
        return {}
    found = (each for each in entries(workflow, "parameters") if isinstance(each, dict) and "in" not in each)
    return {
        each["name"]: {"default": each["value"]}
        for each in found
        if isinstance(each.get("name"), str) and "value" in each and "$" not in str(each["value"])
    }


def _declared(inputs: JsonValue, document: JsonValue) -> dict[str, JsonValue] | None:
    """Return the inputs that a schema declares, ``None`` when it may allow others, or forbids them.

    So do those schemas that it takes in by ``allOf``, and by ``$ref`` from the components of the same document.
    """
    declared: dict[str, JsonValue] = {}
    for part in parts_of(inputs, document):
        found = _declared_alone(part)
        if found is None:
            return None
        declared |= found
    return declared


def _declared_alone(schema: JsonValue) -> dict[str, JsonValue] | None:
    is_plain = isinstance(schema, dict) and schema.keys() <= _PLAIN | _JOINING
    if not is_plain or schema.get("type", "object") != "object" or not isinstance(schema.get("required", []), list):
        return None
    found = schema.get("properties", {})
    return found if isinstance(found, dict) else None


def _is_member(name: str, known: set[str]) -> bool:
    """Whether what follows one of the inputs in a name is a member of that one."""
    return any(name[:end] in known for end, sign in enumerate(name) if sign == ".")


def _is_slip(name: str, declared: dict[str, JsonValue], used: set[str]) -> bool:
    """Whether one that is declared can be meant, which only its author knows; one that is used, by a slip alone."""
    words = name.replace("_", "").replace("-", "").casefold()
    alike = (each.replace("_", "").replace("-", "").casefold() for each in declared)
    if near_name(name, declared) or any(words in each or each in words for each in alike):
        return True
    return nearest(name, [each for each in declared if each not in used]) is not None


def _used(workflow: dict[str, JsonValue], components: dict[str, JsonValue]) -> Iterator[str]:
    shelves: dict[str, dict[str, JsonValue]] = {shelf: {} for shelf in _SHELVES}
    # without components, nothing can be referred to
    waiting: list[JsonValue] = [workflow] if components else []
    while waiting:
        for shelf, name in _references(waiting.pop()):
            if name not in shelves[shelf] and name in members(components, shelf):
                shelves[shelf][name] = components[shelf][name]
                waiting.append(components[shelf][name])
    for site in sites({"workflows": [workflow], "components": shelves}):
        yield from _names_at(site)
    for step in entries(workflow, "steps"):
        for each in entries(members(step, "requestBody"), "replacements"):
            if isinstance(each, dict):
                yield from _in_text(each.get("target"))


def _references(value: JsonValue) -> Iterator[tuple[str, str]]:
    """Yield the shelf and the name of each component that is referred to."""
    match value:
        case dict():
            yield from named_component(value)
            for member in value.values():
                yield from _references(member)
        case list():
            for element in value:
                yield from _references(element)
        case _:
            pass


def _names_at(site: Site) -> Iterator[str]:
    if site.kind is Kind.CRITERION:
        text = site.value.get("condition")
        is_simple = site.value.get("type", "simple") == "simple"
        yield from _in_condition(text) if is_simple else _in_text(text)
        yield from _in_text(site.value.get("context"))
    elif site.kind is Kind.SELECTOR:
        yield from _in_text(site.value.get("context"))
    elif site.kind in {Kind.VALUE, Kind.OUTPUT, *_PARAMETERS}:
        yield from _in_text(site.value)
        if site.kind in _PARAMETERS and not site.value.startswith("$") and "{$" not in site.value:
            yield from (match[1] for match in _BARE.finditer(site.value))


def _in_text(text: JsonValue) -> Iterator[str]:
    if isinstance(text, str) and "$inputs." in text:
        for each in [text] if text.startswith("$") else _BRACES.findall(text):
            yield from _in_expression(each)


def _in_expression(text: str) -> Iterator[str]:
    try:
        expression = parse_expression(text)
    except ExpressionError:
        return
    if expression.root is Root.INPUTS:
        yield expression.names[0]


def _in_condition(text: JsonValue) -> Iterator[str]:
    if not isinstance(text, str) or "$inputs." not in text:
        return
    try:
        condition = parse_condition(text)
    except ExpressionError:
        # it may become a condition by another repair
        yield from (match[1] for match in _BARE.finditer(text))
        return
    for reference in references_in(condition.node):
        # with a dot, an input or a member of one could be meant
        if len(reference.readings) == 1 and reference.readings[0][0].root is Root.INPUTS:
            yield reference.readings[0][0].names[0]
