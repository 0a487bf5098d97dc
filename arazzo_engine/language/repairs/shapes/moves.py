"""Where the parts of an object stood that a repair has given another shape: a finding is told where its text is.

Decides it by the values alone: what a repair has put elsewhere is what it found, and nothing else is equal to it. What
is new has no place in the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.pointers import resolve_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue


def moves(found: JsonValue, written: JsonValue) -> dict[Pointer, Pointer]:
    """Return where in what was found each part of what is written stood, if it stood elsewhere.

    >>> moves({"body": "$inputs.b"}, {"requestBody": {"payload": "$inputs.b"}})
    {('requestBody', 'payload'): ('body',)}
    """
    if isinstance(found, dict) and isinstance(written, list):
        # a list of itself, or of what it had by names, which keep their order
        return {("0",): ()} if written == [found] else {(str(at),): (name,) for at, name in enumerate(found)}
    before = _places(found, lambda pointer, value: resolve_pointer(written, pointer) is value)
    after = _places(written, lambda pointer, value: resolve_pointer(found, pointer) is value, before)
    pairs = ((new, before.get(key, [])) for key, new in after.items())
    return {to: start for new, old in pairs if len(new) == len(old) for to, start in zip(new, old, strict=True)}


def _places(
    value: JsonValue,
    is_passed_over: Callable[[Pointer, JsonValue], bool],
    known: dict[Hashable, list[Pointer]] | None = None,
) -> dict[Hashable, list[Pointer]]:
    """Return where each part stands, by what it is; what is known as a whole is not looked into."""
    places: dict[Hashable, list[Pointer]] = {}
    for pointer, part in _parts(value, is_passed_over, known or {}):
        places.setdefault(_key(part), []).append(pointer)
    return places


def _parts(
    value: JsonValue, is_passed_over: Callable[[Pointer, JsonValue], bool], known: dict[Hashable, list[Pointer]]
) -> Iterator[tuple[Pointer, JsonValue]]:
    waiting: list[tuple[Pointer, JsonValue]] = [((), value)]
    while waiting:
        pointer, part = waiting.pop()
        if pointer:
            if is_passed_over(pointer, part):
                continue
            yield pointer, part
            if _key(part) in known:
                continue
        if isinstance(part, dict | list):
            inner = list(part.items() if isinstance(part, dict) else enumerate(part))
            waiting.extend(((*pointer, str(token)), each) for token, each in reversed(inner))


def _key(part: JsonValue) -> Hashable:
    # objects and lists are those that were found; texts and numbers may be equal to others
    return id(part) if isinstance(part, dict | list) else (type(part), part)
