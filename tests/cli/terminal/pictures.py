"""A picture of a terminal: what a command wrote there, with its colours, as SVG.

Decides how a terminal looks on a page; it knows the emphasis that the engine writes, and nothing of what was run.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from pseudo_terminal import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDE, _HIGH, _MARGIN = 8.0, 18, 16
_PART: Final = re.compile(r"\x1b\[(?P<code>[0-9]*)m|(?P<other>\x1b\[[0-9]*[A-Za-z]|\r|\n)|(?P<character>[^\x1b\r\n])")
_STYLES: Final = {"1": "b", "2": "d", "31": "r", "32": "g", "33": "y"}
_HEAD: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high}" width="{wide:g}" height="{high}" role="img">
<title>{title}</title>
<style>
text {{ font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #e6e9ef; white-space: pre }}
.b {{ font-weight: bold }} .d {{ fill: #9aa4b2 }} .r {{ fill: #ff7b72 }} .g {{ fill: #56d364 }} .y {{ fill: #e3b341 }}
</style>
<rect width="100%" height="100%" rx="8" fill="#11151c"/>
"""


class PaintedScreen(Screen):
    """A screen that knows of each character how it is emphasised."""

    def painted(self, text: str) -> list[list[tuple[str, str]]]:
        """Return the lines that are shown at the end, each character with its styles."""
        styles: dict[tuple[int, int], str] = {}
        now: tuple[str, ...] = ()
        for part in _PART.finditer(text):
            if part["code"] is not None:
                now = () if part["code"] in {"", "0"} else (*now, _STYLES[part["code"]])
                continue
            self.write(part[0])
            if part["character"]:
                styles[self.at[0], self.at[1] - 1] = " ".join(now)
        lines = self.text.splitlines()
        return [[(each, styles.get((row, at), "")) for at, each in enumerate(line)] for row, line in enumerate(lines)]


def picture(command: str, painted: list[list[tuple[str, str]]], columns: int) -> str:
    """Return the SVG of a command and what it wrote."""
    typed = [[(each, "b") for each in line] for line in f"$ {command}".splitlines()]
    lines = [*typed, *painted]
    wide, high = columns * _WIDE + 2 * _MARGIN, len(lines) * _HIGH + 2 * _MARGIN
    head = _HEAD.format(wide=wide, high=high, title=escape(" ".join(command.replace("\\", "").split())))
    return head + "".join(_texts(lines)) + "</svg>\n"


def _texts(lines: list[list[tuple[str, str]]]) -> Iterator[str]:
    for row, line in enumerate(lines):
        down = _MARGIN + (row + 1) * _HIGH - 5
        at = 0
        for style, cells in groupby(line, key=lambda cell: cell[1]):
            text = "".join(each for each, _ in cells)
            # each run of one style stands where its column is, whatever font there is
            if text.strip():
                shown, left = text.strip(), at + len(text) - len(text.lstrip())
                name = f' class="{style}"' if style else ""
                place = f'x="{_MARGIN + left * _WIDE:g}" y="{down}" textLength="{len(shown) * _WIDE:g}"'
                yield f"<text {place}{name}>{escape(shown)}</text>\n"
            at += len(text)
