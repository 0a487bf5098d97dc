"""Schemas of inputs that stand in other documents: brought into the schema that refers to them.

Decides which references lead out of a schema, and where what they lead to stands in the whole one: among its `$defs`,
each once. What a reference names is decided by the resolver of API descriptions, which follows ``$id`` and anchors too.
A schema that refers to nothing elsewhere is left as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.descriptions.resources import resource_of
from arazzo_engine.apis.linking.inputs.source_references import into_source
from arazzo_engine.apis.linking.reach import walk
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.uris import resolve_uri
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.base_uris import base_uri
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import ArazzoDescription

_CLAUSE: Final = "Arazzo 1.1.0, Resolving URI Fragments"
_FIX: Final = "name a file that exists, or put the schema into `components/inputs` and refer to it there"
# what stands elsewhere has such a name among the `$defs`
OUTER: Final = "outer."
_COMPONENT: Final = lazy_pattern(r"#/components/inputs/([^/]+)(?:/.*)?", re.DOTALL)
# where descriptions of APIs have their schemas, and no component of Arazzo is
_OF_OPENAPI: Final = lazy_pattern(r"#(/components/schemas/[^/]+(?:/.*)?)", re.DOTALL)
_SHELF: Final = "the schemas that inputs refer to stand in `components/inputs`"
_REFERENCES: Final = ("$ref", "$dynamicRef")
# what names a schema in the document that it came from, and what no validator knows
_LEFT_OUT: Final = frozenset({"$id", "$schema", "$anchor", "$dynamicAnchor", "nullable"})
_NAMED: Final = frozenset({"$id"})
_DATA: Final = frozenset({"enum", "const", "default", "example", "examples"})
_MAPS: Final = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
_OLD: Final = lazy_pattern(r"3\.0\..*|2\..*")
# what stands for a schema that is not there: it knows every name
_ANYTHING: Final[dict[str, JsonValue]] = {"patternProperties": {"": {}}}
_BOUNDS: Final = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


class WholeInputs(Struct, frozen=True):
    """A schema of inputs with whatever it refers to elsewhere, and each reference that leads nowhere."""

    schema: JsonValue
    problems: tuple[Diagnostic, ...] = ()


def with_outer_schemas(schema: JsonValue, at: Place, description: ArazzoDescription, resolver: Resolver) -> WholeInputs:
    """Return a schema of a document with what it refers to elsewhere."""
    if not isinstance(schema, dict) or not _leads_out(schema, description):
        return WholeInputs(schema)
    bundle = _Bundle(description, resolver)
    written = bundle.write(schema, at, _NAMED)
    while bundle.waiting:
        key, place = bundle.waiting.pop()
        bundle.brought[key] = bundle.write(value_at(place), place, _LEFT_OUT)
    around = {"$defs": {**as_mapping(written.get("$defs")), **bundle.brought}}
    return WholeInputs({**written, **around}, tuple(bundle.problems))


def _leads_out(schema: JsonValue, description: ArazzoDescription) -> bool:
    """Whether a schema, or a component that it refers to, refers to something that is elsewhere."""
    components = description.components.inputs

    def referred(name: str) -> list[str]:
        found = (_COMPONENT.fullmatch(each) for each in references_in(components.get(name)))
        return [match[1] for match in found if match is not None]

    direct = [match[1] for each in references_in(schema) if (match := _COMPONENT.fullmatch(each))]
    parts = (schema, *(components.get(name) for name in walk(direct, referred)))
    found = [each for part in parts for each in references_in(part)]
    return any(_is_outer(each) or _is_on_other_shelf(each, description) for each in found)


def _is_outer(reference: str) -> bool:
    # a runtime expression is none
    return not reference.startswith(("#", "$"))


def _is_on_other_shelf(reference: str, description: ArazzoDescription) -> bool:
    """Whether a reference leads to a schema of the document where only descriptions of APIs have one."""
    match = _OF_OPENAPI.fullmatch(reference)
    try:
        found = match and description.at.document.content.at(parse_pointer(unquote(match[1])))
    except ValueError:
        return False
    return isinstance(found, dict)


def references_in(schema: JsonValue) -> Iterator[str]:
    """Yield the references of a schema and of those in it."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from (each for name in _REFERENCES if isinstance(each := part.get(name), str))
            waiting.extend(each for name, each in part.items() if name not in _DATA)
        elif isinstance(part, list):
            waiting.extend(part)


class _Bundle(Struct):
    description: ArazzoDescription
    resolver: Resolver
    problems: list[Diagnostic] = field(default_factory=list)
    waiting: list[tuple[str, Place]] = field(default_factory=list)
    brought: dict[str, JsonValue] = field(default_factory=dict)
    _keys: dict[Place, str] = field(default_factory=dict)

    def write(self, schema: JsonValue, at: Place, left_out: frozenset[str]) -> JsonValue:
        """Return a schema whose references lead into the whole one, without the members that are left out."""
        if isinstance(schema, list):
            return [self.write(each, at.child(index), left_out) for index, each in enumerate(schema)]
        if not isinstance(schema, dict):
            return schema
        written = {
            name: self._write_member(name, each, at, left_out)
            for name, each in schema.items()
            if name not in _REFERENCES and name not in left_out
        }
        references = [each for name in _REFERENCES if isinstance(each := schema.get(name), str)]
        is_brought = left_out is _LEFT_OUT
        written = _of_today(written, schema, at) if is_brought else written
        for each in references[:1]:
            target = self._target(each, at, is_brought=is_brought)
            written |= _ANYTHING if target is None else {"$ref": target}
        return written

    def _write_member(self, name: str, value: JsonValue, at: Place, left_out: frozenset[str]) -> JsonValue:
        if name in _DATA:
            return value
        inner = at.child(name)
        if name in _MAPS and isinstance(value, dict):
            return {key: self.write(each, inner.child(key), left_out) for key, each in value.items()}
        return self.write(value, inner, left_out)

    def _target(self, reference: str, at: Place, *, is_brought: bool) -> str | None:
        """Return the reference that leads within the whole schema to where one leads, ``None`` for nowhere."""
        is_named = resource_of(at)[1].pointer != ()
        is_own = at.document is self.description.at.document
        is_misplaced = not is_named and is_own and _is_on_other_shelf(reference, self.description)
        if not (is_brought or is_named or is_misplaced or _is_outer(reference) or _COMPONENT.fullmatch(reference)):
            return reference
        if is_misplaced:
            self._tell_shelf(reference, at)
        into = into_source(reference, self.description, self.resolver) if is_own else None
        reference, written = (reference if into is None else into.uri), reference
        base = base_uri(self.description)
        if not is_named and at.document is self.description.at.document and base != at.document.uri:
            # the base of an Arazzo document is its `$self`
            reference = resolve_uri(base, reference) if _is_outer(reference) else reference
        try:
            place = self.resolver.target(reference, at)
        except ArazzoError as error:
            self.problems += (replace(each, clause=_CLAUSE, fix=each.fix or _FIX) for each in error.diagnostics)
            return None
        if into is not None:
            self.problems.extend(into.told(written, at))
        if place not in self._keys:
            self._keys[place] = f"{OUTER}{len(self._keys) + 1}"
            self.waiting.append((self._keys[place], place))
        return f"#/$defs/{self._keys[place]}"

    def _tell_shelf(self, reference: str, at: Place) -> None:
        """Tell of the first schema that stands where none does; the others stand there, too."""
        if all(each.kind != _SHELF for each in self.problems):
            meant = reference.replace("/schemas/", "/inputs/", 1)
            message = f"`{reference}` is read as `{meant}`: {_SHELF}"
            fix = f"move what `components/schemas` has into `components/inputs`, and write `{meant}`"
            location = at.child("$ref").location()
            self.problems.append(diagnose("repaired", message, location, fix=fix, clause=_CLAUSE, kind=_SHELF))


def _of_today(written: dict[str, JsonValue], schema: dict[str, JsonValue], at: Place) -> dict[str, JsonValue]:
    """Return a schema of an API description in the dialect of inputs, which is that of 2020-12."""
    versions = (at.document.content.at((name,)) for name in ("openapi", "swagger"))
    if not any(isinstance(each, str) and _OLD.fullmatch(each) for each in versions):
        return written
    for keyword, bound in _BOUNDS:
        # "exclusiveMaximum" was a boolean that says how "maximum" is meant
        if isinstance(written.get(keyword), bool) and written.pop(keyword) and bound in written:
            written[keyword] = written.pop(bound)
    if schema.get("nullable") is True and isinstance(written.get("type"), str):
        written["type"] = [written["type"], "null"]
    return written
