"""Regular expressions of ECMA-262: checked and translated when read, searched without being able to hang.

Decides what a pattern means. RE2 searches it in linear time; what RE2 refuses (lookaround, backreferences, some
Unicode properties) is searched by ``regex`` under a deadline. Python's own ``re`` never sees an untrusted pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, Protocol

import re2
import regex

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.conditions.judgements import Judgement, show_value
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.queries.ecma_patterns import BACKTRACKING, LINEAR, translate
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.work import PATTERN_SECONDS

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue


class Searcher(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> bool:
        """Return whether the pattern matches somewhere; raises ``EvaluationError`` at the deadline."""


class _LinearSearcher:
    def __init__(self, pattern: str) -> None:
        options = re2.Options()
        options.log_errors = False
        self._compiled = re2.compile(pattern, options)

    def search(self, text: str) -> bool:
        try:
            return self._compiled.search(text) is not None
        except UnicodeEncodeError as error:
            raise EvaluationError("the text has half of a surrogate pair, which no pattern can match") from error


class _BacktrackingSearcher:
    def __init__(self, pattern: str) -> None:
        self._compiled = regex.compile(pattern, regex.V0)

    def search(self, text: str) -> bool:
        try:
            return self._compiled.search(text, timeout=PATTERN_SECONDS) is not None
        except TimeoutError as error:
            raise EvaluationError(f"the pattern was stopped after {PATTERN_SECONDS} seconds") from error
        except MemoryError as error:
            raise EvaluationError("the pattern needs more memory than there is") from error


def compile_pattern(text: str) -> Searcher:
    """Return a pattern of ECMA-262 ready to search; raises ``QueryError`` when it is none."""
    try:
        return _LinearSearcher(translate(text, LINEAR))
    except (re2.error, UnicodeEncodeError):
        pass
    try:
        return _BacktrackingSearcher(translate(text, BACKTRACKING))
    except (regex.error, RecursionError, ValueError) as error:
        if isinstance(error, QueryError):
            raise
        raise QueryError(f"the pattern is not valid: {error}") from error


class RegexQuery:
    """A pattern as a criterion: "passes (truthy) when the regex pattern matches the `context` value"."""

    def __init__(self, text: str) -> None:
        self._pattern = compile_pattern(text)

    def judge(self, context: JsonValue) -> Judgement:
        """Search the context; a number or boolean as it would be written, an object or array as its JSON text."""
        found = self._pattern.search(text_of(context))
        what = show_value(context)
        if isinstance(context, dict | list):
            what = f"the JSON text of {what}"
        return Judgement(found, f"{what} {'matches' if found else 'does not match'}")

    def select(self, _context: JsonValue, /) -> NoReturn:
        """Refuse: "the options allowed are `jsonpath`, `xpath`, or `jsonpointer`"."""
        raise TypeError("a pattern selects nothing, and the reader refuses it as a selector")

    def replace(self, _payload: JsonValue, _value: JsonValue, /) -> NoReturn:
        """Refuse, as ``select`` does."""
        raise TypeError("a pattern selects nothing, and the reader refuses it as a target")
