"""A source that is not at its URL is found where it can only be, told with the URL to write, and never guessed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine.diagnostics import Diagnostic, Severity
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.loading import project
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.preparing import Checked, check_document

if TYPE_CHECKING:
    from pathlib import Path


def _api(*operation_ids: str) -> dict[str, Any]:
    paths = {f"/{each}": {"get": {"operationId": each, "responses": {}}} for each in operation_ids}
    return {"openapi": "3.1.0", "info": {}, "servers": [{"url": "https://a.example"}], "paths": paths}


def _document(url: str, *operations: str, kind: str = "openapi") -> dict[str, Any]:
    field = "operationId" if kind == "openapi" else "workflowId"
    steps = [{"stepId": f"s{index}", field: each} for index, each in enumerate(operations)]
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": url, "type": kind}],
        "workflows": [{"workflowId": "w", "steps": steps}],
    }


def _write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return path


def _check(path: Path, **options: Any) -> Checked:
    loader = Loader(**options)
    return check_document(loader.load_entry(str(path)), loader)


def _only(checked: Checked) -> Diagnostic:
    assert len(checked.problems) == 1, checked.problems
    return checked.problems[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_source_that_is_where_it_says_is_found_without_a_word(root: Path) -> None:
    _write(root / "flows" / "api.json", _api("a"))
    _write(root / "api.json", _api("a"))
    assert _check(_write(root / "flows" / "doc.json", _document("./api.json", "a"))).problems == ()


def test_a_url_written_from_the_root_of_the_project_is_found_there(root: Path) -> None:
    _write(root / "apis" / "x.json", _api("a"))
    found = _only(_check(_write(root / "flows" / "deep" / "doc.json", _document("./apis/x.json", "a"))))
    assert (found.code, found.severity) == ("repaired", Severity.WARNING)
    assert found.message == (
        "`./apis/x.json` is read as `../../apis/x.json`: it is there when the URL starts at a folder above the document"
    )
    assert found.fix == "write `../../apis/x.json`"
    assert found.location is not None
    assert found.location.pointer == "/sourceDescriptions/0/url"


def test_the_only_file_of_that_name_is_found_wherever_it_was_moved(root: Path) -> None:
    _write(root / "openapi" / "_original" / "x.json", _api("a", "b"))
    _write(root / "openapi" / "y.json", _api("a", "b"))
    found = _only(_check(_write(root / "flows" / "doc.json", _document("../openapi/x.json", "a"))))
    assert found.message == (
        "`../openapi/x.json` is read as `../openapi/_original/x.json`: it is the only file `x.json` of the project"
    )


def test_a_file_of_that_name_without_any_of_the_operations_is_another_one(root: Path) -> None:
    _write(root / "other" / "x.json", _api("z"))
    checked = _check(_write(root / "doc.json", _document("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_an_operation_that_is_missing_from_the_file_is_told_as_that(root: Path) -> None:
    _write(root / "moved" / "x.json", _api("getPets", "b"))
    checked = _check(_write(root / "doc.json", _document("x.json", "getPet", "b")))
    assert [each.code for each in checked.problems] == ["repaired", "operation-not-found"]


def test_a_renamed_source_is_the_only_file_that_defines_every_operation(root: Path) -> None:
    _write(root / "one.json", _api("a"))
    _write(root / "two.json", _api("a", "b"))
    found = _only(_check(_write(root / "flows" / "doc.json", _document("gone.json", "a", "b"))))
    assert found.message == (
        "`gone.json` is read as `../two.json`: it is the only file of the project that defines every operation used"
    )


def test_a_renamed_source_of_workflows_is_found_by_its_workflows(root: Path) -> None:
    _write(root / "api.json", _api("a"))
    _write(root / "shared.json", _document("api.json", "a"))
    document = _document("gone.json", "$sourceDescriptions.api.w", kind="arazzo")
    document["workflows"][0]["workflowId"] = "mine"
    found = _only(_check(_write(root / "doc.json", document)))
    assert found.fix == "write `./shared.json`"


def test_operations_named_by_their_path_count_too(root: Path) -> None:
    _write(root / "one.json", _api("b"))
    _write(root / "two.json", _api("a"))
    document = _document("gone.json", "unused")
    document["workflows"][0]["steps"] = [
        {"stepId": "s", "operationPath": "{$sourceDescriptions.api.url}#/paths/~1a/get"}
    ]
    assert _only(_check(_write(root / "doc.json", document))).fix == "write `./two.json`"


@pytest.mark.parametrize("renamed", [False, True])
def test_of_several_files_all_are_named_and_none_is_taken(root: Path, renamed: bool) -> None:
    for folder in ("v1", "v2"):
        _write(root / folder / ("y.json" if renamed else "x.json"), _api("a"))
    problem = _only(_check(_write(root / "flows" / "doc.json", _document("./x.json", "a"))))
    name = "y.json" if renamed else "x.json"
    assert problem.code == "source-not-found"
    assert problem.message == (
        "source description `api` cannot be loaded: there is no file `./x.json`, "
        f"and 2 files can be meant: `../v1/{name}`, `../v2/{name}`"
    )
    assert problem.fix == "write the `url` of the one that is meant, or choose it with `--source api=PATH`"


def test_nothing_is_looked_for_above_the_root(root: Path) -> None:
    _write(root / "x.json", _api("a"))
    inner = root / "inner"
    (inner / ".git").mkdir(parents=True)
    checked = _check(_write(inner / "flows" / "doc.json", _document("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    _write(tmp_path / "outside" / "x.json", _api("a"))
    root = tmp_path / "inside"
    (root / ".git").mkdir(parents=True)
    (root / "linked").symlink_to(tmp_path / "outside")
    (root / "x.json").symlink_to(tmp_path / "outside" / "x.json")
    checked = _check(_write(root / "flows" / "doc.json", _document("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_a_file_of_that_name_which_has_nothing_of_what_is_used_is_told(root: Path) -> None:
    _write(root / "apis" / "x.json", _api("b"))
    checked = _check(_write(root / "flows" / "doc.json", _document("gone/x.json", "a")))
    (error,) = checked.errors
    assert error.message.endswith("no file `gone/x.json`; `../apis/x.json` has that name, and nothing of `a`")
    assert error.fix == "write the `url` of the file that is meant, or choose it with `--source api=PATH`"


def test_of_many_files_of_that_name_which_have_nothing_of_it_is_told_how_many_there_are(root: Path) -> None:
    for folder in range(4):
        _write(root / "apis" / str(folder) / "x.json", _api("b"))
    checked = _check(_write(root / "flows" / "doc.json", _document("gone/x.json", "a")))
    (error,) = checked.errors
    assert error.message.endswith("no file `gone/x.json`; 4 files have that name, and nothing of `a`")


@pytest.mark.parametrize(
    "url", ["https://tbd.invalid", "https://api.example.com/v1/openapi.json", "http://example.org/"]
)
def test_instead_of_a_url_that_can_lead_to_nothing_the_only_file_with_all_operations_is_taken(
    root: Path, url: str
) -> None:
    _write(root / "one.json", _api("a"))
    _write(root / "two.json", _api("a", "b"))
    found = _only(_check(_write(root / "flows" / "doc.json", _document(url, "a", "b")), offline=True))
    assert (found.code, found.severity) == ("repaired", Severity.WARNING)
    assert found.message == (
        f"`{url}` is read as `../two.json`: it is the only file of the project that defines every operation used"
    )


def test_of_several_files_instead_of_such_a_url_none_is_taken(root: Path) -> None:
    for name in ("one.json", "two.json"):
        _write(root / name, _api("a"))
    (error,) = _check(_write(root / "doc.json", _document("https://tbd.invalid", "a")), offline=True).errors
    assert error.message == (
        "source description `api` cannot be loaded: there is no description at `https://tbd.invalid`,"
        " and 2 files can be meant: `./one.json`, `./two.json`"
    )


@pytest.mark.parametrize("name", ["openapi.json", "other.json"])
def test_instead_of_a_url_that_may_work_another_day_a_file_is_offered_and_not_taken(root: Path, name: str) -> None:
    _write(root / name, _api("a"))
    url = "https://shop.local/openapi.json"
    (error,) = _check(_write(root / "flows" / "doc.json", _document(url, "a")), offline=True).errors
    why = "is the only file `openapi.json` of the project"
    if name != "openapi.json":
        why = "is the only file of the project that defines every operation used"
    assert error.code == "source-not-found"
    assert error.message.endswith(f"tried {url} (it is on the network, and `--offline` was given)")
    assert error.fix == f"write `../{name}` if that file is meant: it {why}"


def test_a_page_at_a_url_without_a_path_is_no_description(root: Path) -> None:
    _write(root / "api.json", _api("a"))
    parked = Reply(200, body=b"<!doctype html><title>Parked</title>")
    with RecordingServer({("GET", "/"): [parked], ("GET", ""): [parked]}) as server:
        found = _only(_check(_write(root / "doc.json", _document(server.url, "a"))))
    assert (found.code, found.fix) == ("repaired", "write `./api.json`")


@pytest.mark.parametrize("place", ["x.json", "flows/x.json"])
def test_a_link_that_leads_round_in_a_circle_is_no_file(root: Path, place: str) -> None:
    (root / "flows").mkdir()
    (root / place).symlink_to(root / place)
    document = _write(root / "flows" / "doc.json", _document("x.json", "a"))
    assert [each.code for each in _check(document).errors] == ["source-not-found"]
    assert [each.code for each in _check(document, source_dirs=(str(root),)).errors] == ["source-not-found"]


def test_a_folder_and_a_pipe_of_that_name_are_no_files(root: Path) -> None:
    (root / "one" / "x.json").mkdir(parents=True)
    (root / "two").mkdir()
    os.mkfifo(root / "two" / "x.json")
    _write(root / "three" / "x.json", _api("a"))
    assert _only(_check(_write(root / "doc.json", _document("x.json", "a")))).fix == "write `./three/x.json`"


def test_hidden_folders_and_those_of_packages_are_passed_over(root: Path) -> None:
    for folder in (".cache", "node_modules/a"):
        _write(root / folder / "x.json", _api("a"))
    checked = _check(_write(root / "doc.json", _document("x.json", "a")))
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_the_hidden_folder_of_the_document_itself_is_looked_into_last(root: Path) -> None:
    _write(root / ".tests" / "out.json", _api("a"))
    document = _write(root / ".tests" / "deep" / "doc.json", _document("https://tbd.invalid", "a"))
    assert _only(_check(document, offline=True)).fix == "write `../out.json`"
    _write(root / "api.json", _api("a"))
    assert _only(_check(document, offline=True)).fix == "write `../../api.json`"


def test_a_file_that_is_no_description_is_not_the_one(root: Path) -> None:
    _write(root / "one" / "x.json", {"a": 1})
    (root / "two").mkdir()
    (root / "two" / "x.json").write_text("openapi: {")
    _write(root / "three" / "x.json", _document("y.json", "a"))
    _write(root / "four" / "x.json", _api("a"))
    assert _only(_check(_write(root / "doc.json", _document("x.json", "a")))).fix == "write `./four/x.json`"


def test_a_project_with_too_many_files_is_told_and_nothing_is_taken(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "MOST_FILES", 3)
    for name in ("a", "b", "c", "d"):
        _write(root / name / "x.json", _api("a"))
    problem = _only(_check(_write(root / "doc.json", _document("x.json", "a"))))
    assert problem.message == (
        "source description `api` cannot be loaded: there is no file `x.json`, "
        f"and there are too many files below {root} to look for another one"
    )


def test_without_a_mark_the_nearest_folder_that_has_one_decides(tmp_path: Path) -> None:
    _write(tmp_path / "far" / "x.json", _api("a"))
    _write(tmp_path / "project" / "apis" / "x.json", _api("a"))
    found = _only(_check(_write(tmp_path / "project" / "flows" / "doc.json", _document("x.json", "a"))))
    assert found.fix == "write `../apis/x.json`"


def test_what_the_user_says_of_a_source_is_not_corrected(root: Path) -> None:
    _write(root / "apis" / "x.json", _api("a"))
    document = _write(root / "doc.json", _document("x.json", "a"))
    checked = _check(document, overrides={"api": str(root / "nowhere.json")})
    assert [each.code for each in checked.errors] == ["source-not-found"]


def test_strict_wants_the_url_as_written(root: Path) -> None:
    _write(root / "apis" / "x.json", _api("a"))
    document = _write(root / "doc.json", _document("x.json", "a"))
    with Engine(strict=True) as engine:
        assert [each.severity for each in engine.validate(document)] == [Severity.ERROR]


def test_of_two_sources_an_operation_counts_where_it_can_only_be_meant(root: Path) -> None:
    _write(root / "known.json", _api("a"))
    _write(root / "one.json", _api("b", "c"))
    _write(root / "two.json", _api("a", "c"))
    document = _document("known.json", "$sourceDescriptions.api.a", "$sourceDescriptions.other.b")
    document["sourceDescriptions"].append({"name": "other", "url": "gone.json", "type": "openapi"})
    assert _only(_check(_write(root / "doc.json", document))).fix == "write `./one.json`"


def test_a_name_with_spaces_is_written_as_a_url(root: Path) -> None:
    _write(root / "my apis" / "x y.json", _api("a"))
    found = _only(_check(_write(root / "doc.json", _document("x%20y.json", "a"))))
    assert found.fix == "write `./my%20apis/x%20y.json`"


@pytest.mark.parametrize("named", ["$source.{}", "$sourceDescriptions.{}", "$api.{}", "{{$sourceDescriptions.api}}.{}"])
def test_a_source_is_found_by_operations_that_are_named_oddly(named: str, root: Path) -> None:
    _write(root / "api.json", _api("a", "b"))
    entry = _write(root / "x.arazzo.json", _document("./gone/api.json", *map(named.format, ("a", "b"))))
    assert {each.code for each in _check(entry).problems} == {"repaired"}
