"""What a check found is told again without a check for as long as one would find the same, and never longer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback import RecordingServer, Reply

from arazzo_engine.cli import run_command
from arazzo_engine.reporting.findings.checks import CheckedDocument, Checks
from arazzo_engine.reporting.findings.forms import FORMS
from arazzo_engine.world.caching import verdicts
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.validating import Checking

if TYPE_CHECKING:
    from collections.abc import Callable

_DOCUMENT: Final = Path("flows/doc.json")
_SECRET: Final = "sk-live-4711"


def _api(*operation_ids: str) -> dict[str, Any]:
    paths = {f"/{each}": {"get": {"operationId": each, "responses": {}}} for each in operation_ids}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}


def _arazzo(url: str = "api.json", operation: str = "a", **step: Any) -> dict[str, Any]:
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": url, "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": operation, **step}]}],
    }


def _write(path: str | Path, value: Any) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(value, indent=1))


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a project whose document calls an operation of a description that is elsewhere than it says."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ARAZZO_CACHE_DIR", str(tmp_path / "cache"))
    _write(_DOCUMENT, _arazzo())
    _write("apis/api.json", _api("a"))
    return folder


def _check(*documents: str | Path, **options: Any) -> tuple[CheckedDocument, ...]:
    return Checking(options).check([str(each) for each in documents or (_DOCUMENT,)])


def _told(checked: tuple[CheckedDocument, ...]) -> list[str]:
    checks = Checks(checked)
    return [FORMS[each](checks) for each in ("json", "github", "junit")]


def _is_kept(monkeypatch: pytest.MonkeyPatch, *documents: str | Path, **options: Any) -> bool:
    """Whether the verdicts are told without a check; they must be those of a check all the same."""
    examined: list[object] = []

    def examine(engine: Engine, document: Any, **rest: Any) -> CheckedDocument:
        examined.append(document)
        return _EXAMINE(engine, document, **rest)

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "examine", examine)
        found = _told(_check(*documents, **options))
        was_kept = not examined
        patched.setenv("ARAZZO_NO_CACHE", "1")
        assert _told(_check(*documents, **options)) == found
    return was_kept


_EXAMINE: Final = Engine.examine


# --- the same verdict ---


def _missing() -> None:
    shutil.rmtree("apis")


def _several() -> None:
    _write("others/api.json", _api("a", "b"))


def _malformed() -> None:
    _DOCUMENT.write_text("arazzo: [")


def _absent() -> None:
    _DOCUMENT.unlink()


def _elsewhere() -> None:
    _DOCUMENT.rename("flows/docs.json")


def _in_utf_16() -> None:
    _DOCUMENT.write_text(_DOCUMENT.read_text(), encoding="utf-16")


def _with_carriage_returns() -> None:
    _DOCUMENT.write_bytes(_DOCUMENT.read_bytes().replace(b"\n", b"\r\n"))


def _wrong_twice() -> None:
    _write(_DOCUMENT, _arazzo(outputs={"o": "$response.bdy"}, onSuccess=[{"name": "n", "type": "goto", "stepId": "x"}]))


def _repeated() -> None:
    document = _arazzo()
    document["workflows"] *= 2
    _write(_DOCUMENT, document)


def _wrong_description() -> None:
    _write("apis/api.json", {**_api("a"), "paths": {"/a": {"get": {"operationId": "a", "parameters": {}}}}})


@pytest.mark.parametrize(
    "change",
    [
        *(_missing, _several, _malformed, _absent, _elsewhere, _in_utf_16, _with_carriage_returns),
        *(_wrong_twice, _repeated, _wrong_description),
    ],
)
def test_a_second_check_tells_the_same_without_looking_into_a_document(
    change: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    change()
    assert not _is_kept(monkeypatch)
    assert _is_kept(monkeypatch)


def test_a_command_says_the_same_the_second_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _wrong_twice()
    told = []
    for _ in range(2):
        assert run_command(["validate", ".", "--ignore", "repaired"]) == 3
        told.append(capsys.readouterr())
        monkeypatch.setattr(Engine, "examine", None)  # it is not asked again
    assert told[0] == told[1]


def test_several_processes_keep_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [f"flows/{number}.json" for number in range(20)]
    for number, each in enumerate(documents):
        _write(each, _arazzo(operation="ab"[number % 2]))
    found = Checking({}).check(documents, 2)
    assert [each.name for each in found] == documents
    assert _is_kept(monkeypatch, *documents)


def test_only_what_changed_is_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _write("flows/other.json", _arazzo())
    _check(_DOCUMENT, "flows/other.json")
    _write(_DOCUMENT, _arazzo(operation="b"))
    assert _is_kept(monkeypatch, "flows/other.json")
    assert not _is_kept(monkeypatch, _DOCUMENT)


# --- never longer ---


def _text(path: str, old: str, new: str) -> Callable[[], None]:
    """Return what writes a text of the same length, and leaves no trace of when."""

    def change() -> None:
        file = Path(path)
        if file.is_file() and not file.is_symlink():
            before = file.stat()
            file.write_text(file.read_text().replace(old, new))
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def _there(path: str, value: Any) -> Callable[[], None]:
    def change() -> None:
        _away(path)()
        _write(path, value)

    return change


def _away(path: str) -> Callable[[], None]:
    def change() -> None:
        if Path(path).is_dir() and not Path(path).is_symlink():
            shutil.rmtree(path)
        else:
            Path(path).unlink(missing_ok=True)

    return change


def _linked(path: str, to: str) -> Callable[[], None]:
    def change() -> None:
        _away(path)()
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).symlink_to(Path(to).absolute())

    return change


def _piped(path: str) -> Callable[[], None]:
    def change() -> None:
        _away(path)()
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)

    return change


def _folder(path: str) -> Callable[[], None]:
    def change() -> None:
        _away(path)()
        Path(path).mkdir(parents=True)

    return change


_CHANGES: Final = {
    "another operation is called": _text("flows/doc.json", '"a"', '"b"'),
    "the first operation is called": _text("flows/doc.json", '"b"', '"a"'),
    "another file is named": _text("flows/doc.json", "api.json", "ipa.json"),
    "the first file is named": _text("flows/doc.json", "ipa.json", "api.json"),
    "the description defines another operation": _text("apis/api.json", '"a"', '"b"'),
    "the description defines the first operation": _text("apis/api.json", '"b"', '"a"'),
    "a description comes where the document says": _there("flows/api.json", _api("a")),
    "a description goes from where the document says": _away("flows/api.json"),
    "a second description of the name comes": _there("more/api.json", _api("a", "b")),
    "a second description of the name goes": _away("more/api.json"),
    "a description of another name comes": _there("more/other.yaml", _api("a", "b")),
    "the description goes": _away("apis/api.json"),
    "the description comes": _there("apis/api.json", _api("a", "b")),
    "the description is a folder": _folder("apis/api.json"),
    "the description is a pipe": _piped("apis/api.json"),
    "the description is a link to another": _linked("apis/api.json", "more/other.yaml"),
    "the description is a link that leads out": _linked("apis/api.json", "../outside.json"),
    "the folder of the description is a link": _linked("apis", "more"),
    "the project has another root": _folder("flows/.git"),
    "the project has its root again": _away("flows/.git"),
    "the project has no root": _away(".git"),
    "a file of other tools comes": _there("flows/pyproject.toml", {}),
    "settings come": _there("arazzo.toml", {}),
    "variables come": _there("flows/.env", {}),
    "the document goes": _away("flows/doc.json"),
    "the document comes": _there("flows/doc.json", _arazzo()),
    "the document is a link": _linked("flows/doc.json", "kept/doc.json"),
    "the document of the link comes": _there("kept/doc.json", _arazzo(operation="b")),
    "a document of nearly that name comes": _there("flows/docs.json", _arazzo()),
}


@settings(
    max_examples=int(os.environ.get("ARAZZO_CHANGES", "40")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(st.sampled_from(sorted(_CHANGES)), min_size=1, max_size=8))
def test_whatever_changes_the_verdict_is_that_of_a_new_check(
    changes: list[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in project.iterdir():
        _away(str(each))()
    for name in ("the project has its root again", "the document comes", "the description comes"):
        _CHANGES[name]()
    Path(".git").mkdir()
    (project.parent / "outside.json").write_text(json.dumps(_api("a")))
    _check()
    for name in changes:
        # what cannot be done, such as writing below a link to nothing, changes nothing
        with suppress(OSError):
            _CHANGES[name]()
        _is_kept(monkeypatch)


def test_a_change_that_a_check_would_tell_ends_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []
    for name in ("another operation is called", "the description goes", "a second description of the name comes"):
        _check()
        _CHANGES[name]()
        kept.append(_is_kept(monkeypatch))
    assert kept == [False, False, False]


@pytest.mark.parametrize("options", [{"strict": True}, {"ignore": ("repaired",)}, {"source_dirs": ("apis",)}])
def test_other_options_are_another_check(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    _check()
    assert not _is_kept(monkeypatch, **options)
    assert _is_kept(monkeypatch, **options)
    assert _is_kept(monkeypatch)


def test_without_sources_is_another_check() -> None:
    _write(_DOCUMENT, _arazzo(operation="b"))
    assert len(_check()[0].findings) != len(Checking({}, with_sources=False).check([str(_DOCUMENT)])[0].findings)


def test_from_another_folder_the_places_have_other_names(monkeypatch: pytest.MonkeyPatch) -> None:
    document = _DOCUMENT.absolute()
    _check(document)
    monkeypatch.chdir("flows")
    assert not _is_kept(monkeypatch, document)


def test_another_engine_checks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    _check()
    monkeypatch.setattr(verdicts, "engine_code", lambda: b"other code")
    assert not _is_kept(monkeypatch)


def test_an_engine_whose_code_cannot_be_looked_at_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "engine_code", lambda: b"")
    _check()
    assert not _is_kept(monkeypatch)


@pytest.mark.parametrize("file", ["arazzo.toml", "flows/.env"])
def test_what_stands_around_a_document_is_looked_at_each_time(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(file).write_text("")
    _check()
    assert not _is_kept(monkeypatch)


def test_a_check_that_was_given_up_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [each.code for each in _check(timeout=1e-9)[0].findings] == ["run-time-limit"]
    assert not _is_kept(monkeypatch, timeout=60.0)


def test_an_engine_and_its_runs_believe_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    _check()
    monkeypatch.setattr(verdicts.Verdicts, "find", None)
    with Engine() as engine:
        assert [each.code for each in engine.validate(_DOCUMENT)] == ["repaired", "server-relative"]
        assert [each.code for each in engine.load(_DOCUMENT).findings] == ["repaired", "server-relative"]


# --- the network ---


def test_what_a_server_answers_is_asked_again(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.script("GET", "/api.json", Reply(200, body=_api("a")))
    _write(_DOCUMENT, _arazzo(url=f"{server.url}/api.json"))
    _check()
    assert _is_kept(monkeypatch)
    server.script("GET", "/api.json", Reply(200, body=_api("b")))
    assert not _is_kept(monkeypatch)
    server.script("GET", "/api.json", Reply(404))
    assert not _is_kept(monkeypatch)
    assert _is_kept(monkeypatch)


def test_a_server_that_leads_to_a_host_that_is_not_allowed_is_told(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = {"allow_hosts": (server.url.removeprefix("http://"),)}
    server.script("GET", "/api.json", Reply(200, body=_api("a")))
    _write(_DOCUMENT, _arazzo(url=f"{server.url}/api.json"))
    _check(**allowed)
    assert _is_kept(monkeypatch, **allowed)
    server.script("GET", "/api.json", Reply(302, headers=(("Location", "https://elsewhere.example.com/api.json"),)))
    assert [each.code for each in _check(**allowed)[0].findings] == ["host-not-allowed"]
    assert _is_kept(monkeypatch, **allowed)


# --- what is in the files ---


def _kept_files(project: Path) -> list[Path]:
    return sorted((project.parent / "cache" / "verdicts").iterdir())


def test_no_line_of_a_document_is_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = {"name": "X-Key", "in": "header", "value": f"{_SECRET} {{$inputs.x"}
    body = {"contentType": "application/json", "payload": {"key": _SECRET, "a": "$inputs.nothing"}}
    _write(
        _DOCUMENT, _arazzo(parameters=[header], requestBody=body, successCriteria=[{"condition": f"'{_SECRET}' =="}])
    )
    found = _check()
    assert any(_SECRET in each.location.source for each in found[0].findings if each.location)
    assert not any(_SECRET.encode() in file.read_bytes() for file in _kept_files(project))
    assert _is_kept(monkeypatch)


def test_the_words_of_a_finding_are_kept_with_what_they_quote_until_it_is_mended(project: Path) -> None:
    _write(_DOCUMENT, _arazzo(successCriteria=[{"condition": f"$statusCode == '{_SECRET}' &&"}], outputs={_SECRET: 1}))
    assert any(_SECRET in each.message for each in _check()[0].findings)
    (file,) = _kept_files(project)
    assert _SECRET.encode() in file.read_bytes()
    _write(_DOCUMENT, _arazzo())
    _check()
    assert _kept_files(project) == [file]
    assert _SECRET.encode() not in file.read_bytes()


def test_the_files_are_the_users_alone(project: Path) -> None:
    _check()
    (file,) = _kept_files(project)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


_NO_VERDICTS: Final = (b"", b"\x93\xc0\xc0\xc0", b"\x93\x90\x90\x90\x90")


@pytest.mark.parametrize("content", [b"", b"garbage", *(sha256(each).digest() + each for each in _NO_VERDICTS)])
def test_a_damaged_file_is_replaced(content: bytes, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _check()
    (file,) = _kept_files(project)
    file.write_bytes(content)
    assert not _is_kept(monkeypatch)
    assert _is_kept(monkeypatch)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.9])
def test_a_file_of_which_one_byte_was_damaged_is_replaced(
    part: float, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _check()
    (file,) = _kept_files(project)
    content = bytearray(file.read_bytes())
    content[int(part * len(content))] ^= 1
    file.write_bytes(content)
    assert not _is_kept(monkeypatch)
    assert _is_kept(monkeypatch)


def test_a_file_that_others_may_write_is_not_believed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _check()
    (file,) = _kept_files(project)
    file.chmod(0o666)
    assert not _is_kept(monkeypatch)


def test_nothing_is_kept_when_the_user_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARAZZO_NO_CACHE", "1")
    _check()
    assert not (project.parent / "cache").exists()


# --- nothing is forgotten ---

_WATCHING: Final = """
import os, sys
from arazzo_engine.world.caching.questions import noting
from arazzo_engine.world.engine import Engine

root, opened, listed = os.getcwd(), set(), set()

def watch(event, arguments):
    seen = {"open": opened, "os.scandir": listed, "os.listdir": listed}.get(event)
    if seen is not None and isinstance(arguments[0], str) and os.path.abspath(arguments[0]).startswith(root):
        seen.add(os.path.abspath(arguments[0]))

with Engine() as engine:
    engine.examine(sys.argv[1])  # all that is imported late is there
    sys.addaudithook(watch)
    with noting() as notes:
        engine.examine(sys.argv[1])
asked = {os.path.abspath(path) for _, path in notes.answers}
beside = {os.path.dirname(os.path.abspath(path)) for name, path in notes.answers if name == "similar_file"}
below = tuple(f"{path}/" for name, path in notes.answers if name == "files_below")
forgotten = {path for path in opened - asked if os.path.dirname(path) not in beside}
print(len(opened), *forgotten, *(path for path in listed - beside if not f"{path}/".startswith(below)))
"""


@pytest.mark.parametrize("change", [lambda: None, _missing, _several, _absent, _elsewhere])
def test_no_file_is_opened_and_no_folder_listed_that_was_not_asked_for(change: Callable[[], None]) -> None:
    change()
    done = subprocess.run([sys.executable, "-c", _WATCHING, str(_DOCUMENT)], capture_output=True, text=True, check=True)
    count, *forgotten = done.stdout.split()
    assert int(count) > 0
    assert forgotten == []
