"""Packed bodies: each coding is unpacked whole, within the bound, or not at all."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard

from arazzo_engine.world.http.content_codings import ACCEPTED, TooLargeError, UnpackingError, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT = bytes(range(256)) * 40


def _raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


_PACKINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("X-GZip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", _raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
    ("gzip", lambda content: gzip.compress(content[:99]) + gzip.compress(content[99:])),
    ("zstd", lambda content: zstandard.compress(content[:99]) + zstandard.compress(content[99:])),
]


@pytest.mark.parametrize(("coding", "pack"), _PACKINGS)
def test_a_body_is_unpacked(coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert unpack(pack(_TEXT), coding, len(_TEXT)) == _TEXT
    assert unpack(pack(b""), coding, 10) == b""


@pytest.mark.parametrize(("coding", "pack"), _PACKINGS)
def test_a_body_beyond_the_ceiling_is_refused(coding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(TooLargeError):
        unpack(pack(_TEXT), coding, len(_TEXT) - 1)


@pytest.mark.parametrize(("coding", "pack"), _PACKINGS)
def test_a_body_that_is_cut_off_or_no_such_thing_is_refused(coding: str, pack: Callable[[bytes], bytes]) -> None:
    for content in (pack(_TEXT)[:-1], pack(_TEXT)[: len(pack(_TEXT)) // 2], b"this is not packed"):
        with pytest.raises(UnpackingError):
            unpack(content, coding, 100_000)


@pytest.mark.parametrize(("coding", "pack"), [each for each in _PACKINGS if each[0] in {"br", "zstd", "gzip"}])
def test_a_bomb_is_not_unpacked_beyond_the_ceiling(coding: str, pack: Callable[[bytes], bytes]) -> None:
    import tracemalloc

    bomb = pack(bytes(60_000_000))
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            unpack(bomb, coding, 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_coding_that_was_not_asked_for_and_an_empty_body_stay_as_they_are() -> None:
    assert unpack(b"abc", "compress", 10) == b"abc"
    assert unpack(b"", "gzip", 10) == b""


def test_only_what_is_installed_is_asked_for() -> None:
    code = "import importlib.util; importlib.util.find_spec = lambda _name: None; "
    code += "from arazzo_engine.world.http.content_codings import ACCEPTED; print(ACCEPTED)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "gzip, deflate\n"
    assert ACCEPTED == "gzip, deflate, br, zstd"
