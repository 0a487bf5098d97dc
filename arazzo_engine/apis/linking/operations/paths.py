"""Which operation the ``operationPath`` of a step means: a JSON Pointer into a description, or what is read as one.

Decides what is said where it names none, and whether it is the id of an operation, which has a field of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from arazzo_engine.apis.linking.operations.opening import FoundOperation, Known
from arazzo_engine.apis.linking.repairs.exchanged_fields import ID, id_in_path, id_instead_of_path
from arazzo_engine.apis.linking.repairs.operations import (
    METHOD,
    NO_METHOD,
    ROUTE,
    parts_of_route,
    path_by_members,
    path_of_route,
    with_escaped_path,
    with_only_method,
)
from arazzo_engine.apis.linking.sources import AsyncApi
from arazzo_engine.apis.linking.taken import path_of_source
from arazzo_engine.diagnostics import ArazzoError, diagnose, did_you_mean, nearest
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.language.expressions.grammar import is_strict_id
from arazzo_engine.language.objects import ArazzoDescription

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.openapi import OpenApi
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer

_NO_PATH: Final = "name a path that the description has"
# `paths`, the path, the method
_OPERATION_TOKENS: Final = 3


def find_by_any_path(text: str, at: Place, known: Known) -> FoundOperation:
    """Return the operation that an operation path names, or a text that can be nothing but one, or its id.

    Raises ``ArazzoError``.
    """
    sources = known.sources
    # another operation could have the same route, or the same id, in a source that could not be opened
    named = _instead_of_path(text, known) if known.is_whole else None
    if named is not None:
        return _as_id(text, named, at, known)
    route = (path_of_route(text, sources) if known.is_whole else None) or text
    if route == text and path_of_source(text, known.description.source_names) is None:
        route = (path_by_members(text, sources) if known.is_whole else None) or text
    written = with_only_method(route, sources) or with_escaped_path(route, sources) or _pointer_of(route, known)
    reason = METHOD if with_only_method(route, sources) and route == text else ROUTE
    return FoundOperation(find_by_path(written, at, known), known.told(text, written, reason, at))


def _pointer_of(route: str, known: Known) -> str:
    """Return the pointer that a route with its method is, which no path has, so that what is near is told."""
    method, path = parts_of_route(route) or (NO_METHOD, "")
    if method == NO_METHOD or len(known.sources) != 1 or not known.apis:
        return route
    (source,) = known.apis
    return f"{{$sourceDescriptions.{source}.url}}#{path}/{method}"


def _instead_of_path(text: str, known: Known) -> tuple[str, str] | None:
    found = _nearly_named(text, known.description)
    by_file = f"$sourceDescriptions.{'.'.join(found)}" if found else text
    return id_instead_of_path(text, known.apis) or id_instead_of_path(by_file, known.apis)


def _as_id(text: str, named: tuple[str, str], at: Place, known: Known) -> FoundOperation:
    name, operation_id = named
    (place,) = known.apis[name].places_of(operation_id)
    problem = known.told_of_field(at, text, ("operationId", _written(named, known)), ID)
    return FoundOperation(known.apis[name].read(place), (problem,))


def _written(named: tuple[str, str], known: Known) -> str:
    name, operation_id = named
    return operation_id if len(known.sources) == 1 else f"$sourceDescriptions.{name}.{operation_id}"


def find_by_path(text: str, at: Place, known: Known) -> Operation:
    """Return the operation at a JSON Pointer into a source. Raises ``ArazzoError``."""
    match = path_of_source(text, known.description.source_names)
    if match is None:
        named = _nearly_named(text, known.description)
        if named is not None and isinstance(known.sources.get(named[0]), AsyncApi | ArazzoDescription):
            # what it is says more than how it is named
            known.open_api(named[0], at)
        message = f"`{text}` does not name an operation by its path"
        fix = _meant_id(text, known) or _corrected_path(text, named, known)
        raise ArazzoError(diagnose("operation-path-invalid", message, at.location(), fix=fix))
    name, written = match
    api = known.open_api(name, at)
    pointer_text = unquote(written)
    try:
        pointer = parse_pointer(pointer_text)
    except ValueError as error:
        raise ArazzoError(diagnose("operation-path-invalid", str(error), at.location())) from error
    operation = api.operation_at(pointer)
    if operation is None:
        message = f"`{pointer_text}` is no operation of source description `{name}`"
        fix = _of_several(pointer, api) or _meant_place(pointer, api)
        raise ArazzoError(diagnose("operation-not-found", message, at.location(), fix=fix))
    return operation


def _meant_place(pointer: Pointer, api: OpenApi) -> str:
    """Return the fix for the place of no operation: another method of its path, or a path that is nearly it."""
    if len(pointer) != _OPERATION_TOKENS:
        return did_you_mean(render_pointer(pointer), api.operation_pointers) or _NO_PATH
    of_path = tuple(api.pointers_of_path(pointer[1]))
    if not of_path:
        paths = [parse_pointer(each)[1] for each in api.operation_pointers]
        closest = nearest(pointer[1], paths)
        of_path = () if closest is None else tuple(api.pointers_of_path(closest))
    meant = sorted(of_path, key=lambda each: each[-1] != pointer[-1])
    return f"did you mean `{render_pointer(meant[0])}`?" if meant else _NO_PATH


def _of_several(pointer: Pointer, api: OpenApi) -> str:
    """Return the fix for a path without a method, of which the description has several."""
    found = [f"`{each[-1]}`" for each in api.pointers_of_path(pointer[-1])] if len(pointer) < _OPERATION_TOKENS else []
    return f"add the method that is meant: {', '.join(found[:-1])} or {found[-1]}" if len(found) > 1 else ""


def _nearly_named(text: str, description: ArazzoDescription) -> tuple[str, str] | None:
    """Return the source that a path nearly names, by its name or its url, with what follows its `#`."""
    before, sign, after = text.partition("#")
    words = before.strip("{}$ ").removeprefix("sourceDescriptions.").removesuffix(".url")
    found = (each.name for each in description.source_descriptions if words and words in {each.name, each.url})
    name = next(found, None)
    return None if name is None or not sign else (name, after)


def _meant_id(text: str, known: Known) -> str:
    """Return the fix for what seems to be the id of an operation of a source, empty when no such id is meant."""
    named = id_in_path(text, known.apis)
    closest = named and nearest(named[1], known.apis[named[0]].operation_ids)
    if named is None or closest is None:
        return ""
    return f"did you mean `operationId: {_written((named[0], closest), known)}`?"


def _corrected_path(text: str, named: tuple[str, str] | None, known: Known) -> str:
    of_id = id_in_path(text, known.description.source_names)
    name, pointer = named or (of_id[0] if of_id else next(iter(known.apis), "<name>"), "")
    before, _, after = text.partition("#")
    if named is None and after.startswith("/paths/"):
        # the place is right, and what stands before it may be the name of a source that is missing
        path, _, method = after.removeprefix("/paths/").rpartition("/")
        name = before if is_strict_id(before) else name
        pointer = f"/paths/{path.replace('/', '~1')}/{method}"
    if not pointer.startswith("/paths/"):
        method, path = parts_of_route(text) or (NO_METHOD, "/paths/~1<path>")
        pointer = f"{path}/{method}"
    return f"write `{{$sourceDescriptions.{name}.url}}#{pointer}`"
