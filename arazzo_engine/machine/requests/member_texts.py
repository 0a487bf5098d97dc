"""Members of forms and multipart bodies, and parameters, that are written as JSON texts: what they are.

Decides which of the texts that a document writes are JSON: those that begin as an object or a list does, where the
description says that JSON stands there. In them values are escaped and the text is checked, as in a body that is JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import JSON, BodyKind, kind_of_body
from arazzo_engine.apis.wire_forms.content_types import PayloadKind, first_concrete, kind_of_text
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.strings import ExpressionString
from arazzo_engine.language.messages.payloads import is_json, parse_json
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate
from arazzo_engine.machine.requests.text_payloads import render_text

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Encoding, MediaType
    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.templates import Template

_IN_PARTS: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART})
AS_VALUES: Final = "write an object or a list in the place of the text, with each expression as a value in it"
_NESTED: Final = frozenset({"object", "array"})


def read_json_texts(template: Template, described: MediaType | None, scope: Scope) -> Template:
    """Return the payload with the JSON texts of its members read; raises ``ArazzoError`` and ``MissingValue``."""
    if described is None or kind_of_body(described.name) not in _IN_PARTS:
        return template
    shape = described.shape
    match template:
        case ObjectTemplate(members=members):
            encodings = described.encoding
            read = {
                name: _Member(shape and shape.of(name), encodings.get(name), described.name).read(each, scope)
                for name, each in members.items()
            }
            return replace(template, members=read)
        case ArrayTemplate(elements=elements):
            found = (
                _Member(shape and shape.at(index), described.encoding_at(index), described.name).read(each, scope)
                for index, each in enumerate(elements)
            )
            return replace(template, elements=tuple(found))
        case Literal(value=dict() | list()):
            return read_json_texts(_opened(template), described, scope)
        case _:
            return template


def is_json_text(template: Literal | ExpressionString) -> bool:
    """Whether a text that a document writes begins as an object or a list of JSON does."""
    match template:
        case Literal(value=str() as text) | ExpressionString(parts=(str() as text, *_)):
            return kind_of_text(text) is not PayloadKind.STRING
        case _:
            return False


def read_json_text(template: Literal | ExpressionString, scope: Scope, room: Room) -> tuple[str, JsonValue]:
    """Return a JSON text with its values in it, and what it says; raises ``ArazzoError`` and ``MissingValue``."""
    text = render_text(template, JSON, scope, room) if isinstance(template, ExpressionString) else str(template.value)
    try:
        return text, parse_json(text)
    except MalformedText as error:
        message = "the text is not JSON once its expressions are replaced, and JSON is what is sent there"
        raise ArazzoError(diagnose("request-body-malformed", message, template.at.location(), fix=AS_VALUES)) from error


def _opened(template: Template) -> Template:
    """Return a literal object or list as a template with its literal members."""
    match template:
        case Literal(value=dict() as members, at=at):
            return ObjectTemplate({name: Literal(each, at.child(name)) for name, each in members.items()}, at)
        case Literal(value=list() as elements, at=at):
            return ArrayTemplate(tuple(Literal(each, at.child(index)) for index, each in enumerate(elements)), at)
        case _:
            return template


class _Member(Struct, frozen=True):
    shape: Shape | None
    encoding: Encoding | None
    content_type: str

    def read(self, template: Template, scope: Scope) -> Template:
        match _opened(template):
            case ArrayTemplate(elements=elements):
                inner = replace(self, shape=self.shape and self.shape.items)
                return ArrayTemplate(tuple(inner.read(each, scope) for each in elements), template.at)
            case Literal() | ExpressionString() as written if is_json_text(written) and (
                self._is_part or self._is_text
            ):
                text, value = read_json_text(written, scope, scope.room())
                return Literal(value if self._is_part else text, written.at)
            case _:
                return template

    @property
    def _is_part(self) -> bool:
        """Whether the member is a JSON value of its own."""
        types = set() if self.shape is None else self.shape.types
        if self.encoding is not None and (self.encoding.style or self.encoding.content_type):
            kind = first_concrete(self.encoding.content_type)
            return not self.encoding.style and is_json(kind) and types != {"string"}
        # OpenAPI, Encoding Object: "If the property is complex, or an array of complex values, the default Content-Type
        # is application/json"
        return bool(types) and types <= _NESTED and kind_of_body(self.content_type) is BodyKind.MULTIPART

    @property
    def _is_text(self) -> bool:
        """Whether the member is a text that holds JSON."""
        if self.shape is None or (self.encoding is not None and (self.encoding.style or self.encoding.content_type)):
            return False
        return self.shape.types == {"object"} or is_json(self.shape.content_media_type)
