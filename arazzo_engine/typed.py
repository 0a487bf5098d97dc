"""Values that people make and look at: a wrong type is told when they are made, and what they show is one short line.

Decides both once for all of them. What stands in such a line is names, numbers, states and places, never a value that
was given or answered: a value alone cannot know which of those is a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct


class Reticent(Struct, frozen=True):
    """A value that shows only what ``_shown`` says, also to those who ask for more than its ``repr``."""

    def _shown(self) -> str:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown()})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        # msgspec's own names every field, and rich prefers it to `repr`
        return [("", _Words(self._shown()))]


class Typed(Reticent, frozen=True):
    """A value that a person makes: a field that does not hold what its annotation says raises ``TypeError``."""

    def __post_init__(self) -> None:
        for name, hint in _hints(type(self)).items():
            found = _misfit(getattr(self, name), hint)
            if found is not None:
                raise TypeError(_complaint(f"{type(self).__name__}.{name}", hint, found))


class _Words(str):
    """A text that shows itself without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@cache
def _hints(typed: type[Typed]) -> dict[str, Any]:
    return get_type_hints(typed)


def _misfit(value: object, hint: Any) -> tuple[object, Any] | None:  # noqa: ANN401 - the forms of an annotation have no common type
    """Return the part of a value that does not fit, with what should stand there; ``None`` when all of it fits."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        fits = any(_misfit(value, each) is None for each in arguments)
        return None if fits else (value, hint)
    if not _is_instance(value, origin or hint) or _has_another_length(value, arguments):
        return value, hint
    found = (_misfit(part, wanted) for part, wanted in _parts(value, arguments))
    return next((each for each in found if each is not None), None)


def _is_instance(value: object, wanted: Any) -> bool:  # noqa: ANN401 - the same
    # Python takes a boolean for an integer and, in its annotations, an integer for a float
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, (int, float) if wanted is float else NoneType if wanted is None else wanted)


def _has_another_length(value: object, arguments: tuple[Any, ...]) -> bool:
    return isinstance(value, tuple) and Ellipsis not in arguments and len(value) != len(arguments)


def _parts(value: object, arguments: tuple[Any, ...]) -> Iterator[tuple[object, Any]]:
    """Yield the parts of a mapping or a tuple, each with its annotation."""
    if isinstance(value, Mapping):
        for member in value.items():
            yield from zip(member, arguments, strict=True)
    elif isinstance(value, tuple):
        wanted = arguments[:1] * len(value) if Ellipsis in arguments else arguments
        yield from zip(value, wanted, strict=True)


def _complaint(field: str, hint: Any, found: tuple[object, Any]) -> str:  # noqa: ANN401 - the same
    part, wanted = found
    # the value itself is not shown, for it may be secret
    what = f"`{field}` must be `{_written(hint)}`"
    if wanted is hint:
        return f"{what}, not `{_named(part)}`"
    return f"{what}, and holds `{_named(part)}` instead of `{_written(wanted)}`"


def _named(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _written(hint: Any) -> str:  # noqa: ANN401 - the same
    text = hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
    return re.sub(r"\b\w+\.(?=\w)", "", text)
