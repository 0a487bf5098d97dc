"""A recording in the forms of other tools: HAR 1.2, and a script of curl commands.

Decides nothing about the run: every exchange that was recorded is written, in order, with the stand-ins of its secrets,
as reports write theirs.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.recording.effects import REPLY, read_body
from arazzo_engine.recording.telling import describe
from arazzo_engine.reporting.exchanges.curl import curl_command
from arazzo_engine.reporting.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.recording.captures import Capture
    from arazzo_engine.recording.recording import Line, Recording
    from arazzo_engine.reporting.exchanges.har import Exchange


def to_har(recording: Recording | Capture) -> str:
    """Return the exchanges as HAR 1.2."""
    from arazzo_engine.reporting.exchanges.har import archive_of  # noqa: PLC0415 - an extra

    return archive_of(map(_exchange, _exchanges(recording)), recording.beginning.engine).rstrip() + "\n"


def to_curl(recording: Recording | Capture) -> str:
    """Return the requests as a script of curl commands, in which variables stand for what is named like a secret."""
    head = ["#!/bin/sh", f"# {_one_line(recording.name)}: the recorded requests, with stand-ins for secrets"]
    masker = Masker()
    commands = (f"# {_one_line(describe(each.value))}\n{_command(each, masker)}" for each in _exchanges(recording))
    return "\n\n".join(("\n".join(head), *commands)) + "\n"


EXPORTS: Final[dict[str, Callable[[Recording | Capture], str]]] = {"har": to_har, "curl": to_curl}


def _exchanges(recording: Recording | Capture) -> Iterator[Line]:
    return (line for line in recording.lines if line.effect == "send")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _exchange(line: Line) -> Exchange:
    from arazzo_engine.reporting.exchanges.har import Exchange  # noqa: PLC0415 - an extra

    reply = line.value.get(REPLY) or {"startedAt": 0.0, "elapsed": 0.0}
    request = line.value["request"]
    told = {"method": request["method"], "url": request["url"], **_message(request)}
    took = round(reply["elapsed"] * 1000, 3)
    return Exchange(_time(reply["startedAt"]), took, told, _answer(reply), describe(line.value))


def _answer(reply: Mapping[str, Any]) -> dict[str, Any] | None:
    if "response" in reply:
        return {"status": reply["response"]["status"], **_message(reply["response"])}
    return {"status": None, "reason": reply["noResponse"]["reason"]} if "noResponse" in reply else None


def _message(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headers and the body of a message as a report has them, whole."""
    headers = [{"name": name, "value": value} for name, value in written["headers"]]
    content = read_body(written["body"])
    if "text" in written["body"]:
        return {"headers": headers, "body": written["body"]["text"]}
    known = {"base64": base64.b64encode(content).decode("ascii"), "length": len(content)}
    return {"headers": headers, "body": f"{len(content)} bytes", "bodyBytes": known}


def _command(line: Line, masker: Masker) -> str:
    request = line.value["request"]
    headers = tuple((name, value) for name, value in request["headers"])
    return curl_command(Request(request["method"], request["url"], headers, read_body(request["body"])), masker)
