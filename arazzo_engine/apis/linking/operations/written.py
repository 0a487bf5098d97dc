"""The operation of a request that a step writes out itself: what is known of it, which is where it goes.

Decides the name that stands for the description there is none of: the host, as others know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import Operation, Server

if TYPE_CHECKING:
    from arazzo_engine.language.objects import WrittenRequest


def as_operation(request: WrittenRequest) -> Operation:
    """Return a written request as an operation without parameters, bodies, answers and security."""
    return Operation(
        at=request.at,
        source=request.server.partition("://")[2],
        description_uri="",
        method=request.method,
        path=request.path,
        servers=(Server(request.at.child("url"), request.server),),
    )
