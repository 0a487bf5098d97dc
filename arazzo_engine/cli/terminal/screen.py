"""How text fits a terminal: long lines are broken between words, and an excerpt is cut around what it marks.

Decides only the layout for a person; a pipe or a file gets every line whole, so that nothing that reads them depends on
the width of a window.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.cli.terminal.abilities import is_ascii
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.lines.marks import in_ascii

if TYPE_CHECKING:
    from collections.abc import Iterator

_USUAL: Final = 80
_NARROWEST: Final = 20
# a line of an excerpt and the marks below it; a line of an exchange, which has only the margin
_SOURCE: Final = lazy_pattern(r"(\d+ \| )(.*)")
_MARKS: Final = lazy_pattern(r"( +\| )( *)(\^+)")
_MARGIN: Final = lazy_pattern(r" +\| |  [a-z]{4,8} {2,8}(?=[^ ])| *")
# a duration at the end of a line is one word
_WORD: Final = lazy_pattern(r" *[^ ]+(?: ms$)?")
_GAP: Final = "…"


def tell(text: str, *, err: bool = False, is_laid_out: bool = False) -> None:
    """Print text for a person, broken where the terminal ends, if there is one, unless it is laid out already."""
    columns = None if is_laid_out else columns_of(err=err)
    text = text if columns is None else fit(text, columns)
    click.echo(in_ascii(text) if is_ascii(sys.stderr if err else sys.stdout) else text, err=err)


def columns_of(*, err: bool) -> int | None:
    """Return the width of the terminal that stdout or stderr is, ``None`` when it is none."""
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        return None
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(_NARROWEST, columns or _USUAL)


def fit(text: str, columns: int) -> str:
    r"""Return text whose lines are no longer than the terminal is wide, as far as there are spaces to break them at.

    >>> fit("error: what is wrong is told", 16)
    'error: what is\n  wrong is told'
    """
    return "\n".join(_fitted(text.split("\n"), columns))


def _fitted(lines: list[str], columns: int) -> Iterator[str]:
    waiting = iter(zip(lines, [*lines[1:], ""], strict=True))
    for line, following in waiting:
        source, marks = _SOURCE.fullmatch(line), _MARKS.fullmatch(click.unstyle(following))
        if _length(line) <= columns:
            yield line
        elif source is not None and marks is not None:
            yield from _excerpt(source, marks, columns)
            next(waiting)
        else:
            yield from _broken(line, columns)


def _excerpt(source: re.Match[str], marks: re.Match[str], columns: int) -> Iterator[str]:
    margin, text = source.groups()
    room = max(columns - len(margin) - 2 * len(_GAP), 1)
    at, width = len(marks[2]), min(len(marks[3]), room)
    start = max(0, min(at - (room - width) // 2, len(text) - room))
    before = _GAP if start else ""
    after = _GAP if start + room < len(text) else ""
    yield f"{margin}{before}{text[start : start + room]}{after}"
    yield f"{marks[1]}{' ' * (len(before) + at - start)}{click.style('^' * width, bold=True)}"


def _broken(line: str, columns: int) -> Iterator[str]:
    found = _MARGIN.match(line)
    margin = found[0] if found is not None else ""
    written, further = margin, re.sub("[a-z]", " ", margin) if margin.strip(" |->") else f"{margin}  "
    for word in _WORD.findall(line[len(margin) :]):
        if written[len(margin) :].strip(" |->") and _length(written + word) > columns:
            yield written
            written = f"{further}{word.lstrip()}"
        else:
            written += word
    yield written


def _length(text: str) -> int:
    return len(click.unstyle(text))
