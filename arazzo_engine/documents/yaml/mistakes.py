"""The well-known ways in which a text fails to be YAML, told as a sentence with a fix.

Decides only what a person reads and where it points; that the text is no YAML has been decided by the parser. The
patterns know both wordings, libyaml's and that of PyYAML's own parser.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import yaml

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.patterns import lazy_pattern

_QUOTE: Final = "put the value in quotes"
# a quote that a later one closes, far away, takes everything between them for text
_QUOTED_OVER_LINES: Final = lazy_pattern(r"""[:,{\[]\s*(?P<quoted>'[^'\n]*\n|"(?:\\.|[^"\\\n])*\n)""")

# `path` is what names a value, with or without its sign; a text that `goes_on` behind the braces is more than the value
_IN_DOUBLE_BRACES: Final = lazy_pattern(
    r"\{\{(?P<third>\{)?[ \t]*(?:(?P<path>\$\w[\w.#/-]*|[A-Za-z]\w*(?:\.[\w-]+)+)|[^{}\n]*?)[ \t]*"
    r"\}\}(?(third)\})(?P<goes_on>(?=[^\s,\]}:]))?"
)


class _Mistake(NamedTuple):
    """``problem`` is looked for in what the parser says, ``line`` in the line, with a ¦ at the place."""

    problem: str
    said: str
    fix: str
    line: str = ""
    at_context: bool = False


# The parser's words, and the line → what to say and how to fix it; the first that fits
_MISTAKES: Final = (
    _Mistake("tab character", "a tab indents a line", "indent with spaces"),
    _Mistake("cannot start any token", "a tab indents a line", "indent with spaces", line="¦\t"),
    _Mistake("cannot start any token", "a value cannot begin with `{at}`", _QUOTE),
    _Mistake(
        "mapping values are not allowed",
        "a value holds `: `, which only a quoted value may",
        _QUOTE,
        line=r"^[\s-]*[^\s:#][^:#]*:\s+[^\s'\"].*¦:",
    ),
    _Mistake(
        "mapping values are not allowed",
        "this key is indented more than the one before, or a `:` before it has no space after it",
        "line up the keys of one mapping, and write a space after every `:`",
    ),
    _Mistake(
        "sequence entries are not allowed",
        "a list begins on the line of its key",
        "put the list on the next line, or the value in quotes if it is text",
    ),
    _Mistake("unexpected end of stream", "a quoted value is not closed", "close the quotes", at_context=True),
    _Mistake("unexpected document indicator", "a quoted value is not closed", "close the quotes", at_context=True),
    _Mistake(
        "unknown escape character",
        "a value in double quotes holds a backslash that escapes nothing",
        r"write `\\` for a backslash, or use single quotes",
    ),
    _Mistake(
        "(Unicode character escape code|expected escape sequence)",
        "a value in double quotes holds a broken escape",
        r"write `\\` for a backslash, or use single quotes",
    ),
    _Mistake(
        "an alias.*expected alphabetic", "a value cannot begin with `*` unless it is an alias", _QUOTE, at_context=True
    ),
    _Mistake(
        "an anchor.*expected alphabetic",
        "a value cannot begin with `&` unless it is an anchor",
        _QUOTE,
        at_context=True,
    ),
    _Mistake(
        "(tag handle|scanning a tag|parsing a tag)", "`!` begins a tag, and this one is broken", _QUOTE, at_context=True
    ),
    _Mistake(
        "comment or (a )?line break",
        "text follows `|` or `>` on the same line",
        "put the text on the next line, or the value in quotes",
    ),
    _Mistake(
        "could not find expected ':'",
        "a key has no `:` after it",
        "write `: ` after the key, or indent the line if it continues a value",
        at_context=True,
    ),
    _Mistake(
        "(directive|<document start>)", "a line that begins with `%` is a directive, and this one is broken", _QUOTE
    ),
    _Mistake(
        "incompatible YAML document", "the text says it is neither YAML 1.1 nor YAML 1.2", "remove the `%YAML` line"
    ),
    _Mistake(
        "flow (mapping|sequence).*expected ',' or",
        "a bracket is not closed, or a comma is missing",
        "close the bracket, or put the value in quotes if it is text",
        at_context=True,
    ),
    _Mistake(
        "expected (the )?node content", "`{at}` stands where a value must be", "remove it, or put the value in quotes"
    ),
    _Mistake(
        "expected (key|<block end>|'-')",
        "text follows a value that had ended",
        "put the whole value in quotes",
        line=r"['\"}\]]\s*¦\S",
    ),
    _Mistake(
        "block mapping.*expected (key|<block end>)",
        "this line fits no mapping before it",
        "line up the keys of one mapping",
    ),
    _Mistake(
        "block collection.*expected ('-'|<block end>)",
        "this key fits no mapping before it",
        "line it up with the keys that it belongs to: behind a `-`, with the first key after it",
        line=r"^\s+¦[^\s\-#]",
    ),
    _Mistake(
        "block collection.*expected ('-'|<block end>)",
        "this line fits no list before it",
        "line up the `-` of one list",
    ),
)


def explain_yaml(text: str, error: yaml.YAMLError) -> MalformedText:
    """Return what the parser refused as a finding: its place, its sentence and, when the cause is known, its fix."""
    if isinstance(error, yaml.MarkedYAMLError):
        return _marked(text, error)
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable(text, error)
    return MalformedText("malformed-yaml", f"the document is not YAML: {error}", 0)


def explain_escape(error: ValueError | OverflowError) -> MalformedText:
    """Return the finding for a character that no text can hold: half a surrogate pair, or one beyond Unicode."""
    offset = error.start if isinstance(error, UnicodeEncodeError) else 0
    return MalformedText("malformed-yaml", "the document holds a character that does not exist", offset, "remove it")


def explain_key(text: str, offset: int) -> MalformedText:
    """Return the finding for a key that is a mapping or a sequence: mostly a text that templates would replace."""
    start = offset - 1 if text[offset - 1 : offset + 1] == "{{" else offset
    braces = _IN_DOUBLE_BRACES.match(text, start)
    if braces is None:
        message, fix = "a key is a mapping or a sequence", "put the text in quotes if it is meant to be one"
        return MalformedText("yaml-feature", message, offset, fix)
    message = f"`{braces[0]}` without quotes is a mapping whose key is a mapping, and nothing replaces double braces"
    return MalformedText("yaml-feature", message, start, _instead_of_braces(braces))


def _instead_of_braces(braces: re.Match[str]) -> str:
    if braces["path"] is None:
        return "put the whole value in quotes if it is text"
    path = f"${braces['path'].removeprefix('$')}"
    if braces["goes_on"] is not None:
        return f"write `{{{path}}}` instead, and put the whole value in quotes"
    return f"write `{path}` for the value as it is, or `'{{{path}}}'` for a text"


def _marked(text: str, error: yaml.MarkedYAMLError) -> MalformedText:
    place = error.problem_mark or error.context_mark
    offset = place.index if place is not None else 0
    problem = " ".join(part for part in (error.context, error.problem) if part)
    if "maximum nesting depth" in problem:
        # libyaml reads ahead, so its own limit may speak before ours
        return MalformedText("document-too-deep", "the document nests too deep", offset)
    mistake = next((each for each in _MISTAKES if _fits(each, problem, _line_with_place(text, offset))), None)
    if mistake is None:
        return MalformedText("malformed-yaml", f"the document is not YAML: {problem}", offset)
    if mistake.at_context and error.context_mark is not None:
        quote = _QUOTED_OVER_LINES.search(text, error.context_mark.index, offset) if "bracket" in mistake.said else None
        if quote is not None:
            said, fix = "a quoted value is not closed on its line", "close the quotes, or the bracket before them"
            return MalformedText("malformed-yaml", f"the document is not YAML: {said}", quote.start("quoted"), fix)
        offset = error.context_mark.index
    said = mistake.said.replace("{at}", text[offset : offset + 1])
    return MalformedText("malformed-yaml", f"the document is not YAML: {said}", offset, mistake.fix)


def _fits(mistake: _Mistake, problem: str, line: str) -> bool:
    return bool(re.search(mistake.problem, problem) and re.search(mistake.line, line))


def _line_with_place(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    # a line is looked at by patterns: the part around the place is enough, whatever its length
    return (
        f"{text[max(start, offset - 200) : offset]}¦{text[offset : min(offset + 200, len(text) if end < 0 else end)]}"
    )


def _unreadable(text: str, error: yaml.reader.ReaderError) -> MalformedText:
    code = error.character if isinstance(error.character, int) else ord(error.character[:1] or "\0")
    # libyaml counts in bytes, PyYAML's own reader in characters: the character itself tells its place
    offset = max(0, text.find(chr(code)))
    message = f"the document is not YAML: the control character U+{code:04X}"
    return MalformedText(
        "malformed-yaml", message, offset, "remove the character, or write it as an escape in double quotes"
    )
