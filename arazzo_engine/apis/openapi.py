"""An OpenAPI description (2.0 to 3.2): which operations it has, and each as a value when it is used.

Decides what an operation is and where it stands. Reading one operation is done by ``read_operation`` and ``swagger``,
and only when a step uses it: a mistake in any other part of the description does no harm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.apis.read_operation import OperationPlaces, read_operation
from arazzo_engine.apis.references import Documents, Resolver, value_at
from arazzo_engine.apis.swagger import read_swagger_operation
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.apis.operations import Operation
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import Value

    ReadOperation: TypeAlias = Callable[[str, OperationPlaces, Resolver], Operation]

ADDITIONAL: Final = "additionalOperations"
_METHODS_2: Final = ("get", "put", "post", "delete", "options", "head", "patch")
_METHODS_3: Final = (*_METHODS_2, "trace")
_METHODS_3_2: Final = (*_METHODS_3, "query")
_VERSION: Final = re.compile(r"3\.([0-2])\.\d+(-.+)?")
_ABOVE_METHOD: Final = 2  # paths, the path
_CLAUSE: Final = "OpenAPI, OpenAPI Object, openapi"


class _Version(Struct, frozen=True):
    """What differs between the versions of OpenAPI: how operations are named, and how one is read."""

    methods: tuple[str, ...]
    has_additional: bool
    read: ReadOperation


_VERSIONS: Final = {
    "2.0": _Version(_METHODS_2, has_additional=False, read=read_swagger_operation),
    "3.0": _Version(_METHODS_3, has_additional=False, read=read_operation),
    "3.1": _Version(_METHODS_3, has_additional=False, read=read_operation),
    "3.2": _Version(_METHODS_3_2, has_additional=True, read=read_operation),
}


def open_api(name: str, document: Document, documents: Documents) -> OpenApi:
    """Return the description that source description ``name`` leads to.

    Raises ``ArazzoError`` (``version-unsupported``).
    """
    root = document.root()
    field = "openapi" if value_at(root.child("openapi")) is not ABSENT else "swagger"
    found = value_at(root.child(field))
    version = _VERSIONS.get(_feature_version(field, found))
    if version is None:
        message = f"source description `{name}` is OpenAPI `{found}`; this engine reads 2.0, 3.0, 3.1 and 3.2"
        at = root.child(field).location()
        raise ArazzoError(diagnose("version-unsupported", message, at, clause=_CLAUSE))
    return OpenApi(name, document, Resolver(documents), version)


def _feature_version(field: str, found: Value) -> str:
    """Return the major and minor version; 2.0 is a number in YAML when nobody put it in quotes."""
    if field == "swagger":
        return str(found)
    match = _VERSION.fullmatch(found) if isinstance(found, str) else None
    return f"3.{match[1]}" if match else ""


class OpenApi(Struct, eq=False):
    """An opened OpenAPI description; ``name`` is that of its source description."""

    name: str
    document: Document
    resolver: Resolver
    version: _Version
    _ids: dict[str, tuple[Place, ...]] | None = None

    def operation_ids(self) -> Mapping[str, tuple[Place, ...]]:
        """Return the places of the operations, by operationId."""
        if self._ids is None:
            self._ids = {}
            for place, operation in self._operations():
                operation_id = operation.get("operationId")
                if isinstance(operation_id, str):
                    self._ids[operation_id] = (*self._ids.get(operation_id, ()), place)
        return self._ids

    def operation_pointers(self) -> tuple[str, ...]:
        """Return the JSON Pointer of every operation."""
        return tuple(render_pointer(place.pointer) for place, _ in self._operations())

    def operation_at(self, pointer: Pointer) -> Operation | None:
        """Return the operation that a pointer names, ``None`` when it names something else."""
        if pointer[:1] != ("paths",) or not self._is_method(pointer[_ABOVE_METHOD:]):
            return None
        places = self._places(Place(self.document, pointer))
        return self.version.read(self.name, places, self.resolver) if _is_object(places.at) else None

    def read(self, place: Place) -> Operation:
        """Return the operation at ``paths/<path>/<method>``.

        Raises ``ArazzoError`` (``api-malformed``, ``reference-not-found``, …) when it cannot be used.
        """
        return self.version.read(self.name, self._places(place), self.resolver)

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
        if "$ref" not in _mapping(value_at(own)):
            return OperationPlaces(named, named, (own,))
        referred = self.resolver.resolve(own)
        return OperationPlaces(named, named if _is_object(named) else referred.child(*tokens), (own, referred))

    def _operations(self) -> Iterator[tuple[Place, dict[str, object]]]:
        root = self.document.root()
        for path, item in _mapping(value_at(root.child("paths"))).items():
            members = _mapping(item)
            if "$ref" in members:
                members = {**self._referred(root.child("paths", path)), **members}
            for tokens, operation in self._in_path_item(members):
                yield root.child("paths", path, *tokens), operation

    def _in_path_item(self, members: dict[str, object]) -> Iterator[tuple[Pointer, dict[str, object]]]:
        additional = _mapping(members.get(ADDITIONAL)) if self.version.has_additional else {}
        found: dict[Pointer, object] = {(method,): members.get(method) for method in self.version.methods}
        found.update({(ADDITIONAL, method): operation for method, operation in additional.items()})
        yield from ((tokens, operation) for tokens, operation in found.items() if isinstance(operation, dict))

    def _referred(self, place: Place) -> dict[str, object]:
        try:
            return _mapping(value_at(self.resolver.resolve(place)))
        except ArazzoError:
            # told when the path is used: an operation that is not found there is told as not found
            return {}


def _is_object(place: Place) -> bool:
    return isinstance(value_at(place), dict)


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
