"""The key by which a server recognises a request that comes again: written where an operation declares one.

Decides that every attempt of one visit of a step has the same key, and that no other request has it. A key that the
step sets stays. Which headers are such keys is decided by ``apis.descriptions.idempotency``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.idempotency import idempotency_headers
from arazzo_engine.language.messages.exchange import header

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.language.messages.exchange import Request


def with_keys(request: Request, operation: Operation, visit: tuple[str, ...]) -> Request:
    """Return the request with every key that its operation declares; ``visit`` tells it from all others."""
    missing = [name for name in idempotency_headers(operation) if header(request.headers, name) is None]
    if not missing:
        return request
    return replace(request, headers=(*request.headers, *((name, key_of(visit)) for name in missing)))


def key_of(visit: tuple[str, ...]) -> str:
    """Return a UUID that is the same for the same visit, made of its name as those of version 5 are."""
    digits = hashlib.sha256("\0".join(visit).encode("utf-8", errors="surrogatepass")).hexdigest()
    # RFC 9562, section 5.5: the four bits of the version, and the two of the variant
    parts = (digits[:8], digits[8:12], f"5{digits[13:16]}", f"a{digits[17:20]}", digits[20:32])
    return "-".join(parts)
