"""The names of elements in an XPath that have no prefix, and the query that takes them in any namespace.

Decides which names of a query are those of elements, and which of them is that of the root. Whether the XML has a
namespace is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.expression_types import XPATH_10
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX: Final = lazy_pattern(r"([A-Za-z_][\w.\-]*):(?=[A-Za-z_*])")
_EMBEDDED: Final = lazy_pattern(r"\{\$[^{}]*\}")
_NAME: Final = "(name)"
_LEADING: Final = frozenset({"/", "["})
# what stands before a name that is no element's
_OF_OTHERS: Final = frozenset({"@", "attribute", ":", "$", "?", "namespace", "{", "Q{"})
# raised by the library for a query that it did not expect
_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    re.error,
)


class ElementNames(Struct, frozen=True):
    """The names of elements without a prefix: where each stands in the query, and which name the root."""

    spans: tuple[tuple[int, int], ...]
    roots: frozenset[str]


def names_in(version: str, text: str) -> ElementNames:
    """Return the names of elements that have no prefix, none where the query cannot be read before its values."""
    from elementpath import ElementPathError  # noqa: PLC0415 - few queries are XPath
    from elementpath.tdop import Parser  # noqa: PLC0415 - the same

    from arazzo_engine.language.queries.xpath_parsers import new_parser  # noqa: PLC0415 - the same

    # a number can stand within a text as well as for a value
    known = _EMBEDDED.sub(lambda found: "1" * len(found[0]), text)
    prefixes = {name: f"urn:{name}" for name in _PREFIX.findall(known)}
    try:
        tree = Parser.parse(new_parser(version, prefixes), known)
    except (ElementPathError, EvaluationError, *_FAILURES):
        return ElementNames((), frozenset())
    found = [(name, above) for name, above in _within(tree, ()) if not above or above[-1].symbol not in _OF_OTHERS]
    roots = frozenset(str(name.value) for name, above in found if _is_root(name, above))
    return ElementNames(tuple(sorted(name.span for name, _ in found)), roots)


def in_any_namespace(version: str, text: str, names: ElementNames) -> str:
    """Return a query whose names of elements stand for those of any namespace."""
    for start, end in reversed(names.spans):
        name = text[start:end]
        # XPath 1.0 has no wildcard for a namespace
        written = f"*[local-name() = '{name}']" if version == XPATH_10 else f"*:{name}"
        text = text[:start] + written + text[end:]
    return text


def _within(token: Any, above: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:  # noqa: ANN401 - of the library
    if token.symbol == _NAME:
        yield token, above
    for each in token:
        yield from _within(each, (*above, token))


def _is_root(name: Any, above: tuple[Any, ...]) -> bool:  # noqa: ANN401 - of the library
    """Whether a name is the first of a path from the document on: it leads, or an operator without a left side does."""
    token = name
    for parent in reversed(above):
        if parent.symbol == "/" and len(parent) == 1:
            return True
        if parent.symbol not in _LEADING or parent[0] is not token:
            return False
        token = parent
    return True
