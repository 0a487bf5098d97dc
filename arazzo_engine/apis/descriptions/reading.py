"""Reading one OpenAPI 3.x operation: its parameters, body, responses, servers and security, references followed.

Decides what a request to the operation needs. A value of the wrong type where it matters ends in ``api-malformed``
with its place; a wrong value that does not matter to a request is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.bodies import with_encodings
from arazzo_engine.apis.descriptions.fields import elements, malformed, member, members, object_at, text
from arazzo_engine.apis.descriptions.operations import (
    In,
    MediaType,
    Operation,
    ParameterDescription,
    RequestBodyDescription,
    ResponseDescription,
    SecurityScheme,
    Server,
    ServerVariable,
)
from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.descriptions.security import read_flows, read_security, read_url
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

# "style": "Default values (based on value of `in`)"
_STYLES: Final = {
    In.PATH: "simple",
    In.QUERY: "form",
    In.HEADER: "simple",
    In.COOKIE: "form",
    In.QUERYSTRING: "",
}
# "If `in` is "header" and the `name` field is "Accept", "Content-Type" or "Authorization", the parameter definition
# SHALL be ignored."
_IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})


class OperationPlaces(Struct, frozen=True):
    """Where an operation stands: ``named`` below ``paths`` of its description, ``at`` where its object is.

    ``path_items`` are the Path Item Objects it belongs to: the one of the path, then the one its ``$ref`` leads to.
    """

    named: Place
    at: Place
    path_items: tuple[Place, ...]

    @property
    def path(self) -> str:
        """The key of the path in ``paths``."""
        return self.named.pointer[1]

    @property
    def method(self) -> str:
        """The method as it is sent."""
        # "The map key is the HTTP method with the same capitalization that is to be sent in the request."
        *_, owner, name = self.named.pointer
        return name if owner == "additionalOperations" else name.upper()


def default_style(location: In) -> str:
    """Return the style of a parameter that names none."""
    return _STYLES[location]


def declared_parameters(places: OperationPlaces, resolver: Resolver) -> Iterator[Place]:
    """Yield the places of the parameters of an operation and of its path, overridden ones left out."""
    # "These parameters can be overridden at the operation level, but cannot be removed there."
    found: dict[tuple[object, object], Place] = {}
    for owner in (*reversed(places.path_items), places.at):
        for element in elements(owner, "parameters"):
            at = resolver.resolve(element)
            value = object_at(at)
            name, location = value.get("name"), value.get("in")
            if not isinstance(name, str) or not isinstance(location, str):
                raise ArazzoError(malformed("a parameter has no `name`, or an unknown `in`", at))
            found[name.lower() if location == In.HEADER else name, location] = at
    yield from found.values()


def read_operation(source: str, places: OperationPlaces, resolver: Resolver) -> Operation:
    """Return the operation; ``source`` is the name of the source description.

    Raises ``ArazzoError`` (``api-malformed``, ``reference-not-found``, …) when it cannot be used.
    """
    return _Reader(source, places, resolver).read()


class _Reader(Struct, frozen=True):
    source: str
    places: OperationPlaces
    resolver: Resolver

    def read(self) -> Operation:
        at = self.places.at
        operation = object_at(at)
        operation_id = operation.get("operationId")
        schemes = self._root().child("components", "securitySchemes")
        return Operation(
            at=at,
            source=self.source,
            description_uri=self.places.named.document.uri,
            method=self.places.method,
            path=self.places.path,
            operation_id=operation_id if isinstance(operation_id, str) else None,
            summary=text(operation, "summary"),
            servers=self._servers(),
            parameters=tuple(self._parameters()),
            request_body=self._request_body(),
            responses=tuple(self._responses()),
            security=read_security(at, schemes, self._scheme),
        )

    def _root(self) -> Place:
        return self.places.named.document.root()

    def _parameters(self) -> Iterator[ParameterDescription]:
        for at in declared_parameters(self.places, self.resolver):
            value = object_at(at)
            location = value["in"]
            if location not in tuple(In):
                raise ArazzoError(malformed("a parameter has no `name`, or an unknown `in`", at))
            if location != In.HEADER or value["name"].lower() not in _IGNORED_HEADERS:
                yield self._parameter(value, at)

    def _parameter(self, value: dict[str, JsonValue], at: Place) -> ParameterDescription:
        location = In(value["in"])
        style = text(value, "style") or default_style(location)
        content = value.get("content")
        explode = value.get("explode")
        return ParameterDescription(
            at=at,
            name=value["name"],
            location=location,
            required=value.get("required") is True or location is In.PATH,
            style=style,
            # "When `style` is "form", the default value is `true`. For all other styles, the default value is `false`."
            explode=explode if isinstance(explode, bool) else style == "form",
            allow_reserved=value.get("allowReserved") is True,
            schema=_schema(at),
            content_type=next(iter(content)) if isinstance(content, dict) and content else None,
            example=value.get("example"),
        )

    def _request_body(self) -> RequestBodyDescription | None:
        if "requestBody" not in object_at(self.places.at):
            return None
        at = self.resolver.resolve(self.places.at.child("requestBody"))
        places = ((name, self.resolver.resolve(place)) for name, place in members(at, "content"))
        media_types = tuple(
            with_encodings(self._media_type(name, place), place, self.resolver) for name, place in places
        )
        return RequestBodyDescription(at, object_at(at).get("required") is True, media_types)

    def _responses(self) -> Iterator[ResponseDescription]:
        for status, place in members(self.places.at, "responses"):
            if not status.startswith("x-"):
                at = self.resolver.resolve(place)
                yield ResponseDescription(status, self._media_types(at), self._headers(at))

    def _headers(self, at: Place) -> dict[str, Schema | None]:
        return {name: _schema(self.resolver.resolve(place)) for name, place in members(at, "headers")}

    def _media_types(self, at: Place) -> tuple[MediaType, ...]:
        return tuple(self._media_type(name, place) for name, place in members(at, "content"))

    def _media_type(self, name: str, at: Place) -> MediaType:
        at = self.resolver.resolve(at)
        return MediaType(name, _schema(at), tuple(self._examples(at)), item_schema=_schema(at, "itemSchema"))

    def _examples(self, at: Place) -> Iterator[JsonValue]:
        value = value_at(at)
        if isinstance(value, dict) and "example" in value:
            yield value["example"]
        for _, place in members(at, "examples"):
            example = value_at(self.resolver.resolve(place))
            if isinstance(example, dict) and "value" in example:
                yield example["value"]

    def _servers(self) -> tuple[Server, ...]:
        # "If an alternative `servers` array is specified at the Path Item Object or OpenAPI Object level, it will be
        # overridden by this value."
        for owner in (self.places.at, *self.places.path_items, self._root()):
            places = tuple(elements(owner, "servers"))
            if places:
                return tuple(_server(place) for place in places)
        # "If the `servers` field is not provided, or is an empty array, the default value would be a Server Object with
        # a url value of `/`."
        return (Server(self._root(), "/"),)

    def _scheme(self, name: str, at: Place) -> SecurityScheme:
        at = self.resolver.resolve(at)
        value = object_at(at)
        location = value.get("in")
        return SecurityScheme(
            at=at,
            name=name,
            type=text(value, "type"),
            scheme=text(value, "scheme").lower(),
            location=In(location) if location in tuple(In) else None,
            parameter_name=text(value, "name"),
            description=text(value, "description"),
            flows=read_flows(at),
            metadata_url=read_url(at, "openIdConnectUrl") or read_url(at, "oauth2MetadataUrl"),
        )


def _schema(at: Place, name: str = "schema") -> Schema | None:
    value = value_at(at.child(name))
    return None if value is ABSENT else Schema(at.child(name), value)


def _server(at: Place) -> Server:
    value = object_at(at)
    url = value.get("url")
    if not isinstance(url, str):
        raise ArazzoError(malformed("a server has no `url`", at))
    variables = value.get("variables")
    named = variables.items() if isinstance(variables, dict) else ()
    return Server(at, url, tuple(_server_variable(name, variable) for name, variable in named))


def _server_variable(name: str, value: JsonValue) -> ServerVariable:
    default, enum = member(value, "default"), member(value, "enum")
    allowed = tuple(map(str, enum)) if isinstance(enum, list) else ()
    return ServerVariable(name, None if default is None else str(default), allowed)
