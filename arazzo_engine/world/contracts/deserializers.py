"""How openapi-core reads bodies: as JSON whatever claims to be JSON, as strictly as the run itself does.

Decides nothing about schemas. Bodies of other media types are read by openapi-core alone, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.messages.payloads import is_json, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue


class Deserializers(dict[str, "Callable[..., Any]"]):
    """JSON for every media type that is JSON: openapi-core knows only the names that it is told."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and is_json(name)

    def __missing__(self, name: str) -> Callable[..., Any]:
        return _read_json


def _read_json(content: bytes, **_parameters: str) -> JsonValue:
    try:
        return parse_json(content.decode("utf-8-sig"))
    except MalformedText as error:
        # what openapi-core takes for a body that is not what it claims
        raise ValueError("it is not JSON") from error
