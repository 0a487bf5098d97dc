"""A step that says one media type of its body and another one in a header: refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from validated import Findings, validated

OCTETS = "application/octet-stream"


def _found(payload: Any, content_type: str | None, header: Any = "text/html") -> Findings:
    body = {"payload": payload, **({} if content_type is None else {"contentType": content_type})}
    step = {"parameters": [{"name": "content-type", "in": "header", "value": header}], "requestBody": body}
    return validated(step, {"requestBody": {"content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}}}})


@pytest.mark.parametrize("payload", ["$inputs.sku", "$steps.find.outputs.id", "data:;base64,PGgxPg=="])
def test_it_is_told_whatever_is_sent(payload: str) -> None:
    (found,) = [each for each in _found(payload, OCTETS) if each.code != "text-sent-as-bytes"]
    assert found.is_error
    assert f"{found.code}: {found.message}; {found.fix}" == (
        f"request-body-unsupported: the step sends `{OCTETS}`, and its header `Content-Type` says `text/html`; "
        "leave out the parameter `Content-Type`, or write `contentType: text/html`"
    )


@pytest.mark.parametrize(
    ("content_type", "header"),
    [(OCTETS, OCTETS), ("text/html", "text/html; charset=utf-8"), (None, OCTETS), (OCTETS, "$inputs.sku")],
)
def test_what_agrees_or_is_not_known_is_not_told(content_type: str | None, header: Any) -> None:
    assert not [each for each in _found("$inputs.sku", content_type, header) if "its header" in each.message]
