"""Repairs of JSONPath criteria that hold a comparison instead of a query: the RFC 9535 filter that means the same.

``$[?$.status == 'done']`` asks of each member of the context whether ``$.status``, a member of the context itself, is
``'done'``: it selects something when the comparison holds, unless the context is empty. A comparison that an empty
context would pass has no such filter, and is not repaired.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.documents.values import ABSENT, JsonValue, Value
from arazzo_engine.language.conditions.comparison import ORDER, is_number
from arazzo_engine.language.repairs.whole_objects import WHOLE
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.repairs.names import Names

_RFC_9535: Final = ("jsonpath", {"type": "jsonpath", "version": "rfc9535"})
_MOST_TOKENS: Final = 200
_TOKEN: Final = lazy_pattern(
    r"\s*(?:"
    r"(?P<path>\$(?:\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\]|\['[^'\\\]]*'\]|\[\"[^\"\\\]]*\"\])+)"
    r"|(?P<expression>\$(?:inputs|outputs|steps|workflows|request|response)[.#][^\s=<>!&|()'\"]+|\$(?:statusCode|url|method)\b)"
    r"|(?P<literal>'[^'\\]*'|\"[^\"\\]*\"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?![\w.])|(?:true|false|null)(?!\w))"
    r"|(?P<sign>==|!=|<=|>=|<|>)"
    r"|(?P<join>&&|\|\|)"
    r"|(?P<no>!(?=\s*\())"
    r"|(?P<group>[()])"
    r"|(?P<end>$))"
)
_LENGTH: Final = ".length"
_NAME: Final = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_PART: Final = lazy_pattern(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\['([^']*)'\]|\[\"([^\"]*)\"\]")


class _Operand(Struct, frozen=True):
    """A side of a comparison: its text, its value, and what it is in an empty context."""

    text: str
    value: Value
    if_empty: Value

    @property
    def is_null(self) -> bool:
        return self.value is None


class _Filter(Struct, frozen=True):
    """A part of a filter, and whether an empty context passes it."""

    text: str
    passes_empty: bool


class _NotAComparison(Exception):  # noqa: N818 - it ends the parse, and is no error
    pass


_Tokens: TypeAlias = "list[tuple[str, str]]"


def filter_comparisons(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$.status == "done"`` is ``$[?$.status == 'done']``: a criterion of this type is a query."""
    text = criterion.get("condition")
    # all inputs or outputs as a whole are no context of a query
    if not isinstance(text, str) or criterion.get("type") not in _RFC_9535 or is_whole(criterion.get("context")):
        return None
    try:
        found = _Parser(_tokens(with_length(text))).whole()
    except _NotAComparison:
        return None
    return None if found.passes_empty else {**criterion, "condition": f"$[?{found.text}]"}


def filter_above(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$.length == 0`` of ``$response.body#/items`` is ``$[?length($.items) == 0]`` of ``$response.body``.

    An empty list has no element of which a filter could ask; what it stands in has one, the list itself.
    """
    text, context = criterion.get("condition"), criterion.get("context")
    if not isinstance(text, str) or not isinstance(context, str) or "#/" not in context:
        return None
    above, pointer = context.split("#", 1)
    *rest, last = parse_pointer(pointer)
    try:
        tokens = _tokens(with_length(text))
    except _NotAComparison:
        return None
    if not any(kind == "path" and token == f"${_LENGTH}" for kind, token in tokens):
        return None
    step = f".{last}" if _NAME.fullmatch(last) else f"[{last}]" if last.isdecimal() else f"['{last}']"
    moved = " ".join(f"${step}{token[1:]}" if kind == "path" else token for kind, token in tokens).strip()
    outer = f"{above}#{render_pointer(rest)}" if rest else above
    return filter_comparisons({**criterion, "context": outer, "condition": moved}, names)


# ways of other languages to count: a function of the value, before or after it
_COUNTED: Final = lazy_pattern(
    r"\b(?:length|count|size|len)\(\s*(\$[^\s()'\"]*?)(?:\[\*\]|\.\*)?\s*\)"
    r"|(\$[^\s()'\"=<>!&|]*)(?:\.(?:length|size|count)\(\)|\s*\|\s*(?:length|count|size)\b(?:\(\))?"
    r"|(?<=[\w\]])\s+count(?=\s*(?:[=!]=|[<>]=?)\s*\d))"
)


def is_whole(context: JsonValue) -> bool:
    """Whether a context is all inputs or all outputs, which no expression of the grammar names."""
    return isinstance(context, str) and WHOLE.fullmatch(context) is not None


def with_length(text: str) -> str:
    """Return a condition in which a number of elements is named by `.length`, whatever language counted them.

    >>> with_length("count($.items[*]) > 0"), with_length("$.items.size() > 0"), with_length("$.items | length > 0")
    ('$.items.length > 0', '$.items.length > 0', '$.items.length > 0')
    """
    return _COUNTED.sub(lambda match: f"{match[1] or match[2]}{_LENGTH}", text)


def condition_of(text: str, part: Callable[[Pointer], str | None]) -> str | None:
    """Return comparisons of parts of a context as a simple condition; ``part`` gives the expression of one.

    ``None`` when the text is something else.
    """
    try:
        tokens = _tokens(with_length(text))
        _Parser(tokens, may_name=True).whole()
    except _NotAComparison:
        return None
    written = [part(_pointer(token)) if kind == "path" else token for kind, token in tokens]
    if None in written:
        return None
    return "".join(_spaced(each or "", before) for each, before in zip(written, ["(", *written], strict=False))


def _spaced(token: str, before: str | None) -> str:
    return token if token in {")", ""} or before in {"(", "!"} else f" {token}"


def _pointer(path: str) -> Pointer:
    return tuple(next(group for group in match.groups() if group is not None) for match in _PART.finditer(path))


def _tokens(text: str) -> _Tokens:
    found: _Tokens = []
    position = 0
    while len(found) < _MOST_TOKENS:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            break
        found.append((match.lastgroup, match[match.lastgroup]))
        if match.lastgroup == "end":
            return found
        position = match.end()
    raise _NotAComparison


class _Parser(Struct):
    """A reader of comparisons; what ``may_name`` is no filter, which has no names of other values."""

    tokens: _Tokens
    position: int = 0
    may_name: bool = False

    def whole(self) -> _Filter:
        """Return the filter that all the tokens are."""
        found = self.disjunction()
        self.take("end")
        return found

    def disjunction(self) -> _Filter:
        return self._joined("||", lambda: self._joined("&&", self._comparison, all), any)

    def take(self, kind: str) -> str:
        """Return the next token, which must be of that kind."""
        found, text = self.tokens[self.position]
        if found != kind:
            raise _NotAComparison
        self.position += 1
        return text

    def _joined(self, sign: str, operand: Callable[[], _Filter], judge: Callable[[list[bool]], bool]) -> _Filter:
        operands = [operand()]
        while self.tokens[self.position] == ("join", sign):
            self.position += 1
            operands.append(operand())
        return _Filter(
            f" {sign} ".join(each.text for each in operands), judge([each.passes_empty for each in operands])
        )

    def _comparison(self) -> _Filter:
        if self.tokens[self.position] == ("no", "!"):
            self.position += 1
            denied = self._comparison()
            return _Filter(f"!{denied.text}", not denied.passes_empty)
        if self.tokens[self.position] == ("group", "("):
            self.position += 1
            within = self.disjunction()
            if self.take("group") != ")":
                raise _NotAComparison
            return _Filter(f"({within.text})", within.passes_empty)
        left = self._operand()
        sign = self.take("sign")
        return _compared(left, sign, self._operand())

    def _operand(self) -> _Operand:
        kind, text = self.tokens[self.position]
        self.position += 1
        if kind == "literal":
            value = text[1:-1] if text[0] in "'\"" else json.loads(text)
            return _Operand(_literal(text), value, value)
        if kind == "expression" and self.may_name:
            return _Operand(text, ABSENT, ABSENT)
        if kind != "path":
            raise _NotAComparison
        if not text.endswith(_LENGTH):
            return _Operand(text, ABSENT, ABSENT)
        of = text.removesuffix(_LENGTH)
        return _Operand(f"length({of})", ABSENT, 0 if of == "$" else ABSENT)


def _literal(text: str) -> str:
    if text[0] != '"':
        return text
    return f"'{text[1:-1]}'" if "'" not in text else text


def _compared(left: _Operand, sign: str, right: _Operand) -> _Filter:
    # in a filter, what is absent is not equal to null; here it is, as in a simple condition
    query = left if right.is_null else right if left.is_null else None
    if query is not None and query.value is ABSENT and sign in {"==", "!="}:
        if sign == "==":
            return _Filter(f"(!{query.text} || {query.text} == null)", passes_empty=True)
        return _Filter(f"({query.text} && {query.text} != null)", passes_empty=False)
    if left.value is not ABSENT and right.value is not ABSENT:
        raise _NotAComparison  # two literals: what is meant cannot be known
    return _Filter(f"{left.text} {sign} {right.text}", _holds(left.if_empty, sign, right.if_empty))


def _holds(left: Value, sign: str, right: Value) -> bool:
    """Return what a comparison is in an empty context (RFC 9535, section 2.3.5.2.2)."""
    if sign in {"==", "!="}:
        return (left == right) is (sign == "==")
    if left is ABSENT and right is ABSENT:
        return "=" in sign
    return is_number(left) and is_number(right) and ORDER[sign](left, right)
