"""Looking for a source costs each folder and each file once, and a file that cannot be meant is not read as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sought import api, calling, check, only, write

from arazzo_engine.apis.linking.taken import Taken
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.objects import SourceType
from arazzo_engine.world.caching import descriptions
from arazzo_engine.world.loading import finding, project
from arazzo_engine.world.loading.project import content_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Nothing marks the root: the folders above a document are looked through in turn."""
    (tmp_path.parent / ".git").rmdir()
    write(tmp_path / "apis" / "one.json", api("a"))
    write(tmp_path / "team" / "two.json", api("b"))
    return tmp_path


def _recorded(function: Callable[..., Any], calls: list[Any]) -> Callable[..., Any]:
    def record(*arguments: Any) -> Any:
        calls.append(arguments[0])
        return function(*arguments)

    return record


def test_a_folder_is_listed_once_for_all_sources_and_rules(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[Path] = []
    monkeypatch.setattr(project, "files_below", _recorded(project.files_below, listed))
    document = calling("gone.json", "a")
    document["sourceDescriptions"].append({"name": "other", "url": "away.json", "type": "openapi"})
    check(write(root / "team" / "flows" / "doc.json", document))
    assert listed[:3] == [root / "team" / "flows", root / "team", root]
    assert len(listed) == len(set(listed))


def test_a_file_is_looked_into_once_by_a_rule_however_many_folders_hold_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_into: list[Path] = []
    monkeypatch.setattr(finding, "content_of", _recorded(content_of, looked_into))
    found = only(check(write(root / "team" / "flows" / "doc.json", calling("gone.json", "a"))))
    assert found.fix == "write `../../apis/one.json`"
    assert looked_into == [root / "team" / "two.json", root / "apis" / "one.json"]


@pytest.mark.parametrize("path", ["{$sourceDescriptions.api.url}#/paths/~1other-path/get", "GET /other-path"])
def test_a_file_without_the_path_that_is_called_is_not_read(
    path: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(descriptions, "read_document", _recorded(read_document, read))
    write(root / "apis" / "zzz.json", {"openapi": "3.1.0", "info": {}, "paths": {"/zzz": {}}})
    write(root / "apis" / "one.json", {"openapi": "3.1.0", "info": {}, "paths": {"/other-path": {"get": {}}}})
    document = calling("gone.json", "unused")
    document["workflows"][0]["steps"] = [{"stepId": "s", "operationPath": path}]
    problems = check(write(root / "team" / "doc.json", document)).problems
    assert "write `../apis/one.json`" in [each.fix for each in problems]
    assert [each for each in read if b"zzz" in each] == []


def test_of_what_is_used_a_word_stands_in_whatever_defines_it_however_slashes_are_written_there() -> None:
    taken = Taken(
        SourceType.OPENAPI,
        operation_ids=frozenset({"listPets"}),
        pointers=frozenset({"/paths/~1owners~1{ownerId}~1pets/get"}),
        routes=frozenset({"GET {api}./animals/a"}),
        workflow_ids=frozenset({"buy"}),
    )
    assert taken.words == ("listPets", "buy", "{ownerId}", "animals")
