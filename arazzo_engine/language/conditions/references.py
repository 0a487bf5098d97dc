"""Runtime expressions inside simple conditions, where the operators ``.`` and ``[]`` may follow them.

Decides where a reference ends within a condition and in which ways it can be read: ``$inputs.a.b`` is the input
``a.b``, or the member ``b`` of the input ``a``. Which of them exists is known when the condition is evaluated.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.language.conditions.condition import Accessors, Reference
from arazzo_engine.language.expressions.grammar import ExpressionError, Root, RuntimeExpression, read_expression
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Reading: TypeAlias = "tuple[RuntimeExpression, Accessors]"
# An expression ends at a space, at an operator, and at the parenthesis that closes a group.
# What stands in quotes and brackets is passed over.
_END: Final = lazy_pattern(r"\['(?:[^']|'')*'\]|(?P<end>\s|==|!=|<|>|&&|\|\||\)|$)")
_ACCESSORS_FIX: Final = "use `.name`, `[0]` or `['name']`"
_ACCESSOR: Final = lazy_pattern(r"\.([\w\-$@]+)|\[(\d+)\]|\['((?:[^']|'')*)'\]")
_ACCESSORS: Final = lazy_pattern(rf"(?:{_ACCESSOR.pattern})+")
# an id with characters that 1.1 does not allow in one, such as spaces, up to the name that follows it
_WIDE: Final = lazy_pattern(
    r"\$(?:steps\.(?![\w\-]+\.)[^{}#$'\"=<>!&|()]+?\.outputs|workflows\.(?![\w\-]+\.)[^{}#$'\"=<>!&|().]+\.(?:in|out)puts)\."
)
# each of them may be where a name ends, and is read as such
_MOST_PARTS: Final = 50
# How many parts stand before the name that accessors may follow: `$inputs.<name>`, `$steps.<id>.outputs.<name>`
_NAMED: Final = {Root.INPUTS: 1, Root.OUTPUTS: 1, Root.STEPS: 3, Root.WORKFLOWS: 3}
_LENGTH: Final = "length"
_BODY: Final = lazy_pattern(r"\$(?:request|response|message)\.(?:body|payload)(?=[.\[])")


def read_reference(text: str, start: int) -> Reference:
    """Return the reference that begins at ``start``.

    Raises ``ExpressionError`` when none does.
    """
    end = _find_end(text, start)
    written = text[start:end]
    try:
        readings = tuple(_readings(written))
    except ExpressionError as error:
        raise ExpressionError(error.message, start + error.start, start + error.end, error.fix) from error
    return Reference(written, readings, (start, end))


def counting(reference: Reference) -> Reference:
    """Return the same, which counts elements where a list has no member `length`."""
    return replace(reference, counted=tuple(_counted(reference.readings)))


def _counted(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield what a reference counts that ends in `length`, whatever way it names a part of a value."""
    for expression, accessors in readings:
        if accessors and accessors[-1] == _LENGTH:
            yield expression, accessors[:-1]
        elif not accessors and expression.pointer:
            *rest, last = expression.pointer
            before, dot, word = last.rpartition(".")
            if word == _LENGTH:
                yield replace(expression, pointer=(*rest, *([before] if dot else []))), ()


def _find_end(text: str, start: int) -> int:
    wide = _WIDE.match(text, start)
    ends = (each.start() for each in _END.finditer(text, wide.end() if wide else start) if each["end"] is not None)
    return next(ends, len(text))


def _readings(written: str) -> Iterator[tuple[RuntimeExpression, Accessors]]:
    body = _BODY.match(written)
    if body is not None:
        yield read_expression(body[0]), _accessors(written, body.end())
        return
    base = _base(written)
    if base is None:
        yield read_expression(written), ()
        return
    # names are matched exactly first: the longest name comes first
    ends = [match.end() for match in _ACCESSOR.finditer(written, base)]
    if len(ends) > _MOST_PARTS:
        fix = "name a part of the value by a JSON Pointer: `$response.body#/a/b`"
        raise ExpressionError(f"more than {_MOST_PARTS} parts follow a name", base, len(written), fix)
    for end in reversed([base, *ends]):
        if "[" not in written[:end]:
            yield read_expression(written[:end]), _accessors(written, end)


def _base(written: str) -> int | None:
    """Return where the shortest possible name ends, or ``None`` when no accessor can follow."""
    if "#" in written:
        return None
    root = next((root for root in _NAMED if written.startswith(f"{root}.")), None)
    if root is None:
        return None
    wide = _WIDE.match(written)
    start = r"\$\w+" + r"\.[\w\-$@]+" * _NAMED[root] if wide is None else re.escape(wide[0]) + r"[\w\-$@]+"
    shortest = re.match(start, written)
    # what is no accessor can still be part of a name: `$inputs.include[]`
    if shortest is None or not _ACCESSORS.fullmatch(written, shortest.end()):
        return None
    return shortest.end()


def _accessors(written: str, start: int) -> Accessors:
    found = []
    position = start
    while position < len(written):
        match = _ACCESSOR.match(written, position)
        if match is None:
            message = f"`{written[position:]}` cannot follow `{written[:position]}`"
            fix = "compare values as they are: there are no functions" if written[position] == "(" else _ACCESSORS_FIX
            raise ExpressionError(message, position, len(written), fix)
        found.append(next(group for group in match.groups() if group is not None).replace("''", "'"))
        position = match.end()
    return tuple(found)
