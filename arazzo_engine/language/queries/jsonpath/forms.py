"""The form of a JSONPath, as far as workflows use it: names, indexes, wildcards, and filters with functions.

Decides it from the text alone. What a query asks of a value is decided elsewhere, and whether a value really is
selected is for the query itself to say: a text that is not understood here is no mistake.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

STEP: Final = lazy_pattern(
    r"\s*(?:\.\s*(?P<name>[^\W\d][\w\-]*)|\.\s*(?P<any>\*)|\[\s*(?:'(?P<single>[^'\\]*)'|\"(?P<double>[^\"\\]*)\""
    r"|(?P<slice>-?\d*:-?\d*(?::-?\d*)?)|(?P<index>-?\d+)|(?P<all>\*)|\?(?P<filter>))\s*)"
)
_ANYWHERE: Final = lazy_pattern(r"\s*\.(?=\.\s*[^\W\d*])|\s*\.\.\s*(?=[*\[])")
_BESIDE: Final = lazy_pattern(r"\s*,\s*(?:'[^'\\]*'|\"[^\"\\]*\"|-?\d*:-?\d*(?::-?\d*)?|-?\d+|\*)\s*")
OPERATOR: Final = lazy_pattern(r"\s*(==|!=|<=|>=|<|>)\s*")
_LITERAL: Final = lazy_pattern(
    r"'(?P<single>(?:[^'\\]|\\.)*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\"|(?P<json>true|false|null|-?\d+(?:\.\d+)?)"
)
_FUNCTION: Final = lazy_pattern(r"\s*(length|count|value|match|search)\s*\(")
_ESCAPED: Final = lazy_pattern(r"\\(.)")
_DEEPEST: Final = 30


class NotUnderstood(Exception):  # noqa: N818 - it ends the reading, and is no error
    """A query has a form that is not understood here."""


class Query(Struct, frozen=True):
    """A query from a root, ``$`` or ``@``: each segment is a name, an index, or what selects several.

    Of several selectors in one segment, it is the first. It ``spreads`` where there are such, and with ``*``, ``..``
    and slices: a filter may look for one.
    """

    root: str
    segments: tuple[str | Several | Anywhere, ...] = ()
    spreads: bool = False


class Several(Struct, frozen=True):
    """A segment that selects several: all of them from the ``first`` on, or those for which a test is true."""

    test: Test | None = None
    first: str = "0"


class Anywhere(Struct, frozen=True):
    """A segment that selects a value and all within it."""


class FromEnd(str):
    """The index of an element, counted ``back`` from the end; ``0`` as long as nothing is known of the others."""

    __slots__ = ("back",)
    back: int

    def __new__(cls, back: int) -> Self:
        """Return the index of an element that has so many from itself to the end."""
        made = super().__new__(cls, "0")
        made.back = back
        return made


class Measure(Struct, frozen=True):
    """What a function makes of a query: ``length``, ``count`` or ``value``."""

    name: str
    query: Query


class Exists(Struct, frozen=True):
    """Whether a query selects something."""

    query: Query


class Compares(Struct, frozen=True):
    """A comparison of a query, or of what a function makes of one, with a literal."""

    left: Query | Measure
    operator: str
    right: JsonValue


class Matches(Struct, frozen=True):
    """Whether a pattern matches a text: ``match`` the whole of it, ``search`` a part."""

    name: str
    query: Query
    pattern: str


class Joins(Struct, frozen=True):
    """Tests joined by ``&&`` or ``||``."""

    operator: str
    tests: tuple[Test, ...]


class Denies(Struct, frozen=True):
    """A test that must be false."""

    test: Test


Test: TypeAlias = Exists | Compares | Matches | Joins | Denies
OPPOSITES: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class _Literal(Struct, frozen=True):
    value: JsonValue


def query_in(text: str) -> Query:
    """Return the form of a query; raises ``NotUnderstood``."""
    reading = _Reading(text.strip())
    query = reading.query()
    reading.end()
    return query


@lru_cache(maxsize=100)
def spreads(text: str) -> bool:
    """Whether a query selects several values by its form, and not one that it looks for."""
    try:
        return query_in(text).spreads
    except NotUnderstood:
        return False


@lru_cache(maxsize=100)
def place_of(text: str) -> Pointer | None:
    """Return the one place that a query selects in whatever value has it, ``None`` when it looks for places.

    >>> place_of("$.items[0]['unit price']"), place_of("$.items[*]"), place_of("$.items[-1]")
    (('items', '0', 'unit price'), None, None)
    """
    try:
        segments = query_in(text).segments
    except NotUnderstood:
        return None
    named = tuple(each for each in segments if isinstance(each, str) and not isinstance(each, FromEnd))
    return named if len(named) == len(segments) else None


class _Reading(Struct):
    text: str
    at: int = 0
    depth: int = 0

    def end(self) -> None:
        if self.text[self.at :].strip():
            raise NotUnderstood

    def query(self) -> Query:
        self._skip("")
        root = self.text[self.at : self.at + 1]
        if root not in {"$", "@"}:
            raise NotUnderstood
        self.at += 1
        segments: list[str | Several | Anywhere] = []
        spreads = False
        while (match := self._step(segments)) is not None:
            self.at = match.end()
            segments.append(Several(self._test()) if match["filter"] is not None else _segment(match))
            if match["name"] is None and match["any"] is None:
                spreads = self._close() or spreads
        spreads = spreads or any(
            isinstance(each, Anywhere) or (isinstance(each, Several) and each.test is None) for each in segments
        )
        return Query(root, tuple(segments), spreads)

    def _step(self, segments: list[str | Several | Anywhere]) -> re.Match[str] | None:
        """Return the next step, before which there may be what selects anywhere."""
        deep = _ANYWHERE.match(self.text, self.at)
        if deep is None:
            return STEP.match(self.text, self.at)
        segments.append(Anywhere())
        self.at = deep.end()
        # the asterisk of a step has a dot before it, which is the second of two here
        back = self.at - 1 if self.text[self.at] == "*" else self.at
        return STEP.match(self.text, back)

    def _close(self) -> bool:
        """Take the end of a segment, and return whether it has more selectors than one."""
        begun = self.at
        while (beside := _BESIDE.match(self.text, self.at)) is not None:
            self.at = beside.end()
        has_more = self.at > begun
        self._take("]")
        return has_more

    def _test(self) -> Test:
        return self._joined("||", lambda: self._joined("&&", self._single))

    def _joined(self, operator: str, part: Callable[[], Test]) -> Test:
        tests = [part()]
        while self._skip(operator):
            tests.append(part())
        return tests[0] if len(tests) == 1 else Joins(operator, tuple(tests))

    def _single(self) -> Test:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotUnderstood
        try:
            if self._skip("!"):
                return Denies(self._single())
            if self._skip("("):
                test = self._test()
                self._take(")")
                return test
            return self._comparison()
        finally:
            self.depth -= 1

    def _comparison(self) -> Test:
        left = self._operand()
        match = OPERATOR.match(self.text, self.at)
        if match is None:
            return _alone(left)
        self.at = match.end()
        right = self._operand()
        match left, right:
            case (Query() | Measure(), _Literal()):
                return Compares(left, match[1], right.value)
            case (_Literal(), Query() | Measure()):
                return Compares(right, OPPOSITES.get(match[1], match[1]), left.value)
            case _:
                raise NotUnderstood

    def _operand(self) -> Query | Measure | Matches | _Literal:
        self._skip("")
        match = _LITERAL.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            return _Literal(_value(match))
        function = _FUNCTION.match(self.text, self.at)
        if function is None:
            return self.query()
        self.at = function.end()
        query = self.query()
        made: Measure | Matches = Measure(function[1], query)
        if function[1] in {"match", "search"}:
            self._take(",")
            pattern = self._operand()
            if not isinstance(pattern, _Literal) or not isinstance(pattern.value, str):
                raise NotUnderstood
            made = Matches(function[1], query, pattern.value)
        self._take(")")
        return made

    def _take(self, text: str) -> None:
        if not self._skip(text):
            raise NotUnderstood

    def _skip(self, text: str) -> bool:
        rest = self.text[self.at :]
        blank = len(rest) - len(rest.lstrip())
        if not rest.startswith(text, blank):
            return False
        self.at += blank + len(text)
        return True


def _alone(operand: Query | Measure | Matches | _Literal) -> Test:
    match operand:
        case Query():
            return Exists(operand)
        case Matches():
            return operand
        case _:
            raise NotUnderstood


def _value(match: re.Match[str]) -> JsonValue:
    if match["json"]:
        value: JsonValue = json.loads(match["json"])
        return value
    return _ESCAPED.sub(r"\1", match["single"] if match["single"] is not None else match["double"])


def _segment(match: re.Match[str]) -> str | Several:
    for name in ("name", "single", "double"):
        if match[name] is not None:
            return match[name]
    index = match["index"]
    if index is not None:
        return index if index.isdecimal() else FromEnd(-int(index))
    first = (match["slice"] or "").partition(":")[0]
    return Several(first=first if first.isdecimal() else "0")
