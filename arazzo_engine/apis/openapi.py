"""An OpenAPI description (3.0, 3.1, 3.2): which operations it has, and each as a value when it is used.

Decides what an operation is and where it stands. Reading one operation is done by ``read_operation``, and only when a
step uses it: a mistake in any other part of the description does no harm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.read_operation import read_operation
from arazzo_engine.apis.references import Documents, Resolver, value_at
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import render_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.operations import Operation
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_VERSION: Final = re.compile(r"3\.[0-2]\.\d+(-.+)?")
_OPERATION_POINTER: Final = 3  # paths, the path, the method


def open_api(name: str, document: Document, documents: Documents) -> OpenApi:
    """Return the description that source description ``name`` leads to.

    Raises ``ArazzoError`` (``version-unsupported``, ``unsupported-feature``).
    """
    value = document.value
    if "swagger" in value:
        message = f"source description `{name}` is OpenAPI `{value['swagger']}`, which is not read yet"
        raise ArazzoError(diagnose("unsupported-feature", message, document.root().child("swagger").location()))
    version = value.get("openapi")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        message = f"source description `{name}` is OpenAPI `{version}`; this engine reads 3.0, 3.1 and 3.2"
        at = document.root().child("openapi").location()
        raise ArazzoError(diagnose("version-unsupported", message, at, clause="OpenAPI, OpenAPI Object, openapi"))
    return OpenApi(name, document, Resolver(documents))


class OpenApi(Struct, eq=False):
    """An opened OpenAPI description; ``name`` is that of its source description."""

    name: str
    document: Document
    resolver: Resolver
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
        is_operation = len(pointer) == _OPERATION_POINTER and pointer[0] == "paths" and pointer[2] in METHODS
        if not is_operation:
            return None
        place = Place(self.document, pointer)
        return self.read(place) if isinstance(value_at(self._in_path_item(place)), dict) else None

    def read(self, place: Place) -> Operation:
        """Return the operation at ``paths/<path>/<method>``.

        Raises ``ArazzoError`` (``api-malformed``, ``reference-not-found``, …) when it cannot be used.
        """
        return read_operation(self.name, place, self._in_path_item(place), self.resolver)

    def _in_path_item(self, place: Place) -> Place:
        """Return the operation's own place, which a ``$ref`` of the path item can lead to."""
        *path, method = place.pointer
        item = Place(place.document, tuple(path))
        return place if method in _mapping(value_at(item)) else self.resolver.resolve(item).child(method)

    def _operations(self) -> Iterator[tuple[Place, dict[str, object]]]:
        paths = _mapping(_mapping(self.document.value).get("paths"))
        root = self.document.root()
        for path, item in paths.items():
            members = _mapping(item)
            if "$ref" in members:
                members = {**self._referred(root.child("paths", path)), **members}
            for method in METHODS:
                operation = members.get(method)
                if isinstance(operation, dict):
                    yield root.child("paths", path, method), operation

    def _referred(self, place: Place) -> dict[str, object]:
        try:
            return _mapping(value_at(self.resolver.resolve(place)))
        except ArazzoError:
            # told when the path is used: an operation that is not found there is told as not found
            return {}


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
