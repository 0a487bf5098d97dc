"""Whether several descriptions describe the very same operations, so that it does not matter which one is read.

Decides by all that decides what is sent: the method, the path, the servers, the parameters, the bodies with their
schemas, the credentials, and the media types of the answers. Words for people do not count. What cannot be read, and a
server that is not known, is the same as nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.documents.values import as_mapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.descriptions.operations import Operation, SecurityScheme
    from arazzo_engine.apis.descriptions.references import Documents
    from arazzo_engine.apis.linking.taken import Taken
    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.documents.values import JsonValue

# what is for people only, where it is no name
_WORDS: Final = frozenset({"description", "summary", "title", "example", "examples", "externalDocs"})
# the members of these are named by the author
_NAMES: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "headers"})
# ... and of these too, or are values
_AS_WRITTEN: Final = frozenset({"const", "default", "enum"})


def are_same(taken: Taken, documents: Sequence[Document], loaded: Documents) -> bool:
    """Whether all that is taken of a source is the very same in each of several documents."""
    try:
        described = [_described(taken, each, loaded) for each in documents]
    except ArazzoError:
        return False
    return described[0] is not None and all(each == described[0] for each in described[1:])


def _described(taken: Taken, document: Document, loaded: Documents) -> list[JsonValue] | None:
    operations = taken.operations_in(document, loaded)
    is_known = all(each.servers and all(scheme_of(server.url) for server in each.servers) for each in operations)
    if not operations or not is_known or any(each.skipped for each in operations):
        return None
    return [_sent(each, _Writing(Resolver(loaded))) for each in operations]


def _sent(operation: Operation, writing: _Writing) -> JsonValue:
    body = operation.request_body
    return [
        operation.method,
        operation.path,
        operation.operation_id,
        [[each.url, [[one.name, one.default, list(one.enum)] for one in each.variables]] for each in operation.servers],
        [writing.of(each.at) for each in operation.parameters],
        None if body is None else writing.of(body.at),
        [[[_scheme(each.scheme), list(each.scopes)] for each in option] for option in operation.security],
        [[each.status, [one.name for one in each.media_types]] for each in operation.responses],
    ]


def _scheme(scheme: SecurityScheme) -> JsonValue:
    flows = [
        [each.grant, each.token_url, each.refresh_url, each.authorization_url, each.device_authorization_url]
        for each in scheme.flows
    ]
    where = [scheme.location, scheme.parameter_name, scheme.metadata_url]
    return [scheme.name, scheme.type, scheme.scheme, *where, *flows]


class _Writing(Struct):
    """Writes values with what their references lead to, each of these once."""

    resolver: Resolver
    _met: dict[Place, int] = field(default_factory=dict)

    def of(self, place: Place) -> JsonValue:
        value = value_at(place)
        if isinstance(value, list):
            return [self.of(place.child(index)) for index in range(len(value))]
        if not isinstance(value, dict):
            return value if isinstance(value, str | int | float) else None
        written = {name: self._member(name, place) for name in value if name not in _WORDS and name != "$ref"}
        return written | ({"$ref": self._target(place)} if isinstance(value.get("$ref"), str) else {})

    def _member(self, name: str, place: Place) -> JsonValue:
        at = place.child(name)
        if name in _AS_WRITTEN:
            return value_at(at)
        if name in _NAMES:
            return {each: self.of(at.child(each)) for each in as_mapping(value_at(at))}
        return self.of(at)

    def _target(self, place: Place) -> JsonValue:
        target = self.resolver.resolve(place)
        if target in self._met:
            return self._met[target]
        self._met[target] = len(self._met)
        return self.of(target)
