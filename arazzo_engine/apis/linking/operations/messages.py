"""The operations of an AsyncAPI description, by their ids: what is known of one, as none is run yet.

AsyncAPI 3.0, Operations Object: the keys are the ids; before it, a channel's `publish` and `subscribe` have an
`operationId`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue

_DEEDS: Final = ("publish", "subscribe")


def ids_of_messages(description: JsonValue) -> frozenset[str]:
    """Return the ids of the operations of an AsyncAPI description.

    >>> channels = {"a": {"publish": {"operationId": "send"}}}
    >>> sorted(ids_of_messages({"operations": {"receive": {}}, "channels": channels}))
    ['receive', 'send']
    """
    members = as_mapping(description)
    return frozenset((*as_mapping(members.get("operations")), *_of_channels(members.get("channels"))))


def _of_channels(channels: JsonValue) -> Iterator[str]:
    for channel in as_mapping(channels).values():
        for deed in _DEEDS:
            named = as_mapping(as_mapping(channel).get(deed)).get("operationId")
            if isinstance(named, str):
                yield named
