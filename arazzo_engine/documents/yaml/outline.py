"""Where every node of a YAML text stands, from PyYAML's events and their marks, without recursion.

Decides which characters are a node's own: an anchor or a tag before it is not, nor are the quotes around it. What the
nodes mean is not known here.
"""

from __future__ import annotations

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
from arazzo_engine.patterns import lazy_pattern

# An anchor, a tag, and what may stand between them and their node
_QUOTED: Final = frozenset("'\"")
_PROPERTIES: Final = lazy_pattern(r"(?:[&!]\S*(?:\s+(?:#.*)?)*)*")


def outline_yaml(text: str) -> Outline:
    """Return the outline of the first document of a YAML text; raises ``MalformedText`` where it stops being YAML."""
    outline = Outline()
    open_rows: list[int] = []
    anchors: dict[str, int] = {}
    for event in read_events(text):
        # the most frequent first
        if isinstance(event, ScalarEvent):
            row = _add_scalar(text, outline, event)
        elif isinstance(event, CollectionStartEvent):
            row = _add_collection(text, outline, event)
            open_rows.append(row)
        elif isinstance(event, CollectionEndEvent):
            outline.close(open_rows.pop(), _end_of(event))
            continue
        elif isinstance(event, DocumentEndEvent):
            break
        else:
            if isinstance(event, AliasEvent):
                _add_alias(outline, event, anchors)
            continue
        if event.anchor is not None:
            anchors[event.anchor] = row
    return outline


def _add_scalar(text: str, outline: Outline, event: ScalarEvent) -> int:
    quoted = int(event.style in _QUOTED)
    return outline.add(Kind.SCALAR, _behind_properties(text, event) + quoted, _end_of(event) - quoted, event.value)


def _add_collection(text: str, outline: Outline, event: CollectionStartEvent) -> int:
    kind = Kind.MAPPING if isinstance(event, MappingStartEvent) else Kind.SEQUENCE
    return outline.add(kind, _behind_properties(text, event), _end_of(event))


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
