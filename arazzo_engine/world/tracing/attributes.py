"""What a span says of itself: the attributes of OpenTelemetry's semantic conventions for HTTP clients, and our own.

Decides which they are, and when an attempt is an error. No header, no body and no value of an expression is among
them, and a URL is masked. Values only: nothing of OpenTelemetry is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.documents.uris import origin_of
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.reporting.outcomes import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.reporting.events import StepStarted
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.step_report import StepReport

Attributes: TypeAlias = "dict[str, str | int]"
# semantic conventions, HTTP spans: "HTTP request method value SHOULD be "known" to the instrumentation", those of
# RFC 9110 and PATCH; "it MUST set the `http.request.method` attribute to `_OTHER`" for any other
_KNOWN_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_FIRST_ERROR: Final = 400


def name_of(linked: LinkedStep | None) -> str:
    """Return the name of an attempt: "{method} {target}", where the target is the template of a path."""
    target = None if linked is None else linked.target
    if not isinstance(target, Operation):
        return "attempt"
    return f"{target.method if target.method in _KNOWN_METHODS else 'HTTP'} {target.path}"


def before(started: StepStarted, linked: LinkedStep | None) -> Attributes:
    """Return what is known of an attempt when it begins: a sampler sees no more."""
    found: Attributes = {
        "arazzo.workflow.id": started.workflow_id,
        "arazzo.step.id": started.step_id,
        "arazzo.step.attempt": started.attempt,
    }
    target = None if linked is None else linked.target
    if isinstance(target, Operation):
        found |= {**_method(target.method), "url.template": target.path}
        if started.attempt > 1:
            found["http.request.resend_count"] = started.attempt - 1
    return found


def after(report: StepReport, masker: Masker) -> Attributes:
    """Return what an attempt came to."""
    found: Attributes = {"arazzo.step.status": str(report.status)}
    if report.request is not None:
        found |= {**_method(report.request.method), **_place(masker.text(report.request.url))}
    if isinstance(report.response, Response):
        found["http.response.status_code"] = report.response.status
    error = error_of(report)
    return found | ({"error.type": error} if error else {})


def error_of(report: StepReport) -> str:
    """Return why an attempt failed, in one word; "" when it succeeded, whatever its status code.

    "Instrumentations that have additional context about a specific request MAY use this context": a step that expects
    a 404 is no error.
    """
    if report.status is StepStatus.SUCCEEDED:
        return ""
    if isinstance(report.response, NoResponse):
        return str(report.response.failure)
    if isinstance(report.response, Response):
        return str(report.response.status) if report.response.status >= _FIRST_ERROR else "criteria"
    return next((each.code for each in report.diagnostics), "failed")


def _method(method: str) -> Attributes:
    if method in _KNOWN_METHODS:
        return {"http.request.method": method}
    return {"http.request.method": "_OTHER", "http.request.method_original": method}


def _place(url: str) -> Attributes:
    return {"url.full": url, **dict(_server(url))}


def _server(url: str) -> Iterator[tuple[str, str | int]]:
    scheme, host, port = origin_of(url) or ("", "", None)
    if scheme:
        yield "url.scheme", scheme
    if host:
        yield "server.address", host
    if port:
        yield "server.port", port
