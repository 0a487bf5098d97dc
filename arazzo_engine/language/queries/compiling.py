"""Queries: conditions and selectors in a language of their own, compiled and checked when the document is read.

One table says which module compiles which language. A query with expressions in braces is checked with stand-ins when
it is read, and compiled with the values when they are known. The libraries are imported when a query needs them.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.sizes import TooLarge
from arazzo_engine.documents.values import ABSENT, NOT_RUN
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.conditions.judgements import Judgement, show_value
from arazzo_engine.language.expressions.strings import Expression, join_parts, split_expressions, text_within
from arazzo_engine.language.messages.files import plain
from arazzo_engine.language.queries.embedding import Opened, embed, read_on
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.expression_types import (
    GOESSNER_DRAFT,
    RFC6901,
    RFC9535,
    ExpressionType,
    Language,
)
from arazzo_engine.language.queries.foreign import fix_named, fix_query
from arazzo_engine.language.queries.json_nodes import JsonQuery, PointerQuery
from arazzo_engine.language.queries.jsonpath.forms import place_of
from arazzo_engine.language.queries.jsonpath.unquoted import fix_compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope


class Query(Protocol):
    """A compiled query."""

    def judge(self, context: JsonValue, /) -> Judgement:
        """Judge a context that is there and not null; raises ``EvaluationError``."""

    def select(self, context: JsonValue, /) -> tuple[JsonValue, ...]:
        """Return what is selected in a context; raises ``EvaluationError``."""

    def replace(self, payload: JsonValue, value: JsonValue, /) -> JsonValue:
        """Return a payload with a value in the places that are selected; raises ``EvaluationError``."""


class QueryTemplate(Struct, frozen=True):
    """A query as written: its parts in order, text and expressions; ``fixed`` is the query when it has none."""

    text: str
    type: ExpressionType
    parts: tuple[str | Expression, ...]
    fixed: Query | None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in braces."""
        return tuple(part for part in self.parts if isinstance(part, Expression))

    @property
    def place(self) -> Pointer | None:
        """The one place that it selects, where no value decides which: that of a pointer, or of a JSONPath of names."""
        if self.fixed is None:
            return None
        match self.type.type:
            case Language.JSONPOINTER:
                return parse_pointer(self.text)
            case Language.JSONPATH:
                return place_of(self.text)
            case _:
                return None

    def query(self, scope: Scope) -> Query:
        """Return the query with its values; raises ``EvaluationError`` when it cannot be put together."""
        if self.fixed is not None:
            return self.fixed
        try:
            return compile_query(self.type, self.filled(scope))
        except QueryError as error:
            raise EvaluationError(f"{error.message}{self.values(scope)}") from error

    def filled(self, scope: Scope) -> str:
        """Return the text with its values; raises ``EvaluationError`` when it cannot be put together."""
        if not self.expressions:
            return self.text
        room = scope.room()
        try:
            return self.filled_by(lambda part: _text_in(part, scope, room))
        except TooLarge as error:
            raise EvaluationError(f"the query {error}") from error

    def values(self, scope: Scope) -> str:
        """Return what the expressions in braces are, for an explanation."""
        shown = (f"{{{each.expression}}} is {show_value(each.expression.evaluate(scope))}" for each in self.expressions)
        return "".join(f", where {each}" for each in dict.fromkeys(shown))

    def filled_by(self, value_of: Callable[[Expression], str]) -> str:
        """Return the text with a value for each expression; raises ``EvaluationError`` where one cannot stand there."""
        return join_parts(
            self.parts,
            lambda part, opened: embed(self.type, opened.quote, value_of(part)),
            lambda opened, text: read_on(self.type, opened, text),
            Opened(),
        )

    def stand_ins(self) -> Iterator[str]:
        """Yield texts that the query could become: it is refused when none of them is a query."""
        places = len(self.expressions)
        combined = itertools.product(_STAND_INS, repeat=min(places, _MOST_COMBINED))
        for values in combined:
            yield self.filled_by(_one_after_another(values))


_STAND_INS: Final = ("x", "0")
_MOST_COMBINED: Final = 4


def _one_after_another(values: tuple[str, ...]) -> Callable[[Expression], str]:
    following = itertools.chain(values, itertools.repeat(values[-1]))
    return lambda _part: next(following)


def read_query(text: str, type_: ExpressionType, at: Place, problems: list[Diagnostic]) -> QueryTemplate | None:
    """Return the query that a text is; what is wrong with it is added to ``problems``."""
    count = len(problems)
    parts = tuple(split_expressions(text, at, problems))
    if len(problems) > count:
        return None
    try:
        if not any(isinstance(part, Expression) for part in parts):
            return QueryTemplate(text, type_, parts, compile_query(type_, text))
        template = QueryTemplate(text, type_, parts, None)
        _check_stand_ins(template)
    except QueryError as error:
        location = at.location(error.span)
        foreign = fix_query(text) if type_.type is Language.JSONPATH else ""
        named = fix_named(text) if type_.type is not Language.REGEX else ""
        unquoted = fix_compared(text) if type_.type is Language.JSONPATH else ""
        fix = named or foreign or unquoted or error.fix
        problems.append(diagnose("invalid-query", error.message, location, fix=fix))
        return None
    return template


def judge_query(template: QueryTemplate, context: RuntimeExpression, scope: Scope, *, wanted: bool = True) -> Judgement:
    """Judge a criterion: whether the query holds as it is ``wanted`` to.

    "Then the condition MUST evaluate to *fail*" when it cannot be evaluated.
    """
    value = context.evaluate(scope)
    if value is NOT_RUN:
        return Judgement(passed=False, explanation=f"context `{context}` belongs to something that has not run")
    # "If the `context` evaluates to `null` or `undefined` [...] the condition MUST evaluate to _fail_."
    if value is ABSENT or value is None:
        return Judgement(passed=False, explanation=f"context `{context}` is {show_value(value)}")
    try:
        judgement = template.query(scope).judge(value)
    except EvaluationError as error:
        return Judgement(passed=False, explanation=f"{show_value(value)}: {error}")
    return Judgement(judgement.passed is wanted, judgement.explanation + template.values(scope))


def compile_query(type_: ExpressionType, text: str) -> Query:
    """Return a query that is ready to be asked; raises ``QueryError`` when the text is none of its language."""
    return _compile_once(type_, text) if len(text) <= _SHORT else _compile(type_, text)


def is_query(text: str, type_: ExpressionType) -> bool:
    """Whether a text is a query of its language."""
    try:
        compile_query(type_, text)
    except QueryError:
        return False
    return True


def _compile(type_: ExpressionType, text: str) -> Query:
    if type_.type is Language.XPATH:
        from arazzo_engine.language.queries.xml_nodes import XmlQuery  # noqa: PLC0415 - imports a library for XPath

        return XmlQuery(type_.version, text)
    return _COMPILERS[type_.type, type_.version](text)


# many steps of a document ask the same
_SHORT: Final = 1_000
_compile_once: Final = lru_cache(maxsize=100)(_compile)


def _check_stand_ins(template: QueryTemplate) -> None:
    first: QueryError | None = None
    for text in template.stand_ins():
        try:
            compile_query(template.type, text)
        except QueryError as error:
            first = first or error
        else:
            return
    if first is not None:
        raise QueryError(first.message, fix=first.fix) from first


def _text_in(part: Expression, scope: Scope, room: Room) -> str:
    value = part.expression.evaluate(scope)
    if value is ABSENT or value is NOT_RUN:
        raise EvaluationError(f"`{part.expression}` is {value.value}")
    return text_within(plain(value), room)


def _compile_regex(text: str) -> Query:
    from arazzo_engine.language.queries.regexes import RegexQuery  # noqa: PLC0415 - imports two engines for patterns

    return RegexQuery(text)


def _compile_rfc9535(text: str) -> Query:
    from arazzo_engine.language.queries.jsonpath.rfc9535 import Rfc9535  # noqa: PLC0415 - imports a library for JSONPath

    return JsonQuery(Rfc9535(text))


def _compile_draft(text: str) -> Query:
    from arazzo_engine.language.queries.jsonpath.draft import GoessnerDraft  # noqa: PLC0415 - imports another library

    return JsonQuery(GoessnerDraft(text))


def _compile_pointer(text: str) -> Query:
    return JsonQuery(PointerQuery(text))


_COMPILERS: Final[dict[tuple[Language, str], Callable[[str], Query]]] = {
    (Language.REGEX, ""): _compile_regex,
    (Language.JSONPATH, RFC9535): _compile_rfc9535,
    (Language.JSONPATH, GOESSNER_DRAFT): _compile_draft,
    (Language.JSONPOINTER, RFC6901): _compile_pointer,
}
