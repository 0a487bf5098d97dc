"""The nodes of a YAML text, from the parser's events, without recursion.

The text is known to be well-formed. Where the parser's own end of a node lies behind blank lines or comments, the end
is drawn back to the last character that is the node's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from yaml import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentEndEvent, MappingStartEvent, ScalarEvent

from arazzo_engine.documents.editing.nodes import BLOCKS, MAPPINGS, Node, Style
from arazzo_engine.documents.yaml.events import offset_of, read_events
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from yaml import Event

# an anchor or a tag, and what may stand before the node
_PROPERTIES: Final = lazy_pattern(r"(?:[&!]\S*(?:\s+(?:#.*)?)*)*")
_SCALARS: Final = {"'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.FOLDED}


def yaml_nodes(text: str) -> Node | None:
    """Return the root of the first document of a text, ``None`` when it has none; raises ``MalformedText``."""
    tree = _Tree(text)
    for event in read_events(text):
        if isinstance(event, DocumentEndEvent):
            break
        tree.take(event)
    return tree.root


class _Tree:
    __slots__ = ("anchors", "open", "root", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Node | None = None
        self.open: list[Node] = []
        self.anchors: dict[str, Node] = {}

    def take(self, event: Event) -> None:
        match event:
            case CollectionEndEvent():
                self.close(_end_of(event))
            case AliasEvent():
                at = offset_of(event)
                target = self.anchors.get(event.anchor or "")
                self.add(Node(Style.ALIAS, at, at, _end_of(event), target=target))
            case ScalarEvent() | CollectionStartEvent():
                node = self.node_of(event)
                self.add(node)
                if event.anchor is not None:
                    self.anchors[event.anchor] = node
                if isinstance(event, CollectionStartEvent):
                    self.open.append(node)
            case _:
                pass

    def node_of(self, event: ScalarEvent | CollectionStartEvent) -> Node:
        outer, end = offset_of(event), _end_of(event)
        start = outer
        if event.anchor is not None or event.tag is not None:
            found = _PROPERTIES.match(self.text, outer)
            start = min(found.end(), end) if found else outer
        style = _style_of(event)
        if style in BLOCKS:
            end = start + len(self.text[start:end].rstrip())
        return Node(style, outer, start, end, event.value if isinstance(event, ScalarEvent) else "")

    def add(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        owner = self.open[-1]
        is_key = owner.style in MAPPINGS and len(owner.keys) == len(owner.values)
        (owner.keys if is_key else owner.values).append(node)

    def close(self, end: int) -> None:
        node = self.open.pop()
        is_flow = node.style in {Style.FLOW_MAPPING, Style.FLOW_SEQUENCE}
        node.end = end if is_flow else max((each.end for each in node.values), default=node.end)


def _style_of(event: ScalarEvent | CollectionStartEvent) -> Style:
    if isinstance(event, ScalarEvent):
        return _SCALARS.get(event.style or "", Style.PLAIN)
    if isinstance(event, MappingStartEvent):
        return Style.FLOW_MAPPING if event.flow_style else Style.BLOCK_MAPPING
    return Style.FLOW_SEQUENCE if event.flow_style else Style.BLOCK_SEQUENCE


def _end_of(event: Event) -> int:
    return event.end_mark.index if event.end_mark is not None else 0
