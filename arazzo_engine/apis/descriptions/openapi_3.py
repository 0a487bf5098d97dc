"""Reading one operation of OpenAPI 3.0, 3.1 and 3.2: its parameters, body, responses, servers and security.

Decides what each of their fields means for a request; references are followed. What every version says alike is read
by ``reading``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.encodings import with_encodings
from arazzo_engine.apis.descriptions.fields import elements, flag, malformed, member, members, object_at, text, texts
from arazzo_engine.apis.descriptions.operations import (
    In,
    MediaType,
    Operation,
    ParameterDescription,
    RequestBodyDescription,
    ResponseDescription,
    Security,
    SecurityScheme,
    Server,
    ServerVariable,
    default_explode,
    default_style,
)
from arazzo_engine.apis.descriptions.paths import why_no_server
from arazzo_engine.apis.descriptions.reading import (
    OperationPlaces,
    declared_parameters,
    declared_responses,
    doing_without,
    leaving_out,
    nameless,
    read_operation,
)
from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.descriptions.security import read_flows, read_security
from arazzo_engine.apis.left_out import left_out
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import ABSENT, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

# "If `in` is "header" and the `name` field is "Accept", "Content-Type" or "Authorization", the parameter definition
# SHALL be ignored."
_IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})


def read_openapi_3(source: str, places: OperationPlaces, resolver: Resolver) -> Operation:
    """Return the operation; ``source`` is the name of the source description.

    Raises ``ArazzoError`` (``api-malformed``, ``reference-not-found``, …) when it cannot be used.
    """
    return read_operation(source, places, _Reader(places, resolver, [], []))


class _Reader(Struct, frozen=True):
    places: OperationPlaces
    resolver: Resolver
    skipped: list[Diagnostic]
    ignored: list[ParameterDescription]

    def parameters(self) -> Iterator[ParameterDescription]:
        for at in declared_parameters(self.places, self.resolver, self.skipped):
            value = object_at(at)
            location = value["in"]
            if location not in tuple(In):
                self.skipped.extend(left_out("parameter", nameless(at)))
            elif location != In.HEADER or value["name"].lower() not in _IGNORED_HEADERS:
                yield from self._parameter_at(at)
            elif value.get("required") is True:
                self.ignored.append(ParameterDescription(at, value["name"], In.HEADER, required=True))

    def _parameter_at(self, at: Place) -> Iterator[ParameterDescription]:
        found: list[ParameterDescription] = []
        with leaving_out("parameter", self.skipped):
            found.append(self._parameter(object_at(at), at))
        yield from found

    def _parameter(self, value: dict[str, JsonValue], at: Place) -> ParameterDescription:
        location = In(value["in"])
        style = text(value, "style") or default_style(location)
        content = next(self._bodies(at), None)
        return ParameterDescription(
            at=at,
            name=value["name"],
            location=location,
            required=value.get("required") is True or location is In.PATH,
            style=style,
            explode=flag(value, "explode", default=default_explode(style)),
            allow_reserved=value.get("allowReserved") is True,
            schema=_schema(at),
            content_type=None if content is None else content.name,
            content=content,
            example=value.get("example"),
        )

    def request_body(self) -> RequestBodyDescription | None:
        if "requestBody" not in object_at(self.places.at):
            return None
        at = self.resolver.resolve(self.places.at.child("requestBody"))
        return RequestBodyDescription(at, object_at(at).get("required") is True, tuple(self._bodies(at)))

    def _bodies(self, at: Place) -> Iterator[MediaType]:
        for name, written in members(at, "content"):
            place = self.resolver.resolve(written)
            yield with_encodings(self._media_type(name, place), place, self.resolver)

    def responses(self) -> Iterator[ResponseDescription]:
        for status, at in declared_responses(self.places, self.resolver, self.skipped):
            yield ResponseDescription(status, tuple(self._media_types(at)), dict(self._headers(at)))

    def _headers(self, at: Place) -> Iterator[tuple[str, Schema | None]]:
        for name, place in members(at, "headers"):
            schema = None
            with doing_without("schema of the header", self.skipped):
                schema = _schema(self.resolver.resolve(place))
            yield name, schema

    def _media_types(self, at: Place) -> Iterator[MediaType]:
        for name, place in members(at, "content"):
            found = MediaType(name)
            with doing_without("schema of the response", self.skipped):
                found = self._media_type(name, place)
            yield found

    def _media_type(self, name: str, at: Place) -> MediaType:
        at = self.resolver.resolve(at)
        return MediaType(name, _schema(at), tuple(self._examples(at)), item_schema=_schema(at, "itemSchema"))

    def _examples(self, at: Place) -> Iterator[JsonValue]:
        value = value_at(at)
        if isinstance(value, dict) and "example" in value:
            yield value["example"]
        for _, place in members(at, "examples"):
            example: JsonValue = None
            with doing_without("example", self.skipped):
                example = value_at(self.resolver.resolve(place))
            if isinstance(example, dict) and "value" in example:
                yield example["value"]

    def servers(self) -> tuple[Server, ...]:
        # "If an alternative `servers` array is specified at the Path Item Object or OpenAPI Object level, it will be
        # overridden by this value."
        for owner in (self.places.at, *self.places.path_items, self.places.root):
            places = tuple(elements(owner, "servers"))
            if places:
                return tuple(_server(place) for place in places)
        # "If the `servers` field is not provided, or is an empty array, the default value would be a Server Object with
        # a url value of `/`."
        return (Server(self.places.root, "/"),)

    def security(self) -> Security:
        # 3.2 alone: a key of an earlier version is "declared in the Security Schemes under the Components Object"
        has_uris = str(value_at(self.places.root.child("openapi"))).startswith("3.2")
        schemes = self.places.root.child("components", "securitySchemes")
        return read_security(self.places.at, schemes, self._scheme, self.resolver if has_uris else None)

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
            metadata_url=text(value, "openIdConnectUrl") or text(value, "oauth2MetadataUrl"),
        )


def _schema(at: Place, name: str = "schema") -> Schema | None:
    value = value_at(at.child(name))
    return None if value is ABSENT else Schema(at.child(name), value)


def _server(at: Place) -> Server:
    value = object_at(at)
    url = value.get("url")
    if not isinstance(url, str):
        raise ArazzoError(malformed("a server has no `url`", at))
    variables = as_mapping(value.get("variables"))
    listed = tuple(_server_variable(name, each) for name, each in variables.items())
    return Server(at, url, listed, why_no_server(url, at.child("url")))


def _server_variable(name: str, value: JsonValue) -> ServerVariable:
    default = member(value, "default")
    return ServerVariable(name, None if default is None else str(default), texts(member(value, "enum")))
