"""Judging criteria: each criterion passes or fails, with an explanation a person can read.

Decides pass and fail and nothing else. An error while evaluating is a failure with its reason, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Location


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion's verdict: the condition as written, and the values that were compared."""

    condition: str
    passed: bool
    explanation: str
    location: Location | None = None
