"""What was sent to an operation and what it answered, as values that can be compared: of whoever sent it.

Decides which exchanges a draft is made of: those that succeeded, each once, however often it was asked in a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.drafting.stories import Known
    from arazzo_engine.language.messages.exchange import Headers

_FIRST_FAILURE: Final = 400
# RFC 9110, section 9.2.1
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_DEEPEST: Final = 8
_MOST_LEAVES: Final = 2_000
_JSON: Final = "application/json"
# A value in a body, with its pointer
Leaf: TypeAlias = tuple[tuple[str, ...], Any]


class Exchange(Silent, frozen=True):
    """A request and its answer; ``earlier`` are the answers to the same request right before it."""

    request: Request
    response: Response
    earlier: tuple[Response, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether the answer is no error."""
        return self.response.status < _FIRST_FAILURE

    @property
    def content_type(self) -> str:
        """The media type of the request's body."""
        return media_type(header(self.request.headers, "content-type") or "") or _JSON

    @property
    def sent(self) -> Any:  # noqa: ANN401 - a JSON value
        """The body of the request as a value, ``ABSENT`` without one."""
        if not self.request.content:
            return ABSENT
        return Response(0, self.request.headers, bytes(self.request.content)).payload


class Matched(Silent, frozen=True):
    """An exchange, the operation that it is of, and the values in its path."""

    exchange: Exchange
    known: Known
    path: Mapping[str, str]

    def given(self, parameter: ParameterDescription) -> list[str]:
        """Return the texts that a parameter had in the request; a list of them, when it was repeated."""
        request = self.exchange.request
        match parameter.location:
            case In.PATH:
                return [self.path[parameter.name]] if parameter.name in self.path else []
            case In.QUERY:
                return parse_qs(urlsplit(request.url).query, keep_blank_values=True).get(parameter.name, [])
            case In.HEADER:
                value = header(request.headers, parameter.name)
                return [] if value is None else [value]
            case In.COOKIE:
                found = [value for name, value in _cookies(request.headers) if name == parameter.name]
                return found if parameter.style == "cookie" else list(map(unquote, found))
            case _:
                return []


def _cookies(headers: Headers) -> Iterator[tuple[str, str]]:
    # HTTP/2 lets a client send each cookie in a header of its own
    for _, value in (each for each in headers if each[0].lower() == "cookie"):
        for pair in value.split(";"):
            name, _, text = pair.strip().partition("=")
            yield name, text.strip('"')


def folded(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    """Yield each exchange once that was repeated in a row, with its last answer; what was done twice is told twice."""
    last: Exchange | None = None
    for each in exchanges:
        if last is not None and _outline(last.request) == _outline(each.request) and _may_be_asked_again(last):
            last = Exchange(each.request, each.response, (*last.earlier, last.response))
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _may_be_asked_again(exchange: Exchange) -> bool:
    """Whether the same request right after it asks for the same: it did nothing, or nothing came of it."""
    return exchange.request.method in _SAFE or not exchange.succeeded


def _outline(request: Request) -> tuple[str, str, bytes]:
    return request.method, request.url, bytes(request.content)


def leaves(value: Any) -> list[Leaf]:  # noqa: ANN401 - a JSON value
    """Return the values in a body that have no others in them, in their order."""
    found: list[Leaf] = []
    _collect(value, (), found)
    return found


def _collect(value: Any, above: tuple[str, ...], found: list[Leaf]) -> None:  # noqa: ANN401 - the same
    if len(above) > _DEEPEST or len(found) >= _MOST_LEAVES:
        return
    if isinstance(value, dict):
        for name, each in value.items():
            _collect(each, (*above, name), found)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            _collect(each, (*above, str(at)), found)
    elif isinstance(value, str | int | float):
        found.append((above, value))
