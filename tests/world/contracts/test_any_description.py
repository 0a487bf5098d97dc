"""Whatever a description says and whatever comes, a check of a contract tells something or nothing and never raises."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contracted import described
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send

_JUNK: Final[tuple[Any, ...]] = (
    *(None, True, 5, -1.5, "x", "", [], {}, [1], {"a": 1}, "#/nowhere", "^(", 10**400),
    *({"$ref": "#/components/schemas/S"}, {"$ref": 5}, {"$ref": "#/components/schemas/R"}, {"$dynamicRef": "#a"}),
)
_SCHEMAS: Final[dict[str, Any]] = {
    "S": {
        "type": "object",
        "required": ["n"],
        "properties": {
            "n": {"type": "integer", "format": "int32", "minimum": 1, "exclusiveMinimum": True},
            "t": {"type": "array", "items": {"type": "string", "pattern": "^a"}},
            "o": {"$ref": "#/components/schemas/T", "nullable": True},
            "r": {"readOnly": True},
        },
        "additionalProperties": {"type": "string"},
        "allOf": [{"anyOf": [{"type": "object"}, {"type": "null"}]}],
    },
    "T": {"properties": {"l": {"type": "array", "xml": {"wrapped": True}}, "more": {"$ref": "#/components/schemas/T"}}},
    "R": {"anyOf": [{"$ref": "#/components/schemas/R"}]},
}
_TYPES: Final = (
    *("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/xml"),
    *("text/plain", "application/x-ndjson", "text/event-stream", "image/png"),
)
_VALUES: Final[tuple[Any, ...]] = ({"n": 5, "t": ["ab"], "o": {"l": [1]}}, {"n": "x"}, None, [], "text", 5, [{"n": 1}])
_BYTES: Final = (
    *(b"", b"{}", b'{"n": 1}', b"<s a='1'><n>1</n></s>", b"n=1&o[a]=x&o[b][]=1&q[", b"a=1&a[b]=2", b"\xff\xfe\x00"),
    *(b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n--b--\r\n', b"data: {}\n\n", b"<!DOCTYPE a><a/>"),
)


@st.composite
def _mutated(draw: st.DrawFn, value: Any) -> Any:
    """Draw a value with junk at a few of its places."""
    if draw(st.integers(0, 20)) == 0:
        return draw(st.sampled_from(_JUNK))
    if isinstance(value, dict):
        return {name: draw(_mutated(each)) for name, each in value.items()}
    return [draw(_mutated(each)) for each in value] if isinstance(value, list) else value


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_a_description_says_the_check_does_not_raise(data: st.DataObject) -> None:
    def draw(values: tuple[Any, ...]) -> Any:
        return data.draw(st.sampled_from(values))

    content = {"content": {draw(_TYPES): {"schema": {"$ref": "#/components/schemas/S"}}}}
    headers = {"X-N": {"schema": {"type": "integer"}}, "X-J": {"content": {"application/json": {"schema": {}}}}}
    operation = {
        "parameters": [{"name": "n", "in": "query", "schema": {"$ref": "#/components/schemas/S"}}],
        "requestBody": content,
        "responses": {"200": {**content, "headers": headers}},
    }
    schemas = {name: data.draw(_mutated(each)) for name, each in _SCHEMAS.items()}
    mutated = {name: data.draw(_mutated(each)) for name, each in operation.items()}
    found = None
    with suppress(ArazzoError):
        found = described(draw(("3.0.3", "3.1.0")), schemas, **mutated)
    assume(found is not None)
    assert found is not None
    contract, read = found
    type_ = draw(_TYPES)
    request = Request("POST", "https://h/a", (("Content-Type", type_),), draw(_BYTES), draw(_VALUES))
    parameters = tuple((each, draw(_VALUES)) for each in read.parameters)
    contract.check_request(Send(request, read, parameters=parameters), read)
    named = (("Content-Type", type_), ("X-N", draw(("1", "x,"))), ("X-J", draw(("{}", "{"))))
    contract.check_response(read, request, Response(draw((200, 206, 304, 500)), named, draw(_BYTES)))
