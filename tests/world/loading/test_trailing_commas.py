"""Commas behind last entries are read over with a warning, where nothing else is wrong with a JSON text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.world.engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

_INFO: Final = {"title": "t, } ,]", "version": "1"}
_OPERATION: Final = {"operationId": "a", "responses": {"200": {"description": "ok"}}}
_SERVERS: Final = [{"url": "https://shop.example.com"}]
_API: Final = {"openapi": "3.1.0", "info": _INFO, "servers": _SERVERS, "paths": {"/a": {"get": _OPERATION}}}
_DOCUMENT: Final = {
    "arazzo": "1.0.1",
    "info": _INFO,
    "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
    "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "a"}]}],
}


@pytest.fixture(autouse=True)
def _root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()


def _with_commas(value: Any) -> str:
    """Return a text with a comma behind its last entry, and behind that of what it begins with."""
    text = json.dumps(value, indent=1)
    return text.removesuffix("\n}") + ",\n}"


def _found(folder: Path, document: str, api: str, **options: Any) -> list[str]:
    (folder / "api.json").write_text(api)
    (folder / "w.arazzo.json").write_text(document)
    with Engine(**options) as engine:
        found = engine.validate(folder / "w.arazzo.json")
    return [
        f"{each.severity.value} {each.code} {each.location.uri[-13:]}:{each.location.line}"
        for each in found
        if each.location
    ]


def test_a_comma_behind_the_last_entry_of_a_document_or_a_source_is_a_warning(tmp_path: Path) -> None:
    document, api = json.dumps(_DOCUMENT, indent=1), json.dumps(_API, indent=1)
    assert _found(tmp_path, document, api) == []
    last = len(document.splitlines()) - 1
    (told,) = _found(tmp_path, _with_commas(_DOCUMENT), api)
    assert told == f"warning repaired w.arazzo.json:{last}"
    (told,) = _found(tmp_path, document, _with_commas(_API))
    assert told.startswith("warning repaired")
    assert told.endswith(f"api.json:{len(api.splitlines()) - 1}")


def test_places_behind_such_a_comma_are_those_of_the_text(tmp_path: Path) -> None:
    document = json.dumps(_DOCUMENT, indent=1).replace('"version": "1"', '"version": "1",').replace('"a"', '"gone"')
    line = next(at for at, each in enumerate(document.splitlines(), 1) if "gone" in each)
    assert f"error operation-not-found w.arazzo.json:{line}" in _found(tmp_path, document, json.dumps(_API))


@pytest.mark.parametrize(
    "wrong",
    ['"version": "1", // one', '"version": "1",, ', '"version": "1", "version": "2", ', "\"version\": '1', "],
)
def test_what_else_is_wrong_with_the_text_is_refused(tmp_path: Path, wrong: str) -> None:
    document = _with_commas(_DOCUMENT).replace('"version": "1"', wrong)
    assert _found(tmp_path, document, json.dumps(_API))[0].startswith("error malformed-json")


def test_an_empty_object_or_list_has_no_last_entry(tmp_path: Path) -> None:
    for empty in ("{,}", "[,]"):
        document = json.dumps({**_DOCUMENT, "x-more": 0}).replace('"x-more": 0', f'"x-more": {empty}')
        assert _found(tmp_path, document, json.dumps(_API)) == ["error malformed-json w.arazzo.json:1"]


def test_a_fix_removes_them_and_leaves_the_rest_of_the_text_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(_API))
    (tmp_path / "w.arazzo.json").write_text(text := _with_commas(_DOCUMENT))
    with Engine() as engine:
        fixed = engine.fix(tmp_path / "w.arazzo.json")
        assert fixed.text == json.dumps(_DOCUMENT, indent=1)
        assert [each.message for each in fixed.changes] == [
            "the document is JSON without this comma: a comma follows the last entry"
        ]
        (tmp_path / "w.arazzo.json").write_text(text.replace('"url": "api.json"', '"url": "sub/../api.jsn"'))
        fixed = engine.fix(tmp_path / "w.arazzo.json")
    assert fixed.text == json.dumps(_DOCUMENT, indent=1).replace('"api.json"', '"./api.json"')


def test_a_document_that_is_to_be_upgraded_has_to_be_sound(tmp_path: Path) -> None:
    (tmp_path / "w.arazzo.json").write_text(_with_commas({**_DOCUMENT, "arazzo": "1.0.1"}))
    with Engine() as engine, pytest.raises(ArazzoError, match="comma follows the last entry"):
        engine.upgrade(tmp_path / "w.arazzo.json")
