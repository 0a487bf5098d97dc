"""Judging criteria: each criterion passes or fails, with an explanation a person can read.

Decides pass and fail and nothing else. An error while evaluating is a failure with its reason, never an exception:
"the condition MUST evaluate to *fail*, and implementations SHOULD log or report the error".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Location
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.conditions.condition import judge
from arazzo_engine.language.queries.compiling import judge_query
from arazzo_engine.printable import one_line
from arazzo_engine.typed import Reticent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.language.conditions.judgements import Judgement
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import Criterion

# No clause names a default. A redirect is an answer a workflow may want; a 4xx or 5xx is not a success.
DEFAULT_CRITERION: Final = "$statusCode >= 200 && $statusCode < 400"
_WIDTH: Final = 80


class CriterionResult(Reticent, frozen=True):
    """One criterion's verdict: the condition as written, and the values that were compared."""

    condition: str
    passed: bool
    explanation: str
    at: Place | None = None

    def _shown(self) -> str:
        # the explanation quotes values
        return f"{one_line(self.condition, _WIDTH)}: {'passed' if self.passed else 'failed'}"

    @property
    def location(self) -> Location | None:
        """The criterion's own line; found only when somebody asks."""
        return None if self.at is None else self.at.child("condition").location()


def judge_criteria(criteria: Iterable[Criterion], scope: Scope) -> tuple[CriterionResult, ...]:
    """Judge each criterion. "All assertions MUST be satisfied" is for the caller to ask with ``all_pass``."""
    return tuple(_judge_criterion(criterion, scope) for criterion in criteria)


def all_pass(results: Iterable[CriterionResult]) -> bool:
    """Whether every criterion passed; true when there is none."""
    return all(result.passed for result in results)


def _judge_criterion(criterion: Criterion, scope: Scope) -> CriterionResult:
    go_on()
    judgement = _judge(criterion, scope)
    return CriterionResult(criterion.condition, judgement.passed, judgement.explanation, criterion.at)


def _judge(criterion: Criterion, scope: Scope) -> Judgement:
    if criterion.simple is not None:
        return judge(criterion.simple, scope)
    if criterion.query is not None and criterion.context is not None:
        return judge_query(criterion.query, criterion.context, scope, wanted=not criterion.wants_nothing)
    raise TypeError("the criterion has no condition, and the errors of reading were not heeded")
