"""What a PATCH does to a thing, by the type of its body: JSON Merge Patch, JSON Patch, or the members that it has.

Decides what is changed, and which patch cannot be carried out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.apis.wire_forms.content_types import JSON_PATCH
from arazzo_engine.documents.pointers import parse_pointer, resolve_pointer
from arazzo_engine.documents.values import ABSENT, as_mapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value

MERGE_PATCH: Final = "application/merge-patch+json"


def patched(thing: dict[str, Any], sent: Value, media_type: str) -> dict[str, Any]:
    """Return a thing as a patch leaves it; raises ``ValueError`` for one that cannot be carried out.

    >>> patched({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": None}, "d": None}, MERGE_PATCH)
    {'a': {'c': 2}}
    >>> patched({"a": [1]}, [{"op": "add", "path": "/a/-", "value": 2}], JSON_PATCH)
    {'a': [1, 2]}
    """
    if media_type == MERGE_PATCH:
        return as_mapping(_merged(thing, sent))
    if media_type == JSON_PATCH:
        return as_mapping(_carried_out(thing, sent))
    return {**thing, **as_mapping(sent)}


def _merged(target: Any, patch: Value) -> Any:  # noqa: ANN401 - JSON values
    # RFC 7396, section 2: "if the provided merge patch contains members that do not appear within the target, those
    # members are added [...] Null values in the merge patch are given special meaning to indicate the removal"
    if not isinstance(patch, dict):
        return patch
    merged = dict(as_mapping(target))
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged


def _carried_out(value: Any, operations: Value) -> Any:  # noqa: ANN401 - JSON values
    if not isinstance(operations, list):
        raise ValueError("a JSON Patch is a list of operations")  # noqa: TRY004 - of what was sent
    for number, each in enumerate(operations, start=1):
        written = as_mapping(each)
        name = written.get("op")
        if name not in _OPERATIONS or not isinstance(written.get("path"), str):
            raise ValueError(f"operation {number} of the patch has no `op` and `path` of a JSON Patch")
        try:
            value = _OPERATIONS[str(name)](value, written)
        except ValueError as error:
            raise ValueError(f"operation {number} of the patch, `{name}`: {error}") from error
    return value


def _add(value: JsonValue, written: dict[str, JsonValue]) -> JsonValue:
    return _put(value, parse_pointer(str(written["path"])), written.get("value"))


def _remove(value: JsonValue, written: dict[str, JsonValue]) -> JsonValue:
    return _taken(value, parse_pointer(str(written["path"])))


def _replace(value: JsonValue, written: dict[str, JsonValue]) -> JsonValue:
    path = parse_pointer(str(written["path"]))
    return _put(_taken(value, path), path, written.get("value"))


def _move(value: JsonValue, written: dict[str, JsonValue]) -> JsonValue:
    source = parse_pointer(str(written.get("from", "")))
    return _put(_taken(value, source), parse_pointer(str(written["path"])), _at(value, source))


def _copy(value: JsonValue, written: dict[str, JsonValue]) -> JsonValue:
    return _put(value, parse_pointer(str(written["path"])), _at(value, parse_pointer(str(written.get("from", "")))))


def _test(value: JsonValue, written: dict[str, JsonValue]) -> JsonValue:
    if _at(value, parse_pointer(str(written["path"]))) != written.get("value"):
        raise ValueError(f"another value is at `{written['path']}`")
    return value


_OPERATIONS: Final[dict[str, Callable[[JsonValue, dict[str, JsonValue]], JsonValue]]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _at(value: JsonValue, path: Pointer) -> JsonValue:
    found = resolve_pointer(value, path)
    if found is ABSENT:
        raise ValueError(f"nothing is at `/{'/'.join(path)}`")
    return found


def _put(value: JsonValue, path: Pointer, new: JsonValue) -> JsonValue:
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, first: new if not rest else _put(_at(value, (first,)), rest, new)}
    if isinstance(value, list):
        if rest:
            inner, index = _put(_at(value, (first,)), rest, new), int(first)
            return [*value[:index], inner, *value[index + 1 :]]
        index = len(value) if first == "-" else _index(value, first)
        return [*value[:index], new, *value[index:]]
    raise ValueError(f"`{first}` is below what has no members")


def _taken(value: JsonValue, path: Pointer) -> JsonValue:
    if not path:
        return None
    _at(value, path)
    first, rest = path[0], path[1:]
    if isinstance(value, dict):
        without = {name: each for name, each in value.items() if name != first}
        return {**value, first: _taken(value[first], rest)} if rest else without
    assert isinstance(value, list)  # noqa: S101 - something is there
    index = int(first)
    return [*value[:index], *([_taken(value[index], rest)] if rest else []), *value[index + 1 :]]


def _index(value: list[JsonValue], token: str) -> int:
    if not token.isdecimal() or int(token) > len(value):
        raise ValueError(f"no element is at `{token}`")
    return int(token)
