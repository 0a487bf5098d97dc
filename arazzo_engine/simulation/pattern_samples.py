"""A text that a simple pattern matches: literals, classes, groups, and as few repeats as the pattern allows.

Decides a text from the pattern alone, in one pass: what looks around is passed over, and the text has to match all the
same. Where it does not, or is empty, or a pattern has anything else in it (references, properties of characters), a few
likely texts are tried. Whether the text fits is for the check of the schema to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.work import bounded_work
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re

_ATOM: Final = lazy_pattern(
    r"(?P<look>\(\?<?[=!])|(?P<open>\((?:\?:|\?P?<[A-Za-z_]\w*>)?)|(?P<close>\))|(?P<other>\|)|(?P<edge>[\^$]|\\b)"
    r"|(?P<set>\[\^?(?:\\.|[^\]\\])+\])|\\(?P<escape>[dwsDWS]|[^A-Za-z0-9])|(?P<any>\.)|(?P<plain>[^\\()\[\]|?*+{}^$.])"
)
_TIMES: Final = lazy_pattern(r"(?:(?P<none>[?*])|(?P<one>\+)|\{(?P<least>\d{1,3})(?:,\d*)?\})\??")
_CLASSES: Final = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
# of these, a class that is not what it begins with has most likely one
_PROBES: Final = "a0A-_ .x1"
_LONGEST: Final = 1000
# what looks around in a pattern mostly asks for kinds of characters, as of a password
_LIKELY: Final = ("sample", "a", "A", "1", "Sample-1", "Sample10", "aA1!aA1!aA1!", "aA1aA1aA1aA1", "sample-1", "aa")


class _Group(Struct):
    """What was written of an open group; what follows its first alternative is left out."""

    text: str = ""
    is_complete: bool = False
    is_passed_over: bool = False

    def add(self, text: str) -> None:
        if not self.is_complete:
            self.text += text


def sample_of(pattern: str) -> str | None:
    r"""Return a text that the pattern matches, or ``None`` when it is not a simple one.

    >>> sample_of(r"^[0-9]{4}$"), sample_of(r"^(ord|prd)_\d+$"), sample_of(r"^(?=b)a")
    ('0000', 'ord_0', None)
    """
    made = _made_of(pattern)
    is_sure = "(?" not in pattern and "\\b" not in pattern
    if made and (is_sure or has_pattern(pattern, made)):
        return made
    near = (made.replace("0", "1"),) if made else ()
    found = next((each for each in (*near, *_LIKELY) if has_pattern(pattern, each)), None)
    return made if found is None and is_sure else found


def _made_of(pattern: str) -> str | None:
    groups = [_Group()]
    at = 0
    while at < len(pattern):
        atom = _ATOM.match(pattern, at)
        if atom is None or len(groups[-1].text) > _LONGEST:
            return None
        at = atom.end()
        if atom["open"] or atom["look"]:
            groups.append(_Group(is_passed_over=bool(atom["look"])))
        elif atom["other"]:
            groups[-1].is_complete = True
        elif atom["close"] and len(groups) == 1:
            return None
        elif not atom["edge"]:
            text = _text_of(groups.pop()) if atom["close"] else _character(atom)
            times = _TIMES.match(pattern, at)
            at = at if times is None else times.end()
            if text is None:
                return None
            groups[-1].add(text * _least(times))
    return groups[0].text if len(groups) == 1 else None


def _text_of(group: _Group) -> str:
    return "" if group.is_passed_over else group.text


def has_pattern(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text; not one that is none, or takes too long."""
    from arazzo_engine.language.queries.regexes import compile_pattern  # noqa: PLC0415 - imports libraries

    try:
        with bounded_work():
            return bool(compile_pattern(pattern).search(text))
    except QueryError:
        return False


def _character(atom: re.Match[str]) -> str | None:
    if atom["set"] is not None:
        return _one_of(atom["set"])
    if atom["escape"] is not None:
        return _CLASSES.get(atom["escape"], atom["escape"])
    return atom["plain"] or "a"


def _one_of(characters: str) -> str | None:
    """Return a character of a class: the one that it begins with; a usual one where it begins with no plain one."""
    first, second = characters[1], characters[2]
    if first not in {"^", "\\"}:
        return first
    if first == "\\" and (second in _CLASSES or not second.isalnum()):
        return _CLASSES.get(second, second)
    return next((each for each in _PROBES if has_pattern(f"^{characters}$", each)), None)


def _least(times: re.Match[str] | None) -> int:
    if times is None or times["one"]:
        return 1
    return 0 if times["none"] else int(times["least"])
