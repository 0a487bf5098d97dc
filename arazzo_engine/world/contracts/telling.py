"""What is told of one message: a value held to its schema, a body to its media type, each flaw with its place.

Decides the words and the places of findings. A finding never shows a value; what cannot be read is told as what was not
checked, so that a silence means that nothing was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.validation.inputs.judged_files import as_judged
from arazzo_engine.world.contracts.matching import matching
from arazzo_engine.world.contracts.schemas.bundles import UnreadableError, bundle
from arazzo_engine.world.contracts.schemas.dialects import Dialect, Direction, dialect_of
from arazzo_engine.world.contracts.schemas.judging import Flaw, Judge, compile_judge, flaws_of
from arazzo_engine.world.contracts.values.bodies import BodyValue, NotWhatItClaimsError
from arazzo_engine.world.contracts.values.readings import readings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType, Operation
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.document import Place

_CODES: Final = {Direction.REQUEST: "request-contract", Direction.RESPONSE: "response-contract"}


class Contracts(Struct, frozen=True):
    """The schemas that messages were held to so far: each is compiled once."""

    resolver: Resolver
    judges: dict[tuple[str, tuple[str, ...], Direction], Judge | str] = field(default_factory=dict)


class Telling(Struct, frozen=True):
    """Puts what is wrong with one message into words, with the place of the schema that was not met."""

    contracts: Contracts
    operation: Operation
    direction: Direction

    @property
    def dialect(self) -> Dialect:
        """What the schemas of the description are written in."""
        return dialect_of(self.contracts.resolver.documents.get(self.operation.description_uri))

    @property
    def _unread(self) -> str:
        """What cannot be checked against, empty for a description that is read."""
        return self.dialect.unread if self.operation.is_described else "what no description has"

    def told(self, found: Iterator[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return what is found, once each; a description that cannot be followed is told as what is not checked."""
        if unread := self._unread:
            is_first = self.direction is Direction.REQUEST
            return (self.unchecked(unread),) if is_first else ()
        told: dict[Diagnostic, None] = {}
        try:
            for each in found:
                told[each] = None
        except ArazzoError:
            told[self.unchecked("a description with a reference that leads nowhere")] = None
        return tuple(told)

    def body(
        self, what: str, content_type: str, documented: tuple[MediaType, ...], read: Callable[[MediaType], BodyValue]
    ) -> Iterator[Diagnostic]:
        """Yield what is wrong with a body: its media type, or its value."""
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
            yield self.finding(message, self._place_of(described).key_location())
            return
        except UnreadableError as error:
            yield self.unchecked(str(error))
            return
        if described.schema is not None:
            found = tuple(self.judged(what, described.schema, [body]))
            is_opaque = kind_of_body(content_type) is BodyKind.BINARY
            yield from (
                [self.unchecked(f"a body of type `{media_type(content_type)}`")] if found and is_opaque else found
            )
        if described.item_schema is not None and isinstance(body.value, list):
            for index, each in enumerate(body.value):
                part = BodyValue(each, body.wire.within(None))
                yield from self.judged(f"element {index} of {what}", described.item_schema, [part])

    def judged(self, subject: str, schema: Schema, values: Iterable[BodyValue]) -> Iterator[Diagnostic]:
        """Yield what is wrong with a value, of which any of several readings may fit."""
        try:
            judge = self._judge(schema)
            root = judge.bundle.schema
            read = ((as_judged(one.value, root), one.wire) for one in values)
            flaws = flaws_of(judge, (each for value, wire in read for each in readings(value, root, root, wire)))
        except UnreadableError as error:
            yield self.unchecked(str(error))
            return
        for flaw in flaws:
            yield self.finding(f"{subject}{_where(flaw)} {flaw.complaint}", flaw.at.location())

    def _judge(self, schema: Schema) -> Judge:
        key = schema.at.document.uri, schema.at.pointer, self.direction
        judges = self.contracts.judges
        if key not in judges:
            try:
                judges[key] = compile_judge(bundle(schema, self.dialect, self.direction, self.contracts.resolver))
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
        named = f"is `{media_type(came)}`" if came.strip() else "has no `Content-Type`"
        message = f"{what} {named}; operation `{self.operation.label}` documents {listed}"
        return self.finding(message, self.operation.at.key_location())

    def finding(self, message: str, location: Location) -> Diagnostic:
        """Return a finding about the message."""
        return diagnose(_CODES[self.direction], message, location)

    def unchecked(self, what: str) -> Diagnostic:
        """Return what says that something was not checked."""
        message = f"operation `{self.operation.label}` was not checked as a whole: {what} cannot be"
        return diagnose("contract-unchecked", message, self.operation.at.key_location())


def _where(flaw: Flaw) -> str:
    return f" at `/{'/'.join(flaw.path)}`" if flaw.path else ""
