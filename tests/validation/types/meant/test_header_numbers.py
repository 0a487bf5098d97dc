"""A header that goes where a number is taken: how its text is given as one."""

from __future__ import annotations

from typing import Any

import pytest
from validated import validated

_READ = "$steps.find.outputs.it"


def _fixes(schema: dict[str, Any], payload: Any, read: str = "$response.header.X-It") -> list[str]:
    described = {
        "headers": {"X-It": {"schema": schema}},
        "content": {"application/json": {"schema": {"properties": {"it": {"type": "string"}}}}},
    }
    first = {"responses": {"200": {"description": "ok", **described}}}
    body = {"type": "object", "required": ["it"], "properties": {"it": schema}}
    operation = {"requestBody": {"content": {"application/json": {"schema": body}}}}
    before = {"stepId": "find", "operationId": "op", "outputs": {"it": read}}
    step = {"requestBody": {"contentType": "application/json", "payload": payload}}
    return [each.fix for each in validated(step, operation, first=first, before=before)]


@pytest.mark.parametrize(
    ("type_", "words"), [("integer", "an integer"), ("number", "a number"), ("boolean", "a boolean")]
)
def test_it_is_told_to_write_the_payload_as_a_text_and_that_is_right(type_: str, words: str) -> None:
    where = f"write the payload as a text of JSON, with `{{{_READ}}}` outside of quotes"
    assert _fixes({"type": type_}, {"it": _READ}) == [f"give {words}: a header is a text, so {where}"]
    assert _fixes({"type": type_}, f'{{"it": {{{_READ}}}}}') == []


def test_a_text_of_a_body_is_told_as_ever() -> None:
    assert _fixes({"type": "integer"}, {"it": _READ}, "$response.body#/it") == ["give an integer"]


def test_a_list_is_not_what_a_header_is_read_as() -> None:
    assert _fixes({"type": "array"}, {"it": _READ}) == ["give a list"]
