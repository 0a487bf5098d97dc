"""Multipart bodies and forms as the parsers of three servers read them: each part and pair is what was meant."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any, Final

import django.conf
import django.test
import pytest
import starlette.datastructures
import starlette.requests
import werkzeug
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import MediaType
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.language.messages.contents import Pieces
from arazzo_engine.language.messages.files import held_file
from arazzo_engine.world.loading.disk_files import look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from arazzo_engine.language.messages.files import File

# a name, the name of a file or none, and the bytes
Part = tuple[str, str | None, bytes]
MULTIPART: Final = "multipart/form-data"
FORM: Final = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True, scope="module")
def _django() -> None:
    if not django.conf.settings.configured:
        django.conf.settings.configure(USE_TZ=False)


def starlette_form(content_type: str, content: bytes) -> starlette.datastructures.FormData:
    """Return what Starlette and FastAPI read, which leave the parsing to python-multipart."""

    async def read() -> starlette.datastructures.FormData:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        headers = [(b"content-type", content_type.encode())]
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
        return await starlette.requests.Request(scope, receive).form()

    return asyncio.run(read())


def werkzeug_request(content_type: str, content: bytes) -> werkzeug.Request:
    """Return what Flask reads."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
    }
    return werkzeug.Request(environ)


def django_request(content_type: str, content: bytes) -> Any:
    """Return what Django reads."""
    return django.test.RequestFactory().post("/", data=content, content_type=content_type)


def parts_by_starlette(content_type: str, content: bytes) -> Iterator[Part]:
    for name, value in starlette_form(content_type, content).multi_items():
        if isinstance(value, str):
            yield name, None, value.encode()
        else:
            yield name, value.filename, value.file.read()
            value.file.close()


def parts_by_werkzeug(content_type: str, content: bytes) -> Iterator[Part]:
    request = werkzeug_request(content_type, content)
    for name, value in request.form.items(multi=True):
        yield name, None, value.encode()
    for name, file in request.files.items(multi=True):
        yield name, file.filename, file.stream.read()
        file.close()


def parts_by_django(content_type: str, content: bytes) -> Iterator[Part]:
    request = django_request(content_type, content)
    for name, values in request.POST.lists():
        yield from ((name, None, each.encode()) for each in values)
    for name, files in request.FILES.lists():
        yield from ((name, each.name, each.read()) for each in files)


READERS: Final = (parts_by_starlette, parts_by_werkzeug, parts_by_django)
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


@pytest.mark.parametrize("read", READERS)
@given(payload=st.dictionaries(NAMES, TEXTS | FILES, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_multipart_body_is_read_as_it_was_meant(
    read: Callable[[str, bytes], Iterator[Part]], payload: dict[str, str | File]
) -> None:
    body = write_body(payload, MULTIPART, MediaType(MULTIPART))
    assert sorted(read(body.content_type, bytes(body.content)), key=str) == parts_of(payload)


@pytest.mark.parametrize("read", READERS)
def test_a_file_on_disk_is_read_as_it_is(read: Callable[[str, bytes], Iterator[Part]], tmp_path: Path) -> None:
    data = bytes(range(256)) * 3_000
    (tmp_path / "big.bin").write_bytes(data)
    found = look_at(tmp_path / "big.bin")
    file = replace(held_file(b"", "", "big.bin"), source=found, size=found.size, digest=found.digest)
    body = write_body({"f": [file, file], "t": "x"}, MULTIPART, None)
    assert isinstance(body.content, Pieces)
    parts = sorted(read(body.content_type, bytes(body.content)), key=str)
    assert parts == [("f", "big.bin", data), ("f", "big.bin", data), ("t", None, b"x")]


def pairs_by_starlette(content: bytes) -> list[tuple[str, Any]]:
    return list(starlette_form(FORM, content).multi_items())


def pairs_by_werkzeug(content: bytes) -> list[tuple[str, Any]]:
    return list(werkzeug_request(FORM, content).form.items(multi=True))


def pairs_by_django(content: bytes) -> list[tuple[str, Any]]:
    return [(name, each) for name, values in django_request(FORM, content).POST.lists() for each in values]


@pytest.mark.parametrize("read", [pairs_by_starlette, pairs_by_werkzeug, pairs_by_django])
@given(members=st.dictionaries(TEXTS.filter(bool), TEXTS, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_form_is_read_as_it_was_meant(read: Callable[[bytes], Any], members: dict[str, str]) -> None:
    content = bytes(write_body(members, FORM, None).content)
    assert sorted(read(content)) == sorted(members.items())
