"""Where a text says a mapping that should be a list: signs come and keys move, and everything within stays.

Decides nothing about whether the text then says what it should: whoever asks reads it again. What stands in neither
braces nor lines of its own is not written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.editing.nodes import MAPPINGS, Node, Style
from arazzo_engine.documents.editing.patching import Splice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.editing.writing import Writer


def list_members(text: str, owner: Node, name: str, writer: Writer) -> Iterator[tuple[Splice, ...]]:
    """Yield how each member of a mapping becomes an element that says by a name what it was called."""
    if owner.style not in MAPPINGS or not all(each.style in MAPPINGS for each in owner.values):
        return
    is_flow = owner.style is Style.FLOW_MAPPING
    pairs = list(zip(owner.keys, owner.values, strict=True))
    # the dashes of all stand in one column: further in only where that is so for each
    indents = {0 if value.style is Style.FLOW_MAPPING else _indent(text, key, value) for key, value in pairs}
    indent = indents.pop() if len(indents) == 1 else 0
    heads = [
        splice
        for key, value in pairs
        for splice in (
            (_in_braces(text, (key, value), name, ("" if is_flow else "- ", writer)),)
            if value.style is Style.FLOW_MAPPING
            else _in_lines(text, (key, value), name, (indent, writer))
        )
    ]
    around = (Splice(owner.start, owner.start + 1, "["), Splice(owner.end - 1, owner.end, "]")) if is_flow else ()
    yield (*around, *heads)


def _in_braces(text: str, member: tuple[Node, Node], name: str, manner: tuple[str, Writer]) -> Splice:
    """``main: {steps: …}`` is ``- {workflowId: main, steps: …}``."""
    (key, value), (dash, writer) = member, manner
    if value.index(name) is not None:
        return Splice(key.outer, value.outer, dash)
    said = f"{writer.scalar(name, in_flow=True)}: {writer.scalar(key.said.text, key.style, in_flow=True)}"
    anchor = text[value.outer : value.start]
    gap = "" if text[value.start + 1].isspace() else " "
    return Splice(key.outer, value.start + 1, f"{dash}{anchor}{{{said}{f',{gap}' if value.values else ''}")


def _indent(text: str, key: Node, value: Node) -> int:
    """Return how much further in a dash stands than the key, so that what follows it stays in its column."""
    return max(0, _column(text, value.start) - _column(text, key.outer) - len("- "))


def _in_lines(text: str, member: tuple[Node, Node], name: str, manner: tuple[int, Writer]) -> tuple[Splice, ...]:
    """``main:`` is ``- workflowId: main``, or in a line of its own behind the dash."""
    (key, value), (indent, writer) = member, manner
    dash, inner = _column(text, key.outer) + indent, _column(text, value.start)
    behind = text.index(":", key.end) + 1
    if value.index(name) is not None:
        return (Splice(key.outer, behind, f"{' ' * indent}-"),)
    said = f"{writer.scalar(name)}: {writer.scalar(key.said.text, key.style)}"
    line = f"{writer.line_end}{' ' * inner}"
    if value.outer != value.start:
        # an anchor stays before what it is of
        return Splice(key.outer, behind, f"{' ' * indent}-"), Splice(value.start, value.start, said + line)
    gap = " " if inner - dash == len("- ") else line
    return (Splice(key.outer, behind, f"{' ' * indent}-{gap}{said}"),)


def wrap_mapping(text: str, node: Node) -> Iterator[tuple[Splice, ...]]:
    """Yield how a mapping becomes the only element of a list."""
    if node.style is Style.FLOW_MAPPING:
        yield Splice(node.outer, node.outer, "["), Splice(node.end, node.end, "]")
    elif node.style is Style.BLOCK_MAPPING and _column(text, node.start) > 1:
        yield (Splice(node.start - 2, node.start, "- "),)


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at) - 1
