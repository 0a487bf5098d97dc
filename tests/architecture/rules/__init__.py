"""The rules, each a function from a house to its findings. ``RULES`` lists them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from architecture.rules import budgets, circles, order, privacy, purity, values, words

if TYPE_CHECKING:
    from architecture.house import Rule

RULES: Final[tuple[Rule, ...]] = (
    *order.RULES,
    *circles.RULES,
    *purity.RULES,
    *privacy.RULES,
    *budgets.RULES,
    *values.RULES,
    *words.RULES,
)
