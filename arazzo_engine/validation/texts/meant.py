"""What a literal text was meant to say: an expression without its sign or its braces, with other braces, or misspelt.

Decides it by the names that exist: a text that names none of them is text, whatever it looks like. That such a text is
sent as it is, or stops the run, is for others to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.language.sent_languages import has_template, may_be_path
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.texts.literal_texts import PAYLOADS, Part, name_of
from arazzo_engine.validation.texts.names import OF_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.validation.texts.literal_texts import Text
    from arazzo_engine.validation.texts.names import ExistingNames

_SUSPICIOUS: Final = lazy_pattern(r"[$@]|\{\{|#\{|\{\s*[\w\-]+\.|<%|inputs|outputs|steps|workflows|sourceDescriptions")
# words that could be an expression, with the sign anywhere in them, and the pointer that may follow
_WORDS: Final = lazy_pattern(r"[\w$][\w$.\-]*(?:#/[^\s\"'<>{}]*)?")
_SIGNS_WITHIN: Final = lazy_pattern(r"(?<=.)\$", re.DOTALL)
_OPEN: Final = lazy_pattern(r"[$#]?\{\{?\s*$|<%=?\s*$")
_CLOSED: Final = lazy_pattern(r"\s*(?:\}\}?|%>)")
_TEMPLATES: Final = lazy_pattern(r"\$?\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}")
# no name is longer; what is, such as bytes in base64, is not looked into
_LONGEST: Final = 1_000
_CUTS: Final = lazy_pattern(r"[.\-]")
_PARTS: Final = lazy_pattern(r"(?:\.[\w\-]+)*")
# what is an expression by its braces and its sign: `{$inputssku}`
_EMBEDDED: Final = lazy_pattern(r"\{(\$[^{}]*)\}")
# `$inputs['sku']`: the word, and a name in brackets
_BRACKETS: Final = lazy_pattern(r"(\$(?:inputs|outputs))\[(['\"]?)([^\[\]'\"]+)\2\]")
# a name of an input or output in the braces of other languages: `{{ id }}`, `${{ id }}`, `${id}`, `#{id}`, `<%= id %>`
_BRACES: Final = lazy_pattern(r"\$?\{\{\s*([\w.\-]+)\s*\}\}|[$#]\{\s*([\w.\-]+)\s*\}|<%=?\s*([\w.\-]+)\s*%>")
_COMMENT: Final = lazy_pattern(r"<!--.*?-->", re.DOTALL)
# a step and its output in one pair of braces: `{find.id}`
_SINGLE: Final = lazy_pattern(r"(?<![{$#\\])\{\s*([\w\-]+(?:\.[\w\-]+)+)\s*\}(?!\})")
# what was kept under the name of a step: `@find.id`
_ALIAS: Final = lazy_pattern(r"@([\w\-]+(?:\.[\w\-]+)+)")
# what the messages of a step have, whatever is in them
_OF_MESSAGES: Final = lazy_pattern(
    r"(?<!\{)\$(?:request|response)\.(?:(?:header|query|path)\.[\w\-]+|body(?![\w\-])(?:#/[^\s\"'<>{}]*)?)"
)


class Meant(Struct, frozen=True):
    """An expression that a text was meant to hold, and the characters that were meant.

    ``is_nearly`` when they stand where an expression does and are a slip for one, so that nothing else can be meant.
    """

    expression: str
    span: tuple[int, int]
    is_nearly: bool = False


def find_meant(text: Text, names: ExistingNames) -> Meant | None:
    """Return the first expression that a text was meant to hold, ``None`` when it is nothing but text."""
    if text.doubled:
        end = len(text.text)
        return Meant(text.doubled, (end - 1, end + len(text.doubled) + 3))
    if not _SUSPICIOUS.search(text.text) or (text.part is Part.VALUE and looks_like_expression(text.text)):
        return None  # the one names nothing, and the other was read as an expression and is told already
    if may_be_path(name_of(text), text.text):
        return None
    found = (meant for find in (_find_nearly, _find_in_braces, _find_words) for meant in find(text, names))
    # what answers are compared with may be any text; only names make it more than that
    is_judged = text.part in {Part.CONDITION, Part.QUERY}
    meant = next((each for each in found if not (is_judged and each.expression in OF_MESSAGES)), None)
    return None if meant is None else _with_braces(text.text, meant)


def _with_braces(written: str, meant: Meant) -> Meant:
    """Return what was meant with the braces of any language that stand around it."""
    before, after = _OPEN.search(written, 0, meant.span[0]), _CLOSED.match(written, meant.span[1])
    if before is not None and after is not None:
        return replace(meant, span=(before.start(), after.end()))
    # with the filters or the words of a template beside it, the template as a whole is what was meant
    around = (each.span() for each in _TEMPLATES.finditer(written))
    within = (each for each in around if each[0] < meant.span[0] and meant.span[1] < each[1])
    return replace(meant, span=next(within, meant.span))


def _find_nearly(text: Text, names: ExistingNames) -> Iterator[Meant]:
    written = text.text
    found = _expression(written, names) if text.part is Part.VALUE else None
    # `inputs.sku` leaves out the sign, and `a$inputs.sku` the braces: both are text. `i$nputs.sku` is nothing else
    if found is not None and not (names.exact(written) or found in written):
        yield Meant(found, (0, len(written)), is_nearly=True)
    for match in _EMBEDDED.finditer(written):
        if not looks_like_expression(match[1]) and (found := _expression(match[1], names)):
            yield Meant(found, match.span(), is_nearly=text.part is not Part.NAME)


def _find_in_braces(text: Text, names: ExistingNames) -> Iterator[Meant]:
    written = text.text
    for match in _BRACKETS.finditer(written):
        if found := names.exact(f"{match[1]}.{match[3]}"):
            yield Meant(found, match.span())
    is_template = not PAYLOADS.isdisjoint(text.at.pointer) and has_template(name_of(text))
    for match in () if is_template and not _BRACES.fullmatch(written) else _BRACES.finditer(_without_comments(written)):
        # `${ .id }`, as `jq` names a member of what comes in
        name = next(group for group in match.groups() if group is not None).removeprefix(".")
        if found := names.alone(name, text.at.pointer) or names.part(name):
            yield Meant(found, match.span())
    alias = _ALIAS.fullmatch(written) if text.part is Part.VALUE else None
    if alias is not None and (found := names.part(alias[1])):
        yield Meant(found, (0, len(written)))
    for match in _SINGLE.finditer(written):
        # it may be of a template of the API's, unless its words are those of the expression
        found = names.part(match[1])
        if found is not None and (found.startswith("$inputs.") or match[1].partition(".")[0] in found.split(".")):
            yield Meant(found, match.span())


def _without_comments(written: str) -> str:
    """Return a text with space in place of what is remarked in markup, which is for whoever reads it."""
    return _COMMENT.sub(lambda match: " " * len(match[0]), written) if "<!--" in written else written


def _find_words(text: Text, names: ExistingNames) -> Iterator[Meant]:
    written = text.text
    yield from (Meant(match[0], match.span()) for match in _OF_MESSAGES.finditer(written))
    for each in names.of_several_words:
        start = written.find(each.removeprefix("$"))
        if start >= 0:
            sign = written[:start].endswith("$")
            yield _at(start - sign, each[not sign :], each)
    for match in _WORDS.finditer(written):
        if len(match[0]) <= _LONGEST:
            yield from _in_word(match, names)


def _in_word(match: re.Match[str], names: ExistingNames) -> Iterator[Meant]:
    """Yield the expressions that a word is, ends in or begins with."""
    for start in (0, *(sign.start() for sign in _SIGNS_WITHIN.finditer(match[0]))):
        word = match[0][start:].rstrip(".-$")
        if not _SUSPICIOUS.search(word):
            continue
        if found := _expression(word, names):
            yield _at(match.start() + start, word, found)
        elif beginning := _beginning(word, names):
            yield _at(match.start() + start, *beginning)


def _at(start: int, written: str, expression: str) -> Meant:
    return Meant(expression, (start, start + len(written)))


def _expression(text: str, names: ExistingNames) -> str | None:
    """Return the expression that a text is, or is a slip for, with its pointer."""
    name, sign, pointer = text.partition("#")
    found = names.nearly(name)
    return None if found is None else f"{found}{sign}{pointer}"


def _beginning(word: str, names: ExistingNames) -> tuple[str, str] | None:
    """Return the longest beginning of a word that is an expression, and that expression."""
    for cut in reversed(list(_CUTS.finditer(word))):
        found = names.exact(word[: cut.start()])
        if found is None:
            continue
        parts = _PARTS.fullmatch(word, cut.start())
        if parts is None:
            return word[: cut.start()], found
        return word, f"{found}#{render_pointer(parts[0].split('.')[1:])}"
    return None
