"""What ``match`` and ``search`` of RFC 9535 decide, with patterns that cannot hang.

Decides which texts a pattern of I-Regexp (RFC 9485) matches, and counts what it takes. How a library calls its
functions is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import iregexp_check
import re2

from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.regexes import compile_linear
from arazzo_engine.language.queries.work import LONGEST_QUERY, remembered, spend
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.language.queries.regexes import LinearSearcher

# a hundred characters of a text are searched in the time that one node takes, or two hundred where a search stands at
# one position more
_CHARACTERS: Final = 100
_AT_POSITIONS: Final = 200
# and a character of a pattern takes as long to compile as twenty nodes
_COMPILING: Final = 20
_DOT: Final = lazy_pattern(r"\\.|\[(?:\\.|[^\]\\])*\]|(\.)", re.DOTALL)


def matches(text: object, pattern: object, *, whole: bool) -> bool:
    """Return whether a pattern matches the whole text, or somewhere in it."""
    if not isinstance(text, str) or not isinstance(pattern, str):
        return False
    searcher = remembered((pattern, whole), lambda: _compile(pattern, whole=whole))
    if searcher is None:
        return False
    spend(1 + len(text) // _CHARACTERS + len(text) * searcher.positions // _AT_POSITIONS)
    return searcher.search(text)


def _compile(pattern: str, *, whole: bool) -> LinearSearcher | None:
    if len(pattern) > LONGEST_QUERY:
        raise EvaluationError(f"a pattern is longer than {LONGEST_QUERY} characters")
    spend(1 + len(pattern) * _COMPILING)
    # RFC 9535, section 2.4.6: a pattern that is no I-Regexp gives LogicalFalse
    if not iregexp_check.check(pattern):
        return None
    # RFC 9485, section 5.3: "replace the dot with [^\n\r]"
    written = _DOT.sub(lambda found: r"[^\n\r]" if found[1] else found[0], pattern)
    try:
        # an I-Regexp needs no engine that can go back
        return compile_linear(f"^(?:{written})$" if whole else written)
    except (re2.error, UnicodeEncodeError) as error:
        raise EvaluationError("a pattern needs more memory than a pattern may") from error
