"""Contracts of one operation, described in a few words, and what is found of a message to it or from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.descriptions.references import Resolver
from arazzo_engine.apis.linking.sources import NoSources
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.contracts.checking import Contract
from arazzo_engine.world.contracts.telling import Contracts

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.document import Document


class _One:
    """The only document there is."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def get(self, _uri: str) -> Document:
        return self.document


def described(version: str, schemas: dict[str, Any], method: str = "post", **rest: Any) -> tuple[Contract, Operation]:
    components = {"components": {"schemas": schemas}} if version[0] == "3" else {"definitions": schemas}
    start = {"openapi": version} if version[0] == "3" else {"swagger": version}
    value = {**start, "paths": {"/a": {method: {"responses": {"200": {}}, **rest}}}, **components}
    document = read_document(json.dumps(value), "file:///api.json")
    operation = open_api("api", document, NoSources()).operation_at(("paths", "/a", method))
    assert operation is not None
    return Contract(Contracts(Resolver(_One(document)))), operation


def of_parameter(contract: Contract, operation: Operation, value: Any) -> list[str]:
    """Return what is found of the operation's only parameter."""
    (parameter,) = operation.parameters
    effect = Send(Request("POST", "https://h/a"), operation, parameters=((parameter, value),))
    return [each.message for each in contract.check_request(effect, operation)]


def of_body(contract: Contract, operation: Operation, type_: str, value: Any) -> list[str]:
    """Return what is found of a payload."""
    written = write_body(value, type_, describe_body(type_, operation))
    request = Request(
        operation.method, "https://h/a", (("Content-Type", written.content_type),), written.content, value
    )
    return [each.message for each in contract.check_request(Send(request, operation), operation)]


def of_answer(contract: Contract, operation: Operation, content: str, status: int = 200, **headers: str) -> list[str]:
    """Return what is found of an answer; ``_`` stands for ``-`` in the names of headers."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    response = Response(status, named, content.encode())
    request = Request(operation.method, "https://h/a")
    return [each.message for each in contract.check_response(operation, request, response)]
