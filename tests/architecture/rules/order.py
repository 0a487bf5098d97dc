"""Who may import whom: stages in their order, the rooms of a stage in theirs, and the front last and late.

The order itself stands in the table of the layout. Imports count wherever they stand, for annotations too.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from architecture.source import imports, names_below_the_package, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from architecture.house import House, Rule
    from architecture.source import Module


def writes_whole_names(house: House) -> Iterator[str]:
    for module, node, name in house.imports():
        if name.startswith("."):
            yield module.finding(node, f"imports `{name}` relatively; write the whole name")


def imports_only_earlier_stages(house: House) -> Iterator[str]:
    layout = house.layout
    for module, node, name in house.imports():
        parts = names_below_the_package(name)
        stage = house.stage_of(module)
        if parts is not None and layout.order_of(layout.stage_of(parts)) > layout.order_of(stage):
            yield module.finding(node, f"`{stage.name}` imports `{name}`, of a later stage")


def imports_only_earlier_rooms(house: House) -> Iterator[str]:
    for module, node, name in house.imports():
        parts = names_below_the_package(name)
        stage = house.stage_of(module)
        if not stage.rooms or parts is None or house.layout.stage_of(parts) != stage:
            continue
        own, other = stage.room_of(module.parts[1:]), stage.room_of(parts[1:])
        if stage.order_of(other) > stage.order_of(own):
            yield module.finding(node, f"`{own}` of `{stage.name}` imports `{name}`, of a later room")


def stands_where_the_layout_says(house: House) -> Iterator[str]:
    for module in house.modules:
        stage = house.stage_of(module)
        if stage not in house.layout.stages:
            if module.path not in {"__init__.py", "__main__.py"}:
                yield f"{module.path}:1: no stage of the layout holds this file"
        elif not module.is_init and stage.rooms and stage.room_of(module.parts[1:]) not in stage.rooms:
            yield f"{module.path}:1: no room of `{stage.name}` in the layout holds this file"


def lists_only_rooms_that_exist(house: House) -> Iterator[str]:
    for stage in house.layout.stages:
        found = {stage.room_of(module.parts[1:]) for module in house.modules if house.stage_of(module) == stage}
        if not found:
            yield f"the layout lists the stage `{stage.name}`, which does not exist"
        for room in stage.rooms:
            if room not in found:
                yield f"the layout lists `{stage.name}/{room}`, which does not exist"


def shows_the_world_lazily(house: House) -> Iterator[str]:
    for module in house.modules:
        if module.path == "__init__.py":
            yield from _eager_imports_of_the_world(module, house)


def _eager_imports_of_the_world(module: Module, house: House) -> Iterator[str]:
    for statement in (each for each in module.tree.body if not _is_lazy(each)):
        for node, name in imports(statement):
            parts = names_below_the_package(name)
            if parts and not house.layout.stage_of(parts).is_pure:
                yield module.finding(node, f"imports `{name}` when the package is imported")


def _is_lazy(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        return names_in(statement.test) == {"TYPE_CHECKING"}
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)


RULES: Final[tuple[Rule, ...]] = (
    writes_whole_names,
    imports_only_earlier_stages,
    imports_only_earlier_rooms,
    stands_where_the_layout_says,
    lists_only_rooms_that_exist,
    shows_the_world_lazily,
)
