"""The usual request and the usual answer of HTTP/1.1, written and read in one go.

Decides which messages are the usual ones: those of which there is one reading only, and h11 has the same. Everything
else is left to h11, from the first byte on: another version, another framing than a length, a connection that is to be
closed, whatever is malformed or in several pieces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.messages.exchange import WITHOUT_CONTENT
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.http.failures import LARGEST_HEAD

if TYPE_CHECKING:
    from arazzo_engine.world.http.channels import Outgoing

# RFC 9110, section 5.6.2: `token = 1*tchar`; section 5.5: `field-content = field-vchar [ 1*( SP / HTAB / field-vchar )
# field-vchar ]`
_TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_VISIBLE: Final = rb"[\x21-\x7e\x80-\xff]"
_VALUE: Final = rb"(?:" + _VISIBLE + rb"(?:[\t \x21-\x7e\x80-\xff]*" + _VISIBLE + rb")?)?"
_NAME: Final = lazy_pattern(_TOKEN)
_REQUEST: Final = lazy_pattern(_TOKEN + rb" [\x21-\x7e]+ HTTP/1\.1\r\n(?:" + _TOKEN + rb": " + _VALUE + rb"\r\n)+\r\n")
_FIELD: Final = lazy_pattern(rb"(" + _TOKEN + rb"):[ \t]*(" + _VALUE + rb")[ \t]*\r\n")
_FIELDS: Final = lazy_pattern(rb"(?:" + _TOKEN + rb":[ \t]*" + _VALUE + rb"[ \t]*\r\n)*\r\n")
# RFC 9112, section 4: `status-line = HTTP-version SP status-code SP [ reason-phrase ]`
_STATUS: Final = lazy_pattern(rb"HTTP/1\.1 ([2-5][0-9][0-9]) [\t \x21-\x7e\x80-\xff]*\r\n")
_LENGTH: Final = lazy_pattern(rb"[0-9]{1,9}")
_END: Final = b"\r\n\r\n"
# these say how long a message is, or what becomes of the connection
_OF_THE_CONNECTION: Final = frozenset(
    (b"transfer-encoding", b"connection", b"upgrade", b"expect", b"trailer", b"te", b"proxy-connection")
)
_OTHER_METHODS: Final = frozenset((b"HEAD", b"CONNECT"))
# what is larger may be answered before it is sent
_LARGEST_BODY: Final = 16_384


class PlainAnswer(Struct, frozen=True):
    """The head of an answer, where its body begins and where it ends."""

    status: int
    headers: list[tuple[bytes, bytes]]
    start: int
    end: int


def plain_request(outgoing: Outgoing) -> bytes | None:
    """Return a request as it is written, ``None`` for one that is none of the usual ones."""
    content = outgoing.content
    if not isinstance(content, bytes) or len(content) > _LARGEST_BODY or outgoing.method in _OTHER_METHODS:
        return None
    names = [name.lower() for name, _ in outgoing.headers]
    if names.count(b"host") != 1 or names[0] != b"host" or not _OF_THE_CONNECTION.isdisjoint(names):
        return None
    if not _says_its_length(outgoing, names, content):
        return None
    fields = b"".join([b"%b: %b\r\n" % field for field in outgoing.headers])
    head = b"%b %b HTTP/1.1\r\n%b\r\n" % (outgoing.method, outgoing.target, fields)
    # neither a name nor a value may say more than one line does
    is_one = head.count(b"\n") == len(names) + 2 and all(map(_NAME.fullmatch, names))
    return head + content if is_one and _REQUEST.fullmatch(head) else None


def _says_its_length(outgoing: Outgoing, names: list[bytes], content: bytes) -> bool:
    times = names.count(b"content-length")
    if times != 1:
        return not times and not content
    return outgoing.headers[names.index(b"content-length")][1] == b"%d" % len(content)


def has_head(came: bytes) -> bool:
    """Whether the head of an answer has come, or so much of it that it is none of the usual ones."""
    return _END in came or len(came) >= LARGEST_HEAD


def plain_answer(came: bytes) -> PlainAnswer | None:
    """Return an answer whose head has come, ``None`` when it is none of the usual ones."""
    head_end = came.find(_END)
    status = _STATUS.match(came)
    if head_end < 0 or status is None or _FIELDS.fullmatch(came, status.end(), head_end + len(_END)) is None:
        return None
    headers = _FIELD.findall(came, status.end(), head_end + 2)
    length = _length_of(headers)
    number = int(status[1])
    if length is None or number in WITHOUT_CONTENT:
        return None
    start = head_end + len(_END)
    return PlainAnswer(number, headers, start, start + length)


def _length_of(headers: list[tuple[bytes, bytes]]) -> int | None:
    """Return how long a body is whose head says it in the usual way, ``None`` for any other way."""
    length = None
    for name, value in headers:
        lower = name.lower()
        if lower == b"content-length":
            if length is not None or not _LENGTH.fullmatch(value):
                return None
            length = int(value)
        elif lower in _OF_THE_CONNECTION and not (lower == b"connection" and value.lower() == b"keep-alive"):
            return None
    return length
