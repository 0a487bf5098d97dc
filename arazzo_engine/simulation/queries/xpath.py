"""What an XPath asks of the value that an XML answer is written from.

Decides it for the forms that workflows use: a path of elements from the root, with tests in brackets, that is there, is
compared with a literal, counted or searched, and such tests joined by ``and``. Any other form is not guessed at.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.simulation.queries.jsonpath import EXISTS, LACKS, LENGTH, NEGATED, REGEX, Demand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.pointers import Pointer

_QUOTED: Final = r"'[^']*'|\"[^\"]*\""
_WITHIN: Final = rf"(?:{_QUOTED}|[^\[\]'\"])*"
_STEP: Final = lazy_pattern(rf"/(?P<name>@?[\w.\-]+|text\(\))(?P<tests>(?:\[{_WITHIN}\])*)")
_TEST: Final = lazy_pattern(rf"\[({_WITHIN})\]")
_LITERAL: Final = lazy_pattern(rf"{_QUOTED}|-?\d+(?:\.\d+)?")
_CALL: Final = lazy_pattern(r"(?P<name>[a-z\-]+)\(\s*(?P<within>.+?)\s*\)")
_SEARCHED: Final = lazy_pattern(rf"(?P<asked>.+?)\s*,\s*(?P<text>{_QUOTED})")
_PIECE: Final = lazy_pattern(rf"{_QUOTED}|\s+and\s+|\s*(?:!=|<=|>=|=|<|>)\s*|.")
_OPERATORS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_SPECIAL: Final = lazy_pattern(r"([\\^$.*+?()\[\]{}|/])")
# a name in any namespace is that name in the value
_ANY_NAMESPACE: Final = lazy_pattern(r"\*:(?=\w)|\*\[local-name\(\) = '([\w.\-]+)'\]")
# what is compared is the same without it
_AS_IT_IS: Final = frozenset({"string", "number", "normalize-space", "boolean"})
_BEGINNINGS: Final = {"contains": "", "starts-with": "^"}
_ITSELF: Final = frozenset({".", "text()"})
_LAST: Final = frozenset({"1", "last()"})
_LONGEST: Final = 1_000
_MOST_COUNTED: Final = 100


class _NotUnderstoodError(ValueError):
    """An XPath has a form that is not guessed at."""


def demands_of_xpath(text: str) -> tuple[Demand, ...]:
    """Return what must hold in a value for an XPath to be true of its XML, nothing when that cannot be told.

    >>> demands_of_xpath("/order/state = 'done'")
    (Demand(path=('state',), operator='==', value='done', of='', header=''),)
    >>> demands_of_xpath("/order/item[@id = 7]")[0]
    Demand(path=('item', 'id'), operator='==', value=7, of='', header='')
    """
    parts = _split(of_local_names(text.strip()), lambda piece: piece.strip() == "and") if len(text) <= _LONGEST else []
    return tuple(demand for part in parts[::2] for demand in _understood(part))


def of_local_names(text: str) -> str:
    """Return an XPath whose names of any namespace are those that a value has.

    >>> of_local_names("/*:order/*[local-name() = 'state'] = 'done'")
    "/order/state = 'done'"
    """
    return _ANY_NAMESPACE.sub(lambda found: found[1] or "", text)


def denials_of_xpath(text: str) -> tuple[Demand, ...]:
    """Return what must hold in a value for an XPath to be false of its XML, nothing when that cannot be told."""
    return tuple(map(_denied, demands_of_xpath(text)[:1]))


def _split(text: str, is_cut: Callable[[str], bool]) -> list[str]:
    """Return what stands between pieces outside quotes and brackets, each piece after what is before it."""
    depth, parts = 0, [""]
    for piece in (found[0] for found in _PIECE.finditer(text)):
        depth += (piece in {"[", "("}) - (piece in {"]", ")"})
        if depth == 0 and is_cut(piece):
            parts += [piece.strip(), ""]
        else:
            parts[-1] += piece
    return [each.strip() for each in parts]


def _understood(text: str) -> tuple[Demand, ...]:
    try:
        return tuple(_of_test(text, None))
    except _NotUnderstoodError:
        return ()


def _of_test(text: str, base: Pointer | None) -> Iterator[Demand]:
    """Yield what a test asks; within brackets it is asked of the element at ``base``."""
    left, *compared = _split(text, lambda piece: piece.strip() in _OPERATORS)
    call = _CALL.fullmatch(left)
    name, within = ("", left) if call is None else (call["name"], call["within"])
    if name in _AS_IT_IS:
        name = ""
    match name, compared:
        case "not", []:
            yield from map(_denied, list(_of_test(within, base))[:1])
        case "contains" | "starts-with", []:
            yield from _searched(within, _BEGINNINGS[name], base)
        case "", []:
            path, demands = _path(within, base)
            is_there = any(each.path[: len(path)] == path for each in demands)
            yield from demands if is_there else (*demands, Demand(path))
        case _, [operator, other]:
            yield from _compared(name, within, ("==" if operator == "=" else operator, _literal(other)), base)
        case _:
            raise _NotUnderstoodError


def _compared(name: str, asked: str, wanted: tuple[str, str | float], base: Pointer | None) -> Iterator[Demand]:
    path, demands = _path(asked, base)
    yield from demands
    operator, value = wanted
    if name == "count":
        yield from _counted(path, operator, value)
    elif name in {"", "string-length"}:
        yield Demand(path, operator, value, LENGTH if name else "")
    else:
        raise _NotUnderstoodError


def _counted(path: Pointer, operator: str, value: str | float) -> Iterator[Demand]:
    """Yield what must be there for so many elements of a name: the last of them, or not even the first."""
    if not isinstance(value, int) or not 0 <= value < _MOST_COUNTED:
        raise _NotUnderstoodError
    if (operator, value) in {("==", 0), ("<=", 0), ("<", 1)}:
        yield Demand((*path, "0"), LACKS)
        return
    # one element is there anyhow
    least = {"==": value, ">=": value, ">": value + 1, "!=": 2 if value == 1 else 1}.get(operator, 1)
    yield Demand((*path, str(least - 1)) if least > 1 else path)


def _searched(within: str, beginning: str, base: Pointer | None) -> Iterator[Demand]:
    found = _SEARCHED.fullmatch(within)
    if found is None:
        raise _NotUnderstoodError
    path, demands = _path(found["asked"], base)
    yield from demands
    yield Demand(path, "==", beginning + _SPECIAL.sub(r"\\\1", found["text"][1:-1]), REGEX)


def _path(text: str, base: Pointer | None) -> tuple[Pointer, list[Demand]]:
    """Return the path below the root element, whose name the value does not have, and what its tests ask.

    ``//x`` is looked for at its top.
    """
    if base is not None and text in _ITSELF:
        return base, []
    steps = text[1:] if text.startswith("//") else text if base is None else f"/{text.removeprefix('./')}"
    path, demands, at = list(base or ()), list[Demand](), 0
    is_below_root = base is not None or text.startswith("//")
    while (step := _STEP.match(steps, at)) is not None:
        if (is_below_root or at) and step["name"] != "text()":
            path.append(step["name"].removeprefix("@"))
        for test in _TEST.findall(step["tests"]):
            if test.isdecimal() and test.strip("0") and test not in _LAST:
                path.append(str(int(test) - 1))
            elif test not in _LAST:
                parts = _split(test, lambda piece: piece.strip() == "and")[::2]
                demands += [each for part in parts for each in _of_test(part, tuple(path))]
        at = step.end()
    if at != len(steps) or not at:
        raise _NotUnderstoodError
    return tuple(path), demands


def _literal(text: str) -> str | float:
    if _LITERAL.fullmatch(text) is None:
        raise _NotUnderstoodError
    if text[0] in "'\"":
        return text[1:-1]
    value: float = json.loads(text)
    return value


def _denied(demand: Demand) -> Demand:
    if demand.operator in {EXISTS, LACKS}:
        return Demand(demand.path, LACKS if demand.operator == EXISTS else EXISTS)
    return replace(demand, operator=NEGATED[demand.operator])
