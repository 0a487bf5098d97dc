"""What does no harm when it is sent again: methods, and headers by which a server recognises a request.

Decides which header is such a key by its name, or by what the operation says in an extension of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In, parameter_key
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.documents.values import as_mapping

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from arazzo_engine.apis.descriptions.operations import Operation

# RFC 9110, section 9.2.1: "Request methods are considered 'safe' if their defined semantics are essentially read-only";
# QUERY is defined as safe
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
# section 9.2.2: "PUT, DELETE, and safe request methods are idempotent"
IDEMPOTENT_METHODS: Final = SAFE_METHODS | {"PUT", "DELETE"}
# draft-ietf-httpapi-idempotency-key-header: "The HTTP Idempotency-Key request header field can be used to make
# non-idempotent HTTP methods such as `POST` or `PATCH` fault-tolerant."
_PART: Final = "idempotency"
# what a key looks like that no step gives
MADE_UP: Final = "5c8f0e1a-93d2-5b47-a6c1-0f2e7d9b4a38"
# on an operation, the name of the header
HINT: Final = "x-idempotency-key"


def idempotency_headers(operation: Operation) -> Iterator[str]:
    """Yield the names of the headers that let the server of an operation recognise a request."""
    hint = as_mapping(value_at(operation.at)).get(HINT)
    for parameter in operation.parameters:
        if parameter.location is In.HEADER and is_key(parameter.name):
            yield parameter.name
    if isinstance(hint, str) and hint and not is_key(hint):
        yield hint


def keys_asked_for(operation: Operation, given: Collection[tuple[str, str]]) -> Iterator[str]:
    """Yield the headers of those that an operation requires and that a step, which gives some parameters, does not."""
    known = {parameter_key(*each) for each in given}
    for parameter in operation.parameters:
        is_header = parameter.location is In.HEADER and is_key(parameter.name)
        if is_header and parameter.required and parameter_key(parameter.name, In.HEADER) not in known:
            yield parameter.name


def is_key(name: str) -> bool:
    """Whether a header is one of those, by its name."""
    return _PART in name.lower()
