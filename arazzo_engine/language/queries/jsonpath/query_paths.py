"""What a JSONPath asks of a value: the path of the first thing that it can select, and what must hold there.

Decides it from the text of the query, for the forms that workflows use: names, indexes, wildcards, and filters of
comparisons joined by ``&&``. Whether a value really is selected is for the query itself to say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.queries.jsonpath.forms import OPERATOR, OPPOSITES, STEP
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

_LITERAL: Final = lazy_pattern(
    r"'(?P<single>[^'\\]*)'|\"(?P<double>[^\"\\]*)\"|(?P<json>true|false|null|-?\d+(?:\.\d+)?)"
)
_COUNTED: Final = lazy_pattern(r"(length|count)\(\s*(?=[$@])")
EXISTS: Final = "exists"


class Demand(Struct, frozen=True):
    """What must hold at a path: ``exists``, or a comparison with a value, perhaps of the number of elements there."""

    path: Pointer
    operator: str = EXISTS
    value: JsonValue = None
    counts: bool = False


class _Count(Struct, frozen=True):
    """An operand that is the number of elements at a path."""

    path: Pointer


def demands_of_query(text: str) -> tuple[Demand, ...] | None:
    """Return what must hold in a value for the query to select something, ``None`` when that cannot be told.

    >>> demands_of_query("$.items[?@.state == 'ok'].id")[0]
    Demand(path=('items', '0', 'state'), operator='==', value='ok', counts=False)
    """
    reading = _Reading(text.strip())
    path = reading.path("$", ())
    if path is None or reading.text[reading.at :].strip():
        return None
    return (*reading.demands, Demand(path))


class _Reading(Struct):
    text: str
    at: int = 0
    demands: tuple[Demand, ...] = ()

    def path(self, root: str, start: Pointer) -> Pointer | None:
        """Read a path from its root on; a filter's demands are kept."""
        if not self.text.startswith(root, self.at):
            return None
        self.at += 1
        path = start
        while (match := STEP.match(self.text, self.at)) is not None:
            self.at = match.end()
            token = _token(match)
            before = len(self.demands)
            if match["filter"] is not None and not self._filter((*path, "0")):
                return None
            token = _passing(self.demands[before:], path) or token
            if match["name"] is None and match["any"] is None and not self._skip("]"):
                return None
            path = (*path, token)
        return path

    def _filter(self, element: Pointer) -> bool:
        is_grouped = self._skip("(")
        while True:
            if not self._comparison(element):
                return False
            if not self._skip("&&"):
                return self._skip(")") if is_grouped else True

    def _comparison(self, element: Pointer) -> bool:
        left = self._operand(element)
        if left is None:
            return False
        match = OPERATOR.match(self.text, self.at)
        if match is None:
            return self._keep(left, EXISTS, None)
        self.at = match.end()
        right = self._operand(element)
        if right is None or (isinstance(left, list) is isinstance(right, list)):
            return False
        if isinstance(right, list):
            return self._keep(left, match[1], right)
        return self._keep(right, OPPOSITES.get(match[1], match[1]), left)

    def _keep(self, operand: object, operator: str, value: object) -> bool:
        path = operand.path if isinstance(operand, _Count) else operand
        if not isinstance(path, tuple):
            return False
        wanted = value[0] if isinstance(value, list) else value
        self.demands = (*self.demands, Demand(path, operator, wanted, isinstance(operand, _Count)))
        return True

    def _operand(self, element: Pointer) -> Pointer | _Count | list[JsonValue] | None:
        """Return the path that an operand is, or its literal value in a list."""
        self._skip("")
        match = _COUNTED.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            counted = self.path("$", ()) if self.text.startswith("$", self.at) else self.path("@", element)
            if match[1] == "count" and counted is not None:
                counted = counted[:-1]  # of the elements, as `$.items[*]` selects them
            return None if counted is None or not self._skip(")") else _Count(counted)
        match = _LITERAL.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            return [json.loads(match["json"]) if match["json"] else match["single"] or match["double"] or ""]
        if self.text.startswith("$", self.at):
            return self.path("$", ())
        return self.path("@", element)

    def _skip(self, text: str) -> bool:
        rest = self.text[self.at :]
        blank = len(rest) - len(rest.lstrip())
        if not rest.lstrip().startswith(text):
            return False
        self.at += blank + len(text)
        return True


def _passing(demands: tuple[Demand, ...], path: Pointer) -> str | None:
    """Return the member that a filter selects for sure: of an object that is asked itself, one that it asks for."""
    asked = [each.path for each in demands]
    if not asked or any(each[: len(path) + 1] == (*path, "0") or each[: len(path)] != path for each in asked):
        return None
    return asked[0][len(path)] if len(asked[0]) > len(path) else None


def _token(match: re.Match[str]) -> str:
    named = match["name"] or match["single"] or match["double"]
    if named is not None:
        return named
    index = match["index"] or "0"
    return index if index.isdecimal() else "0"
