"""Bodies as they are shown: texts as they are, bytes in base64 with their number, and of many only their digest."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest
from described import write
from msgspec.structs import replace

from arazzo_engine.apis.wire_forms.body_texts import body_text, bytes_text, described_bytes
from arazzo_engine.language.messages.files import LARGEST_SHOWN, File, held_file
from arazzo_engine.world.loading.disk_files import look_at

if TYPE_CHECKING:
    from pathlib import Path

MANY = b"\xff" * (LARGEST_SHOWN + 1)
DIGEST = hashlib.sha256(MANY).hexdigest()


def on_disk(path: Path, content: bytes) -> File:
    path.write_bytes(content)
    found = look_at(path)
    return replace(held_file(b"", "", path.name), source=found, size=found.size, digest=found.digest)


@pytest.mark.parametrize(
    ("content", "content_type", "text", "described"),
    [
        (b"a\xc3\xa9", "text/plain", "aé", None),
        (b"a\xe9", "text/plain; charset=latin-1", "aé", None),
        (b'{"a":"\xc3\xa9"}', "application/json; charset=latin-1", '{"a":"é"}', None),
        (b"a\xc3\xa9", "application/x-www-form-urlencoded; charset=latin-1", "aé", None),
        (b'"\xc3\xa9"\n', "application/jsonl; charset=latin-1", '"é"\n', None),
        (b"a\xe9", "text/plain", "<2 bytes, base64 Yek=>", {"length": 2, "base64": "Yek="}),
        (b"\xff", "image/png", "<1 byte, base64 /w==>", {"length": 1, "base64": "/w=="}),
        (MANY, "image/png", f"<65,537 bytes, sha256 {DIGEST}>", {"length": 65_537, "sha256": DIGEST}),
        (b"", "image/png", "", None),
    ],
)
def test_a_body_is_shown_as_text_or_as_bytes(
    content: bytes, content_type: str, text: str, described: dict[str, object] | None
) -> None:
    assert body_text(content, content_type) == text
    assert described_bytes(content, content_type) == described


def test_of_a_multipart_body_the_parts_of_bytes_are_shown_as_bytes(tmp_path: Path) -> None:
    for file in (held_file(b"\x89PNG\xff", "image/png", "a.png"), on_disk(tmp_path / "a.png", b"\x89PNG\xff")):
        body = write("multipart/form-data; boundary=x", {"t": "é", "f": file, "n": 1})
        text = body_text(body.content, body.content_type)
        assert 'name="t"\r\n\r\né\r\n--x\r\n' in text
        assert "\r\n\r\n<5 bytes, base64 iVBOR/8=>\r\n--x\r\n" in text
        assert text.endswith('name="n"\r\n\r\n1\r\n--x--\r\n')
        assert described_bytes(body.content, body.content_type) is None


def test_a_large_file_is_not_read_to_be_shown(tmp_path: Path) -> None:
    large = on_disk(tmp_path / "a.bin", MANY)
    (tmp_path / "a.bin").unlink()
    summary = f"<65,537 bytes of a.bin, sha256 {DIGEST}>"
    whole = write("application/octet-stream", large)
    assert body_text(whole.content, "application/octet-stream") == summary
    assert described_bytes(whole.content, "application/octet-stream") == {"length": 65_537, "sha256": DIGEST}
    within = write("application/json", {"f": large})
    expected = f'{{"f":"data:;name=a.bin;base64,base64 of {summary}"}}'
    assert body_text(within.content, "application/json") == expected


def test_a_small_file_that_is_gone_is_shown_by_its_digest(tmp_path: Path) -> None:
    small = on_disk(tmp_path / "a.bin", b"\xff")
    (tmp_path / "a.bin").unlink()
    text = body_text(write("application/octet-stream", small).content, "application/octet-stream")
    assert text == f"<1 byte of a.bin, sha256 {hashlib.sha256(bytes([255])).hexdigest()}>"


def test_so_many_bytes_are_shown_as_are_asked_for() -> None:
    assert (
        bytes_text(b"\xff\xff", " of image/png", 2)
        == f"<2 bytes of image/png, base64 {base64.b64encode(bytes([255, 255])).decode()}>"
    )
    assert bytes_text(b"\xff\xff", largest=1).startswith("<2 bytes, sha256 ")
