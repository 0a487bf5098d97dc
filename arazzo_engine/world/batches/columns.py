"""Rows as CSV: what a column is called says where its cells go among the inputs, and the schema what they are.

Decides how names nest (`a.b` is a member, `tags[]` an element of a list) and what a text means. An empty cell leaves
its input out. What inputs must be is decided by the checks.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, diagnose
from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.validation.inputs.schemas import declared_inputs, schema_at, value_from_text
from arazzo_engine.world.batches.cells import cells_of, malformed_at, take_record
from arazzo_engine.world.batches.rows import MalformedRow, Read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.world.batches.cells import Cell
    from arazzo_engine.world.batches.rows import Lines

_LIST: Final = "[]"
# each column costs a look at the schema, before anything else can be told
LARGEST_HEAD: Final = 100_000
_OTHER_SEPARATORS: Final = (";", "\t", "|")


class Column(Struct, frozen=True):
    """A column: its name, the path of the member that its cells are, or are elements of, and that value's schema."""

    name: str
    path: tuple[str, ...]
    is_element: bool
    schema: Mapping[str, JsonValue]

    def put(self, text: str, inputs: dict[str, Any]) -> None:
        """Put the value of a cell among the inputs."""
        value = value_from_text(self.schema, text)
        *outer, last = self.path
        for name in outer:
            inputs = inputs.setdefault(name, {})
        if self.is_element:
            inputs.setdefault(last, []).append(value)
        else:
            inputs[last] = value


class Csv:
    """Reads CSV whose first record names the columns, as inputs of a workflow."""

    def __init__(self, name: str, workflow: LinkedWorkflow) -> None:
        self._name = name
        self._workflow = workflow
        self._columns: tuple[Column, ...] = ()

    def begin(self, lines: Lines) -> None:
        """Read the names of the columns; raises ``ArazzoError`` (``rows-unreadable``)."""
        if not lines.peek():
            return
        line = lines.number + 1
        record = take_record(lines)
        if len(record) > LARGEST_HEAD:
            message = f"the head of the columns is longer than {LARGEST_HEAD:,} bytes"
            raise ArazzoError(_unreadable(message, Location(self._name, line, 1), "name the columns in the first line"))
        try:
            header = cells_of(record.decode("utf-8"))
        except MalformedRow as malformed:
            at = Location(self._name, line + malformed.below, malformed.column)
            raise ArazzoError(_unreadable(f"the head of the columns {malformed.message}", at, malformed.fix)) from None
        except UnicodeDecodeError:
            at = Location(self._name, line, 1)
            raise ArazzoError(_unreadable("the rows are not UTF-8 text", at, "save the file as UTF-8")) from None
        self._columns = tuple(_column(cell.text.strip(), self._workflow) for cell in header)
        problems = list(_problems(self._columns, header, self._name, line))
        if problems:
            raise ArazzoError(*problems)

    def take(self, lines: Lines) -> bytes:
        """Return a record."""
        return take_record(lines)

    def read(self, text: str, line: int) -> Read:
        """Return the inputs in a record."""
        cells = cells_of(text)
        if len(cells) != len(self._columns):
            raise _uneven(text, cells, len(self._columns))
        inputs: dict[str, Any] = {}
        for column, cell in zip(self._columns, cells, strict=True):
            if cell.text:
                column.put(cell.text, inputs)
        return Read(inputs, partial(self._places, text, cells, line))

    def _places(self, text: str, cells: list[Cell], line: int) -> Mapping[str, Location]:
        found: dict[str, Location] = {}
        for column, cell in zip(self._columns, cells, strict=True):
            before = text[: cell.offset]
            at = Location(self._name, line + before.count("\n"), cell.offset - before.rfind("\n"))
            if cell.text:
                found.setdefault(column.path[0], at)
        return found


def _column(name: str, workflow: LinkedWorkflow) -> Column:
    if name in declared_inputs(workflow):
        return Column(name, (name,), is_element=False, schema=schema_at(workflow, (name,)))
    is_element = name.endswith(_LIST)
    path = tuple(name.removesuffix(_LIST).split("."))
    schema = schema_at(workflow, (*path, None) if is_element else path) if len(path) <= DEEPEST else {}
    return Column(name, path, is_element, schema)


def _problems(columns: tuple[Column, ...], header: list[Cell], name: str, line: int) -> Iterable[Diagnostic]:
    seen: set[str] = set()
    inner = {each.path[:length]: each.name for each in columns for length in range(1, min(len(each.path), DEEPEST))}
    for number, (column, cell) in enumerate(zip(columns, header, strict=True)):
        at = Location(name, line, cell.offset + 1)
        if len(column.path) > DEEPEST:
            message = f"column {number + 1} leads more than {DEEPEST:,} members deep"
            yield _unreadable(message, at, "name it like an input: `address.city`")
        elif not all(column.path) or _LIST in "".join(column.path):
            fix = "name each column like an input: `name`, `address.city`, `tags[]`"
            yield _unreadable(f"column {number + 1} has no name that an input could have", at, fix)
        elif column.name in seen and not column.is_element:
            yield _unreadable(f"there are two columns `{column.name}`", at, "remove one, or write `name[]` for a list")
        elif column.path in inner:
            message = f"`{column.name}` cannot be both a value and what `{inner[column.path]}` is in"
            yield _unreadable(message, at, "remove one of the two columns")
        elif any(each in column.name for each in _OTHER_SEPARATORS) and len(columns) == 1:
            yield _unreadable("there is one column only, whose name has a separator in it", at, "separate by commas")
        seen.add(column.name)


def _unreadable(message: str, at: Location, fix: str) -> Diagnostic:
    return diagnose("rows-unreadable", message, at, fix=fix)


def _uneven(text: str, cells: list[Cell], columns: int) -> MalformedRow:
    values = f"{len(cells)} value{'' if len(cells) == 1 else 's'}"
    there = "there is 1 column" if columns == 1 else f"there are {columns} columns"
    offset = cells[columns].offset if len(cells) > columns else len(text)
    fix = "put a value that has a comma in it in quotes" if len(cells) > columns else "leave a cell empty, but there"
    return malformed_at(text, offset, f"has {values}, and {there}", fix)
