"""Values do not change, a boolean is passed by its name, and nothing is caught that nobody thought of.

What is caught broadly is listed with its reason; a list, dict or set of a module is a constant, and its regular
expressions are compiled by those who use them.
"""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, Final

from architecture.source import names_in, nodes, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from architecture.house import House, Rule

MUTABLE_DISPLAYS: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS: Final = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"})


def catches_broadly_only_where_listed(house: House) -> Iterator[str]:
    for module in house.modules:
        for name, node in broad_catches(module.tree):
            if (module.path, name) not in house.allowed.broad_catches:
                yield module.finding(node, f"`{name}` catches everything, and BROAD_CATCHES does not list it")


def lists_only_catches_that_exist(house: House) -> Iterator[str]:
    found = {(module.path, name) for module in house.modules for name, _ in broad_catches(module.tree)}
    for path, name in sorted(set(house.allowed.broad_catches) - found):
        yield f"{path}: BROAD_CATCHES lists `{name}`, which catches nothing broadly"


@cache
def broad_catches(tree: ast.AST) -> tuple[tuple[str, ast.AST], ...]:
    return tuple(_broad_catches(tree, ""))


def _broad_catches(tree: ast.AST, inside: str) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _is_broad(node.type)):
            yield inside.rstrip("."), node
        if isinstance(node, ast.Call) and "suppress" in names_in(node.func) and any(map(_is_broad, node.args)):
            yield inside.rstrip("."), node
        yield from _broad_catches(node, within(node, inside))


def _is_broad(node: ast.expr) -> bool:
    return bool(names_in(node) & {"Exception", "BaseException"})


def keeps_no_mutable_state(house: House) -> Iterator[str]:
    for module in house.modules:
        for statement in module.tree.body:
            if _keeps_state(statement):
                yield module.finding(statement, "a module-level list, dict or set that is not annotated `Final`")
        for node in nodes(module.tree):
            if isinstance(node, ast.Global):
                yield module.finding(node, f"`global {', '.join(node.names)}`: the state of a module changes")


def _keeps_state(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.AnnAssign):
        return _is_mutable(statement.value) and "Final" not in names_in(statement.annotation)
    return isinstance(statement, ast.Assign) and _is_mutable(statement.value)


def _is_mutable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return bool(names_in(value.func) & MUTABLE_CALLS)
    return isinstance(value, MUTABLE_DISPLAYS)


def compiles_no_pattern_while_imported(house: House) -> Iterator[str]:
    for module in house.modules:
        for node in _run_by_an_import(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
                yield module.finding(node, "`re.compile` while the module is imported: name a `lazy_pattern`")


def _run_by_an_import(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _run_by_an_import(node)


def asks_no_match_which_pattern_it_is_of(house: House) -> Iterator[str]:
    for module in house.modules:
        for node in nodes(module.tree):
            if isinstance(node, ast.Compare) and any(map(_is_pattern_of_match, (node.left, *node.comparators))):
                yield module.finding(node, "compares `.re` of a match, which is never a `lazy_pattern`")


def _is_pattern_of_match(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "re"


def takes_booleans_by_name(house: House) -> Iterator[str]:
    for module, name, function in house.functions():
        for parameter in (*function.args.posonlyargs, *function.args.args):
            if _is_boolean(parameter.annotation):
                yield module.finding(parameter, f"`{name}` takes the boolean `{parameter.arg}` by position")


def _is_boolean(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.BinOp):
        return _is_boolean(annotation.left) or _is_boolean(annotation.right)
    return isinstance(annotation, ast.Name) and annotation.id == "bool"


RULES: Final[tuple[Rule, ...]] = (
    catches_broadly_only_where_listed,
    lists_only_catches_that_exist,
    keeps_no_mutable_state,
    compiles_no_pattern_while_imported,
    asks_no_match_which_pattern_it_is_of,
    takes_booleans_by_name,
)
