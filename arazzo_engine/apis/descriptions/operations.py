"""An operation of an API description, whatever version described it: what a request to it needs.

Values only. Reading a description builds them; the interpreter, the checks and the simulator read them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.schemas import Schema, Shape
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue


class In(StrEnum):
    """Where a parameter stands in a request."""

    PATH = "path"
    QUERY = "query"
    QUERYSTRING = "querystring"
    HEADER = "header"
    COOKIE = "cookie"


# "style": "Default values (based on value of `in`)"
_STYLES: Final = {
    In.PATH: "simple",
    In.QUERY: "form",
    In.HEADER: "simple",
    In.COOKIE: "form",
    In.QUERYSTRING: "",
}


def default_style(location: In) -> str:
    """Return the style of a parameter that names none."""
    return _STYLES[location]


def default_explode(style: str) -> bool:
    """Return the ``explode`` of a parameter or a property that says none."""
    # "When `style` is `"form"` or `"cookie"`, the default value is `true`. For all other styles, the default value is
    # `false`." (OpenAPI 3.2.0, Parameter Object, explode)
    return style in {"form", "cookie"}


class Encodings(Struct, frozen=True, kw_only=True):
    """How the parts of a body are written: by name, by position, and the rest of those by position."""

    encoding: Mapping[str, Encoding] = field(default_factory=dict)
    prefix_encoding: tuple[Encoding, ...] = ()
    item_encoding: Encoding | None = None

    def encoding_at(self, index: int) -> Encoding | None:
        """Return the encoding of an element."""
        return self.prefix_encoding[index] if index < len(self.prefix_encoding) else self.item_encoding

    def all_encodings(self) -> Iterator[Encoding]:
        """Yield the encodings, and those within them."""
        items = () if self.item_encoding is None else (self.item_encoding,)
        for each in (*self.encoding.values(), *self.prefix_encoding, *items):
            yield each
            yield from each.all_encodings()


class Encoding(Encodings, frozen=True):
    """How a property, or a part, of a body is written. ``style`` is empty when a media type decides.

    ``headers`` are those of a part that have one value only; ``open_headers`` the required ones that have not.
    """

    at: Place
    content_type: str | None = None
    style: str = ""
    explode: bool = True
    allow_reserved: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    open_headers: tuple[str, ...] = ()


class MediaType(Encodings, frozen=True):
    """One media type of a request or response body; ``item_schema`` is that of each value of a sequence.

    ``shape`` and the encodings are those of a request body.
    """

    name: str
    schema: Schema | None = None
    examples: tuple[JsonValue, ...] = ()
    item_schema: Schema | None = None
    shape: Shape | None = None


class ParameterDescription(Struct, frozen=True):
    """A parameter that an operation declares; ``content`` is what it says of the media type that it names, if any."""

    at: Place
    name: str
    location: In
    required: bool = False
    style: str = ""
    explode: bool = False
    allow_reserved: bool = False
    schema: Schema | None = None
    content_type: str | None = None
    content: MediaType | None = None
    example: JsonValue = None


class RequestBodyDescription(Struct, frozen=True):
    """The bodies that an operation accepts, by media type, in the order written.

    ``problem`` says why nobody can know them: a reference leads nowhere.
    """

    at: Place
    required: bool = False
    media_types: tuple[MediaType, ...] = ()
    problem: Diagnostic | None = None


class ResponseDescription(Struct, frozen=True):
    """A documented response; ``status`` is as written: ``200``, ``2XX`` or ``default``."""

    status: str
    media_types: tuple[MediaType, ...] = ()
    headers: Mapping[str, Schema | None] = field(default_factory=dict)


class ServerVariable(Struct, frozen=True):
    """A variable of a server's URL."""

    name: str
    default: str | None
    enum: tuple[str, ...] = ()


class Server(Struct, frozen=True):
    """Where an operation lives: a URL template, absolute or relative to the description.

    ``problem`` says why no request can go there, whatever its variables are.
    """

    at: Place
    url: str
    variables: tuple[ServerVariable, ...] = ()
    problem: Diagnostic | None = None


class OAuthFlow(Struct, frozen=True):
    """One way of getting a token; ``grant`` is its name in OpenAPI 3.x. A URL that is not given is empty."""

    grant: str
    token_url: str = ""
    refresh_url: str = ""
    authorization_url: str = ""
    device_authorization_url: str = ""


# The type of a scheme that an operation names and the description does not have
UNDEFINED: Final = "undefined"


class SecurityScheme(Struct, frozen=True):
    """How a caller proves who it is; ``location`` and ``parameter_name`` say where an API key stands.

    ``metadata_url`` is where an OpenID provider or an OAuth server says its endpoints; ``problem`` says why no request
    can carry it.
    """

    at: Place
    name: str
    type: str
    scheme: str = ""
    location: In | None = None
    parameter_name: str = ""
    description: str = ""
    flows: tuple[OAuthFlow, ...] = ()
    metadata_url: str = ""
    problem: Diagnostic | None = None


class SecurityRequirement(Struct, frozen=True):
    """One scheme that a call needs, with the scopes it needs of it."""

    scheme: SecurityScheme
    scopes: tuple[str, ...] = ()


# "Only one of the Security Requirement Objects need to be satisfied": alternatives, each a combination
Security: TypeAlias = tuple[tuple[SecurityRequirement, ...], ...]


def parameter_key(name: str, location: str) -> tuple[str, str]:
    """Return what tells one parameter from another: "a combination of a name and location"."""
    # RFC 9110, section 5.1: "Field names are case-insensitive"
    return str(location), name.lower() if location == In.HEADER else name


class Operation(Struct, frozen=True):
    """An operation: ``source`` is the name of the source description it came from, ``method`` upper case.

    ``description_uri`` is the URI of the description's own document, against which a relative server resolves; it is
    empty of a request that a step writes out itself. One that
    ``is_open`` is called without a credential, whatever its ``security`` says; ``given_out`` names the schemes whose
    credential the step gives out itself, which it can be called without. ``ignored`` are required parameters that
    are none by their names, and ``skipped`` tells what of its description could not be read.
    """

    at: Place
    source: str
    description_uri: str
    method: str
    path: str
    operation_id: str | None = None
    summary: str = ""
    servers: tuple[Server, ...] = ()
    parameters: tuple[ParameterDescription, ...] = ()
    ignored: tuple[ParameterDescription, ...] = ()
    request_body: RequestBodyDescription | None = None
    responses: tuple[ResponseDescription, ...] = ()
    security: Security = ()
    is_open: bool = False
    given_out: frozenset[str] = frozenset()
    skipped: tuple[Diagnostic, ...] = ()

    @property
    def requirements(self) -> tuple[SecurityRequirement, ...]:
        """The security requirements of all alternatives together."""
        return tuple(requirement for alternative in self.security for requirement in alternative)

    @property
    def is_described(self) -> bool:
        """Whether a description has it; nothing can be said of what another one takes and answers."""
        return bool(self.description_uri)

    @property
    def described(self) -> dict[tuple[str, str], ParameterDescription]:
        """The parameters by what tells one from another: of two alike, the first."""
        return {parameter_key(each.name, each.location): each for each in reversed(self.parameters)}

    @property
    def label(self) -> str:
        """The name a person knows the operation by."""
        return self.operation_id or f"{self.method} {self.path}"
