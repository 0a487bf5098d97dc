"""A flow as text of Mermaid, which many readers of Markdown draw.

Decides shapes and arrows. A text of the document never ends a label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.reporting.pages.flow import EdgeKind, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.reporting.pages.flow import Flow, Node

_SHAPES: Final = {
    NodeKind.STEP: ('["', '"]'),
    NodeKind.CALL: ('[["', '"]]'),
    NodeKind.WORKFLOW: ('(["', '"])'),
    NodeKind.END: ('(("', '"))'),
}
_ARROWS: Final = {
    EdgeKind.NEXT: "-->",
    EdgeKind.SUCCESS: "-->",
    EdgeKind.FAILURE: "-.->",
    EdgeKind.RETRY: "-.->",
}
# what would end a label, or begin something else within it
_WRITTEN: Final = {each: f"#{ord(each)};" for each in '"#&<>`\\{}[]()|;'}
_LONGEST: Final = 120


def mermaid_of(flow: Flow) -> str:
    """Return the flow chart of a workflow, from top to bottom."""
    return "\n".join(("flowchart TD", *_lines(flow)))


def _lines(flow: Flow) -> Iterator[str]:
    names = {node.key: f"n{number}" for number, node in enumerate(flow.nodes)}
    for node in flow.nodes:
        opening, closing = _SHAPES[node.kind]
        yield f"  {names[node.key]}{opening}{_node_label(node)}{closing}"
    for edge in flow.edges:
        if edge.target in names:
            label = f'|"{_escaped(edge.label)}"|' if edge.label else ""
            yield f"  {names[edge.source]} {_ARROWS[edge.kind]}{label} {names[edge.target]}"


def _node_label(node: Node) -> str:
    return _escaped(node.label) + (f"<br/>{_escaped(node.detail)}" if node.detail else "")


def _escaped(text: str) -> str:
    shown = " ".join(text.split())
    return "".join(_WRITTEN.get(each, each) for each in shown[:_LONGEST])
