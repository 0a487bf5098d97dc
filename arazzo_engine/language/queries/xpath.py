"""XPath 1.0 to 3.1: compiled when the document is read, evaluated with its work counted.

Decides which texts are queries, what is told of those that are not or that fail, and which names are of elements.
Which functions may be called is decided by ``xpath_parsers``; what a result means is not known here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import regex
from elementpath import ElementPathError, XPathContext
from elementpath.tdop import Parser
from msgspec import Struct

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.expression_types import XPATH_10
from arazzo_engine.language.queries.work import LONGEST_QUERY, bounded_work
from arazzo_engine.language.queries.xpath_parsers import REFUSED, new_parser, refuse_collations
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.queries.xml_text import XmlDocument

_LONGEST_REASON: Final = 160
_PREFIX: Final = lazy_pattern(r"([A-Za-z_][\w.\-]*):(?=[A-Za-z_*])")
_EMBEDDED: Final = lazy_pattern(r"\{\$[^{}]*\}")
_NAME: Final = "(name)"
_LEADING: Final = frozenset({"/", "["})
_OF_ATTRIBUTES: Final = frozenset({"@", "attribute"})
# what stands before a name that is no element's
_OF_OTHERS: Final = _OF_ATTRIBUTES | frozenset({":", "$", "?", "namespace", "{", "Q{"})
# raised by the library for values that it did not expect
_FAILURES: Final = (
    ElementPathError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    AssertionError,
    NotImplementedError,
    regex.error,
)


class XPath:
    """A compiled query of one version."""

    def __init__(self, version: str, text: str) -> None:
        if len(text) > LONGEST_QUERY:
            raise QueryError(f"the XPath is longer than {LONGEST_QUERY} characters")
        self._version = version
        self._text = text
        # which namespaces the prefixes mean is known when there is a document; any will do to check the query
        self._parse({name: f"urn:{name}" for name in _PREFIX.findall(text)})

    def evaluate(self, document: XmlDocument) -> tuple[list[Any], bool | None]:
        """Return the items of the result, and its effective boolean value, ``None`` when it has none.

        Raises ``EvaluationError``.
        """
        try:
            with bounded_work():
                token = self._parse({name: uri for name, uri in document.prefixes.items() if name})
                context = XPathContext(document.tree, current_dt=datetime(1970, 1, 1, tzinfo=UTC))
                items = list(token.select(context))
                return items, _boolean_value(token, items)
        except EvaluationError:
            raise
        except QueryError as error:
            raise EvaluationError(error.message) from error
        except _FAILURES as error:
            raise EvaluationError(f"the XPath cannot be evaluated: {_reason(error)}") from error

    def _parse(self, prefixes: dict[str, str]) -> Any:  # noqa: ANN401 - a token of the library
        known = {name: uri for name, uri in prefixes.items() if name not in _RESERVED_PREFIXES}
        parser = new_parser(self._version, known)
        try:
            # the library's own method would also evaluate what does not depend on the document
            token = Parser.parse(parser, self._text)
            refuse_collations(token)
        except EvaluationError as error:
            raise QueryError(f"the XPath is not valid: {error}") from error
        except _FAILURES as error:
            raise QueryError(f"the XPath is not valid: {_reason(error)}") from error
        for each in token.iter():
            if each.symbol in REFUSED and each.label not in ("literal", "name"):
                raise QueryError(f"the XPath calls `{each.symbol}`, which is refused: {REFUSED[each.symbol]}")
        return token


_RESERVED_PREFIXES: Final = frozenset({"xs", "fn", "math", "map", "array", "err", "xml"})


def _boolean_value(token: Any, items: list[Any]) -> bool | None:  # noqa: ANN401 - a token of the library
    try:
        return bool(token.boolean_value(items))
    except ElementPathError:
        return None


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it nests too deep"
    text = str(error).partition("] ")[2] or str(error)
    # a long reason quotes a value, which is shown whole or not at all
    return text if text and len(text) <= _LONGEST_REASON else type(error).__name__


# --- the names of elements ---


class ElementNames(Struct, frozen=True):
    """The names without a prefix: where those of elements stand in the query, which name the root, and attributes."""

    spans: tuple[tuple[int, int], ...] = ()
    roots: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()


def names_in(version: str, text: str) -> ElementNames:
    """Return the names of elements and attributes that have no prefix.

    There are none where the query cannot be read before its values.
    """
    # a number can stand within a text as well as for a value
    known = _EMBEDDED.sub(lambda found: "1" * len(found[0]), text)
    prefixes = {name: f"urn:{name}" for name in _PREFIX.findall(known)}
    try:
        tree = Parser.parse(new_parser(version, prefixes), known)
    except (EvaluationError, *_FAILURES):
        return ElementNames()
    every = [*_within(tree, ())]
    found = [(name, above) for name, above in every if not above or above[-1].symbol not in _OF_OTHERS]
    roots = frozenset(str(name.value) for name, above in found if _is_root(name, above))
    attributes = frozenset(str(name.value) for name, above in every if above and above[-1].symbol in _OF_ATTRIBUTES)
    return ElementNames(tuple(sorted(name.span for name, _ in found)), roots, attributes)


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
