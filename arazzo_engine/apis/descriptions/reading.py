"""Reading an operation, whichever version of OpenAPI describes it: where it stands, and what every version says alike.

Decides which parameters and responses an operation has, and puts its parts together. What the versions say in words of
their own is read by ``openapi_2`` and ``openapi_3``. A value of the wrong type where it matters ends in
``api-malformed`` with its place; a wrong value that does not matter to a request is left alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.fields import elements, malformed, members, object_at, text
from arazzo_engine.apis.descriptions.http_names import is_token
from arazzo_engine.apis.descriptions.operations import In, Operation, RequestBodyDescription, parameter_key
from arazzo_engine.apis.descriptions.paths import check_path, in_braces
from arazzo_engine.apis.descriptions.references import DanglingReferenceError
from arazzo_engine.apis.left_out import fix_of, left_out
from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import (
        ParameterDescription,
        ResponseDescription,
        Security,
        Server,
    )
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place


# The field of a Path Item Object for methods that have no field of their own
ADDITIONAL: Final = "additionalOperations"
# what is none, or leads to itself without an end
_CLAUSE: Final = "OpenAPI, Path Templating"
_SAYING_NOTHING: Final = frozenset({"api-malformed", "reference-loop"})


class OperationPlaces(Struct, frozen=True):
    """Where an operation stands: ``named`` below ``paths`` of its description, ``at`` where its object is.

    ``path_items`` are the Path Item Objects it belongs to: the one of the path, then the one its ``$ref`` leads to.
    """

    named: Place
    at: Place
    path_items: tuple[Place, ...]

    @property
    def root(self) -> Place:
        """The description itself."""
        return self.named.document.root()

    @property
    def path(self) -> str:
        """The key of the path in ``paths``."""
        return self.named.pointer[1]

    @property
    def method(self) -> str:
        """The method as it is sent."""
        # "The map key is the HTTP method with the same capitalization that is to be sent in the request."
        *_, owner, name = self.named.pointer
        return name if owner == ADDITIONAL else name.upper()


class Reader(Protocol):
    """Reads the parts of one operation, as its version of OpenAPI writes them; ``skipped`` tells what was left out."""

    @property
    def skipped(self) -> list[Diagnostic]:
        """What was left out."""
        ...

    @property
    def ignored(self) -> Sequence[ParameterDescription]:
        """The required parameters that are none, as its version says by their names, once the parameters are read."""
        ...

    def servers(self) -> tuple[Server, ...]:
        """Return where the operation lives."""
        ...

    def parameters(self) -> Iterator[ParameterDescription]:
        """Yield what stands in the path, the query, the headers and the cookies."""
        ...

    def request_body(self) -> RequestBodyDescription | None:
        """Return the bodies that the operation accepts, if any."""
        ...

    def responses(self) -> Iterator[ResponseDescription]:
        """Yield the documented responses."""
        ...

    def security(self) -> Security:
        """Return the alternatives of which one is needed."""
        ...


def read_operation(source: str, places: OperationPlaces, reader: Reader) -> Operation:
    """Return the operation; ``source`` is the name of the source description.

    Raises ``ArazzoError`` (``api-malformed``, ``reference-not-found``, …) when it cannot be used.
    """
    check_path(places.path, places.path_items[0])
    _check_method(places)
    operation = object_at(places.at)
    operation_id = operation.get("operationId")
    parameters = tuple(reader.parameters())
    path = _path(places, parameters, reader)
    return Operation(
        at=places.at,
        source=source,
        description_uri=places.named.document.uri,
        method=places.method,
        path=path,
        operation_id=operation_id if isinstance(operation_id, str) else None,
        summary=text(operation, "summary"),
        servers=reader.servers(),
        parameters=parameters,
        ignored=tuple(reader.ignored),
        request_body=_request_body(reader, places.at),
        responses=tuple(reader.responses()),
        security=reader.security(),
        skipped=tuple(reader.skipped),
    )


def _path(places: OperationPlaces, parameters: Iterable[ParameterDescription], reader: Reader) -> str:
    """Return the path, with the placeholders of declared parameters in braces."""
    path = in_braces(places.path, [each.name for each in parameters if each.location is In.PATH])
    if path != places.path:
        message = f"the path `{places.path}` is read as `{path}`: the operation declares what it names"
        at = places.path_items[0].key_location()
        problem = diagnose("path-parameter-mismatch", message, at, fix=f"write `{path}`", clause=_CLAUSE)
        reader.skipped.append(problem.as_warning())
    return path


def _request_body(reader: Reader, at: Place) -> RequestBodyDescription | None:
    """Return the bodies that are accepted; where nobody can know them, the steps that send one are refused."""
    try:
        return reader.request_body()
    except DanglingReferenceError as error:
        problem = error.diagnostics[0]
        return RequestBodyDescription(at.child("requestBody"), problem=replace(problem, fix=fix_of(problem)))


def _check_method(places: OperationPlaces) -> None:
    # RFC 9110, section 9.1: "method = token"; section 9.3.6: CONNECT asks a proxy for another host
    if not is_token(places.method) or places.method.upper() == "CONNECT":
        message = f"`{places.method}` is no method that a request to a path can have"
        clause = "RFC 9110, sections 9.1 and 9.3.6"
        raise ArazzoError(diagnose("api-malformed", message, places.named.key_location(), clause=clause))


def declared_parameters(places: OperationPlaces, resolver: Resolver, skipped: list[Diagnostic]) -> Iterator[Place]:
    """Yield the places of the parameters of an operation and of its path, overridden ones left out.

    One that is none, or whose reference leads nowhere, is skipped and told: a step can send what it says all the same.
    """
    # "These parameters can be overridden at the operation level, but cannot be removed there."
    found: dict[tuple[str, str], Place] = {}
    for owner in (*reversed(places.path_items), places.at):
        for element in elements(owner, "parameters"):
            with leaving_out("parameter", skipped):
                at = resolver.resolve(element)
                value = object_at(at)
                name, location = value.get("name"), value.get("in")
                if not isinstance(name, str) or not isinstance(location, str):
                    raise nameless(at)
                found[parameter_key(name, location)] = at
    yield from found.values()


@contextmanager
def leaving_out(what: str, skipped: list[Diagnostic]) -> Iterator[None]:
    """Leave out a part of a description that is none, or whose reference leads nowhere, and tell it as a warning."""
    try:
        yield
    except ArazzoError as error:
        # of a document that is there and cannot be had, or must not be read, nobody knows what it says
        if not isinstance(error, DanglingReferenceError) and any(
            each.code not in _SAYING_NOTHING for each in error.diagnostics
        ):
            raise
        skipped += left_out(what, error)


@contextmanager
def doing_without(what: str, skipped: list[Diagnostic]) -> Iterator[None]:
    """Leave out what no request needs, whatever is wrong with it, and tell it as a warning."""
    try:
        yield
    except ArazzoError as error:
        skipped += left_out(what, error)


def nameless(parameter: Place) -> ArazzoError:
    """Return the error for a parameter of which nobody knows what it sets."""
    return ArazzoError(malformed("a parameter has no `name`, or an unknown `in`", parameter))


def declared_responses(
    places: OperationPlaces, resolver: Resolver, skipped: list[Diagnostic]
) -> Iterator[tuple[str, Place]]:
    """Yield the status of each response as it is written, with its place; what cannot be found is left out."""
    for status, place in members(places.at, "responses"):
        at = None
        if not status.startswith("x-"):
            with doing_without("response", skipped):
                at = resolver.resolve(place)
        if at is not None:
            yield status, at
