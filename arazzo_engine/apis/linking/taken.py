"""What a document takes from one of its sources: the operations and workflows that its steps name there.

Decides how much of that another document has, so that a source which is not where it should be can be told by what it
must define. Where documents are is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from msgspec import Struct

from arazzo_engine.apis.descriptions.openapi import OpenApi, open_api
from arazzo_engine.apis.linking.repairs.exchanged_fields import id_in_path
from arazzo_engine.apis.linking.repairs.operations import id_of_some_source, path_of_route, source_and_id
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.expressions.lookups import split_source
from arazzo_engine.language.objects import SourceType
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.descriptions.references import Documents
    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.language.objects import ArazzoDescription, SourceDescription, Step
    from arazzo_engine.vocabulary import Vocabulary

_SOURCES: Final = "$sourceDescriptions."
_QUALIFIED: Final = lazy_pattern(r"\$sourceDescriptions\.([A-Za-z0-9_\-]+)\.(.+)", re.DOTALL)
# "A Runtime Expression syntax MUST be used to identify the source description document."
_OPERATION_PATH: Final = lazy_pattern(r"\{\$sourceDescriptions\.([^{}]+)\.url\}#(/.*)", re.DOTALL)
_ANY_PLACE: Final = lazy_pattern(r"\{?(?:\$?sourceDescriptions\.)?([\w\-]+)(?:\.url)?\}?#(/.*)", re.DOTALL)
# a slash of a path, also as it is written in a JSON Pointer, and what else is escaped there
_BETWEEN_PARTS: Final = lazy_pattern(r"/|~[01]")
_STRICT: Final = lazy_pattern(r"[A-Za-z0-9_\-]+")
_VERSION_FIELDS: Final = (
    ("openapi", SourceType.OPENAPI),
    ("swagger", SourceType.OPENAPI),
    ("asyncapi", SourceType.ASYNCAPI),
    ("arazzo", SourceType.ARAZZO),
)


def qualified(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the source and the id that `$sourceDescriptions.<name>.<id>` names, a declared source first."""
    declared = split_source(text.removeprefix(_SOURCES), names) if text.startswith(_SOURCES) else None
    match = _QUALIFIED.fullmatch(text)
    return declared or ((match[1], match[2]) if match else None)


def path_of_source(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the source and the pointer of an operation path, ``None`` when it is none."""
    match = _OPERATION_PATH.fullmatch(text)
    is_name = match is not None and (match[1] in names or _STRICT.fullmatch(match[1]) is not None)
    return (match[1], match[2]) if match is not None and is_name else None


def place_in_source(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the source and the pointer that a text names in any way: also ``events#/channels/a`` does.

    What has a dot or a slash before the pointer is a file.
    """
    match = _ANY_PLACE.fullmatch(text)
    return path_of_source(text, names) or ((match[1], match[2]) if match else None)


class Taken(Struct, frozen=True):
    """The names that a document uses of one source: operationIds, JSON Pointers, routes, and workflowIds.

    An operationId may stand behind the name of the source, which is the ``prefix``.
    """

    type: SourceType | None
    operation_ids: frozenset[str] = frozenset()
    pointers: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    workflow_ids: frozenset[str] = frozenset()
    prefix: str = ""

    def __len__(self) -> int:
        return len(self.operation_ids) + len(self.pointers) + len(self.routes) + len(self.workflow_ids)

    def is_type_of(self, document: Document) -> bool:
        """Whether a document is a description of the kind that the source should be."""
        found = type_of(document)
        return found is not None and self.type in {None, found}

    def lacking_in(self, document: Document, documents: Documents) -> tuple[str, ...]:
        """Return the names that a document does not define, in order; all of them where it is of another kind."""
        if not self.is_type_of(document):
            return self.names
        if type_of(document) is SourceType.ARAZZO:
            defined = self.workflow_ids & set(_workflow_ids(document))
            return tuple(each for each in self.names if each not in defined)
        try:
            api = open_api("source", document, documents)
        except ArazzoError:
            return self.names
        return tuple(each for each in self.names if not self._defines(api, each))

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in order."""
        kinds = (self.operation_ids, self.pointers, self.routes, self.workflow_ids)
        return tuple(name for kind in kinds for name in sorted(kind))

    @property
    def words(self) -> tuple[str, ...]:
        """A text for each name that stands in whatever defines it: of a path, its longest part."""
        parts = (max(_BETWEEN_PARTS.split(each.partition("/")[2]), key=len) for each in (*self.pointers, *self.routes))
        ids = (each.removeprefix(self.prefix) for each in self.operation_ids)
        return (*ids, *self.workflow_ids, *parts)

    def _defines(self, api: OpenApi, name: str) -> bool:
        is_defined = name in self.operation_ids and bool(self._places_of_id(api, name))
        is_defined = is_defined or (name in self.pointers and name in api.operation_pointers)
        return is_defined or (name in self.routes and path_of_route(name, {api.name: api}) is not None)

    def _places_of_id(self, api: OpenApi, name: str) -> tuple[Place, ...]:
        return api.places_of(name) or api.places_of(name.removeprefix(self.prefix))

    def operations_in(self, document: Document, documents: Documents) -> tuple[Operation, ...]:
        """Return the operations that the names are of, none when one is of no operation, of several, or a workflow.

        Raises ``ArazzoError`` when one cannot be used.
        """
        if type_of(document) is not SourceType.OPENAPI:
            return ()
        api = open_api("source", document, documents)
        places = [self._places(api, each) for each in self.names]
        operations = [api.operation_at(place.pointer) for found in places if len(found) == 1 for place in found]
        found = tuple(each for each in operations if each is not None)
        return found if len(found) == len(self) else ()

    def _places(self, api: OpenApi, name: str) -> tuple[Place, ...]:
        if name in self.operation_ids:
            return self._places_of_id(api, name)
        path = path_of_route(name, {api.name: api}) if name in self.routes else f"#{name}"
        pointer = (path or "").partition("#")[2]
        return (api.document.root().child(*parse_pointer(pointer)),) if pointer else ()


def taken_from(source: SourceDescription, description: ArazzoDescription, opened: Mapping[str, object]) -> Taken:
    """Return what the steps of a document name of a source; ``opened`` are its sources that were found.

    An operationId without a source counts where it can be of no other one.
    """
    steps = (step for workflow in description.workflows for step in workflow.steps)
    named = [name for step in steps for name in _names(step, description.source_names)]
    others = [each.name for each in description.source_descriptions if each.name != source.name]
    is_last = all(each in opened for each in others)
    known = [each for each in opened.values() if isinstance(each, OpenApi)]
    operation_ids = {name for kind, owner, name in named if kind == "operation" and owner == source.name}
    if is_last and source.type in {None, SourceType.OPENAPI}:
        bare = {name for kind, owner, name in named if kind == "operation" and not owner}
        operation_ids |= {name for name in bare if not any(api.places_of(name) for api in known)}
    return Taken(
        source.type,
        frozenset(operation_ids),
        frozenset(name for kind, owner, name in named if kind == "pointer" and owner == source.name),
        frozenset(name for kind, _, name in named if kind == "route" and not others),
        frozenset(name for kind, owner, name in named if kind == "workflow" and owner == source.name),
        f"{source.name}.",
    )


def type_of(document: Document) -> SourceType | None:
    """Return what a document is a description of, ``None`` when it is none."""
    content = document.content
    return next((type_ for name, type_ in _VERSION_FIELDS if content.at((name,)) is not ABSENT), None)


def _names(step: Step, names: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, the source where one is named, and the name."""
    for kind, text in (("operation", step.operation_id), ("workflow", step.workflow_id)):
        found = qualified(text or "", names)
        if found or text:
            yield (kind, *found) if found else _named_oddly(kind, text or "", names)
    path = step.operation_path or ""
    if found := path_of_source(path, names):
        try:
            yield "pointer", found[0], render_pointer(parse_pointer(unquote(found[1])))
        except ValueError:
            return  # that it is no pointer is told when the step is linked
    elif found := id_in_path(path, names):
        yield ("operation", *found)
    elif path:
        yield "route", "", path


def _named_oddly(kind: str, text: str, names: Vocabulary) -> tuple[str, str, str]:
    # `$source.getPet`, `{$sourceDescriptions.petStore}.getPet`: told when the step is linked
    is_odd = kind == "operation" and text.startswith(("$", "{"))
    found = source_and_id(text, names) if is_odd else None
    if found is not None:
        return kind, *found
    # `petStore.getPet` may be the id itself
    owner = split_source(text, names) if kind == "operation" and not is_odd else None
    return kind, owner[0] if owner else "", (id_of_some_source(text) if is_odd else None) or text


def _workflow_ids(document: Document) -> Iterator[str]:
    workflows = document.content.at(("workflows",))
    for each in workflows if isinstance(workflows, list) else ():
        name = as_mapping(each).get("workflowId")
        if isinstance(name, str):
            yield name
