"""Whether spans can be made, and whether anybody sees them: the API of OpenTelemetry is an extra.

Decides nothing about spans. Nothing of the API is imported before somebody asks for spans.
"""

from __future__ import annotations

from importlib.util import find_spec

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose


def check_tracing() -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when the API of OpenTelemetry is not there."""
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.trace") is None:
        message = "`--otel` needs the package `opentelemetry-api`, which is not installed"
        raise ArazzoError(diagnose("option-invalid", message, fix="pip install 'arazzo-engine[otel]'"))


def unseen_spans() -> tuple[Diagnostic, ...]:
    """Return what is to be said when spans are asked for, and no tracer provider takes them."""
    from opentelemetry.trace import ProxyTracerProvider, get_tracer_provider  # noqa: PLC0415 - an extra

    # what stands in until an application says where its spans go
    if not isinstance(get_tracer_provider(), ProxyTracerProvider):
        return ()
    message = "spans are asked for, and nobody has said where they go: OpenTelemetry has no tracer provider"
    fix = "start it as `opentelemetry-instrument arazzo …`, or call `opentelemetry.trace.set_tracer_provider` before"
    return (diagnose("spans-unseen", message, fix=fix),)
