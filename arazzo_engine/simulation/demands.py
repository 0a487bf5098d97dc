"""What a criterion demands of the body and the headers of an answer, so that it passes or so that it fails.

Decides it for simple conditions, regular expressions, JSONPath and XPath, with everything but the answer known. That a
criterion then really passes is for the criterion to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.language.conditions.comparison import EvaluationError, is_number
from arazzo_engine.language.conditions.condition import (
    And,
    Comparison,
    Condition,
    LiteralValue,
    Not,
    Or,
    Reference,
    TextWithValues,
    references_in,
)
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.forms import OPPOSITES
from arazzo_engine.simulation.queries.jsonpath import (
    LENGTH,
    NEGATED,
    REGEX,
    TRUTH,
    Demand,
    demands_of_query,
    denials_of_query,
)
from arazzo_engine.simulation.queries.xpath import demands_of_xpath, denials_of_xpath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.conditions.condition import Leaf, Node
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.simulation.queries.open_queries import Asking

_Reading: TypeAlias = "tuple[RuntimeExpression, Pointer]"
_Wanted: TypeAlias = "Callable[[Language, str], tuple[Demand, ...]]"
_OF_THE_ANSWER: Final = frozenset({Root.RESPONSE, Root.STATUS_CODE})
# what a step can be compared with before it is answered
_KNOWN_BEFORE: Final = frozenset({Root.INPUTS, Root.STEPS, Root.WORKFLOWS})
_OF_OUTPUTS: Final = frozenset({Root.STEPS, Root.WORKFLOWS, Root.OUTPUTS})


class _Place(Struct, frozen=True):
    """A part of an answer: of its body, or a header by its name in small letters."""

    path: Pointer
    header: str = ""


class Earlier(Struct, frozen=True):
    """A value from before a step, a part of it, and what must hold there.

    Where that depends on other values, ``asks`` says what must, once these are known.
    """

    expression: RuntimeExpression
    part: Pointer
    demands: tuple[Demand, ...] = ()
    asks: Callable[[Scope], Asking] | None = None


def demands_of(criterion: Criterion, scope: Scope) -> tuple[Demand, ...]:
    """Return what must hold in the answer for a criterion to pass, nothing when that cannot be told."""
    if criterion.simple is not None:
        return _of_node(criterion.simple.node, scope) or ()
    return _of_query(criterion, scope, _wanted_of(criterion))


def demands_on_earlier(criterion: Criterion) -> Iterator[Earlier]:
    """Yield each value from before the step that a criterion needs to pass, a part of it, and what must hold there.

    What is only one of several ways to pass is none of them.
    """
    if criterion.simple is not None:
        yield from of_node_on_earlier(criterion.simple.node, is_needed=True)
    else:
        yield from _of_query_on_earlier(criterion, _wanted_of(criterion))


def denials_on_earlier(criterion: Criterion) -> Iterator[Earlier]:
    """Yield each value from before the step by which a criterion can fail, a part of it, and what must hold there."""
    if criterion.simple is not None:
        yield from of_node_on_earlier(Not(criterion.simple.node), is_needed=True)
    else:
        yield from _of_query_on_earlier(criterion, _unwanted_of(criterion))


def of_node_on_earlier(node: Node, *, is_needed: bool) -> Iterator[Earlier]:
    """Yield what must hold of values from before a step for a condition to hold.

    Of several ways it is the first that says anything of them; where that is not needed, as the answer may be another
    way, it is none.
    """
    match node:
        case And(operands=operands):
            for each in operands:
                yield from of_node_on_earlier(each, is_needed=is_needed)
        case Or(operands=operands):
            if not is_needed or not any(map(_reads_answer, operands)):
                ways = (tuple(of_node_on_earlier(each, is_needed=is_needed)) for each in operands)
                yield from next((found for found in ways if found), ())
        case Comparison():
            yield from _of_comparison_on_earlier(node)
        case (Reference() as reference) | Not(operand=Reference() as reference):
            yield from _of_truth_on_earlier(reference, holds=node is reference)
        case Not(operand=Comparison() | And() | Or() | Not() as operand):
            yield from of_node_on_earlier(negated(operand), is_needed=is_needed)
        case _:
            pass


def _reads_answer(node: Node) -> bool:
    return any(each.readings[0][0].root in _OF_THE_ANSWER for each in references_in(node))


def _of_query_on_earlier(criterion: Criterion, wanted: _Wanted) -> Iterator[Earlier]:
    query, language = criterion.query, criterion.type.type
    if criterion.context is None or criterion.context.root is Root.RESPONSE:
        return
    if query is not None and query.expressions:
        yield Earlier(criterion.context, (), asks=lambda scope: ((), wanted(language, query.filled(scope))))
    else:
        yield Earlier(criterion.context, (), wanted(language, criterion.condition))


def _of_comparison_on_earlier(node: Comparison) -> Iterator[Earlier]:
    """Yield each value from before the step that is compared, a part of it, and what must hold there."""
    for asked, operator, other in sides_of(node):
        if not isinstance(asked, Reference):
            continue
        if isinstance(other, LiteralValue):
            is_count = bool(asked.counted) and is_number(other.value)
            for expression, part in _before_the_step(asked.counted if is_count else readings_of_name(asked)):
                yield Earlier(expression, part, (Demand(part, operator, other.value, LENGTH if is_count else ""),))
        elif isinstance(other, Reference | TextWithValues) and _is_known_before(other):
            for expression, part in _before_the_step(asked.counted or readings_of_name(asked)):
                yield Earlier(expression, part, asks=_compared(operator, other, LENGTH if asked.counted else ""))


def _of_truth_on_earlier(reference: Reference, *, holds: bool) -> Iterator[Earlier]:
    for expression, part in _before_the_step(readings_of_name(reference)):
        yield Earlier(expression, part, (Demand(part, "==", holds, TRUTH),))


def _is_known_before(node: Reference | TextWithValues) -> bool:
    return all(each.readings[0][0].root in _KNOWN_BEFORE for each in references_in(node))


def _before_the_step(readings: Iterable[_Reading]) -> Iterator[_Reading]:
    return (each for each in readings if each[0].root is not Root.RESPONSE)


def _compared(operator: str, other: Leaf, of: str) -> Callable[[Scope], Asking]:
    """Return what is asked of a value that is compared with another one, which may not be known yet."""
    evaluate = Condition("", other).evaluate

    def asks(scope: Scope) -> Asking:
        value = evaluate(scope)
        # what is not there compares as null, and may come yet
        is_asked = value is not None and (not of or is_number(value))
        return (), (Demand((), operator, value, of),) if is_asked else ()

    return asks


def readings_of_name(reference: Reference) -> tuple[_Reading, ...]:
    """Return the readings of a reference: more than one where it names an output that may have dots in its name."""
    return reference.readings if reference.readings[0][0].root in _OF_OUTPUTS else reference.readings[:1]


def _of_text(language: Language, text: str) -> tuple[Demand, ...]:
    """Return what must hold in the context of a query for it to pass."""
    match language:
        case Language.REGEX:
            return (Demand((), "==", text, REGEX),)
        case Language.XPATH:
            return demands_of_xpath(text)
        case Language.JSONPATH:
            return demands_of_query(text) or ()
        case _:
            return ()


def _against_text(language: Language, text: str) -> tuple[Demand, ...]:
    """Return what must hold in the context of a query for it to fail."""
    match language:
        case Language.REGEX:
            return (Demand((), "!=", text, REGEX),)
        case Language.XPATH:
            return denials_of_xpath(text)
        case Language.JSONPATH:
            return denials_of_query(text)
        case _:
            return ()


def _wanted_of(criterion: Criterion) -> _Wanted:
    return _against_text if criterion.wants_nothing else _of_text


def _unwanted_of(criterion: Criterion) -> _Wanted:
    return _of_text if criterion.wants_nothing else _against_text


def denials_of(criterion: Criterion, scope: Scope) -> tuple[Demand, ...]:
    """Return what must hold in the answer for a criterion to fail, nothing when that cannot be told."""
    if criterion.simple is not None:
        return _of_node(Not(criterion.simple.node), scope) or ()
    return _of_query(criterion, scope, _unwanted_of(criterion))


def _of_query(criterion: Criterion, scope: Scope, wanted: _Wanted) -> tuple[Demand, ...]:
    """Return what is wanted of the part of the answer that a query looks at, with the values that are in its text."""
    query, context = criterion.query, criterion.context
    base = None if query is None or context is None else _place_of(context, ())
    if base is None or query is None:
        return ()
    try:
        return _below(base, wanted(criterion.type.type, query.filled(scope)))
    except EvaluationError:
        return ()


def _below(base: _Place, demands: Iterable[Demand]) -> tuple[Demand, ...]:
    return tuple(replace(each, path=(*base.path, *each.path), header=base.header) for each in demands)


def _of_node(node: Node, scope: Scope) -> tuple[Demand, ...] | None:
    match node:
        case And(operands=operands):
            return tuple(demand for each in operands for demand in _of_node(each, scope) or ())
        case Or(operands=operands):
            return next((found for each in operands if (found := _of_node(each, scope))), None)
        case Comparison():
            return _of_comparison(node, scope)
        case Not(operand=Comparison() | And() | Or() | Not() as operand):
            return _of_node(negated(operand), scope)
        case (Reference() as reference) | Not(operand=Reference() as reference):
            return _of_truth(reference, holds=node is reference)
        case _:
            return None


def negated(node: Node) -> Node:
    """Return a condition that holds where another one does not, with what is denied one step further in."""
    match node:
        case And(operands=operands):
            return Or(tuple(Not(each) for each in operands))
        case Or(operands=operands):
            return And(tuple(Not(each) for each in operands))
        case Comparison(operator=operator, left=left, right=right):
            return Comparison(NEGATED[operator], left, right)
        case Not(operand=operand):
            return operand
        case _:
            return Not(node)


def _of_comparison(node: Comparison, scope: Scope) -> tuple[Demand, ...] | None:
    for asked, operator, other in sides_of(node):
        place = _place(asked) if isinstance(asked, Reference) else None
        if (
            place is not None
            and isinstance(asked, Reference)
            and isinstance(other, LiteralValue | TextWithValues | Reference)
        ):
            try:
                value = Condition("", other).evaluate(scope)
            except EvaluationError:
                return None
            counted = _counted(asked, value)
            if counted is not None:
                return (Demand(counted.path, operator, value, LENGTH, counted.header),)
            return (Demand(place.path, operator, value, header=place.header),)
    return None


def sides_of(node: Comparison) -> tuple[tuple[Node, str, Node], ...]:
    """Return what is asked, how, and what it is compared with: each side is asked."""
    turned = OPPOSITES.get(node.operator, node.operator)
    return (node.left, node.operator, node.right), (node.right, turned, node.left)


def _of_truth(reference: Reference, *, holds: bool) -> tuple[Demand, ...] | None:
    place = _place(reference)
    return None if place is None else (Demand(place.path, "==", holds, TRUTH, place.header),)


def _counted(reference: Reference, value: JsonValue) -> _Place | None:
    """Return the place of what a reference counts, where a number is wanted."""
    return next((_place_of(*each) for each in reference.counted if is_number(value)), None)


def _place(reference: Reference) -> _Place | None:
    expression, accessors = reference.readings[0]
    return _place_of(expression, accessors)


def _place_of(expression: RuntimeExpression, accessors: Pointer) -> _Place | None:
    match expression.root, expression.names:
        case Root.RESPONSE, ("body",):
            return _Place((*(expression.pointer or ()), *accessors))
        case Root.RESPONSE, ("header", name) if not expression.pointer and not accessors:
            return _Place((), name.lower())
        case _:
            return None
