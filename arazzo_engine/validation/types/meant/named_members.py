"""Outputs that are named as a member of an answer, and are set to the whole of it: read as the member.

Decides it by what is described and where the output goes: at least one place takes the member and certainly no object,
and so does every other place that it is sent to, and nobody reads a part of the output or sends it as a body.
Elsewhere the whole may be meant.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.validation.types.meant.expressions import Meant
from arazzo_engine.validation.types.meant.members import Whole, is_body, wholes_to
from arazzo_engine.validation.types.meant.parts_read import outputs_read, read_in_part
from arazzo_engine.validation.types.passing import passed_in
from arazzo_engine.validation.types.taking import refusal
from arazzo_engine.validation.types.yields import yields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.validation.types.meant.expressions import Spot
    from arazzo_engine.validation.types.passing import Passed
    from arazzo_engine.validation.types.reading import Read
    from arazzo_engine.validation.types.yields import Yields

REASON: Final = "it has the name of that member, and goes where only the member is taken"
_OBJECT: Final = frozenset({"object"})
_CONTAINERS: Final = frozenset({"array", "object"})
# where what is read is sent
_SENT: Final = frozenset({"requestBody", "parameters"})


class _Going(Struct, frozen=True):
    """An output that is set to the whole body, a place it goes to, and whether that takes the member and no object."""

    whole: Whole
    passed: Passed
    is_asked: bool

    @property
    def spot(self) -> Spot:
        """Where the output says what it is."""
        return self.whole.output.at, self.whole.output.span


def with_named_members(linked: LinkedDescription) -> tuple[LinkedDescription, tuple[Diagnostic, ...]]:
    """Return the description with members where wholes are named as such, and a warning for each output."""
    yields, workflows = yields_of(linked), dict(linked.workflows)
    going = [each for workflow in linked.workflows.values() for each in _goings(workflow, yields)]
    asked = {each.spot: each for each in reversed(going) if each.is_asked}
    if asked:
        only = {each.passed.template.at for each in going if each.is_asked}
        only -= {each.passed.template.at for each in going if not each.is_asked}
        kept = read_in_part(linked).union(outputs_read(linked, lambda read: _is_sent_elsewhere(read, only)))
        asked = {spot: asked[spot] for spot in reversed(asked) if spot not in kept}
    for key in {each.whole.workflow for each in asked.values()}:
        workflows[key] = Meant({spot: _member(each) for spot, each in asked.items()}).of_workflow(workflows[key])
    return replace(linked, workflows=workflows) if asked else linked, tuple(map(_told, asked.values()))


def _goings(workflow: LinkedWorkflow, yields: Yields) -> Iterator[_Going]:
    for passed in passed_in(workflow, yields):
        template = passed.template
        wholes = tuple(wholes_to(template, passed.seen, yields)) if isinstance(template, Expression) else ()
        if wholes and is_body(wholes[-1].output.expression):
            yield _going(wholes[-1], passed, yields)


def _going(whole: Whole, passed: Passed, yields: Yields) -> _Going:
    given, goal, schemas = passed.given, passed.goal, yields.schemas
    member = follow(given, (whole.name,), schemas).known
    refused = refusal(given, replace(goal, is_needed=True), schemas)
    is_refused = refusal(member, goal, schemas) is not None
    is_plain = all_types(goal.known).isdisjoint(_CONTAINERS) and all_types(member).isdisjoint(_CONTAINERS)
    is_asked = refused is not None and refused.is_certain and is_plain and _is_named(given, whole.name)
    return _Going(whole, passed, is_asked=is_asked and not is_refused)


def _is_named(given: Known, name: str) -> bool:
    """Whether a value is an object in every case, and is described to have a member of a name."""
    return all_types(given) - {"null"} == _OBJECT and all(name in each.names for each in given)


def _is_sent_elsewhere(read: Read, only: set[Place]) -> bool:
    return not _SENT.isdisjoint(read.use.at.pointer) and read.use.at not in only


def _member(going: _Going) -> RuntimeExpression:
    whole = going.whole
    _, _, text = whole.written((whole.name,)).partition(": ")
    return dataclasses.replace(whole.output.expression, text=text, pointer=(whole.name,))


def _told(going: _Going) -> Diagnostic:
    output, written = going.whole.output, _member(going).text
    message = f"output `{going.whole.name}`, `{output.expression.text}`, is read as `{written}`: {REASON}"
    related = (Related("it goes here", going.passed.template.at),)
    fix, edits = f"write `{going.whole.written((going.whole.name,))}`", [output.at.written(written)]
    at = output.at.location(output.span)
    return diagnose("repaired", message, at, fix=fix, related=related, edits=edits, kind=REASON)
