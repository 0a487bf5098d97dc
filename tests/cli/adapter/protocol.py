"""The shapes of what a debug adapter says, by the Debug Adapter Protocol 1.x: which members, of which types.

Members that are not listed are allowed, as the protocol allows them; a member that is listed has its type.
"""

from __future__ import annotations

from typing import Any, Final

import jsonschema


def _object(required: dict[str, Any] | None = None, **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*(required or {})], "properties": {**(required or {}), **optional}}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_TEXT: Final = {"type": "string"}
_WHOLE: Final = {"type": "integer"}
_YES_OR_NO: Final = {"type": "boolean"}
_SOURCE: Final = _object(name=_TEXT, path=_TEXT, sourceReference=_WHOLE, presentationHint=_TEXT)
_POSITION: Final = {"line": _WHOLE, "column": _WHOLE}
_END: Final = {"endLine": _WHOLE, "endColumn": _WHOLE}
_FILTER: Final = _object(
    {"filter": _TEXT, "label": _TEXT}, description=_TEXT, default=_YES_OR_NO, supportsCondition=_YES_OR_NO
)
_BREAKPOINTS: Final = _list(
    _object({"verified": _YES_OR_NO}, id=_WHOLE, message=_TEXT, source=_SOURCE, **_POSITION, **_END)
)
_FRAME: Final = _object({"id": _WHOLE, "name": _TEXT, **_POSITION}, source=_SOURCE, **_END)
_VARIABLE: Final = _object({"name": _TEXT, "value": _TEXT, "variablesReference": _WHOLE}, type=_TEXT)
_SCOPE: Final = _object({"name": _TEXT, "variablesReference": _WHOLE, "expensive": _YES_OR_NO})
_CAPABILITIES: Final = (
    *("supportsConfigurationDoneRequest", "supportsFunctionBreakpoints", "supportsConditionalBreakpoints"),
    *("supportsEvaluateForHovers", "supportsStepBack", "supportsTerminateRequest"),
)
_BODIES: Final = {
    "initialize": _object(exceptionBreakpointFilters=_list(_FILTER), **dict.fromkeys(_CAPABILITIES, _YES_OR_NO)),
    "stackTrace": _object({"stackFrames": _list(_FRAME)}, totalFrames=_WHOLE),
    "scopes": _object({"scopes": _list(_SCOPE)}),
    "variables": _object({"variables": _list(_VARIABLE)}),
    "evaluate": _object({"result": _TEXT, "variablesReference": _WHOLE}, type=_TEXT),
    "source": _object({"content": _TEXT}, mimeType=_TEXT),
    "setBreakpoints": _object({"breakpoints": _BREAKPOINTS}),
    "setFunctionBreakpoints": _object({"breakpoints": _BREAKPOINTS}),
    "threads": _object({"threads": _list(_object({"id": _WHOLE, "name": _TEXT}))}),
}
_OPTIONAL_BODIES: Final = {
    "setExceptionBreakpoints": _object(breakpoints=_BREAKPOINTS),
    "continue": _object(allThreadsContinued=_YES_OR_NO),
}
_EVENTS: Final = {
    "stopped": _object(
        {"reason": _TEXT}, description=_TEXT, threadId=_WHOLE, text=_TEXT, allThreadsStopped=_YES_OR_NO,
        hitBreakpointIds=_list(_WHOLE),
    ),
    "output": _object({"output": _TEXT}, category=_TEXT, variablesReference=_WHOLE, source=_SOURCE, **_POSITION),
    "exited": _object({"exitCode": _WHOLE}),
}  # fmt: skip
# those that say everything by their name
_PLAIN_EVENTS: Final = frozenset({"initialized", "terminated"})
_ERROR: Final = _object(error=_object({"id": _WHOLE, "format": _TEXT}, showUser=_YES_OR_NO))


def check(message: dict[str, Any]) -> None:
    """Hold a message of the adapter to its shape."""
    shape = _event(message) if message.get("type") == "event" else _response(message)
    jsonschema.Draft202012Validator(shape).validate(message)


def _event(message: dict[str, Any]) -> dict[str, Any]:
    name = message["event"]
    assert name in _EVENTS or name in _PLAIN_EVENTS, name
    body = {"body": _EVENTS[name]} if name in _EVENTS else {}
    return _object({"seq": _WHOLE, "type": {"const": "event"}, "event": _TEXT, **body})


def _response(message: dict[str, Any]) -> dict[str, Any]:
    name = message["command"]
    head = {
        "seq": _WHOLE,
        "type": {"const": "response"},
        "request_seq": _WHOLE,
        "success": _YES_OR_NO,
        "command": _TEXT,
    }
    if not message["success"]:
        return _object({**head, "body": _ERROR}, message=_TEXT)
    if name in _BODIES:
        return _object({**head, "body": _BODIES[name]})
    return _object(head, **({"body": _OPTIONAL_BODIES[name]} if name in _OPTIONAL_BODIES else {}))
