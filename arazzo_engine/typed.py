"""Values that people make and look at: a wrong type is told when they are made, and what they show is one short line.

Decides both once for all of them. What stands in such a line is names, numbers, states and places, never a value that
was given or answered: a value alone cannot know which of those is a secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Self, TypeAlias, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern

# What does not fit, and what should stand there
_Misfit: TypeAlias = tuple[object, Any]
_MODULE: Final = lazy_pattern(r"\b\w+\.(?=\w)")
_CALLABLE: Final = lazy_pattern(r"Callable\[(?:\[[^\]]*\]|\.\.\.), (?:[^\[\]]|\[[^\[\]]*\])*\]")
_ALIKE: Final[dict[Any, Any]] = {float: (int, float), None: NoneType}


class Reticent(Struct, frozen=True):
    """A value that shows only what ``_shown`` says, also to those who ask for more than its ``repr``."""

    def _shown(self) -> str:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown()})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        # msgspec's own names every field, and rich prefers it to `repr`
        return [("", _Words(self._shown()))]


class Silent(Reticent, frozen=True):
    """A value of a run that shows nothing of what it holds, which may be secrets."""

    def _shown(self) -> str:
        return "…"


class SilentState(Struct):
    """The same for what changes while a run goes on."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("", _Words("…"))]


class Typed(Reticent, frozen=True):
    """A value that a person makes: a field that does not hold what its annotation says raises ``TypeError``."""

    def __post_init__(self) -> None:
        check_fields(self)


class Told:
    """What knows which of its fields were given by name: a default that nobody gave may be replaced by another one."""

    _told: frozenset[str]

    @property
    def told(self) -> frozenset[str]:
        """The names of the fields that were given."""
        return self._told

    def __new__(cls, **given: object) -> Self:
        """Note what is given; the fields are set as ever."""
        made = super().__new__(cls)
        object.__setattr__(made, "_told", frozenset(given))
        return made


def check_fields(value: Any) -> None:  # noqa: ANN401 - a value of any class
    """Raise ``TypeError`` for the first field that does not hold what its annotation says."""
    hints = _hints(type(value))  # type: ignore[arg-type]  # mypy looks for `__hash__` in the class, and not in its type
    for name, hint in hints.items():
        found = _misfit(getattr(value, name), hint)
        if found is not None:
            raise TypeError(_complaint(f"`{name}` of `{type(value).__name__}`", hint, found))


class _Words(str):
    """A text that shows itself without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@cache
def _hints(made: type[Any]) -> dict[str, Any]:
    # what is private nobody gives
    return {name: hint for name, hint in get_type_hints(made).items() if not name.startswith("_")}


@cache
def _form(hint: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401 - the forms of an annotation have no common type
    return get_origin(hint), get_args(hint)


def _misfit(value: object, hint: Any) -> _Misfit | None:  # noqa: ANN401 - the forms of an annotation have no common type
    """Return the part of a value that does not fit, with what should stand there; ``None`` when all of it fits."""
    origin, arguments = _form(hint)
    if origin in {Union, UnionType}:
        return _misfit_of_all(value, hint)
    if origin is Literal:
        return None if value in arguments else (value, hint)
    if not _is_instance(value, origin or hint) or _has_another_length(value, arguments):
        return value, hint
    found = (_misfit(part, wanted) for part, wanted in _parts(value, arguments))
    return next((each for each in found if each is not None), None)


def _misfit_of_all(value: object, hint: Any) -> _Misfit | None:  # noqa: ANN401 - the same
    found = [_misfit(value, each) for each in get_args(hint)]
    if None in found:
        return None
    # a mapping that holds something wrong is the mapping that was meant
    return next((each for each in found if each is not None and each[0] is not value), (value, hint))


def _is_instance(value: object, wanted: Any) -> bool:  # noqa: ANN401 - the same
    # Python takes a boolean for an integer, a text for a sequence and, in its annotations, an integer for a float
    match value:
        case bool():
            return wanted in {bool, object}
        case str() | bytes() if wanted is Sequence:
            return False
        case _:
            return isinstance(value, _ALIKE.get(wanted, wanted))


def _has_another_length(value: object, arguments: tuple[Any, ...]) -> bool:
    # one annotation is for all of a sequence
    is_open = Ellipsis in arguments or len(arguments) <= 1
    return isinstance(value, tuple) and not is_open and len(value) != len(arguments)


def _parts(value: object, arguments: tuple[Any, ...]) -> Iterator[tuple[object, Any]]:
    """Yield the parts of a mapping or a sequence, each with its annotation."""
    if not arguments:
        return
    if isinstance(value, Mapping):
        for member in value.items():
            yield from zip(member, arguments, strict=True)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        is_open = len(arguments) == 1 or Ellipsis in arguments
        yield from zip(value, arguments[:1] * len(value) if is_open else arguments, strict=True)


def _complaint(field: str, hint: Any, found: _Misfit) -> str:  # noqa: ANN401 - the same
    part, wanted = found
    # the value itself is not shown, for it may be secret
    what = f"{field} must be `{_written(hint)}`"
    if wanted is hint:
        return f"{what}, not `{_named(part)}`"
    return f"{what}, and holds `{_named(part)}` instead of `{_written(wanted)}`"


def _named(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _written(hint: Any) -> str:  # noqa: ANN401 - the same
    text = hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
    return _CALLABLE.sub("Callable", _MODULE.sub("", text))
