"""How a condition with an operator of another language is written: `contains`, `matches`, `startsWith` and their like.

Decides the words of a fix alone. No such condition is read as another: whether a text or a list is asked is not known,
and patterns differ between languages.
"""

from __future__ import annotations

import re
from typing import Final

from arazzo_engine.patterns import lazy_pattern

_PATTERN_WORDS: Final = frozenset({"matches", "match", "=~", "test", "~="})
_STARTS: Final = frozenset({"startswith", "starts_with"})
_ENDS: Final = frozenset({"endswith", "ends_with"})
_WORDS: Final = (
    r"contains|includes|has|matches|match|=~|~=|startsWith|starts_with|endsWith|ends_with|startswith|endswith|test"
)
_OF: Final = r"(?P<of>\$(?:[^\s()'\"=<>!&|,\[]|\[\d+\]|\['[^']*'\])+?)"
_WHAT: Final = r"(?P<what>'(?:[^']|'')*'|\"[^\"]*\"|/(?:[^/\\]|\\.)+/\w*|[^\s()&|]+)"
_FORMS: Final = (
    lazy_pattern(rf"{_OF}\s+(?:not\s+)?(?P<word>{_WORDS})\s+{_WHAT}", re.IGNORECASE),
    lazy_pattern(rf"{_OF}\.(?P<word>{_WORDS})\(\s*{_WHAT}\s*\)", re.IGNORECASE),
    lazy_pattern(rf"\b(?P<word>{_WORDS})\(\s*{_OF}\s*,\s*{_WHAT}\s*\)", re.IGNORECASE),
)
_SPECIAL: Final = lazy_pattern(r"[\\^$.|?*+()\[\]{}]")
_MEMBER: Final = lazy_pattern(r"\.([\w\-$@]+)|\[(\d+)\]|\['([^']*)'\]")
_MESSAGE: Final = lazy_pattern(r"(\$(?:request|response)\.body)((?:\.[\w\-$@]+|\[\d+\]|\['[^']*'\])+)")
_NEGATED: Final = lazy_pattern(r"!\s*$|\bnot\s", re.IGNORECASE)
_LONGEST: Final = 2_000


def fix_operator(text: str) -> str:
    """Return how a condition with an operator that there is not is written, ``""`` when there is no such operator.

    >>> fix_operator("$response.body.name matches '^a'")
    "write a criterion of its own: `context: $response.body#/name`, `type: regex`, `condition: '^a'`"
    """
    if len(text) > _LONGEST:
        return ""
    match = next((found for form in _FORMS if (found := form.search(text))), None)
    if match is None:
        return ""
    context, pattern = _context(match["of"]), _pattern(match["word"].casefold(), match["what"])
    if context == "$statusCode":
        # no status has letters
        pattern = re.sub(r"(?<=[\d\]xX])[xX]", r"\\d", pattern)
    if _NEGATED.search(text[: match.start()]) or " not " in match[0].casefold():
        return f"write a criterion of its own: `context: {context}`, `type: regex`, and a pattern that it matches"
    written = "write a criterion of its own: " + ", ".join(
        f"`{field}`" for field in (f"context: {context}", "type: regex", f"condition: {_quoted(pattern)}")
    )
    if match["word"].casefold() not in {"contains", "includes", "has"}:
        return written
    value = match["what"] if match["what"][0] in "'\"" or _is_number(match["what"]) else f"'{match['what']}'"
    return (
        f"{written}; of a list, `type: jsonpath` and `condition: $[?@ == {value}]`"
        if _may_be_list(context)
        else written
    )


def _may_be_list(context: str) -> bool:
    return ".header." not in context and context not in {"$url", "$method"}


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(?:\.\d+)?", text) is not None


def _pattern(word: str, what: str) -> str:
    is_delimited = what[0] == "/" and len(what) > 1
    text = what[1 : what.rindex("/")] if is_delimited else what[1:-1] if what[0] in "'\"" else what
    if word in _PATTERN_WORDS or is_delimited:
        return text
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return f"^{escaped}" if word in _STARTS else f"{escaped}$" if word in _ENDS else escaped


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"


def _context(text: str) -> str:
    """Return the expression of a part of a body; conditions name parts in a way that a context has not."""
    match = _MESSAGE.fullmatch(text)
    if match is None:
        return text
    parts = (next(group for group in part.groups() if group is not None) for part in _MEMBER.finditer(match[2]))
    return f"{match[1]}#/{'/'.join(parts)}"
