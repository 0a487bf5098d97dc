"""What is known of a step's body before it is sent: its payload with what is put into it, and where each part stands.

Decides which literal of a replacement goes into a part that an expression gives, so that it alone is known there. What
of all that is wrong is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.media_types import BodyKind
from arazzo_engine.documents.pointers import is_within
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.validation.literals.known_parts import Open, known_json, known_part, replaced

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import RequestBody

AS_TEXT: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART, BodyKind.XML})


class Put(Struct, frozen=True):
    """A value that a replacement puts at a pointer of a payload, and where it is written."""

    pointer: Pointer
    value: JsonValue
    at: Place


class KnownPayload(Struct, frozen=True):
    """The value of a body as far as it is known, what is put into it, and what is put where nothing else is known."""

    value: JsonValue
    put: tuple[Put, ...] = ()
    apart: tuple[Put, ...] = ()


def known_payload(body: RequestBody, kind: BodyKind) -> KnownPayload:
    """Return what is known of a body."""
    if body.payload is None:
        return KnownPayload(Open.ANY)
    value = known_json(body.payload) if kind is BodyKind.JSON else known_part(body.payload)
    if kind in AS_TEXT and not isinstance(value, dict):
        return KnownPayload(Open.ANY)
    known = KnownPayload(value)
    for replacement in body.replacements:
        pointer = replacement.place
        # what a query selects in what is not known is not known
        if pointer is None:
            return KnownPayload(Open.ANY)
        # a pointer may add a member; what a JSONPath does not select is told, and is nowhere
        if replacement.language is Language.JSONPOINTER or _may_be_there(known.value, pointer):
            put = Put(pointer, known_part(replacement.value), replacement.at.child("value"))
            known = _with(known, put)
    return known


def _with(known: KnownPayload, put: Put) -> KnownPayload:
    # what was put there before is there no more
    before = tuple(each for each in known.put if not is_within(each.pointer, put.pointer))
    apart = tuple(each for each in known.apart if not is_within(each.pointer, put.pointer))
    if _is_in_unknown(known.value, put.pointer):
        above = any(is_within(put.pointer, each.pointer) for each in apart)
        return KnownPayload(known.value, before, apart if above else (*apart, put))
    return KnownPayload(replaced(known.value, put.pointer, put.value), (*before, put), apart)


def _is_in_unknown(value: JsonValue, pointer: Pointer) -> bool:
    """Whether a pointer leads into what an expression gives."""
    part, rest = _led(value, pointer)
    return bool(rest) and part is Open.ANY


def _may_be_there(value: JsonValue, pointer: Pointer) -> bool:
    part, rest = _led(value, pointer)
    return not rest or part is Open.ANY


def _led(value: JsonValue, pointer: Pointer) -> tuple[JsonValue, Pointer]:
    """Return how far a pointer leads, and what is left of it."""
    for depth, token in enumerate(pointer):
        match value:
            case dict() if token in value:
                value = value[token]
            case list() if token.isdecimal() and int(token) < len(value):
                value = value[int(token)]
            case _:
                return value, pointer[depth:]
    return value, ()
