"""Words that begin as an expression does and are none: `$item`, `{$uuid}`, `$inputs.nope` within a longer text.

Decides which of them are told. A payload may be in a language that has such words of its own: where its names or its
form say so, nothing is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.language.sent_languages import has_code, has_language, is_filled_in, is_of_machine, words_in
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.validation.texts.foreign import KEPT, find_lookup, names_step
from arazzo_engine.validation.texts.interpolations import find_filled
from arazzo_engine.validation.texts.literal_texts import PAYLOADS, Part, Text, around, name_of
from arazzo_engine.validation.texts.marks import find_marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.validation.texts.names import ExistingNames

SENT: Final = frozenset({Part.VALUE, Part.TEXT})
# what stands where an expression does and is none, as `{$randomString}`, `{$item.id}` or `{$sha256($inputs.word)}`
_IN_BRACES: Final = lazy_pattern(r"(?<![\\${])\{\$[A-Za-z]\w*(?:\.[A-Za-z_]\w*)*(?:\([^{}]*\))?\}(?!\})")
# what a text of another language has, as GraphQL, PHP or a template
_OF_OTHERS: Final = lazy_pattern(r"[{};\n]|<[?%]")
# a value that is nothing else, as `$uuid` or `$find.outputs.id`, and begins as no expression does
_LONE_WORD: Final = lazy_pattern(
    r"\$([A-Za-z_][\w\-]*)(?:\.[A-Za-z_][\w\-]*|\[(?:\d+|\*|'[^']*'|\"[^\"]*\")\])*(?:#(?:/[\w\-~.]*)*|\(\))?"
)
# a parameter that is nothing else: an API has templates in what it is sent, and not in what it is asked by
_LONE_TEMPLATE: Final = lazy_pattern(r"\$?\{\{\s*[A-Za-z_][\w.\-]*\s*\}\}|\$?\{[A-Za-z_][\w.\-]*\}")
# a part of a payload that is nothing else: an API fills in templates within its texts
_LONE_PART: Final = lazy_pattern(r"\$?\{\{\s*(?:(?<=\s)\$)?([A-Za-z_]\w*)[^{}\n]*\}\}")
# the same with one brace, which is told where its words name something
_LONE_PATH: Final = lazy_pattern(r"\$\{\s*([A-Za-z_]\w*(?:\.[\w\-]+)+)\s*\}")
# where other engines keep values
_SCOPES: Final = frozenset(
    {
        *("args", "exchangeProperty", "flow", "flowVars", "input", "inputs", "needs", "outputs", "parameters"),
        *("params", "steps", "tasks", "var", "variables", "vars", "workflow"),
    }
)
# an input or output within a text, behind its sign or in the braces of templates
_NAMED: Final = r"(?:inputs\.[\w\-]+|steps\.[\w\-]+\.outputs\.[\w\-]+)"
_UNKNOWN: Final = lazy_pattern(rf"(?<![\\$\w])(?:(?:\$\{{\{{?|\{{\{{)\s*\$?({_NAMED})\s*\}}\}}?|\$({_NAMED}))")
# a value between the quotes that word processors set
_QUOTED: Final = lazy_pattern(r"[\u2018\u201a\u201c-\u201e]([^\u2018-\u201f\n]+)[\u2018\u2019\u201c\u201d]")
_PROSE: Final = lazy_pattern(r"\s|[.,!?]$")
# members that hold what a person reads
_OF_PROSE: Final = frozenset(
    {
        *("answer", "body", "caption", "chat", "comment", "comments", "content", "contents", "description", "headline"),
        *("html", "input", "label", "letters", "line", "lines", "markdown", "message", "messages", "note", "notes"),
        *("phrase", "prompt", "quotation", "quote", "quotes", "sample", "saying", "sentence", "slogan", "subject"),
        *("summary", "symbol", "text", "texts", "title", "tooltip", "transcript", "translation", "utterance", "word"),
    }
)
# what stands before the whole value of a credential
_SCHEME: Final = lazy_pattern(r"(?:Bearer|Basic|Token|ApiKey) +", re.IGNORECASE)
# names that a template of an API may have in its braces as well as an output
_OF_ANY_TEMPLATE: Final = frozenset(
    {*("code", "date", "email", "host", "id", "index", "key", "name", "number", "path", "slug", "type", "url", "user")}
    | {"uuid", "value", "version", "year"}
)
# words that services have: of AWS, Azure and MongoDB
_OF_SERVICES: Final = frozenset(
    {
        *("default", "connect", "disconnect", "latest", "web", "root", "logs", "metadata", "batch"),
        *(
            "match",
            "project",
            "group",
            "sort",
            "limit",
            "skip",
            "unwind",
            "lookup",
            "set",
            "unset",
            "push",
            "pull",
            "inc",
        ),
    }
)
# a member with a text, or an element that is one, in a body that is written as a text of JSON
_IN_JSON: Final = lazy_pattern(
    r"""(?:"(?P<member>(?:[^"\\]|\\.)*)"\s*:|[\[,])\s*"(?P<text>(?:[^"\\]|\\.)*)"(?=\s*[,}\]])"""
)
_DECLARE: Final = "declare an input, and write `{$inputs.<name>}`: no expression begins like this, and none computes"
_DECLARE_WORD: Final = "write an expression; for a value from outside, declare an input, and write `{}`"
_AS_IT_IS: Final = "is text here, and is sent as it is"


def told_words(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for each word that stands as an expression does, and is none."""
    if text.part not in SENT or looks_like_expression(text.text):
        return
    start = _start_of_value(text)
    if text.part is Part.VALUE and (quoted := _QUOTED.fullmatch(text.text)):
        yield from _told_quotes(text, quoted[1])
        return
    if text.part is Part.VALUE and (words := find_lookup(text.text[start:])):
        yield from _told_lookup(text, start, words, names)
        return
    found: tuple[Diagnostic, ...] = ()
    if "$" in text.text or "{" in text.text:
        found = (*_told_in_braces(text, names), *_told_word(text, names)) or (*_told_unknown(text, names),)
        found = found or (*_told_template(text, names),)
    yield from found or _told_marked(text, start, names)


def told_filled(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for a text that another language fills in, which its quotes or braces say."""
    start = _start_of_value(text)
    filled = find_filled(text.text[start:], names, text.at.pointer) if text.part is Part.VALUE else None
    if filled is not None and not has_calls_of_its_own(text):
        yield _told(text, (start, len(text.text)), f"`{text.text[start:]}` {_AS_IT_IS}", filled.fix)


def _start_of_value(text: Text) -> int:
    """Return where a value begins: behind the scheme of a credential, if there is one."""
    scheme = _SCHEME.match(text.text)
    return 0 if scheme is None else scheme.end()


def told_in_json(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for each text that another engine would look up in a body that is a text of JSON."""
    if text.at.pointer[-1:] != ("payload",) or text.part not in SENT or '"' not in text.text:
        return
    for match in _IN_JSON.finditer(text.text):
        value = match["text"].replace('\\"', '"')
        start, member = text.start + match.start("text"), match["member"] or ""
        inner = Text(value, text.at, Part.VALUE, start, member=member, is_within_json=True)
        words = find_lookup(value)
        yield from _told_lookup(inner, 0, words, names) if words else _told_template(inner, names)


def _told_in_braces(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    if _OF_OTHERS.search(_IN_BRACES.sub("", text.text)):
        return
    for match in _IN_BRACES.finditer(text.text):
        if looks_like_expression(match[0][1:-1]):
            continue  # it is told by itself
        name = match[0][2:-1]
        fix = f"write `{{$inputs.{name}}}`" if name in names.of_inputs else _DECLARE
        yield _told(text, match.span(), f"`{match[0]}` {_AS_IT_IS}", fix)


def _told_word(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for a value that is one word behind the sign of expressions, and names nothing."""
    match = _LONE_WORD.fullmatch(text.text) if text.part is Part.VALUE else None
    if match is not None and (_is_input(match[1], text, names) or not _may_be_meant(text, match[1])):
        message = f"`{text.text}` is no expression: it is text here, and is taken as it is"
        yield _told(text, match.span(), message, _fix(text.text[1:], text, names))


def _is_input(word: str, text: Text, names: ExistingNames) -> bool:
    """Whether a word is the name of an input, and of nothing else for certain: `$EMAIL`."""
    return word in names.of_inputs and word.casefold() not in _OF_SERVICES and not _is_of_language(text)


def _told_template(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for a value that is nothing but the braces of templates, and names nothing."""
    if text.part is Part.VALUE and _is_template(text, names):
        fix = _fix(text.text.strip("${ }"), text, names)
        yield _told(text, (0, len(text.text)), f"`{text.text}` {_AS_IT_IS}", fix)


def _told_marked(text: Text, start: int, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for a value that is the name of another one between the marks of another tool."""
    value = text.text[start:]
    found = find_marked(value, names, text.at.pointer) if text.part is Part.VALUE else None
    if found is not None and value.startswith("{") and not PAYLOADS.isdisjoint(text.at.pointer):
        # an API that fills in templates itself has names as `{id}`, which an answer may have, too
        found = found if found.startswith("$inputs.") or value[1:-1].strip() not in _OF_ANY_TEMPLATE else None
    if found is not None and not any(map(is_filled_in, text.at.pointer[-1:])) and not _has_own_words(text):
        fix = f"write `{{{found}}}`" if start else f"write `{found}`"
        yield _told(text, (start, len(text.text)), f"`{value}` {_AS_IT_IS}", fix)


def _told_quotes(text: Text, value: str) -> Iterator[Diagnostic]:
    """Yield a warning for a value between the quotes of a word processor; what a person reads may have them."""
    pointer = text.at.pointer
    if not PAYLOADS.isdisjoint(pointer):
        name = next((each for each in reversed(pointer) if not each.isdecimal()), "")
        is_prose = not _OF_PROSE.isdisjoint(each.casefold() for each in words_in(name))
        if is_prose or _PROSE.search(value) or _is_of_language(text):
            return
    elif "parameters" not in pointer:
        return
    yield diagnose("quotes-sent", f"`{text.text}` is sent with its quotes", text.at.location(), fix=f"write `{value}`")


def _told_lookup(text: Text, start: int, words: tuple[str, ...], names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for a value that another engine would look up, with what is kept under that name here."""
    found = names.kept(words, text.at.pointer)
    # what a step answered is no input, whatever it is called
    is_unkept = bool(words[-1]) and names_step(text.text[start:]) and (found or "$inputs.").startswith("$inputs.")
    # deep in a payload stands what is defined for the other engine itself
    is_meant = found is not None or sum(not each.isdecimal() for each in around(text)) <= 1
    if is_meant and not any(map(is_filled_in, _last(text))) and not _is_of_language(text):
        written = f"{{{found}}}" if start or text.is_within_json else found
        fix = _keeping(text, start) if is_unkept else f"write `{written}`" if found else _declaring(text)
        yield _told(text, (start, len(text.text)), f"`{text.text[start:]}` {_AS_IT_IS}", fix)


def _fix(name: str, text: Text, names: ExistingNames) -> str:
    """Return the expressions that a name may say, for one of them to be written."""
    alone = names.alone(name, text.at.pointer)
    found = names.parts(name) if alone is None else (alone,)
    found = found or tuple(filter(None, (_scoped(name, text, names),)))
    written = (f"{{{each}}}" if text.is_within_json else each for each in found)
    return f"write {' or '.join(f'`{each}`' for each in written)}" if found else _declaring(text)


def _keeping(text: Text, start: int) -> str:
    is_within = start > 0 or text.is_within_json
    return KEPT.format("{$steps.<stepId>.outputs.<name>}" if is_within else "$steps.<stepId>.outputs.<name>")


def _declaring(text: Text) -> str:
    return _DECLARE_WORD.format("{$inputs.<name>}" if text.is_within_json else "$inputs.<name>")


def _scoped(name: str, text: Text, names: ExistingNames) -> str | None:
    """Return the expression that a name says behind words of other engines: ``vars.id``, ``outputs.find.id``."""
    first, *rest = words = name.split(".")
    return names.kept(words, text.at.pointer) if rest and first in _SCOPES else None


def _is_template(text: Text, names: ExistingNames) -> bool:
    if PAYLOADS.isdisjoint(text.at.pointer):
        return "parameters" in text.at.pointer and _LONE_TEMPLATE.fullmatch(text.text) is not None
    match = _LONE_PART.fullmatch(text.text)
    if match is None and (path := _LONE_PATH.fullmatch(text.text)) and _scoped(path[1], text, names):
        match = path
    return match is not None and not any(map(is_filled_in, _last(text))) and not _may_be_meant(text, match[1])


def _may_be_meant(text: Text, word: str) -> bool:
    """Whether a word may be one of a language or a service: by its letters, or by the names that it stands under."""
    is_sent = not PAYLOADS.isdisjoint(text.at.pointer)
    return word.casefold() in _OF_SERVICES or (is_sent and word.upper() == word) or _is_of_language(text)


def has_calls_of_its_own(text: Text) -> bool:
    """Whether what a text stands under, or its form, says that calls in it are those of a language that is sent."""
    names = [each for each in around(text) if not each.isdecimal()]
    # right below the payload, `id.$` is of who writes the workflow, and further in of what is defined by it
    is_defined = len(names) > 1 and any(map(is_of_machine, names))
    return is_defined or "\n" in text.text or has_code(name_of(text))


def _last(text: Text) -> Pointer:
    return (text.member,) if text.member else text.at.pointer[-1:]


def _is_of_language(text: Text) -> bool:
    """Whether the names that a part of a payload stands under say that it may be whatever has words of its own."""
    return _has_own_words(text) or ("." not in text.text and is_secret_member(name_of(text)))


def _has_own_words(text: Text) -> bool:
    """Whether the names that a part of a payload stands under say that it is in a language of its own."""
    return any(map(is_of_machine, around(text))) or has_language(name_of(text))


def _told_unknown(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for each input or output within a text that there is not; a file may have such names itself."""
    for match in () if "\n" in text.text else _UNKNOWN.finditer(text.text):
        name = match[1] or match[2]
        is_embedded = text.text[match.start() - 1 : match.start()] == "{" and match[2]
        if is_embedded or names.exact(f"${name}"):
            continue  # it is told by itself
        of_input = name.partition("inputs.")[2]
        declare = f"declare input `{of_input}`" if of_input else f"give the step an output `{name.rpartition('.')[2]}`"
        written = f"${name}" if text.part is Part.VALUE and match[0] == text.text else f"{{${name}}}"
        yield _told(text, match.span(), f"`{match[0]}` {_AS_IT_IS}", f"{declare}, and write `{written}`")


def _told(text: Text, span: tuple[int, int], message: str, fix: str) -> Diagnostic:
    start, end = span
    location = text.at.location((text.start + start, text.start + end))
    return diagnose("expression-as-text", message, location, fix=fix)
