"""An operation that no source has is told with the only file of the project that defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sought import api, calling, check, only, write

if TYPE_CHECKING:
    from pathlib import Path

_GENERAL = "add the operation to the API description, or name one that it has"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "users.json", api("createUser", "deleteUser"))
    return tmp_path


def test_a_file_with_every_operation_used_is_told_as_the_url(root: Path) -> None:
    write(root / "pets.json", api("sellPet", "buyPet"))
    found = only(check(write(root / "flows" / "doc.json", calling("../users.json", "sellPet"))))
    assert found.code == "operation-not-found"
    assert found.fix == "write `url: ../pets.json` for source description `api`: that file defines every operation used"


def test_a_file_with_only_that_operation_is_told_as_another_source(root: Path) -> None:
    write(root / "pets.json", api("sellPet"))
    found = only(check(write(root / "doc.json", calling("users.json", "createUser", "sellPet"))))
    assert found.fix == (
        "list `./pets.json` in `sourceDescriptions`, which defines it, and write `$sourceDescriptions.<name>.sellPet`"
    )


def test_of_several_sources_none_is_told_to_be_the_wrong_one(root: Path) -> None:
    write(root / "pets.json", api("sellPet"))
    written = calling("users.json", "sellPet")
    written["sourceDescriptions"].append({"name": "more", "url": "users.json", "type": "openapi"})
    assert only(check(write(root / "doc.json", written))).fix.startswith("list `./pets.json` in `sourceDescriptions`")


def test_of_several_files_none_is_told(root: Path) -> None:
    for name in ("pets.json", "zoo.json"):
        write(root / name, api("sellPet"))
    assert only(check(write(root / "doc.json", calling("users.json", "sellPet")))).fix == _GENERAL


def test_an_operation_that_is_like_it_is_likelier(root: Path) -> None:
    write(root / "users.json", api("openUser"))
    write(root / "pets.json", api("openUsr"))
    found = only(check(write(root / "doc.json", calling("users.json", "openUsr"))))
    assert found.fix.startswith("did you mean `openUser`? (")


def test_what_the_user_says_of_a_source_is_not_corrected(root: Path) -> None:
    write(root / "pets.json", api("sellPet"))
    path = write(root / "doc.json", calling("gone.json", "sellPet"))
    assert only(check(path, overrides={"api": str(root / "users.json")})).fix == _GENERAL
