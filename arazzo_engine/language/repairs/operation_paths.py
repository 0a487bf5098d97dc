"""Repairs of operation paths: the source description named in another way than the specification's.

What is decided here needs the names of the document only; whether the operation exists is for linking to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.language.repairs.names import Names

_NAMED: Final = lazy_pattern(
    r"\{?(?:\$sourceDescriptions\.)?(?P<name>[^{}#/]+?)(?:\.url)?\}?#(?P<pointer>/paths/.*)", re.DOTALL
)
_METHODS: Final = "get|put|post|delete|options|head|patch|trace"
_ROUTE: Final = lazy_pattern(
    rf"(?:(?P<before>[A-Za-z0-9_\-]+)\.)?(?P<method>{_METHODS})\s+(?:\{{(?P<name>[A-Za-z0-9_\-]+)\}}\.)?(?P<path>/\S*)",
    re.IGNORECASE,
)


# a file or a URL, and not the name of a source
_FILE: Final = lazy_pattern(r"[^#{}$]*(?P<pointer>#/paths/.*)", re.DOTALL)


def name_by_pointer(text: str, names: Names) -> str | None:
    """``petStore#/paths/~1pets/get`` is ``{$sourceDescriptions.petStore.url}#/paths/~1pets/get``."""
    match = _NAMED.fullmatch(text)
    source = names.source(match["name"]) if match else None
    if match is not None and source is not None:
        return _written(source, match["pointer"], text)
    of_file = _FILE.fullmatch(text)
    # where there is one description, its file or nothing in front of the pointer is that one
    return _written(names.only_openapi, of_file["pointer"][1:], text) if of_file and names.only_openapi else None


def name_by_route(text: str, names: Names) -> str | None:
    """``GET /pets`` is ``{$sourceDescriptions.petStore.url}#/paths/~1pets/get``, when there is one description."""
    match = _ROUTE.fullmatch(text)
    if match is None:
        return None
    named = match["before"] or match["name"]
    source = names.only_openapi if named is None else names.source(named)
    if source is None:
        return None
    return _written(source, render_pointer(("paths", match["path"], match["method"].lower())), text)


def _written(source: str, pointer: str, text: str) -> str | None:
    if "~1:" in pointer:
        return None  # a variable as routers write it: what it is called, the description knows
    written = f"{{$sourceDescriptions.{source}.url}}#{pointer}"
    return written if written != text else None
