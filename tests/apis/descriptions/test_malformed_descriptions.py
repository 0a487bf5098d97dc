"""Whatever stands in a description in the wrong place is a diagnostic or does no harm; it is never a crash."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import Shelf

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.requirements import choose_security
from arazzo_engine.apis.servers import server_url
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.packed import Packed, pack
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.documents.reading import read_document
from arazzo_engine.simulation.answers import drafts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer

_DESCRIPTIONS: Final = {
    path.stem: read_document(path.read_bytes(), path.as_uri()).value
    for path in (*sorted(places.KENNEL.glob("kennel-*.yaml")), places.SHOP / "shop-api.yaml")
}
_JUNK: Final = st.one_of(
    st.sampled_from([None, True, 0, -1, 1.5, "", "x", [], {}, [None], [{}], {"": None}, {"$ref": 1}, {"$ref": "#"}]),
    st.sampled_from([{"$ref": "#/paths"}, {"$ref": "nowhere.yaml"}, {"$ref": "#/x"}, {"type": []}, {"in": "body"}]),
    st.sampled_from(
        [["a", 1], {"a": {"b": []}}, "array", "object", "query", "{x}", "https://{x}/", "http://[", "multi"]
    ),
)


def _pointers(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    yield pointer
    elements = enumerate(value if isinstance(value, list) else ())
    for token, each in value.items() if isinstance(value, dict) else elements:
        yield from _pointers(each, (*pointer, str(token)))


def _changed(value: Any, pointer: Pointer, junk: Any, key: str) -> Any:
    """Return the value with something else in one place, and once more under a name that may mean something there."""
    if not pointer:
        return junk
    changed = copy.deepcopy(value)
    owner = changed
    for token in pointer[:-1]:
        owner = owner[int(token)] if isinstance(owner, list) else owner[token]
    if isinstance(owner, list):
        owner[int(pointer[-1])] = junk
    else:
        owner[pointer[-1]] = junk
        owner[key] = junk
    return changed


def _use(document: Document) -> None:
    api = open_api("api", document, Shelf({}))
    for pointer in api.operation_pointers:
        try:
            operation = api.operation_at(parse_pointer(pointer))
            assert operation is not None
            drafts_of(operation, api.resolver)[0].response()
            server_url(operation, Access())
            choose_security(operation, (), Access())
        except ArazzoError:
            continue
    for operation_id in api.operation_ids:
        assert api.places_of(operation_id)


@pytest.mark.parametrize("name", _DESCRIPTIONS)
@settings(deadline=None)  # the machine may be busy
@given(data=st.data())
def test_a_value_in_the_wrong_place_is_no_crash(name: str, data: st.DataObject) -> None:
    value = _DESCRIPTIONS[name]
    pointer = data.draw(st.sampled_from(list(_pointers(value))), label="pointer")
    names = ("$ref", "parameters", "servers", "security", "content", "schema", "examples", "allOf", "$id", "properties")
    changed = _changed(value, pointer, data.draw(_JUNK, label="junk"), data.draw(st.sampled_from(names), label="name"))
    document = read_document(json.dumps(changed), "https://a.example/api.json", render_pointer(pointer))
    with suppress(ArazzoError):
        _use(document)


def test_a_packed_description_is_used_like_any_other() -> None:
    for value in _DESCRIPTIONS.values():
        document = read_document(json.dumps(value), "https://a.example/api.json")
        content = Packed(pack(value, {}), document.content)  # type: ignore[arg-type]  # whatever JSON it is
        _use(type(document)(document.uri, document.name, content))
