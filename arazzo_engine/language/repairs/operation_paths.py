"""Repairs of operation paths: the source description named in another way than the specification's.

What is decided here needs the names of the document only; whether the operation exists is for linking to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.pointers import render_pointer

if TYPE_CHECKING:
    from arazzo_engine.language.repairs.names import Names

_NAMED: Final = re.compile(
    r"\{?(?:\$sourceDescriptions\.)?(?P<name>[^{}#/]+?)(?:\.url)?\}?#(?P<pointer>/paths/.*)", re.DOTALL
)
_METHODS: Final = "get|put|post|delete|options|head|patch|trace"
_ROUTE: Final = re.compile(
    rf"(?P<method>{_METHODS})\s+(?:\{{(?P<name>[A-Za-z0-9_\-]+)\}}\.)?(?P<path>/\S*)", re.IGNORECASE
)


def name_by_pointer(text: str, names: Names) -> str | None:
    """``petStore#/paths/~1pets/get`` is ``{$sourceDescriptions.petStore.url}#/paths/~1pets/get``."""
    match = _NAMED.fullmatch(text)
    source = names.source(match["name"]) if match else None
    return None if match is None or source is None else _written(source, match["pointer"], text)


def name_by_route(text: str, names: Names) -> str | None:
    """``GET /pets`` is ``{$sourceDescriptions.petStore.url}#/paths/~1pets/get``, when there is one description."""
    match = _ROUTE.fullmatch(text)
    if match is None:
        return None
    source = names.only_openapi if match["name"] is None else names.source(match["name"])
    if source is None:
        return None
    return _written(source, render_pointer(("paths", match["path"], match["method"].lower())), text)


def _written(source: str, pointer: str, text: str) -> str | None:
    written = f"{{$sourceDescriptions.{source}.url}}#{pointer}"
    return written if written != text else None
