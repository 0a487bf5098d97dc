"""The patterns of XPath functions, in an engine that can be stopped, and with what they take counted.

Decides how long a pattern may take. The library translates XPath's patterns and hands them to Python's own engine,
which cannot be stopped: here stands what it is given in that engine's place.
"""

from __future__ import annotations

import re
from types import FunctionType, SimpleNamespace
from typing import Any, Final

import regex

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.work import LONGEST_QUERY, MOST_WORK, PATTERN_SECONDS, spend

# the functions that hand patterns to Python's own engine
WITH_PATTERNS: Final = frozenset({"matches", "replace", "tokenize"})
# between two looks at its clock the other engine may go through a whole text
_LONGEST_TEXT: Final = 1_000_000
_LONGEST_MATCH: Final = 100
# what most searches need; one that needs more pays for it, so that a query can have ten of them
_SECONDS: Final = 0.001
_SECONDS_A_CHARACTER: Final = 1e-7
_OF_A_LONG_SEARCH: Final = MOST_WORK // 10


def spend_on_pattern(pattern: object) -> None:
    """Spend what translating and compiling a pattern takes; raises ``EvaluationError`` for one that is too long."""
    if isinstance(pattern, str):
        if len(pattern) > LONGEST_QUERY:
            raise EvaluationError(f"a pattern is longer than {LONGEST_QUERY} characters")
        spend(_LONGEST_MATCH + len(pattern))


class _SafePattern:
    """A pattern of the library in another engine, under a deadline."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._compiled = regex.compile(pattern, flags | regex.V0)
        self.groups = self._compiled.groups

    def search(self, text: str) -> Any:  # noqa: ANN401 - a match
        return _bounded(self._compiled.search, text)

    def sub(self, replacement: str, text: str) -> Any:  # noqa: ANN401 - a text
        return _bounded(self._compiled.sub, replacement, text)

    def split(self, text: str) -> Any:  # noqa: ANN401 - texts
        return _bounded(self._compiled.split, text)


def _bounded(work: Any, *arguments: str) -> Any:  # noqa: ANN401 - a method of the other engine
    length = len(arguments[-1])
    if length > _LONGEST_TEXT:
        raise EvaluationError(f"a pattern searches at most {_LONGEST_TEXT:,} characters")
    spend(_LONGEST_MATCH + length // 10)
    try:
        return work(*arguments, timeout=_SECONDS + length * _SECONDS_A_CHARACTER)
    except TimeoutError:
        spend(_OF_A_LONG_SEARCH)
    try:
        return work(*arguments, timeout=PATTERN_SECONDS)
    except TimeoutError as error:
        raise EvaluationError(f"a pattern was stopped after {PATTERN_SECONDS} seconds") from error


_SAFE_RE: Final = SimpleNamespace(
    **{name: getattr(re, name) for name in ("S", "M", "I", "X", "escape")},
    error=regex.error,
    compile=_SafePattern,
    search=lambda pattern, text, flags=0: _SafePattern(pattern, flags).search(text),
    sub=lambda pattern, replacement, text: _SafePattern(pattern).sub(replacement, text),
    split=lambda pattern, text: _SafePattern(pattern).split(text),
)


def with_safe_patterns(function: Any) -> Any:  # noqa: ANN401 - a function of the library
    """Return the library's own function with another engine for its patterns."""
    names = {**function.__globals__, "re": _SAFE_RE}
    return FunctionType(function.__code__, names, function.__name__, function.__defaults__)
