"""Simple conditions: literals, runtime expressions with accessors, and operators, compiled once to closures.

Decides what a parsed condition means in a scope, and explains it with the values that were compared. How a condition
is written is decided by ``grammar``. Nothing is ever handed to Python to evaluate.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from msgspec import Struct

from arazzo_engine.documents.pointers import render_pointer, resolve_pointer
from arazzo_engine.documents.sizes import TooLarge
from arazzo_engine.documents.values import ABSENT, NOT_RUN, JsonValue, Value
from arazzo_engine.language.conditions.comparison import (
    EvaluationError,
    compare,
    compare_media_types,
    compare_whole,
    differing,
    is_media_type,
    is_true,
)
from arazzo_engine.language.conditions.judgements import Judgement, quoted, show_value, write_literal
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import text_within
from arazzo_engine.language.messages.files import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope

Accessors: TypeAlias = tuple[str, ...]
_CONTENT_TYPE: Final = ["header", "content-type"]


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A literal: null, a boolean, a number, a string, or a whole value. ``span`` is its characters in the condition.

    Two are equal that JSON writes alike: to Python, ``true`` and 1 are equal, and a whole value has no hash.
    """

    value: JsonValue = field(compare=False)
    span: tuple[int, int] = field(default=(0, 0), compare=False)
    written: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", json.dumps(self.value))


@dataclass(frozen=True, slots=True)
class Reference:
    """A runtime expression, perhaps with accessors: ``$response.body.items[0].id``.

    A name may have dots itself, so there can be several readings: the longest name that exists is meant.
    ``span`` is its characters in the condition. ``counted`` are the values whose elements it may count.
    """

    text: str
    readings: tuple[tuple[RuntimeExpression, Accessors], ...]
    span: tuple[int, int] = field(compare=False)
    counted: tuple[tuple[RuntimeExpression, Accessors], ...] = field(default=(), compare=False)


class TextWithValues(Struct, frozen=True):
    """A string literal with expressions in braces: ``'user-{$inputs.name}'``."""

    parts: tuple[str | Reference, ...]


class Not(Struct, frozen=True):
    """``!operand``."""

    operand: Node


class Comparison(Struct, frozen=True):
    """``left operator right``; one ``of_media_types`` leaves parameters out of account that it does not name."""

    operator: str
    left: Node
    right: Node
    of_media_types: bool = False


class And(Struct, frozen=True):
    """Operands joined by ``&&``."""

    operands: tuple[Node, ...]


class Or(Struct, frozen=True):
    """Operands joined by ``||``."""

    operands: tuple[Node, ...]


Node: TypeAlias = LiteralValue | TextWithValues | Reference | Not | Comparison | And | Or
Leaf: TypeAlias = LiteralValue | TextWithValues | Reference


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition; ``evaluate`` gives its value in a scope, or raises ``EvaluationError``."""

    text: str
    node: Node
    evaluate: Callable[[Scope], JsonValue] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evaluate", _compile(self.node))


def judge(condition: Condition, scope: Scope) -> Judgement:
    """Judge a condition. "Then the condition MUST evaluate to *fail*" when it cannot be evaluated."""
    try:
        passed = is_true(condition.evaluate(scope))
    except EvaluationError as error:
        return Judgement(passed=False, explanation=f"{_explain(condition.node, scope)}: {error}")
    return Judgement(passed, _explain(condition.node, scope))


def references_in(node: Node) -> Iterator[Reference]:
    """Yield every runtime expression of a condition."""
    for leaf in leaves_of(node):
        match leaf:
            case Reference():
                yield leaf
            case TextWithValues():
                yield from (part for part in leaf.parts if isinstance(part, Reference))
            case LiteralValue():
                pass


def comparisons_in(node: Node) -> Iterator[Comparison]:
    """Yield every comparison of a condition."""
    return (each for each in nodes_in(node) if isinstance(each, Comparison))


def leaves_of(node: Node) -> Iterator[Leaf]:
    """Yield the literals and references of a condition, in order."""
    return (each for each in nodes_in(node) if isinstance(each, LiteralValue | TextWithValues | Reference))


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield a node and all within it, in order."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        match each:
            case Not():
                waiting.append(each.operand)
            case Comparison():
                waiting += (each.right, each.left)
            case And() | Or():
                waiting.extend(reversed(each.operands))
            case LiteralValue() | TextWithValues() | Reference():
                pass
            case _:
                assert_never(each)


def _compile(node: Node) -> Callable[[Scope], JsonValue]:
    match node:
        case LiteralValue() | TextWithValues() | Reference():
            return _compile_leaf(node)
        case Not(operand=operand):
            negated = _compile(operand)
            return lambda scope: not is_true(negated(scope))
        case Comparison(operator=sign):
            left, right = _compile(node.left), _compile(node.right)
            judge_sides = compare_media_types if node.of_media_types else compare_whole if is_whole(node) else compare
            return lambda scope: judge_sides(sign, left(scope), right(scope))
        case And(operands=operands):
            every = [_compile(operand) for operand in operands]
            return lambda scope: all(is_true(operand(scope)) for operand in every)
        case Or(operands=operands):
            some = [_compile(operand) for operand in operands]
            return lambda scope: any(is_true(operand(scope)) for operand in some)


def names_media_type(left: Node, right: Node) -> bool:
    """Whether two sides of a comparison are the header that holds a media type, and a media type."""
    for header, literal in ((left, right), (right, left)):
        if isinstance(header, Reference) and isinstance(literal, LiteralValue) and is_media_type(literal.value):
            root, *names = header.readings[0][0].root, *header.readings[0][0].names
            return root in (Root.RESPONSE, Root.REQUEST) and [each.lower() for each in names] == _CONTENT_TYPE
    return False


def is_whole(node: Comparison) -> bool:
    """Whether a comparison is with an object or array that is written out, which no string is folded for."""
    sides = (node.left, node.right)
    return any(isinstance(each, LiteralValue) and isinstance(each.value, dict | list) for each in sides)


def _compile_leaf(leaf: Leaf) -> Callable[[Scope], JsonValue]:
    match leaf:
        case LiteralValue(value=value):
            return lambda _scope: value
        case TextWithValues(parts=parts):
            return lambda scope: _joined(parts, scope)
        case Reference():
            return _compile_reference(leaf)


def _compile_reference(reference: Reference) -> Callable[[Scope], JsonValue]:
    def evaluate(scope: Scope) -> JsonValue:
        value = _look_up(reference, scope)
        if value is NOT_RUN:
            raise EvaluationError(f"`{reference.text}` belongs to something that has not run")
        # absent compares as null: "`$response.body.data != null`" tests whether a member is there
        return None if value is ABSENT else value

    return evaluate


def _joined(parts: tuple[str | Reference, ...], scope: Scope) -> str:
    room = scope.room()
    try:
        return "".join(_text_in(part, scope, room) for part in parts)
    except TooLarge as error:
        raise EvaluationError(f"the text {error}") from error


def _text_in(part: str | Reference, scope: Scope, room: Room) -> str:
    if isinstance(part, str):
        return part
    value = _look_up(part, scope)
    if value is ABSENT or value is NOT_RUN:
        # as in a query: a text with a hole in it is compared with nothing
        raise EvaluationError(f"`{part.text}` is {value.value}")
    return text_within(plain(value), room)


def _look_up(reference: Reference, scope: Scope) -> Value:
    found = _named(reference, scope)
    return _count(reference, scope) if found is ABSENT and reference.counted else found


def _count(reference: Reference, scope: Scope) -> Value:
    """Return the number of elements of a list, or of characters of a text: neither has a member `length`."""
    for expression, accessors in reference.counted:
        value = expression.evaluate(scope)
        if value is not ABSENT and value is not NOT_RUN:
            counted = plain(resolve_pointer(value, accessors))
            return len(counted) if isinstance(counted, list | str) else ABSENT
    return ABSENT


def _named(reference: Reference, scope: Scope) -> Value:
    value: Value = ABSENT
    for expression, accessors in reference.readings:
        value = expression.evaluate(scope)
        if value is NOT_RUN:
            return NOT_RUN
        if value is not ABSENT:
            return _part(expression, accessors, value, scope)
    return value


def _part(expression: RuntimeExpression, accessors: Accessors, value: Value, scope: Scope) -> Value:
    """Return a part of a value; of the body of an answer, which may be XML, as the answer has it."""
    if accessors and scope.response is not None and expression.is_of_answer_body:
        return scope.response.part((*(expression.pointer or ()), *accessors))
    return resolve_pointer(value, accessors)


def _explain(node: Node, scope: Scope) -> str:
    if isinstance(node, Comparison) and is_whole(node):
        return _explain_whole(node, scope)
    return _write(node, lambda reference: show_value(_look_up(reference, scope)))


def _explain_whole(node: Comparison, scope: Scope) -> str:
    """Say of two whole values where they differ: shown side by side, nobody would find it."""
    text = _write(node, lambda reference: show_value(_look_up(reference, scope)))
    try:
        sides = [_compile_leaf(each)(scope) for each in (node.left, node.right) if isinstance(each, Leaf)]
    except EvaluationError:
        return text
    at = differing(*sides) if len(sides) == 2 else None  # noqa: PLR2004 - the sides of a comparison
    if not at:
        return text
    one, other = (show_value(resolve_pointer(each, at)) for each in sides)
    return f"{text}: at `{render_pointer(at)}`, {one} is not {other}"


def _write(node: Node, write_reference: Callable[[Reference], str]) -> str:
    match node:
        case LiteralValue() | TextWithValues() | Reference():
            return _write_leaf(node, write_reference)
        case Not(operand=operand):
            text = _write(operand, write_reference)
            return f"!{text}" if isinstance(operand, LiteralValue | Reference | Not) else f"!({text})"
        case Comparison():
            sides = (_write_side(side, write_reference) for side in (node.left, node.right))
            return f" {node.operator} ".join(sides)
        case And(operands=operands):
            # a conjunction in a conjunction was written in parentheses, and so was a disjunction
            texts = (_write_operand(operand, write_reference, (And, Or)) for operand in operands)
            return " && ".join(texts)
        case Or(operands=operands):
            texts = (_write_operand(operand, write_reference, (Or,)) for operand in operands)
            return " || ".join(texts)


def _write_leaf(leaf: Leaf, write_reference: Callable[[Reference], str]) -> str:
    match leaf:
        case LiteralValue(value=dict() | list() as value) if value:
            return show_value(value)
        case LiteralValue(value=value):
            return write_literal(value)
        case TextWithValues(parts=parts):
            texts = (quoted(part) if isinstance(part, str) else write_reference(part) for part in parts)
            return "'" + "".join(text[1:-1] if text.startswith("'") else text for text in texts) + "'"
        case Reference():
            return write_reference(leaf)


def _write_side(node: Node, write_reference: Callable[[Reference], str]) -> str:
    return _write_operand(node, write_reference, (Comparison, And, Or))


def _write_operand(node: Node, write_reference: Callable[[Reference], str], grouped: tuple[type[Node], ...]) -> str:
    text = _write(node, write_reference)
    return f"({text})" if isinstance(node, grouped) else text
