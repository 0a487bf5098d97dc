"""What of an answer can be sent: a description may promise headers that would break the message that they stand in.

Decides which headers and bodies are left out. How long a body is, and how it is framed, is said by the server alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.language.messages.exchange import WITHOUT_CONTENT
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Response

# these say how the message itself is written, and what a description says of them is of another server's
_OF_THE_FRAME: Final = frozenset(
    ("content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive", "upgrade", "trailer", "te")
)
# RFC 9110, section 5.6.2: a field's name is a token
_NAME: Final = lazy_pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
_CONTROL: Final = lazy_pattern(r"[\x00-\x08\x0a-\x1f\x7f]+")


def sendable(response: Response) -> Response:
    r"""Return an answer as it can be sent.

    >>> from arazzo_engine.language.messages.exchange import Response
    >>> sendable(Response(200, (("Content-Length", "5"), ("X-A", "a\nb")), b"{}")).headers
    (('X-A', 'a b'),)
    """
    is_empty = response.status in WITHOUT_CONTENT
    left_out = {*_OF_THE_FRAME, "content-type"} if is_empty else _OF_THE_FRAME
    headers = tuple(
        (name, _CONTROL.sub(" ", value).strip())
        for name, value in response.headers
        if name.lower() not in left_out and _NAME.fullmatch(name)
    )
    return replace(response, headers=headers, content=b"" if is_empty else response.content)
