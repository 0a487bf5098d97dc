"""Repairs of how a step names its operation, which need the API descriptions: a route, an id in the wrong case.

The same rule as for repairs of a document: exactly one operation can be meant, and a warning says what to write.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from arazzo_engine.apis.descriptions.openapi import OpenApi
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.language.expressions.lookups import split_source
from arazzo_engine.language.repairs.values.space import NO_SPACE
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
_PATH_ITEM: Final = lazy_pattern(r"\{\$sourceDescriptions\.([A-Za-z0-9_\-]+)\.url\}#/paths/([^/]+)")
_ANY_PATH: Final = lazy_pattern(
    r"\{\$sourceDescriptions\.(?P<source>[\w\-]+)\.url\}#/paths/(?P<path>\S+)/(?P<method>[A-Za-z]+)"
)
_ROUTE: Final = lazy_pattern(
    r"(?:(?P<method>[A-Za-z]+)\s+)?(?:\{(?P<source>[\w\-]+)\}\.?|(?P<name>[\w\-]+)#)?(?P<path>/\S*)"
)
_OF_SOURCE: Final = lazy_pattern(r"\{?\$?(?:sourceDescriptions\.)?(?P<rest>.+)", re.DOTALL)
# a word in the place of a source: what other expressions begin with names no operation
_OF_SOME_SOURCE: Final = lazy_pattern(
    r"\$(?!(?:inputs|outputs|steps|workflows|components|request|response|message|self|url|method|statusCode)\b)"
    r"[\w\-]+\.(?P<id>[^{}$]+)"
)
_IN_BRACES: Final = lazy_pattern(r"\{[^{}]*\}")
# a variable of a path as routers write it
_COLON: Final = lazy_pattern(r"/:[A-Za-z_][\w\-]*(?=/|$)")
_JOINT: Final = lazy_pattern(r"(?:\.url)?\}?(?:#/?|/|::?|\.(?:operations\.)?)")
# the field, or the list of all operations, in front of an id
_BEHIND_FIELD: Final = lazy_pattern(r"operation(?:s|_?ids?)?[.#/:]+(?P<id>.+)", re.IGNORECASE | re.DOTALL)
_POINTER: Final = lazy_pattern(r"(?P<file>[^#]*)#(?P<path>/paths/.+)", re.DOTALL)
_ENTRY: Final = lazy_pattern(r"\[(['\"])([^'\"\]]*)\1\]")
_PATHS: Final = lazy_pattern(r"(?:\.url)?\}?[.#]*(?:/?paths(?=[./~#]))?[.#]*/?(?P<rest>/.*)", re.DOTALL)
_MEMBER: Final = lazy_pattern(
    r"(?P<path>/.*?)(?:[./](?P<method>get|put|post|delete|options|head|patch|trace|query))?", re.DOTALL | re.IGNORECASE
)
ROUTE: Final = "an operation is named by its description and a JSON Pointer"
# stands for the method of a route that has none
NO_METHOD: Final = "<method>"
METHOD: Final = "the path has one operation, which its method names"
SOURCE: Final = "a source description is named by an expression"
CASE: Final = "operation ids are compared with their case"
TAG: Final = "one operation has this id, and a tag of it stands before it"
FIELD: Final = "the id of an operation stands right behind its source description"


def path_of_route(text: str, sources: Mapping[str, object]) -> str | None:
    """Return the operation path that ``GET /pets`` or ``/pets`` is, ``None`` when not exactly one operation has it."""
    match = _ROUTE.fullmatch(text)
    if match is None:
        return None
    found = [
        f"{{$sourceDescriptions.{name}.url}}#{render_pointer(pointer)}"
        for name, source in sources.items()
        if isinstance(source, OpenApi) and (match["source"] or match["name"]) in {None, name}
        for pointer in _pointers_of(match["path"], source)
        if (match["method"] or pointer[-1]).casefold() == pointer[-1].casefold()
    ]
    return found[0] if len(found) == 1 else None


def parts_of_route(text: str) -> tuple[str, str] | None:
    """Return the method and the pointer of the path that ``GET /pets`` or ``/pets`` names, whoever has them.

    >>> parts_of_route("GET /pets/{id}"), parts_of_route("/pets")
    (('get', '/paths/~1pets~1{id}'), ('<method>', '/paths/~1pets'))
    """
    match = _ROUTE.fullmatch(text)
    if match is None:
        return None
    method = match["method"]
    return method.lower() if method else NO_METHOD, render_pointer(("paths", match["path"]))


def path_by_members(text: str, sources: Mapping[str, object]) -> str | None:
    """Return the operation path that ``$sourceDescriptions.petStore.paths./pets.get`` is, ``None`` for other texts.

    So are ``$sourceDescriptions.petStore./pets.get``, ``….paths['/pets'].get`` and their like. The source must be named
    or be the only one; whether the path has the method is not asked here, nor which one where none is named.
    """
    apis = {name: source for name, source in sources.items() if isinstance(source, OpenApi)}
    named = _OF_SOURCE.fullmatch(text)
    begun = [name for name in apis if named is not None and named["rest"].startswith(name)]
    name = max(begun, key=len, default=next(iter(apis)) if len(apis) == 1 else "")
    rest = named["rest"][len(name) if begun else 0 :] if named is not None else ""
    match = _PATHS.fullmatch(_ENTRY.sub(r".\2", rest).replace("~1", "/"))
    if not name or match is None or not (begun or text.startswith("paths")):
        return None
    member = match["rest"]
    is_braced = member.endswith("}") and member.count("}") > member.count("{")
    return _written_of(name, member[:-1] if is_braced else member, apis[name])


def _written_of(name: str, member: str, api: OpenApi) -> str | None:
    # a path may end as a method is called
    whole = api.pointers_of_path(member)
    found = _MEMBER.fullmatch(member)
    if found is None:
        return None
    pointer = whole[0][:-1] if whole else ("paths", found["path"], *filter(None, ((found["method"] or "").lower(),)))
    return f"{{$sourceDescriptions.{name}.url}}#{render_pointer(pointer)}"


def with_only_method(text: str, sources: Mapping[str, object]) -> str | None:
    """Return an operation path that ends at a path with the method of the only operation that the path has."""
    match = _PATH_ITEM.fullmatch(text)
    source = sources.get(match[1]) if match else None
    if match is None or not isinstance(source, OpenApi):
        return None
    path = unquote(match[2]).replace("~1", "/").replace("~0", "~")
    found = source.pointers_of_path(path)
    return f"{text}/{found[0][-1]}" if len(found) == 1 else None


def with_escaped_path(text: str, sources: Mapping[str, object]) -> str | None:
    """Return the operation path that ``…#/paths//pets/:id/GET`` is: escaped, braced, the method in small letters."""
    match = _ANY_PATH.fullmatch(text)
    source = sources.get(match["source"]) if match else None
    if match is None or not isinstance(source, OpenApi):
        return None
    if unquote(text.partition("#")[2]) in source.operation_pointers:
        return None
    path = "/" + unquote(match["path"]).replace("~1", "/").replace("~0", "~").lstrip("/")
    found = [each for each in _pointers_of(path, source) if each[-1].casefold() == match["method"].casefold()]
    return f"{{$sourceDescriptions.{match['source']}.url}}#{render_pointer(found[0])}" if found else None


def _pointers_of(path: str, source: OpenApi) -> tuple[Pointer, ...]:
    """Return the operations of a path, also of ``/pets/:id``, as routers write what is ``/pets/{petId}`` here."""
    found = source.pointers_of_path(path)
    if found or _COLON.search(path) is None:
        return found
    shape = _COLON.sub("/{}", path)
    pointers = map(parse_pointer, source.operation_pointers)
    alike = {each[1] for each in pointers if len(each) > 1 and _IN_BRACES.sub("{}", each[1]) == shape}
    return source.pointers_of_path(alike.pop()) if len(alike) == 1 else ()


def id_in_its_case(operation_id: str, apis: Mapping[str, OpenApi]) -> str | None:
    """Return the one operationId that differs from a text in its case only, ``None`` when the text is an id itself."""
    if is_id(operation_id, apis):
        return None
    found = [each for api in apis.values() for each in api.ids_whatever_case(operation_id)]
    return found[0] if len(found) == 1 else None


def id_that_is_meant(operation_id: str, apis: Mapping[str, OpenApi]) -> tuple[str, str]:
    """Return the id that a text is meant to be and why: space around it, another case, a tag or a word before it."""
    in_case = id_in_its_case(operation_id, apis)
    if in_case is not None or is_id(operation_id, apis):
        return in_case or operation_id, CASE
    if is_id(operation_id.strip(), apis):
        return operation_id.strip(), NO_SPACE
    found = [each for api in apis.values() for each in api.ids_behind_tag(operation_id)]
    if len(found) == 1:
        return found[0], TAG
    behind = _BEHIND_FIELD.fullmatch(operation_id)
    return (behind["id"], FIELD) if behind is not None and is_id(behind["id"], apis) else (operation_id, CASE)


def is_id(text: str, apis: Mapping[str, OpenApi]) -> bool:
    """Whether a text is the id of an operation of one of the descriptions, letter by letter."""
    return any(api.places_of(text) for api in apis.values())


def id_of_named_source(operation_id: str, apis: Mapping[str, OpenApi]) -> tuple[str, str] | None:
    """Return the source and id that ``petStore.getPet`` names, ``None`` when it is an id itself or names nothing.

    So do ``petStore#getPet``, ``{$sourceDescriptions.petStore}.getPet`` and their like.
    """
    found = source_and_id(operation_id, apis)
    if found is None or is_id(operation_id, apis):
        return None
    return found if len(apis[found[0]].places_of(found[1])) == 1 else None


def source_and_id(text: str, names: Collection[str]) -> tuple[str, str] | None:
    """Return the source and the id that a text seems to name, in whichever way, whether or not there is such an id.

    With one source, that is meant by any word in its place: ``$source.getPet``.
    """
    text = text[1:-1] if _IN_BRACES.fullmatch(text) else text
    found = split_source(text, names) or _split_otherwise(text, names)
    id_alone = id_of_some_source(text) if found is None and len(names) == 1 else None
    return found if id_alone is None else (next(iter(names)), id_alone)


def id_of_some_source(text: str) -> str | None:
    """Return the id behind a word that stands where a source should: that of ``$source.getPet`` is ``getPet``."""
    match = _OF_SOME_SOURCE.fullmatch(text)
    return match["id"] if match else None


def _split_otherwise(text: str, names: Collection[str]) -> tuple[str, str] | None:
    match = _OF_SOURCE.fullmatch(text)
    if match is None:
        return None
    named = [name for name in names if match["rest"].startswith(name)]
    name = max(named, key=len, default="")
    joint = _JOINT.match(match["rest"], len(name)) if name else None
    return None if joint is None else (name, match["rest"][joint.end() :])


def path_instead_of_id(text: str, sources: Mapping[str, object]) -> str | None:
    """Return the operation path that is meant where an id should stand: a route, or a pointer into a description."""
    apis = [name for name, source in sources.items() if isinstance(source, OpenApi)]
    pointer = _POINTER.fullmatch(text)
    if pointer is None:
        return path_of_route(text, sources)
    named = [name for name in apis if re.search(rf"(?<![\w\-]){re.escape(name)}(?![\w\-])", pointer["file"])]
    names = named or apis
    return f"{{$sourceDescriptions.{names[0]}.url}}#{pointer['path']}" if len(names) == 1 else None


def told(found: str, written: str, reason: str, at: Place) -> tuple[Diagnostic, ...]:
    """Return the warning that one text is read as another, none when they are the same."""
    if found == written:
        return ()
    message = f"`{found}` is read as `{written}`: {reason}"
    edits = [at.written(written)]
    return (diagnose("repaired", message, at.location(), fix=f"write `{written}`", edits=edits, kind=reason),)
