"""What no request needs of a description, and cannot be read, is left out with a warning."""

from __future__ import annotations

from typing import Any

import pytest
from opened import described, opened

_FINE = {"name": "fine", "in": "query"}
_HEADER = {"X": {"$ref": "#/components/headers/Gone"}}
LEFT_OUT = (
    ({"parameters": [{"$ref": "#/components/parameters/Gone"}, _FINE]}, "reference-not-found", "parameter"),
    ({"parameters": [{"in": "query"}, _FINE]}, "api-malformed", "parameter"),
    ({"parameters": [{"name": "x", "in": "body"}, _FINE]}, "api-malformed", "parameter"),
    ({"parameters": [None, _FINE]}, "api-malformed", "parameter"),
    ({"parameters": [{"$ref": "#/paths/~1things/post/parameters/0"}, _FINE]}, "reference-loop", "parameter"),
    (
        {"responses": {"200": {"content": {"application/json": {"examples": {"a": {"$ref": "#/gone"}}}}}}},
        "reference-not-found",
        "example",
    ),
    ({"responses": {"400": {"$ref": "#/components/responses/Gone"}, "200": {}}}, "reference-not-found", "response"),
    ({"responses": {"400": {"$ref": "https://gone.example/a#/b"}, "200": {}}}, "reference-not-found", "response"),
    (
        {"responses": {"200": {"headers": _HEADER}}},
        "reference-not-found",
        "schema of the header",
    ),
)


@pytest.mark.parametrize(("operation", "code", "what"), LEFT_OUT)
def test_a_part_that_cannot_be_read_is_left_out_and_told(operation: dict[str, Any], code: str, what: str) -> None:
    api = opened(described("3.1.0", {"operationId": "op", "responses": {"200": {}}, **operation}))
    read = api.read(api.places_of("op")[0])
    (warning,) = read.skipped
    assert (warning.code, warning.severity) == (code, "warning")
    assert warning.message.endswith(f"; the {what} is left out")
    assert [each.name for each in read.parameters] == (["fine"] if "parameters" in operation else [])
    assert [each.status for each in read.responses] == ["200"]


def test_a_parameter_of_another_version_is_left_out_as_well() -> None:
    operation = {"operationId": "op", "parameters": [{"name": "x", "in": "nowhere"}], "responses": {}}
    api = opened({**described("2.0", operation), "host": "shop.example"})
    read = api.read(api.places_of("op")[0])
    assert read.parameters == ()
    assert [each.code for each in read.skipped] == ["api-malformed"]
