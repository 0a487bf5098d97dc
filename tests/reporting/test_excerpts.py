"""The beginning of an answer's body in a report: a text, or bytes in base64 with their number, and no secret."""

from __future__ import annotations

import hashlib

import pytest

from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.reporting.ending.bodies import body_excerpt
from arazzo_engine.reporting.masking import Masker

MANY = b"\xff" * 257


@pytest.mark.parametrize(
    ("content_type", "content", "excerpt"),
    [
        ("image/png", b"\x89PNG\xff", "<5 bytes of image/png, base64 iVBOR/8=>"),
        ("image/png", MANY, f"<257 bytes of image/png, sha256 {hashlib.sha256(MANY).hexdigest()}>"),
        ("image/svg", b"<svg/>", "<6 bytes of image/svg, base64 PHN2Zy8+>"),
        ("text/plain", b"not here", "not here"),
        ("image/png", b"", ""),
    ],
)
def test_an_excerpt_shows_a_text_or_how_many_bytes_there_are(content_type: str, content: bytes, excerpt: str) -> None:
    assert body_excerpt(Response(500, (("Content-Type", content_type),), content), Masker()) == excerpt


def test_a_secret_among_bytes_is_masked() -> None:
    masker = Masker()
    masker.learn(["s3cret-token"])
    answer = Response(500, (("Content-Type", "image/png"),), b"\xff\xffs3cret-token\xff")
    assert body_excerpt(answer, masker).startswith("<15 bytes of image/png, base64 ")
    assert "czNjcmV0" not in body_excerpt(answer, masker)
