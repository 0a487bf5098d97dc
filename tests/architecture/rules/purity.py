"""What the pure stages must not touch, what no stage may, and which library belongs to which module.

Network, disk, clock, chance, environment and stdout reach the pure stages as values, from outside.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from architecture.source import calls_of_names, is_within, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from architecture.house import House, Rule

BANNED_ABOVE_THE_LINE: Final = (
    *("os", "sys", "io", "pathlib", "tempfile", "shutil", "subprocess", "importlib"),
    *("socket", "httpx", "requests", "urllib.request", "http.client"),
    *("time", "random", "secrets", "uuid"),
    *("asyncio", "threading"),
    *("logging", "click", "rich"),
)
BANNED_CALLS_ABOVE_THE_LINE: Final = frozenset({"open", "print", "input"})
CLOCK_CALLS: Final = frozenset({"now", "utcnow", "today"})
BANNED_EVERYWHERE: Final = frozenset({"pickle", "marshal", "shelve"})
BANNED_CALLS_EVERYWHERE: Final = frozenset({"eval", "exec", "compile", "__import__"})


def imports_no_io_above_the_line(house: House) -> Iterator[str]:
    for module, node, name in house.imports():
        stage = house.stage_of(module)
        if stage.is_pure and any(is_within(name, banned) for banned in BANNED_ABOVE_THE_LINE):
            yield module.finding(node, f"`{stage.name}` is pure and imports `{name}`")


def calls_no_io_above_the_line(house: House) -> Iterator[str]:
    for module in house.modules:
        stage = house.stage_of(module)
        if stage.is_pure:
            for node, name in calls_of_names(module.tree, BANNED_CALLS_ABOVE_THE_LINE):
                yield module.finding(node, f"`{stage.name}` is pure and calls `{name}`")
            for node, name in _calls_of_the_clock(module.tree):
                yield module.finding(node, f"`{stage.name}` is pure and asks the clock: `{name}`")


def _calls_of_the_clock(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
            yield node, node.func.attr


def evaluates_no_text_as_code(house: House) -> Iterator[str]:
    for module in house.modules:
        for node, name in calls_of_names(module.tree, BANNED_CALLS_EVERYWHERE):
            yield module.finding(node, f"calls `{name}`")
    for module, statement, name in house.imports():
        if any(is_within(name, banned) for banned in BANNED_EVERYWHERE):
            yield module.finding(statement, f"imports `{name}`, which runs what it reads")


def leaves_each_library_to_its_modules(house: House) -> Iterator[str]:
    for module, node, name in house.imports():
        for library, paths in house.allowed.only_importers.items():
            if is_within(name, library) and module.path not in paths:
                yield module.finding(node, f"imports `{name}`, which only {', '.join(paths)} may")


def lists_only_importers_that_import(house: House) -> Iterator[str]:
    imported = [(module.path, name) for module, _, name in house.imports()]
    for library, paths in house.allowed.only_importers.items():
        for path in paths:
            if not any(importer == path and is_within(name, library) for importer, name in imported):
                yield f"{path} is listed as an importer of `{library}`, and does not import it"


RULES: Final[tuple[Rule, ...]] = (
    imports_no_io_above_the_line,
    calls_no_io_above_the_line,
    evaluates_no_text_as_code,
    leaves_each_library_to_its_modules,
    lists_only_importers_that_import,
)
