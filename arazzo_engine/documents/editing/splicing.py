"""Where in a text a change of its value is written, and how: the characters that give way, and those that come.

Decides nothing about whether the text then says what it should: whoever asks reads it again. Several ways are given
where the first may be wrong, as the rules of indentation and of aliases have more cases than are looked at here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct

from arazzo_engine.documents.editing.differences import Added, Change, Listed, Removed, Renamed, Wrapped, Written
from arazzo_engine.documents.editing.listing import list_members, wrap_mapping
from arazzo_engine.documents.editing.nodes import MAPPINGS, Node, Style, find
from arazzo_engine.documents.editing.patching import Splice, patch
from arazzo_engine.documents.editing.scalars import is_plain
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.editing.writing import Writer
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

Way = tuple[Splice, ...]
_LEAD: Final = lazy_pattern(r"[ ]*(?:[-?][ ]+)*")
_DASH: Final = lazy_pattern(r"\n *-")


class Text(Struct, frozen=True):
    """A text with its nodes, and how values are written in it."""

    text: str
    root: Node
    writer: Writer

    def ways(self, change: Change) -> Iterator[Way]:
        """Yield what can be written for one change, the likeliest first."""
        yield from filter(None, self._ways(change))

    def _ways(self, change: Change) -> Iterator[Way]:
        match change:
            case Written(pointer, value):
                yield from self._writing(pointer, value)
            case Renamed(pointer, name):
                yield from self._renaming(pointer, name)
            case Added(pointer, value, behind):
                yield from self._adding(pointer, value, behind)
            case Removed(pointer, tokens):
                yield from self._removing(pointer, tokens)
            case Listed(pointer, name):
                found = find(self.root, pointer)
                yield from () if found is None else list_members(self.text, found.node, name, self.writer)
            case Wrapped(pointer):
                found = find(self.root, pointer)
                yield from () if found is None else wrap_mapping(self.text, found.node)
            case _:
                assert_never(change)

    def _writing(self, pointer: Pointer, value: JsonValue) -> Iterator[Way]:
        found = find(self.root, pointer)
        if found is None:
            # a merge key brings it in: a member of the mapping itself comes before that
            yield from self._adding(pointer, value, ())
            return
        node = found.node
        if isinstance(value, str) and self._may_stay(node.said, value, in_flow=found.in_flow):
            yield tuple(patch(self.text, node.said, value, self.writer.line_end) or ())
        if node.style is Style.ALIAS:
            yield from self._over(node.said, value, in_flow=True)
        yield from self._over(node, value, in_flow=found.in_flow)

    def _may_stay(self, node: Node, value: str, *, in_flow: bool) -> bool:
        """Whether parts of a scalar can be kept as they are written when it says another text."""
        return node.style is not Style.PLAIN or (not self.writer.is_json and is_plain(value, in_flow=in_flow))

    def _over(self, node: Node, value: JsonValue, *, in_flow: bool) -> Iterator[Way]:
        """Write a value over the whole of a node: where it is, or behind its key or its dash."""
        style = node.style if node.style in {Style.SINGLE, Style.DOUBLE} else Style.PLAIN
        is_block = node.style in {Style.BLOCK_MAPPING, Style.BLOCK_SEQUENCE}
        if not isinstance(value, dict | list):
            written = self.writer.scalar(value, style, in_flow=in_flow)
        else:
            written = self.writer.flow(value)
            if is_block:
                yield (Splice(node.start, node.end, self.writer.block(value, self._column(node.start))),)
        gap = "" if node.start != node.end or self.text[node.start - 1 : node.start].isspace() else " "
        behind = Splice(len(self.text[: node.outer].rstrip()), node.end, f" {written}")
        here = Splice(node.start, node.end, gap + written)
        # behind a comment it needs a line of its own, further in than its key
        deeper = Splice(node.start, node.end, f"  {written}")
        yield from ((behind,), (here,), (deeper,)) if is_block else ((here,), (behind,))

    def _renaming(self, pointer: Pointer, name: str) -> Iterator[Way]:
        owner, index = self._owner(pointer)
        if owner is not None and index is not None:
            key = owner.keys[index]
            in_flow = _is_flow(owner)
            yield (Splice(key.start, key.end, self.writer.scalar(name, key.style, in_flow=in_flow)),)

    def _owner(self, pointer: Pointer) -> tuple[Node | None, int | None]:
        found = find(self.root, pointer[:-1])
        if found is None or found.node.said.style not in MAPPINGS:
            return None, None
        return found.node.said, found.node.said.index(pointer[-1])

    # --- what comes ---

    def _adding(self, pointer: Pointer, value: JsonValue, behind: tuple[str, ...]) -> Iterator[Way]:
        found = find(self.root, pointer[:-1])
        if found is None:
            return
        owner = found.node.said
        indexes = (owner.index(name) for name in behind)
        index = next((index for index in indexes if index is not None), None)
        if _is_flow(owner):
            yield (self._put_in_flow(owner, index, self._entry(owner, pointer[-1], value)),)
        elif owner.values:
            yield from self._put_in_block(owner, index, (pointer[-1], value))

    def _entry(self, owner: Node, name: str, value: JsonValue) -> str:
        return self.writer.member(name, value) if owner.style in MAPPINGS else self.writer.flow(value)

    def _put_in_flow(self, owner: Node, index: int | None, entry: str) -> Splice:
        heads = owner.keys if owner.style in MAPPINGS else owner.values
        if not heads:
            return Splice(owner.start + 1, owner.start + 1, entry)
        if index is not None:
            at = owner.values[index].end
            return Splice(at, at, f",{self._gap_before(heads[index])}{entry}")
        at = heads[0].outer
        return Splice(at, at, f"{entry},{self._gap_before(heads[0])}")

    def _gap_before(self, node: Node) -> str:
        """Return the white space that stands before an entry, a space if there is none or anything else."""
        before = self.text[: node.outer]
        gap = before[len(before.rstrip()) :]
        return gap if "\n" in gap else " "

    def _put_in_block(self, owner: Node, index: int | None, entry: tuple[str, JsonValue]) -> Iterator[Way]:
        if index is not None:
            yield from self._put_behind(owner, index, entry)
        for later in range((index or -1) + 1, len(owner.values)):
            at = self._head(owner, later)
            if at is not None:
                column = self._column(at)
                written = self._block_entry(owner, entry, column)
                yield (Splice(at, at, written + self.writer.line_end + " " * column),)
                return

    def _put_behind(self, owner: Node, index: int, entry: tuple[str, JsonValue]) -> Iterator[Way]:
        at = self._head(owner, index)
        if at is None:
            return
        column = self._column(at)
        end = self._line_end(owner.values[index].end)
        yield (Splice(end, end, self.writer.line_end + " " * column + self._block_entry(owner, entry, column)),)

    def _block_entry(self, owner: Node, entry: tuple[str, JsonValue], column: int) -> str:
        name, value = entry
        if owner.style in MAPPINGS:
            return self.writer.block_member(name, value, column)
        return f"- {self.writer.block(value, column + 2)}"

    def _head(self, owner: Node, index: int) -> int | None:
        """Return where an entry of a block begins: its key or its dash; ``None`` where it is not alone in its line."""
        if owner.style in MAPPINGS:
            at = owner.keys[index].outer
            return at if _LEAD.fullmatch(self._before(at)) and self.text[at : at + 1] != "?" else None
        if index == 0:
            return owner.start
        dash = _DASH.search(self.text, owner.values[index - 1].end, owner.values[index].outer)
        return None if dash is None else dash.end() - 1

    # --- what goes ---

    def _removing(self, pointer: Pointer, tokens: tuple[str, ...]) -> Iterator[Way]:
        found = find(self.root, pointer)
        if found is None:
            return
        owner = found.node.said
        gone = [index for index in map(owner.index, tokens) if index is not None]
        if len(gone) != len(tokens):
            return  # a merge key brings it in
        if len(gone) == len(owner.values):
            yield (Splice(owner.start, owner.end, "{}" if owner.style in MAPPINGS else "[]"),)
            return
        cut = self._cut_flow if _is_flow(owner) else self._cut_block
        splices = [cut(owner, run) for run in _runs(sorted(gone))]
        if None not in splices:
            yield tuple(splice for splice in splices if splice is not None)

    def _cut_flow(self, owner: Node, run: tuple[int, int]) -> Splice:
        heads = owner.keys if owner.style in MAPPINGS else owner.values
        first, last = run
        if last + 1 < len(heads):
            return Splice(heads[first].outer, heads[last + 1].outer, "")
        return Splice(owner.values[first - 1].end, owner.values[last].end, "")

    def _cut_block(self, owner: Node, run: tuple[int, int]) -> Splice | None:
        first, last = run
        at, end = self._head(owner, first), self._line_end(owner.values[last].end)
        if at is None:
            return None
        if not self._before(at).strip():
            return Splice(self._line_start(at), self._behind_line_end(end), "")
        following = self._head(owner, last + 1) if last + 1 < len(owner.values) else None
        # a comment between what goes and what follows it stays
        if following is None or self.text[end:following].strip():
            return Splice(len(self.text[:at].rstrip(" ")), end, "")
        return Splice(at, following, "")

    # --- lines ---

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _before(self, at: int) -> str:
        return self.text[self._line_start(at) : at]

    def _column(self, at: int) -> int:
        return at - self._line_start(at)

    def _line_end(self, at: int) -> int:
        """Return where the line of a character ends, before what ends it."""
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" and end > at else end

    def _behind_line_end(self, end: int) -> int:
        return end + (2 if self.text.startswith("\r\n", end) else 1) if end < len(self.text) else end


def _is_flow(node: Node) -> bool:
    return node.style in {Style.FLOW_MAPPING, Style.FLOW_SEQUENCE}


def _runs(indexes: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of indexes that follow each other."""
    first = last = indexes[0]
    for index in indexes[1:]:
        if index != last + 1:
            yield first, last
            first = index
        last = index
    yield first, last
