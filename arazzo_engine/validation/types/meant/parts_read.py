"""Outputs of which somebody reads a part, in an expression, a query or a condition, or which are all that is sent.

Decides which outputs must stay the whole that they are: who set one to a member instead would take it from the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.validation.types.outputs_on_the_way import outputs_to
from arazzo_engine.validation.types.reading import reads_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.validation.types.meant.expressions import Spot
    from arazzo_engine.validation.types.reading import Read

# where what is read is asked for its parts, or is all that is sent
_WHOLE: Final = frozenset({"context", "payload"})
_KNOWN: Final[WeakKeyDictionary[LinkedDescription, frozenset[Spot]]] = WeakKeyDictionary()


def read_in_part(linked: LinkedDescription) -> frozenset[Spot]:
    """Return where each output is written that must stay the whole."""
    if linked not in _KNOWN:
        _KNOWN[linked] = frozenset(outputs_read(linked, _is_in_part))
    return _KNOWN[linked]


def outputs_read(linked: LinkedDescription, is_meant: Callable[[Read], bool]) -> Iterator[Spot]:
    """Yield where each output is written that something reads, in the way that is meant."""
    for workflow in linked.workflows.values():
        for read in reads_in(workflow, linked):
            if is_meant(read):
                outputs = (output for output, _ in outputs_to(read.expression, read.seen, linked))
                yield from ((each.at, each.span) for each in outputs if isinstance(each, Expression))


def _is_in_part(read: Read) -> bool:
    return bool(read.pointer) or read.use.at.pointer[-1] in _WHOLE
