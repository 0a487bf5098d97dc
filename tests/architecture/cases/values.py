"""Broad catches, state that changes, booleans that a caller cannot read."""

from __future__ import annotations

from typing import Final

from architecture.allowances import Allowances
from architecture.cases.case import Case, early, world
from architecture.rules.values import (
    asks_no_match_which_pattern_it_is_of,
    catches_broadly_only_where_listed,
    compiles_no_pattern_while_imported,
    keeps_no_mutable_state,
    lists_only_catches_that_exist,
    takes_booleans_by_name,
)

_ONE_CATCH: Final = Allowances(broad_catches={("early/first.py", "f"): "a bug is told as one"})


def _catching(what: str) -> dict[str, str]:
    return {"early/first.py": f"def f():\n    try:\n        pass\n    except{what}:\n        pass"}


CASES: Final = (
    Case(catches_broadly_only_where_listed, _catching(" Exception"), _catching(" ValueError")),
    Case(catches_broadly_only_where_listed, _catching(""), _catching(" OSError")),
    Case(
        catches_broadly_only_where_listed,
        _catching(" (OSError, BaseException)"),
        _catching(" (OSError, ValueError)"),
    ),
    Case(
        catches_broadly_only_where_listed,
        early("with contextlib.suppress(Exception):\n    pass"),
        early("with contextlib.suppress(OSError):\n    pass"),
    ),
    Case(
        catches_broadly_only_where_listed,
        {"late/first.py": _catching(" Exception")["early/first.py"]},
        _catching(" Exception"),
        allowed=_ONE_CATCH,
    ),
    Case(lists_only_catches_that_exist, _catching(" OSError"), _catching(" Exception"), allowed=_ONE_CATCH),
    Case(keeps_no_mutable_state, early("known = {}"), early("KNOWN: Final = {}")),
    Case(keeps_no_mutable_state, early("known: list[str] = []"), early("KNOWN: tuple[str, ...] = ()")),
    Case(keeps_no_mutable_state, early("known = defaultdict(list)"), early("KNOWN: Final[Known] = dict(a=1)")),
    Case(keeps_no_mutable_state, early("def f():\n    global known"), early("def f():\n    known = []")),
    Case(
        compiles_no_pattern_while_imported,
        early("NAME: Final = re.compile(r'\\w+')"),
        early("NAME: Final = lazy_pattern(r'\\w+')\n\ndef f(text):\n    return re.compile(text)"),
    ),
    Case(
        compiles_no_pattern_while_imported,
        world("class A:\n    forms = {'a': re.compile('a')}"),
        world("class A:\n    forms = {'a': lazy_pattern('a')}"),
    ),
    Case(
        asks_no_match_which_pattern_it_is_of,
        early("known = found.re is NAME"),
        early("known = found.re.groups == 1"),
    ),
    Case(
        takes_booleans_by_name,
        early("def f(x: int, loud: bool = False): ..."),
        early("def f(x: int, *, loud: bool = False): ..."),
    ),
    Case(
        takes_booleans_by_name,
        early("class A:\n    def f(self, loud: bool | None): ..."),
        early("@dataclass\nclass A:\n    loud: bool\n\n    def f(self, loud: Callable[[], bool]): ..."),
    ),
)
