"""How a condition asks whether a value is empty, which other languages have a function or a word for.

Decides the words of a fix: of a text and of a list, as what is asked is not known.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.patterns import lazy_pattern

_LONGEST: Final = 2_000
_OF: Final = r"\$[^\s()'\"=<>!&|]+?"
_WORD: Final = r"(?:is_?)?(?P<not{}>not_?)?(?:null_?or_?)?(?:empty|blank|white_?space)"
_FORMS: Final = (
    # string.IsNullOrEmpty(…), StringUtils.isNotBlank(…), empty(…)
    lazy_pattern(rf"(?i:\s*(?P<denied>!\s*|not\s+)?(?:\w+\.)*{_WORD.format('')}\(\s*(?P<of>{_OF})\s*\)\s*)"),
    # ….isEmpty(), … isEmpty, … is not empty
    lazy_pattern(
        rf"(?i:\s*(?P<denied>!\s*|not\s+)?(?P<of>{_OF})"
        rf"(?:\.{_WORD.format('_m')}\(\)|\s+(?P<not_n>not\s+)?{_WORD.format('_w')}|\s+is\s+(?P<not_s>not\s+)?(?:empty|blank))\s*)"
    ),
)


def fix_emptiness(text: str) -> str:
    """Return how a condition that asks whether a value is empty is written, ``""`` for any other.

    >>> fix_emptiness("!string.IsNullOrEmpty($url)")
    "write `$url != null && $url != ''` of a text, or `$url.length > 0` of a list"
    >>> fix_emptiness("$url is empty")
    "write `$url == null || $url == ''` of a text, or `$url.length == 0` of a list"
    """
    found = (form.fullmatch(text) for form in _FORMS) if len(text) <= _LONGEST else ()
    match = next((each for each in found if each is not None), None)
    if match is None:
        return ""
    of = match["of"]
    if sum(each is not None for name, each in match.groupdict().items() if name != "of") % 2:
        return f"write `{of} != null && {of} != ''` of a text, or `{of}.length > 0` of a list"
    return f"write `{of} == null || {of} == ''` of a text, or `{of}.length == 0` of a list"
