"""``arazzo validate`` over folders: which files it checks, that it says what it passed over, and one result for all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.dom.minidom import parseString

import places
import pytest

from arazzo_engine.cli import run_command

_BROKEN = ("$statusCode == 200", "$statusCode => 200")


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)


def _more(*paths: str) -> None:
    text = Path("orders.arazzo.yaml").read_text().replace(*_BROKEN)
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if path.parent != Path():
            shutil.copy("shop-api.yaml", path.parent)


def test_a_folder_stands_for_the_arazzo_documents_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    _more("sub/b.yaml", "sub/a.yaml", ".git/x.yaml", "node_modules/y.yaml")
    Path("notes.yaml").write_text("about: arazzo documents\n")
    Path("mentions.json").write_text('{"for": {"arazzo": 1}}')
    assert run_command(["validate", "."]) == 3
    told = capsys.readouterr()
    assert [line for line in told.out.split("\n") if "-->" in line] == [
        "  --> sub/a.yaml:27:30  (#/workflows/0/steps/0/successCriteria/0/condition)",
        "  --> sub/b.yaml:27:30  (#/workflows/0/steps/0/successCriteria/0/condition)",
    ]
    assert told.err == "3 documents: 2 errors, 0 warnings; 5 other files skipped\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_document_with_a_byte_order_mark_is_one(encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    _more("sub/a.yaml")
    text = Path("sub/a.yaml").read_text()
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    Path("sub/a.yaml").write_bytes((mark + text).encode(encoding))
    assert run_command(["validate", "sub"]) == 3
    assert capsys.readouterr().err == "1 document: 1 error, 0 warnings; 1 other file skipped\n"


def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _more("outside/a.yaml", "inside/b.yaml")
    Path("inside/linked.yaml").symlink_to(tmp_path / "outside" / "a.yaml")
    Path("inside/folder").symlink_to(tmp_path / "outside")
    Path("inside/gone.yaml").symlink_to("nowhere.yaml")
    assert run_command(["validate", "inside"]) == 3
    assert capsys.readouterr().err == "1 document: 1 error, 0 warnings; 1 other file skipped\n"


def test_a_folder_without_arazzo_documents_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    assert run_command(["validate", "empty", "--fail-on", "never"]) == 3
    told = capsys.readouterr().out
    assert "there is no Arazzo document in empty" in told
    assert "fix: name a folder with Arazzo documents; of hidden ones, each by itself" in told


def test_a_folder_without_arazzo_documents_is_told_beside_what_others_have(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    _more("sub/a.yaml")
    assert run_command(["validate", "empty", "sub", "--fail-on", "never"]) == 3
    told = capsys.readouterr().out
    assert "there is no Arazzo document in empty" in told
    assert "--> sub/a.yaml:" in told


@pytest.mark.parametrize(
    ("folders", "counted"),
    [
        (["empty"], "0 documents: 1 error, 0 warnings"),
        (["mentions"], "0 documents: 1 error, 0 warnings; 1 other file skipped"),
        (["mentions", "empty"], "0 documents: 2 errors, 0 warnings; 1 other file skipped"),
        (["mentions", "sub/right"], "1 document: 1 error, 0 warnings; 2 other files skipped"),
    ],
)
def test_a_folder_is_counted_as_no_document_and_one_without_any_is_no_success(
    folders: list[str], counted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("empty", "mentions", "sub/right"):
        Path(folder).mkdir(parents=True)
    Path("mentions/a.json").write_text('{"for": {"arazzo": 1}}')
    for name in ("orders.arazzo.yaml", "shop-api.yaml"):
        shutil.copy(name, "sub/right")
    assert run_command(["validate", *folders]) == 3
    told = capsys.readouterr()
    assert told.err == f"{counted}\n"
    assert told.out.count("there is no Arazzo document in") == len(set(folders) & {"empty", "mentions"})


def test_a_catalogue_is_made_of_documents(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mentions").mkdir()
    Path("mentions/a.json").write_text('{"for": {"arazzo": 1}}')
    assert run_command(["show", "mentions", "--format", "html", "--output", "pages"]) == 3
    assert "there is no Arazzo document in mentions: 1 file of JSON or YAML is none" in capsys.readouterr().err
    assert not Path("pages").exists()


def test_of_hidden_folders_those_of_generated_test_suites_are_looked_into(capsys: pytest.CaptureFixture[str]) -> None:
    _more("sdk/.speakeasy/tests.arazzo.yaml", "sdk/.cache/a.yaml", "sdk/.speakeasy/.temp/a.yaml")
    assert run_command(["validate", "sdk"]) == 3
    told = capsys.readouterr()
    assert "--> sdk/.speakeasy/tests.arazzo.yaml:" in told.out
    assert told.err == "1 document: 1 error, 0 warnings; 1 other file skipped\n"
    assert run_command(["validate", "sdk/.cache"]) == 3
    assert "--> sdk/.cache/a.yaml:" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_more_processes_say_the_same_in_each_form(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    _more(*(f"d{number:02}/a.yaml" for number in range(20)))
    told = []
    for jobs in ("1", "2"):
        assert run_command(["validate", ".", "--format", form, "--jobs", jobs]) == 3
        told.append(capsys.readouterr())
    assert told[0] == told[1]
    assert "21 documents: 20 errors" in told[0].err
    if form == "junit":
        assert len(parseString(told[0].out).getElementsByTagName("testsuite")) == 21
    elif form in {"json", "sarif"}:
        assert isinstance(json.loads(told[0].out), dict)


def test_what_is_ignored_is_counted_and_never_fails(capsys: pytest.CaptureFixture[str]) -> None:
    _more("a.yaml")
    assert run_command(["validate", "a.yaml", "--ignore", "invalid-condition"]) == 0
    assert capsys.readouterr().err == "1 document: no findings, 1 ignored\n"
    assert run_command(["validate", "a.yaml", "--fail-on", "never"]) == 0
    assert "invalid-condition" in capsys.readouterr().out
    assert run_command(["validate", "a.yaml", "--ignore", "invalid-conditoin", "--fail-on", "never"]) == 2
    assert "did you mean `invalid-condition`?" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["json", "sarif", "junit"])
def test_wrong_usage_is_told_in_the_form_that_was_asked_for(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["validate", "a.yaml", "--format", form, "--no-such-option"]) == 2
    assert "option-invalid" in capsys.readouterr().out


def test_a_code_that_is_to_be_ignored_and_is_not_met_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().replace(*_BROKEN))
    asked = ["validate", "orders.arazzo.yaml", "--no-sources", "--ignore", "invalid-condition,empty-list"]
    assert run_command(asked) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "`--ignore` `empty-list`: there is no such finding"
