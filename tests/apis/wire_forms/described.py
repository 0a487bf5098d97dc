"""Bodies of an operation that is described in a line: what is written, read back or refused."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.linking.sources import NoSources
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.wire_forms.written import Body


def operation(content: dict[str, Any], components: dict[str, Any] | None = None, **rest: Any) -> Operation:
    value = {
        "openapi": "3.1.0",
        "paths": {"/a": {"post": {"requestBody": {"content": content}, **rest}}},
        "components": {"schemas": components or {}},
    }
    document = read_document(json.dumps(value), "file:///api.json")
    found = open_api("api", document, NoSources()).operation_at(("paths", "/a", "post"))
    assert found is not None
    return found


def write(content_type: str, payload: Any, described: dict[str, Any] | None = None, **components: Any) -> Body:
    api = operation({content_type: described or {}}, components)
    return write_body(payload, content_type, describe_body(content_type, api))


def refused(content_type: str, payload: Any, described: dict[str, Any] | None = None, **components: Any) -> str:
    with pytest.raises(ArazzoError) as error:
        write(content_type, payload, described, **components)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code in {"request-body-malformed", "request-body-unsupported", "value-unsendable"}
    return diagnostic.message


def parts_of(body: Body) -> list[tuple[str | None, str | None, str | None, bytes]]:
    """Read a multipart body with the standard library: name, filename, content type if any, and bytes of each part."""
    message = message_from_bytes(
        b"Content-Type: " + body.content_type.encode() + b"\r\n\r\n" + bytes(body.content), policy=HTTP
    )
    assert message.is_multipart()
    assert not message.defects
    found = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        kind = part["content-type"]
        found.append((str(name) if name else None, part.get_filename(), str(kind) if kind else None, content))
    return found
