"""Messages in their frames, and everything that is none."""

from __future__ import annotations

import io

import pytest
from client import framed as sent

from arazzo_engine.cli.adapter.framing import Broken, Ended, framed, read_message

_TOO_LONG = "the `Content-Length` of a message is no number up to 10,000,000"


class _InPieces(io.BytesIO):
    """A stream that gives one byte at a time, as a pipe may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(1, size or 0))


def test_a_message_is_read_as_it_was_written_whatever_pieces_it_comes_in() -> None:
    message = {"type": "request", "seq": 1, "command": "évaluer"}
    stream = _InPieces(sent(message) + framed(message))
    assert [read_message(stream) for _ in range(3)] == [message, message, Ended()]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"Content-Length: -1\r\n\r\n", _TOO_LONG),
        (b"Content-Length: 99999999999\r\n\r\n", _TOO_LONG),
        (b"Content-Length: " + b"9" * 9_000, _TOO_LONG),
        (b"Content-Type: x\r\n\r\n", "a message has no `Content-Length`"),
        (b"what is this\r\n\r\n", "a head has a line that is no `Name: value`"),
        (b"X: y\r\n" * 40, "the head of a message does not end"),
        (b"Content-Length: 10\r\n", "the stream ended within the head of a message"),
        (b"Content-Length: 10\r\n\r\n{}", "the stream ended within a message, after 2 of 10 bytes"),
    ],
)
def test_a_head_that_cannot_be_read_is_the_end(content: bytes, why: str) -> None:
    assert read_message(io.BytesIO(content)) == Ended(why)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "a message is no JSON"),
        (b"\xff\xfe", "a message is no JSON"),
        (b"[" * 100_000, "a message is no JSON"),
        (b"[]", "a message is no object with a `type`"),
        (b'{"seq": 1}', "a message is no object with a `type`"),
    ],
)
def test_what_is_no_message_is_one_that_is_broken_and_the_next_can_be_read(content: bytes, why: str) -> None:
    frame = b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
    stream = io.BytesIO(frame + sent({"type": "event"}))
    assert [read_message(stream), read_message(stream)] == [Broken(why), {"type": "event"}]
