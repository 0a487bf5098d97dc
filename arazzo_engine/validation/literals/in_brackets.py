"""Names in brackets of a form, as `card[number]` and `types[]`: which member or element of what is described they are.

Decides it for names that nobody describes, of what is described as an object or a list. Such a name is sent as it is
written, which is what many servers take; only what its schema says of the value is asked of what is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.schemas.parts import UnreadSchemaError, properties
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.literals.known_parts import Open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.apis.descriptions.operations import MediaType
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.validation.literals.judging import Complaint

_NAME: Final = lazy_pattern(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_TOKEN: Final = lazy_pattern(r"\[([^\[\]]*)\]")
_REASON: Final = "a name in brackets is a part of what is described without them"
_NESTING: Final = frozenset({"object", "array"})


class OutOfBrackets(Struct, frozen=True):
    """A form by its members, and the name in brackets that is written for each path into them."""

    value: JsonValue
    written: Mapping[Pointer, str] = field(default_factory=dict)

    def as_written(self, complaint: Complaint) -> Complaint:
        """Return a complaint about a member with the name that stands in the form."""
        path = complaint.path
        ends = (end for end in range(len(path), 0, -1) if path[:end] in self.written)
        end = next(ends, None)
        return complaint if end is None else replace(complaint, path=(self.written[path[:end]], *path[end:]))

    def told(self, at: Place, described: MediaType) -> Iterator[Diagnostic]:
        """Yield a warning for each such name, with what is described."""
        is_form = kind_of_body(described.name) is BodyKind.FORM
        for path, name in self.written.items():
            *_, last = _TOKEN.findall(name)
            message = f"`{name}` is read as {_meant(path, last)}, and sent as it is written: {_REASON}"
            encoding = described.encoding.get(path[0])
            is_same = is_form and last and (encoding is None or encoding.style == "deepObject")
            fix = f"write `{_written(path, last)}`{'' if is_same else ', if the API takes it without brackets'}"
            yield diagnose("repaired", message, at.child(name).key_location(), fix=fix, kind=_REASON)


def _meant(path: Pointer, last: str) -> str:
    whole = f"`{'/'.join(path[:-1] if last else path)}`"
    return f"`{path[-1]}` of {whole}" if last else f"an element of {whole}"


def _written(path: Pointer, last: str) -> str:
    text = "…" if last else "[…]"
    for token in reversed(path[1:]):
        text = f"[{text}]" if token.isdecimal() else f"{{{token}: {text}}}"
    return f"{path[0]}: {text}"


def out_of_brackets(value: JsonValue, schema: Schema, parts: Parts) -> OutOfBrackets:
    """Return a form by the members that its names in brackets mean."""
    if not isinstance(value, dict) or not any("[" in name for name in value):
        return OutOfBrackets(value)
    try:
        whole = tuple(parts.together(schema))
        described = parts.names(whole)
        meant = {name: found for name in value if (found := _path(name, described)) and found[0] not in value}
        meant = {name: path for name, path in meant.items() if _nests(whole, path[0], parts)}
    except UnreadSchemaError:
        return OutOfBrackets(value)
    members = {name: each for name, each in value.items() if name not in meant}
    written: dict[Pointer, str] = {}
    for name, (first, *tokens) in meant.items():
        members[first] = _put(members.get(first), tokens, value[name])
        written[first, *(token for token in tokens if token)] = name
    return OutOfBrackets(members, written)


def _path(name: str, described: frozenset[str]) -> tuple[str, ...] | None:
    match = _NAME.fullmatch(name) if name not in described else None
    return (match[1], *_TOKEN.findall(match[2])) if match is not None and match[1] in described else None


def _nests(whole: tuple[Schema, ...], name: str, parts: Parts) -> bool:
    """Whether a property may be an object or a list."""
    for schema in properties(whole, name):
        for part in parts.together(schema):
            types = as_mapping(part.value).get("type")
            stated = set(map(str, as_list(types))) if isinstance(types, list) else {types} if types else _NESTING
            if not stated & _NESTING:
                return False
    return True


def _put(there: JsonValue, tokens: Sequence[str], value: JsonValue) -> JsonValue:
    """Return what is there with a value put into it; anything, where that is not clear."""
    if not tokens:
        return value if there is None else Open.ANY
    token, rest = tokens[0], tokens[1:]
    if not token:
        elements = value if isinstance(value, list) else [value]
        return [*(there or []), *elements] if not rest and isinstance(there, list | None) else Open.ANY
    if token.isdecimal() and isinstance(there, list | None):
        found = there or []
        index = int(token)
        if index > len(found):
            return Open.ANY
        inner = _put(found[index] if index < len(found) else None, rest, value)
        return [*found[:index], inner, *found[index + 1 :]]
    if not isinstance(there, dict | None):
        return Open.ANY
    return {**(there or {}), token: _put((there or {}).get(token), rest, value)}
