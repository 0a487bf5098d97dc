"""A flow as an SVG picture that stands within a page, its steps being links to their lines.

Decides measures and shapes; where everything stands is decided by ``lanes``, colours by the style of the page.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from arazzo_engine.reporting.pages.flow import NodeKind
from arazzo_engine.reporting.pages.lanes import routes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.reporting.pages.flow import Flow, Node
    from arazzo_engine.reporting.pages.lanes import Route

_WIDTH, _HEIGHT, _GAP, _LANE, _PORT, _MARGIN = 260, 44, 30, 22, 10, 12
_END: Final = 80
# a label is about so wide for each of its characters
_LETTER: Final = 6.3
_LONGEST_LABEL, _LONGEST_NAME = 44, 34
_ARROW: Final = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8z"/></marker></defs>'
)


def svg_of(flow: Flow, title: str) -> str:
    """Return the picture of a flow; ``title`` says what it shows to who cannot see it."""
    routes = routes_of(flow)
    left = _room(routes, -1)
    width = left + _WIDTH + _room(routes, 1)
    height = len(flow.nodes) * (_HEIGHT + _GAP) - _GAP + 2 * _MARGIN
    last = len(flow.nodes) - 1
    body = "".join((*(_route(each, left, last) for each in routes), *_nodes(flow, left)))
    return (
        f'<svg class="flow" viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>{_ARROW}{body}</svg>"
    )


def _room(routes: Sequence[Route], side: int) -> float:
    """Return how wide the lanes of one side are, with the labels along them."""
    found = [each for each in routes if each.lane * side > 0]
    return max((abs(each.lane) * _LANE + len(_label(each)) * _LETTER for each in found), default=0) + _MARGIN


def _top(row: int) -> int:
    return _MARGIN + row * (_HEIGHT + _GAP)


def _nodes(flow: Flow, left: float) -> Iterator[str]:
    joins = flow.joins
    for row, node in enumerate(flow.nodes):
        kinds = f"node {node.kind}{' join' if node.key in joins else ''}"
        shape = _end(row, left) if node.kind is NodeKind.END else _box(node, row, left)
        inner = f'<g class="{kinds}"><title>{escape(_told(node))}</title>{shape}</g>'
        yield f'<a href="#L{node.line}">{inner}</a>' if node.line else inner


def _told(node: Node) -> str:
    return f"{node.label}: {node.detail}" if node.detail else node.label


def _end(row: int, left: float) -> str:
    middle = left + _WIDTH / 2
    top = _top(row)
    return (
        f'<rect x="{middle - _END / 2:g}" y="{top}" width="{_END}" height="{_HEIGHT - 12}" rx="16"/>'
        f'<text x="{middle:g}" y="{top + 21}" text-anchor="middle">end</text>'
    )


def _box(node: Node, row: int, left: float) -> str:
    top = _top(row)
    rect = f'<rect x="{left:g}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" rx="7"/>'
    name = f'<text class="name" x="{left + 12:g}" y="{top + 19}">{escape(_cut(node.label, _LONGEST_NAME))}</text>'
    detail = f'<text class="detail" x="{left + 12:g}" y="{top + 35}">{escape(_cut(node.detail, _LONGEST_LABEL))}</text>'
    return rect + name + detail


def _route(route: Route, left: float, last: int) -> str:
    label = _label(route)
    # the end, which is the last node, is narrower than the others
    inset = _WIDTH / 2 - _END / 2 if route.target == last else 0
    path, x, y, anchor = _straight(route, left) if route.lane == 0 else _lane(route, left, inset)
    text = f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(label)}</text>' if label else ""
    return f'<g class="edge {route.edge.kind}"><title>{escape(route.edge.label)}</title><path d="{path}"/>{text}</g>'


def _straight(route: Route, left: float) -> tuple[str, float, float, str]:
    x = left + _WIDTH / 2
    start, end = _top(route.source) + _HEIGHT, _top(route.target)
    return f"M{x:g} {start}V{end - 1}", x + 8, start + _GAP / 2 + 4, "start"


def _lane(route: Route, left: float, inset: float) -> tuple[str, float, float, str]:
    is_right = route.lane > 0
    side = left + _WIDTH if is_right else left
    x = side + route.lane * _LANE
    start = _top(route.source) + 14 + route.port % 3 * _PORT
    end = _top(route.target) + (8 if route.source == route.target else 22)
    outward = x + 5 if is_right else x - 5
    goal = side - inset if is_right else side + inset
    # a way from a step to itself goes round beside it
    bend = start + 18 if route.source == route.target else start
    return (
        f"M{side:g} {bend}H{x:g}V{end}H{goal:g}",
        outward,
        (bend + end) / 2 if bend > end else start + 4,
        ("start" if is_right else "end"),
    )


def _label(route: Route) -> str:
    return _cut(route.edge.label, _LONGEST_LABEL)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
