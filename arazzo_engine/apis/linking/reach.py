"""Which nodes of a graph lead to which, found for all of them at once and in time that grows with the graph.

Decides nothing: what the nodes are, workflows or steps or schemas, is not known here. Nothing recurses, and a circle
is as good as any other graph.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_Node = TypeVar("_Node")


class Reach(Struct, Generic[_Node], frozen=True, dict=True, eq=False):
    """A graph: ``ways`` has for each node those that it leads to; what is no node of its own leads nowhere."""

    ways: Mapping[_Node, tuple[_Node, ...]]

    def leads_back(self, node: _Node, other: _Node) -> bool:
        """Whether a node that leads to another one is led back to by it."""
        return node in self._circles and self._circles[node] == self._circles.get(other)

    def place_in_order(self, node: _Node) -> int:
        """Return a number that is higher than those of all that a node leads to, but for those that lead back to it."""
        return self._circles.get(node, -1)

    def can_reach(self, node: _Node, wanted: int) -> bool:
        """Whether a node is, or leads to, one of those that ``bits`` made a number of."""
        return node in self._circles and bool(self._reached[self._circles[node]] & wanted)

    def bits(self, nodes: Iterable[_Node]) -> int:
        """Return some nodes as one number."""
        bits = 0
        for node in nodes:
            bits |= 1 << self._circles[node]
        return bits

    def circles(self) -> Iterator[list[_Node]]:
        """Yield the nodes of each circle, of which every one leads to all others and back to itself."""
        members: dict[int, list[_Node]] = {}
        for node in self.ways:
            members.setdefault(self._circles[node], []).append(node)
        yield from (each for each in members.values() if len(each) > 1 or each[0] in self.ways[each[0]])

    def from_all(self, nodes: Iterable[_Node], seen: set[_Node] | None = None) -> Iterator[_Node]:
        """Yield nodes and all that they lead to, each once, and none of those ``seen``, which they are added to."""
        return walk(nodes, lambda node: self.ways.get(node, ()), seen)

    @cached_property
    def _circles(self) -> dict[_Node, int]:
        """The number of the circle that each node is in, most of them alone; none leads to a circle of a higher one."""
        found: dict[_Node, int] = {}
        back: dict[_Node, list[_Node]] = {node: [] for node in self.ways}
        for node, following in self.ways.items():
            for each in following:
                if each in back:
                    back[each].append(node)
        for number, node in enumerate(reversed(list(_finished(back)))):
            for each in walk([node] if node not in found else [], lambda one: self._unknown(one, found)):
                found[each] = number
        return found

    def _unknown(self, node: _Node, found: Mapping[_Node, int]) -> list[_Node]:
        return [each for each in self.ways[node] if each in self.ways and each not in found]

    @cached_property
    def _reached(self) -> dict[int, int]:
        """The circles that each circle leads to, as one number: each circle is a bit of it."""
        reached: dict[int, int] = {}
        for node, number in sorted(self._circles.items(), key=lambda item: item[1]):
            bits = reached.get(number, 1 << number)
            for each in self.ways[node]:
                other = self._circles.get(each, number)
                bits |= reached[other] if other != number else 0
            reached[number] = bits
        return reached


def walk(
    nodes: Iterable[_Node], following: Callable[[_Node], Iterable[_Node]], seen: set[_Node] | None = None
) -> Iterator[_Node]:
    """Yield nodes and all that they lead to, each once, and none of those ``seen``, which they are added to."""
    seen = set() if seen is None else seen
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting.extend(following(node))


def _finished(ways: Mapping[_Node, list[_Node]]) -> Iterator[_Node]:
    """Yield every node once all that it leads to was yielded, as far as circles allow."""
    seen: set[_Node] = set()
    for start in ways:
        waiting = [(start, iter(ways[start]))] if start not in seen else []
        seen.add(start)
        while waiting:
            node, following = waiting[-1]
            new = next((each for each in following if each not in seen), None)
            if new is None:
                yield node
                waiting.pop()
            else:
                seen.add(new)
                waiting.append((new, iter(ways[new])))
