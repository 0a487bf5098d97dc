"""Reading one OpenAPI operation: its parameters, body, responses, servers and security, references followed.

Decides what a request to the operation needs. A value of the wrong type where it matters ends in ``api-malformed``
with its place; a wrong value that does not matter to a request is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.operations import (
    In,
    MediaType,
    Operation,
    ParameterDescription,
    RequestBodyDescription,
    ResponseDescription,
    Schema,
    SecurityRequirement,
    SecurityScheme,
    Server,
    ServerVariable,
)
from arazzo_engine.apis.references import Resolver, value_at
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.document import Place
from arazzo_engine.language.nodes import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.operations import Security
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


def default_style(location: In) -> str:
    """Return the style of a parameter that names none."""
    return _STYLES[location]


def read_operation(source: str, named: Place, at: Place, resolver: Resolver) -> Operation:
    """Return the operation at ``at``; ``named`` is its place below ``paths`` of the description of that name."""
    return _Reader(source, named, at, resolver).read()


class _Reader(Struct, frozen=True):
    source: str
    named: Place
    at: Place
    resolver: Resolver

    def read(self) -> Operation:
        operation = self._object(self.at)
        operation_id = operation.get("operationId")
        return Operation(
            at=self.at,
            source=self.source,
            description_uri=self.named.document.uri,
            method=self.named.pointer[-1].upper(),
            path=self.named.pointer[1],
            operation_id=operation_id if isinstance(operation_id, str) else None,
            summary=_text(operation, "summary"),
            servers=self._servers(),
            parameters=self._parameters(),
            request_body=self._request_body(),
            responses=tuple(self._responses()),
            security=self._security(),
        )

    def _path_item(self) -> Place:
        return Place(self.at.document, self.at.pointer[:-1])

    def _root(self) -> Place:
        return self.named.document.root()

    def _parameters(self) -> tuple[ParameterDescription, ...]:
        # "These parameters can be overridden at the operation level, but cannot be removed there."
        found: dict[tuple[str, str], ParameterDescription] = {}
        for owner in (self._path_item(), self.at):
            for place in self._elements(owner, "parameters"):
                parameter = self._parameter(self.resolver.resolve(place))
                if parameter is not None:
                    name = parameter.name.lower() if parameter.location is In.HEADER else parameter.name
                    found[parameter.location, name] = parameter
        return tuple(found.values())

    def _parameter(self, at: Place) -> ParameterDescription | None:
        value = self._object(at)
        name, location = value.get("name"), value.get("in")
        if not isinstance(name, str) or location not in tuple(In):
            raise ArazzoError(_malformed("a parameter has no `name`, or an unknown `in`", at))
        place = In(location)
        if place is In.HEADER and name.lower() in _IGNORED_HEADERS:
            return None
        style = _text(value, "style") or default_style(place)
        content = value.get("content")
        explode = value.get("explode")
        return ParameterDescription(
            at=at,
            name=name,
            location=place,
            required=value.get("required") is True or place is In.PATH,
            style=style,
            # "When `style` is "form", the default value is `true`. For all other styles, the default value is `false`."
            explode=explode if isinstance(explode, bool) else style == "form",
            allow_reserved=value.get("allowReserved") is True,
            schema=self._schema(at),
            content_type=next(iter(content)) if isinstance(content, dict) and content else None,
            example=value.get("example"),
        )

    def _schema(self, at: Place) -> Schema | None:
        value = value_at(at)
        return Schema(at.child("schema"), value["schema"]) if isinstance(value, dict) and "schema" in value else None

    def _request_body(self) -> RequestBodyDescription | None:
        if "requestBody" not in self._object(self.at):
            return None
        at = self.resolver.resolve(self.at.child("requestBody"))
        return RequestBodyDescription(at, self._object(at).get("required") is True, self._media_types(at))

    def _responses(self) -> Iterator[ResponseDescription]:
        place = self.at.child("responses")
        responses = value_at(place)
        for status in responses if isinstance(responses, dict) else ():
            if not status.startswith("x-"):
                at = self.resolver.resolve(place.child(status))
                yield ResponseDescription(status, self._media_types(at), self._headers(at))

    def _headers(self, at: Place) -> dict[str, Schema | None]:
        headers = _member(value_at(at), "headers")
        return {
            name: self._schema(self.resolver.resolve(at.child("headers", name)))
            for name in (headers if isinstance(headers, dict) else ())
        }

    def _media_types(self, at: Place) -> tuple[MediaType, ...]:
        content = _member(value_at(at), "content")
        return tuple(
            self._media_type(name, at.child("content", name)) for name in (content if isinstance(content, dict) else ())
        )

    def _media_type(self, name: str, at: Place) -> MediaType:
        at = self.resolver.resolve(at)
        return MediaType(name, self._schema(at), tuple(self._examples(at)))

    def _examples(self, at: Place) -> Iterator[JsonValue]:
        value = value_at(at)
        if isinstance(value, dict) and "example" in value:
            yield value["example"]
        examples = _member(value, "examples")
        for name in examples if isinstance(examples, dict) else ():
            example = value_at(self.resolver.resolve(at.child("examples", name)))
            if isinstance(example, dict) and "value" in example:
                yield example["value"]

    def _servers(self) -> tuple[Server, ...]:
        # "If an alternative `servers` array is specified at the Path Item Object or OpenAPI Object level, it will be
        # overridden by this value."
        for owner in (self.at, self._path_item(), self._root()):
            places = tuple(self._elements(owner, "servers"))
            if places:
                return tuple(self._server(place) for place in places)
        # "If the `servers` field is not provided, or is an empty array, the default value would be a Server Object with
        # a url value of `/`."
        return (Server(self._root(), "/"),)

    def _server(self, at: Place) -> Server:
        value = self._object(at)
        url = value.get("url")
        if not isinstance(url, str):
            raise ArazzoError(_malformed("a server has no `url`", at))
        variables = value.get("variables")
        named = variables.items() if isinstance(variables, dict) else ()
        return Server(at, url, tuple(_server_variable(name, variable) for name, variable in named))

    def _security(self) -> Security:
        owner = self.at if "security" in self._object(self.at) else self._root()
        return tuple(
            tuple(self._requirement(place, name) for name in self._object(place))
            for place in self._elements(owner, "security")
        )

    def _requirement(self, at: Place, name: str) -> SecurityRequirement:
        scopes = self._object(at)[name]
        schemes = self._root().child("components", "securitySchemes")
        known = value_at(schemes)
        if not isinstance(known, dict) or name not in known:
            message = f"the security scheme `{name}` does not exist in `components/securitySchemes`"
            fix = did_you_mean(name, known) if isinstance(known, dict) else ""
            location = at.child(name).key_location()
            raise ArazzoError(diagnose("reference-not-found", message, location, fix=fix))
        scheme = self._scheme(name, self.resolver.resolve(schemes.child(name)))
        return SecurityRequirement(scheme, tuple(map(str, scopes)) if isinstance(scopes, list) else ())

    def _scheme(self, name: str, at: Place) -> SecurityScheme:
        value = self._object(at)
        location = value.get("in")
        return SecurityScheme(
            at=at,
            name=name,
            type=_text(value, "type"),
            scheme=_text(value, "scheme").lower(),
            location=In(location) if location in tuple(In) else None,
            parameter_name=_text(value, "name"),
            description=_text(value, "description"),
        )

    def _elements(self, owner: Place, name: str) -> Iterator[Place]:
        value = _member(value_at(owner), name)
        if value is None:
            return
        if not isinstance(value, list):
            at = owner.child(name)
            raise ArazzoError(_malformed(f"`{name}` must be a list, not {type_name(value)}", at))
        for index in range(len(value)):
            yield owner.child(name, index)

    def _object(self, at: Place) -> dict[str, JsonValue]:
        value = value_at(at)
        if not isinstance(value, dict):
            name = at.pointer[-1] if at.pointer else "the description"
            raise ArazzoError(_malformed(f"`{name}` must be an object, not {type_name(value)}", at))
        return value


def _server_variable(name: str, value: JsonValue) -> ServerVariable:
    default, enum = _member(value, "default"), _member(value, "enum")
    allowed = tuple(map(str, enum)) if isinstance(enum, list) else ()
    return ServerVariable(name, None if default is None else str(default), allowed)


def _member(value: JsonValue, name: str) -> JsonValue:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: dict[str, JsonValue], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _malformed(message: str, at: Place) -> Diagnostic:
    return diagnose("api-malformed", message, at.location())
