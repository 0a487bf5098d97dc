"""Reading one operation of OpenAPI 2.0 into the values that OpenAPI 3.x gives, so that everything after is one path.

Decides what 2.0's own words mean in those of 3.x: ``host``, ``consumes``, ``formData``, ``collectionFormat``. Places
stay those of the 2.0 text, so a diagnostic points at what was written. What 3.x has no word for is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.encodings import with_shape
from arazzo_engine.apis.descriptions.fields import malformed, member, members, object_at, text, texts
from arazzo_engine.apis.descriptions.media_types import FORM, FORM_DATA, JSON
from arazzo_engine.apis.descriptions.operations import (
    Encoding,
    In,
    MediaType,
    Operation,
    ParameterDescription,
    RequestBodyDescription,
    ResponseDescription,
    Security,
    SecurityScheme,
    Server,
)
from arazzo_engine.apis.descriptions.paths import why_no_base_path, why_no_host
from arazzo_engine.apis.descriptions.reading import (
    OperationPlaces,
    declared_parameters,
    declared_responses,
    nameless,
    read_operation,
)
from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.descriptions.security import read_flow, read_security
from arazzo_engine.apis.left_out import left_out
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

_BODY: Final = ("body", "formData")
_LOCATIONS: Final = {"query": In.QUERY, "header": In.HEADER, "path": In.PATH}
# The style and `explode` of a list; 3.x has no style for the others
_LISTS: Final = {
    (In.QUERY, "csv"): ("form", False),
    (In.QUERY, "ssv"): ("spaceDelimited", False),
    (In.QUERY, "tsv"): ("tabDelimited", False),
    (In.QUERY, "pipes"): ("pipeDelimited", False),
    # "`multi` - corresponds to multiple parameter instances instead of multiple values for a single instance"
    (In.QUERY, "multi"): ("form", True),
    (In.PATH, "csv"): ("simple", False),
    (In.HEADER, "csv"): ("simple", False),
}
# What 3.x calls the flows of 2.0 that have another name there
_FLOWS: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}
# RFC 3986, section 3.1; what is none could hold a host
_SCHEME: Final = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.\-]*")
_FORMATS: Final = ("csv", "ssv", "tsv", "pipes", "multi")
# The fields of a parameter that are not those of its schema
_OWN_FIELDS: Final = frozenset({"name", "in", "description", "required", "collectionFormat", "allowEmptyValue"})


def read_openapi_2(source: str, places: OperationPlaces, resolver: Resolver) -> Operation:
    """Return the operation; ``source`` is the name of the source description.

    Raises ``ArazzoError`` (``api-malformed``, ``unsupported-feature``, …) when it cannot be used.
    """
    skipped: list[Diagnostic] = []
    declared = tuple(declared_parameters(places, resolver, skipped))
    return read_operation(source, places, _Reader(places, resolver, declared, skipped))


class _Reader(Struct, frozen=True):
    places: OperationPlaces
    resolver: Resolver
    declared: tuple[Place, ...]
    skipped: list[Diagnostic]
    ignored: tuple[ParameterDescription, ...] = ()

    def parameters(self) -> Iterator[ParameterDescription]:
        for each in self.declared:
            location = object_at(each)["in"]
            if location in _LOCATIONS:
                yield _parameter(each, _LOCATIONS[location])
            elif location not in _BODY:
                self.skipped.extend(left_out("parameter", nameless(each)))

    def _setting(self, name: str) -> JsonValue:
        """Return a list that the operation says, else the description."""
        # "This overrides the `consumes` definition at the Swagger Object. An empty value MAY be used to clear the
        # global definition."
        own = member(object_at(self.places.at), name)
        return value_at(self.places.root.child(name)) if own is None else own

    def servers(self) -> tuple[Server, ...]:
        root = self.places.root
        host, base = value_at(root.child("host")), value_at(root.child("basePath"))
        path = base if isinstance(base, str) and base else "/"
        problem = why_no_base_path(path, root.child("basePath"))
        # "If the `host` is not included, the host serving the documentation is to be used (including the port)."
        if not isinstance(host, str) or not host:
            return (Server(root, path, problem=problem),)
        at = root.child("host")
        problem = why_no_host(host, at) or problem
        # what is sent may hold credentials
        schemes = sorted(texts(self._setting("schemes")), key=lambda scheme: scheme != "https")
        # "If the `schemes` is not included, the default scheme to be used is the one used to access the Swagger
        # definition itself."
        places = tuple(f"{scheme}:" for scheme in schemes if _SCHEME.fullmatch(scheme)) or ("",)
        return tuple(Server(at, f"{each}//{host}{path}", problem=problem) for each in places)

    def request_body(self) -> RequestBodyDescription | None:
        declared = tuple(each for each in self.declared if object_at(each)["in"] in _BODY)
        if not declared:
            return None
        bodies = [each for each in declared if object_at(each)["in"] == "body"]
        if not bodies:
            return self._form(declared)
        # "Since there can only be one payload, there can only be *one* body parameter."
        if len(declared) > 1:
            raise ArazzoError(malformed("an operation has one body: one parameter `in: body`, or a form", declared[1]))
        at = bodies[0]
        schema = Schema(at.child("schema"), object_at(at).get("schema", {}))
        names = texts(self._setting("consumes")) or (JSON,)
        media_types = tuple(with_shape(MediaType(name, schema), self.resolver) for name in names)
        return RequestBodyDescription(at, object_at(at).get("required") is True, media_types)

    def _form(self, declared: tuple[Place, ...]) -> RequestBodyDescription:
        at = self.places.at.child("parameters")
        fields = {object_at(each)["name"]: _schema(each) for each in declared}
        required = [object_at(each)["name"] for each in declared if object_at(each).get("required") is True]
        schema = Schema(at, {"type": "object", "properties": fields, "required": required})
        # "the parameter takes a section in the payload": a file is sent as one of several parts
        has_file = any(object_at(each).get("type") == "file" for each in declared)
        allowed = (FORM_DATA,) if has_file else (FORM, FORM_DATA)
        names = [name for name in texts(self._setting("consumes")) if name in allowed] or [allowed[0]]
        encoding = {object_at(each)["name"]: _form_encoding(each) for each in declared if _is_list(each)}
        media_types = (MediaType(name, schema, encoding=encoding) for name in names)
        return RequestBodyDescription(
            at, bool(required), tuple(with_shape(each, self.resolver) for each in media_types)
        )

    def responses(self) -> Iterator[ResponseDescription]:
        produces = texts(self._setting("produces"))
        for status, at in declared_responses(self.places, self.resolver, self.skipped):
            headers = {name: Schema(header, _header_schema(header)) for name, header in members(at, "headers")}
            yield ResponseDescription(status, tuple(_media_types(at, produces)), headers)

    def security(self) -> Security:
        return read_security(self.places.at, self.places.root.child("securityDefinitions"), self._scheme)

    def _scheme(self, name: str, at: Place) -> SecurityScheme:
        value = object_at(at)
        is_basic = value.get("type") == "basic"
        flow = text(value, "flow")
        return SecurityScheme(
            at=at,
            name=name,
            type="http" if is_basic else text(value, "type"),
            scheme="basic" if is_basic else "",
            location=_LOCATIONS.get(text(value, "in")),
            parameter_name=text(value, "name"),
            description=text(value, "description"),
            flows=(read_flow(_FLOWS.get(flow, flow), at),) if flow else (),
        )


def _is_list(at: Place) -> bool:
    return object_at(at).get("type") == "array"


def _form_encoding(at: Place) -> Encoding:
    # a list in a form is joined or repeated as one in a query
    style, explode = _style(object_at(at), In.QUERY, at)
    return Encoding(at, style=style, explode=explode)


def _parameter(at: Place, location: In) -> ParameterDescription:
    value = object_at(at)
    style, explode = _style(value, location, at)
    return ParameterDescription(
        at=at,
        name=value["name"],
        location=location,
        required=value.get("required") is True or location is In.PATH,
        style=style,
        explode=explode,
        schema=Schema(at, _schema(at)),
    )


def _style(value: dict[str, JsonValue], location: In, at: Place) -> tuple[str, bool]:
    # "Default value is `csv`."
    name = value.get("collectionFormat", "csv")
    if name not in _FORMATS:
        listed = ", ".join(f"`{each}`" for each in _FORMATS)
        raise ArazzoError(malformed(f"`collectionFormat` must be one of {listed}", at.child("collectionFormat")))
    if value.get("type") != "array":
        return ("form", True) if location is In.QUERY else ("simple", False)
    if (location, name) not in _LISTS or member(value.get("items"), "type") == "array":
        message = f"a list in the {location} as `{name}`, or lists within lists, are not sent yet"
        raise ArazzoError(diagnose("unsupported-feature", message, at.location()))
    return _LISTS[location, name]


def _schema(at: Place) -> JsonValue:
    """Return the JSON Schema in a parameter that is no body: 2.0 writes its keywords beside the parameter's own."""
    value = {name: each for name, each in object_at(at).items() if name not in _OWN_FIELDS}
    return {**value, "type": "string", "format": "binary"} if value.get("type") == "file" else value


def _header_schema(at: Place) -> JsonValue:
    return {name: each for name, each in as_mapping(value_at(at)).items() if name not in _OWN_FIELDS}


def _media_types(at: Place, produces: tuple[str, ...]) -> Iterator[MediaType]:
    value = object_at(at)
    examples = as_mapping(value.get("examples"))
    if "schema" not in value and not examples:
        return
    is_file = member(value.get("schema"), "type") == "file"
    found = {"type": "string", "format": "binary"} if is_file else value.get("schema")
    schema = None if found is None else Schema(at.child("schema"), found)
    for name in dict.fromkeys((*produces, *examples)) or (JSON,):
        yield MediaType(name, schema, (examples[name],) if name in examples else ())
