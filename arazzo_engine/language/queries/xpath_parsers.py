"""The parsers of XPath 1.0 to 3.1, each expression of which counts its work and has nothing to reach.

Decides which functions may be called: none that reads a file, the network, the environment or the clock, and none
whose own patterns could hang. Each expression counts what it evaluates and what it gives, so that no query runs for
ever. What is parsed with them is not known here.
"""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from elementpath import XPath1Parser, XPath2Parser, XPathNode
from elementpath.datatypes import UntypedAtomic
from elementpath.xpath30 import XPath30Parser
from elementpath.xpath31 import XPath31Parser
from elementpath.xpath_tokens import XPathArray, XPathMap

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.expression_types import XPATH_10, XPATH_20, XPATH_30, XPATH_31
from arazzo_engine.language.queries.work import MOST_WORK, remembered, spend
from arazzo_engine.language.queries.xpath_patterns import WITH_PATTERNS, spend_on_pattern, with_safe_patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARSERS: Final = {
    XPATH_10: XPath1Parser,
    XPATH_20: XPath2Parser,
    XPATH_30: XPath30Parser,
    XPATH_31: XPath31Parser,
}
_OUTSIDE: Final = "it reads what is outside the document"
_CLOCK: Final = "it would give another result in every run"
_MACHINE: Final = "it would give another result on another machine"
_UNBOUNDED: Final = "its work cannot be bounded"
REFUSED: Final[dict[str, str]] = {
    **dict.fromkeys(("doc", "doc-available", "collection", "uri-collection", "json-doc"), _OUTSIDE),
    **dict.fromkeys(("unparsed-text", "unparsed-text-available", "unparsed-text-lines"), _OUTSIDE),
    **dict.fromkeys(("environment-variable", "available-environment-variables"), _OUTSIDE),
    **dict.fromkeys(("load-xquery-module", "transform", "static-base-uri", "resolve-uri", "trace"), _OUTSIDE),
    **dict.fromkeys(("current-date", "current-dateTime", "current-time", "implicit-timezone"), _CLOCK),
    **dict.fromkeys(("random-number-generator", "generate-id"), _CLOCK),
    "default-language": _MACHINE,
    **dict.fromkeys(("format-number", "format-integer", "format-date", "format-dateTime", "format-time"), _UNBOUNDED),
    **dict.fromkeys(("parse-ietf-date", "parse-xml", "parse-xml-fragment", "serialize"), _UNBOUNDED),
    **dict.fromkeys(("json-to-xml", "xml-to-json", "parse-json", "analyze-string", "collation-key"), _UNBOUNDED),
}
# with so many arguments, of which the last is an exponent or a precision
_POWERS: Final = {"pow": 2, "exp": 1, "exp10": 1, "round": 2, "round-half-to-even": 2}
_LARGEST_EXPONENT: Final = 1_000
# the library reads the whole text of what these are given, and gives nothing that says how much it was
_READING: Final = frozenset({"number", "codepoint-equal", "string-length"})
# the library goes through the whole document, or through all that stands before a node
_WALKING: Final = frozenset({"id", "idref", "element-with-id", "path"})
# the library compares each value with each other one
_PAIRWISE: Final = frozenset({"distinct-values", "innermost", "outermost"})
_SORTED: Final = 20
# the argument that names a collation; all but these are those of the machine's locales, if it has them
_COLLATED: Final = {
    **dict.fromkeys(("distinct-values", "max", "min", "sort"), 1),
    **dict.fromkeys(("compare", "contains", "starts-with", "ends-with", "substring-before", "substring-after"), 2),
    **dict.fromkeys(("contains-token", "deep-equal", "index-of"), 2),
}
CODEPOINTS: Final = "http://www.w3.org/2005/xpath-functions/collation/codepoint"
_COLLATIONS: Final = (CODEPOINTS, f"{CODEPOINTS.removesuffix('codepoint')}html-ascii-case-insensitive")
# Python writes integers of up to 4,300 digits
_MOST_BITS: Final = 10_000


@cache
def counted_parser(version: str) -> Any:  # noqa: ANN401 - a class of the library
    """Return the library's parser of a version, whose expressions count their work and reach nothing outside."""
    base: Any = _PARSERS[version]
    make: Any = type(base)
    parser = make(f"Counted{base.__name__}", (base,), {})
    for symbol, token in base.symbol_table.items():
        members = {"evaluate": with_safe_patterns(token.evaluate)} if symbol in WITH_PATTERNS else {}
        own = _subclass(token, (token,), members) if members else token
        mixin = _RefusedToken if symbol in REFUSED else _CountedToken
        parser.symbol_table[symbol] = _subclass(token, (mixin, own), {})
    parser.tokenizer = parser.create_tokenizer(parser.symbol_table)
    return parser


def new_parser(version: str, namespaces: dict[str, str]) -> Any:  # noqa: ANN401 - a parser of the library
    """Return a parser of a version for a query; its texts have the order of their characters, wherever it runs."""
    if version == XPATH_10:
        return counted_parser(version)(namespaces=namespaces)
    return counted_parser(version)(namespaces=namespaces, default_collation=CODEPOINTS)


def _subclass(token: Any, bases: tuple[Any, ...], members: dict[str, Any]) -> Any:  # noqa: ANN401 - a class of the library
    make: Any = type(token)
    return make(token.__name__, bases, members)


class _CountedToken:
    """An expression: what it evaluates and what it gives is counted."""

    parser: Any

    def evaluate(self, context: Any = None) -> Any:  # noqa: ANN401 - the library's values
        _spend_before(self, context)
        result = super().evaluate(context)  # type: ignore[misc]  # stands before a class of the library
        spend(_weight(result))
        return result

    def select(self, context: Any = None) -> Iterator[Any]:  # noqa: ANN401 - the library's values
        _spend_before(self, context)
        for item in super().select(context):  # type: ignore[misc]  # stands before a class of the library
            spend(1 + _weight(item))
            yield item

    def iter_comparison_data(self, context: Any) -> Iterator[Any]:  # noqa: ANN401 - the library's values
        is_first = self.parser.version == "1.0"
        of_library = super().iter_comparison_data  # type: ignore[misc]  # stands before a class of the library
        for pair in _pairs_of_xpath_1(self, context) if is_first else of_library(context):
            spend(1)
            yield pair if is_first else _untyped_as_texts(pair)


def _untyped_as_texts(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    # XPath 3.1, section 3.7.2: "If both atomic values are instances of xs:untypedAtomic, then the values are cast to
    # the type xs:string"; the library would compare them as numbers
    first, second = pair
    is_untyped = isinstance(first, UntypedAtomic) and isinstance(second, UntypedAtomic)
    return (first.value, second.value) if is_untyped else pair


def _pairs_of_xpath_1(token: Any, context: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - the library's values
    """Yield the values that a comparison of XPath 1.0 compares: the library compares texts with numbers as they are."""
    sides = [list(each.select(copy(context))) for each in token]
    is_equality = token.symbol in {"=", "!="}
    # XPath 1.0, section 3.4: "If one object to be compared is a node-set and the other is a boolean", or neither is a
    # node-set and "at least one object to be compared is a boolean", both are converted as if by `boolean`
    has_boolean = any(len(side) == 1 and isinstance(side[0], bool) for side in sides)
    if has_boolean and (is_equality or any(not side or isinstance(side[0], XPathNode) for side in sides)):
        yield tuple(token.boolean_value(side) for side in sides)
        return
    # XPath 1.0, section 3.4: "if at least one object to be compared is a number, then each object to be compared is
    # converted to a number", and so are all for an order
    has_number = any(isinstance(item, int | float | Decimal) for side in sides for item in side)
    convert = token.string_value if is_equality and not has_number else token.number_value
    yield from product(*([convert(item) for item in side] for side in sides))


class _RefusedToken:
    """A function that is called by a name which only the run could know."""

    symbol: str

    def evaluate(self, _context: Any = None) -> Any:  # noqa: ANN401 - the library's values
        raise EvaluationError(f"`{self.symbol}` is refused: {REFUSED[self.symbol]}")

    select = evaluate


def refuse_collations(token: Any) -> None:  # noqa: ANN401 - a token of the library
    """Raise ``EvaluationError`` for a collation, written in the query, that depends on the machine."""
    for each in token.iter():
        index = _COLLATED.get(_name(each), len(each))
        if index < len(each) and each[index].symbol == "(string)":
            _check_collation(each[index].value)


def _check_collation(collation: object) -> None:
    if isinstance(collation, str) and collation not in _COLLATIONS:
        raise EvaluationError(
            f"the collation `{collation}` depends on the machine: leave it out, or use `{CODEPOINTS}`"
        )


def _name(token: Any) -> str:  # noqa: ANN401 - the same
    # a function of a namespace is known by a longer symbol too
    return str(token.symbol).rpartition("}")[2]


def _spend_before(token: Any, context: Any) -> None:  # noqa: ANN401 - the library's values
    spend(1)
    name = _name(token)
    if _COLLATED.get(name, len(token)) < len(token):
        _check_collation(token.get_argument(copy(context), _COLLATED[name]))
    if name in WITH_PATTERNS and len(token) > 1:
        spend_on_pattern(token.get_argument(copy(context), 1))
    _spend_on_nodes(name, token, context)
    if name == "sort" and len(token):
        spend(_SORTED * sum(1 for each in token[:1] for _ in each.select(copy(context))))
    if name == "to" and len(token) == 2:  # noqa: PLR2004 - a range has two ends
        start, stop = (each.get_atomized_operand(copy(context)) for each in token)
        if isinstance(start, int) and isinstance(stop, int):
            spend(max(0, stop - start))
    elif name in _PAIRWISE and len(token):
        count = sum(1 for each in token for _ in each.select(copy(context)))
        spend(count * count // 8)
    elif len(token) == _POWERS.get(name):
        # the library computes with all the digits
        exponent: Any = token.get_argument(copy(context), len(token) - 1)
        is_number = isinstance(exponent, int | float | Decimal)
        if is_number and not -_LARGEST_EXPONENT <= exponent <= _LARGEST_EXPONENT:
            raise EvaluationError(f"`{token.symbol}` is given an exponent beyond {_LARGEST_EXPONENT}")


def _spend_on_nodes(name: str, token: Any, context: Any) -> None:  # noqa: ANN401 - the library's values
    if context is None:
        return
    if name in _READING:
        # without an argument, what is meant is the item that is looked at
        of_arguments = (item for each in token for item in each.select(copy(context)))
        spend(sum(map(_length_of, of_arguments if len(token) else [context.item])) // 16)
    if name in _WALKING:
        spend(sum(1 for _ in context.root.iter()) // 2)


def _length_of(item: Any) -> int:  # noqa: ANN401 - the same
    text = item.string_value if isinstance(item, XPathNode) else item
    return len(text) if isinstance(text, str) else 0


def _held_by(value: Any) -> int:  # noqa: ANN401 - the same
    """Return how many values an array or a map holds, each as often as it stands there."""
    # what is kept with the size keeps its identity
    return remembered(("held", id(value)), lambda: (_count_held(value), value))[0]


def _count_held(value: Any) -> int:  # noqa: ANN401 - the same
    held = [item for _, item in value.items()] if isinstance(value, XPathMap) else value.items()
    inside = [each for item in held for each in (item if isinstance(item, list) else [item])]
    return sum(1 + (_held_by(each) if isinstance(each, XPathArray | XPathMap) else 0) for each in inside)


def _weight(value: Any) -> int:  # noqa: ANN401 - the library's values
    match value:
        case bool() | Decimal() | float() | None:
            return 0
        case int() if value.bit_length() > _MOST_BITS:
            raise EvaluationError(f"the XPath makes an integer of more than {_MOST_BITS} bits")
        case int():
            return 0
        case str() | bytes():
            return len(value) // 16
        case list():
            return sum(1 + _weight(each) for each in value)
        case XPathArray() | XPathMap():
            return min(_held_by(value), MOST_WORK + 1)
        case _:
            return len(value) if hasattr(value, "__len__") else 0
