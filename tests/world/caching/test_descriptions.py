"""What is kept of API descriptions between runs: the same document comes back, whatever happens to the files."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from msgspec import Struct

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.document import Document, Place
from arazzo_engine.documents.packed import Packed
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.world.caching import descriptions
from arazzo_engine.world.caching.descriptions import DescriptionCache, descriptions_folder
from arazzo_engine.world.loading.loader import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.openapi import OpenApi
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.pointers import Pointer

_ROOT: Final = places.ROOT
# a folder of published documents, if there is one: they are not ours to keep here
_CORPUS: Final = os.environ.get("ARAZZO_CORPUS")
_SOURCE: Final = b"openapi: 3.1.0\npaths:\n  /a:\n    get: { operationId: a }\n"
_URI: Final = "file:///api.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def cache(folder: Path) -> DescriptionCache:
    return DescriptionCache(lambda: folder, least_bytes=0)


def _read(cache: DescriptionCache, source: bytes = _SOURCE, uri: str = _URI) -> Document:
    return cache.read(source, uri, "api.yaml")


def _is_kept(cache: DescriptionCache, monkeypatch: pytest.MonkeyPatch, source: bytes = _SOURCE) -> bool:
    parsed: list[bytes] = []

    def read(given: bytes, uri: str, name: str) -> Document:
        parsed.append(given)
        return read_document(given, uri, name)

    with monkeypatch.context() as patched:
        patched.setattr(descriptions, "read_document", read)
        _read(cache, source)
    return not parsed


# --- the same document ---


def _descriptions() -> list[Path]:
    bundled = [
        *_ROOT.glob("specs/*/openapi/*"),
        *_ROOT.glob("tests/kennel/kennel-*"),
        _ROOT / "tests/shop/shop-api.yaml",
    ]
    corpus = sorted(Path(_CORPUS).rglob("*")) if _CORPUS else []
    return bundled + [path for path in corpus if path.suffix in {".yaml", ".yml", ".json"}]


def _pointers(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    yield pointer
    for token, each in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        yield from _pointers(each, (*pointer, str(token)))


def _told(api: OpenApi, place: Place) -> object:
    """What comes of reading an operation: its values with the places as text, or what is wrong with it."""
    try:
        return _plain(api.read(place))
    except ArazzoError as error:
        return error.diagnostics


def _plain(value: Any) -> Any:
    match value:
        case Place():
            return value.document.uri, value.pointer, value.location()
        case Struct():
            return [_plain(getattr(value, name)) for name in value.__struct_fields__]
        case tuple():
            return [_plain(each) for each in value]
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case _:
            return value


def _read_or_refuse(cache: DescriptionCache, path: Path) -> Document | tuple[Diagnostic, ...]:
    try:
        return cache.read(path.read_bytes(), path.as_uri(), path.name)
    except ArazzoError as error:
        return error.diagnostics


@pytest.mark.parametrize("path", _descriptions(), ids=lambda path: path.name)
def test_a_description_that_was_kept_is_the_same_in_every_part(path: Path, cache: DescriptionCache) -> None:
    cold, warm = _read_or_refuse(cache, path), _read_or_refuse(cache, path)
    if isinstance(cold, tuple) or isinstance(warm, tuple):
        assert warm == cold
        return
    assert isinstance(warm.content, Packed) is (cold.content.at(("arazzo",)) is ABSENT)
    assert json.dumps(warm.value) == json.dumps(cold.value)
    pointers = list(_pointers(cold.value))
    for pointer in pointers[:: max(1, len(pointers) // 20)]:
        assert warm.content.at(pointer) == cold.content.at(pointer)
        assert Place(warm, pointer).location() == Place(cold, pointer).location()


@pytest.mark.parametrize("path", _descriptions(), ids=lambda path: path.name)
def test_its_operations_are_the_same(path: Path, cache: DescriptionCache) -> None:
    documents = [each for each in (_read_or_refuse(cache, path) for _ in range(2)) if isinstance(each, Document)]
    if not documents or all(documents[0].content.at((field,)) is ABSENT for field in ("openapi", "swagger")):
        pytest.skip("no API description")
    loader = Loader(cache=cache)
    cold, warm = (open_api("api", document, loader) for document in documents)
    assert list(warm.operation_ids) == list(cold.operation_ids)
    assert list(warm.operation_pointers) == list(cold.operation_pointers)
    for text in cold.operation_pointers.names[:: max(1, len(cold.operation_pointers) // 20)]:
        pointer = parse_pointer(text)
        assert _told(warm, warm.document.root().child(*pointer)) == _told(cold, cold.document.root().child(*pointer))
    for operation_id in cold.operation_ids:
        here, there = warm.places_of(operation_id), cold.places_of(operation_id)
        assert [place.pointer for place in here] == [place.pointer for place in there]


# --- what is kept ---


def test_a_text_that_was_read_before_is_not_parsed_again(
    cache: DescriptionCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not _is_kept(cache, monkeypatch)
    assert _is_kept(cache, monkeypatch)
    assert not _is_kept(cache, monkeypatch, _SOURCE + b"# changed\n")


def test_a_run_reads_the_operations_it_needs_and_no_others(cache: DescriptionCache) -> None:
    operation = {"responses": {"200": {"description": "done", "content": {"application/json": {"schema": {}}}}}}
    paths = {f"/{number}": {"get": {**operation, "operationId": f"get{number}"}} for number in range(500)}
    schemas = {f"Schema{number}": {"type": "object"} for number in range(500)}
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    components = {"schemas": schemas, "securitySchemes": schemes}
    source = json.dumps({"openapi": "3.1.0", "security": [{"key": []}], "paths": paths, "components": components})
    _read(cache, source.encode())
    warm = _read(cache, source.encode())
    assert isinstance(warm.content, Packed)
    api = open_api("api", warm, Loader(cache=cache))
    for number in range(4):
        assert api.read(api.places_of(f"get{number}")[0]).path == f"/{number}"
    # four path items, the list of operations, and a few of the description's own fields
    assert len(warm.content._pieces) <= 12


def test_the_same_text_is_another_document_where_it_must_be_json(
    cache: DescriptionCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(cache)
    with pytest.raises(ArazzoError) as refused:
        _read(cache, uri="file:///api.json")
    assert [each.code for each in refused.value.diagnostics] == ["malformed-json"]
    assert _is_kept(cache, monkeypatch)


def test_code_that_reads_otherwise_does_not_see_what_was_kept(
    cache: DescriptionCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(cache)
    monkeypatch.setattr(descriptions, "_reading_code", lambda: b"other code")
    assert not _is_kept(cache, monkeypatch)


def test_an_arazzo_document_is_not_kept(cache: DescriptionCache, folder: Path) -> None:
    _read(cache, b"arazzo: 1.0.1\nx-token: secret\n")
    assert not folder.exists()


def test_a_small_text_is_not_kept(folder: Path) -> None:
    _read(DescriptionCache(lambda: folder))
    assert not folder.exists()


def test_the_folder_and_its_files_are_the_users_alone(cache: DescriptionCache, folder: Path) -> None:
    _read(cache)
    (file,) = folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({"ARAZZO_CACHE_DIR": "/somewhere"}, Path("/somewhere")), ({"ARAZZO_NO_CACHE": "1"}, None)],
)
def test_the_environment_says_where(
    variables: dict[str, str], expected: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert descriptions_folder() == (expected and expected / "descriptions")


def test_the_folder_is_the_platforms_when_nobody_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ARAZZO_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    found = descriptions_folder()
    assert found is not None
    assert found.is_relative_to(tmp_path)


def test_the_least_recently_used_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [_SOURCE + b"# %d\n" % number for number in range(4)]
    roomy = DescriptionCache(lambda: folder, least_bytes=0)
    _read(roomy, sources[0])
    size = next(folder.iterdir()).stat().st_size
    narrow = DescriptionCache(lambda: folder, least_bytes=0, most_bytes=3 * size)
    for number, source in enumerate(sources[1:3], start=1):
        _read(narrow, source)
        for file in folder.iterdir():
            os.utime(file, (number, number))
    _read(narrow, sources[0])  # used just now
    _read(narrow, sources[3])
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 3 * size
    assert _is_kept(narrow, monkeypatch, sources[0])
    assert _is_kept(narrow, monkeypatch, sources[3])


# --- what may be wrong with it ---


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 1000])
def test_a_damaged_file_is_read_anew_and_replaced(
    content: bytes, cache: DescriptionCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(cache)
    (file,) = folder.iterdir()
    file.write_bytes(content)
    assert not _is_kept(cache, monkeypatch)
    assert _is_kept(cache, monkeypatch)


@pytest.mark.parametrize("which", ["folder", "file"])
def test_what_others_may_write_is_not_believed(
    which: str, cache: DescriptionCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(cache)
    (file,) = folder.iterdir()
    (folder if which == "folder" else file).chmod(0o777)
    assert not _is_kept(cache, monkeypatch)


def test_a_file_of_another_user_is_not_believed(cache: DescriptionCache, monkeypatch: pytest.MonkeyPatch) -> None:
    _read(cache)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert not _is_kept(cache, monkeypatch)


def test_a_link_is_not_followed(cache: DescriptionCache, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _read(cache)
    (file,) = folder.iterdir()
    moved = file.rename(folder.parent / "elsewhere")
    file.symlink_to(moved)
    assert not _is_kept(cache, monkeypatch)


def test_a_file_that_is_larger_than_any_that_is_kept_is_not_read(
    cache: DescriptionCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(cache)
    (file,) = folder.iterdir()
    os.truncate(file, 3_000_000_000)  # without a byte on the disk
    assert not _is_kept(cache, monkeypatch)


def test_a_pipe_does_not_hold_the_run_up(
    cache: DescriptionCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(cache)
    (file,) = folder.iterdir()
    file.unlink()
    os.mkfifo(file)
    assert not _is_kept(cache, monkeypatch)


def test_a_folder_that_cannot_be_made_does_no_harm(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    document = _read(DescriptionCache(lambda: blocked / "cache", least_bytes=0))
    assert document.content.at(("openapi",)) == "3.1.0"


def test_many_at_once_leave_one_whole_file(cache: DescriptionCache, folder: Path) -> None:
    found: list[Any] = []
    readers = [threading.Thread(target=lambda: found.append(_read(cache).value)) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [read_document(_SOURCE, _URI).value] * 8
    assert len(list(folder.iterdir())) == 1


# --- whole runs ---


def test_a_mistake_is_told_in_the_same_words_the_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARAZZO_CACHE_DIR", str(tmp_path / "cache"))
    for document in (_ROOT / "tests" / "shop").iterdir():
        shutil.copy(document, tmp_path)
    api = Path("shop-api.yaml")
    wrong = api.read_text().replace("  /charges:", "  /more: {}\n  /charges:").replace("in: path,", "in: pth,")
    api.write_text(wrong + "x-padding: " + "x" * 60_000)
    workflow = Path("orders.arazzo.yaml")
    workflow.write_text(workflow.read_text().replace("chargeCustomer", "chargeCustomers"))

    told = []
    for _ in range(2):
        assert run_command(["validate", "orders.arazzo.yaml"]) == 3
        told.append(capsys.readouterr())
        shutil.rmtree(tmp_path / "cache" / "verdicts")

    assert told[0] == told[1]
    assert "did you mean `chargeCustomer`? (shopApi, shop-api.yaml:22)" in told[0].out + told[0].err
    assert len(list((tmp_path / "cache" / "descriptions").iterdir())) == 1
