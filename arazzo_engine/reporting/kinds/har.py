"""Every exchange in an HTTP Archive (HAR 1.2), written while the run goes on; `harfile` writes the file around them.

Decides how an attempt stands there: of its time, it is known only how long the answer took. Bodies are masked and cut
as in the JSON of a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import harfile

from arazzo_engine.reporting.ending.evidence import phrase
from arazzo_engine.reporting.events import Event, StepFinished
from arazzo_engine.reporting.report_json import step_as_json

if TYPE_CHECKING:
    from arazzo_engine.reporting.kinds.kind import Setting, Sink
    from arazzo_engine.reporting.run_report import RunReport

# what is not known of a message, by the word of the format
_UNKNOWN = -1
_VERSION = "HTTP/1.1"


class Har:
    """Writes an entry for each attempt that sent something."""

    def __init__(self, sink: Sink, setting: Setting) -> None:
        self.setting = setting
        creator = harfile.Creator(name="arazzo-engine", version=setting.version)
        self._file = harfile.HarFile(sink, creator=creator)  # type: ignore[arg-type]  # it only writes

    def take(self, event: Event) -> None:
        """Write the exchange of an attempt."""
        if not isinstance(event, StepFinished):
            return
        step = step_as_json(event.report, self.setting.masker)
        if step["request"] is None:
            return
        took = step["elapsedMs"]
        again = f", attempt {step['attempt']}" if step["attempt"] > 1 else ""
        self._file.add_entry(
            startedDateTime=step["startedAt"],
            time=took,
            request=_request(step["request"]),
            response=_response(step["response"]),
            timings=harfile.Timings(send=0, wait=took, receive=0),
            comment=f"{step['workflowId']}.{step['stepId']}{again}",
        )

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Write what stands behind the entries."""
        del reports
        self._file.close()


def _request(told: dict[str, Any]) -> harfile.Request:
    data = None
    if told["body"]:
        data = harfile.PostData(mimeType=_type(told["headers"]), text=told["body"])
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
