"""How a condition with an operator of another language is written: `contains`, `matches`, `=~` and their like.

Decides the words of a fix, and which sign is the cause. No such condition is read as another: whether a text or a list
is asked is not known, and patterns differ between languages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.expressions.mistakes import STATUSES
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATTERN_WORDS: Final = frozenset({"matches", "match", "=~", "test", "~="})
_STARTS: Final = frozenset({"startswith", "starts_with"})
_ENDS: Final = frozenset({"endswith", "ends_with"})
_WORDS: Final = (
    r"contains|includes|has|matches|match|=~|~=|startsWith|starts_with|endsWith|ends_with|startswith|endswith|test"
)
# what is asked, which may stand in braces
_OF: Final = r"(?P<of>\$(?:[^\s()'\"=<>!&|,\[{}]|\[\d+\]|\['[^']*'\])+?)\s*\}?"
# a pattern between strokes, which may have one among characters in brackets, and letters behind it
_STROKES: Final = r"/(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/"
_WHAT: Final = rf"(?P<what>'(?:[^']|'')*'|\"[^\"]*\"|{_STROKES}\w*|[^\s()&|]+)"
_PATTERN: Final = rf"(?P<what>{_STROKES}\w*)(?![^\s)}}&|;])"
# what no path has
_NO_PATH: Final = rf"(?=[^\s^$*+?()\[\]|\\]*[\^$*+?()\[\]|\\]|{_STROKES}[gims]{{1,2}}(?!\w))"
_FORMS: Final = (
    # a pattern between strokes behind any sign; behind `==` it may be a path that lacks its quotes
    lazy_pattern(rf"{_OF}\s*(?P<word>!?=?~=?|/=)\s*{_PATTERN}"),
    lazy_pattern(rf"{_OF}\s*(?P<word>={{1,3}}|!==?)\s*{_NO_PATH}{_PATTERN}"),
    lazy_pattern(rf"{_OF}\s+(?:not\s+)?(?P<word>{_WORDS})\s+{_WHAT}", re.IGNORECASE),
    lazy_pattern(rf"{_OF}\.(?P<word>{_WORDS})\(\s*{_WHAT}\s*\)", re.IGNORECASE),
    lazy_pattern(rf"\b(?P<word>{_WORDS})\(\s*\{{?{_OF}\s*,\s*{_WHAT}\s*\)", re.IGNORECASE),
)
# a method that compares, which is an operator here
_EQUAL: Final = lazy_pattern(
    rf"{_OF}\.(?:equals|equalsIgnoreCase|isEqualTo|toBe|toEqual)\(\s*(?P<what>'[^']*'|\"[^\"]*\"|[^\s()'\"&|]+)\s*\)"
)
_DELIMITED: Final = lazy_pattern(r"/(?P<pattern>.+)/(?P<flags>\w*)", re.DOTALL)
_SPECIAL: Final = lazy_pattern(r"[\\^$.|?*+()\[\]{}]")
_MEMBER: Final = lazy_pattern(r"\.([\w\-$@]+)|\[(\d+)\]|\['([^']*)'\]")
_MESSAGE: Final = lazy_pattern(r"(\$(?:request|response)\.body)((?:\.[\w\-$@]+|\[\d+\]|\['[^']*'\])+)")
_NEGATED: Final = lazy_pattern(r"!\s*\(?\s*\{?$|\bnot\s", re.IGNORECASE)
# no sign of a condition, and `/=` of which other languages have it as `!=`
_SIGNS: Final = lazy_pattern(rf"{_OF}\s*(?P<word>!?=?~=?(?![01])|/=)(?![=~])")
_UNEQUAL: Final = "/="
_MEMBERS: Final = frozenset({"contains", "includes", "has"})
_QUOTED: Final = lazy_pattern(r"'[^']*'|\"[^\"]*\"")
_OR: Final = lazy_pattern(r"\|\||\bor\b", re.IGNORECASE)
_TOKENS: Final = lazy_pattern(r"[()]|\|\||\bor\b", re.IGNORECASE)
_BESIDE_OR: Final = (
    "all criteria must hold, so that none can say one side of `||`: ask for both by one pattern of one value,"
    " or, in an action, write one more action for the other side"
)
_LONGEST: Final = 2_000


def fix_operator(text: str) -> str:
    """Return how a condition with an operator that there is not is written, ``""`` when there is no such operator.

    >>> fix_operator("$response.body.name matches '^a'")
    "write a criterion of its own: `context: $response.body#/name`, `type: regex`, `condition: '^a'`"
    """
    match = _found(text)
    if match is None and len(text) <= _LONGEST and (equal := _EQUAL.search(text)) is not None:
        return _fix_equal(text, equal)
    if match is None:
        is_unequal = len(text) <= _LONGEST and (sign := _SIGNS.search(text)) is not None and sign["word"] == _UNEQUAL
        return "write `!=`" if is_unequal else ""
    context, word = _context(match["of"]), match["word"].casefold()
    lacks_end = word in _PATTERN_WORDS and match["what"][0] == "/" and not _DELIMITED.fullmatch(match["what"])
    if lacks_end or _is_alternative(text, match.span()):
        return "" if lacks_end else _fix_alternatives(text)
    pattern = _pattern_in(match)
    if _is_denied(text, match):
        return f"write a criterion of its own: `context: {context}`, `type: regex`, and a pattern that it matches"
    none = _without(pattern)
    written = _criterion(context, none if word.startswith("!") else pattern) + _of_flags(match["what"])
    if word == _UNEQUAL:
        return f"{written}, or `condition: {_quoted(none)}` where it must not match"
    return f"{written}{_of_list([match])}" if word in _MEMBERS and _may_be_list(context) else written


def _fix_equal(text: str, match: re.Match[str]) -> str:
    sign = "!=" if _NEGATED.search(text[: match.start()]) else "=="
    what = match["what"]
    # a text stands between single quotes
    value = _quoted(what[1:-1]) if what.startswith('"') else what
    of = "$statusCode" if match["of"] in STATUSES else match["of"]
    return f"write `{of} {sign} {value}`: there are no methods"


def foreign_sign(text: str, start: int) -> tuple[int, int] | None:
    """Return where a sign stands that is no operator, where a condition is refused at it or at what opens before it."""
    match = _SIGNS.search(text) if len(text) <= _LONGEST else None
    is_cause = match is not None and (text[start : start + 1] in {"{", "("} or start <= match.start("word") < start + 2)
    return match.span("word") if match is not None and is_cause else None


def _is_alternative(text: str, span: tuple[int, int]) -> bool:
    """Whether a part of a condition stands beside `||`, or in parentheses that do: all criteria must hold."""
    hidden = _QUOTED.sub(lambda each: " " * len(each[0]), text)
    path: tuple[int, ...] = ()
    own: tuple[int, ...] | None = None
    groups_of_alternatives = set()
    for token in _TOKENS.finditer(f"{hidden[: span[0]]}{' ' * (span[1] - span[0])}{hidden[span[1] :]}"):
        own = path if own is None and token.start() >= span[0] else own
        if token[0] == "(":
            path = (*path, token.start())
        elif token[0] == ")":
            path = path[:-1]
        else:
            groups_of_alternatives.add(path)
    own = path if own is None else own
    return any(own[: len(each)] == each for each in groups_of_alternatives)


def _fix_alternatives(text: str) -> str:
    """Return the one pattern for what is asked of one value on each side of `||`, or that there is none."""
    parts = _OR.split(text)
    found = [match for each in parts if (match := _found(each)) is not None and match[0].strip() == each.strip()]
    contexts = {_context(match["of"]) for match in found}
    is_plain = not any(_is_denied("", match) or match["word"].startswith(("!", _UNEQUAL)) for match in found)
    if len(found) < len(parts) or len(contexts) > 1 or not is_plain:
        return _BESIDE_OR
    (context,) = contexts
    written = _criterion(context, "|".join(map(_pattern_in, found))) + max(_of_flags(each["what"]) for each in found)
    are_members = all(match["word"].casefold() in _MEMBERS for match in found)
    return f"{written}{_of_list(found)}" if are_members and _may_be_list(context) else written


def _is_denied(text: str, match: re.Match[str]) -> bool:
    return _NEGATED.search(text[: match.start()]) is not None or " not " in match[0].casefold()


def _pattern_in(match: re.Match[str]) -> str:
    pattern = _pattern(match["word"].casefold(), match["what"])
    # no status has letters
    return re.sub(r"(?<=[\d\]xX])[xX]", r"\\d", pattern) if match["of"] == "$statusCode" else pattern


def _of_list(found: Sequence[re.Match[str]]) -> str:
    whats = [each["what"] for each in found]
    values = [each if each[0] in "'\"" or _is_number(each) else f"'{each}'" for each in whats]
    return f"; of a list, `type: jsonpath` and `condition: $[?{' || '.join(f'@ == {each}' for each in values)}]`"


def _found(text: str) -> re.Match[str] | None:
    if len(text) > _LONGEST:
        return None
    return next((found for form in _FORMS if (found := form.search(text))), None)


def _criterion(context: str, pattern: str) -> str:
    fields = (f"context: {context}", "type: regex", f"condition: {_quoted(pattern)}")
    return "write a criterion of its own: " + ", ".join(f"`{field}`" for field in fields)


def _without(pattern: str) -> str:
    """Return a pattern that every text matches in which another one finds nothing."""
    is_one = pattern.startswith("^") and "|" not in pattern
    return f"^(?!{pattern[1:]})" if is_one else f"^(?![\\s\\S]*(?:{pattern}))"


def _of_flags(what: str) -> str:
    match = _DELIMITED.fullmatch(what)
    has_flag = match is not None and "i" in match["flags"]
    return "; a pattern has no flags: write a letter of either case as `[aA]`" if has_flag else ""


def _may_be_list(context: str) -> bool:
    return ".header." not in context and context not in {"$url", "$method"}


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(?:\.\d+)?", text) is not None


def _pattern(word: str, what: str) -> str:
    delimited = _DELIMITED.fullmatch(what)
    text = delimited["pattern"] if delimited is not None else what[1:-1] if what[0] in "'\"" else what
    if word in _PATTERN_WORDS or delimited is not None:
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
