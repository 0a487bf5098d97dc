"""No files import each other in a circle, but for what the specification itself makes one.

Imports count wherever they stand, for annotations too: who reads one file of a circle has to read them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from architecture.source import imports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from architecture.house import House, Rule
    from architecture.source import Module

MOST_CIRCLES: Final = 2


def has_no_circles(house: House) -> Iterator[str]:
    for circle in circles_of(house.modules):
        if circle not in house.allowed.circles:
            yield f"a circle of imports: {', '.join(sorted(circle))}"


def lists_few_circles_each_in_one_wing(house: House) -> Iterator[str]:
    listed = house.allowed.circles
    if len(listed) > MOST_CIRCLES:
        yield f"{len(listed)} circles are listed, more than {MOST_CIRCLES}"
    for circle in listed:
        if len({path.rpartition("/")[0] for path in circle}) > 1:
            yield f"a listed circle leaves its wing: {', '.join(sorted(circle))}"


def lists_only_circles_that_exist(house: House) -> Iterator[str]:
    found = circles_of(house.modules)
    for circle in house.allowed.circles:
        if circle not in found:
            yield f"a circle is listed and does not exist: {', '.join(sorted(circle))}"


def circles_of(modules: tuple[Module, ...]) -> set[frozenset[str]]:
    """Return the largest sets of files of which each imports, by some way, every other."""
    paths = {module.name: module.path for module in modules}
    graph = {module.path: _imported(module, paths) for module in modules}
    reached = {path: _reachable(path, graph) for path in graph}
    loops = (frozenset(other for other in reached[path] if path in reached[other]) for path in graph)
    return {loop for loop in loops if len(loop) > 1}


def _imported(module: Module, paths: Mapping[str, str]) -> set[str]:
    found = {_path_of(name, paths) for _, name in imports(module.tree)}
    return {path for path in found if path is not None and path != module.path}


def _path_of(name: str, paths: Mapping[str, str]) -> str | None:
    """Return the file that a name is imported from: a module, or what holds the name."""
    while name and name not in paths:
        name = name.rpartition(".")[0]
    return paths.get(name)


def _reachable(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = graph[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


RULES: Final[tuple[Rule, ...]] = (
    has_no_circles,
    lists_few_circles_each_in_one_wing,
    lists_only_circles_that_exist,
)
