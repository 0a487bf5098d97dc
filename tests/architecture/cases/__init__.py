"""Sources that break each rule, and the nearest ones that keep it. ``CASES`` lists them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from architecture.cases import budgets, circles, order, privacy, purity, values, words

if TYPE_CHECKING:
    from architecture.cases.case import Case

CASES: Final[tuple[Case, ...]] = (
    *order.CASES,
    *circles.CASES,
    *purity.CASES,
    *privacy.CASES,
    *budgets.CASES,
    *values.CASES,
    *words.CASES,
)
