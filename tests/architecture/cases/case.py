"""What a case is: a house that breaks a rule once, and the nearest one that keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from architecture.allowances import Allowances
from architecture.house import House
from architecture.layout import Layout, Stage
from architecture.source import Module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from architecture.house import Rule

Sources: TypeAlias = "Mapping[str, str]"

# a house of three stages, the last of which may touch the world
EXAMPLE: Final = Layout(
    (
        Stage("early", ("first", "wing/", "last")),
        Stage("late"),
        Stage("world", is_pure=False),
    )
)
DOCUMENTED: Final = '"""It decides one thing. It knows nothing else."""\n'


@dataclass(frozen=True)
class Case:
    """Sources by their paths that break a rule once, and sources that keep it."""

    rule: Rule
    broken: Sources
    kept: Sources
    layout: Layout = EXAMPLE
    allowed: Allowances = field(default_factory=Allowances)
    kept_allowed: Allowances | None = None

    def findings(self) -> list[str]:
        """Return what the rule finds in the sources that break it."""
        return list(self.rule(_house(self.broken, self.layout, self.allowed)))

    def false_findings(self) -> list[str]:
        """Return what the rule finds in the sources that keep it, which should be nothing."""
        return list(self.rule(_house(self.kept, self.layout, self.kept_allowed or self.allowed)))


def _house(sources: Sources, layout: Layout, allowed: Allowances) -> House:
    return House(tuple(Module(path, text) for path, text in sources.items()), layout, allowed)


def early(text: str) -> dict[str, str]:
    """Return a source of a pure stage."""
    return {"early/first.py": text}


def world(text: str) -> dict[str, str]:
    """Return a source of a stage that may touch the world."""
    return {"world/example.py": text}


def loading(text: str) -> dict[str, str]:
    """Return a source of what decides which documents are loaded."""
    return {"world/loading/loader.py": text}


def front(text: str) -> dict[str, str]:
    """Return the source of the package's own `__init__`."""
    return {"__init__.py": text}
