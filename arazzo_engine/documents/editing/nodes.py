"""The nodes of a text, with the characters that are theirs: what an edit needs to know, and an outline leaves out.

Decides which characters belong to a node: quotes do, an anchor or a tag does not. How the nodes are found in a text is
for the module of its format.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer


class Style(Enum):
    """How a node is written."""

    PLAIN = "without quotes"
    SINGLE = "in single quotes"
    DOUBLE = "in double quotes"
    LITERAL = "a literal block"
    FOLDED = "a folded block"
    BLOCK_MAPPING = "a mapping by its indentation"
    BLOCK_SEQUENCE = "a sequence by its indentation"
    FLOW_MAPPING = "a mapping in braces"
    FLOW_SEQUENCE = "a sequence in brackets"
    ALIAS = "an alias"


MAPPINGS = frozenset({Style.BLOCK_MAPPING, Style.FLOW_MAPPING})
SEQUENCES = frozenset({Style.BLOCK_SEQUENCE, Style.FLOW_SEQUENCE})
BLOCKS = frozenset({Style.LITERAL, Style.FOLDED})


class Node(Struct, eq=False):
    """One node: ``start`` and ``end`` of its own characters, and ``outer``, where its anchor or tag stands.

    A mapping has as many ``keys`` as ``values``, a sequence has values alone. An alias knows its ``target``.
    """

    style: Style
    outer: int
    start: int
    end: int
    text: str = ""
    keys: list[Node] = field(default_factory=list)
    values: list[Node] = field(default_factory=list)
    target: Node | None = None

    @property
    def said(self) -> Node:
        """The node itself, of an alias what it stands for."""
        return self if self.target is None else self.target

    def index(self, token: str) -> int | None:
        """Return which of its values a reference token names."""
        if self.style in MAPPINGS:
            return next((index for index, key in enumerate(self.keys) if key.said.text == token), None)
        is_index = token.isdecimal() and self.style in SEQUENCES and int(token) < len(self.values)
        return int(token) if is_index else None


class Found(Struct, frozen=True):
    """A node, as it stands in its place, and whether that is within braces or brackets."""

    node: Node
    in_flow: bool


def find(root: Node, pointer: Pointer) -> Found | None:
    """Return the node at a pointer, ``None`` when there is none or a merge key brings it in."""
    found, in_flow = root, False
    for token in pointer:
        owner = found.said
        index = owner.index(token)
        if index is None:
            return None
        in_flow = in_flow or owner.style in {Style.FLOW_MAPPING, Style.FLOW_SEQUENCE}
        found = owner.values[index]
    return Found(found, in_flow)
