"""Imports that run against the order, and files that the layout does not know."""

from __future__ import annotations

from typing import Final

from architecture.cases.case import Case, early, front
from architecture.rules.order import (
    imports_only_earlier_rooms,
    imports_only_earlier_stages,
    lists_only_rooms_that_exist,
    shows_the_world_lazily,
    stands_where_the_layout_says,
    writes_whole_names,
)

_WHOLE: Final = {"early/first.py": "", "early/wing/one.py": "", "early/last.py": "", "late.py": "", "world/http.py": ""}


def without(path: str) -> dict[str, str]:
    return {each: text for each, text in _WHOLE.items() if each != path}


CASES: Final = (
    Case(writes_whole_names, early("from . import first"), early("from arazzo_engine.early import first")),
    Case(
        imports_only_earlier_stages,
        early("from arazzo_engine.late import thing"),
        {"late/thing.py": "from arazzo_engine.early.wing import thing"},
    ),
    Case(
        imports_only_earlier_stages, early("from arazzo_engine import late"), early("from arazzo_engine import early")
    ),
    Case(imports_only_earlier_stages, early("def f():\n    import arazzo_engine.late"), early("import latent.late")),
    Case(
        imports_only_earlier_stages,
        early("if TYPE_CHECKING:\n    from arazzo_engine.world import thing"),
        front("if TYPE_CHECKING:\n    from arazzo_engine.world import thing"),
    ),
    Case(
        imports_only_earlier_stages,
        {"late.py": "from arazzo_engine import run"},
        {"__main__.py": "from arazzo_engine import run"},
    ),
    Case(
        imports_only_earlier_rooms,
        early("from arazzo_engine.early.wing.one import thing"),
        {"early/last.py": "from arazzo_engine.early.wing.one import thing"},
    ),
    Case(
        imports_only_earlier_rooms,
        {"early/wing/one.py": "def f():\n    from arazzo_engine.early import last"},
        {"early/wing/one.py": "def f():\n    from arazzo_engine.early import first, wing"},
    ),
    Case(
        imports_only_earlier_rooms,
        {"early/last.py": "from arazzo_engine.early import exported"},
        {"early/__init__.py": "from arazzo_engine.early.last import exported"},
    ),
    Case(
        stands_where_the_layout_says,
        {"other/example.py": ""},
        {"late/example.py": "", "__init__.py": "", "__main__.py": ""},
    ),
    Case(
        stands_where_the_layout_says,
        {"early/hut/example.py": ""},
        {"early/wing/__init__.py": "", "early/wing/example.py": "", "early/last.py": "", "early/__init__.py": ""},
    ),
    Case(lists_only_rooms_that_exist, without("late.py"), _WHOLE),
    Case(lists_only_rooms_that_exist, without("early/wing/one.py"), _WHOLE),
    Case(
        shows_the_world_lazily,
        front("from arazzo_engine.world.http import run"),
        front("def __getattr__(name):\n    from arazzo_engine.world.http import run"),
    ),
    Case(
        shows_the_world_lazily,
        front("if FAST:\n    import arazzo_engine.world"),
        front("if TYPE_CHECKING:\n    import arazzo_engine.world"),
    ),
)
