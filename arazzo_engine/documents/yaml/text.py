"""YAML texts: from PyYAML's events to a JSON value, without recursion.

Decides what of YAML a JSON value can hold: scalar keys become strings, merge keys and aliases are expanded, other tags
and a second document are refused. Depth and the size after expansion are bounded while the events arrive, so that a
hostile text costs no more than its length. What a scalar means is ``scalars``' to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from arazzo_engine.documents.malformed import MalformedText, RepeatedKeys, SecondDocument
from arazzo_engine.documents.outline import MERGE_KEY
from arazzo_engine.documents.yaml.events import offset_of, read_events
from arazzo_engine.documents.yaml.mistakes import explain_key
from arazzo_engine.documents.yaml.scalars import TAG_PREFIX, instead_of_tag, resolve_plain, resolve_tagged

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue

_WITH_TAG: Final = "remove the tag, or put it in quotes with the value if it is text"


def parse_yaml(text: str, *, depth: int, nodes: int) -> JsonValue:
    """Return the value of a YAML text that nests at most ``depth`` deep and has at most ``nodes`` nodes once expanded.

    Raises ``MalformedText`` (``malformed-yaml``, ``yaml-feature``, ``document-too-deep``, ``document-too-large``) and
    ``RepeatedKeys``.
    """
    builder = _Builder(text, depth, nodes)
    steps = builder.steps()
    for event in read_events(text):
        step = steps.get(type(event))
        if step is not None:
            step(event)
    return builder.result()


class _Anchored(Struct, frozen=True):
    """What an alias stands for: the value, its text when it is a scalar, its nodes and its depth once expanded."""

    value: JsonValue
    text: str | None
    nodes: int
    height: int


class _OpenSequence:
    """A sequence whose end has not come yet. ``height`` is that of its highest entry."""

    __slots__ = ("anchor", "before", "height", "items")

    wants_key: Final = False
    repeats: Final = False

    def __init__(self, anchor: str | None, before: int, items: list[JsonValue]) -> None:
        self.anchor = anchor
        self.before = before
        self.height = 0
        self.items = items

    def put(self, value: JsonValue) -> None:
        self.items.append(value)

    def close(self) -> list[JsonValue]:
        return self.items


class _OpenMapping:
    """A mapping whose end has not come yet; ``key`` waits for its value."""

    __slots__ = ("anchor", "before", "height", "key", "members", "merge_key", "merged", "repeats", "wants_key")

    def __init__(self, anchor: str | None, before: int) -> None:
        self.anchor = anchor
        self.before = before
        self.height = 0
        self.key = ""
        self.wants_key = True
        self.members: dict[str, JsonValue] = {}
        # the event of a `<<` that waits for its value
        self.merge_key: ScalarEvent | None = None
        self.merged: dict[str, JsonValue] | None = None
        self.repeats = False

    def open_key(self, text: str, event: Event) -> None:
        self.key = text
        self.wants_key = False
        if text == MERGE_KEY and isinstance(event, ScalarEvent) and event.implicit[0] and event.tag is None:
            self.merge_key = event

    def put(self, value: JsonValue) -> None:
        self.wants_key = True
        if self.merge_key is not None:
            self.repeats = self.repeats or self.merged is not None
            self.merged = _merged(value, self.merge_key)
            self.merge_key = None
        elif self.key in self.members:
            # YAML 1.2.2, section 3.2.1.1: "with the restriction that each of the keys is unique"
            self.repeats = True
        else:
            self.members[self.key] = value

    def close(self) -> dict[str, JsonValue]:
        return self.members if self.merged is None else {**self.merged, **self.members}


def _merged(value: JsonValue, key: ScalarEvent) -> dict[str, JsonValue]:
    sources = value if isinstance(value, list) else [value]
    merged: dict[str, JsonValue] = {}
    # yaml.org/type/merge: "Keys in mapping nodes earlier in the sequence override keys specified in later mapping
    # nodes"
    for source in reversed(sources):
        if not isinstance(source, dict):
            raise _refused(
                "`<<` merges a mapping or a sequence of mappings, nothing else", key, "write an alias to one"
            )
        merged.update(source)
    return merged


class _Builder:
    """The value so far. The lowest entry of ``stack`` stands for the stream, a sequence of documents."""

    __slots__ = ("anchors", "depth", "documents", "most_nodes", "nodes", "repeats", "stack", "text", "top")

    def __init__(self, text: str, depth: int, most_nodes: int) -> None:
        self.text = text
        self.depth = depth
        self.most_nodes = most_nodes
        self.nodes = 0
        self.repeats = False
        self.documents: list[JsonValue] = []
        self.top: _OpenMapping | _OpenSequence = _OpenSequence(None, 0, self.documents)
        self.stack: list[_OpenMapping | _OpenSequence] = [self.top]
        # an anchor whose node is still open has no value yet
        self.anchors: dict[str, _Anchored | None] = {}

    def steps(self) -> dict[type[Event], Callable[..., None]]:
        return {
            ScalarEvent: self.scalar,
            MappingStartEvent: self.start_mapping,
            MappingEndEvent: self.end,
            SequenceStartEvent: self.start_sequence,
            SequenceEndEvent: self.end,
            AliasEvent: self.alias,
            DocumentStartEvent: self.start_document,
        }

    def result(self) -> JsonValue:
        if self.repeats:
            raise RepeatedKeys
        return self.documents[0] if self.documents else None

    def start_document(self, event: DocumentStartEvent) -> None:
        self.anchors.clear()
        if self.documents:
            raise SecondDocument(offset_of(event), None if self.repeats else self.documents[0])

    def scalar(self, event: ScalarEvent) -> None:
        self.nodes += 1
        text: str = event.value
        if type(self.top) is _OpenMapping and self.top.wants_key:
            value: JsonValue = text
            self.top.open_key(text, event)
        else:
            value = _scalar_value(event)
            self.top.put(value)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(value, text, 1, 0)

    def start_mapping(self, event: MappingStartEvent) -> None:
        self._open(_OpenMapping(event.anchor, self.nodes), event, "map")

    def start_sequence(self, event: SequenceStartEvent) -> None:
        self._open(_OpenSequence(event.anchor, self.nodes, []), event, "seq")

    def _open(
        self, opened: _OpenMapping | _OpenSequence, event: MappingStartEvent | SequenceStartEvent, tag: str
    ) -> None:
        if self.top.wants_key:
            raise explain_key(self.text, offset_of(event))
        if event.tag not in {None, "!", TAG_PREFIX + tag}:
            shown = event.tag.replace(TAG_PREFIX, "!!")
            raise _refused(f"the tag `{shown}` has no meaning in JSON", event, "remove the tag")
        self._check_depth(len(self.stack), event)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.nodes += 1
        self.top = opened
        self.stack.append(opened)

    def end(self, _: Event) -> None:
        closed = self.stack.pop()
        value, height = closed.close(), closed.height + 1
        self.repeats = self.repeats or closed.repeats
        if closed.anchor is not None:
            self.anchors[closed.anchor] = _Anchored(value, None, self.nodes - closed.before, height)
        self.top = self.stack[-1]
        self.top.height = max(self.top.height, height)
        self.top.put(value)

    def alias(self, event: AliasEvent) -> None:
        anchored = self._anchored(event)
        self.nodes += anchored.nodes
        if self.nodes > self.most_nodes:
            message = f"aliases make the document larger than {self.most_nodes:,} values"
            raise MalformedText("document-too-large", message, offset_of(event))
        self._check_depth(len(self.stack) - 1 + anchored.height, event)
        if type(self.top) is _OpenMapping and self.top.wants_key:
            if anchored.text is None:
                raise _refused("a key is a mapping or a sequence", event, "write a scalar key")
            self.top.open_key(anchored.text, event)
            return
        self.top.height = max(self.top.height, anchored.height)
        self.top.put(anchored.value)

    def _anchored(self, event: AliasEvent) -> _Anchored:
        name = event.anchor
        if name not in self.anchors:
            message = f"the alias `*{name}` has no anchor `&{name}` before it"
            raise MalformedText("malformed-yaml", message, offset_of(event), "put the text in quotes if it is no alias")
        anchored = self.anchors[name]
        if anchored is None:
            raise _refused(f"the alias `*{name}` stands inside what it refers to", event, "remove the alias")
        return anchored

    def _check_depth(self, depth: int, event: Event) -> None:
        if depth > self.depth:
            message = f"the document nests deeper than {self.depth}"
            raise MalformedText("document-too-deep", message, offset_of(event))


def _scalar_value(event: ScalarEvent) -> JsonValue:
    try:
        if event.tag is not None:
            return event.value if event.tag == "!" else resolve_tagged(event.value, event.tag)
        return resolve_plain(event.value) if event.implicit[0] else event.value
    except ValueError as error:
        # a text may begin with what is read as a tag: `!$inputs.a`
        instead = "" if event.tag is None else instead_of_tag(event.value, event.tag)
        fix = "put the value in quotes if it is text" if event.tag is None else instead or _WITH_TAG
        raise _refused(str(error), event, fix) from error


def _refused(message: str, event: Event, fix: str) -> MalformedText:
    return MalformedText("yaml-feature", message, offset_of(event), fix)
