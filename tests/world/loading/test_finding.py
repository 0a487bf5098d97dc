"""A source that is not at its URL is found where it can only be, told with the URL to write, and never guessed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply
from sought import DOWN, api, calling, check, only, write

from arazzo_engine.diagnostics import Severity
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.loading import project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_source_that_is_where_it_says_is_found_without_a_word(root: Path) -> None:
    write(root / "flows" / "api.json", api("a"))
    write(root / "api.json", api("a"))
    assert check(write(root / "flows" / "doc.json", calling("./api.json", "a"))).problems == ()


def test_a_url_written_from_the_root_of_the_project_is_found_there(root: Path) -> None:
    write(root / "apis" / "x.json", api("a"))
    found = only(check(write(root / "flows" / "deep" / "doc.json", calling("./apis/x.json", "a"))))
    assert (found.code, found.severity) == ("repaired", Severity.WARNING)
    assert found.message == (
        "`./apis/x.json` is read as `../../apis/x.json`: it is there when the URL starts at a folder above the document"
    )
    assert found.fix == "write `../../apis/x.json`"
    assert found.location is not None
    assert found.location.pointer == "/sourceDescriptions/0/url"


def test_the_only_file_of_that_name_is_found_wherever_it_was_moved(root: Path) -> None:
    write(root / "openapi" / "_original" / "x.json", api("a", "b"))
    write(root / "openapi" / "y.json", api("a", "b"))
    found = only(check(write(root / "flows" / "doc.json", calling("../openapi/x.json", "a"))))
    assert found.message == (
        "`../openapi/x.json` is read as `../openapi/_original/x.json`: it is the only file `x.json` of the project"
    )


def test_a_file_of_that_name_without_any_of_the_operations_is_another_one(root: Path) -> None:
    write(root / "other" / "x.json", api("z"))
    checked = check(write(root / "doc.json", calling("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_an_operation_that_is_missing_from_the_file_is_told_as_that(root: Path) -> None:
    write(root / "moved" / "x.json", api("getPets", "b"))
    checked = check(write(root / "doc.json", calling("x.json", "getPet", "b")))
    assert [each.code for each in checked.problems] == ["repaired", "operation-not-found"]


def test_a_renamed_source_is_the_only_file_that_defines_every_operation(root: Path) -> None:
    write(root / "one.json", api("a"))
    write(root / "two.json", api("a", "b"))
    found = only(check(write(root / "flows" / "doc.json", calling("gone.json", "a", "b"))))
    assert found.message == (
        "`gone.json` is read as `../two.json`: it is the only file of the project that defines every operation used"
    )


def test_a_renamed_source_of_workflows_is_found_by_its_workflows(root: Path) -> None:
    write(root / "api.json", api("a"))
    write(root / "shared.json", calling("api.json", "a"))
    document = calling("gone.json", "$sourceDescriptions.api.w", kind="arazzo")
    document["workflows"][0]["workflowId"] = "mine"
    found = only(check(write(root / "doc.json", document)))
    assert found.fix == "write `./shared.json`"


def test_operations_named_by_their_path_count_too(root: Path) -> None:
    write(root / "one.json", api("b"))
    write(root / "two.json", api("a"))
    document = calling("gone.json", "unused")
    document["workflows"][0]["steps"] = [
        {"stepId": "s", "operationPath": "{$sourceDescriptions.api.url}#/paths/~1a/get"}
    ]
    assert only(check(write(root / "doc.json", document))).fix == "write `./two.json`"


@pytest.mark.parametrize("renamed", [False, True])
def test_of_several_files_all_are_named_and_none_is_taken(root: Path, renamed: bool) -> None:
    for folder in ("v1", "v2"):
        write(root / folder / ("y.json" if renamed else "x.json"), api("a", server=f"https://{folder}.example"))
    problem = only(check(write(root / "flows" / "doc.json", calling("./x.json", "a"))))
    name = "y.json" if renamed else "x.json"
    assert problem.code == "source-not-found"
    assert problem.message == (
        "source description `api` cannot be loaded: there is no file `./x.json`, "
        f"and 2 files can be meant: `../v1/{name}`, `../v2/{name}`"
    )
    assert problem.fix == "write the `url` of the one that is meant, or choose it with `--source api=PATH`"


def test_nothing_is_looked_for_above_the_root(root: Path) -> None:
    write(root / "x.json", api("a"))
    inner = root / "inner"
    (inner / ".git").mkdir(parents=True)
    checked = check(write(inner / "flows" / "doc.json", calling("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "x.json", api("a"))
    root = tmp_path / "inside"
    (root / ".git").mkdir(parents=True)
    (root / "linked").symlink_to(tmp_path / "outside")
    (root / "x.json").symlink_to(tmp_path / "outside" / "x.json")
    checked = check(write(root / "flows" / "doc.json", calling("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_a_file_of_that_name_which_has_nothing_of_what_is_used_is_told(root: Path) -> None:
    write(root / "apis" / "x.json", api("b"))
    checked = check(write(root / "flows" / "doc.json", calling("gone/x.json", "a")))
    (error,) = checked.errors
    assert error.message.endswith("no file `gone/x.json`; `../apis/x.json` has that name, and nothing of `a`")
    assert error.fix == (
        "write the `url` of a file that defines what is used, or choose it with `--source api=PATH`;"
        " if a file of that name is meant, let the steps name operations that it has"
    )


def test_of_many_files_of_that_name_which_have_nothing_of_it_is_told_how_many_there_are(root: Path) -> None:
    for folder in range(4):
        write(root / "apis" / str(folder) / "x.json", api("b"))
    checked = check(write(root / "flows" / "doc.json", calling("gone/x.json", "a")))
    (error,) = checked.errors
    assert error.message.endswith("no file `gone/x.json`; 4 files have that name, and nothing of `a`")


@pytest.mark.parametrize(
    "url", ["https://tbd.invalid", "https://api.example.com/v1/openapi.json", "http://example.org/"]
)
def test_instead_of_a_url_that_can_lead_to_nothing_the_only_file_with_all_operations_is_taken(
    root: Path, url: str
) -> None:
    write(root / "one.json", api("a"))
    write(root / "two.json", api("a", "b"))
    found = only(check(write(root / "flows" / "doc.json", calling(url, "a", "b")), offline=True))
    assert (found.code, found.severity) == ("repaired", Severity.WARNING)
    assert found.message == (
        f"`{url}` is read as `../two.json`: it is the only file of the project that defines every operation used"
    )


def test_of_several_files_instead_of_such_a_url_none_is_taken(root: Path) -> None:
    for name in ("one.json", "two.json"):
        write(root / name, api("a", server=f"https://{name}.example"))
    (error,) = check(write(root / "doc.json", calling("https://tbd.invalid", "a")), offline=True).errors
    assert error.message == (
        "source description `api` cannot be loaded: there is no description at `https://tbd.invalid`,"
        " and 2 files can be meant: `./one.json`, `./two.json`"
    )


@pytest.mark.parametrize("name", ["openapi.json", "other.json"])
def test_instead_of_a_url_that_may_work_another_day_a_file_is_offered_and_not_taken(root: Path, name: str) -> None:
    write(root / name, api("a"))
    url = "https://shop.local/openapi.json"
    (error,) = check(write(root / "flows" / "doc.json", calling(url, "a")), **DOWN).errors
    why = "is the only file `openapi.json` of the project"
    if name != "openapi.json":
        why = "is the only file of the project that defines every operation used"
    assert error.code == "source-not-found"
    assert f"tried {url} (cannot connect to shop.local through the proxy 127.0.0.1:9" in error.message
    assert error.fix == f"write `../{name}` if that file is meant: it {why}"


@pytest.mark.parametrize(
    ("url", "name", "why"),
    [
        ("https://shop.local/openapi.json", "openapi.json", "it is the only file `openapi.json` of the project"),
        (
            "https://shop.local/openapi.json",
            "x.json",
            "it is the only file of the project that defines every operation used",
        ),
        ("https://raw.githubusercontent.com/acme/shop/main/x.json", "x.json", "it is `x.json` of this project"),
    ],
)
def test_offline_a_url_is_the_file_that_can_be_meant_and_nothing_is_written_into_the_document(
    root: Path, url: str, name: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    write(root / name, api("a"))
    checked = check(write(root / "flows" / "doc.json", calling(url, "a")), offline=True)
    found = only(checked)
    assert (found.code, found.severity, found.edits) == ("repaired", Severity.WARNING, ())
    assert found.message == f"source description `api` is read from `../{name}`: `--offline` was given, and {why}"
    assert found.fix == f"give `--source api={name}`"


@pytest.mark.parametrize("defined", ["a", "api.a"])
def test_an_operation_behind_the_name_of_its_source_is_looked_for_by_its_id(root: Path, defined: str) -> None:
    write(root / "x.json", api(defined))
    document = write(root / "flows" / "doc.json", calling("https://shop.local/x.json", "api.a"))
    assert not check(document, offline=True).errors
    document = write(root / "flows" / "doc.json", calling("./gone.json", "api.a"))
    assert not check(document).errors


def test_offline_of_several_files_each_is_offered_and_none_is_taken(root: Path) -> None:
    for name in ("v1", "v2"):
        write(root / name / "x.json", api("a"))
    (error,) = check(write(root / "doc.json", calling("https://shop.local/x.json", "a")), offline=True).errors
    assert error.message.endswith("tried https://shop.local/x.json (it is on the network, and `--offline` was given)")
    assert error.fix == "write the one of `./v1/x.json`, `./v2/x.json` that is meant, if one is: each has that name"


@pytest.mark.parametrize("first", ["https://shop.local/x.json", "x.json"])
def test_offline_one_file_is_not_taken_for_two_urls(root: Path, first: str) -> None:
    write(root / "x.json", api("a"))
    document = calling(first, "$sourceDescriptions.api.a", "$sourceDescriptions.pay.a")
    document["sourceDescriptions"].append({"name": "pay", "url": "https://pay.local/x.json", "type": "openapi"})
    (error,) = check(write(root / "doc.json", document), offline=True).errors
    assert (error.code, error.location and error.location.pointer) == ("source-not-found", "/sourceDescriptions/1/url")
    assert error.fix == (
        "give `--source pay=PATH`: `./x.json` is that of source description `api`, and one file is not taken for two"
    )
    document["sourceDescriptions"][1]["url"] = document["sourceDescriptions"][0]["url"]
    assert not check(write(root / "doc.json", document), offline=True).errors


@pytest.mark.parametrize("options", [{"offline": True}, DOWN])
def test_a_file_that_lacks_something_of_what_is_used_is_only_offered(root: Path, options: dict[str, Any]) -> None:
    write(root / "x.json", api("a"))
    (error,) = check(write(root / "doc.json", calling("https://shop.local/x.json", "a", "b")), **options).errors
    only = "it is the only file `x.json` of the project"
    assert error.fix == f"write `./x.json` if that file is meant: {only}, and lacks `b`"


def test_where_a_relative_url_starts_at_the_network_the_file_is_offered_by_its_option(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    document = {**calling("api.json", "a"), "arazzo": "1.1.0", "$self": "https://shop.local/flows/doc.json"}
    write(root / "apis" / "api.json", api("a"))
    (error,) = check(write(root / "doc.json", document), **DOWN).errors
    why = "it is the only file `api.json` of the project"
    assert error.fix == f"give `--source api=apis/api.json` if that file is meant: {why}"
    write(root / "more" / "api.json", api("a"))
    (error,) = check(root / "doc.json", **DOWN).errors
    several = "`./apis/api.json`, `./more/api.json`"
    assert error.fix == f"give by `--source api=PATH` the one of {several} that is meant, if one is: each has that name"


@pytest.mark.parametrize("host", ["shop.local", "shop.example.com"])
def test_where_nothing_is_had_from_the_network_a_relative_url_leads_from_the_file_as_well(
    root: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    document = {**calling("apis/api.json", "a"), "arazzo": "1.1.0", "$self": f"https://{host}/flows/doc"}
    write(root / "apis" / "api.json", api("a"))
    write(root / "api.json", api("a"))
    found = only(check(write(root / "doc.json", document), offline=True))
    assert (found.code, found.severity, found.edits) == ("repaired", Severity.WARNING, ())
    assert found.message == (
        f"source description `api` is read from `./apis/api.json`: nothing is had from"
        f" `https://{host}/flows/apis/api.json`, and the file is beside the document"
    )
    assert found.fix == "give `--source api=apis/api.json`"
    write(root / "apis" / "api.json", api("other"))
    assert check(root / "doc.json", **DOWN).errors or host == "shop.example.com"


def test_a_network_that_answers_is_the_place_of_a_relative_url(root: Path) -> None:
    write(root / "api.json", api("a"))
    with RecordingServer({("GET", "/flows/api.json"): [Reply(200, body=api("a", "b"))]}) as server:
        document = {**calling("api.json", "b"), "arazzo": "1.1.0", "$self": f"{server.url}/flows/doc"}
        assert check(write(root / "doc.json", document)).problems == ()


def test_a_document_that_is_not_at_its_url_is_beside_the_file(root: Path) -> None:
    write(root / "api.json", api("a"))
    with RecordingServer({}) as server:
        document = {**calling("api.json", "a"), "arazzo": "1.1.0", "$self": f"{server.url}/flows/doc"}
        assert [each.code for each in check(write(root / "doc.json", document)).problems] == ["repaired"]


def test_of_several_files_each_is_offered_instead_of_such_a_url(root: Path) -> None:
    for name in ("one.json", "two.json"):
        write(root / name, api("a"))
    (error,) = check(write(root / "doc.json", calling("https://shop.local/x.json", "a")), **DOWN).errors
    assert error.fix == (
        "write the one of `./one.json`, `./two.json` that is meant, if one is: each defines every operation used"
    )
    for name in ("v1", "v2"):
        write(root / name / "x.json", api("a"))
    (error,) = check(root / "doc.json", **DOWN).errors
    assert error.fix == "write the one of `./v1/x.json`, `./v2/x.json` that is meant, if one is: each has that name"
    for number in range(3, 7):
        write(root / f"v{number}" / "x.json", api("a"))
    (error,) = check(root / "doc.json", **DOWN).errors
    assert error.fix == "say where it is with `--source api=PATH` or `--source-dir DIR`"


@pytest.mark.parametrize("uri", ["https://api.example.com/v1", "https://api.example.com/v1/"])
@pytest.mark.parametrize("version", ["2.0", "3.1"])
def test_a_url_that_is_the_server_of_one_description_is_that_one(root: Path, uri: str, version: str) -> None:
    served: dict[str, Any] = {"servers": [{"url": "https://api.example.com/v1"}]}
    if version == "2.0":
        served = {"swagger": "2.0", "host": "api.example.com", "basePath": "/v1", "schemes": ["https"]}
    other = {"servers": [{"url": "https://api.example.com/v10"}, {"url": "/v1"}]}
    # of several that define all, and even where it defines less
    write(root / "one.json", {**api("a"), **other})
    write(root / "two.json", {**api("a"), **served})
    found = only(check(write(root / "doc.json", calling(uri, "a")), offline=True))
    assert found.message == (
        f"`{uri}` is read as `./two.json`: it is the only file of the project whose server is that URL"
    )
    problems = check(write(root / "doc.json", calling(uri, "a", "wholly-unknown")), offline=True).problems
    assert [each.code for each in problems] == ["repaired", "operation-not-found"]


def test_a_server_of_several_descriptions_says_no_more_than_the_operations(root: Path) -> None:
    for name in ("one.json", "two.json"):
        described = api("a", *(["b"] if name == "two.json" else []), server="https://api.example.com/v1")
        write(root / name, {**described, "security": [{name: []}]})
    (error,) = check(write(root / "doc.json", calling("https://api.example.com/v1", "a")), offline=True).errors
    assert error.message.endswith("and 2 files can be meant: `./one.json`, `./two.json`")


def test_the_description_of_a_server_that_may_answer_another_day_is_offered(root: Path) -> None:
    write(root / "one.json", api("a"))
    write(root / "two.json", {**api("a"), "servers": [{"url": "https://shop.local/v1"}]})
    (error,) = check(write(root / "doc.json", calling("https://shop.local/v1", "a")), **DOWN).errors
    assert error.fix == (
        "write `./two.json` if that file is meant: it is the only file of the project whose server is that URL"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://raw.githubusercontent.com/acme/shop/main/apis/x.json",
        "https://raw.githubusercontent.com/acme/shop/refs/heads/main/apis/x.json",
        "https://github.com/acme/shop/blob/main/apis/x.json",
        "https://github.com/acme/shop/raw/refs/tags/v1/apis/x.json",
        "https://gitlab.com/acme/inner/shop/-/raw/main/apis/x.json",
    ],
)
def test_a_url_of_a_repository_offers_the_file_of_its_path(root: Path, url: str) -> None:
    for folder in ("apis", "other/apis"):
        write(root / folder / "x.json", api("a", "b"))
    (error,) = check(write(root / "flows" / "doc.json", calling(url, "a")), **DOWN).errors
    assert error.fix == "write `../apis/x.json` if that file is meant: it is `apis/x.json` of this project"


@pytest.mark.parametrize("path", ["apis/gone.json", "../x.json", "flows/doc.json", "empty.json"])
def test_a_url_of_a_repository_offers_only_what_has_something_of_what_is_used(root: Path, path: str) -> None:
    write(root / "empty.json", api("b"))
    url = f"https://raw.githubusercontent.com/acme/shop/main/{path}"
    (error,) = check(write(root / "flows" / "doc.json", calling(url, "a")), **DOWN).errors
    assert error.fix == "say where it is with `--source api=PATH` or `--source-dir DIR`"


def test_a_page_at_a_url_without_a_path_is_no_description(root: Path) -> None:
    write(root / "api.json", api("a"))
    parked = Reply(200, body=b"<!doctype html><title>Parked</title>")
    with RecordingServer({("GET", "/"): [parked], ("GET", ""): [parked]}) as server:
        found = only(check(write(root / "doc.json", calling(server.url, "a"))))
    assert (found.code, found.fix) == ("repaired", "write `./api.json`")


@pytest.mark.parametrize("place", ["x.json", "flows/x.json"])
def test_a_link_that_leads_round_in_a_circle_is_no_file(root: Path, place: str) -> None:
    (root / "flows").mkdir()
    (root / place).symlink_to(root / place)
    document = write(root / "flows" / "doc.json", calling("x.json", "a"))
    assert [each.code for each in check(document).errors] == ["source-not-found"]
    assert [each.code for each in check(document, source_dirs=(str(root),)).errors] == ["source-not-found"]


def test_a_folder_and_a_pipe_of_that_name_are_no_files(root: Path) -> None:
    (root / "one" / "x.json").mkdir(parents=True)
    (root / "two").mkdir()
    os.mkfifo(root / "two" / "x.json")
    write(root / "three" / "x.json", api("a"))
    assert only(check(write(root / "doc.json", calling("x.json", "a")))).fix == "write `./three/x.json`"


def test_hidden_folders_and_those_of_packages_are_passed_over(root: Path) -> None:
    for folder in (".cache", "node_modules/a"):
        write(root / folder / "x.json", api("a"))
    checked = check(write(root / "doc.json", calling("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_the_hidden_folder_of_the_document_itself_is_looked_into_last(root: Path) -> None:
    write(root / ".tests" / "out.json", api("a"))
    document = write(root / ".tests" / "deep" / "doc.json", calling("https://tbd.invalid", "a"))
    assert only(check(document, offline=True)).fix == "write `../out.json`"
    write(root / "api.json", api("a"))
    assert only(check(document, offline=True)).fix == "write `../../api.json`"


def test_a_file_that_is_no_description_is_not_the_one(root: Path) -> None:
    write(root / "one" / "x.json", {"a": 1})
    (root / "two").mkdir()
    (root / "two" / "x.json").write_text("openapi: {")
    write(root / "three" / "x.json", calling("y.json", "a"))
    write(root / "four" / "x.json", api("a"))
    assert only(check(write(root / "doc.json", calling("x.json", "a")))).fix == "write `./four/x.json`"


def test_a_project_with_too_many_files_is_told_and_nothing_is_taken(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "MOST_FILES", 3)
    for name in ("a", "b", "c", "d"):
        write(root / name / "x.json", api("a"))
    problem = only(check(write(root / "doc.json", calling("x.json", "a"))))
    assert problem.message == (
        "source description `api` cannot be loaded: there is no file `x.json`, "
        f"and there are too many files below {root} to look for another one"
    )


def test_without_a_mark_the_nearest_folder_that_has_one_decides(tmp_path: Path) -> None:
    (tmp_path.parent / ".git").rmdir()
    write(tmp_path / "far" / "x.json", api("a"))
    write(tmp_path / "project" / "apis" / "x.json", api("a"))
    found = only(check(write(tmp_path / "project" / "flows" / "doc.json", calling("x.json", "a"))))
    assert found.fix == "write `../apis/x.json`"


def test_what_the_user_says_of_a_source_is_not_corrected(root: Path) -> None:
    write(root / "apis" / "x.json", api("a"))
    document = write(root / "doc.json", calling("x.json", "a"))
    checked = check(document, overrides={"api": str(root / "nowhere.json")})
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_strict_wants_the_url_as_written(root: Path) -> None:
    write(root / "apis" / "x.json", api("a"))
    document = write(root / "doc.json", calling("x.json", "a"))
    with Engine(strict=True) as engine:
        assert [each.severity for each in engine.validate(document)] == [Severity.ERROR]


def test_of_two_sources_an_operation_counts_where_it_can_only_be_meant(root: Path) -> None:
    write(root / "known.json", api("a"))
    write(root / "one.json", api("b", "c"))
    write(root / "two.json", api("a", "c"))
    document = calling("known.json", "$sourceDescriptions.api.a", "$sourceDescriptions.other.b")
    document["sourceDescriptions"].append({"name": "other", "url": "gone.json", "type": "openapi"})
    assert only(check(write(root / "doc.json", document))).fix == "write `./one.json`"


def test_a_name_with_spaces_is_written_as_a_url(root: Path) -> None:
    write(root / "my apis" / "x y.json", api("a"))
    found = only(check(write(root / "doc.json", calling("x%20y.json", "a"))))
    assert found.fix == "write `./my%20apis/x%20y.json`"


@pytest.mark.parametrize("named", ["$source.{}", "$sourceDescriptions.{}", "$api.{}", "{{$sourceDescriptions.api}}.{}"])
def test_a_source_is_found_by_operations_that_are_named_oddly(named: str, root: Path) -> None:
    write(root / "api.json", api("a", "b"))
    entry = write(root / "x.arazzo.json", calling("./gone/api.json", *map(named.format, ("a", "b"))))
    assert {each.code for each in check(entry).problems} == {"repaired"}
