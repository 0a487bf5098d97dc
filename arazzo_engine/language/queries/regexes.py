"""Regular expressions of ECMA-262: checked and translated when read, searched without being able to hang.

Decides what a pattern means. RE2 searches it in linear time; what RE2 refuses (lookaround, backreferences, some
Unicode properties) is searched by ``regex`` under a deadline. Python's own ``re`` never sees an untrusted pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, Protocol

import re2
import regex

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.conditions.judgements import Judgement, show_value
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.files import plain
from arazzo_engine.language.queries.ecma_patterns import BACKTRACKING, LINEAR, Translated, translate
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.work import PATTERN_SECONDS

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue


# characters of a text by positions of a pattern: each takes a few nanoseconds
_MOST_LINEAR: Final = 500_000_000
_MOST_BACKTRACKING: Final = 100_000_000
_LEAST_POSITIONS: Final = 100


class Searcher(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> bool:
        """Return whether the pattern matches somewhere; raises ``EvaluationError`` at the deadline."""


class LinearSearcher:
    """A pattern that is searched in the time that the text is long, at each of its ``positions``."""

    def __init__(self, pattern: Translated) -> None:
        options = re2.Options()
        options.log_errors = False
        self._compiled = re2.compile(pattern.text, options)
        self.positions = pattern.positions

    def search(self, text: str) -> bool:
        """Return whether the pattern matches somewhere; raises ``EvaluationError`` for too long a text."""
        _check_work(text, self.positions, _MOST_LINEAR)
        try:
            return self._compiled.search(text) is not None
        except UnicodeEncodeError as error:
            raise EvaluationError("the text has half of a surrogate pair, which no pattern can match") from error


class _BacktrackingSearcher:
    def __init__(self, pattern: Translated) -> None:
        self._compiled = regex.compile(pattern.text, regex.V0)
        self.positions = max(pattern.positions, _LEAST_POSITIONS)

    def search(self, text: str) -> bool:
        # between two looks at its clock the engine may go through the whole text
        _check_work(text, self.positions, _MOST_BACKTRACKING)
        try:
            return self._compiled.search(text, timeout=PATTERN_SECONDS) is not None
        except TimeoutError as error:
            raise EvaluationError(f"the pattern was stopped after {PATTERN_SECONDS} seconds") from error
        except MemoryError as error:
            raise EvaluationError("the pattern needs more memory than there is") from error


def _check_work(text: str, positions: int, most: int) -> None:
    if len(text) * positions > most:
        raise EvaluationError(
            f"the text has {len(text):,} characters, and a pattern of {positions:,} positions searches at most "
            f"{most // positions:,}"
        )


def compile_pattern(text: str) -> Searcher:
    """Return a pattern of ECMA-262 ready to search; raises ``QueryError`` when it is none."""
    try:
        return compile_linear(text)
    except (re2.error, UnicodeEncodeError):
        pass
    try:
        return _BacktrackingSearcher(translate(text, BACKTRACKING))
    except (regex.error, RecursionError, ValueError) as error:
        if isinstance(error, QueryError):
            raise
        raise QueryError(f"the pattern is not valid: {error}") from error


def compile_linear(text: str) -> LinearSearcher:
    """Return a pattern that is searched in linear time; raises ``re2.error`` when there is no such search."""
    return LinearSearcher(translate(text, LINEAR))


def statuses_matching(text: str) -> frozenset[int] | None:
    """Return the statuses of answers that a pattern matches: none for what is no pattern, ``None`` for a costly one."""
    try:
        pattern = compile_linear(text)
    except QueryError:
        return frozenset()
    except (re2.error, UnicodeEncodeError):
        return None
    # RFC 9110, section 15: "All valid status codes are within the range of 100 to 599, inclusive."
    return frozenset(status for status in range(100, 600) if pattern.search(str(status)))


class RegexQuery:
    """A pattern as a criterion: "passes (truthy) when the regex pattern matches the `context` value"."""

    def __init__(self, text: str) -> None:
        self._pattern = compile_pattern(text)

    def judge(self, context: JsonValue) -> Judgement:
        """Search the context; a number or boolean as it would be written, an object or array as its JSON text."""
        found = self._pattern.search(text_of(plain(context)))
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
