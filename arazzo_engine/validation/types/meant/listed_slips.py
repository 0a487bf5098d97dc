"""Values that the schema of an input lists, and that are a slip for one that is taken where the input goes.

Decides it for `enum: [csb, parquet]` where `csv` is taken and not listed, and no place of the input takes `csb`. One
that is like none of those may be there for what the workflow does with it otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from arazzo_engine.apis.schemas.alternatives import all_values
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import template_text
from arazzo_engine.spelling import near_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.validation.types.passing import Passed
    from arazzo_engine.validation.types.taking import Goal


def check_listed(passed: Iterable[Passed]) -> Iterator[Diagnostic]:
    """Yield a warning for each listed value of an input that is a slip for one that is taken."""
    by_input: defaultdict[str, list[Passed]] = defaultdict(list)
    for each in passed:
        if isinstance(each.template, Expression) and each.template.expression.root is Root.INPUTS:
            by_input[template_text(each.template)].append(each)
    for found in by_input.values():
        yield from _slips(found)


def _slips(passed: list[Passed]) -> Iterator[Diagnostic]:
    """Yield a warning for each such value of one input; one of which no value is taken is told where it goes."""
    goals = [(each.goal, all_values(each.goal.known) or ()) for each in passed]
    taken = {value: goal for goal, values in goals for value in values if isinstance(value, str)}
    listed = tuple(_listed_at(passed[0].given))
    names = {value for _, value in listed}
    if names.isdisjoint(taken):
        return
    unlisted = [value for value in taken if value not in names]
    for at, value in listed:
        meant = None if value in taken else near_name(value, unlisted)
        if meant is not None:
            yield _told(passed[0], at, (value, meant), taken[meant])


def _listed_at(given: Known) -> Iterator[tuple[Place, str]]:
    """Yield each text that schemas list, and where."""
    for part in {part.at: part for each in given for part in each.parts}.values():
        for index, value in enumerate(as_list(as_mapping(part.value).get("enum"))):
            if isinstance(value, str):
                yield part.at.child("enum", index), value


def _told(passed: Passed, at: Place, words: tuple[str, str], goal: Goal) -> Diagnostic:
    value, meant = words
    message = f"`{template_text(passed.template)}` may be `{value}`, which {goal.what} does not take"
    related = (Related("it goes here", passed.template.at), Related("described here", goal.known[0].at))
    fix = f"did you mean `{meant}`?"
    return diagnose("type-refused", message, at.location(), fix=fix, related=related).as_warning()
