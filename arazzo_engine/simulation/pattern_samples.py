"""A text that a simple pattern matches: literals, classes, groups, and as few repeats as the pattern allows.

Decides a text from the pattern alone, in one pass, and never searches: a pattern with anything else in it (lookaround,
references, negated classes) has no sample here. Whether the text fits is for the check of the schema to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re

_ATOM: Final = lazy_pattern(
    r"(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<other>\|)|(?P<edge>[\^$])"
    r"|\[(?!\^)(?P<set>(?:\\.|[^\]\\])+)\]|\\(?P<escape>[dws]|[^A-Za-z0-9])|(?P<any>\.)|(?P<plain>[^\\()\[\]|?*+{}^$.])"
)
_TIMES: Final = lazy_pattern(r"(?:(?P<none>[?*])|(?P<one>\+)|\{(?P<least>\d{1,3})(?:,\d*)?\})\??")
_CLASSES: Final = {"d": "0", "w": "a", "s": " "}
_LONGEST: Final = 1000


class _Group(Struct):
    """What was written of an open group; what follows its first alternative is left out."""

    text: str = ""
    is_complete: bool = False

    def add(self, text: str) -> None:
        if not self.is_complete:
            self.text += text


def sample_of(pattern: str) -> str | None:
    r"""Return a text that the pattern matches, or ``None`` when it is not a simple one.

    >>> sample_of(r"^[0-9]{4}$"), sample_of(r"^(ord|prd)_\d+$"), sample_of(r"^(?!x)")
    ('0000', 'ord_0', None)
    """
    groups = [_Group()]
    at = 0
    while at < len(pattern):
        atom = _ATOM.match(pattern, at)
        if atom is None or len(groups[-1].text) > _LONGEST:
            return None
        at = atom.end()
        if atom["open"]:
            groups.append(_Group())
        elif atom["other"]:
            groups[-1].is_complete = True
        elif atom["close"] and len(groups) == 1:
            return None
        elif not atom["edge"]:
            text = groups.pop().text if atom["close"] else _character(atom)
            times = _TIMES.match(pattern, at)
            at = at if times is None else times.end()
            groups[-1].add(text * _least(times))
    return groups[0].text if len(groups) == 1 else None


def _character(atom: re.Match[str]) -> str:
    if atom["set"] is not None:
        first = atom["set"]
        return _CLASSES.get(first[1], first[1]) if first.startswith("\\") else first[0]
    if atom["escape"] is not None:
        return _CLASSES.get(atom["escape"], atom["escape"])
    return atom["plain"] or "a"


def _least(times: re.Match[str] | None) -> int:
    if times is None or times["one"]:
        return 1
    return 0 if times["none"] else int(times["least"])
