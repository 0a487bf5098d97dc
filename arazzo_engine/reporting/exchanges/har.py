"""Exchanges as an HTTP Archive (HAR 1.2), of which each entry is written as it comes; `harfile` writes what is around.

Decides how an exchange stands there: of its time, it is known only how long the answer took. What is a secret in it was
hidden before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

import harfile
from msgspec import Struct

from arazzo_engine.reporting.ending.evidence import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

# what is not known of a message, by the word of the format
_UNKNOWN: Final = -1
_VERSION: Final = "HTTP/1.1"


class Exchange(Struct, frozen=True):
    """A request and its answer in the form that reports have of them; ``took`` is in milliseconds."""

    started: str
    took: float
    request: dict[str, Any]
    response: dict[str, Any] | None
    comment: str


class Taking(Protocol):
    """What takes text."""

    def write(self, text: str, /) -> object:
        """Take a text."""


class Archive:
    """Writes an archive to what takes text."""

    def __init__(self, sink: Taking, version: str) -> None:
        creator = harfile.Creator(name="arazzo-engine", version=version)
        self._file = harfile.HarFile(sink, creator=creator)  # type: ignore[arg-type]  # it only writes

    def add(self, exchange: Exchange) -> None:
        """Write an entry."""
        self._file.add_entry(
            startedDateTime=exchange.started,
            time=exchange.took,
            request=_request(exchange.request),
            response=_response(exchange.response),
            timings=harfile.Timings(send=0, wait=exchange.took, receive=0),
            comment=exchange.comment,
        )

    def close(self) -> None:
        """Write what stands behind the entries."""
        self._file.close()


class _Text(Struct):
    parts: list[str] = []

    def write(self, text: str, /) -> None:
        self.parts.append(text)


def archive_of(exchanges: Iterable[Exchange], version: str) -> str:
    """Return an archive of exchanges that there are already."""
    text = _Text()
    archive = Archive(text, version)
    for each in exchanges:
        archive.add(each)
    archive.close()
    return "".join(text.parts)


def _request(told: dict[str, Any]) -> harfile.Request:
    data, encoded = None, told.get("bodyBytes", {}).get("base64")
    if told["body"]:
        # the format has no field for it
        comment = None if encoded is None else "the text is in base64"
        data = harfile.PostData(mimeType=_type(told["headers"]), text=encoded or told["body"], comment=comment)
    return harfile.Request(
        method=told["method"],
        url=told["url"],
        httpVersion=_VERSION,
        headers=_records(told["headers"]),
        queryString=[harfile.Record(name=name, value=value) for name, value in _query(told["url"])],
        postData=data,
        bodySize=_size(told),
    )


def _response(told: dict[str, Any] | None) -> harfile.Response:
    told = told or {"status": None, "reason": "nothing is known of an answer"}
    headers = told.get("headers", [])
    known = told.get("bodyBytes", {})
    is_encoded = "base64" in known
    content = harfile.Content(
        size=_size(told),
        mimeType=_type(headers),
        text=known["base64"] if is_encoded else told.get("body") or "",
        encoding="base64" if is_encoded else None,
    )
    location = next((each["value"] for each in headers if each["name"].lower() == "location"), "")
    return harfile.Response(
        # where there is no answer, browsers write 0, and why
        status=told["status"] or 0,
        statusText=phrase(told["status"]) if told["status"] else "",
        httpVersion=_VERSION,
        headers=_records(headers),
        content=content,
        redirectURL=location,
        bodySize=_size(told) if told["status"] else _UNKNOWN,
        comment=told.get("reason"),
    )


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _records(headers: list[dict[str, str]]) -> list[harfile.Record]:
    return [harfile.Record(name=each["name"], value=each["value"]) for each in headers]


def _type(headers: list[dict[str, str]]) -> str:
    return next((each["value"] for each in headers if each["name"].lower() == "content-type"), "")


def _size(told: dict[str, Any]) -> int:
    known = told.get("bodyBytes")
    return int(known["length"]) if known else len((told.get("body") or "").encode(errors="replace"))
