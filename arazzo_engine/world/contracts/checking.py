"""Contract checks: whether requests and answers are what the API description says.

Decides what is told of a message that breaks its contract. What is checked of a request are the values that it was
written from, and of an answer the value it was read as. A finding never shows a value, and whether a run goes on is
decided by ``holding``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import In, parameter_key
from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.world.contracts.bodies import (
    BodyValue,
    NotWhatItClaimsError,
    read_body,
    read_payload,
    with_its_shape,
)
from arazzo_engine.world.contracts.bundles import UnreadableError, bundle
from arazzo_engine.world.contracts.dialects import Dialect, Direction, dialect_of
from arazzo_engine.world.contracts.headers import WIRE, Promised, header_values, promised_headers
from arazzo_engine.world.contracts.judging import Flaw, Judge, compile_judge, flaws_of
from arazzo_engine.world.contracts.matching import answer_of, matching
from arazzo_engine.world.contracts.readings import Wire, readings
from arazzo_engine.world.contracts.wires import wire_of_parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType, Operation, ParameterDescription
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.exchange import Request, Response
    from arazzo_engine.machine.effects import Send

# RFC 9110, section 6.4.1: "All 1xx (Informational), 204 (No Content), and 304 (Not Modified) responses do not include
# content", and section 15.3.6: "a server MUST NOT generate content in a 205 response"
_WITHOUT_CONTENT: Final = frozenset({204, 205, 304})
# RFC 9110, section 15.3.7: "transferring one or more parts of the selected representation"
_PARTIAL: Final = 206
# OpenAPI 3.0, Operation Object, requestBody: "In other cases where the HTTP spec is vague, `requestBody` SHALL be
# ignored."; RFC 9110, section 9.3.8: "A client MUST NOT send content in a TRACE request."
_VAGUE: Final = frozenset({"GET", "HEAD", "DELETE", "TRACE"})
# an empty body is a text, a form without members, no values in a row
_MAY_BE_EMPTY: Final = frozenset({BodyKind.TEXT, BodyKind.FORM, BodyKind.SEQUENCE, BodyKind.BINARY})


class Contract(Struct, frozen=True):
    """The contracts of all operations of a program; each schema is compiled once."""

    resolver: Resolver
    judges: dict[tuple[str, tuple[str, ...], Direction], Judge | str] = field(default_factory=dict)

    def check_request(self, effect: Send, operation: Operation) -> tuple[Diagnostic, ...]:
        """Return how a request differs from what its operation describes."""
        checking = _Checking(self, operation, Direction.REQUEST)
        return checking.told(itertools.chain(checking.parameters(effect), checking.payload(effect.request)))

    def check_response(self, operation: Operation, request: Request, response: Response) -> tuple[Diagnostic, ...]:
        """Return how an answer differs from what its operation describes."""
        checking = _Checking(self, operation, Direction.RESPONSE)
        return checking.told(checking.answer(request, response))


class _Checking(Struct, frozen=True):
    """Puts what is wrong with one message into words, with the place of the schema that was not met."""

    contract: Contract
    operation: Operation
    direction: Direction

    @property
    def dialect(self) -> Dialect:
        return dialect_of(self.contract.resolver.documents.get(self.operation.description_uri))

    def told(self, found: Iterator[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return what is found, once each; a description that cannot be followed is told as what is not checked."""
        if self.dialect.unread:
            is_first = self.direction is Direction.REQUEST
            return (self._unchecked(self.dialect.unread),) if is_first else ()
        told: dict[Diagnostic, None] = {}
        try:
            for each in found:
                told[each] = None
        except ArazzoError:
            told[self._unchecked("a description with a reference that leads nowhere")] = None
        return tuple(told)

    def parameters(self, effect: Send) -> Iterator[Diagnostic]:
        """Yield what is wrong with the parameters of a request."""
        sent = {parameter_key(each.name, each.location) for each, value in effect.parameters if _is_sent(each, value)}
        secured = {(each.scheme.parameter_name, each.scheme.location) for each in self.operation.requirements}
        for each in self.operation.parameters:
            key = parameter_key(each.name, each.location)
            if each.required and key not in sent and (each.name, each.location) not in secured:
                message = f"{each.location} parameter `{each.name}` is required and was not sent"
                yield self._finding(message, each.at.key_location())
        for description, value in effect.parameters:
            yield from self._parameter(description, value)

    def _parameter(self, description: ParameterDescription, value: JsonValue) -> Iterator[Diagnostic]:
        subject = f"{description.location} parameter `{description.name}`"
        schema = self._schema_of(description)
        if schema is None or not _is_sent(description, value):
            return
        if value in (None, "") and as_mapping(value_at(description.at)).get("allowEmptyValue") is True:
            return
        if description.location is In.QUERYSTRING and isinstance(value, str):
            from arazzo_engine.world.contracts.form_bodies import read_form  # noqa: PLC0415 - few queries are one text

            value = read_form(value.removeprefix("?").encode())
        yield from self._judged(subject, schema, [BodyValue(value, wire_of_parameter(description))])

    def _schema_of(self, description: ParameterDescription) -> Schema | None:
        if description.schema is not None or description.content_type is None:
            return description.schema
        place = self.contract.resolver.resolve(description.at.child("content", description.content_type))
        at = place.child("schema")
        return None if value_at(at) is ABSENT else Schema(at, value_at(at))

    def payload(self, request: Request) -> Iterator[Diagnostic]:
        """Yield what is wrong with the body of a request."""
        described = self.operation.request_body
        if described is None:
            return
        if request.payload is ABSENT:
            is_ignored = request.method.upper() in _VAGUE and (
                self.dialect.is_old or request.method.upper() != "DELETE"
            )
            if described.required and not is_ignored:
                message = "the request's body is required and was not sent"
                yield self._finding(message, described.at.key_location())
            return
        sent = header(request.headers, "content-type") or ""

        def read(each: MediaType) -> BodyValue:
            return read_payload(request.payload, request.content, sent, each)

        yield from self._body("the request's body", sent, described.media_types, read)

    def answer(self, request: Request, response: Response) -> Iterator[Diagnostic]:
        """Yield what is wrong with an answer: what HTTP says of a message goes before what is described."""
        described = answer_of(self.operation, response.status)
        if described is None:
            yield self._undocumented(response.status)
            return
        for promised in promised_headers(self.operation, described, self.contract.resolver):
            yield from self._header(promised, response)
        # RFC 9110, section 9.3.2: "the server MUST NOT send content in the response" to HEAD
        if request.method.upper() == "HEAD" or response.status in _WITHOUT_CONTENT or not described.media_types:
            return
        yield from self._content(response, described.media_types)

    def _content(self, response: Response, documented: tuple[MediaType, ...]) -> Iterator[Diagnostic]:
        what, came = "the answer's body", header(response.headers, "content-type")
        if not response.content:
            names = [came] if came else [each.name for each in documented]
            if not any(kind_of_body(each) in _MAY_BE_EMPTY for each in names):
                yield self._finding(f"{what} is documented and did not come", self.operation.at.key_location())
                return
        if response.status == _PARTIAL:
            yield self._unchecked("a part of a body")
        elif came is None and response.content:
            # RFC 9110, section 8.3: without Content-Type, "the recipient MAY either assume a media type of
            # "application/octet-stream" or examine the data to determine its type"
            yield self._unchecked("a body without a `Content-Type`")
        elif came is not None:
            shaped = documented
            if kind_of_body(came) is BodyKind.XML:
                shaped = tuple(with_its_shape(each, self.contract.resolver) for each in documented)
            yield from self._body(what, came, shaped, lambda each: read_body(response.content, came, each))

    def _header(self, promised: Promised, response: Response) -> Iterator[Diagnostic]:
        subject = f"the answer's header `{promised.name}`"
        text = header(response.headers, promised.name)
        if text is None:
            if promised.required:
                yield self._finding(f"{subject} is required and did not come", promised.at.key_location())
            return
        if promised.schema is None:
            return
        values = header_values(text, promised)
        if not values:
            yield self._finding(f"{subject} is not the JSON that it is described as", promised.at.key_location())
            return
        wire = Wire(-1) if promised.is_json else WIRE
        yield from self._judged(subject, promised.schema, [BodyValue(each, wire) for each in values])

    def _body(
        self, what: str, content_type: str, documented: tuple[MediaType, ...], read: Callable[[MediaType], BodyValue]
    ) -> Iterator[Diagnostic]:
        fitting = matching(content_type, documented)
        if documented and not fitting:
            yield self._other_type(what, content_type, documented)
            return
        told: list[tuple[Diagnostic, ...]] = []
        for each in fitting:
            told.append(tuple(self._described(what, content_type, each, read)))
            if not told[-1]:
                return
        # of several that differ in their parameters alone, one has to describe it
        yield from min(told, key=len, default=())

    def _described(
        self, what: str, content_type: str, described: MediaType, read: Callable[[MediaType], BodyValue]
    ) -> Iterator[Diagnostic]:
        if described.schema is None and described.item_schema is None:
            return
        try:
            body = read(described)
        except NotWhatItClaimsError:
            message = f"{what} is not the `{media_type(content_type)}` that it claims to be"
            yield self._finding(message, self._place_of(described).key_location())
            return
        except UnreadableError as error:
            yield self._unchecked(str(error))
            return
        if described.schema is not None:
            found = tuple(self._judged(what, described.schema, [body]))
            is_opaque = kind_of_body(content_type) is BodyKind.BINARY
            yield from (
                [self._unchecked(f"a body of type `{media_type(content_type)}`")] if found and is_opaque else found
            )
        if described.item_schema is not None and isinstance(body.value, list):
            for index, each in enumerate(body.value):
                part = BodyValue(each, body.wire.within(None))
                yield from self._judged(f"element {index} of {what}", described.item_schema, [part])

    def _judged(self, subject: str, schema: Schema, values: Iterable[BodyValue]) -> Iterator[Diagnostic]:
        try:
            judge = self._judge(schema)
            root = judge.bundle.schema
            flaws = flaws_of(judge, (each for one in values for each in readings(one.value, root, root, one.wire)))
        except UnreadableError as error:
            yield self._unchecked(str(error))
            return
        for flaw in flaws:
            yield self._finding(f"{subject}{_where(flaw)} {flaw.complaint}", flaw.at.location())

    def _judge(self, schema: Schema) -> Judge:
        key = schema.at.document.uri, schema.at.pointer, self.direction
        judges = self.contract.judges
        if key not in judges:
            try:
                judges[key] = compile_judge(bundle(schema, self.dialect, self.direction, self.contract.resolver))
            except UnreadableError as error:
                judges[key] = str(error)
        found = judges[key]
        if isinstance(found, str):
            raise UnreadableError(found)
        return found

    def _place_of(self, described: MediaType) -> Place:
        return self.operation.at if described.schema is None else described.schema.at

    def _other_type(self, what: str, came: str, documented: tuple[MediaType, ...]) -> Diagnostic:
        listed = ", ".join(f"`{each}`" for each in sorted({media_type(each.name) for each in documented}))
        message = f"{what} is `{media_type(came)}`; operation `{self.operation.label}` documents {listed}"
        return self._finding(message, self.operation.at.key_location())

    def _undocumented(self, status: int) -> Diagnostic:
        message = f"operation `{self.operation.label}` documents no answer with status {status}"
        listed = ", ".join(each.status for each in self.operation.responses)
        fix = f"it documents {listed}" if listed else "document the answers of the operation"
        return diagnose("response-undocumented", message, self.operation.at.key_location(), fix=fix)

    def _finding(self, message: str, location: Location) -> Diagnostic:
        return diagnose(f"{self.direction}-contract", message, location)

    def _unchecked(self, what: str) -> Diagnostic:
        message = f"operation `{self.operation.label}` was not checked as a whole: {what} cannot be"
        return diagnose("contract-unchecked", message, self.operation.at.key_location())


def _is_sent(description: ParameterDescription, value: JsonValue) -> bool:
    # an empty list or object leaves nothing in a query
    return not (
        description.location in {In.QUERY, In.COOKIE} and value in ([], {}) and description.content_type is None
    )


def _where(flaw: Flaw) -> str:
    return f" at `/{'/'.join(flaw.path)}`" if flaw.path else ""
