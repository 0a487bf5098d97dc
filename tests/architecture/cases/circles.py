"""Files that import each other, and lists of circles that say too much."""

from __future__ import annotations

from typing import Final

from architecture.allowances import Allowances
from architecture.cases.case import Case
from architecture.rules.circles import (
    MOST_CIRCLES,
    has_no_circles,
    lists_few_circles_each_in_one_wing,
    lists_only_circles_that_exist,
)


def _listed(*circles: tuple[str, ...]) -> Allowances:
    return Allowances(circles={frozenset(circle): "as the clause says" for circle in circles})


_PAIR: Final = {
    "early/wing/one.py": "from arazzo_engine.early.wing.two import thing",
    "early/wing/two.py": "if TYPE_CHECKING:\n    from arazzo_engine.early.wing import one",
}
_LINE: Final = _PAIR | {"early/wing/two.py": "def f():\n    from arazzo_engine.early.wing import three"}
_RING: Final = _LINE | {"early/wing/three.py": "import arazzo_engine.early.wing.one"}
_KNOWN: Final = tuple(_PAIR)

CASES: Final = (
    Case(has_no_circles, _PAIR, _LINE),
    Case(has_no_circles, _RING, _LINE),
    Case(
        has_no_circles,
        {
            "early/wing/__init__.py": "from arazzo_engine.early.wing.one import thing",
            "early/wing/one.py": "from arazzo_engine.early.wing import thing",
        },
        {
            "early/wing/__init__.py": "from arazzo_engine.early.wing.one import thing",
            "early/wing/one.py": "from arazzo_engine.early.wing import two",
            "early/wing/two.py": "",
        },
    ),
    Case(has_no_circles, _RING, _PAIR, allowed=_listed(_KNOWN)),
    Case(
        lists_few_circles_each_in_one_wing,
        _PAIR,
        _PAIR,
        allowed=_listed(("early/wing/one.py", "early/last.py")),
        kept_allowed=_listed(_KNOWN),
    ),
    Case(
        lists_few_circles_each_in_one_wing,
        _PAIR,
        _PAIR,
        allowed=_listed(*((f"{n}.py", "other.py") for n in range(MOST_CIRCLES + 1))),
        kept_allowed=_listed(*((f"{n}.py", "other.py") for n in range(MOST_CIRCLES))),
    ),
    Case(lists_only_circles_that_exist, _LINE, _PAIR, allowed=_listed(_KNOWN)),
)
