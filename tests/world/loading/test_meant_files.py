"""Of files that a source can mean: the one that its name names, the one not put aside, the one with nearly all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sought import DOWN, api, calling, check, only, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.diagnostics import Diagnostic

_BY_NAME = "it is the file that the source is named after"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def _told(document: Path) -> list[Diagnostic]:
    # a path has letters that a name should not have
    return [each for each in check(document, offline=True).problems if each.code != "id-characters"]


@pytest.mark.parametrize("url", ["https://tbd.invalid", "./gone.json"])
@pytest.mark.parametrize("name", ["openapi.json", "../openapi.json", "./openapi.json"])
def test_a_source_that_is_named_as_a_file_is_that_file_though_it_lacks_an_operation(
    root: Path, url: str, name: str
) -> None:
    write(root / "openapi.json", api("listPets"))
    write(root / "apis" / "openapi.json", api("other"))
    document = write(root / "tests" / "doc.json", calling(url, "listPets", "wholly-gone", name=name))
    problems = _told(document)
    assert [each.code for each in problems] == ["repaired", "operation-not-found"]
    assert problems[0].message == f"`{url}` is read as `../openapi.json`: {_BY_NAME}"


def test_the_only_file_of_that_name_is_the_one_wherever_it_is(root: Path) -> None:
    write(root / "apis" / "openapi.json", api("listPets"))
    write(root / "gone" / "openapi.json", api("other"))
    written = calling("https://tbd.invalid", "listPets", "wholly-gone", name="openapi.json")
    problems = _told(write(root / "tests" / "doc.json", written))
    assert problems[0].message == f"`https://tbd.invalid` is read as `../apis/openapi.json`: {_BY_NAME}"


@pytest.mark.parametrize("outer", ["../../openapi.json", "/openapi.json", "https://a.example/openapi.json"])
def test_a_name_leads_to_no_file_above_the_root_or_of_the_machine_or_the_network(tmp_path: Path, outer: str) -> None:
    root = tmp_path / "inner"
    (root / ".git").mkdir(parents=True)
    write(tmp_path / "openapi.json", api("listPets"))
    name = f"{tmp_path}{outer}" if outer.startswith("/") else outer
    document = write(root / "tests" / "doc.json", calling("https://tbd.invalid", "listPets", name=name))
    assert [each.code for each in check(document, offline=True).errors] == ["source-not-found"]


def test_a_file_that_the_name_names_with_nothing_of_what_is_used_is_another_one(root: Path) -> None:
    write(root / "openapi.json", api("other"))
    write(root / "apis" / "shop.json", api("listPets"))
    written = calling("https://tbd.invalid", "listPets", name="openapi.json")
    assert _told(write(root / "doc.json", written))[0].fix == "write `./apis/shop.json`"


def test_a_name_that_is_a_path_decides_between_several_files(root: Path) -> None:
    for folder in ("one", "two"):
        write(root / folder / "x.json", api("a", server=f"https://{folder}.example"))
    written = calling("x.json", "a", name="../two/x.json")
    (found,) = _told(write(root / "flows" / "doc.json", written))
    assert found.message == f"`x.json` is read as `../two/x.json`: of 2 files that can be meant, {_BY_NAME}"


def test_the_file_that_the_name_names_is_offered_instead_of_a_url_that_may_work_another_day(root: Path) -> None:
    write(root / "openapi.json", api("a"))
    written = calling("https://shop.local/x.json", "a", "wholly-gone", name="openapi.json")
    (error,) = check(write(root / "doc.json", written), **DOWN).errors
    assert error.fix == f"write `./openapi.json` if that file is meant: {_BY_NAME}, and lacks `wholly-gone`"


_SAME: Any = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://a.example"}]}


def _described(**fields: Any) -> Any:
    again = {"$ref": "#/components/schemas/T"}
    schema = {"type": "object", "properties": {"description": {"type": "string"}, "of": again}}
    body = {"content": {"application/json": {"schema": schema}}}
    post = {"operationId": "a", "requestBody": body, "responses": {"200": {"description": "ok"}}, **fields}
    components = {"schemas": {"T": {"properties": {"of": again}}}}
    return {**_SAME, "paths": {"/a": {"post": post}}, "components": components}


def test_of_two_files_of_a_name_the_one_with_what_is_used_is_told_as_one_of_two(root: Path) -> None:
    write(root / "one" / "x.json", api("a"))
    write(root / "two" / "x.json", api("other"))
    found = only(check(write(root / "doc.json", calling("x.json", "a"))))
    assert (
        found.message == "`x.json` is read as `./one/x.json`: it is the only one of 2 files `x.json` with what is used"
    )


def test_the_only_file_of_the_name_with_another_ending_is_the_one_among_all_that_have_what_is_used(root: Path) -> None:
    write(root / "apis" / "pets.json", api("a"))
    write(root / "other.json", api("a", "b"))
    found = only(check(write(root / "doc.json", calling("pets.yaml", "a"))))
    assert found.message == (
        "`pets.yaml` is read as `./apis/pets.json`: it is the only file `pets` of the project, with another ending"
    )


def test_of_two_files_of_the_name_with_other_endings_none_is_taken(root: Path) -> None:
    write(root / "pets.json", api("a"))
    write(root / "pets.yml", api("a", "b"))
    (error,) = check(write(root / "doc.json", calling("pets.yaml", "a"))).errors
    assert error.message.endswith("and 2 files can be meant: `./pets.json`, `./pets.yml`")


@pytest.mark.parametrize(("make", "what"), [(Path.mkdir, "a folder"), (os.mkfifo, "no regular file")])
def test_what_is_at_the_url_and_is_no_file_is_told(make: Callable[[Path], None], what: str, root: Path) -> None:
    make(root / "x.json")
    write(root / "apis" / "api.json", api("a"))
    found = only(check(write(root / "doc.json", calling("x.json", "a"))))
    assert found.message == (
        f"`x.json` is read as `./apis/api.json`: what is there is {what},"
        " and it is the only file of the project that defines every operation used"
    )


@pytest.mark.parametrize("folders", [("one", "two"), ("apis", "legacy/v1"), ("_one", "_two"), ("_a", "b", "c")])
def test_of_several_files_that_are_the_same_none_is_taken(folders: tuple[str, ...], root: Path) -> None:
    for folder in folders:
        write(root / folder / "x.json", _described())
    (error,) = check(write(root / "doc.json", calling("x.json", "a"))).errors
    several = ", ".join(f"`./{folder}/x.json`" for folder in folders)
    assert error.message.endswith(f"and {len(folders)} files can be meant: {several}")


def test_a_copy_of_the_very_same_operations_that_was_put_aside_does_not_count(root: Path) -> None:
    write(root / "openapi" / "_original" / "all.json", {**_described(), "info": {"title": "all", "version": "2"}})
    write(root / "openapi" / "sign.json", _described(summary="other words"))
    found = only(check(write(root / "flows" / "doc.json", calling("../openapi/old-sign.json", "a"))))
    assert found.message == (
        "`../openapi/old-sign.json` is read as `../openapi/sign.json`:"
        " 2 files describe the very same operations, and it is the only one not put aside"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"parameters": [{"name": "q", "in": "query"}]},
        {"requestBody": {"content": {"text/plain": {}}}},
        {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}}}},
        {"servers": [{"url": "https://b.example"}]},
        {"servers": [{"url": "/v1"}]},
        {"security": [{"key": []}]},
        {"responses": {"200": {"content": {"text/csv": {}}}}},
    ],
)
def test_of_files_whose_operations_differ_in_what_is_sent_none_is_taken(root: Path, other: Any) -> None:
    write(root / "one.json", _described())
    write(root / "two.json", _described(**other))
    (error,) = check(write(root / "doc.json", calling("gone.json", "a"))).errors
    assert error.message.endswith("and 2 files can be meant: `./one.json`, `./two.json`")


def test_a_member_that_is_called_as_words_for_people_counts(root: Path) -> None:
    other = _described()
    schema = other["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["description"] = {"type": "integer"}
    write(root / "one.json", _described())
    write(root / "two.json", other)
    assert [each.code for each in check(write(root / "doc.json", calling("gone.json", "a"))).errors] == [
        "source-not-found"
    ]


@pytest.mark.parametrize("url", ["gone.json", "https://tbd.invalid", "https://shop.local/gone.json"])
def test_the_only_file_with_all_but_few_of_the_operations_is_offered(root: Path, url: str) -> None:
    write(root / "half.json", api("a", "b"))
    write(root / "api.json", api("a", "b", "c"))
    (error,) = check(write(root / "doc.json", calling(url, "a", "b", "c", "gonePets")), offline=True).errors
    is_web = url.startswith("https")
    choosing = "write `./api.json`" if is_web else "give `--source api="
    assert error.code == "source-not-found"
    assert error.fix.startswith(choosing)
    assert error.fix.endswith(" if that file is meant: it has all but `gonePets`")


def test_of_several_files_with_all_but_few_of_the_operations_none_is_offered(root: Path) -> None:
    for name in ("one.json", "two.json"):
        write(root / name, api("a", "b", "c"))
    (error,) = check(write(root / "doc.json", calling("gone.json", "a", "b", "c", "gonePets"))).errors
    assert "all but" not in error.fix
