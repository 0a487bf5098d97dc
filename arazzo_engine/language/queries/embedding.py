"""Values inside the text of a query: how each language keeps a value from becoming a part of the query.

"The resulting string is the final condition expression", so a value could end a string literal early and change what
is asked. The ruling: a value inside a string literal is escaped and stays text of that literal; a value outside one
must be one number or one name. A pattern is different: the clause's own example, `^({$inputs.statusPattern})$`, puts
a pattern into a pattern, so the value stands there as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.expression_types import GOESSNER_DRAFT, XPATH_10, ExpressionType, Language
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_ATOM: Final = lazy_pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|[^\W\d][\w\-]*")
_JSONPATH_TOKENS: Final = lazy_pattern(r"""(["'])|\\.""", re.DOTALL)
_XPATH_TOKENS: Final = lazy_pattern(r"""(["'])|\(:|:\)""")


class Opened(Struct, frozen=True):
    """What is open at the end of a query's text: the ``quote`` of a string literal, and how many comments."""

    quote: str = ""
    comments: int = 0


def embed(type_: ExpressionType, quote: str, value: str) -> str:
    """Return what stands in a query for a value; ``quote`` is that of the string literal it stands in, if any.

    Raises ``EvaluationError`` when the value would be more than one literal or name of the query.
    """
    if type_.type is Language.REGEX:
        return value
    if type_.type is Language.JSONPOINTER:
        return value.replace("~", "~0").replace("/", "~1")
    if quote:
        return _ESCAPES[type_.type](type_, quote, value)
    if not _ATOM.fullmatch(value):
        raise EvaluationError(
            "a value outside quotes must be one number or one name, or it would change the query: put it in quotes"
        )
    return value


def read_on(type_: ExpressionType, opened: Opened, text: str) -> Opened:
    """Return what is open at the end of one more part of a query's own text."""
    tokens = _XPATH_TOKENS if type_.type is Language.XPATH else _JSONPATH_TOKENS
    quote, comments = opened.quote, opened.comments
    for each in tokens.finditer(text):
        if each[0] == "(:" and not quote:
            comments += 1
        elif each[0] == ":)" and not quote:
            comments = max(0, comments - 1)
        elif each[1] and not comments:
            quote = "" if quote == each[1] else quote or each[1]
    return Opened(quote, comments)


def _escape_jsonpath(type_: ExpressionType, quote: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(quote, "\\" + quote)
    if type_.version == GOESSNER_DRAFT:
        return escaped
    # RFC 9535, section 2.3.1.1: the characters below U+0020 stand in a literal as escapes only
    return "".join(char if char >= " " else f"\\u{ord(char):04x}" for char in escaped)


def _escape_xpath(type_: ExpressionType, quote: str, value: str) -> str:
    if type_.version == XPATH_10 and quote in value:
        raise EvaluationError(f"the value has a {quote} in it, which a string of XPath 1.0 in {quote} cannot hold")
    # XPath 2.0 and later, "EscapeQuot" and "EscapeApos": the quote is doubled
    return value.replace(quote, quote * 2)


_ESCAPES: Final[dict[Language, Callable[[ExpressionType, str, str], str]]] = {
    Language.JSONPATH: _escape_jsonpath,
    Language.XPATH: _escape_xpath,
}
