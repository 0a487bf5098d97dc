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
# where documents are loaded for a check, whose verdict is kept for as long as the disk answers the same
ASKED_AGAIN: Final = tuple(
    f"world/loading/{each}.py" for each in ("addresses", "finding", "loader", "project", "searching", "similar")
)
DISK_CALLS: Final = frozenset(
    (
        *("exists", "is_file", "is_dir", "is_symlink", "is_mount", "stat", "lstat", "samefile", "readlink", "owner"),
        *("read_bytes", "read_text", "open", "iterdir", "glob", "rglob", "walk", "scandir", "listdir", "access"),
        *("realpath", "resolve", "isfile", "isdir", "islink", "getsize", "getmtime"),
    )
)
# `pathlib` raises for a name that is too long, or stands in a folder that nobody may look into; `os.path` says no
RAISING_QUESTIONS: Final = frozenset({"exists", "is_file", "is_dir"})
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


def asks_the_disk_by_noted_questions(house: House) -> Iterator[str]:
    """Find what decides what is loaded, and could not be asked again: it is in no function that is a question.

    What a question's own helpers ask is part of its answer.
    """
    for module in house.modules:
        if module.path in ASKED_AGAIN:
            noted = _noted(module.tree)
            for node in nodes(module.tree):
                if isinstance(node, ast.FunctionDef) and node.name not in noted:
                    for call in _calls_of_the_disk(node):
                        yield module.finding(call, f"`{node.name}` asks the disk and is no `@question`")


def _noted(tree: ast.AST) -> frozenset[str]:
    """Return the functions that are questions, and those that nobody but these calls."""
    functions = [each for each in nodes(tree) if isinstance(each, ast.FunctionDef)]
    noted = {each.name for each in functions if any(getattr(by, "id", "") == "question" for by in each.decorator_list)}
    callers = {
        each.name: {by.name for by in functions if each.name in _names(by) and by is not each} for each in functions
    }
    return frozenset(noted | {name for name, by in callers.items() if by and by <= noted})


def _names(function: ast.FunctionDef) -> set[str]:
    return {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}


def _calls_of_the_disk(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in DISK_CALLS:
                yield node


def asks_of_any_name_what_stands_there(house: House) -> Iterator[str]:
    """Find what asks a path whether something is there, and minds no name that no file can have."""
    for module in house.modules:
        tried = {id(each) for node in nodes(module.tree) if isinstance(node, ast.Try) for each in _within(node.body)}
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and id(node) not in tried and _may_raise(node):
                yield module.finding(node, f"asks `{ast.unparse(node)}`, which may raise: `disk_files` says no instead")


def _within(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    for each in statements:
        yield from ast.walk(each)


def _may_raise(call: ast.Call) -> bool:
    is_asked = isinstance(call.func, ast.Attribute) and call.func.attr in RAISING_QUESTIONS
    return is_asked and not call.args and not call.keywords


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
    asks_the_disk_by_noted_questions,
    asks_of_any_name_what_stands_there,
    evaluates_no_text_as_code,
    leaves_each_library_to_its_modules,
    lists_only_importers_that_import,
)
