"""Looking for a source costs each folder and each file once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sought import api, calling, check, only, write

from arazzo_engine.world.loading import finding, project
from arazzo_engine.world.loading.searching import content_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Nothing marks the root: the folders above a document are looked through in turn."""
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
