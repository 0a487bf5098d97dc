"""Documents that are nearly right: one change each, drawn from a seed, anywhere in a document."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path: TypeAlias = "tuple[str | int, ...]"
_OTHER: Final[dict[type, Any]] = {str: 7, int: "seven", float: "seven", bool: "true", list: {"a": 1}, dict: "text"}


def changed_documents(document: dict[str, Any], count: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield copies of a document with one change each, and what was changed."""
    source = random.Random(seed)
    places = list(_places(document, ()))
    for _ in range(count):
        path = source.choice(places)
        change = source.choice(_CHANGES)
        copied = copy.deepcopy(document)
        parent: Any = copied
        for token in path[:-1]:
            parent = parent[token]
        if change(parent, path[-1]):
            yield f"{change.__name__.strip('_')} {'/'.join(map(str, path))}", copied


def _places(value: Any, path: Path) -> Iterator[Path]:
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for token, member in members:
        yield from _places(member, (*path, token))


def _drop(parent: Any, token: str | int) -> bool:
    del parent[token]
    return True


def _rename(parent: Any, token: str | int) -> bool:
    if not isinstance(token, str):
        return False
    parent[token[:-1] + "q"] = parent.pop(token)
    return True


def _retype(parent: Any, token: str | int) -> bool:
    other = _OTHER.get(type(parent[token]))
    parent[token] = other
    return other is not None


def _repeat(parent: Any, token: str | int) -> bool:
    if not isinstance(parent, list):
        return False
    parent.append(copy.deepcopy(parent[int(token)]))
    return True


def _add(parent: Any, token: str | int) -> bool:
    if not isinstance(parent[token], dict):
        return False
    parent[token]["colour"] = "red"
    return True


def _extend(parent: Any, token: str | int) -> bool:
    if not isinstance(parent[token], dict):
        return False
    parent[token]["x-colour"] = "red"
    return True


def _empty(parent: Any, token: str | int) -> bool:
    kind = type(parent[token])
    parent[token] = kind()
    return kind in {list, dict, str}


def _misspell(parent: Any, token: str | int) -> bool:
    if not isinstance(parent[token], str):
        return False
    parent[token] += "q"
    return True


_CHANGES: Final[tuple[Callable[[Any, str | int], bool], ...]] = (
    *(_drop, _rename, _retype, _repeat, _add, _extend, _empty, _misspell),
)
