"""Repairs of a step that has the id of its operation in `operationPath`, or the path of it in `operationId`.

The same rule as for other repairs: exactly one operation can be meant, and a warning says what to write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.linking.repairs.operations import id_that_is_meant, source_and_id
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from arazzo_engine.apis.descriptions.openapi import OpenApi

ID: Final = "an operation is named by its id in `operationId`"
_PATH: Final = lazy_pattern(r"/|paths[./~#]")


def id_in_path(text: str, names: Collection[str]) -> tuple[str, str] | None:
    """Return the source and the id that an operation path seems to hold, whether or not there is such an id.

    >>> id_in_path("$sourceDescriptions.shop.charge", ["shop"]), id_in_path("shop./charges.post", ["shop"])
    (('shop', 'charge'), None)
    """
    named = None if "#/paths/" in text else source_and_id(text, names)
    return None if named is None or not named[1] or _PATH.match(named[1]) else named


def id_instead_of_path(text: str, apis: Mapping[str, OpenApi]) -> tuple[str, str] | None:
    """Return the source and the id of the one operation that ``$sourceDescriptions.shop.charge`` names.

    So do ``charge``, ``{$sourceDescriptions.shop.url}#charge`` and their like. A path is none, whoever has it.
    """
    named = id_in_path(text, apis)
    asked = apis if named is None else {named[0]: apis[named[0]]}
    operation_id, _ = id_that_is_meant(text if named is None else named[1], asked)
    found = [name for name, api in asked.items() for _ in api.places_of(operation_id)]
    return (found[0], operation_id) if len(found) == 1 else None
