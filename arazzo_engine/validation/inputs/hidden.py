"""Which parts of a workflow's inputs its schema hides, at any depth and on any way through the schema.

Decides generously: what one of several alternatives hides is hidden, whichever of them holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.validation.inputs.schemas import whole_schema
from arazzo_engine.validation.inputs.subschemas import Root, all_that_apply, every_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Values

_DEEPEST: Final = 8


def hides(linked: LinkedWorkflow) -> bool:
    """Whether the schema of a workflow, or a component that it may refer to, hides anything."""
    return any(is_hidden(schema) for _, schema in every_schema(whole_schema(linked).value))


def hidden_inputs(linked: LinkedWorkflow) -> tuple[str, ...]:
    """Return the names of the inputs that are hidden or have hidden parts."""
    root = whole_schema(linked)
    properties = _properties(all_that_apply([root.value], root))
    return tuple(name for name, schemas in properties.items() if _hides_within(schemas, root))


def hidden_parts(linked: LinkedWorkflow) -> Iterator[tuple[str, ...]]:
    """Yield the path of each part of the inputs that is hidden, or has hidden parts that no names lead to."""
    root = whole_schema(linked)
    for path in _hidden_within([root.value], root, (), set()):
        yield from (path,) if path else ((name,) for name in hidden_inputs(linked))


def _hidden_within(
    schemas: Sequence[JsonValue], root: Root, path: tuple[str, ...], seen: set[int]
) -> Iterator[tuple[str, ...]]:
    parts = list(all_that_apply(schemas, root))
    # what refers to itself, or is used again, is hidden as a whole
    is_new = len(path) < _DEEPEST and seen.isdisjoint(map(id, parts))
    seen.update(map(id, parts))
    others = [each for part in parts for each in (*_of_others(part), *_of_elements(part))]
    if any(map(is_hidden, parts)) or _hides_within(others if is_new else schemas, root):
        yield path
    elif is_new:
        for name, own in _properties(parts).items():
            yield from _hidden_within(own, root, (*path, name), seen)


def _properties(parts: Iterable[dict[str, JsonValue]]) -> dict[str, list[JsonValue]]:
    found: dict[str, list[JsonValue]] = {}
    for part in parts:
        for name, schema in as_mapping(part.get("properties")).items():
            found.setdefault(name, []).append(schema)
    return found


def hidden_values(linked: LinkedWorkflow, inputs: Values) -> Iterator[JsonValue]:
    """Yield every value among the inputs that the schema hides."""
    root = whole_schema(linked)
    return _hidden([root.value], dict(inputs), root)


def is_hidden(schema: dict[str, JsonValue]) -> bool:
    """Whether a schema hides what it describes."""
    # OpenAPI, Data Types: "`password`: A hint to obscure the value."
    return schema.get("format") == "password" or schema.get("writeOnly") is True


def _hides_within(schemas: Sequence[JsonValue], root: Root) -> bool:
    seen: set[int] = set()
    waiting = list(schemas)
    while waiting:
        for part in all_that_apply([waiting.pop()], root):
            if is_hidden(part):
                return True
            if id(part) not in seen:
                seen.add(id(part))
                waiting.extend(_of_members(part))
                waiting.extend(_of_elements(part))
    return False


def _hidden(schemas: Sequence[JsonValue], value: JsonValue, root: Root) -> Iterator[JsonValue]:
    parts = list(all_that_apply(schemas, root))
    if any(map(is_hidden, parts)):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _hidden([each for part in parts for each in _of_member(part, name)], member, root)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _hidden([each for part in parts for each in _of_element(part, index)], element, root)


def _of_member(part: dict[str, JsonValue], name: str) -> list[JsonValue]:
    properties = as_mapping(part.get("properties"))
    patterns = as_mapping(part.get("patternProperties"))
    own = [properties[name]] if name in properties else []
    own += [schema for pattern, schema in patterns.items() if _matches(pattern, name)]
    return [*(own or [part.get("additionalProperties")]), part.get("unevaluatedProperties")]


def _matches(pattern: str, name: str) -> bool:
    import jsonschema_rs  # noqa: PLC0415 - 30 ms that a schema without patterns does not pay

    # Python's `re` can be made to hang by a hostile pattern
    return jsonschema_rs.is_valid({"pattern": pattern}, name)


def _of_element(part: dict[str, JsonValue], index: int) -> list[JsonValue]:
    prefix = as_list(part.get("prefixItems"))
    own = prefix[index] if index < len(prefix) else part.get("items")
    return [own, part.get("contains"), part.get("unevaluatedItems")]


def _of_members(part: dict[str, JsonValue]) -> list[JsonValue]:
    return [*as_mapping(part.get("properties")).values(), *_of_others(part)]


def _of_others(part: dict[str, JsonValue]) -> list[JsonValue]:
    """Return what a schema says of members that it does not name."""
    patterns = as_mapping(part.get("patternProperties")).values()
    return [*patterns, part.get("additionalProperties"), part.get("unevaluatedProperties")]


def _of_elements(part: dict[str, JsonValue]) -> list[JsonValue]:
    return [*as_list(part.get("prefixItems")), part.get("items"), part.get("contains"), part.get("unevaluatedItems")]
