"""Which operation without an id a text means that looks like one: its method and its path may name it.

Decides what is sure, as `postOrders` for `POST /orders`, and what is only offered, as `createOrder` for it. No
operation that has an id is meant so: it has a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import differ_in_number
from arazzo_engine.words import are_one_deed, is_done_with, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.openapi import OpenApi
from arazzo_engine.documents.pointers import Pointer

UNNAMED: Final = "an operation without an id is named by its description and a JSON Pointer"
_NO_LETTER: Final = lazy_pattern(r"[^a-z0-9]+")
_PLACEHOLDER: Final = lazy_pattern(r"\{[^{}]*\}")
_MOST_OFFERED: Final = 2


def path_of_unnamed(text: str, apis: Mapping[str, OpenApi]) -> str | None:
    """Return the path of the only operation without an id that a text names by its method and its path."""
    found = [_path(name, pointer) for name, pointer in _unnamed(apis) if is_spelt_by(text, pointer)]
    return found[0] if len(found) == 1 else None


def is_spelt_by(text: str, pointer: Pointer) -> bool:
    """Whether a text is what tools call the operation at a pointer by its method and its path."""
    return _letters(text) in _names(pointer)


def fix_by_unnamed(text: str, apis: Mapping[str, OpenApi]) -> str:
    """Return what to write where an operation without an id seems to be meant, empty where none or many may be."""
    deed, *rest = words_of(text) or ("",)
    thing, is_made = "".join(rest), are_one_deed(deed, "create")
    alike = [(name, at) for name, at in _unnamed(apis) if is_done_with(text, at[-1]) and _is_of(thing, at[1])]
    # anything may be done by `post`, which is likely where something is made
    likely = [each for each in alike if (each[1][-1] == "post") is is_made] or alike
    found = [f"`operationPath: {write_scalar(_path(name, at))}`" for name, at in likely]
    return f"did you mean {' or '.join(found)}?" if thing and 0 < len(found) <= _MOST_OFFERED else ""


def _unnamed(apis: Mapping[str, OpenApi]) -> Iterator[tuple[str, Pointer]]:
    return ((name, pointer) for name, api in apis.items() for pointer in api.unnamed)


def _path(name: str, pointer: Pointer) -> str:
    return f"{{$sourceDescriptions.{name}.url}}#{render_pointer(pointer)}"


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())


def _names(pointer: Pointer) -> frozenset[str]:
    """Return what tools call an operation by its method and its path, letters only."""
    _, path, *_, method = pointer
    paths = {_letters(path), _letters(path.replace("{", "by{"))}
    return frozenset(each for path in paths if path for each in (method.casefold() + path, path + method.casefold()))


def _is_of(thing: str, path: str) -> bool:
    """Whether a path leads to what is named: by its last words that are no placeholder."""
    last = next((each for each in reversed(path.split("/")) if each and not _PLACEHOLDER.fullmatch(each)), "")
    return _letters(last) == thing or differ_in_number(_letters(last), thing)
