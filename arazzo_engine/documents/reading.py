"""Reading a text into a JSON value: JSON with the standard library, else YAML 1.2 with the core schema.

Decides what is well-formed and what a scalar is. Texts are untrusted: size, depth and aliases are bounded, and whatever
is wrong ends in a diagnostic with its place. Where a text comes from is not known here.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, diagnose
from arazzo_engine.documents.document import Document
from arazzo_engine.documents.json_text import parse_json
from arazzo_engine.documents.malformed import DuplicateKey, MalformedText
from arazzo_engine.documents.positions import find_span, locate_offset

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """``size`` is in characters; ``nodes`` counts values, those that aliases repeat included."""

    size: int = 50_000_000
    nodes: int = 5_000_000


_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_document(source: str | bytes, uri: str, name: str = "", limits: ReadingLimits = ReadingLimits()) -> Document:
    """Return the document in a text, known to people as ``name``.

    Raises ``ArazzoError``: ``malformed-json``, ``malformed-yaml``, ``duplicate-key``, ``yaml-feature``,
    ``document-too-deep``, ``document-too-large``.
    """
    name = name or uri
    if len(source) > limits.size:
        message = f"the document is larger than {limits.size:,} characters"
        raise ArazzoError(diagnose("document-too-large", message, locate_offset("", 0, name)))
    text = source if isinstance(source, str) else _decode(source, name)
    try:
        value = _parse(text, uri, limits)
    except MalformedText as error:
        location = locate_offset(text, error.offset, name)
        raise ArazzoError(diagnose(error.code, error.message, location, fix=error.fix)) from error
    except DuplicateKey as error:
        raise ArazzoError(_duplicate_key(text, name, error)) from error
    return Document(uri, name, text, value)


def _decode(source: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _BOMS if source.startswith(mark)), "utf-8")
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        before = source[: error.start].decode(encoding, errors="replace")
        location = locate_offset(before, len(before), name)
        message = f"the document is not {encoding.upper().removesuffix('-SIG')}: {error.reason}"
        raise ArazzoError(diagnose("malformed-yaml", message, location, fix="save it as UTF-8")) from error


def _parse(text: str, uri: str, limits: ReadingLimits) -> JsonValue:
    looks_like_json = text.lstrip()[:1] in {"{", "["}
    if not looks_like_json and not uri.endswith(".json"):
        return _parse_yaml(text, limits)
    try:
        return parse_json(text)
    except MalformedText as error:
        if uri.endswith(".json") or error.code != "malformed-json":
            raise
        json_error = error
    try:
        # flow style looks like JSON and may be YAML: `{a: 1}`
        return _parse_yaml(text, limits)
    except MalformedText as error:
        raise (json_error if error.code == "malformed-yaml" else error) from None


def _parse_yaml(text: str, limits: ReadingLimits) -> JsonValue:
    from arazzo_engine.documents.yaml_text import parse_yaml  # noqa: PLC0415 - a run whose texts are JSON needs no YAML

    return parse_yaml(text, limits.nodes)


def _duplicate_key(text: str, name: str, error: DuplicateKey) -> Diagnostic:
    first = locate_offset(text, find_span(text, error.pointer, "key").start, name)
    message = f"the key `{error.pointer[-1]}` stands twice in one mapping"
    related = (Related("the first one", first),)
    location = locate_offset(text, error.offset, name)
    return diagnose("duplicate-key", message, location, fix="remove one of the two", related=related)
