"""What ``match`` and ``search`` of RFC 9535 decide, with patterns that cannot hang.

Decides which texts a pattern of I-Regexp (RFC 9485) matches. How a library calls its functions is not known here.
"""

from __future__ import annotations

import re
from typing import Final

import iregexp_check

from arazzo_engine.language.queries.regexes import compile_pattern
from arazzo_engine.language.queries.work import spend

# a hundred characters of a text are searched in the time that one node takes
_CHARACTERS: Final = 100
_DOT: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\.)", re.DOTALL)


def matches(text: object, pattern: object, *, whole: bool) -> bool:
    """Return whether a pattern matches the whole text, or somewhere in it."""
    # "If the arguments are not strings or the second does not conform to I-Regexp, the result is LogicalFalse"
    if not isinstance(text, str) or not isinstance(pattern, str) or not iregexp_check.check(pattern):
        return False
    spend(1 + (len(text) + len(pattern)) // _CHARACTERS)
    # RFC 9485, section 5.3: "replace the dot with [^\n\r]"
    written = _DOT.sub(lambda found: r"[^\n\r]" if found[1] else found[0], pattern)
    return compile_pattern(f"^(?:{written})$" if whole else written).search(text)
