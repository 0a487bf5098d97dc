"""Repairs of maps that stand where lists should: what each entry is called there is what it says of itself in a list.

Decides which map can only be such a list: each of its entries has what makes it one, and no other name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.repairs.sites import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import JsonValue

# what says what a step does
CALLS: Final = ("operationId", "operationPath", "workflowId", "channelPath")
# by what an entry says its name, and what makes an object one: any of these
NAMED_BY: Final[Mapping[Kind, tuple[str, tuple[str, ...]]]] = {
    Kind.SOURCES: ("name", ("url",)),
    Kind.WORKFLOWS: ("workflowId", ("steps",)),
    Kind.STEPS: ("stepId", CALLS),
    Kind.ACTIONS: ("name", ("type", "goto")),
}
_OF_SOURCE: Final = frozenset({"name", "url", "type", "description"})
# the maps that an object may have, and what they are of
MAPS: Final[Mapping[Kind, Mapping[str, Kind]]] = {
    Kind.WORKFLOW: {"steps": Kind.STEPS, "successActions": Kind.ACTIONS, "failureActions": Kind.ACTIONS},
    Kind.STEP: {"onSuccess": Kind.ACTIONS, "onFailure": Kind.ACTIONS},
}
MAPS_OF_DOCUMENT: Final[Mapping[str, Kind]] = {"sourceDescriptions": Kind.SOURCES, "workflows": Kind.WORKFLOWS}


def list_named(kind: Kind, value: JsonValue) -> JsonValue:
    """``workflows: {order: {steps: …}}`` is ``workflows: [{workflowId: order, steps: …}]``."""
    if not isinstance(value, dict) or not value:
        return None
    entries = [_entry(kind, name, each) for name, each in value.items()]
    return None if None in entries else entries


def list_itself(kind: Kind, value: JsonValue) -> JsonValue:
    """``workflows: {workflowId: order, steps: …}`` is ``workflows: [{workflowId: order, steps: …}]``."""
    name, needed = NAMED_BY[kind]
    is_one = isinstance(value, dict) and isinstance(value.get(name), str) and not value.keys().isdisjoint(needed)
    return [value] if is_one else None


def _entry(kind: Kind, name: str, value: JsonValue) -> JsonValue:
    own, needed = NAMED_BY[kind]
    if kind is Kind.SOURCES and isinstance(value, str) and value and name not in _OF_SOURCE:
        return {own: name, "url": value}
    if not isinstance(value, dict) or value.keys().isdisjoint(needed) or value.get(own, name) != name:
        return None
    return value if own in value else {own: name, **value}
