r"""Patterns of ECMA-262 written for another engine: the same meaning, with nothing left to that engine's own habits.

Decides which patterns are valid and what ``\d``, ``\w``, ``\s``, ``.``, ``^`` and ``$`` match, as ECMA-262 does with
the flag ``u``. Knows nothing of searching. A lone brace or bracket is text, as in Annex B; an escaped letter that
means nothing is refused rather than guessed at (``\A`` and ``\Z`` are habits of other languages).
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct, field

from arazzo_engine.language.queries.ecma_characters import (
    CLASSES,
    LAST,
    LINE_TERMINATORS,
    escape,
    write_class,
    write_ranges,
)
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.work import LONGEST_QUERY
from arazzo_engine.patterns import lazy_pattern

_CONTROLS: Final = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_NUMBERED: Final = lazy_pattern(r"x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})")
_LOW_SURROGATE: Final = lazy_pattern(r"\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")
_CONTROL_LETTER: Final = lazy_pattern(r"c([A-Za-z])")
_PROPERTY: Final = lazy_pattern(r"[pP]\{[A-Za-z0-9_=]+\}")
_QUANTIFIER: Final = lazy_pattern(r"(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??")
_NAME: Final = lazy_pattern(r"<([\w$]+)>")
_GROUP: Final = lazy_pattern(r"\(\?(?::|=|!|<=|<!)")
_MOST_DIGITS: Final = 9
_MOST_REPEATS: Final = 1000
_DEEPEST: Final = 100
_TEXTS: Final = 8


class Dialect(Struct, frozen=True):
    r"""What another engine writes for the very end of a text, for ``\b`` and for ``\B``."""

    end: str
    boundary: str = r"\b"
    no_boundary: str = r"\B"


_W: Final = "[A-Za-z0-9_]"
LINEAR: Final = Dialect(end=r"\z")
# its own boundaries know the letters of Unicode, which ECMA-262's do not
BACKTRACKING: Final = Dialect(
    end=r"\Z",
    boundary=f"(?:(?<={_W})(?!{_W})|(?<!{_W})(?={_W}))",
    no_boundary=f"(?:(?<={_W})(?={_W})|(?<!{_W})(?!{_W}))",
)


class Translated(Struct, frozen=True):
    """A pattern for the engine of a dialect, and how many positions it has at which a search can stand at once.

    What is repeated a number of times counts as often, and eight characters of text as one: they lead an engine to few
    positions.
    """

    text: str
    positions: int


class _Group(Struct):
    """An open group: its number when it captures, where it began, and the largest number of repeats inside it.

    ``texts`` counts the single characters in it that are searched for, ``choices`` what can be several characters.
    """

    number: int | None
    start: int
    is_lookaround: bool = False
    repeats: int = 1
    texts: int = 0
    choices: int = 0


class _State(Struct):
    """A pattern while it is translated: what was written so far, and where reading stands."""

    text: str
    dialect: Dialect
    names: dict[str, int]
    captures: int
    at: int = 0
    opened: int = 0
    out: list[str] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=lambda: [_Group(None, 0)])
    closed: set[int] = field(default_factory=set)
    # how often the last atom repeats what is in it; ``None`` when there is nothing that a quantifier could repeat
    atom: int | None = None
    # the single characters and the choices in the last atom
    counted: tuple[int, int] = (0, 0)

    def problem(self, message: str, width: int = 1, fix: str = "") -> QueryError:
        return QueryError(f"the pattern is not valid: {message}", (self.at, self.at + width), fix)

    def emit(self, text: str, width: int, atom: int | None = 1) -> None:
        self.out.append(text)
        self.at += width
        self.atom = atom

    def emit_atom(self, text: str, width: int, *, is_text: bool = False) -> None:
        """Write what matches one character: this one, or one of several."""
        self.count(int(is_text), int(not is_text))
        self.emit(text, width)

    def count(self, texts: int, choices: int) -> None:
        group = self.groups[-1]
        group.texts += texts
        group.choices += choices
        self.counted = texts, choices

    def count_repeats(self, times: int) -> None:
        """Count the last atom as often as it is repeated: an engine may stand at each of them at once."""
        texts, choices = self.counted
        self.groups[-1].texts -= texts
        self.groups[-1].choices += (texts + choices) * times - choices


def translate(text: str, dialect: Dialect) -> Translated:
    r"""Return the pattern for the engine of a dialect; raises ``QueryError`` when the pattern is not valid.

    >>> translate(r"^\d{2}$", LINEAR)
    Translated(text='\\A[0-9]{2}\\z', positions=3)
    """
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"the pattern is longer than {LONGEST_QUERY} characters")
    names, captures = _find_groups(text)
    state = _State(text, dialect, names, captures)
    while state.at < len(text):
        _translate_next(state)
    if len(state.groups) > 1:
        state.at = state.groups[-1].start
        raise state.problem("this group is not closed", fix="add `)`")
    whole = state.groups[0]
    return Translated("".join(state.out), 1 + whole.choices + whole.texts // _TEXTS)


def _find_groups(text: str) -> tuple[dict[str, int], int]:
    r"""Return the numbers of the named groups and the number of all groups: ``\1`` may stand before its group."""
    names: dict[str, int] = {}
    count = 0
    for each in re.finditer(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?<(?![=!])([^>]*)>", text, re.DOTALL):
        if each[0].startswith("("):
            count += 1
        if each[1] is not None:
            if each[1] in names:
                raise QueryError(f"the pattern is not valid: two groups are called `{each[1]}`", each.span(1))
            names[each[1]] = count
    return names, count


def _translate_next(state: _State) -> None:
    char = state.text[state.at]
    quantifier = _QUANTIFIER.match(state.text, state.at)
    if quantifier is not None:
        _quantify(state, quantifier)
        return
    match char:
        case "\\":
            _translate_escape(state)
        case "[":
            _translate_class(state)
        case "(":
            _open_group(state)
        case ")":
            _close_group(state)
        case "^":
            state.emit(r"\A", 1, atom=None)
        case "$":
            state.emit(state.dialect.end, 1, atom=None)
        case "|":
            state.emit("|", 1, atom=None)
        case ".":
            state.emit_atom(write_class(LINE_TERMINATORS, negated=True), 1)
        case _:
            state.emit_atom(escape(char), 1, is_text=True)


def _quantify(state: _State, quantifier: re.Match[str]) -> None:
    width = len(quantifier[0])
    if state.atom is None:
        raise state.problem(f"`{quantifier[0]}` has nothing to repeat", width)
    least, most = quantifier.groups()
    if least is not None and most and _number(most) < _number(least):
        raise state.problem(f"`{quantifier[0]}` counts down", width)
    repeats = state.atom * max(1, _number(most or least or "1"))
    if repeats > _MOST_REPEATS:
        raise state.problem(f"it repeats something more than {_MOST_REPEATS} times", width)
    group = state.groups[-1]
    group.repeats = max(group.repeats, repeats)
    if least is not None:
        state.count_repeats(max(1, _number(most or least)))
    state.emit(quantifier[0], width, atom=None)


def _open_group(state: _State) -> None:
    if len(state.groups) > _DEEPEST:
        raise state.problem(f"groups nest deeper than {_DEEPEST}")
    if not state.text.startswith("(?", state.at):
        _open_capture(state, 1)
        return
    name = _NAME.match(state.text, state.at + 2)
    if name is not None and not name[1][0].isdigit():
        _open_capture(state, 2 + len(name[0]))
        return
    special = _GROUP.match(state.text, state.at)
    if special is None:
        raise state.problem("`(?` must be followed by `:`, `=`, `!`, `<=`, `<!` or `<name>`", 2)
    state.groups.append(_Group(None, state.at, is_lookaround=special[0] != "(?:"))
    state.emit(special[0], len(special[0]), atom=None)


def _open_capture(state: _State, width: int) -> None:
    state.opened += 1
    state.groups.append(_Group(state.opened, state.at))
    state.emit("(", width, atom=None)


def _close_group(state: _State) -> None:
    if len(state.groups) == 1:
        raise state.problem("`)` closes no group", fix=r"write `\)` if it is text")
    group = state.groups.pop()
    outer = state.groups[-1]
    outer.repeats = max(outer.repeats, group.repeats)
    state.count(group.texts, group.choices)
    if group.number is not None:
        state.closed.add(group.number)
    state.emit(")", 1, atom=None if group.is_lookaround else group.repeats)


def _translate_escape(state: _State) -> None:
    rest = state.text[state.at + 1 : state.at + 2]
    if rest in ("b", "B"):
        state.emit(state.dialect.boundary if rest == "b" else state.dialect.no_boundary, 2, atom=None)
    elif rest in CLASSES:
        state.emit_atom(write_class(CLASSES[rest]), 2)
    elif rest == "k" or rest in tuple("123456789"):
        _translate_backreference(state)
    else:
        written, width, single = _read_escape(state)
        state.emit_atom(written, width, is_text=single is not None)


def _number(digits: str) -> int:
    # a pattern may come from an answer, and Python refuses to read thousands of digits
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _translate_backreference(state: _State) -> None:
    name = _NAME.match(state.text, state.at + 2)
    digits = re.compile("[1-9][0-9]*").match(state.text, state.at + 1)
    if digits is not None:
        number, width = _number(digits[0]), 1 + len(digits[0])
    elif name is not None:
        number, width = state.names.get(name[1], 0), 2 + len(name[0])
    else:
        raise state.problem(r"`\k` must be followed by the name of a group, such as `\k<name>`", 2)
    if not 1 <= number <= state.captures:
        raise state.problem(f"`{state.text[state.at : state.at + width]}` names no group", width)
    # a group that has not matched, or is not closed yet, matches the empty string
    written = rf"(?({number})\g<{number}>|)" if number in state.closed else "(?:)"
    state.emit(written, width)


def _read_escape(state: _State) -> tuple[str, int, str | None]:
    """Return an escape in the other engine's words, its width, and the character it is, or ``None`` for a property."""
    after = state.at + 1
    rest = state.text[after : after + 1]
    if not rest:
        raise state.problem("it ends with a backslash")
    if (named := _PROPERTY.match(state.text, after)) is not None:
        return "\\" + named[0], 1 + len(named[0]), None
    if (numbered := _NUMBERED.match(state.text, after)) is not None:
        char, width = _numbered_character(state, numbered)
        return escape(char), 1 + width, char
    if (control := _CONTROL_LETTER.match(state.text, after)) is not None:
        char = chr(ord(control[1]) % 32)
        return escape(char), 3, char
    if rest in _CONTROLS:
        return escape(_CONTROLS[rest]), 2, _CONTROLS[rest]
    if rest == "0" and not state.text[after + 1 : after + 2].isdigit():
        return escape("\0"), 2, "\0"
    if rest.isalnum():
        raise state.problem(rf"`\{rest}` means nothing in a pattern of ECMA-262", 2, _hint(rest))
    return escape(rest), 2, rest


def _hint(letter: str) -> str:
    return {"A": "write `^`", "Z": "write `$`", "z": "write `$`"}.get(letter, f"write `{letter}` if it is text")


def _numbered_character(state: _State, numbered: re.Match[str]) -> tuple[str, int]:
    code = int(numbered[1] or numbered[2] or numbered[3], 16)
    width = len(numbered[0])
    if code > LAST:
        raise state.problem(f"`\\{numbered[0]}` is no character", width + 1)
    low = _LOW_SURROGATE.match(state.text, numbered.end())
    if numbered[3] is not None and 0xD800 <= code <= 0xDBFF and low is not None:  # noqa: PLR2004 - the high surrogates
        code = 0x10000 + ((code - 0xD800) << 10) + (int(low[1], 16) - 0xDC00)
        width += len(low[0])
    return chr(code), width


def _translate_class(state: _State) -> None:
    start = state.at
    negated = state.text.startswith("^", start + 1)
    state.at += 2 if negated else 1
    parts: list[str] = []
    while not state.text.startswith("]", state.at):
        if state.at >= len(state.text):
            state.at = start
            raise state.problem("this class is not closed", fix=r"add `]`, or write `\[` if it is text")
        parts.append(_translate_class_part(state))
    written = "".join(parts)
    if not parts:
        # "[]" matches nothing, "[^]" matches any character
        written, negated = write_ranges(((0, LAST),)), not negated
    state.emit_atom(f"[{'^' if negated else ''}{written}]", 1)


def _translate_class_part(state: _State) -> str:
    first, start = _read_class_atom(state)
    if not (state.text.startswith("-", state.at) and state.text[state.at + 1 : state.at + 2] not in {"]", ""}):
        return first
    if start is None:
        return first
    dash = state.at
    state.at += 1
    last, end = _read_class_atom(state)
    if end is None:
        return first + escape("-") + last
    if ord(end) < ord(start):
        state.at = dash
        raise state.problem(f"the range `{start}-{end}` runs backwards")
    return f"{first}-{last}"


def _read_class_atom(state: _State) -> tuple[str, str | None]:
    char = state.text[state.at]
    if char != "\\":
        state.at += 1
        return escape(char), char
    letter = state.text[state.at + 1 : state.at + 2]
    if letter in CLASSES:
        state.at += 2
        return write_ranges(CLASSES[letter]), None
    if letter == "b":
        state.at += 2
        return escape("\b"), "\b"
    written, width, single = _read_escape(state)
    state.at += width
    return written, single
