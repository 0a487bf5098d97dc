"""Multipart bodies and forms as the parsers of three servers read them: each part and pair is what was meant."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import django.conf
import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from python_multipart import parse_form
from werkzeug.formparser import parse_form_data

from arazzo_engine.apis.descriptions.operations import MediaType
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.language.messages.contents import Pieces
from arazzo_engine.language.messages.files import held_file
from arazzo_engine.world.loading.disk_files import look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from arazzo_engine.apis.wire_forms.bodies import Body
    from arazzo_engine.language.messages.files import File

# a name, the name of a file or none, and the bytes
Part = tuple[str, str | None, bytes]
MULTIPART: Final = "multipart/form-data"
FORM: Final = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True, scope="module")
def _django() -> None:
    if not django.conf.settings.configured:
        django.conf.settings.configure(USE_TZ=False)


def read_by_python_multipart(body: Body) -> list[Part]:
    """Read a body as Starlette and FastAPI do."""
    found: list[Part] = []

    def take_field(field: Any) -> None:
        found.append((field.field_name.decode(), None, field.value or b""))

    def take_file(file: Any) -> None:
        file.file_object.seek(0)
        found.append((file.field_name.decode(), file.file_name.decode(), file.file_object.read()))
        file.close()

    headers = {"Content-Type": body.content_type.encode(), "Content-Length": str(len(body.content)).encode()}
    parse_form(headers, io.BytesIO(bytes(body.content)), take_field, take_file)
    return sorted(found, key=str)


def read_by_werkzeug(body: Body) -> list[Part]:
    """Read a body as Flask does."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": body.content_type,
        "CONTENT_LENGTH": str(len(body.content)),
        "wsgi.input": io.BytesIO(bytes(body.content)),
    }
    _, fields, files = parse_form_data(environ, silent=False)
    found: list[Part] = [(name, None, value.encode()) for name, value in fields.items(multi=True)]
    for name, each in files.items(multi=True):
        found.append((name, each.filename, each.stream.read()))
        each.close()
    return sorted(found, key=str)


def read_by_django(body: Body) -> list[Part]:
    """Read a body as Django does."""
    meta = {"CONTENT_TYPE": body.content_type, "CONTENT_LENGTH": str(len(body.content))}
    handler = MemoryFileUploadHandler()
    parser = MultiPartParser(meta, io.BytesIO(bytes(body.content)), [handler], "utf-8")
    fields, files = parser.parse()
    found: list[Part] = [(name, None, each.encode()) for name, values in fields.lists() for each in values]
    found += [(name, each.name, each.read()) for name, values in files.lists() for each in values]
    return sorted(found, key=str)


PARSERS: Final = (read_by_python_multipart, read_by_werkzeug, read_by_django)
# a name that a browser would escape is another one to those that do not undo it
NAMES: Final = st.from_regex(r"[a-zA-Zéß漢][\w\[\].-]{0,9}", fullmatch=True)
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
FILES: Final = st.builds(
    lambda data, name: held_file(data, "application/octet-stream", f"{name}.bin"),
    st.binary(max_size=200) | st.sampled_from([b"\r\n--", b"--arazzo-", b"\r\n", b"\n", b""]),
    NAMES,
)


def parts_of(payload: dict[str, str | File]) -> list[Part]:
    return sorted(
        (
            (name, None, value.encode()) if isinstance(value, str) else (name, value.name, value.data())
            for name, value in payload.items()
        ),
        key=str,
    )


@pytest.mark.parametrize("read", PARSERS)
@given(payload=st.dictionaries(NAMES, TEXTS | FILES, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_multipart_body_is_read_as_it_was_meant(
    read: Callable[[Body], list[Part]], payload: dict[str, str | File]
) -> None:
    assert read(write_body(payload, MULTIPART, MediaType(MULTIPART))) == parts_of(payload)


@pytest.mark.parametrize("read", PARSERS)
def test_a_file_on_disk_is_read_as_it_is(read: Callable[[Body], list[Part]], tmp_path: Path) -> None:
    data = bytes(range(256)) * 3_000
    (tmp_path / "big.bin").write_bytes(data)
    found = look_at(tmp_path / "big.bin")
    file = replace(held_file(b"", "", "big.bin"), source=found, size=found.size, digest=found.digest)
    body = write_body({"f": [file, file], "t": "x"}, MULTIPART, None)
    assert isinstance(body.content, Pieces)
    assert read(body) == [("f", "big.bin", data), ("f", "big.bin", data), ("t", None, b"x")]


def pairs_by_python_multipart(content: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def take(field: Any) -> None:
        name, value = (_unquoted(each or b"") for each in (field.field_name, field.value))
        found.append((name, value))

    parse_form({"Content-Type": FORM.encode()}, io.BytesIO(content), take, lambda _file: None)
    return found


def _unquoted(text: bytes) -> str:
    from urllib.parse import unquote_plus

    return unquote_plus(text.decode("ascii"))


def pairs_by_werkzeug(content: bytes) -> Iterator[tuple[str, str]]:
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
    }
    _, fields, _ = parse_form_data(environ, silent=False)
    yield from fields.items(multi=True)


def pairs_by_django(content: bytes) -> Iterator[tuple[str, str]]:
    for name, values in QueryDict(content, encoding="utf-8").lists():
        yield from ((name, each) for each in values)


@pytest.mark.parametrize("read", [pairs_by_python_multipart, pairs_by_werkzeug, pairs_by_django])
@given(members=st.dictionaries(TEXTS.filter(bool), TEXTS, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_form_is_read_as_it_was_meant(read: Callable[[bytes], Any], members: dict[str, str]) -> None:
    content = bytes(write_body(members, FORM, None).content)
    assert sorted(read(content)) == sorted(members.items())
