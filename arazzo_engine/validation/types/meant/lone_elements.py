"""Values that are named as if a list were its element: read as the element where a list has one, else as nothing.

Decides it by what is described: a list is there, and its elements have what is named. A list of one has one reading,
whatever is done with the value; of several, only the author knows which is meant, and nothing is read. Conditions are
left as they are, since what holds for one element may not hold for another.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.apis.schemas.alternatives import Way
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.validation.types.meant.expressions import Meant
from arazzo_engine.validation.types.pointers import unsure_schema
from arazzo_engine.validation.types.reading import Read, reads_in
from arazzo_engine.validation.types.yields import yields_of
from arazzo_engine.words import is_count

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.validation.types.yields import Yields

REASON: Final = "a list is named as its element, and is read so where it has exactly one"
_FINE: Final = frozenset({Way.ON, Way.UNKNOWN})
# where an expression is a part of a query or a condition
_ASKING: Final = frozenset({"condition", "context", "selector", "target"})
_MOST_LISTS: Final = 5


def with_lone_elements(linked: LinkedDescription) -> tuple[LinkedDescription, tuple[Diagnostic, ...]]:
    """Return the description with lone elements where lists are named as such, and a warning for each place."""
    yields, workflows, told = yields_of(linked), dict(linked.workflows), list[Diagnostic]()
    for key, workflow in linked.workflows.items():
        found = {
            (read.use.at, read.use.span): (read, meant)
            for read in reads_in(workflow, linked)
            if (meant := _meant(read, yields)) is not None
        }
        if found:
            workflows[key] = Meant({spot: meant for spot, (_, meant) in found.items()}).of_workflow(workflow)
            told += (_told(read, meant) for read, meant in found.values())
    return (replace(linked, workflows=workflows), tuple(told)) if told else (linked, ())


def _meant(read: Read, yields: Yields) -> RuntimeExpression | None:
    """Return the expression that goes through the lone elements of lists, ``None`` where that leads nowhere either."""
    asks = read.use.moment is Moment.ACTION or read.use.at.pointer[-1] in _ASKING
    if asks or not read.expression.pointer or unsure_schema(read, yields) is not None:
        return None
    known, pointer, lone = yields.base(read.expression, read.seen), read.expression.pointer, set[int]()
    for _ in range(_MOST_LISTS):
        lead = follow(known, pointer, yields.schemas)
        if lead.way is not Way.INTO_A_LIST or is_count(pointer[lead.depth]):
            break
        pointer = (*pointer[: lead.depth], "0", *pointer[lead.depth :])
        lone.add(lead.depth)
    is_meant = lone and follow(known, pointer, yields.schemas).way in _FINE
    return dataclasses.replace(read.expression, pointer=pointer, lone=frozenset(lone)) if is_meant else None


def _told(read: Read, meant: RuntimeExpression) -> Diagnostic:
    first = f"{read.name}#{render_pointer(meant.pointer or ())}"
    message = f"`{read.use.text}` names a part of an element, and stands where a list is: {REASON}"
    fix = f"write `{first}` for the first element, or a Selector Object for each of them"
    return diagnose("repaired", message, read.use.at.location(read.use.span), fix=fix, kind=REASON)
