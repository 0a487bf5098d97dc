"""Where every node of a YAML text stands, from PyYAML's events and their marks, without recursion.

Decides which characters are a node's own: an anchor or a tag before it is not, nor are the quotes around it. What the
nodes mean is not known here.
"""

from __future__ import annotations

import re
from typing import Final

from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from arazzo_engine.documents.outline import Kind, Outline
from arazzo_engine.documents.yaml.events import offset_of, read_events

# An anchor, a tag, and what may stand between them and their node
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*(?:\s+(?:#.*)?)*)*")


def outline_yaml(text: str) -> Outline:
    """Return the outline of the first document of a YAML text; raises ``MalformedText`` where it stops being YAML."""
    outline = Outline()
    open_rows: list[int] = []
    anchors: dict[str, int] = {}
    for event in read_events(text):
        if isinstance(event, DocumentEndEvent):
            break
        if isinstance(event, CollectionEndEvent):
            outline.close(open_rows.pop(), _end_of(event))
        elif isinstance(event, AliasEvent):
            _add_alias(outline, event, anchors)
        elif isinstance(event, ScalarEvent | CollectionStartEvent):
            row = _add(text, outline, event)
            if event.anchor is not None:
                anchors[event.anchor] = row
            if isinstance(event, CollectionStartEvent):
                open_rows.append(row)
    return outline


def _add(text: str, outline: Outline, event: ScalarEvent | CollectionStartEvent) -> int:
    start = _behind_properties(text, event)
    if isinstance(event, ScalarEvent):
        quoted = int(event.style in {"'", '"'})
        return outline.add(Kind.SCALAR, start + quoted, _end_of(event) - quoted, event.value)
    kind = Kind.MAPPING if isinstance(event, MappingStartEvent) else Kind.SEQUENCE
    return outline.add(kind, start, _end_of(event))


def _add_alias(outline: Outline, event: AliasEvent, anchors: dict[str, int]) -> None:
    target = anchors.get(event.anchor or "")
    text = None if target is None else outline.texts[target]
    row = outline.add(Kind.ALIAS, offset_of(event), _end_of(event), text)
    if target is not None:
        outline.targets[row] = target


def _end_of(event: Event) -> int:
    return event.end_mark.index if event.end_mark is not None else 0


def _behind_properties(text: str, event: ScalarEvent | CollectionStartEvent) -> int:
    start = offset_of(event)
    if event.anchor is None and event.tag is None:
        return start
    found = _PROPERTIES.match(text, start)
    return min(found.end(), _end_of(event)) if found else start
