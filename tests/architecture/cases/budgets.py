"""Functions, files and folders that are one line, one file or one parameter too large."""

from __future__ import annotations

from typing import Final

from architecture.allowances import Allowances
from architecture.cases.case import Case, early
from architecture.rules.budgets import (
    LARGEST_FOLDER,
    LONG_FUNCTION,
    LONGEST_FILE,
    LONGEST_FUNCTION,
    MEDIAN_FUNCTION,
    keeps_files_short,
    keeps_folders_small,
    keeps_functions_short,
    keeps_most_functions_very_short,
    lists_only_parameters_that_are_many,
    takes_few_parameters,
)


def _functions(*sizes: int) -> str:
    return "\n".join("def f():\n" + "    pass\n" * (size - 1) for size in sizes)


def _folder(files: int) -> dict[str, str]:
    return {"early/wing/__init__.py": ""} | {f"early/wing/file_{n}.py": "" for n in range(files)}


_FIVE: Final = Allowances(many_parameters={("early/first.py", "A.f"): "as the base class has it"})

CASES: Final = (
    Case(
        keeps_functions_short,
        early(_functions(LONGEST_FUNCTION + 1)),
        early('@cached\ndef f():\n    """One.\n\n    Two.\n    """\n' + "    pass\n" * (LONGEST_FUNCTION - 1)),
    ),
    Case(
        keeps_most_functions_very_short,
        early(_functions(2, MEDIAN_FUNCTION + 1, MEDIAN_FUNCTION + 1)),
        early(_functions(MEDIAN_FUNCTION, MEDIAN_FUNCTION, LONG_FUNCTION)),
    ),
    Case(
        keeps_most_functions_very_short,
        early(_functions(*[2] * 18, *[LONG_FUNCTION + 1] * 2)),
        early(_functions(*[2] * 19, LONG_FUNCTION + 1)),
    ),
    Case(keeps_files_short, early("pass\n" * (LONGEST_FILE + 1)), early("pass\n" * LONGEST_FILE)),
    Case(keeps_folders_small, _folder(LARGEST_FOLDER + 1), _folder(LARGEST_FOLDER)),
    Case(
        takes_few_parameters,
        early("def f(a, b, c, /, d, *, e): ..."),
        early("class A:\n    def f(self, a, b, /, c, *rest, d, **more): ..."),
    ),
    Case(
        takes_few_parameters,
        early("class A:\n    def f(self, a, b, c, d, e): ...\n    def g(self, a, b, c, d, e): ..."),
        early("class A:\n    def f(self, a, b, c, d, e): ..."),
        allowed=_FIVE,
    ),
    Case(
        lists_only_parameters_that_are_many,
        early("class A:\n    def f(self, a, b, c, d): ..."),
        early("class A:\n    def f(self, a, b, c, d, e): ..."),
        allowed=_FIVE,
    ),
)
