"""Where the nodes and edges of a flow stand in a drawing.

Decides it by rows and lanes: a node has a row of its own, in the order of the document; a way to the next row is a
straight line, any other one runs along a lane: forward on the right, back on the left. Numbers only; it draws nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.reporting.pages.flow import Edge, Flow


class Route(Struct, frozen=True):
    """How an edge runs: from row to row, straight, or along a lane: 1, 2, … to the right, -1, -2, … to the left.

    ``port`` counts the edges on that side of its source above it.
    """

    edge: Edge
    source: int
    target: int
    lane: int = 0
    port: int = 0


def routes_of(flow: Flow) -> tuple[Route, ...]:
    """Return the route of each edge of a flow, those of the longest span outside."""
    rows = {node.key: row for row, node in enumerate(flow.nodes)}
    known = [edge for edge in flow.edges if edge.source in rows and edge.target in rows]
    routes = [Route(edge, rows[edge.source], rows[edge.target]) for edge in known]
    straight: dict[int, Route] = {}
    forward: list[Route] = []
    for route in routes:
        # the first way to the next row is straight, another one goes round it
        if route.target == route.source + 1 and route.source not in straight:
            straight[route.source] = route
        elif route.target > route.source:
            forward.append(route)
    back = [each for each in routes if each.target <= each.source]
    return (*straight.values(), *_in_lanes(forward, 1), *_in_lanes(back, -1))


def _in_lanes(routes: Iterable[Route], side: int) -> list[Route]:
    """Return the routes, each in the innermost lane in which nothing else runs past its rows."""
    taken: list[list[tuple[int, int]]] = []
    ports: dict[int, int] = {}
    placed = []
    for route in sorted(routes, key=lambda each: (abs(each.target - each.source), each.source)):
        low, high = sorted((route.source, route.target))
        lane = next((at for at, spans in enumerate(taken) if _is_free(spans, low, high)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        port = ports.get(route.source, 0)
        ports[route.source] = port + 1
        placed.append(Route(route.edge, route.source, route.target, side * (lane + 1), port))
    return placed


def _is_free(spans: Iterable[tuple[int, int]], low: int, high: int) -> bool:
    return all(high < start or end < low for start, end in spans)
