"""Source files and what their trees hold: imports, functions, calls, names, comments.

A rule asks these questions and judges the answers; nothing here knows what is allowed.
"""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from architecture.layout import PACKAGE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A source file; ``path`` is relative to the package, with slashes."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return parse(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that lead to it: ``a/b/c.py`` is ``a``, ``b``, ``c``."""
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def is_init(self) -> bool:
        return self.parts[-1] == "__init__"

    @property
    def name(self) -> str:
        parts = self.parts[:-1] if self.is_init else self.parts
        return ".".join((PACKAGE_NAME, *parts))

    def finding(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


@cache
def parse(text: str) -> ast.Module:
    return ast.parse(text)


def read_modules(folder: Path) -> tuple[Module, ...]:
    """Return every source file below a folder."""
    files = sorted(folder.rglob("*.py"))
    return tuple(Module(file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8")) for file in files)


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return every node of a tree, which many rules ask for."""
    return tuple(ast.walk(tree))


@cache
def imports(tree: ast.AST) -> tuple[tuple[ast.stmt, str], ...]:
    """Return each imported name with its dots, wherever it is imported: ``from a import b`` is ``a.b``."""
    return tuple(_imports(tree))


def _imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from ((node, f"{start}.{alias.name}") for alias in node.names)


def is_within(name: str, package_name: str) -> bool:
    return name == package_name or name.startswith(f"{package_name}.")


def names_below_the_package(name: str) -> tuple[str, ...] | None:
    """Return the names after the package's, or nothing for an import of something else."""
    return tuple(name.split(".")[1:]) if is_within(name, PACKAGE_NAME) else None


def calls_of_names(tree: ast.AST, names: Iterable[str]) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node, node.func.id


@cache
def functions(tree: ast.AST) -> tuple[tuple[str, Function], ...]:
    """Return each function and method with its qualified name."""
    return tuple(_functions(tree, ""))


def _functions(tree: ast.AST, inside: str) -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{inside}{node.name}", node
        if not isinstance(node, ast.expr):  # which has none in it but for a lambda
            yield from _functions(node, within(node, inside))


def within(node: ast.AST, inside: str) -> str:
    """Return how the qualified names begin of what stands in a node."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return f"{inside}{node.name}."
    return inside


def size(function: Function) -> int:
    """Return its lines, from ``def`` to its end, without decorators and docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def names_in(node: ast.AST | None) -> set[str]:
    if node is None:
        return set()
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Name | ast.Attribute)
    }


def strings_in(tree: ast.AST) -> set[str]:
    return {each.value for each in nodes(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield each comment with its line."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
