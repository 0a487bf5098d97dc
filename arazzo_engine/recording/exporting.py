"""A recording in the forms of other tools: HAR 1.2, and a script of curl commands.

Decides nothing about the run: every exchange that was recorded is written, in order, with the stand-ins of its secrets.
"""

from __future__ import annotations

import base64
import json
import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from arazzo_engine.recording.telling import describe
from arazzo_engine.reporting.ending.evidence import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.recording.recording import Line, Recording

_BASE64: Final = "base64"
# what curl says by itself
_OF_CURL: Final = frozenset({"host", "content-length", "user-agent", "accept-encoding"})


def to_har(recording: Recording) -> str:
    """Return the exchanges as HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/)."""
    creator = {"name": "arazzo-engine", "version": recording.beginning.engine}
    entries = [_entry(line) for line in _exchanges(recording)]
    log = {"version": "1.2", "creator": creator, "entries": entries}
    return json.dumps({"log": log}, indent=2, ensure_ascii=False) + "\n"


def to_curl(recording: Recording) -> str:
    """Return the requests as a script of curl commands; what stands for a secret has to be replaced in it."""
    head = [
        "#!/bin/sh",
        f"# {_one_line(recording.name)}: the requests of a recorded run; secrets are replaced by stand-ins",
        "set -e",
    ]
    commands = ("\n".join((f"# {_one_line(describe(line.value))}", _command(line))) for line in _exchanges(recording))
    return "\n\n".join(("\n".join(head), *commands)) + "\n"


EXPORTS: Final[dict[str, Callable[[Recording], str]]] = {"har": to_har, "curl": to_curl}


def _exchanges(recording: Recording) -> Iterator[Line]:
    return (line for line in recording.lines if line.effect == "send")


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- HAR ---


def _entry(line: Line) -> dict[str, Any]:
    answer = line.value.get("reply")
    elapsed = 0.0 if answer is None else round(answer["elapsed"] * 1000, 3)
    entry: dict[str, Any] = {
        "startedDateTime": _time(0.0 if answer is None else answer["startedAt"]),
        "time": elapsed,
        "request": _har_request(line.value["request"]),
        "response": _har_response(None if answer is None else answer.get("response")),
        "cache": {},
        "timings": {"send": 0, "wait": elapsed, "receive": 0},
        "comment": describe(line.value),
    }
    if answer is not None and "noResponse" in answer:
        # as browsers write it
        entry["_error"] = answer["noResponse"]["reason"]
    return entry


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _har_request(request: Mapping[str, Any]) -> dict[str, Any]:
    body = request["body"]
    pairs = parse_qsl(urlsplit(request["url"]).query, keep_blank_values=True)
    found: dict[str, Any] = {
        "method": request["method"],
        "url": request["url"],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(request["headers"]),
        "queryString": [{"name": name, "value": value} for name, value in pairs],
        "headersSize": -1,
        "bodySize": _size(body),
    }
    if _size(body):
        text = body.get("text", body.get(_BASE64, ""))
        encoding = {"encoding": _BASE64} if _BASE64 in body else {}
        found["postData"] = {"mimeType": _type(request["headers"]), "text": text, **encoding}
    return found


def _har_response(response: Mapping[str, Any] | None) -> dict[str, Any]:
    if response is None:
        response = {"status": 0, "headers": [], "body": {"text": ""}}
    body = response["body"]
    content: dict[str, Any] = {"size": _size(body), "mimeType": _type(response["headers"])}
    content["text"] = body.get("text", body.get(_BASE64, ""))
    if _BASE64 in body:
        content["encoding"] = _BASE64
    location = next((value for name, value in response["headers"] if name.lower() == "location"), "")
    return {
        "status": response["status"],
        "statusText": phrase(response["status"]),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(response["headers"]),
        "content": content,
        "redirectURL": location,
        "headersSize": -1,
        "bodySize": _size(body),
    }


def _named(headers: list[list[str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _type(headers: list[list[str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _size(body: Mapping[str, str]) -> int:
    if "text" in body:
        return len(body["text"].encode("utf-8", errors="replace"))
    return len(body[_BASE64].rstrip("=")) * 3 // 4


# --- curl ---


def _command(line: Line) -> str:
    request = line.value["request"]
    parts = ["curl --silent --show-error --include", f"--request {shlex.quote(request['method'])}"]
    parts += [_header(name, value) for name, value in request["headers"] if name.lower() not in _OF_CURL]
    body = request["body"]
    before = ""
    if _size(body):
        # a body that is no text comes through a pipe
        before = "" if _is_plain(body) else f"printf %s {shlex.quote(_in_base64(body))} | base64 -d | "
        parts.append(f"--data-binary {shlex.quote(body['text']) if _is_plain(body) else '@-'}")
    return before + " \\\n  ".join((*parts, shlex.quote(request["url"])))


def _header(name: str, value: str) -> str:
    # without a value, curl leaves a header out unless it ends so
    return f"--header {shlex.quote(f'{name}: {value}' if value else f'{name};')}"


def _is_plain(body: Mapping[str, str]) -> bool:
    """Whether a body can stand in a command: curl reads a file where one begins with `@`."""
    return "text" in body and not body["text"].startswith("@") and "\0" not in body["text"]


def _in_base64(body: Mapping[str, str]) -> str:
    return body.get(_BASE64) or base64.b64encode(body["text"].encode()).decode("ascii")
