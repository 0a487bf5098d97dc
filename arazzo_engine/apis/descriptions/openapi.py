"""An OpenAPI description (2.0 to 3.2): which operations it has, and each as a value when it is used.

Decides what an operation is and where it stands. Reading one operation is done by ``openapi_2`` and ``openapi_3``,
and only when a step uses it: a mistake in any other part of the description does no harm.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.openapi_3 import read_openapi_3
from arazzo_engine.apis.descriptions.reading import ADDITIONAL, OperationPlaces
from arazzo_engine.apis.descriptions.references import Documents, Resolver, value_at
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import ABSENT, as_list, as_mapping
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import Value

    ReadOperation: TypeAlias = Callable[[str, OperationPlaces, Resolver], Operation]

# The name under which the list of operations is kept with a packed description
OPERATIONS: Final = "operations"
_METHODS_2: Final = ("get", "put", "post", "delete", "options", "head", "patch")
_METHODS_3: Final = (*_METHODS_2, "trace")
_METHODS_3_2: Final = (*_METHODS_3, "query")
_VERSION: Final = lazy_pattern(r"(3\.[0-2])(\.\d+(-.+)?)?")
_ABOVE_METHOD: Final = 2  # paths, the path
_CLAUSE: Final = "OpenAPI, OpenAPI Object, openapi"


def _read_2_0(source: str, places: OperationPlaces, resolver: Resolver) -> Operation:
    from arazzo_engine.apis.descriptions.openapi_2 import read_openapi_2  # noqa: PLC0415 - most descriptions are 3.x

    return read_openapi_2(source, places, resolver)


class _Version(Struct, frozen=True):
    """What differs between the versions of OpenAPI: how operations are named, and how one is read."""

    methods: tuple[str, ...]
    has_additional: bool
    read: ReadOperation


_VERSIONS: Final = {
    "2.0": _Version(_METHODS_2, has_additional=False, read=_read_2_0),
    "3.0": _Version(_METHODS_3, has_additional=False, read=read_openapi_3),
    "3.1": _Version(_METHODS_3, has_additional=False, read=read_openapi_3),
    "3.2": _Version(_METHODS_3_2, has_additional=True, read=read_openapi_3),
}


# what is left of a text before an id that stands behind a tag
_BEHIND_TAG: Final = lazy_pattern(r"(.+)[_.\-/:]", re.DOTALL)
# An operationId, if there is one, the path, and the tokens below it; without tokens the path item has a `$ref`
Row: TypeAlias = "list[str | None]"


def open_api(name: str, document: Document, documents: Documents) -> OpenApi:
    """Return the description that source description ``name`` leads to.

    Raises ``ArazzoError`` (``version-unsupported``).
    """
    field, found, version = _version_of(document)
    if version is None:
        message = f"source description `{name}` is OpenAPI `{found}`; this engine reads 2.0, 3.0, 3.1 and 3.2"
        at = document.root().child(field).location()
        raise ArazzoError(diagnose("version-unsupported", message, at, clause=_CLAUSE))
    return OpenApi(name, document, Resolver(documents), version)


def list_operations(document: Document) -> list[Row]:
    """Return where the operations of a description stand, as JSON: what ``OpenApi`` needs to find one by its id.

    Nothing is followed, so that the list depends on this document alone. Empty when it is no description.
    """
    *_, version = _version_of(document)
    paths = as_mapping(document.content.at(("paths",)))
    return [] if version is None else [row for path, item in paths.items() for row in _rows(path, item, version)]


def _rows(path: str, item: Value, version: _Version) -> Iterator[Row]:
    members = as_mapping(item)
    additional = as_mapping(members.get(ADDITIONAL)) if version.has_additional else {}
    found: dict[Pointer, Value] = {(method,): members.get(method) for method in version.methods}
    found.update({(ADDITIONAL, method): operation for method, operation in additional.items()})
    for tokens, operation in found.items():
        if isinstance(operation, dict):
            operation_id = operation.get("operationId")
            yield [operation_id if isinstance(operation_id, str) else None, path, *tokens]
    if isinstance(members.get("$ref"), str):
        yield [None, path]


def _version_of(document: Document) -> tuple[str, Value, _Version | None]:
    """Return the field that says the version, what it says, and what that means."""
    content = document.content
    field = "swagger" if content.at(("openapi",)) is ABSENT else "openapi"
    found = content.at((field,))
    # 2.0 is a number in YAML when nobody put it in quotes
    match = _VERSION.fullmatch(str(found))
    return field, found, _VERSIONS.get((str(found) if field == "swagger" else match and match[1]) or "")


class OpenApi(Struct, eq=False, dict=True):
    """An opened OpenAPI description; ``name`` is that of its source description."""

    name: str
    document: Document
    resolver: Resolver
    version: _Version
    _rows: list[Row] | None = None
    _by_id: dict[str, list[Row]] | None = None
    _read: dict[Pointer, Operation] = field(default_factory=dict)

    @cached_property
    def operation_ids(self) -> Vocabulary:
        """The operationIds, each once."""
        return Vocabulary(tuple(self._rows_by_id()))

    @cached_property
    def operation_pointers(self) -> Vocabulary:
        """The JSON Pointer of every operation."""
        return Vocabulary(tuple(render_pointer(self._place(row).pointer) for row in self._operations()))

    @property
    def unnamed(self) -> Iterator[Pointer]:
        """The pointers of the operations that have no operationId."""
        return (self._place(row).pointer for row in self._operations() if row[0] is None)

    def ids_whatever_case(self, operation_id: str) -> tuple[str, ...]:
        """Return the operationIds that differ from a text in their case at most."""
        return self._by_folded_id.get(operation_id.casefold(), ())

    def ids_behind_tag(self, text: str) -> tuple[str, ...]:
        """Return the operationIds of which a text is one behind a tag of its operation, as generators name methods."""
        return tuple(
            each
            for each in self.operation_ids
            if text.endswith(each)
            and (tag := _BEHIND_TAG.fullmatch(text, 0, len(text) - len(each)))
            and any(self._has_tag(tag[1], each))
        )

    def _has_tag(self, tag: str, operation_id: str) -> Iterator[bool]:
        for place in self.places_of(operation_id):
            tags = as_list(value_at(self._places(place).at.child("tags")))
            yield tag.casefold() in (each.casefold() for each in tags if isinstance(each, str))

    @cached_property
    def _by_folded_id(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for each in self.operation_ids:
            found[each.casefold()] = (*found.get(each.casefold(), ()), each)
        return found

    def pointers_of_path(self, path: str) -> tuple[Pointer, ...]:
        """Return the pointers of the operations of a path, as it is written in the description."""
        return self._by_path.get(path, ())

    @cached_property
    def _by_path(self) -> dict[str, tuple[Pointer, ...]]:
        found: dict[str, list[Pointer]] = {}
        for row in self._operations():
            found.setdefault(str(row[1]), []).append(self._place(row).pointer)
        return {path: tuple(pointers) for path, pointers in found.items()}

    def places_of(self, operation_id: str) -> tuple[Place, ...]:
        """Return the places of the operations that have this operationId: one, if the description is right."""
        return tuple(map(self._place, self._rows_by_id().get(operation_id, ())))

    def home_of(self, place: Place) -> Place:
        """Return where an operation is written: it can be in what a ``$ref`` of its path item leads to."""
        return self._places(place).at

    def operation_at(self, pointer: Pointer) -> Operation | None:
        """Return the operation that a pointer names, ``None`` when it names something else."""
        if pointer[:1] != ("paths",) or not self._is_method(pointer[_ABOVE_METHOD:]):
            return None
        place = Place(self.document, pointer)
        return self.read(place) if _is_object(self._places(place).at) else None

    def read(self, place: Place) -> Operation:
        """Return the operation at ``paths/<path>/<method>``.

        Raises ``ArazzoError`` (``api-malformed``, ``reference-not-found``, …) when it cannot be used.
        """
        if place.pointer not in self._read:
            self._read[place.pointer] = self.version.read(self.name, self._places(place), self.resolver)
        return self._read[place.pointer]

    def readable_operations(self) -> Iterator[Operation]:
        """Yield every operation; one that cannot be read is left out, as if it were not there."""
        for row in self._operations():
            try:
                operation = self.operation_at(self._place(row).pointer)
            except ArazzoError:
                continue
            if operation is not None:
                yield operation

    def _is_method(self, tokens: Pointer) -> bool:
        match tokens:
            case (method,):
                return method in self.version.methods
            case (owner, _):
                return owner == ADDITIONAL and self.version.has_additional
            case _:
                return False

    def _places(self, named: Place) -> OperationPlaces:
        """Return where the operation is, which can be in what a ``$ref`` of the path item leads to."""
        own = Place(named.document, named.pointer[:_ABOVE_METHOD])
        tokens = named.pointer[_ABOVE_METHOD:]
        if not isinstance(value_at(own.child("$ref")), str):
            return OperationPlaces(named, named, (own,))
        referred = self.resolver.resolve(own)
        return OperationPlaces(named, named if _is_object(named) else referred.child(*tokens), (own, referred))

    def _place(self, row: Row) -> Place:
        return self.document.root().child("paths", *map(str, row[1:]))

    def _rows_by_id(self) -> dict[str, list[Row]]:
        if self._by_id is None:
            self._by_id = {}
            for row in self._operations():
                if row[0] is not None:
                    self._by_id.setdefault(row[0], []).append(row)
        return self._by_id

    def _operations(self) -> list[Row]:
        if self._rows is None:
            listed = self.document.content.derived(OPERATIONS) or list_operations(self.document)
            referring = [str(row[1]) for row in listed if len(row) <= _ABOVE_METHOD]
            self._rows = self._with_referred(listed, referring) if referring else listed
        return self._rows

    def _with_referred(self, listed: list[Row], referring: list[str]) -> list[Row]:
        own = {tuple(row[1:]): row for row in listed if _is_operation(row)}
        referred = (row for path in referring for row in self._referred(path) if tuple(row[1:]) not in own)
        return [*own.values(), *referred]

    def _referred(self, path: str) -> list[Row]:
        try:
            item = value_at(self.resolver.resolve(self.document.root().child("paths", path)))
        except ArazzoError:
            # told when the path is used: an operation that is not found there is told as not found
            return []
        return [row for row in _rows(path, item, self.version) if _is_operation(row)]


def _is_operation(row: Row) -> bool:
    return len(row) > _ABOVE_METHOD


def _is_object(place: Place) -> bool:
    return isinstance(value_at(place), dict)
