"""How a table is laid out: the columns of its rows for a width, its heading, the line of what is being done now.

Decides which columns give way when there is little room: first what was found out, then paths, then methods; a name, a
status and a time are always there. Every line is coloured; who prints takes that out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.printable import bold, coloured, dim, in_line
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.lines.durations import duration, left
from arazzo_engine.reporting.lines.widths import GAP, cut, cut_beginning, fill, fill_before, width_of
from arazzo_engine.reporting.screen.outline import short_host
from arazzo_engine.reporting.screen.rows import Kind

if TYPE_CHECKING:
    from arazzo_engine.reporting.screen.outline import Outline
    from arazzo_engine.reporting.screen.rows import Row

_GAP: Final = "  "
_STATUS: Final = 3
_TIME: Final = 7
_MARGIN: Final = 2
# of names, methods and paths; what is narrower says nothing
_WIDEST_NAME: Final = 32
_WIDEST_IN_A_PIPE: Final = 72
_LEAST_TARGET: Final = 8
_LEAST_DETAILS: Final = 12
_ROOM_FOR_DETAILS: Final = 48
# how far a run is, at the end of the last line
_HOW_FAR: Final = 18
# below this, the margin is left out
_NARROW: Final = 40
_MARKS: Final = {
    Kind.PASSED: (marks.PASSED, "green"),
    Kind.FAILED: (marks.FAILED, "red"),
    Kind.TURNED: (marks.FAILED, ""),
}


class Columns(Struct, frozen=True):
    """How wide each column is; one that is not there has none. Without a ``total``, nothing is cut."""

    margin: int
    name: int
    method: int
    target: int
    details: int
    total: int | None = None


def columns_for(outline: Outline, total: int | None, widest_target: int = 0) -> Columns:
    """Return the columns of a table for a width, or for what has none, such as a pipe or a file."""
    name = min(outline.name_width or _WIDEST_NAME // 2, _WIDEST_NAME)
    method, target = outline.method_width, max(outline.target_width, widest_target)
    if total is None:
        return Columns(_MARGIN, name, method, min(target, _WIDEST_IN_A_PIPE), 0)
    margin = _MARGIN if total >= _NARROW else 0
    fixed = margin + 2 + len(_GAP) + _STATUS + len(_GAP) + _TIME
    name = max(1, min(name, total - fixed))
    room = total - fixed - name
    if room < method + 2 * len(_GAP) + _LEAST_TARGET:
        return Columns(margin, name, 0, 0, 0, total)
    room -= (method + len(_GAP) if method else 0) + len(_GAP)
    # what was found out gets a third of a wide screen, and what paths leave over
    wanted = room // 3 if room >= _ROOM_FOR_DETAILS else 0
    target = min(target, room - wanted)
    details = room - target - len(_GAP)
    return Columns(margin, name, method, target, details if details >= _LEAST_DETAILS else 0, total)


def lay_out(row: Row, columns: Columns) -> list[str]:
    """Return the lines of a row that has ended, or that only begins: its notes stand beneath it."""
    if row.kind is Kind.GROUP:
        return [_group(row, columns)]
    mark, colour = _MARKS.get(row.kind, (marks.OPENED, ""))
    has_ended = row.kind is not Kind.RUNNING and row.elapsed is not None
    line = _line(_Told(mark, colour, duration(row.elapsed or 0.0) if has_ended else "", row.details), row, columns)
    return [line, *(_note(each, row, columns) for each in row.notes)]


def lay_out_live(row: Row, columns: Columns, now: float, frame: int) -> tuple[str, str]:
    """Return the line of a step that is underway, and what is said of it when that has no place in the line."""
    waited = now - row.since
    is_long = row.wakes is None and waited >= 1
    time = duration(waited) if is_long else ""
    # where there is no time, what is said has its place
    room = (columns.details or -len(_GAP)) + (0 if time else len(_GAP) + _TIME)
    said = _doing(row, now, max(room, (columns.total or 0) - _HOW_FAR))
    has_place = width_of(said) <= room
    mark = marks.FRAMES[frame % len(marks.FRAMES)]
    return _line(_Told(mark, "", time, said if has_place else ""), row, columns), "" if has_place else said


def _doing(row: Row, now: float, room: int) -> str:
    """Return what is done about a step: what waits for what, and as much of why as there is room for."""
    number = row.attempt + (row.wakes is not None)
    of = f" of {row.limit}" if row.limit is not None else ""
    attempt = [f"attempt {number}{of}"] if number > 1 else []
    found = [row.details] if row.details else []
    wakes = [f"next in {left(row.wakes - now)}"] if row.wakes is not None else []
    ways = ([*attempt, *found, *wakes], [*attempt, *wakes], attempt)
    said = (marks.BETWEEN.join(each) for each in ways)
    return next((each for each in said if width_of(each) <= room), cut(marks.BETWEEN.join(attempt), room))


class _Told(Struct, frozen=True):
    """What of a line is not the row's own: its mark with a colour, its time, what is said at its end."""

    mark: str
    colour: str
    time: str
    details: str


def _line(told: _Told, row: Row, columns: Columns) -> str:
    """Return a line of the table: the mark, the name, what was called, the status, the time, what was found out."""
    is_cut = columns.total is not None
    indent = "  " * min(row.depth, columns.name // 3)
    room = columns.name - len(indent)
    cells = [(fill(cut(row.name, room) if is_cut else row.name, room), False)]
    if columns.method and columns.target:
        cells.append((fill(row.method, columns.method), True))
    if columns.target:
        cells.append((fill(_fitted(row.target, columns), columns.target), False))
    cells.append((fill(row.status, _STATUS), False))
    if told.time or not told.details or not is_cut:
        cells.append((fill_before(told.time, _TIME), True))
    if told.details and (columns.details or not told.time or not is_cut):
        room = columns.details if told.time else columns.details + len(_GAP) + _TIME
        cells.append((cut(told.details, room) if is_cut else told.details, False))
    while cells and not cells[-1][0].strip():
        cells.pop()
    text = _GAP.join(dim(text) if stands_back else text for text, stands_back in cells)
    mark = coloured(told.mark, told.colour) if told.colour else told.mark
    return f"{' ' * columns.margin}{indent}{mark} {text}".rstrip()


def _fitted(target: str, columns: Columns) -> str:
    """Return a path that fits: what it asks for gives way first, then its beginning, unless there is no end."""
    if width_of(target) <= columns.target:
        return target
    path, asks, _ = target.partition("?")
    end = f"?{GAP}" if asks else ""
    return f"{path if columns.total is None else cut_beginning(path, columns.target - len(end))}{end}"


def _group(row: Row, columns: Columns) -> str:
    margin = f"{' ' * columns.margin}{'  ' * row.depth}"
    text = f"workflow {row.name}"
    return (
        f"{margin}{marks.OPENED} {dim(text if columns.total is None else cut(text, columns.total - len(margin) - 2))}"
    )


def _note(note: str, row: Row, columns: Columns) -> str:
    margin = " " * (columns.margin + 2 + 2 * min(row.depth, columns.name // 3))
    text = f"note: {note}"
    return margin + dim(text if columns.total is None else cut(text, columns.total - len(margin)))


def heading(outline: Outline, total: int | None, said: tuple[str, ...] = ()) -> str:
    """Return the heading of a run: its document and its servers, and what else is said of it."""
    title, document = in_line(outline.title), in_line(outline.document)
    hosts = [_server(name, host) for name, host in outline.servers.items() if host]
    right = _GAP.join([*said, *hosts])
    if total is None:
        return _GAP.join([bold(title), document, *([dim(right)] if right else [])])
    room = total - width_of(title) - len(_GAP)
    if room < _LEAST_TARGET:
        return bold(cut(title, total))
    document = cut_beginning(document, room)
    room -= width_of(document) + len(_GAP)
    line = f"{bold(title)}{_GAP}{document}"
    if width_of(right) <= room:
        return f"{line}{' ' * (room - width_of(right))}{_GAP}{dim(right)}" if right else line
    return f"{line}\n{dim(cut(right, total))}"


def _server(name: str, host: str) -> str:
    """Return a source and its host; a request that a step writes out itself has no other source than that."""
    short = in_line(short_host(host))
    return short if name == host else f"{in_line(name)} {short}"


def footer(far: str, said: str, total: int) -> str:
    """Return the last line: how far a run is at its right end, and at the left what had no place in a row."""
    said = cut(said, total - width_of(far) - len(_GAP))
    return dim(f"{said}{fill_before(far, total - width_of(said))}")


def how_far(done: int, planned: int, elapsed: float) -> str:
    """Return how far a run is.

    >>> how_far(4, 5, 67.0), how_far(9, 5, 2.0)
    ('4 of 5 · 1m 07s', '9 steps · 2.0 s')
    """
    of = f"{done} of {planned}" if done <= planned else f"{done} steps"
    return f"{of}{marks.BETWEEN}{duration(elapsed)}"


def folded(rows: list[Row], columns: Columns) -> str:
    """Return the line that stands for rows which have no place on the screen any more."""
    took = sum(each.elapsed or 0.0 for each in rows if not each.calls)
    count = sum(each.kind is not Kind.GROUP for each in rows)
    text = f"{count:,} steps above{marks.BETWEEN}{duration(took)}"
    line = text if columns.total is None else cut(text, columns.total - columns.margin - _MARGIN)
    return f"{' ' * columns.margin}{coloured(marks.PASSED, 'green')} {dim(line)}"
