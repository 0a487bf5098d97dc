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

from arazzo_engine.world.http import content_codings
from arazzo_engine.world.http.content_codings import ACCEPTED, TooLargeError, Unpacked, unpack

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
    assert unpack(pack(_TEXT), coding, len(_TEXT)) == Unpacked(_TEXT)
    assert unpack(pack(b""), coding, 10) == Unpacked(b"")


@pytest.mark.parametrize(("coding", "pack"), _PACKINGS)
def test_a_body_beyond_the_ceiling_is_refused(coding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(TooLargeError):
        unpack(pack(_TEXT), coding, len(_TEXT) - 1)


@pytest.mark.parametrize(("coding", "pack"), _PACKINGS)
def test_a_body_that_is_cut_off_is_left_out_and_that_is_told(coding: str, pack: Callable[[bytes], bytes]) -> None:
    name = coding.lower()
    for content in (pack(_TEXT)[:-1], pack(_TEXT)[: len(pack(_TEXT)) // 2]):
        problem = f"the body is encoded as `{name}` and cannot be unpacked: it is left out"
        assert unpack(content, coding, 100_000) == Unpacked(b"", problem)


@pytest.mark.parametrize(("coding", "pack"), _PACKINGS)
def test_a_body_that_is_not_packed_at_all_is_read_as_it_came(coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert pack(b"") != b""
    problem = f"the body claims to be encoded as `{coding.lower()}`, and is not: it is read as it came"
    assert unpack(b'{"id": 7}', coding, 100_000) == Unpacked(b'{"id": 7}', problem)


@pytest.mark.parametrize(("coding", "pack"), _PACKINGS)
@pytest.mark.parametrize("zeros", [1, 3, 4_000])
def test_zeros_that_fill_a_packed_body_up_belong_to_nothing(
    zeros: int, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    for content in (_TEXT, b"", b"a", b"\0" * 300):
        assert unpack(pack(content) + bytes(zeros), coding, len(_TEXT)) == Unpacked(content)


def test_other_bytes_behind_a_packed_body_are_left_out_and_told() -> None:
    problem = "the body has bytes behind its end that are no `gzip`: they are left out"
    assert unpack(gzip.compress(b"abc") + b"junk", "gzip", 100) == Unpacked(b"abc", problem)


@pytest.mark.parametrize(
    ("codings", "content"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(_TEXT))),
        ("deflate, GZIP", gzip.compress(zlib.compress(_TEXT))),
        ("identity,gzip,", gzip.compress(_TEXT)),
        ("gzip, identity", gzip.compress(_TEXT)),
        ("br,zstd , gzip", gzip.compress(zstandard.compress(brotli.compress(_TEXT)))),
        ("", _TEXT),
    ],
    ids=["two gzips", "deflate and gzip", "identity first", "identity last", "three", "none"],
)
def test_codings_that_are_stacked_are_undone_in_their_turn(codings: str, content: bytes) -> None:
    assert unpack(content, codings, 20_000) == Unpacked(_TEXT)


def test_a_coding_that_is_named_twice_and_applied_once_is_undone_once() -> None:
    unpacked = unpack(gzip.compress(b"abc"), "gzip, gzip", 100)
    assert unpacked == Unpacked(b"abc", "the body claims to be encoded as `gzip`, and is not: it is read as it came")


def test_codings_without_end_are_not_undone() -> None:
    problem = "the body is encoded 9 times, and not unpacked: it is left out"
    assert unpack(gzip.compress(b"abc"), ", ".join(["gzip"] * 9), 100) == Unpacked(b"", problem)


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_a_coding_whose_library_is_missing_is_told_with_the_extra_that_has_it(
    coding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(content_codings._UNPACKERS, coding)
    packed = brotli.compress(_TEXT) if coding == "br" else zstandard.compress(_TEXT)
    extra = f"`{coding}` takes the extra `compression` (`pip install 'arazzo-engine[compression]'`)"
    problem = f"the body is encoded as `{coding}` and cannot be unpacked: it is left out; {extra}"
    assert unpack(packed, coding, 100_000) == Unpacked(b"", problem)


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
    problem = "the body is encoded as `compress`, which is not known: it is read as it came"
    assert unpack(b"abc", "compress", 10) == Unpacked(b"abc", problem)
    assert unpack(b"", "gzip", 10) == Unpacked(b"")


def test_only_what_is_installed_is_asked_for() -> None:
    code = "import importlib.util; importlib.util.find_spec = lambda _name: None; "
    code += "from arazzo_engine.world.http.content_codings import ACCEPTED; print(ACCEPTED)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "gzip, deflate\n"
    assert ACCEPTED == "gzip, deflate, br, zstd"
