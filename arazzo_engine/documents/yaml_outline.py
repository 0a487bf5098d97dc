"""Where every node of a YAML text stands, from PyYAML's events and their marks, without recursion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from arazzo_engine.documents.outline import Kind, Outline
from arazzo_engine.documents.yaml_text import read_events

if TYPE_CHECKING:
    from yaml.events import Event

# An anchor, a tag, and what may stand between them and their node
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*(?:\s+(?:#.*)?)*)*")


def outline_yaml(text: str, outline: Outline) -> None:
    """Add the rows of the first document of a YAML text; raises ``MalformedText`` where it stops being YAML."""
    open_rows: list[int] = []
    anchors: dict[str, int] = {}
    for event in read_events(text):
        if isinstance(event, DocumentEndEvent):
            return
        if isinstance(event, CollectionEndEvent):
            outline.close(open_rows.pop(), event.end_mark.index)
        elif isinstance(event, NodeEvent):
            row = _add(text, outline, event, anchors)
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                open_rows.append(row)


def _add(text: str, outline: Outline, event: NodeEvent, anchors: dict[str, int]) -> int:
    if isinstance(event, AliasEvent):
        return _add_alias(outline, event, anchors)
    start = _behind_properties(text, event)
    if isinstance(event, ScalarEvent):
        quoted = int(event.style in {"'", '"'})
        row = outline.add(Kind.SCALAR, start + quoted, event.end_mark.index - quoted, event.value)
    else:
        kind = Kind.MAPPING if isinstance(event, MappingStartEvent) else Kind.SEQUENCE
        row = outline.add(kind, start, event.end_mark.index)
    if event.anchor is not None:
        anchors[event.anchor] = row
    return row


def _add_alias(outline: Outline, event: AliasEvent, anchors: dict[str, int]) -> int:
    target = anchors.get(event.anchor, 0)
    row = outline.add(Kind.ALIAS, event.start_mark.index, event.end_mark.index, outline.texts[target])
    outline.targets[row] = target
    return row


def _behind_properties(text: str, event: Event) -> int:
    start: int = event.start_mark.index
    if event.anchor is None and event.tag is None:
        return start
    found = _PROPERTIES.match(text, start)
    return min(found.end(), event.end_mark.index) if found else start
