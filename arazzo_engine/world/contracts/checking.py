"""Contract checks: whether requests and responses are what the API description says, by openapi-core.

Decides what is told of a message that breaks its contract. A finding never shows a value, and whether a run goes on is
decided by ``checked_world``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from arazzo_engine.apis.servers import server_url
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.exchange import Response, header
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.validation.inputs.complaints import complaint
from arazzo_engine.world.contracts.description import HOST, OneOperation, is_read, one_operation, path_values
from arazzo_engine.world.contracts.deserializers import Deserializers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType, Operation
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.messages.exchange import Request


class Contract(Struct, frozen=True):
    """The contracts of all operations of a run."""

    resolver: Resolver
    access: Access

    def check_request(self, operation: Operation, request: Request) -> tuple[Diagnostic, ...]:
        """Return how a request differs from what its operation describes."""
        sent = _content_type(request)
        one = one_operation(operation, self.resolver, sent, "")
        if one is None:
            return (_unchecked(operation, "its version of OpenAPI"),)
        documented = () if operation.request_body is None else operation.request_body.media_types
        checking = _Checking(operation, self.resolver, documented, "the request's body", "request-contract")
        wrong = tuple(checking.check_type(sent)) if sent and documented and not is_read(sent) else ()
        found = checking.findings(
            lambda: _validators(one, self.resolver)[0].iter_errors(self._adapt(operation, request))
        )
        return (*found, *(wrong or (_unchecked(operation, each) for each in one.unread)))

    def check_response(self, operation: Operation, request: Request, response: Response) -> tuple[Diagnostic, ...]:
        """Return how a response differs from what its operation describes."""
        came = _content_type(response)
        one = one_operation(operation, self.resolver, "", came)
        if one is None:
            return ()  # told with the request
        documented = _documented(operation, response.status)
        checking = _Checking(operation, self.resolver, documented, "the answer's body", "response-contract")
        if came and documented and not is_read(came):
            wrong = tuple(checking.check_type(came))
            return wrong or tuple(_unchecked(operation, each) for each in one.unread)
        adapted = _Answer(response.status, response.content or None, came or "application/octet-stream", response)
        return checking.findings(
            lambda: _validators(one, self.resolver)[1].iter_errors(self._adapt(operation, request), adapted)
        )

    def _adapt(self, operation: Operation, request: Request) -> _Asked:
        server = server_url(operation, self.access)
        path, _, query = request.url[len(server) :].partition("?")
        return _Asked(operation, path, query, request)


class _Asked:
    """A request as openapi-core wants to see it."""

    def __init__(self, operation: Operation, path: str, query: str, request: Request) -> None:
        from openapi_core.datatypes import RequestParameters  # noqa: PLC0415 - an extra, imported when it is used
        from werkzeug.datastructures import Headers, ImmutableMultiDict  # noqa: PLC0415 - comes with openapi-core

        cookies = (each.partition("=") for each in (header(request.headers, "cookie") or "").split("; ") if each)
        self.host_url = HOST
        # a description may have several paths that a URL fits; which one is meant is known
        self.path = path
        self.path_pattern = operation.path
        self.method = operation.method.lower()
        self.body = request.content or None
        self.content_type = _content_type(request)
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(query, keep_blank_values=True)),
            header=Headers(list(request.headers)),
            cookie=ImmutableMultiDict([(name, value) for name, _, value in cookies]),
            path=path_values(operation.path, urlsplit(path).path),
        )


class _Answer:
    """A response as openapi-core wants to see it."""

    def __init__(self, status: int, data: bytes | None, content_type: str, response: Response) -> None:
        from werkzeug.datastructures import Headers  # noqa: PLC0415 - comes with openapi-core

        self.status_code = status
        self.data = data
        self.content_type = content_type
        self.headers = Headers(list(response.headers))


class _Checking(Struct, frozen=True):
    """Puts what openapi-core raised into words, with the place of the schema that was not met."""

    operation: Operation
    resolver: Resolver
    documented: tuple[MediaType, ...]
    what: str
    code: str

    def findings(self, check: Callable[[], Iterable[Exception]]) -> tuple[Diagnostic, ...]:
        """Return what a check raises or yields; what was sent has happened, and no schema may lose its report."""
        found: list[Diagnostic] = []
        try:
            for error in check():
                found.extend(self._explain(error))
        except Exception:  # noqa: BLE001 - a schema that is none makes the libraries fail in a hundred ways
            found.append(_unchecked(self.operation, "a schema that openapi-core fails at"))
        return tuple(found)

    def check_type(self, came: str) -> Iterator[Diagnostic]:
        """Yield a finding when no documented media type is the one that came."""
        known = {media_type(each.name) for each in self.documented}
        if not known & {media_type(came), "*/*", f"{media_type(came).partition('/')[0]}/*"}:
            listed = ", ".join(f"`{each}`" for each in sorted(known))
            message = f"{self.what} is `{media_type(came)}`; operation `{self.operation.label}` documents {listed}"
            yield self._finding(message, self.operation.at.key_location())

    def _explain(self, error: Exception) -> Iterator[Diagnostic]:
        from openapi_core.templating.responses.exceptions import ResponseNotFound  # noqa: PLC0415 - an extra

        if isinstance(error, ResponseNotFound):
            message = f"operation `{self.operation.label}` documents no answer with status {error.http_status}"
            listed = ", ".join(each.status for each in self.operation.responses)
            fix = f"it documents {listed}" if listed else "document the answers of the operation"
            yield diagnose("response-undocumented", message, self.operation.at.key_location(), fix=fix)
            return
        name, location = getattr(error, "name", None), getattr(error, "location", "header")
        subject = self.what if name is None else f"{location} parameter `{name}`"
        if self.code == "response-contract" and name is not None:
            subject = f"the answer's header `{name}`"
        at = self._at(name, location)
        schema_errors = tuple(getattr(error.__cause__, "schema_errors", None) or ())
        for each in schema_errors:
            yield self._finding(f"{subject}{_place_in(each)} {complaint(each)}", self._schema_location(each, at))
        if not schema_errors:
            yield self._finding(f"{subject} {_reason(error)}", (at or self.operation.at).key_location())

    def _at(self, name: str | None, location: str) -> Place | None:
        if name is not None:
            same = (each for each in self.operation.parameters if (each.name, each.location) == (name, location))
            found = next(same, None)
            return None if found is None or found.schema is None else found.schema.at
        schemas = [each.schema for each in self.documented if each.schema is not None and is_read(each.name)]
        return schemas[0].at if schemas else None

    def _schema_location(self, error: Any, at: Place | None) -> Location:  # noqa: ANN401 - jsonschema's
        if at is None:
            return self.operation.at.key_location()
        try:
            for token in error.absolute_schema_path:
                at = self.resolver.resolve(at) if token == "$ref" else self.resolver.resolve(at).child(token)  # noqa: S105 - a keyword
            return at.location()
        except ArazzoError:
            return self.operation.at.key_location()

    def _finding(self, message: str, location: Location) -> Diagnostic:
        return diagnose(self.code, message, location)


def _validators(one: OneOperation, resolver: Resolver) -> tuple[Any, Any]:
    import openapi_core  # noqa: PLC0415 - an extra
    from jsonschema_path import SchemaPath  # noqa: PLC0415 - comes with openapi-core

    from arazzo_engine.world.contracts.schemas import bounded  # noqa: PLC0415 - the same

    def load(uri: str) -> Any:  # noqa: ANN401 - JSON
        return resolver.documents.get(uri).value

    spec = SchemaPath.from_dict(
        one.value, base_uri=one.base_uri, handlers=dict.fromkeys(("file", "http", "https"), load)
    )
    settings: dict[str, Any] = {"spec_validator_cls": None, "extra_media_type_deserializers": Deserializers()}
    kinds = (getattr(openapi_core, f"V3{one.minor}{name}Validator") for name in ("Request", "Response"))
    checks_requests, checks_responses = (
        kind(spec, schema_validators_factory=bounded(kind.schema_validators_factory), **settings) for kind in kinds
    )
    return checks_requests, checks_responses


def _documented(operation: Operation, status: int) -> tuple[MediaType, ...]:
    by_status = {each.status.upper(): each.media_types for each in operation.responses}
    for name in (str(status), f"{status // 100}XX", "DEFAULT"):
        if name in by_status:
            return by_status[name]
    return ()


def _content_type(message: Request | Response) -> str:
    return header(message.headers, "content-type") or ""


def _place_in(error: Any) -> str:  # noqa: ANN401 - jsonschema's
    path = "/".join(str(token) for token in error.absolute_path)
    return f" at `/{path}`" if path else ""


def _reason(error: Exception) -> str:
    """Return why, without any value: what openapi-core says may quote one."""
    cause = error.__cause__ or error
    return _REASONS.get(type(cause).__name__, _REASONS.get(type(error).__name__, "is not as it is described"))


_REASONS: Final = {
    "MissingRequiredParameter": "is required and was not sent",
    "MissingRequiredRequestBody": "is required and was not sent",
    "MissingRequiredHeader": "is required and did not come",
    "MissingData": "is documented and did not come",
    "MediaTypeNotFound": "has a media type that is not documented",
    "MediaTypeDeserializeError": "is not of the media type that it claims",
    "EmptyQueryParameterValue": "is empty",
    "CastError": "is not of the type that its schema has",
    "ParameterDeserializeError": "is not in the style that is described",
}


def _unchecked(operation: Operation, what: str) -> Diagnostic:
    message = f"operation `{operation.label}` was not checked as a whole: {what} cannot be"
    return diagnose("contract-unchecked", message, operation.at.key_location())
