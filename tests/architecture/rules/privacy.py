"""A private name of a third party is used only where it is listed, under a bound that the project declares.

Found are imports, attributes of what others own, and modules that a text names, as in ``sys.modules``.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import places

from architecture.layout import BESIDE_THE_PACKAGE
from architecture.private_names import DOCUMENTED_MODULES
from architecture.source import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from architecture.house import House, Rule
    from architecture.source import Module


def lists_the_private_names_it_uses(house: House) -> Iterator[str]:
    for module in house.modules:
        for node, name in private_names(module):
            if (module.path, name) not in house.allowed.private_names:
                yield module.finding(node, f"uses `{name}`, which is private, and PRIVATE_NAMES does not list it")


def lists_only_private_names_that_are_used(house: House) -> Iterator[str]:
    used = {(module.path, name) for module in house.modules for _, name in private_names(module)}
    for path, name in sorted(set(house.allowed.private_names) - used):
        yield f"{path}: PRIVATE_NAMES lists `{name}`, which is not used there"


def unbounded(wanted: Iterable[str], requirements: list[str]) -> Iterator[str]:
    """Yield each wanted bound, such as ``httpx<0.29``, that the requirements of that library do not all have."""
    for bound in sorted(wanted):
        library, _, below = bound.partition("<")
        of_library = [each for each in requirements if re.split(r"[^\w-]", each)[0].replace("_", "-") == library]
        if not of_library or not all(f"<{below}" in re.split(r"[\s,;]+", each) for each in of_library):
            yield bound


def private_names(module: Module) -> Iterator[tuple[ast.AST, str]]:
    is_of_package = module.parts[0] not in BESIDE_THE_PACKAGE
    for node in nodes(module.tree):
        match node:
            case ast.Import() | ast.ImportFrom():
                yield from ((node, name) for name in sorted(_imported(node) - {""}))
            case ast.Attribute() | ast.Constant() if is_of_package:
                yield from ((node, name) for name in _named(node) - {""})


def _imported(node: ast.AST) -> set[str]:
    match node:
        case ast.Import():
            return {_private_module(alias.name) for alias in node.names}
        case ast.ImportFrom(module=str(source), level=0):
            return {_private_module(source) or _private_member(source, alias.name) for alias in node.names}
        case _:
            return set()


def _named(node: ast.AST) -> set[str]:
    match node:
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if _is_private(name) and _is_of_others(owner):
            return {f"{owner}.{name}"}
        case ast.Constant(value=str(text)) if re.fullmatch(r"\w+(\.\w+)*\._\w+", text):
            return {_private_module(text)}
        case _:
            return set()


def _private_module(name: str) -> str:
    """Return the name of a third party's module when it, or a module around it, is private; nothing otherwise."""
    parts = name.split(".")
    around = {".".join(parts[:count]) for count in range(2, len(parts) + 1)}
    return name if _is_of_others(parts[0]) and not around <= DOCUMENTED_MODULES else ""


def _private_member(source: str, name: str) -> str:
    whole = f"{source}.{name}"
    if not _is_of_others(source.partition(".")[0]) or whole in DOCUMENTED_MODULES:
        return ""
    return whole if _is_private(name) or _is_a_module(whole) else ""


def _is_of_others(name: str) -> bool:
    return name not in _known_names()


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def _is_a_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def _known_names() -> frozenset[str]:
    return frozenset({*sys.stdlib_module_names, *_names_of_our_own(), "self", "cls"})


@cache
def _names_of_our_own() -> frozenset[str]:
    modules = (file for folder in BESIDE_THE_PACKAGE for file in (places.ROOT / folder).rglob("*.py"))
    folders = (each for root in (places.ROOT, places.ROOT / "conformance", places.TESTS) for each in root.iterdir())
    return frozenset({*(file.stem for file in modules), *(each.name for each in folders)})


RULES: Final[tuple[Rule, ...]] = (lists_the_private_names_it_uses,)
