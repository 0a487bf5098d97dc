"""What can be seen at a moment, as groups of names with their values: inputs, outputs, the request, its answer.

Decides which groups there are and what is in each; a group has the name by which expressions begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.values import Nothing
from arazzo_engine.reporting.messages.json_forms import without_cookie
from arazzo_engine.secret_names import MASK, is_secret_header

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.exchange import Headers, Request, Response


def groups_in(scope: Scope) -> dict[str, JsonValue]:
    """Return the groups of a scope that hold anything, not masked but for what a header is named for."""
    workflows = {
        name: {"inputs": dict(values.inputs), **({} if values.outputs is None else {"outputs": dict(values.outputs)})}
        for name, values in scope.workflows.items()
    }
    groups = {
        "$inputs": dict(scope.inputs),
        "$steps": {name: {"outputs": dict(outputs)} for name, outputs in scope.steps.items()},
        "$outputs": dict(scope.outputs),
        "$request": _request(scope.request),
        "$response": _response(scope.response),
        "$workflows": workflows,
    }
    return {name: group for name, group in groups.items() if group}


def _request(request: Request | None) -> dict[str, JsonValue]:
    if request is None:
        return {}
    head = {"method": request.method, "url": request.url, "header": _headers(request.headers)}
    return head | _body(request)


def _response(response: Response | None) -> dict[str, JsonValue]:
    if response is None:
        return {}
    return {"statusCode": response.status, "header": _headers(response.headers), **_body(response)}


def _headers(headers: Headers) -> dict[str, JsonValue]:
    return {name: MASK if is_secret_header(name) else without_cookie(name, value) for name, value in headers}


def _body(message: Request | Response) -> dict[str, JsonValue]:
    return {} if isinstance(message.payload, Nothing) else {"body": message.payload}
