"""The headers that name the span of an attempt to the server: ``traceparent``, and ``tracestate`` where there is one.

Decides that they are in the request before it is reported, signed or sent. A header that the step sets stays. Which
span it is, and whether there is one, is known to whoever makes the spans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.language.messages.exchange import header
from arazzo_engine.machine.effects import Sign, TraceContext, sign

if TYPE_CHECKING:
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Interaction


def with_trace(request: Request, *, is_asked: bool) -> Interaction[Request]:
    """Return the request with the headers of its trace, when they are asked for."""
    # W3C Trace Context, section 3.2: what a step says of one of the two holds for both
    if not is_asked or header(request.headers, "traceparent") is not None:
        return request
    named = yield from sign(Sign(request, TraceContext()))
    kept = tuple(each for each in request.headers if header(named.headers, each[0]) is None)
    return replace(request, headers=(*kept, *named.headers)) if named.headers else request
