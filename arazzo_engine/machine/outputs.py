"""The outputs of a step or a workflow: their values, and why those that have none have none.

Decides how that is told: what a step or workflow that was not run would have given is told once, for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.sizes import TooLarge
from arazzo_engine.documents.values import NOT_RUN
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import MissingValue, evaluate, template_text
from arazzo_engine.reporting.ending.criteria import names_instead
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.language.expressions.scope import Scope, Values
    from arazzo_engine.language.templates import Template


class Lack(Struct, frozen=True):
    """Outputs without a value, and why; that ``is_of_others`` where a step or a workflow was not run."""

    names: tuple[str, ...]
    reason: str
    is_of_others: bool = False

    @property
    def note(self) -> str:
        """What a report says of it."""
        if len(self.names) > 1:
            return f"outputs {listed(self.names)} have no value: {self.reason}"
        return f"output `{self.names[0]}` {'has no value' if self.is_of_others else 'is absent'}: {self.reason}"


def evaluate_outputs(
    outputs: Mapping[str, Template] | None, scope: Scope, room: Room
) -> tuple[Values, tuple[Lack, ...]]:
    """Return the outputs that have a value, and why each of the others has none.

    Raises ``ArazzoError``: ``value-too-large``, and ``report-too-large`` when the run has no ``room`` to keep them.
    """
    found = {}
    lacks = []
    for name, template in (outputs or {}).items():
        try:
            found[name] = evaluate(template, scope)
            room.take_value(found[name])
        except MissingValue as missing:
            lacks.append(Lack((name,), _why_lacking(missing, template, scope), is_of_others=missing.found is NOT_RUN))
        except TooLarge as error:
            message = f"with output `{name}`, what the run has to tell {error}"
            raise ArazzoError(diagnose("report-too-large", message, template.at.location(), fix=error.fix)) from error
    return found, tuple(lacks)


def notes_of(lacks: Sequence[Lack]) -> tuple[str, ...]:
    """Return what a report says of the outputs without a value."""
    return tuple(each.note for each in together(lacks))


def together(lacks: Sequence[Lack]) -> Iterator[Lack]:
    """Yield each reason once for all outputs that have no value for what another step, or workflow, did not give."""
    shared: dict[str, list[str]] = {}
    for each in lacks:
        if each.is_of_others:
            shared.setdefault(each.reason, []).extend(each.names)
    for each in lacks:
        if not each.is_of_others:
            yield each
        elif each.names[0] == shared[each.reason][0]:
            yield replace(each, names=tuple(shared[each.reason]))


def _why_lacking(missing: MissingValue, template: Template, scope: Scope) -> str:
    if missing.found is not NOT_RUN:
        return f"`{template_text(template)}` {missing.reason}{_names_instead(template, scope)}"
    of = {Root.STEPS: "step", Root.WORKFLOWS: "workflow"}.get(missing.root)
    return f"{of} `{missing.names[0]}` was not run" if of else f"what `{missing.what}` names was not run"


def _names_instead(template: Template, scope: Scope) -> str:
    """Return what the answer has where the pointer of an output leads nowhere."""
    if not isinstance(template, Expression) or scope.response is None:
        return ""
    expression = template.expression
    if expression.root is not Root.RESPONSE or expression.names != ("body",) or not expression.pointer:
        return ""
    told = names_instead([*expression.pointer], scope.response.payload)
    return f": {told}" if told else ""
