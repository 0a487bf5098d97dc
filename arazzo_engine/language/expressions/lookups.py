"""Looking a runtime expression up in a scope: one small closure for each kind of expression.

Decides what is absent and what has not run. It never raises: an expression that names nothing gives ``ABSENT``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.documents.pointers import Pointer, resolve_lone, resolve_pointer
from arazzo_engine.documents.values import ABSENT, NOT_RUN, Value
from arazzo_engine.language.messages.exchange import header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.exchange import Headers, Request, Response

Lookup: TypeAlias = "Callable[[Scope], Value]"
_Names: TypeAlias = tuple[str, ...]


def compile_lookup(root: str, names: _Names, pointer: Pointer | None, lone: frozenset[int] = frozenset()) -> Lookup:
    """Return the function that looks the expression up."""
    lookup = _COMPILERS[root](names)
    if not pointer:
        return lookup
    if (root, names, lone) == ("$response", ("body",), frozenset()):
        return _of_response(lambda response: response.part(pointer))

    def lookup_within(scope: Scope) -> Value:
        value = lookup(scope)
        if value is ABSENT or value is NOT_RUN:
            return value
        return resolve_lone(value, pointer, lone) if lone else resolve_pointer(value, pointer)

    return lookup_within


def _of_request(read: Callable[[Request], Value]) -> Lookup:
    return lambda scope: ABSENT if scope.request is None else read(scope.request)


def _of_response(read: Callable[[Response], Value]) -> Lookup:
    return lambda scope: ABSENT if scope.response is None else read(scope.response)


def _url(_names: _Names) -> Lookup:
    return _of_request(lambda request: request.url)


def _method(_names: _Names) -> Lookup:
    return _of_request(lambda request: request.method)


def _status_code(_names: _Names) -> Lookup:
    return _of_response(lambda response: response.status)


def _self(_names: _Names) -> Lookup:
    return lambda scope: ABSENT if scope.self_uri is None else scope.self_uri


def _request(names: _Names) -> Lookup:
    match names:
        case ("header", name):
            return _of_request(lambda request: _header(request.headers, name))
        case ("query", name):
            return _of_request(lambda request: request.query.get(name, ABSENT))
        case ("path", name):
            return _of_request(lambda request: request.path.get(name, ABSENT))
        case _:
            return _of_request(lambda request: request.payload)


def _response(names: _Names) -> Lookup:
    match names:
        case ("header", name):
            return _of_response(lambda response: _header(response.headers, name))
        # a response has neither a query nor a path
        case ("query" | "path", _):
            return _nothing(names)
        case _:
            return _of_response(lambda response: response.payload)


def _header(headers: Headers, name: str) -> Value:
    # "The `name` identifier is case-sensitive, whereas `token` is not."
    found = header(headers, name)
    return ABSENT if found is None else found


def _inputs(names: _Names) -> Lookup:
    name = names[0]
    return lambda scope: scope.inputs.get(name, ABSENT)


def _outputs(names: _Names) -> Lookup:
    name = names[0]
    return lambda scope: scope.outputs.get(name, ABSENT)


def _steps(names: _Names) -> Lookup:
    step_id, _, name = names

    def lookup(scope: Scope) -> Value:
        outputs = scope.steps.get(step_id)
        return NOT_RUN if outputs is None else outputs.get(name, ABSENT)

    return lookup


def _workflows(names: _Names) -> Lookup:
    workflow_id, kind, name = names

    def lookup(scope: Scope) -> Value:
        values = scope.workflows.get(workflow_id)
        named = None if values is None else values.inputs if kind == "inputs" else values.outputs
        return NOT_RUN if named is None else named.get(name, ABSENT)

    return lookup


def split_source(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the declared source and the reference that follow `$sourceDescriptions.`, ``None`` when none is declared.

    The name of a source "SHOULD conform" to its characters, so it may have a dot or a space: the longest one is meant.

    >>> split_source("api.v1.listItems", ["api", "api.v1"])
    ('api.v1', 'listItems')
    """
    found = max((each for each in names if text.startswith(f"{each}.")), key=len, default=None)
    return None if found is None else (found, text[len(found) + 1 :])


def _source_descriptions(names: _Names) -> Lookup:
    text = ".".join(names)

    def lookup(scope: Scope) -> Value:
        name, reference = split_source(text, scope.sources) or names
        source = scope.sources.get(name)
        # "If no operationId/workflowId match is found, `<reference>` is matched against field names": an operation or
        # workflow has no value that could be sent, so only the fields are left
        if source is None or reference not in ("name", "url", "type"):
            return ABSENT
        value = getattr(source, reference)
        return ABSENT if value is None else str(value)

    return lookup


def _nothing(_names: _Names) -> Lookup:
    return lambda _scope: ABSENT


_COMPILERS: Final[dict[str, Callable[[_Names], Lookup]]] = {
    "$url": _url,
    "$method": _method,
    "$statusCode": _status_code,
    "$self": _self,
    "$request": _request,
    "$response": _response,
    "$message": _nothing,
    "$inputs": _inputs,
    "$outputs": _outputs,
    "$steps": _steps,
    "$workflows": _workflows,
    "$sourceDescriptions": _source_descriptions,
    "$components": _nothing,
}
