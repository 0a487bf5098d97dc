"""A house to be judged: its modules, how it is laid out, and what it allows itself.

A rule is a function from a house to its findings. The package is one house; each test of a rule builds a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from architecture.allowances import ALLOWANCES, Allowances
from architecture.layout import LAYOUT, Layout, Stage
from architecture.source import Function, Module, functions, imports

if TYPE_CHECKING:
    import ast


@dataclass(frozen=True)
class House:
    """Source files, and the tables that they are held to."""

    modules: tuple[Module, ...]
    layout: Layout = LAYOUT
    allowed: Allowances = ALLOWANCES

    def stage_of(self, module: Module) -> Stage:
        return self.layout.stage_of(module.parts)

    def imports(self) -> Iterator[tuple[Module, ast.stmt, str]]:
        """Yield every import: the module that imports, where, and the whole name."""
        for module in self.modules:
            yield from ((module, node, name) for node, name in imports(module.tree))

    def functions(self) -> Iterator[tuple[Module, str, Function]]:
        """Yield every function and method, with its module and qualified name."""
        for module in self.modules:
            yield from ((module, name, function) for name, function in functions(module.tree))


Rule: TypeAlias = Callable[[House], Iterator[str]]
