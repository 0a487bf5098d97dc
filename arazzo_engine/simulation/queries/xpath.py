"""What an XPath asks of the value that an XML answer is written from.

Decides it for the forms that workflows use: a path of elements from the root, with tests in brackets, that is there, is
compared with a literal, counted or searched, and such tests joined by ``and``, or by ``or``, of which the first is
asked for. Any other form is not guessed at.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.language.queries.jsonpath.forms import OPPOSITES
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.simulation.queries.jsonpath import EXISTS, LACKS, LENGTH, NEGATED, REGEX, Demand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.pointers import Pointer

_QUOTED: Final = r"'[^']*'|\"[^\"]*\""
_WITHIN: Final = rf"(?:{_QUOTED}|[^\[\]'\"])*"
_STEP: Final = lazy_pattern(rf"/(?P<name>text\(\)|@?[\w.\-]+)(?P<tests>(?:\[{_WITHIN}\])*)")
_TEST: Final = lazy_pattern(rf"\[({_WITHIN})\]")
_LITERAL: Final = lazy_pattern(rf"{_QUOTED}|-?\d+(?:\.\d+)?")
_CALL: Final = lazy_pattern(r"(?P<name>[a-z\-]+)\(\s*(?P<within>.+?)\s*\)")
_SEARCHED: Final = lazy_pattern(rf"(?P<asked>.+?)\s*,\s*(?P<text>{_QUOTED})")
_LITERALS: Final = lazy_pattern(rf"\(\s*({_QUOTED}|-?\d+(?:\.\d+)?)\s*(?:,[^()]*)?\)")
_PIECE: Final = lazy_pattern(rf"{_QUOTED}|\s+(?:and|or)\s+|\s*(?:!=|<=|>=|=|<|>)\s*|.")
_OPERATORS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_SPECIAL: Final = lazy_pattern(r"([\\^$.*+?()\[\]{}|/])")
# a name in any namespace is that name in the value
_ANY_NAMESPACE: Final = lazy_pattern(
    r"\*:(?=\w)|\*\[\s*local-name\(\s*\.?\s*\)\s*=\s*(['\"])(?P<name>[\w.\-]+)\1\s*(?:\]|(?P<more>and\s+))"
)
# other ways to write the same
_PLAIN: Final = (
    (lazy_pattern(r"/child::"), "/"),
    (lazy_pattern(r"/descendant(?:-or-self)?::(?=\w)"), "//"),
    (lazy_pattern(r"\battribute::"), "@"),
    (lazy_pattern(r"\[\s*position\(\)\s*=\s*(\d+|last\(\))\s*\]"), r"[\1]"),
    (lazy_pattern(r"(?<![\w\-])\((/[^()|,]*)\)(?=[\[/])"), r"\1"),
)
# what is compared is the same without it
_AS_IT_IS: Final = frozenset({"string", "number", "normalize-space", "boolean", "exists", "lower-case", "upper-case"})
# of one element they are what it holds
_OF_SEVERAL: Final = frozenset({"sum", "max", "min", "avg"})
_DENIALS: Final = frozenset({"not", "empty"})
# the pattern of what is looked for; what `matches` looks for is one
_SEARCHES: Final = {"contains": "{}", "starts-with": "^{}", "ends-with": "{}$", "matches": ""}
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
    return _understood(_plain(text)) if len(text) <= _LONGEST else ()


def selected_by_xpath(text: str) -> tuple[Pointer, tuple[Demand, ...]] | None:
    """Return what an XPath selects, and what must hold for it to; ``None`` when that cannot be told.

    >>> selected_by_xpath("/order/item[@id = 7]/sku")
    (('item', 'sku'), (Demand(path=('item', 'id'), operator='==', value=7, of='', header=''),))
    """
    if len(text) > _LONGEST:
        return None
    plain = _plain(text)
    call = _CALL.fullmatch(plain)
    if call is not None and call["name"] in _AS_IT_IS:
        plain = call["within"]
    # where anything below is meant depends on what is described
    if "//" in plain:
        return None
    try:
        path, demands = _path(plain, None)
    except _NotUnderstoodError:
        return None
    return path, tuple(demands)


def of_local_names(text: str) -> str:
    """Return an XPath whose names of any namespace are those that a value has.

    >>> of_local_names("/*:order/*[local-name() = 'state'] = 'done'")
    "/order/state = 'done'"
    """
    return _ANY_NAMESPACE.sub(lambda found: (found["name"] or "") + ("[" if found["more"] else ""), text)


def denials_of_xpath(text: str) -> tuple[Demand, ...]:
    """Return what must hold in a value for an XPath to be false of its XML, nothing when that cannot be told."""
    if len(text) > _LONGEST:
        return ()
    try:
        return tuple(_denials(_plain(text), None))
    except _NotUnderstoodError:
        return ()


def _plain(text: str) -> str:
    text = of_local_names(text.strip())
    for written, plain in _PLAIN:
        text = written.sub(plain, text)
    return text


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


def _understood(text: str, base: Pointer | None = None) -> tuple[Demand, ...]:
    """Return what the parts of a test ask that are understood, of alternatives the first."""
    found: list[Demand] = []
    for part in _first_way(text):
        with suppress(_NotUnderstoodError):
            found += [*_of_test(part, base)]
    return tuple(found)


def _first_way(text: str) -> list[str]:
    """Return the tests that must all hold for the first of the alternatives to do so."""
    return _joined(_joined(text, "or")[0], "and")


def _joined(text: str, by: str) -> list[str]:
    return _split(text, lambda piece: piece.strip() == by)[::2]


def _of_test(text: str, base: Pointer | None) -> Iterator[Demand]:
    """Yield what a test asks, of alternatives the first; within brackets it is asked of the element at ``base``."""
    for part in _first_way(text):
        within = _within_parentheses(part)
        yield from _of_one(part, base) if within is None else _of_test(within, base)


def _denials(text: str, base: Pointer | None) -> Iterator[Demand]:
    """Yield what must hold for a test to fail: each alternative does, by the first thing that it asks."""
    for way in _joined(text, "or"):
        within = _within_parentheses(way)
        if within is not None:
            yield from _denials(within, base)
        elif first := _understood(way, base)[:1]:
            yield _denied(*first)
        else:
            raise _NotUnderstoodError


def _within_parentheses(text: str) -> str | None:
    is_whole = text[:1] == "(" and _split(text, lambda piece: piece == ")") == [text[:-1], ")", ""]
    return text[1:-1].strip() if is_whole else None


def _of_one(text: str, base: Pointer | None) -> Iterator[Demand]:
    left, *compared = _turned(_split(text, lambda piece: piece.strip() in _OPERATORS))
    call = _CALL.fullmatch(left)
    name, within = ("", left) if call is None else (call["name"], call["within"])
    if name in _AS_IT_IS:
        name = ""
    match name, compared:
        case _, [] if name in _DENIALS:
            yield from _denials(within, base)
        case _, [] if name in _SEARCHES:
            yield from _searched(within, _SEARCHES[name], base)
        case "", []:
            path, demands = _path(within, base)
            is_there = any(each.path[: len(path)] == path for each in demands)
            yield from demands if is_there else (*demands, Demand(path))
        case _, [operator, other]:
            yield from _compared(name, within, ("==" if operator == "=" else operator, _literal(other)), base)
        case _:
            raise _NotUnderstoodError


def _turned(sides: list[str]) -> list[str]:
    """Return a comparison with its literal at the right."""
    if len(sides) == len(("left", "operator", "right")) and _LITERAL.fullmatch(sides[0]):
        return [sides[2], OPPOSITES.get(sides[1], sides[1]), sides[0]]
    return sides


def _compared(name: str, asked: str, wanted: tuple[str, str | float], base: Pointer | None) -> Iterator[Demand]:
    path, demands = _path(asked, base)
    operator, value = wanted
    if name == "count":
        yield from _counted(path, demands, operator, value)
    elif name in {"", "string-length"} or name in _OF_SEVERAL:
        yield from demands
        yield Demand(path, operator, value, LENGTH if name == "string-length" else "")
    else:
        raise _NotUnderstoodError


def _counted(path: Pointer, tests: list[Demand], operator: str, value: str | float) -> Iterator[Demand]:
    """Yield what must be there for so many elements of a name: the last with all that pass, or not the first."""
    if not isinstance(value, int) or not 0 <= value < _MOST_COUNTED:
        raise _NotUnderstoodError
    if (operator, value) in {("==", 0), ("<=", 0), ("<", 1)}:
        yield from map(_denied, tests[:1] or [Demand(path)])
        return
    # one element is there anyhow
    least = {"==": value, ">=": value, ">": value + 1, "!=": 2 if value == 1 else 1}.get(operator, 1)
    yield Demand((*path, str(least - 1)) if least > 1 else path)
    if least == 1:
        yield from tests
        return
    for index in range(least):
        yield from (replace(each, path=(*path, str(index), *each.path[len(path) :])) for each in tests)


def _searched(within: str, form: str, base: Pointer | None) -> Iterator[Demand]:
    found = _SEARCHED.fullmatch(within)
    if found is None:
        raise _NotUnderstoodError
    path, demands = _path(found["asked"], base)
    yield from demands
    text = found["text"][1:-1]
    yield Demand(path, "==", form.format(_SPECIAL.sub(r"\\\1", text)) if form else text, REGEX)


def _path(text: str, base: Pointer | None) -> tuple[Pointer, list[Demand]]:
    """Return the path below the root element, whose name the value does not have, and what its tests ask.

    ``//x`` is looked for at its top.
    """
    if base is not None and text in _ITSELF:
        return base, []
    if "//" in text[1:]:
        # what is anywhere below is looked for by its own name
        text = f"//{text.rpartition('//')[2]}"
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
                demands += _of_test(test, tuple(path))
        at = step.end()
    if at != len(steps) or not at:
        raise _NotUnderstoodError
    return tuple(path), demands


def _literal(text: str) -> str | float:
    several = _LITERALS.fullmatch(text)
    text = text if several is None else several[1]
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
